// Rules by kind of operation; each stands for itself. A new form may be folded again at once, a bounded number of times.
// Rules are given a copy of the instruction: one that they add may move the list that it stands in. For the same reason they
// look at other instructions again, or note what they need of them, before they add any.
#include "opt/fold.h"

enum { REFOLDS = 4 };

// ---- looking at values ----

static IrInst *inst_of(const Folder *f, IrValue value) { return ir_inst(f->function, value); }

static bool is_const(const Folder *f, IrValue value, u128 *bits) {
    if (!opt_is_const(f->function, value)) return false;
    *bits = opt_const_bits(f->function, value);
    return true;
}

static bool is_number(const Folder *f, IrValue value, i64 number) {
    u128 bits;
    return is_const(f, value, &bits) && bits == eval_wrap128((IrType)inst_of(f, value)->type, (u128)(i128)number);
}

// a < b as b > a.
static u8 turned_round(u8 op) {
    switch (op) {
    case IR_OP_LT: return IR_OP_GT;
    case IR_OP_GT: return IR_OP_LT;
    case IR_OP_LE: return IR_OP_GE;
    case IR_OP_GE: return IR_OP_LE;
    default: return op;
    }
}

static u8 negated(u8 op) {
    switch (op) {
    case IR_OP_EQ: return IR_OP_NE;
    case IR_OP_NE: return IR_OP_EQ;
    case IR_OP_LT: return IR_OP_GE;
    case IR_OP_GE: return IR_OP_LT;
    case IR_OP_GT: return IR_OP_LE;
    case IR_OP_LE: return IR_OP_GT;
    default: return op;
    }
}

bool fold_is_not(const IrFunction *function, IrValue value, IrValue *operand) {
    const IrInst *inst = ir_inst(function, value);
    if (inst->op != IR_OP_XOR || inst->type != IR_BOOL || !opt_is_const(function, inst->args[1])) return false;
    *operand = inst->args[0];
    return opt_const_bits(function, inst->args[1]) == 1;
}

// ---- changing ----

static IrValue become_const(Folder *f, IrValue value, u128 bits) {
    opt_become_const(f->function, value, bits);
    return 0;
}

// What it makes comes from nowhere.
static IrBuilder in_front_of(const Folder *f, IrValue before) {
    IrBuilder b = ir_in_front_of(f->pass->module, f->function, before);
    b.site = 0;
    return b;
}

// A constant in front of `before`; 0 when memory is out.
static IrValue new_const(Folder *f, IrValue before, IrType type, u128 bits) {
    IrBuilder b = in_front_of(f, before);
    return ir_const128(&b, type, (u64)bits, (u64)(bits >> 64));
}

static IrValue become(Folder *f, IrValue value, u8 op, u8 arg_type, IrValue a, IrValue b) {
    IrInst *inst = inst_of(f, value);
    inst->op = op;
    inst->flags = 0;
    inst->arg_type = arg_type;
    inst->args[0] = a;
    inst->args[1] = b;
    inst->args[2] = inst->args[3] = 0;
    f->changed = true;
    return 0;
}

static IrValue become_not(Folder *f, IrValue value, IrValue operand) {
    IrValue one = new_const(f, value, IR_BOOL, 1);
    return one ? become(f, value, IR_OP_XOR, IR_BOOL, operand, one) : 0;
}

// ---- arithmetic ----

static bool is_ones(IrType type, u128 bits) { return bits == eval_wrap128(type, ~(u128)0); }

static IrValue fold_int_constant(Folder *f, IrValue value, const IrInst *inst, u128 c) {
    IrType type = (IrType)inst->type;
    IrValue x = inst->args[0];
    switch (inst->op) {
    case IR_OP_ADD:
    case IR_OP_OR:
    case IR_OP_XOR:
        if (c == 0) return x;
        if (inst->op == IR_OP_OR && is_ones(type, c)) return inst->args[1];
        return 0;
    case IR_OP_SUB: {
        if (c == 0) return x;
        IrValue minus = new_const(f, value, type, 0 - c);
        return minus ? become(f, value, IR_OP_ADD, inst->arg_type, x, minus) : 0;
    }
    case IR_OP_MUL: return c == 1 ? x : c == 0 ? inst->args[1] : 0;
    case IR_OP_DIV: return c == 1 ? x : 0;
    case IR_OP_REM: return c == 1 ? become_const(f, value, 0) : 0;
    case IR_OP_AND: return is_ones(type, c) ? x : c == 0 ? inst->args[1] : 0;
    case IR_OP_SHL:
    case IR_OP_SHR: return (u32)c % ir_bits(type) == 0 ? x : 0;
    default: return 0;
    }
}

