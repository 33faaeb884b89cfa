// Instructions for integer arithmetic and conversions: immediates, multiply-add, division by constants, 128 bits.
#include "interp/divide.h"
#include "interp/select.h"
#include "ir/eval.h"

// How results of a type are brought to canonical form.
typedef enum Wrap { WRAP_64, WRAP_I32, WRAP_U32, WRAP_NARROW } Wrap;

static Wrap wrap_of(u8 type) {
    switch (type) {
    case IR_I32: return WRAP_I32;
    case IR_U32: return WRAP_U32;
    case IR_I8:
    case IR_U8:
    case IR_I16:
    case IR_U16: return WRAP_NARROW;
    default: return WRAP_64;
    }
}

static Bytecode narrow_op(u8 type) {
    switch (type) {
    case IR_I8: return BC_SIGN_8;
    case IR_I16: return BC_SIGN_16;
    case IR_I32: return BC_SIGN_32;
    case IR_U8: return BC_ZERO_8;
    case IR_U16: return BC_ZERO_16;
    default: return BC_ZERO_32;
    }
}

// The variant of an operation for a way to wrap; they follow each other in bytecode.def in the order 64, i32, u32.
static Bytecode wrapped(Bytecode op_64, Wrap wrap) {
    return (Bytecode)(op_64 + (wrap == WRAP_I32 ? 1 : wrap == WRAP_U32 ? 2 : 0));
}

bool push_wrapped(Translator *t, Draft *draft, u8 type) {
    if (wrap_of(type) != WRAP_NARROW) return push_draft(t, draft);
    Inst narrow = {.op = narrow_op(type), .uses = 1, .dst = draft->inst.dst, .site = draft->inst.site};
    u32 wide = new_register(t, false);
    if (!wide) return false;
    narrow.use[0] = wide;
    draft->inst.dst = wide;
    return push_inst(t, &narrow) && push_draft(t, draft);
}

static bool is_constant(const Translator *t, u32 value) { return inst_of(t, value_of(t, value))->op == IR_OP_CONST; }

static bool fits32(i64 value) { return value >= INT32_MIN && value <= INT32_MAX; }

// Bit casts are looked through: what they are of may be a float.
static const IrInst *sole_of_width(const Translator *t, u32 value, IrOp op, u8 type) {
    const IrInst *inst = sole_operand(t, value, op);
    return inst && ir_is_int(inst->type) && ir_bits(inst->type) == ir_bits(type) ? inst : NULL;
}

// x * scale with constant scale, found in `value`, or value * 1.
static void take_scaled(const Translator *t, u32 value, u8 type, u32 *x, i64 *scale) {
    const IrInst *mul = sole_of_width(t, value, IR_OP_MUL, type);
    i64 factor;
    *x = value;
    *scale = 1;
    if (!mul) return;
    if (imm32(t, mul->args[1], &factor)) *x = mul->args[0], *scale = factor;
    else if (imm32(t, mul->args[0], &factor)) *x = mul->args[1], *scale = factor;
}

static Linear take_linear(const Translator *t, u8 type, u32 a, u32 b) {
    Linear linear = {.x = a, .y = b, .scale = 1};
    i64 number;
    if (imm32(t, b, &number)) {
        linear.add = number;
        linear.y = 0;
        // (x + y) + constant
        const IrInst *sum = sole_of_width(t, a, IR_OP_ADD, type);
        if (sum && !is_constant(t, sum->args[0]) && !is_constant(t, sum->args[1])) {
            linear.x = sum->args[0];
            linear.y = sum->args[1];
        }
    }
    u32 x;
    i64 scale;
    take_scaled(t, linear.x, type, &x, &scale);
    if (scale == 1 && linear.y) {
        take_scaled(t, linear.y, type, &x, &scale);
        if (scale == 1) return linear;
        linear.y = linear.x;
    }
    linear.x = x;
    linear.scale = scale;
    return linear;
}

u32 low_bits(const Translator *t, u32 value, u32 bits) {
    for (;;) {
        value = value_of(t, value);
        const IrInst *inst = inst_of(t, value);
        bool cuts = inst->op == IR_OP_CONVERT && ir_is_int(inst->type) && ir_is_int(inst->arg_type) &&
                    !type_is_wide(inst->type) && !type_is_wide(inst->arg_type) && ir_bits(inst->type) >= bits;
        if (!cuts || t->program->traced) return value;
        value = inst->args[0];
    }
}

