// Arithmetic, comparisons and casts (spec 9): the operation follows from the types.
#include "jsrs/lower_internal.h"

IrValue emit_binary(Body *body, const JsrsInst *inst, IrOp op) {
    IrType to = value_scalar(body, inst->result), type = to;
    if (to == IR_VOID) return emit_trap(body, TRAP_TYPE), 0;
    bool logical = op == IR_OP_AND || op == IR_OP_OR || op == IR_OP_XOR;
    // Two Bools give a Bool whatever the instruction says (9.2).
    if (logical && value_scalar(body, inst->a) == IR_BOOL && value_scalar(body, inst->b) == IR_BOOL) type = IR_BOOL;
    bool exists = type == IR_BOOL ? logical : ir_is_int(type) || (op <= IR_OP_DIV && ir_is_float(type));
    if (!exists) return emit_trap(body, TRAP_TYPE), ir_const(&body->b, to, 0);
    IrValue a = value_as_scalar(body, inst->a, type), b = value_as_scalar(body, inst->b, type);
    return value_converted(body, ir_binary(&body->b, op, type, a, b), type, to);
}

IrValue emit_negation(Body *body, const JsrsInst *inst) {
    IrType type = value_scalar(body, inst->result);
    if (!ir_is_int(type) && !ir_is_float(type))
        return emit_trap(body, TRAP_TYPE), type == IR_VOID ? 0 : ir_const(&body->b, type, 0);
    return ir_emit(&body->b, IR_OP_NEG, type, type, value_as_scalar(body, inst->a, type), 0, 0, 0);
}

static IrOp compare_op(u8 compare) {
    static const u8 ops[] = {IR_OP_EQ, IR_OP_NE, IR_OP_LT, IR_OP_LE, IR_OP_GT,
                             IR_OP_GE, IR_OP_LT, IR_OP_LE, IR_OP_GT, IR_OP_GE};
    return (IrOp)ops[compare];
}

// An Int type that holds every number of both; VOID: u128 with a signed type.
static IrType common_int(IrType a, IrType b) {
    if (a == b) return a;
    if (a == IR_U128 || b == IR_U128) return ir_is_signed(a) || ir_is_signed(b) ? IR_VOID : IR_U128;
    return ir_bits(a) <= 32 && ir_bits(b) <= 32 ? IR_I64 : IR_I128;
}

// u128 against a signed number: negative ones are less than every u128.
static IrValue compare_mixed(Body *body, IrOp op, IrValue a, IrType type_a, IrValue b, IrType type_b) {
    IrBuilder *builder = &body->b;
    bool a_signed = ir_is_signed(type_a);
    IrValue number = a_signed ? a : b;
    IrType type = a_signed ? type_a : type_b;
    IrValue negative = ir_compare(builder, IR_OP_LT, type, number, ir_const(builder, type, 0));
    IrValue x = ir_convert(builder, IR_U128, type_a, a), y = ir_convert(builder, IR_U128, type_b, b);
    IrValue exact = ir_compare(builder, op, IR_U128, x, y);
    bool less = op == IR_OP_LT || op == IR_OP_LE || op == IR_OP_NE,
         greater = op == IR_OP_GT || op == IR_OP_GE || op == IR_OP_NE;
    IrValue if_negative = ir_const(builder, IR_BOOL, a_signed ? less : greater);
    return ir_emit(builder, IR_OP_SELECT, IR_BOOL, IR_VOID, negative, if_negative, exact, 0);
}

static IrValue compare_ints(Body *body, const JsrsInst *inst, IrType type_a, IrType type_b) {
    IrOp op = compare_op(inst->compare);
    i64 ignored;
    bool constant_a = body_constant(body, inst->a, &ignored), constant_b = body_constant(body, inst->b, &ignored);
    IrType type;
    if (type_a == IR_BOOL && type_b == IR_BOOL) type = IR_U8;
    else if (type_a == IR_BOOL) type = type_b;
    else if (type_b == IR_BOOL) type = type_a;
    else if (constant_a != constant_b) type = constant_a ? type_b : type_a; // the constant takes the other's type (9.3)
    else type = common_int(type_a, type_b);
    if (type == IR_VOID)
        return compare_mixed(body, op, value_as_scalar(body, inst->a, type_a), type_a,
                             value_as_scalar(body, inst->b, type_b), type_b);
    return ir_compare(&body->b, op, type, value_as_scalar(body, inst->a, type), value_as_scalar(body, inst->b, type));
}

IrValue emit_compare(Body *body, const JsrsInst *inst) {
    IrType a = value_scalar(body, inst->a), b = value_scalar(body, inst->b);
    bool pointers = type_passed(body->g, body->types[inst->a]) == IR_PTR &&
                    type_passed(body->g, body->types[inst->b]) == IR_PTR;
    if (pointers) {
        if (inst->compare > CMP_NE) return emit_trap(body, TRAP_POINTER_COMPARE), ir_const(&body->b, IR_BOOL, 0);
        return ir_compare(&body->b, compare_op(inst->compare), IR_PTR, value_address(body, inst->a),
                          value_address(body, inst->b));
    }
    bool ints = (ir_is_int(a) || a == IR_BOOL) && (ir_is_int(b) || b == IR_BOOL);
    if (ints) return compare_ints(body, inst, a, b);
    if (!ir_is_float(a) || !ir_is_float(b)) return emit_trap(body, TRAP_TYPE), ir_const(&body->b, IR_BOOL, 0);
    IrType type = a == b ? a : IR_F64;
    return ir_compare(&body->b, compare_op(inst->compare), type, value_as_scalar(body, inst->a, type),
                      value_as_scalar(body, inst->b, type));
}

static IrValue bitcast(Body *body, const JsrsInst *inst, IrType from, IrType to) {
    if (from == to) return body->ir[inst->a];
    bool allowed = from != IR_VOID && to != IR_VOID && to != IR_BOOL &&
                   ir_type_info[from].size == ir_type_info[to].size;
    if (!allowed) return emit_trap(body, TRAP_TYPE), to == IR_VOID ? 0 : ir_const(&body->b, to, 0);
    return ir_emit(&body->b, IR_OP_BITCAST, to, from, value_as_scalar(body, inst->a, from), 0, 0, 0);
}

IrValue emit_cast(Body *body, const JsrsInst *inst) {
    IrType from = value_scalar(body, inst->a), to = value_scalar(body, inst->result);
    switch (inst->op) {
    case JSRS_BITCAST: return bitcast(body, inst, from, to);
    case JSRS_TRUNC:
    case JSRS_SEXT:
    case JSRS_ZEXT: {
        // The number of the source by its written type.
        IrType written = ty_ir_scalar(body->l->m, inst->type2);
        if (written != IR_VOID && to != IR_VOID)
            return value_converted(body, value_as_scalar(body, inst->a, written), written, to);
        break;
    }
    default:
        if (from != IR_VOID && to != IR_VOID && ir_is_float(from) != ir_is_float(to))
            return ir_convert(&body->b, to, from, value_as_scalar(body, inst->a, from));
    }
    return emit_trap(body, TRAP_TYPE), to == IR_VOID ? 0 : ir_const(&body->b, to, 0);
}
