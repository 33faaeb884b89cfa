// Arithmetic, comparison and conversion of values of at most 64 bits. What each means is ir/eval.h; integers narrower than 32
// bits are kept in an i32, extended as their type says.
#include "codegen/gen.h"

typedef enum Class { CLASS_I32, CLASS_I64, CLASS_F32, CLASS_F64 } Class;

static Class class_of(const Gen *s, IrType type) { return (Class)(WASM_I32 - gen_type(s, type)); }

// By operation from ADD on, then class; the unsigned form of DIV, REM and SHR is the next opcode.
static const u8 binary_code[IR_OP_SHR - IR_OP_ADD + 1][4] = {
    [IR_OP_ADD - IR_OP_ADD] = {W_I32_ADD, W_I64_ADD, W_F32_ADD, W_F64_ADD},
    [IR_OP_SUB - IR_OP_ADD] = {W_I32_SUB, W_I64_SUB, W_F32_SUB, W_F64_SUB},
    [IR_OP_MUL - IR_OP_ADD] = {W_I32_MUL, W_I64_MUL, W_F32_MUL, W_F64_MUL},
    [IR_OP_DIV - IR_OP_ADD] = {W_I32_DIV_S, W_I64_DIV_S, W_F32_DIV, W_F64_DIV},
    [IR_OP_REM - IR_OP_ADD] = {W_I32_REM_S, W_I64_REM_S, 0, 0},
    [IR_OP_NEG - IR_OP_ADD] = {W_I32_SUB, W_I64_SUB, W_F32_NEG, W_F64_NEG},
    [IR_OP_AND - IR_OP_ADD] = {W_I32_AND, W_I64_AND, 0, 0},
    [IR_OP_OR - IR_OP_ADD] = {W_I32_OR, W_I64_OR, 0, 0},
    [IR_OP_XOR - IR_OP_ADD] = {W_I32_XOR, W_I64_XOR, 0, 0},
    [IR_OP_SHL - IR_OP_ADD] = {W_I32_SHL, W_I64_SHL, 0, 0},
    [IR_OP_SHR - IR_OP_ADD] = {W_I32_SHR_S, W_I64_SHR_S, 0, 0},
};

// Of unsigned integers the ordering ones are the next opcode.
static const u8 compare_code[IR_OP_GE - IR_OP_EQ + 1][4] = {
    [IR_OP_EQ - IR_OP_EQ] = {W_I32_EQ, W_I64_EQ, W_F32_EQ, W_F64_EQ},
    [IR_OP_NE - IR_OP_EQ] = {W_I32_NE, W_I64_NE, W_F32_NE, W_F64_NE},
    [IR_OP_LT - IR_OP_EQ] = {W_I32_LT_S, W_I64_LT_S, W_F32_LT, W_F64_LT},
    [IR_OP_LE - IR_OP_EQ] = {W_I32_LE_S, W_I64_LE_S, W_F32_LE, W_F64_LE},
    [IR_OP_GT - IR_OP_EQ] = {W_I32_GT_S, W_I64_GT_S, W_F32_GT, W_F64_GT},
    [IR_OP_GE - IR_OP_EQ] = {W_I32_GE_S, W_I64_GE_S, W_F32_GE, W_F64_GE},
};

static void int_const(Gen *s, Class class, i64 value) {
    if (class == CLASS_I64) code_i64_const(s->code, value);
    else code_i32_const(s->code, (i32)value);
}

// ---- results ----

void gen_extend(Gen *s, IrType type) {
    bool small = type == IR_I8 || type == IR_U8;
    switch (type) {
    case IR_I8:
    case IR_I16:
        if (!s->g->options->mvp) {
            code_op(s->code, small ? W_I32_EXTEND8_S : W_I32_EXTEND16_S);
            break;
        }
        code_i32_const(s->code, small ? 24 : 16);
        code_op(s->code, W_I32_SHL);
        code_i32_const(s->code, small ? 24 : 16);
        code_op(s->code, W_I32_SHR_S);
        break;
    case IR_U8:
    case IR_U16:
        code_i32_const(s->code, small ? 0xff : 0xffff);
        code_op(s->code, W_I32_AND);
        break;
    default: break;
    }
}

