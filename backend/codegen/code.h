// Code of one function while it is made: bytes, with holes where numbers of functions and globals belong that are known only when
// the module is put together (module_writer.c fills them in, as short as they come). The runtime's functions
// (runtime_link.h) come in the same form.
#ifndef CODEGEN_CODE_H
#define CODEGEN_CODE_H

#include "support/arena.h"
#include "support/vec.h"

// Encodings of wasm/opcodes.def: the prefix byte (0 for opcodes of one byte), then the code.
typedef enum WasmCode {
#define PREFIX_PLAIN 0
#define PREFIX_FB 0xfb
#define PREFIX_FC 0xfc
#define PREFIX_FD 0xfd
#define PREFIX_FE 0xfe
#define OP(name, prefix, code, text, immediates, feature, detail, use) W_##name = PREFIX_##prefix << 8 | (code),
#include "wasm/opcodes.def"
#undef PREFIX_PLAIN
#undef PREFIX_FB
#undef PREFIX_FC
#undef PREFIX_FD
#undef PREFIX_FE
} WasmCode;

typedef enum WasmType { WASM_I32 = 0x7f, WASM_I64 = 0x7e, WASM_F32 = 0x7d, WASM_F64 = 0x7c } WasmType;
enum { WASM_NO_RESULT = 0x40 }; // block type without results

// What a hole names. The number is unique in the module being made.
typedef u32 Symbol; // SYMBOL_* base + number
enum {
    SYMBOL_FUNCTION = 0,         // + IrModule function number
    SYMBOL_RUNTIME = 0x40000000, // + RuntimeFunction of runtime.def (or an unnamed one, numbered behind those)
    SYMBOL_IMPORT = 0x60000000,  // + ImportFunction
    SYMBOL_GLOBAL = 0x70000000,  // + GLOBAL_* of module_writer.h
    SYMBOL_KIND = 0x70000000,    // bits that tell them apart
};

// Functions that modules import. Rows: name, module, field, parameters, results ("i32i32", "i32"; see import table in adapter.c)
typedef enum ImportFunction {
    IMPORT_WRITE_BYTE, // env.jsrust_write_byte (i32) -> i32
    IMPORT_FLUSH,      // env.jsrust_flush () -> i32
    IMPORT_WRITE,      // env.jsrust_write (i32 address, i32 length) -> i32: the block write of our own hosts
    IMPORT_FD_WRITE,   // wasi_snapshot_preview1.fd_write (i32 i32 i32 i32) -> i32
    IMPORT_PROC_EXIT,  // wasi_snapshot_preview1.proc_exit (i32)
    IMPORT_COUNT
} ImportFunction;

typedef struct CodeRef {
    u32 at; // the hole stands before bytes[at]
    Symbol symbol;
} CodeRef;

// Where code comes from: `at` as in CodeRef; for debug views only.
typedef struct CodeOrigin {
    u32 at;
    u32 value; // the instruction of the IR function, 0 = the terminator of `block`
    u32 block;
} CodeOrigin;

// A call that an engine may name in its stack trace, and where it is in the IR.
typedef struct CodeCall {
    u32 at; // as in CodeRef
    u32 site;
} CodeCall;

typedef struct CodeLocals {
    u32 count;
    u8 type; // WasmType
} CodeLocals;

typedef struct Code {
    Arena *arena;  // sticky: arena->failed
    VEC(u8) bytes; // without the locals' declaration; with the final `end`
    VEC(CodeRef) refs;
    VEC(CodeLocals) locals;  // runs of locals behind the parameters, as they are declared
    VEC(CodeOrigin) origins; // empty unless asked for
    VEC(CodeCall) calls;     // what the map names of them
    u32 last;                // start of the last instruction, for peepholes; NO_INDEX = none that may be looked at
} Code;

// A function type: results have 0 or 1 value, more where multi-value may be used.
typedef struct Signature {
    const u8 *params, *results; // WasmType
    u32 param_count, result_count;
} Signature;

void code_op(Code *code, WasmCode op);
void code_byte(Code *code, u8 byte);
void code_u32(Code *code, u32 value); // LEB128, shortest
void code_s32(Code *code, i32 value);
void code_s64(Code *code, i64 value);
void code_i32_const(Code *code, i32 value);
void code_i64_const(Code *code, i64 value);
void code_f32_const(Code *code, u32 bits);
void code_f64_const(Code *code, u64 bits);
void code_local_get(Code *code, u32 local);
void code_local_set(Code *code, u32 local);
void code_local_tee(Code *code, u32 local);
void code_global_get(Code *code, u32 global); // leaves a hole, too
void code_global_set(Code *code, u32 global);
void code_call(Code *code, Symbol symbol);
void code_memory(Code *code, WasmCode op, u32 align_log2, u32 offset);
void code_block(Code *code, WasmCode op, u8 type);    // block, loop, if
void code_branch(Code *code, WasmCode op, u32 depth); // br, br_if
void code_end(Code *code);
// Nothing before here may be joined with what follows: a label stands here.
void code_label(Code *code);

#endif