bool linear_index(const Translator *t, u32 value, Linear *out) {
    const IrInst *inst = sole_operand(t, value, IR_OP_ADD);
    bool subtract = !inst;
    if (!inst) inst = sole_operand(t, value, IR_OP_SUB);
    if (!inst || (inst->type != IR_I32 && (ir_bits(inst->type) != 64 || !ir_is_int(inst->type)))) return false;
    u32 a = inst->args[0], b = inst->args[1];
    i64 number;
    if (subtract && imm32(t, b, &number)) *out = (Linear){.x = a, .scale = 1, .add = -number};
    else if (subtract) *out = (Linear){.x = b, .y = a, .scale = -1};
    else if (is_constant(t, a)) *out = take_linear(t, inst->type, b, a);
    else *out = take_linear(t, inst->type, a, b);
    if (is_constant(t, out->x) || (out->y && is_constant(t, out->y))) return false;
    if (!out->y) { // one operand stands in for both
        out->y = out->x;
        out->scale--;
    }
    out->narrow = inst->type == IR_I32;
    return out->scale == (i16)out->scale && out->add == (i16)out->add;
}

static bool push_linear(Translator *t, u32 value, u8 type, Linear linear) {
    Wrap wrap = wrap_of(type);
    Draft draft = draft_at(t, wrapped(linear.y ? BC_MUL_ADD_64 : BC_MUL_ADDK_64, wrap), value);
    draft.inst.imm[0] = (u64)linear.scale;
    draft.inst.imm[1] = (u64)linear.add;
    if (!draft_use(t, &draft, linear.x)) return false;
    if (linear.y && !draft_use(t, &draft, linear.y)) return false;
    return push_wrapped(t, &draft, type);
}

static bool push_binary(Translator *t, Bytecode op, u32 value, u32 a, u32 b, u8 type) {
    Draft draft = draft_at(t, op, value);
    return draft_use(t, &draft, a) && draft_use(t, &draft, b) && push_wrapped(t, &draft, type);
}

static bool push_immediate(Translator *t, Bytecode op, u32 value, u32 a, i64 immediate, u8 type) {
    Draft draft = draft_at(t, op, value);
    draft.inst.imm[0] = (u64)immediate;
    return draft_use(t, &draft, a) && push_wrapped(t, &draft, type);
}

static bool select_add(Translator *t, u32 value, u8 type, u32 a, u32 b) {
    if (is_constant(t, a)) {
        u32 swap = a;
        a = b;
        b = swap;
    }
    Linear linear = take_linear(t, type, a, b);
    if (linear.scale != 1 || (linear.y && linear.add)) return push_linear(t, value, type, linear);
    if (!linear.y) {
        if (linear.add == (i16)linear.add)
            return push_immediate(t, wrapped(BC_ADD_64_I, wrap_of(type)), value, a, linear.add, type);
        return push_linear(t, value, type, linear);
    }
    // x * y + b
    for (u32 side = 0; side < 2; side++) {
        const IrInst *mul = sole_of_width(t, side ? a : b, IR_OP_MUL, type);
        if (!mul) continue;
        Draft draft = draft_at(t, wrapped(BC_MULR_ADD_64, wrap_of(type)), value);
        return draft_use(t, &draft, mul->args[0]) && draft_use(t, &draft, mul->args[1]) &&
               draft_use(t, &draft, side ? b : a) && push_wrapped(t, &draft, type);
    }
    return push_binary(t, wrapped(BC_ADD_64, wrap_of(type)), value, a, b, type);
}

static bool select_sub(Translator *t, u32 value, u8 type, u32 a, u32 b) {
    i64 number;
    if (imm32(t, b, &number) && fits32(-number)) {
        if (-number == (i16)-number)
            return push_immediate(t, wrapped(BC_ADD_64_I, wrap_of(type)), value, a, -number, type);
        return push_linear(t, value, type, (Linear){.x = a, .scale = 1, .add = -number});
    }
    if (imm32(t, a, &number)) return push_linear(t, value, type, (Linear){.x = b, .scale = -1, .add = number});
    u32 x;
    i64 scale;
    take_scaled(t, b, type, &x, &scale);
    if (scale != 1 && fits32(-scale)) return push_linear(t, value, type, (Linear){.x = x, .y = a, .scale = -scale});
    return push_binary(t, wrapped(BC_SUB_64, wrap_of(type)), value, a, b, type);
}

