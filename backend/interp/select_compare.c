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

// The one of four kinds that follow each other in bytecode.def; order is told apart by the sign behind those.
static u32 relation(const Comparison *c) {
    return c->op == IR_OP_EQ ? 0 : c->op == IR_OP_NE ? 1 : c->op == IR_OP_LT ? 2 : 3;
}

// To a bool there are EQ and LT, of floats LE too; the others are the opposite of one.
static bool push_compare(Translator *t, Draft *draft, Comparison *c) {
    u32 kind = relation(c);
    bool is_float = ir_is_float(c->type), opposite = kind == 1 || (kind == 3 && !is_float);
    if (opposite && kind == 3 && !c->has_immediate) {
        u32 swap = c->a;
        c->a = c->b;
        c->b = swap;
    }
    if (opposite) {
        Inst negate = {.op = BC_EQ_I, .uses = 1, .dst = draft->inst.dst, .use = {new_register(t, false)}};
        draft->inst.dst = negate.use[0];
        if (!negate.use[0] || !push_inst(t, &negate)) return false;
    }
    Bytecode equal = c->type == IR_F64 ? BC_EQ_F64 : is_float ? BC_EQ_F32 : c->has_immediate ? BC_EQ_I : BC_EQ;
    draft->inst.op = (u16)(equal + (kind < 2 ? 0 : is_float ? kind - 1 : ir_is_signed(c->type) ? 1 : 2));
    draft->inst.imm[0] = (u64)c->immediate;
    return draft_use(t, draft, c->a) && (c->has_immediate || draft_use(t, draft, c->b)) && push_draft(t, draft);
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
    return push_compare(t, &draft, &c);
}

// ---- branches ----

enum { NEGATIONS_MAX = 4 };

// A branch has a short and a long form.
static Bytecode branch_op(const Comparison *c) {
    Bytecode equal = c->type == IR_F64 ? BC_J_EQ_F64 : c->has_immediate ? BC_J_EQ_I : BC_J_EQ;
    u32 kind = relation(c);
    return (Bytecode)(equal + 2 * kind + (kind > 1 && c->type != IR_F64 && !ir_is_signed(c->type) ? 4 : 0));
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

// Opposites stand side by side, but for floats and where operands change places.
Bytecode inverse_branch(Bytecode op, u32 *use) {
    if (op >= BC_J_LT_F64 && op <= BC_J_NLE_F64) return (Bytecode)(op < BC_J_NLT_F64 ? op + 4 : op - 4);
    if (op >= BC_J_LT_S && op <= BC_J_LE_U) {
        u32 first = use[0];
        use[0] = use[1];
        use[1] = first;
    }
    return (Bytecode)(BC_J_EQ + ((op - BC_J_EQ) ^ 2));
}