static IrValue fold_same_operands(Folder *f, IrValue value, u8 op) {
    switch (op) {
    case IR_OP_SUB:
    case IR_OP_XOR: return become_const(f, value, 0);
    case IR_OP_AND:
    case IR_OP_OR: return inst_of(f, value)->args[0];
    default: return 0;
    }
}

// (x - y) + y and (x + y) - y are x.
static IrValue fold_undone(const Folder *f, const IrInst *inst) {
    bool adds = inst->op == IR_OP_ADD;
    if (!adds && inst->op != IR_OP_SUB) return 0;
    for (u32 i = 0; i < 1u + adds; i++) {
        const IrInst *first = inst_of(f, inst->args[i]);
        if (first->op != (adds ? IR_OP_SUB : IR_OP_ADD)) continue;
        if (first->args[1] == inst->args[!i]) return first->args[0];
        if (first->args[0] == inst->args[!i] && !adds) return first->args[1];
    }
    return 0;
}

// (x + a) + b is x + (a + b); so for the other operations that associate. (a - x) + b is (a + b) - x.
static IrValue fold_chain(Folder *f, IrValue value, const IrInst *inst, u128 outer) {
    if (inst->op == IR_OP_SUB || !opt_commutes(inst->op)) return 0;
    const IrInst *first = inst_of(f, inst->args[0]);
    IrType type = (IrType)inst->type;
    u32 a = first->args[0], b = first->args[1];
    u128 inner;
    if (inst->op == IR_OP_ADD && first->op == IR_OP_SUB && is_const(f, a, &inner)) {
        IrValue sum = new_const(f, value, type, inner + outer);
        return sum ? become(f, value, IR_OP_SUB, inst->arg_type, sum, b) : 0;
    }
    if (first->op != inst->op || first->type != type || !is_const(f, b, &inner)) return 0;
    TrapKind trap;
    u128 both = eval_binary((IrOp)inst->op, type, inner, outer, &trap);
    IrValue made = new_const(f, value, type, both);
    return made ? become(f, value, inst->op, inst->arg_type, a, made) : 0;
}

// A new instruction in front of `before`; 0 when memory is out.
static IrValue new_binary(Folder *f, IrValue before, u8 op, u8 type, IrValue a, IrValue b) {
    IrBuilder builder = in_front_of(f, before);
    return ir_binary(&builder, (IrOp)op, (IrType)type, a, b);
}

// (x + c) + y is (x + y) + c, (x + c) - y is (x - y) + c, (x + c) * d is x * d + c * d: constants go outwards, where they meet
// others, or become part of an address. Only where loops are repeated, so that the next turn's numbers are those of this one
// and a constant. y - (x + c) stays: where y is known to be no less than that sum, it is no index below 0.
static IrValue fold_outwards(Folder *f, IrValue value, const IrInst *inst) {
    u128 c, d;
    if (f->pass->level != OPT_O2) return 0;
    u32 sides = inst->op == IR_OP_ADD ? 2 : inst->op == IR_OP_SUB;
    for (u32 i = 0; i < sides; i++) {
        const IrInst *sum = inst_of(f, inst->args[i]);
        u32 x = sum->args[0], added = sum->args[1];
        if (sum->op != IR_OP_ADD || !opt_is_const(f->function, added) || opt_is_const(f->function, inst->args[!i]))
            continue;
        IrValue rest = new_binary(f, value, inst->op, inst->type, x, inst->args[!i]);
        return rest ? become(f, value, IR_OP_ADD, inst->arg_type, rest, added) : 0;
    }
    const IrInst *sum = inst_of(f, inst->args[0]);
    u32 x = sum->args[0];
    if (inst->op != IR_OP_MUL || sum->op != IR_OP_ADD || !is_const(f, sum->args[1], &c) ||
        !is_const(f, inst->args[1], &d))
        return 0;
    IrValue product = new_binary(f, value, IR_OP_MUL, inst->type, x, inst->args[1]);
    IrValue added = new_const(f, value, (IrType)inst->type, c * d);
    return product && added ? become(f, value, IR_OP_ADD, inst->arg_type, product, added) : 0;
}