static bool select_mul(Translator *t, u32 value, u8 type, u32 a, u32 b) {
    i64 number;
    if (is_constant(t, a)) {
        u32 swap = a;
        a = b;
        b = swap;
    }
    if (imm32(t, b, &number)) return push_linear(t, value, type, (Linear){.x = a, .scale = number});
    return push_binary(t, wrapped(BC_MUL_64, wrap_of(type)), value, a, b, type);
}

// x << n joined with x >> (bits - n): how far x is turned to the left, 0 = it is none.
static i64 rotation(const Translator *t, u8 type, u32 a, u32 b) {
    const IrInst *left = sole_operand(t, a, IR_OP_SHL), *right = sole_operand(t, b, IR_OP_SHR);
    i64 up, down, bits = ir_bits(type);
    if ((type != IR_U32 && type != IR_U64) || !left || !right || left->type != type || right->type != type) return 0;
    if (value_of(t, left->args[0]) != value_of(t, right->args[0])) return 0;
    bool known = small_constant(t, left->args[1], 1, bits - 1, &up) &&
                 small_constant(t, right->args[1], 1, bits - 1, &down);
    return known && up + down == bits ? up : 0;
}

static bool select_bitwise(Translator *t, u32 value, u8 op, u32 a, u32 b) {
    i64 number;
    u8 type = inst_of(t, value)->type;
    i64 turned = op == IR_OP_AND ? 0 : rotation(t, type, a, b);
    if (op != IR_OP_AND && !turned && (turned = rotation(t, type, b, a)) != 0) a = b;
    if (turned) {
        u32 x = inst_of(t, value_of(t, a))->args[0];
        return push_immediate(t, type == IR_U32 ? BC_ROTL_U32 : BC_ROTL_64, value, x, turned, IR_I64);
    }
    // Canonical operands give a canonical result in every width.
    if (op == IR_OP_AND && imm16(t, b, &number)) return push_immediate(t, BC_AND_I, value, a, number, IR_I64);
    if (op == IR_OP_AND && imm16(t, a, &number)) return push_immediate(t, BC_AND_I, value, b, number, IR_I64);
    return push_binary(t, op == IR_OP_AND ? BC_AND : op == IR_OP_OR ? BC_OR : BC_XOR, value, a, b, IR_I64);
}

static bool select_shift(Translator *t, u32 value, u8 op, u8 type, u32 a, u32 b) {
    u64 mask = ir_bits(type) - 1, low, high;
    bool is_signed = ir_is_signed(type);
    if (constant_bits(t, value_of(t, b), &low, &high)) {
        i64 amount = (i64)(low & mask);
        if (op == IR_OP_SHR) return push_immediate(t, is_signed ? BC_SHR_S_I : BC_SHR_U_I, value, a, amount, IR_I64);
        return push_immediate(t, wrapped(BC_SHL_64_I, wrap_of(type)), value, a, amount, type);
    }
    Bytecode shift = op == IR_OP_SHL ? wrapped(BC_SHL_64, wrap_of(type))
                     : mask == 31    ? (is_signed ? BC_SHR_S32 : BC_SHR_U32)
                                     : (is_signed ? BC_SHR_S64 : BC_SHR_U64);
    if (wrap_of(type) != WRAP_NARROW) return push_binary(t, shift, value, a, b, IR_I64);
    // The amount of a narrow shift is taken modulo the width first.
    u32 amount = new_register(t, false);
    if (!amount) return false;
    Draft draft = draft_at(t, shift, value), cut = draft_at(t, BC_AND_I, value);
    if (!draft_use(t, &draft, a)) return false;
    draft_register(&draft, amount);
    cut.inst.dst = amount;
    cut.inst.imm[0] = mask;
    return push_wrapped(t, &draft, op == IR_OP_SHL ? type : IR_I64) && draft_use(t, &cut, b) && push_draft(t, &cut);
}

static bool is_power_of_two(u64 value) { return value && !(value & (value - 1)); }

