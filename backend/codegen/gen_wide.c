// 128-bit values: two i64, low half and high half, always in locals. Simple operations are spelt out, the others are calls
// of the runtime (support/wide.c), which leave the high half in a cell of memory.
#include "codegen/gen.h"

void gen_load_high(Gen *s) {
    code_i32_const(s->code, (i32)runtime_cell(RUNTIME_CELL_HIGH));
    code_memory(s->code, W_I64_LOAD, 3, 0);
}

static void set_or_drop(Gen *s, u32 local) {
    if (local == NO_LOCAL) code_op(s->code, W_DROP);
    else code_local_set(s->code, local);
}

void gen_set_wide(Gen *s, IrValue value) {
    set_or_drop(s, s->places->high[value]);
    set_or_drop(s, s->places->low[value]);
}

// Half by half: both are computed before either is set, since the result may share locals with the operands.
static void both_halves(Gen *s, const IrInst *inst, WasmCode op) {
    gen_low(s, inst->args[0]);
    gen_low(s, inst->args[1]);
    code_op(s->code, op);
    gen_high(s, inst->args[0]);
    gen_high(s, inst->args[1]);
    code_op(s->code, op);
}

// a + b or a - b, with the carry out of the low halves.
static void add(Gen *s, const IrInst *inst) {
    bool sub = inst->op == IR_OP_SUB;
    u32 low = gen_temporary(s, WASM_I64);
    gen_low(s, inst->args[0]);
    gen_low(s, inst->args[1]);
    code_op(s->code, sub ? W_I64_SUB : W_I64_ADD);
    code_local_tee(s->code, low);
    gen_high(s, inst->args[0]);
    gen_high(s, inst->args[1]);
    code_op(s->code, sub ? W_I64_SUB : W_I64_ADD);
    // The carry: the sum is below a. The borrow: a is below b.
    if (sub) gen_low(s, inst->args[0]);
    else code_local_get(s->code, low);
    gen_low(s, sub ? inst->args[1] : inst->args[0]);
    code_op(s->code, W_I64_LT_U);
    code_op(s->code, W_I64_EXTEND_I32_U);
    code_op(s->code, sub ? W_I64_SUB : W_I64_ADD);
    gen_release(s, low);
}

// 0 - a: the low half, then ~high plus one where the low half is zero.
static void negate(Gen *s, const IrInst *inst) {
    code_i64_const(s->code, 0);
    gen_low(s, inst->args[0]);
    code_op(s->code, W_I64_SUB);
    code_i64_const(s->code, 0);
    gen_high(s, inst->args[0]);
    code_op(s->code, W_I64_SUB);
    gen_low(s, inst->args[0]);
    code_i64_const(s->code, 0);
    code_op(s->code, W_I64_NE);
    code_op(s->code, W_I64_EXTEND_I32_U);
    code_op(s->code, W_I64_SUB);
}

static void by_runtime(Gen *s, const IrInst *inst, RuntimeFunction function) {
    gen_low(s, inst->args[0]);
    gen_high(s, inst->args[0]);
    gen_low(s, inst->args[1]);
    gen_high(s, inst->args[1]);
    gen_runtime(s, function);
    gen_load_high(s);
}

static void test_half(Gen *s, IrValue value, bool high, u64 bits) {
    if (high) gen_high(s, value);
    else gen_low(s, value);
    code_i64_const(s->code, (i64)bits);
    code_op(s->code, W_I64_EQ);
}

static void divide(Gen *s, const IrInst *inst) {
    bool rem = inst->op == IR_OP_REM, is_signed = inst->type == IR_I128;
    IrValue a = inst->args[0], b = inst->args[1];
    gen_low(s, b);
    gen_high(s, b);
    code_op(s->code, W_I64_OR);
    code_op(s->code, W_I64_EQZ);
    gen_trap_if(s, rem ? TRAP_REM_ZERO : TRAP_DIV_ZERO, inst->site);
    if (is_signed) {
        test_half(s, a, false, 0);
        test_half(s, a, true, (u64)1 << 63);
        code_op(s->code, W_I32_AND);
        test_half(s, b, false, (u64)-1);
        test_half(s, b, true, (u64)-1);
        code_op(s->code, W_I32_AND);
        code_op(s->code, W_I32_AND);
        gen_trap_if(s, rem ? TRAP_REM_OVERFLOW : TRAP_DIV_OVERFLOW, inst->site);
    }
    by_runtime(s, inst,
               rem ? (is_signed ? RUNTIME_rem_i128 : RUNTIME_rem_u128)
                   : (is_signed ? RUNTIME_div_i128 : RUNTIME_div_u128));
}

// A half of what is shifted, or of what comes in from outside.
static void shifted_word(Gen *s, const IrInst *inst, i32 at) {
    bool by_sign = at > 1 && inst->type == IR_I128;
    if (at == 0) gen_low(s, inst->args[0]);
    else if (at == 1 || by_sign) gen_high(s, inst->args[0]);
    else code_i64_const(s->code, 0);
    if (!by_sign) return;
    code_i64_const(s->code, 63);
    code_op(s->code, W_I64_SHR_S);
}