// Cuts what the instruction has left on the stack to its type, if more than its own bits is needed.
static void cut(Gen *s, const IrInst *inst) {
    const bool *whole = s->places->whole;
    if (!whole || whole[inst - s->function->insts.items]) gen_extend(s, inst->type);
}

void gen_extended(Gen *s, IrValue value) {
    gen_value(s, value);
    if (s->places->whole && !s->places->whole[value]) gen_extend(s, gen_inst(s, value)->type);
}

void gen_canonical_nan(Gen *s, IrType type) {
    if (!s->g->exact_nan) return;
    bool is_f64 = type == IR_F64;
    u32 local = gen_temporary(s, is_f64 ? WASM_F64 : WASM_F32);
    code_local_tee(s->code, local);
    if (is_f64) code_f64_const(s->code, 0x7ff8000000000000u);
    else code_f32_const(s->code, 0x7fc00000u);
    code_local_get(s->code, local);
    code_local_get(s->code, local);
    code_op(s->code, is_f64 ? W_F64_EQ : W_F32_EQ);
    code_op(s->code, W_SELECT);
    gen_release(s, local);
}

// ---- division: the traps come first, by kind ----

static bool may_overflow(const Gen *s, const IrInst *inst) {
    if (!ir_is_signed(inst->type) || inst->flags & INST_NOT_NEGATIVE) return false;
    if (gen_is_const(s, inst->args[1]) && gen_const(s, inst->args[1]) != (u64)-1) return false;
    i64 least = (i64)((u64)-1 << (ir_bits(inst->type) - 1));
    return !gen_is_const(s, inst->args[0]) || (i64)gen_const(s, inst->args[0]) == least;
}

static void divide(Gen *s, const IrInst *inst, Class class) {
    bool rem = inst->op == IR_OP_REM, wide = class == CLASS_I64;
    bool may_be_zero = !gen_is_const(s, inst->args[1]) || gen_const(s, inst->args[1]) == 0;
    Held a = {inst->args[0], NO_LOCAL}, b = {inst->args[1], NO_LOCAL};
    if (may_be_zero || may_overflow(s, inst)) a = gen_hold(s, a.value), b = gen_hold(s, b.value);
    if (may_be_zero) {
        gen_held(s, b);
        code_op(s->code, wide ? W_I64_EQZ : W_I32_EQZ);
        gen_trap_if(s, rem ? TRAP_REM_ZERO : TRAP_DIV_ZERO, inst->site);
    }
    if (may_overflow(s, inst)) {
        gen_held(s, a);
        int_const(s, class, (i64)((u64)-1 << (ir_bits(inst->type) - 1)));
        code_op(s->code, wide ? W_I64_EQ : W_I32_EQ);
        gen_held(s, b);
        int_const(s, class, -1);
        code_op(s->code, wide ? W_I64_EQ : W_I32_EQ);
        code_op(s->code, W_I32_AND);
        gen_trap_if(s, rem ? TRAP_REM_OVERFLOW : TRAP_DIV_OVERFLOW, inst->site);
    }
    gen_held(s, a);
    gen_held(s, b);
    bool is_unsigned = !ir_is_signed(inst->type) || inst->flags & INST_NOT_NEGATIVE;
    code_op(s->code, (WasmCode)(binary_code[inst->op - IR_OP_ADD][class] + is_unsigned));
    gen_drop(s, b);
    gen_drop(s, a);
}

// ---- arithmetic ----

// The amount counts modulo the type's width; WebAssembly does that by itself for 32 and 64 bits.
static void shift(Gen *s, const IrInst *inst, Class class) {
    u32 width = ir_bits(inst->type);
    gen_value(s, inst->args[0]);
    if (gen_is_const(s, inst->args[1])) {
        int_const(s, class, (i64)(gen_const(s, inst->args[1]) & (width - 1)));
    } else {
        gen_value(s, inst->args[1]);
        if (width < 32) {
            code_i32_const(s->code, (i32)width - 1);
            code_op(s->code, W_I32_AND);
        }
    }
    bool is_unsigned_right = inst->op == IR_OP_SHR && !ir_is_signed(inst->type);
    code_op(s->code, (WasmCode)(binary_code[inst->op - IR_OP_ADD][class] + is_unsigned_right));
    if (inst->op == IR_OP_SHL) cut(s, inst);
}

