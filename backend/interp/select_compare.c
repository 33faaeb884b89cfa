// Instructions for comparisons: to a bool, or fused with the branch that uses it.
#include "interp/select.h"

// A comparison brought to one of few forms: GT and GE turned round, constants on the right.
typedef struct Comparison {
    u8 op;   // IR_OP_EQ, NE, LT, LE in registers; EQ, NE, LT, GE with an immediate
    u8 type; // of the operands
    u32 a, b;
    bool has_immediate;
    i64 immediate;
} Comparison;

static u8 turned_round(u8 op) {
    switch (op) {
    case IR_OP_LT: return IR_OP_GT;
    case IR_OP_LE: return IR_OP_GE;
    case IR_OP_GT: return IR_OP_LT;
    case IR_OP_GE: return IR_OP_LE;
    default: return op;
    }
}

// Brings LE and GT with a constant to LT and GE of the next number; false when there is none in range.
static bool adjust_immediate(Comparison *c, i64 max) {
    if (c->op != IR_OP_LE && c->op != IR_OP_GT) return true;
    if (c->immediate >= max) return false;
    c->immediate++;
    c->op = c->op == IR_OP_LE ? IR_OP_LT : IR_OP_GE;
    return true;
}

static Comparison comparison_of(const Translator *t, const IrInst *inst, i64 min, i64 max) {
    Comparison c = {.op = inst->op, .type = inst->arg_type, .a = inst->args[0], .b = inst->args[1]};
    bool integers = !ir_is_float(c.type) && !type_is_wide(c.type);
    i64 number;
    if (integers && small_constant(t, c.a, min, max, &number)) {
        u32 swap = c.a;
        c.a = c.b;
        c.b = swap;
        c.op = turned_round(c.op);
    }
    // An immediate is extended with its sign, so unsigned numbers keep out of its upper half.
    i64 low = ir_is_signed(c.type) ? min : 0;
    if (integers && small_constant(t, c.b, low, max, &c.immediate)) {
        c.has_immediate = adjust_immediate(&c, max);
        if (c.has_immediate) return c;
    }
    if (c.op == IR_OP_GT || c.op == IR_OP_GE) {
        u32 swap = c.a;
        c.a = c.b;
        c.b = swap;
        c.op = turned_round(c.op);
    }
    return c;
}

static Bytecode compare_op(const Comparison *c) {
    bool is_signed = ir_is_signed(c->type);
    if (c->has_immediate) {
        switch (c->op) {
        case IR_OP_EQ: return BC_EQ_I;
        case IR_OP_NE: return BC_NE_I;
        case IR_OP_LT: return is_signed ? BC_LT_S_I : BC_LT_U_I;
        default: return is_signed ? BC_GE_S_I : BC_GE_U_I;
        }
    }
    if (c->type == IR_F64) {
        return c->op == IR_OP_EQ   ? BC_EQ_F64
               : c->op == IR_OP_NE ? BC_NE_F64
               : c->op == IR_OP_LT ? BC_LT_F64
                                   : BC_LE_F64;
    }
    if (c->type == IR_F32) {
        return c->op == IR_OP_EQ   ? BC_EQ_F32
               : c->op == IR_OP_NE ? BC_NE_F32
               : c->op == IR_OP_LT ? BC_LT_F32
                                   : BC_LE_F32;
    }
    switch (c->op) {
    case IR_OP_EQ: return BC_EQ;
    case IR_OP_NE: return BC_NE;
    case IR_OP_LT: return is_signed ? BC_LT_S : BC_LT_U;
    default: return is_signed ? BC_LE_S : BC_LE_U;
    }
}

bool select_compare(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    Draft draft = draft_at(t, BC_COMPARE, value);
    if (t->program->traced || type_is_wide(inst->arg_type)) {
        draft.inst.imm[0] = inst->op;
        draft.inst.imm[1] = inst->arg_type;
        return draft_use(t, &draft, inst->args[0]) && draft_use(t, &draft, inst->args[1]) && push_draft(t, &draft);
    }
    Comparison c = comparison_of(t, inst, INT16_MIN, INT16_MAX);
    draft.inst.op = compare_op(&c);
    draft.inst.imm[0] = (u64)c.immediate;
    return draft_use(t, &draft, c.a) && (c.has_immediate || draft_use(t, &draft, c.b)) && push_draft(t, &draft);
}

// ---- branches ----

enum { NEGATIONS_MAX = 4 };

static Bytecode branch_op(const Comparison *c) {
    switch (compare_op(c)) {
    case BC_EQ: return BC_J_EQ;
    case BC_NE: return BC_J_NE;
    case BC_LT_S: return BC_J_LT_S;
    case BC_LE_S: return BC_J_LE_S;
    case BC_LT_U: return BC_J_LT_U;
    case BC_LE_U: return BC_J_LE_U;
    case BC_EQ_I: return BC_J_EQ_I;
    case BC_NE_I: return BC_J_NE_I;
    case BC_LT_S_I: return BC_J_LT_S_I;
    case BC_GE_S_I: return BC_J_GE_S_I;
    case BC_LT_U_I: return BC_J_LT_U_I;
    case BC_GE_U_I: return BC_J_GE_U_I;
    case BC_EQ_F64: return BC_J_EQ_F64;
    case BC_NE_F64: return BC_J_NE_F64;
    case BC_LT_F64: return BC_J_LT_F64;
    default: return BC_J_LE_F64;
    }
}