// Division by a constant other than 0 and -1 never traps. False in *done where there is no better way than by a register.
static bool select_division_by(Translator *t, u32 value, u8 op, u8 type, u32 a, u64 divisor, bool *done) {
    bool is_signed = ir_is_signed(type), is_div = op == IR_OP_DIV;
    u64 magnitude = is_signed && (i64)divisor < 0 ? 0 - divisor : divisor;
    bool negative = magnitude != divisor;
    u32 log = 63 - (u32)__builtin_clzll(magnitude);
    *done = true;
    if (is_power_of_two(magnitude) && !negative) {
        if (is_signed) return push_immediate(t, is_div ? BC_DIV_POW2 : BC_REM_POW2, value, a, log, IR_I64);
        if (is_div) return push_immediate(t, BC_SHR_U_I, value, a, log, IR_I64);
        if (log < 15) return push_immediate(t, BC_AND_I, value, a, (i64)(divisor - 1), IR_I64);
    }
    *done = ir_bits(type) <= 32 && !negative && !is_power_of_two(magnitude);
    if (!*done) return true;
    Draft draft = draft_at(t,
                           is_signed ? (is_div ? BC_DIV_S32_K : BC_REM_S32_K)
                           : is_div  ? BC_DIV_U32_K
                                     : BC_REM_U32_K,
                           value);
    Reciprocal r = is_signed ? reciprocal_s32((u32)divisor) : reciprocal_u32((u32)divisor);
    draft.inst.imm[0] = r.shift;
    draft.inst.imm[1] = r.multiplier;
    draft.inst.imm[2] = divisor;
    return draft_use(t, &draft, a) && push_draft(t, &draft);
}

static bool constant_divisor(const Translator *t, u32 value, u8 type, u64 *divisor) {
    u64 high;
    if (!is_constant(t, value) || !constant_bits(t, value_of(t, value), divisor, &high)) return false;
    return *divisor != 0 && !(ir_is_signed(type) && (*divisor == ~(u64)0 || (i64)*divisor == INT64_MIN));
}

bool select_any_binary(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    Draft draft = draft_at(t, BC_BINARY, value);
    draft.inst.imm[0] = inst->op;
    draft.inst.imm[1] = inst->type;
    if (acts(t, value)) draft_observe(t, &draft, value);
    u32 second = inst->args[inst->op == IR_OP_NEG || inst->op == IR_OP_ONES ? 0 : 1];
    return draft_use(t, &draft, inst->args[0]) && draft_use(t, &draft, second) && push_draft(t, &draft);
}

static bool select_division(Translator *t, u32 value, u8 op, u8 type, u32 a, u32 b) {
    u64 divisor;
    bool constant = constant_divisor(t, b, type, &divisor), is_div = op == IR_OP_DIV;
    if (constant) {
        if (divisor == 1) return push_immediate(t, is_div ? BC_ADD_64_I : BC_AND_I, value, a, 0, IR_I64);
        bool done;
        if (!select_division_by(t, value, op, type, a, divisor, &done)) return false;
        if (done) return true;
    } else if (wrap_of(type) == WRAP_NARROW) {
        return select_any_binary(t, value);
    }
    // Only a quotient of the type's own width overflows where it must.
    Draft draft = draft_at(t, is_div ? BC_DIV_U64 : BC_REM_U64, value);
    if (type == IR_I32) draft.inst.op = is_div ? BC_DIV_S32 : BC_REM_S32;
    else if (ir_is_signed(type)) draft.inst.op = is_div ? BC_DIV_S64 : BC_REM_S64;
    if (!constant) draft_observe(t, &draft, value);
    return draft_use(t, &draft, a) && draft_use(t, &draft, b) && push_draft(t, &draft);
}

static bool select_arithmetic_128(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    Bytecode op;
    switch (inst->op) {
    case IR_OP_ADD: op = BC_ADD_128; break;
    case IR_OP_SUB: op = BC_SUB_128; break;
    case IR_OP_MUL: op = BC_MUL_128; break;
    default: return select_any_binary(t, value);
    }
    return push_binary(t, op, value, inst->args[0], inst->args[1], IR_I64);
}