void gen_arithmetic(Gen *s, const IrInst *inst) {
    Class class = class_of(s, inst->type);
    bool is_float = class >= CLASS_F32;
    if (inst->op == IR_OP_ONES) {
        gen_value(s, inst->args[0]);
        code_op(s->code, class == CLASS_I64 ? W_I64_POPCNT : W_I32_POPCNT);
        return;
    }
    u8 code = binary_code[inst->op - IR_OP_ADD][class];
    switch (inst->op) {
    case IR_OP_SHL:
    case IR_OP_SHR: shift(s, inst, class); return;
    case IR_OP_DIV:
    case IR_OP_REM:
        if (!is_float) {
            divide(s, inst, class);
            return;
        }
        break;
    case IR_OP_NEG:
        if (!is_float) int_const(s, class, 0);
        gen_value(s, inst->args[0]);
        code_op(s->code, (WasmCode)code);
        if (!is_float) cut(s, inst);
        return;
    default: break;
    }
    gen_both(s, inst);
    code_op(s->code, (WasmCode)code);
    if (is_float) gen_canonical_nan(s, inst->type);
    else if (inst->op < IR_OP_AND) cut(s, inst);
}

// ---- comparison ----

static u32 negated(u32 op) {
    static const u8 opposite[] = {IR_OP_NE, IR_OP_EQ, IR_OP_GE, IR_OP_GT, IR_OP_LE, IR_OP_LT};
    return opposite[op - IR_OP_EQ];
}

void gen_compare(Gen *s, const IrInst *inst, bool negate) {
    IrType type = gen_inst(s, inst->args[0])->type;
    if (place_is_wide(type)) {
        gen_wide_compare(s, inst);
        if (negate) code_op(s->code, W_I32_EQZ);
        return;
    }
    Class class = class_of(s, type);
    u32 op = inst->op;
    // The opposite of an order of floats is not the other order: both are false for NaN.
    bool flip = negate && (class < CLASS_F32 || op == IR_OP_EQ || op == IR_OP_NE);
    if (flip) op = negated(op);
    IrValue zero = inst->args[1];
    bool by_zero = class < CLASS_F32 && gen_is_const(s, zero) && gen_const(s, zero) == 0;
    if (by_zero && op == IR_OP_EQ) {
        gen_value(s, inst->args[0]);
        code_op(s->code, class == CLASS_I64 ? W_I64_EQZ : W_I32_EQZ);
    } else {
        gen_both(s, inst);
        bool is_order = op >= IR_OP_LT && class < CLASS_F32 && !ir_is_signed(type);
        code_op(s->code, (WasmCode)(compare_code[op - IR_OP_EQ][class] + is_order));
    }
    if (negate && !flip) code_op(s->code, W_I32_EQZ);
}

// ---- conversion ----

static void float_to_int(Gen *s, IrType to, IrType from) {
    bool is_f64 = from == IR_F64, is_signed = ir_is_signed(to), is_64 = class_of(s, to) == CLASS_I64;
    if (s->g->options->mvp) {
        if (!is_f64) code_op(s->code, W_F64_PROMOTE_F32);
        gen_runtime(s, is_64 ? (is_signed ? RUNTIME_f64_to_i64 : RUNTIME_f64_to_u64)
                             : (is_signed ? RUNTIME_f64_to_i32 : RUNTIME_f64_to_u32));
    } else {
        // i32 from f32 signed, unsigned, from f64 signed, unsigned; then the same for i64.
        code_op(s->code, (WasmCode)(W_I32_TRUNC_SAT_F32_S + is_64 * 4 + is_f64 * 2 + !is_signed));
    }
    if (ir_bits(to) >= 32) return;
    u32 bits = to == IR_BOOL ? 1 : ir_bits(to), local = gen_temporary(s, WASM_I32);
    i32 most = (i32)((1u << (bits - is_signed)) - 1);
    code_local_tee(s->code, local);
    code_i32_const(s->code, most);
    code_local_get(s->code, local);
    code_i32_const(s->code, most);
    code_op(s->code, is_signed ? W_I32_LT_S : W_I32_LT_U);
    code_op(s->code, W_SELECT);
    if (is_signed) {
        code_local_tee(s->code, local);
        code_i32_const(s->code, -most - 1);
        code_local_get(s->code, local);
        code_i32_const(s->code, -most - 1);
        code_op(s->code, W_I32_GT_S);
        code_op(s->code, W_SELECT);
    }
    gen_release(s, local);
}