// Each half gets bits of two neighbours.
static void shift_by(Gen *s, const IrInst *inst, i32 amount) {
    bool left = inst->op == IR_OP_SHL;
    for (i32 half = 0; half < 2; half++) {
        i32 at = left ? half - amount / 64 : half + amount / 64, bits = amount % 64;
        shifted_word(s, inst, at);
        if (!bits) continue;
        code_i64_const(s->code, bits);
        code_op(s->code, left ? W_I64_SHL : W_I64_SHR_U);
        shifted_word(s, inst, left ? at - 1 : at + 1);
        code_i64_const(s->code, 64 - bits);
        code_op(s->code, left ? W_I64_SHR_U : W_I64_SHL);
        code_op(s->code, W_I64_OR);
    }
}

static void shift(Gen *s, const IrInst *inst) {
    if (gen_inst(s, inst->args[1])->op == IR_OP_CONST) {
        shift_by(s, inst, (i32)(gen_inst(s, inst->args[1])->args[0] & 127));
        return;
    }
    gen_low(s, inst->args[0]);
    gen_high(s, inst->args[0]);
    gen_low(s, inst->args[1]);
    code_op(s->code, W_I32_WRAP_I64);
    code_i32_const(s->code, 127);
    code_op(s->code, W_I32_AND);
    gen_runtime(s, inst->op == IR_OP_SHL   ? RUNTIME_shl_128
                   : inst->type == IR_I128 ? RUNTIME_shr_i128
                                           : RUNTIME_shr_u128);
    gen_load_high(s);
}

static void convert(Gen *s, const IrInst *inst) {
    IrType from = gen_inst(s, inst->args[0])->type;
    if (place_is_wide(from)) {
        gen_whole(s, inst->args[0]);
        return;
    }
    gen_value(s, inst->args[0]);
    if (ir_is_float(from)) {
        if (from == IR_F32) code_op(s->code, W_F64_PROMOTE_F32);
        gen_runtime(s, inst->type == IR_I128 ? RUNTIME_f64_to_i128 : RUNTIME_f64_to_u128);
        gen_load_high(s);
        return;
    }
    bool is_signed = ir_is_signed(from);
    if (gen_type(s, from) == WASM_I32) code_op(s->code, is_signed ? W_I64_EXTEND_I32_S : W_I64_EXTEND_I32_U);
    if (!is_signed) {
        code_i64_const(s->code, 0);
        return;
    }
    u32 low = gen_temporary(s, WASM_I64);
    code_local_tee(s->code, low);
    code_local_get(s->code, low);
    code_i64_const(s->code, 63);
    code_op(s->code, W_I64_SHR_S);
    gen_release(s, low);
}

static void choose(Gen *s, const IrInst *inst) {
    Held condition = gen_hold(s, inst->args[0]);
    gen_low(s, inst->args[1]);
    gen_low(s, inst->args[2]);
    gen_held(s, condition);
    code_op(s->code, W_SELECT);
    gen_high(s, inst->args[1]);
    gen_high(s, inst->args[2]);
    gen_held(s, condition);
    code_op(s->code, W_SELECT);
    gen_drop(s, condition);
}

void gen_wide(Gen *s, IrValue value, const IrInst *inst) {
    switch (inst->op) {
    case IR_OP_ADD:
    case IR_OP_SUB: add(s, inst); break;
    case IR_OP_NEG: negate(s, inst); break;
    case IR_OP_MUL: by_runtime(s, inst, RUNTIME_mul_128); break;
    case IR_OP_DIV:
    case IR_OP_REM: divide(s, inst); break;
    case IR_OP_AND: both_halves(s, inst, W_I64_AND); break;
    case IR_OP_OR: both_halves(s, inst, W_I64_OR); break;
    case IR_OP_XOR: both_halves(s, inst, W_I64_XOR); break;
    case IR_OP_SHL:
    case IR_OP_SHR: shift(s, inst); break;
    case IR_OP_SELECT: choose(s, inst); break;
    default: convert(s, inst); break;
    }
    gen_set_wide(s, value);
}

void gen_wide_to_float(Gen *s, const IrInst *inst) {
    bool is_signed = gen_inst(s, inst->args[0])->type == IR_I128;
    gen_whole(s, inst->args[0]);
    gen_runtime(s, inst->type == IR_F64 ? (is_signed ? RUNTIME_i128_to_f64 : RUNTIME_u128_to_f64)
                                        : (is_signed ? RUNTIME_i128_to_f32 : RUNTIME_u128_to_f32));
}

// Equality: no bit differs. Order: by the high halves, or by the low ones where those are equal.
void gen_wide_compare(Gen *s, const IrInst *inst) {
    IrValue a = inst->args[0], b = inst->args[1];
    if (inst->op == IR_OP_EQ || inst->op == IR_OP_NE) {
        both_halves(s, inst, W_I64_XOR);
        code_op(s->code, W_I64_OR);
        code_op(s->code, W_I64_EQZ);
        if (inst->op == IR_OP_NE) code_op(s->code, W_I32_EQZ);
        return;
    }
    static const WasmCode low[] = {W_I64_LT_U, W_I64_LE_U, W_I64_GT_U, W_I64_GE_U};
    bool less = inst->op == IR_OP_LT || inst->op == IR_OP_LE, is_signed = gen_inst(s, a)->type == IR_I128;
    gen_low(s, a);
    gen_low(s, b);
    code_op(s->code, low[inst->op - IR_OP_LT]);
    gen_high(s, a);
    gen_high(s, b);
    code_op(s->code, less ? (is_signed ? W_I64_LT_S : W_I64_LT_U) : (is_signed ? W_I64_GT_S : W_I64_GT_U));
    gen_high(s, a);
    gen_high(s, b);
    code_op(s->code, W_I64_EQ);
    code_op(s->code, W_SELECT);
}
