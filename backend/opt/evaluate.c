// See evaluate.h.
#include "opt/evaluate.h"

enum { STEPS_BACK = 4 }; // operations between a parameter and the value

static bool evaluate(const IrFunction *function, IrValue value, const Known *known, u32 depth, u128 *bits) {
    const IrInst *inst = ir_inst(function, value);
    u128 a, b;
    TrapKind trap;
    if (inst->op == IR_OP_CONST) {
        *bits = opt_const_bits(function, value);
        return true;
    }
    if (inst->op == IR_OP_PARAM) {
        u32 index = inst->args[0];
        if (!known || inst->block != known->block || index >= KNOWN_PARAMS) return false;
        *bits = known->bits[index];
        return known->is_known[index];
    }
    bool compares = ir_is_compare(inst->op);
    bool computes = inst->op == IR_OP_ADD || inst->op == IR_OP_SUB || inst->op == IR_OP_MUL || inst->op == IR_OP_AND ||
                    inst->op == IR_OP_OR || inst->op == IR_OP_XOR;
    if (depth == 0 || !(compares || computes || inst->op == IR_OP_CONVERT)) return false;
    if (!evaluate(function, inst->args[0], known, depth - 1, &a)) return false;
    if (inst->op == IR_OP_CONVERT) {
        *bits = eval_convert_any((IrType)inst->type, (IrType)inst->arg_type, a);
        return true;
    }
    if (!evaluate(function, inst->args[1], known, depth - 1, &b)) return false;
    if (compares) *bits = eval_compare((IrOp)inst->op, (IrType)inst->arg_type, a, b);
    else *bits = eval_binary((IrOp)inst->op, (IrType)inst->type, a, b, &trap);
    return true;
}

bool known_value(const IrFunction *function, IrValue value, const Known *known, u128 *bits) {
    return evaluate(function, value, known, STEPS_BACK, bits);
}

Known known_along(const IrFunction *function, const IrEdge *edge, const Known *known) {
    Known next = {.block = edge->target};
    for (u32 i = 0; i < edge->arg_count && i < KNOWN_PARAMS; i++)
        next.is_known[i] = known_value(function, function->lists.items[edge->args + i], known, &next.bits[i]);
    return next;
}