static IrValue fold_not(Folder *f, IrValue value, const IrInst *inst) {
    IrValue operand;
    if (!fold_is_not(f->function, value, &operand)) return 0;
    const IrInst *negative = inst_of(f, operand);
    if (ir_is_compare(negative->op) &&
        (!ir_is_float((IrType)negative->arg_type) || negative->op == IR_OP_EQ || negative->op == IR_OP_NE))
        return become(f, value, negated(negative->op), negative->arg_type, negative->args[0], negative->args[1]);
    return fold_is_not(f->function, inst->args[0], &operand) ? operand : 0;
}

static IrValue fold_arithmetic(Folder *f, IrValue value, const IrInst *inst) {
    u128 a, b;
    bool right = is_const(f, inst->args[1], &b);
    if (right && is_const(f, inst->args[0], &a)) {
        TrapKind trap;
        u128 bits = eval_binary((IrOp)inst->op, (IrType)inst->type, a, b, &trap);
        return trap == TRAP_NONE ? become_const(f, value, bits) : 0;
    }
    if (ir_is_float((IrType)inst->type)) return 0;
    if (inst->args[0] == inst->args[1]) return fold_same_operands(f, value, inst->op);
    IrValue by = fold_undone(f, inst);
    if (by) return by;
    if (!right) return fold_outwards(f, value, inst);
    by = fold_int_constant(f, value, inst, b);
    if (by || f->changed || inst_of(f, value)->op != inst->op) return by;
    by = fold_chain(f, value, inst, b);
    if (by || f->changed) return by;
    if (inst->op == IR_OP_XOR) by = fold_not(f, value, inst);
    return by || f->changed ? by : fold_outwards(f, value, inst);
}

// ---- comparisons ----

// A comparison of a bool with a constant is the bool or its negation.
static IrValue fold_bool_compare(Folder *f, IrValue value, const IrInst *inst, u128 c) {
    if (inst->op != IR_OP_EQ && inst->op != IR_OP_NE) return 0;
    bool same = (inst->op == IR_OP_EQ) == (c == 1);
    return same ? inst->args[0] : become_not(f, value, inst->args[0]);
}

// A number made of a bool compared with a constant.
static IrValue fold_converted_compare(Folder *f, IrValue value, const IrInst *inst, u128 c) {
    const IrInst *from = inst_of(f, inst->args[0]);
    IrValue operand = from->args[0];
    if (from->op != IR_OP_CONVERT || from->arg_type != IR_BOOL || (inst->op != IR_OP_EQ && inst->op != IR_OP_NE))
        return 0;
    if (c > 1) return become_const(f, value, inst->op == IR_OP_NE);
    bool same = (inst->op == IR_OP_EQ) == (c == 1);
    return same ? operand : become_not(f, value, operand);
}

// x + a == b is x == b - a.
static IrValue fold_sum_compare(Folder *f, IrValue value, const IrInst *inst, u128 c) {
    const IrInst *sum = inst_of(f, inst->args[0]);
    IrValue x = sum->args[0];
    u128 added;
    if ((inst->op != IR_OP_EQ && inst->op != IR_OP_NE) || sum->op != IR_OP_ADD || !is_const(f, sum->args[1], &added))
        return 0;
    IrValue made = new_const(f, value, (IrType)inst->arg_type, c - added);
    return made ? become(f, value, inst->op, inst->arg_type, x, made) : 0;
}

static IrValue fold_compare(Folder *f, IrValue value, const IrInst *inst) {
    u128 a, b;
    IrType type = (IrType)inst->arg_type;
    bool right = is_const(f, inst->args[1], &b);
    if (right && is_const(f, inst->args[0], &a))
        return become_const(f, value, eval_compare((IrOp)inst->op, type, a, b));
    if (ir_is_float(type)) return 0;
    if (inst->args[0] == inst->args[1])
        return become_const(f, value, inst->op == IR_OP_EQ || inst->op == IR_OP_LE || inst->op == IR_OP_GE);
    if (!right) return 0;
    if (type == IR_BOOL) return fold_bool_compare(f, value, inst, b);
    if (!ir_is_int(type)) return 0;
    IrValue by = fold_converted_compare(f, value, inst, b);
    if (by || f->changed || inst_of(f, value)->op != inst->op) return by;
    return fold_sum_compare(f, value, inst, b);
}

// ---- conversions ----

// Whether every value of `from` is kept by the integer type `to`.
static bool keeps_value(IrType to, IrType from) {
    if (!ir_is_int(to) || (!ir_is_int(from) && from != IR_BOOL)) return false;
    if (ir_is_signed(from)) return ir_is_signed(to) && ir_bits(to) >= ir_bits(from);
    return ir_bits(to) > ir_bits(from) || (ir_bits(to) == ir_bits(from) && !ir_is_signed(to));
}