// Whether masked bits, or a remainder by a power of two, are zero.
static bool branch_on_bits(Translator *t, const Comparison *c, Draft *out, bool *done) {
    const IrInst *rem = sole_operand(t, c->a, IR_OP_REM), *mask = sole_operand(t, c->a, IR_OP_AND);
    i64 number;
    u32 tested = 0;
    if (rem && small_constant(t, rem->args[1], 2, INT16_MAX, &number) && (number & (number - 1)) == 0)
        number--, tested = rem->args[0];
    else if (mask && imm32(t, mask->args[1], &number)) tested = mask->args[0];
    else if (mask && imm32(t, mask->args[0], &number)) tested = mask->args[1];
    *done = tested != 0;
    if (!tested) return true;
    out->inst.op = c->op == IR_OP_EQ ? BC_J_ZERO_BITS : BC_J_SOME_BITS;
    out->inst.imm[0] = (u64)number;
    return draft_use(t, out, tested);
}

static bool branch_on_comparison(Translator *t, const IrInst *inst, Draft *out) {
    Comparison c = comparison_of(t, inst, INT32_MIN, INT32_MAX);
    if (c.has_immediate && c.immediate == 0 && (c.op == IR_OP_EQ || c.op == IR_OP_NE)) {
        bool done;
        if (!branch_on_bits(t, &c, out, &done)) return false;
        if (done) return true;
    }
    out->inst.op = branch_op(&c);
    out->inst.imm[0] = (u64)c.immediate;
    return draft_use(t, out, c.a) && (c.has_immediate || draft_use(t, out, c.b));
}

bool select_branch(Translator *t, u32 condition, Draft *out) {
    *out = (Draft){0};
    bool negated = false;
    u32 value = value_of(t, condition);
    const IrInst *inst = inst_of(t, value);
    // !x is written xor with true, or a comparison of bools with false.
    for (u32 depth = 0; depth < NEGATIONS_MAX && inst->block == t->block; depth++) {
        i64 number;
        bool is_not = inst->op == IR_OP_XOR && inst->type == IR_BOOL && imm16(t, inst->args[1], &number) && number == 1;
        bool is_zero = inst->op == IR_OP_EQ && inst->arg_type == IR_BOOL && imm16(t, inst->args[1], &number) &&
                       number == 0;
        if (!is_not && !is_zero) break;
        negated = !negated;
        value = value_of(t, inst->args[0]);
        inst = inst_of(t, value);
    }
    bool fusable = ir_is_compare(inst->op) && !t->program->traced && inst->block == t->block &&
                   inst->arg_type != IR_F32 && !type_is_wide(inst->arg_type);
    if (fusable) {
        if (!branch_on_comparison(t, inst, out)) return false;
        if (negated) out->inst.op = (u16)inverse_branch((Bytecode)out->inst.op, out->inst.use);
        return true;
    }
    out->inst.op = negated ? BC_J_EQ_I : BC_J_NE_I;
    return draft_use(t, out, value);
}

Bytecode inverse_branch(Bytecode op, u32 *use) {
    bool swap = false;
    switch (op) {
    case BC_J_EQ: return BC_J_NE;
    case BC_J_NE: return BC_J_EQ;
    case BC_J_LT_S: op = BC_J_LE_S, swap = true; break;
    case BC_J_LE_S: op = BC_J_LT_S, swap = true; break;
    case BC_J_LT_U: op = BC_J_LE_U, swap = true; break;
    case BC_J_LE_U: op = BC_J_LT_U, swap = true; break;
    case BC_J_EQ_I: return BC_J_NE_I;
    case BC_J_NE_I: return BC_J_EQ_I;
    case BC_J_LT_S_I: return BC_J_GE_S_I;
    case BC_J_GE_S_I: return BC_J_LT_S_I;
    case BC_J_LT_U_I: return BC_J_GE_U_I;
    case BC_J_GE_U_I: return BC_J_LT_U_I;
    case BC_J_EQ_F64: return BC_J_NE_F64;
    case BC_J_NE_F64: return BC_J_EQ_F64;
    case BC_J_LT_F64: return BC_J_NLT_F64;
    case BC_J_LE_F64: return BC_J_NLE_F64;
    case BC_J_NLT_F64: return BC_J_LT_F64;
    case BC_J_NLE_F64: return BC_J_LE_F64;
    case BC_J_ZERO_BITS: return BC_J_SOME_BITS;
    default: return BC_J_ZERO_BITS;
    }
    if (swap) {
        u32 first = use[0];
        use[0] = use[1];
        use[1] = first;
    }
    return op;
}