// An integer on the stack becomes another. Narrow ones are cut only where the new type holds more than all of the old: one of
// its own type may come with anything in the bits above.
static void int_to_int(Gen *s, const IrInst *inst, IrType from) {
    IrType to = inst->type;
    Class source = class_of(s, from), target = class_of(s, to);
    if (to == IR_BOOL) {
        if (source == CLASS_I64) code_i64_const(s->code, 0);
        else code_i32_const(s->code, 0);
        code_op(s->code, source == CLASS_I64 ? W_I64_NE : W_I32_NE);
        return;
    }
    if (source == CLASS_I32 && target == CLASS_I64) {
        code_op(s->code, ir_is_signed(from) ? W_I64_EXTEND_I32_S : W_I64_EXTEND_I32_U);
        return;
    }
    if (source == CLASS_I64 && target == CLASS_I32) code_op(s->code, W_I32_WRAP_I64);
    u32 room = ir_bits(to) - ir_is_signed(to), need = from == IR_BOOL ? 1 : ir_bits(from) - ir_is_signed(from);
    bool holds = need < room && (ir_is_signed(to) || !ir_is_signed(from));
    if (!holds) cut(s, inst);
}

static void to_float(Gen *s, IrType to, IrType from) {
    // f32 from i32 signed, unsigned, from i64 signed, unsigned; then, after the demotion, the same for f64.
    u32 first = to == IR_F64 ? W_F64_CONVERT_I32_S : W_F32_CONVERT_I32_S;
    code_op(s->code, (WasmCode)(first + 2 * (class_of(s, from) == CLASS_I64) + !ir_is_signed(from)));
}

static void bitcast(Gen *s, const IrInst *inst, IrType from) {
    IrType to = inst->type;
    WasmType source = gen_type(s, from), target = gen_type(s, to);
    if (ir_is_float(from) && !ir_is_float(to)) {
        code_op(s->code, source == WASM_F64 ? W_I64_REINTERPRET_F64 : W_I32_REINTERPRET_F32);
        source = source == WASM_F64 ? WASM_I64 : WASM_I32;
    } else if (!ir_is_float(from) && ir_is_float(to)) {
        if (source == WASM_I32 && target == WASM_F64) code_op(s->code, W_I64_EXTEND_I32_U); // a pointer
        code_op(s->code, target == WASM_F64 ? W_F64_REINTERPRET_I64 : W_F32_REINTERPRET_I32);
        return;
    }
    if (source == WASM_I32 && target == WASM_I64) code_op(s->code, W_I64_EXTEND_I32_U);
    if (source == WASM_I64 && target == WASM_I32) code_op(s->code, W_I32_WRAP_I64);
    cut(s, inst);
    if (to == IR_BOOL) {
        code_i32_const(s->code, 1);
        code_op(s->code, W_I32_AND);
    }
}

void gen_convert(Gen *s, const IrInst *inst) {
    IrType to = inst->type, from = gen_inst(s, inst->args[0])->type;
    if (place_is_wide(from)) {
        if (ir_is_float(to)) {
            gen_wide_to_float(s, inst);
            return;
        }
        gen_low(s, inst->args[0]);
        if (to == IR_BOOL) {
            gen_high(s, inst->args[0]);
            code_op(s->code, W_I64_OR);
        }
        int_to_int(s, inst, IR_U64);
        return;
    }
    if (place_takes_own_bits(inst, 0, from)) gen_value(s, inst->args[0]);
    else gen_extended(s, inst->args[0]);
    if (inst->op == IR_OP_BITCAST) {
        bitcast(s, inst, from);
    } else if (ir_is_float(from) && ir_is_float(to)) {
        if (from == to) return;
        code_op(s->code, to == IR_F64 ? W_F64_PROMOTE_F32 : W_F32_DEMOTE_F64);
        gen_canonical_nan(s, to);
    } else if (ir_is_float(from)) {
        float_to_int(s, to, from);
    } else if (ir_is_float(to)) {
        to_float(s, to, from);
    } else {
        int_to_int(s, inst, from);
    }
}