static IrValue fold_convert(Folder *f, IrValue value, const IrInst *inst) {
    IrType to = (IrType)inst->type, from = (IrType)inst->arg_type;
    u128 bits;
    if (to == from) return inst->args[0];
    if (is_const(f, inst->args[0], &bits)) return become_const(f, value, eval_convert_any(to, from, bits));
    const IrInst *first = inst_of(f, inst->args[0]);
    if (first->op != IR_OP_CONVERT || !ir_is_int(from)) return 0;
    IrType origin = (IrType)first->arg_type;
    bool whole = keeps_value(from, origin); // the value in between is still the original number
    bool cut = ir_is_int(to) && ir_is_int(origin) && ir_bits(to) <= ir_bits(from); // only low bits count in the end
    if (!whole && !cut) return 0;
    if (to == origin) return first->args[0];
    if (to == IR_BOOL && !whole) return 0;
    return become(f, value, IR_OP_CONVERT, (u8)origin, first->args[0], 0);
}

static IrValue fold_bitcast(Folder *f, IrValue value, const IrInst *inst) {
    u128 bits;
    if (inst->type == inst->arg_type) return inst->args[0];
    if (is_const(f, inst->args[0], &bits)) return become_const(f, value, eval_bitcast((IrType)inst->type, bits));
    const IrInst *first = inst_of(f, inst->args[0]);
    if (first->op != IR_OP_BITCAST) return 0;
    if (first->arg_type == inst->type) return first->args[0];
    return become(f, value, IR_OP_BITCAST, first->arg_type, first->args[0], 0);
}

// ---- the rest ----

static IrValue fold_select(Folder *f, IrValue value, const IrInst *inst) {
    u128 condition;
    IrValue operand, yes = inst->args[1], no = inst->args[2];
    if (is_const(f, inst->args[0], &condition)) return condition ? yes : no;
    if (yes == no) return yes;
    if (fold_is_not(f->function, inst->args[0], &operand)) {
        become(f, value, IR_OP_SELECT, inst->arg_type, operand, no);
        inst_of(f, value)->args[2] = yes;
        return 0;
    }
    if (inst->type != IR_BOOL) return 0;
    if (is_number(f, yes, 1) && is_number(f, no, 0)) return inst->args[0];
    if (is_number(f, yes, 0) && is_number(f, no, 1)) return become_not(f, value, inst->args[0]);
    if (is_number(f, no, 0)) return become(f, value, IR_OP_AND, IR_BOOL, inst->args[0], yes);
    if (is_number(f, yes, 1)) return become(f, value, IR_OP_OR, IR_BOOL, inst->args[0], no);
    return 0;
}

static IrValue fold_neg(Folder *f, IrValue value, const IrInst *inst) {
    u128 bits;
    if (is_const(f, inst->args[0], &bits))
        return become_const(f, value, eval_unary(IR_OP_NEG, (IrType)inst->type, bits));
    const IrInst *first = inst_of(f, inst->args[0]);
    return first->op == IR_OP_NEG ? first->args[0] : 0;
}

// Constants to the right, where the rules look for them.
static void order_operands(Folder *f, IrInst *inst) {
    u32 a = inst->args[0];
    if ((!opt_commutes(inst->op) && !ir_is_compare(inst->op)) || !opt_is_const(f->function, a) ||
        opt_is_const(f->function, inst->args[1]))
        return;
    inst->args[0] = inst->args[1];
    inst->args[1] = a;
    if (ir_is_compare(inst->op)) inst->op = turned_round(inst->op);
}

static IrValue fold_once(Folder *f, IrValue value) {
    order_operands(f, inst_of(f, value));
    const IrInst inst = *inst_of(f, value);
    if (ir_is_compare(inst.op)) return fold_compare(f, value, &inst);
    if (ir_op_info[inst.op].shape == SHAPE_VV) return fold_arithmetic(f, value, &inst);
    switch (inst.op) {
    case IR_OP_CONVERT: return fold_convert(f, value, &inst);
    case IR_OP_BITCAST: return fold_bitcast(f, value, &inst);
    case IR_OP_SELECT: return fold_select(f, value, &inst);
    case IR_OP_NEG: return fold_neg(f, value, &inst);
    default: return 0;
    }
}

IrValue fold_value(Folder *f, IrValue value) {
    f->changed = true;
    IrValue by = 0;
    for (u32 i = 0; i < REFOLDS && f->changed && !by; i++) {
        f->changed = false;
        by = fold_once(f, value);
    }
    return by;
}
