// See code.h. Instructions are appended; the only ones that change afterwards are `local.set x`, which becomes `local.tee x`
// when `local.get x` follows, and pairs that undo each other.
#include "codegen/code.h"

#include "support/error.h"

static void put(Code *code, u8 byte) { (void)vec_push(code->arena, &code->bytes, byte); }

void code_byte(Code *code, u8 byte) { put(code, byte); }

void code_u32(Code *code, u32 value) {
    for (; value >= 0x80; value >>= 7) put(code, (u8)(value | 0x80));
    put(code, (u8)value);
}

void code_s64(Code *code, i64 value) {
    for (; value < -0x40 || value >= 0x40; value >>= 7) put(code, (u8)((value & 0x7f) | 0x80));
    put(code, (u8)(value & 0x7f));
}

void code_s32(Code *code, i32 value) { code_s64(code, value); }

void code_label(Code *code) { code->last = NO_INDEX; }

void code_op(Code *code, WasmCode op) {
    code->last = code->bytes.count;
    if (op >> 8) {
        put(code, (u8)(op >> 8));
        code_u32(code, op & 0xff);
    } else {
        put(code, (u8)op);
    }
}

void code_i32_const(Code *code, i32 value) {
    code_op(code, W_I32_CONST);
    code_s32(code, value);
}

void code_i64_const(Code *code, i64 value) {
    code_op(code, W_I64_CONST);
    code_s64(code, value);
}

static void bytes_of(Code *code, u64 bits, u32 count) {
    for (u32 i = 0; i < count; i++) put(code, (u8)(bits >> 8 * i));
}

void code_f32_const(Code *code, u32 bits) {
    code_op(code, W_F32_CONST);
    bytes_of(code, bits, 4);
}

void code_f64_const(Code *code, u64 bits) {
    code_op(code, W_F64_CONST);
    bytes_of(code, bits, 8);
}

static void local(Code *code, WasmCode op, u32 number) {
    code_op(code, op);
    code_u32(code, number);
}

// Whether the last instruction is `local.set number`.
static bool just_set(const Code *code, u32 number) {
    if (code->last == NO_INDEX || code->arena->failed || code->bytes.items[code->last] != W_LOCAL_SET) return false;
    u32 set = 0, shift = 0;
    for (u32 at = code->last + 1; at < code->bytes.count; at++, shift += 7)
        set |= (u32)(code->bytes.items[at] & 0x7f) << shift;
    return set == number;
}

void code_local_get(Code *code, u32 number) {
    if (just_set(code, number)) code->bytes.items[code->last] = W_LOCAL_TEE;
    else local(code, W_LOCAL_GET, number);
}
void code_local_set(Code *code, u32 number) { local(code, W_LOCAL_SET, number); }
void code_local_tee(Code *code, u32 number) { local(code, W_LOCAL_TEE, number); }

static void hole(Code *code, Symbol symbol) {
    CodeRef ref = {code->bytes.count, symbol};
    (void)vec_push(code->arena, &code->refs, ref);
}

void code_global_get(Code *code, u32 global) {
    code_op(code, W_GLOBAL_GET);
    hole(code, SYMBOL_GLOBAL + global);
}
void code_global_set(Code *code, u32 global) {
    code_op(code, W_GLOBAL_SET);
    hole(code, SYMBOL_GLOBAL + global);
}
void code_call(Code *code, Symbol symbol) {
    code_op(code, W_CALL);
    hole(code, symbol);
}

void code_memory(Code *code, WasmCode op, u32 align_log2, u32 offset) {
    code_op(code, op);
    code_u32(code, align_log2);
    code_u32(code, offset);
}

void code_block(Code *code, WasmCode op, u8 type) {
    code_op(code, op);
    put(code, type);
    code_label(code);
}

void code_branch(Code *code, WasmCode op, u32 depth) {
    code_op(code, op);
    code_u32(code, depth);
}

void code_end(Code *code) {
    code_op(code, W_END);
    code_label(code);
}
