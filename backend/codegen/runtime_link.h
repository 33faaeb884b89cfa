// The runtime: what compiled programs need beside their own code (printing, heap, 128-bit arithmetic). It is written in C
// (runtime/*.c, over the very files that the interpreter uses: support/float_text.c, int_text.c, wide.c, interp/heap.c,
// block_set.c), compiled by clang when the backend is built, packed by runtime/embed.c (native, runs during the build)
// and put into a module function by function, only what is reached.
#ifndef CODEGEN_RUNTIME_LINK_H
#define CODEGEN_RUNTIME_LINK_H

#include "codegen/code.h"
#include "codegen/codegen.h"

// Functions that generated code may call: enum RUNTIME_print_u64 etc. See runtime.def for signatures.
typedef enum RuntimeFunction {
#define RUNTIME(name, params, result, meaning) RUNTIME_##name,
#include "codegen/runtime.def"
    RUNTIME_NAMED_COUNT
} RuntimeFunction;

// One function of the runtime. Its refs name SYMBOL_RUNTIME + n (n may be >= RUNTIME_NAMED_COUNT: internal helpers; n may
// be late-bound, see runtime_bound), SYMBOL_IMPORT + n and SYMBOL_GLOBAL + GLOBAL_STACK_POINTER (it grows down, as clang
// has it).
typedef struct RuntimeCode {
    Str name; // for the name section
    Signature signature;
    const u8 *bytes; // with holes, as struct Code; with the final `end`
    u32 size;
    const CodeRef *refs;
    u32 ref_count;
    const CodeLocals *locals;
    u32 locals_count;
    const u8 *data; // numbers of the data that it touches, ascending
    u32 data_count;
} RuntimeCode;

// Constant and zeroed data of the runtime stand at fixed addresses, from RUNTIME_DATA_START on, ascending. A module has
// the data that its linked functions touch, and keeps its own behind the last byte of those.
enum { RUNTIME_DATA_START = 64 };
typedef struct RuntimeData {
    u32 address, size;
    const u8 *bytes; // NULL: zeroed
} RuntimeData;

// Cells: zeroed data that generated code reads, or whose initial value module_writer sets (little endian) when a linked
// function touches them. The first data: cell n is data n.
typedef enum RuntimeCell {
    RUNTIME_CELL_HIGH,      // u64: high half of the last 128-bit result
    RUNTIME_CELL_HEAP_BASE, // u32: first byte of the heap (16-aligned); set by the writer
    RUNTIME_CELL_PLACES,    // u32: wasi: address of the place table, 0 = none; set by the writer. Records of three u32,
                            //      place 1 first: address of the function's name (u32 length, then bytes; 0 = unknown),
                            //      block (NO_INDEX = unknown), instruction (NO_INDEX = the terminator)
    RUNTIME_CELL_PLACE_COUNT,  // u32
    RUNTIME_CELL_MEMORY_LIMIT, // u32: wasi: what TRAP_MEMORY names, in bytes (0 = it names nothing); set by the writer
    RUNTIME_CELL_DEPTH, // u32: wasi: nested calls that TRAP_STACK names (0 = it names nothing); set by the writer
    RUNTIME_CELL_COUNT
} RuntimeCell;
u32 runtime_cell(RuntimeCell cell); // its address

// All of it, unpacked.
typedef struct Runtime {
    const RuntimeCode *functions; // number n of SYMBOL_RUNTIME + n; late-bound ones are empty
    u32 function_count;
    const RuntimeData *data;
    u32 data_count;
} Runtime;
bool runtime_unpack(Arena *arena, Runtime *out) MUST_CHECK; // false: memory is out

// What stands for a function where the adapter decides (runtime.def: late), or where code is to be small: call it on every number n of a symbol
// SYMBOL_RUNTIME + n, of generated code and of the runtime's refs, before it is looked up or given a place in the module.
// Other numbers come back as they are. NO_INDEX: RUNTIME_trap without block write in jsrust, where there is nothing to do.
u32 runtime_bound(u32 number, const CodegenOptions *options);

// Marks in `linked` (one entry a function) all that the marked functions reach, late-bound ones as they are bound. Returns
// the address behind the last data touched by any, RUNTIME_DATA_START if none is.
u32 runtime_reach(const Runtime *runtime, const CodegenOptions *options, bool *linked);

#endif
