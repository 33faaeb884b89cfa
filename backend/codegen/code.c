// See code.h. Instructions are appended; the only ones that change afterwards are `local.set x`, which becomes `local.tee x`
// when `local.get x` follows, and pairs that undo each other.
#include "codegen/code.h"

#include "support/error.h"
#include "support/leb.h"

// The longest instruction: prefix, code, a number of 64 bits and one of 32.
enum { LONGEST = 32 };

// Room for whatever one call here writes; NULL when memory is out.
HOT_INLINE u8 *room(Code *code) {
    if (code->bytes.capacity - code->bytes.count < LONGEST && !vec_reserve(code->arena, &code->bytes, LONGEST))
        return NULL;
    return code->bytes.items + code->bytes.count;
}

HOT_INLINE void wrote(Code *code, const u8 *end) { code->bytes.count = (u32)(end - code->bytes.items); }

// Writes what an instruction begins with; the caller writes the rest and says where it ends.
HOT_INLINE u8 *begin(Code *code, WasmCode op) {
    u8 *out = room(code);
    if (!out) return NULL;
    code->last = code->bytes.count;
    if (op >> 8) {
        *out++ = (u8)(op >> 8);
        return leb_write(out, op & 0xff);
    }
    *out++ = (u8)op;
    return out;
}

// Most numbers take one byte.
HOT_INLINE u8 *write_number(u8 *out, u32 value) {
    if (value >= 0x80) return leb_write(out, value);
    *out = (u8)value;
    return out + 1;
}

static u8 *write_signed(u8 *out, i64 value) {
    for (; value < -0x40 || value >= 0x40; value >>= 7) *out++ = (u8)(value | 0x80);
    *out++ = (u8)(value & 0x7f);
    return out;
}

void code_byte(Code *code, u8 byte) {
    u8 *out = room(code);
    if (!out) return;
    *out++ = byte;
    wrote(code, out);
}

void code_u32(Code *code, u32 value) {
    u8 *out = room(code);
    if (out) wrote(code, leb_write(out, value));
}

void code_s64(Code *code, i64 value) {
    u8 *out = room(code);
    if (out) wrote(code, write_signed(out, value));
}

void code_s32(Code *code, i32 value) { code_s64(code, value); }

void code_label(Code *code) { code->last = NO_INDEX; }

void code_op(Code *code, WasmCode op) {
    u8 *out = begin(code, op);
    if (out) wrote(code, out);
}

HOT_INLINE void number(Code *code, WasmCode op, i64 value) {
    u8 *out = begin(code, op);
    if (out) wrote(code, write_signed(out, value));
}

void code_i32_const(Code *code, i32 value) { number(code, W_I32_CONST, value); }

void code_i64_const(Code *code, i64 value) { number(code, W_I64_CONST, value); }

static void bytes_of(Code *code, u64 bits, u32 count) {
    for (u32 i = 0; i < count; i++) code_byte(code, (u8)(bits >> 8 * i));
}

void code_f32_const(Code *code, u32 bits) {
    code_op(code, W_F32_CONST);
    bytes_of(code, bits, 4);
}

void code_f64_const(Code *code, u64 bits) {
    code_op(code, W_F64_CONST);
    bytes_of(code, bits, 8);
}

// An instruction with one number.
static void with_u32(Code *code, WasmCode op, u32 value) {
    u8 *out = begin(code, op);
    if (out) wrote(code, write_number(out, value));
}

// Whether the last instruction is `local.set number`.
static bool just_set(const Code *code, u32 local) {
    if (code->last == NO_INDEX || code->arena->failed || code->bytes.items[code->last] != W_LOCAL_SET) return false;
    u32 set = 0, shift = 0;
    for (u32 at = code->last + 1; at < code->bytes.count; at++, shift += 7)
        set |= (u32)(code->bytes.items[at] & 0x7f) << shift;
    return set == local;
}

void code_local_get(Code *code, u32 local) {
    if (just_set(code, local)) code->bytes.items[code->last] = W_LOCAL_TEE;
    else with_u32(code, W_LOCAL_GET, local);
}
void code_local_set(Code *code, u32 local) { with_u32(code, W_LOCAL_SET, local); }
void code_local_tee(Code *code, u32 local) { with_u32(code, W_LOCAL_TEE, local); }

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
    u8 *out = begin(code, op);
    if (out) wrote(code, write_number(write_number(out, align_log2), offset));
}

void code_block(Code *code, WasmCode op, u8 type) {
    code_op(code, op);
    code_byte(code, type);
    code_label(code);
}

void code_branch(Code *code, WasmCode op, u32 depth) { with_u32(code, op, depth); }

void code_end(Code *code) {
    code_op(code, W_END);
    code_label(code);
}