bool select_arithmetic(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    u32 a = inst->args[0], b = inst->args[1];
    if (type_is_wide(inst->type)) return select_arithmetic_128(t, value);
    if (inst->op <= IR_OP_MUL || inst->op == IR_OP_NEG || inst->op == IR_OP_SHL)
        a = low_bits(t, a, ir_bits(inst->type));
    if (inst->op <= IR_OP_MUL) b = low_bits(t, b, ir_bits(inst->type));
    switch (inst->op) {
    case IR_OP_ADD: return select_add(t, value, inst->type, a, b);
    case IR_OP_SUB: return select_sub(t, value, inst->type, a, b);
    case IR_OP_MUL: return select_mul(t, value, inst->type, a, b);
    case IR_OP_NEG: return push_immediate(t, wrapped(BC_NEG_64, wrap_of(inst->type)), value, a, 0, inst->type);
    case IR_OP_AND:
    case IR_OP_OR:
    case IR_OP_XOR: return select_bitwise(t, value, inst->op, a, b);
    case IR_OP_SHL:
    case IR_OP_SHR: return select_shift(t, value, inst->op, inst->type, a, b);
    case IR_OP_ONES: return select_any_binary(t, value);
    default: return select_division(t, value, inst->op, inst->type, a, b);
    }
}

// ---- conversions ----

static bool push_unary(Translator *t, Bytecode op, u32 value, u64 first, u64 second) {
    Draft draft = draft_at(t, op, value);
    draft.inst.imm[0] = first;
    draft.inst.imm[1] = second;
    return draft_use(t, &draft, inst_of(t, value)->args[0]) && push_draft(t, &draft);
}

static Bytecode float_conversion(u8 to, u8 from) {
    if (to == IR_F64 && from == IR_F32) return BC_F64_OF_F32;
    if (to == IR_F32 && from == IR_F64) return BC_F32_OF_F64;
    if (to == IR_F64) return ir_is_signed(from) ? BC_F64_OF_S : BC_F64_OF_U;
    if (to == IR_F32) return ir_is_signed(from) ? BC_F32_OF_S : BC_F32_OF_U;
    return BC_CONVERT;
}

// 128 bits cut to at most 64, which their first slot has, or the second of what is shifted by 64.
static bool select_half(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value), *shift = sole_operand(t, inst->args[0], IR_OP_SHR);
    u64 amount, high;
    bool whole = ir_bits(inst->type) == 64;
    if (!whole || !shift || !constant_bits(t, value_of(t, shift->args[1]), &amount, &high) || amount != 64)
        return push_unary(t, whole ? BC_ADD_64_I : narrow_op(inst->type), value, 0, 0);
    Draft draft = draft_at(t, BC_HIGH, value);
    return draft_use(t, &draft, shift->args[0]) && push_draft(t, &draft);
}

bool select_convert(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    u8 to = inst->type, from = inst->arg_type;
    bool bits_only = inst->op == IR_OP_BITCAST;
    if (t->program->traced && !bits_only) return push_unary(t, BC_CONVERT, value, to, from);
    if (type_is_wide(to) || type_is_wide(from)) {
        if (type_is_wide(to) && !ir_is_float(from))
            return push_unary(t, ir_is_signed(from) ? BC_WIDEN_S : BC_WIDEN_U, value, 0, 0);
        return ir_is_int(to) && ir_is_int(from) ? select_half(t, value) : push_unary(t, BC_CONVERT, value, to, from);
    }
    if (from == IR_F64 && ir_is_int(to))
        return push_unary(t, ir_is_signed(to) ? BC_S_OF_F64 : BC_U_OF_F64, value, 64 - ir_bits(to), 0);
    if (!bits_only && (ir_is_float(to) || ir_is_float(from)))
        return push_unary(t, to == from ? BC_MOV : float_conversion(to, from), value, to, from);
    if (to == IR_BOOL) {
        if (bits_only) return push_unary(t, BC_AND_I, value, 1, 0);
        u32 zero = new_register(t, false);
        Draft draft = draft_at(t, BC_LT_U, value);
        draft.loads[draft.load_count++] = (Inst){.op = BC_LOAD_I, .dst = zero};
        draft_register(&draft, zero);
        return zero && draft_use(t, &draft, inst->args[0]) && push_draft(t, &draft);
    }
    Draft draft = draft_at(t, narrow_op(to), value);
    return draft_use(t, &draft, low_bits(t, inst->args[0], ir_bits(to))) && push_draft(t, &draft);
}
