// Instructions for float arithmetic: multiply and add in one dispatch (with both roundings).
#include "interp/select.h"

#pragma STDC FP_CONTRACT OFF

static bool push_registers(Translator *t, Bytecode op, u32 value, const u32 *operands, u32 count) {
    Draft draft = draft_at(t, op, value);
    for (u32 i = 0; i < count; i++)
        if (!draft_use(t, &draft, operands[i])) return false;
    return push_draft(t, &draft);
}

// A product used here only.
static const IrInst *sole_product(const Translator *t, u32 value) {
    const IrInst *mul = sole_operand(t, value, IR_OP_MUL);
    return mul && mul->type == IR_F64 ? mul : NULL;
}

static bool select_sum(Translator *t, u32 value, u32 a, u32 b, bool subtract) {
    const IrInst *left = sole_product(t, a), *right = sole_product(t, b);
    if (left && right && left != right)
        return push_registers(t, subtract ? BC_DOT_SUB_F64 : BC_DOT_ADD_F64, value,
                              (u32[]){left->args[0], left->args[1], right->args[0], right->args[1]}, 4);
    if (right)
        return push_registers(t, subtract ? BC_MUL_RSUB_F64 : BC_MUL_ADD_F64, value,
                              (u32[]){right->args[0], right->args[1], a}, 3);
    if (left)
        return push_registers(t, subtract ? BC_MUL_SUB_F64 : BC_MUL_ADD_F64, value,
                              (u32[]){left->args[0], left->args[1], b}, 3);
    return push_registers(t, subtract ? BC_SUB_F64 : BC_ADD_F64, value, (u32[]){a, b}, 2);
}

bool select_float(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    bool is_f64 = inst->type == IR_F64;
    if (is_f64 && (inst->op == IR_OP_ADD || inst->op == IR_OP_SUB))
        return select_sum(t, value, inst->args[0], inst->args[1], inst->op == IR_OP_SUB);
    Bytecode op = inst->op == IR_OP_ADD   ? BC_ADD_F32
                  : inst->op == IR_OP_SUB ? BC_SUB_F32
                  : inst->op == IR_OP_MUL ? (is_f64 ? BC_MUL_F64 : BC_MUL_F32)
                  : inst->op == IR_OP_DIV ? (is_f64 ? BC_DIV_F64 : BC_DIV_F32)
                                          : (is_f64 ? BC_NEG_F64 : BC_NEG_F32);
    return push_registers(t, op, value, inst->args, inst->op == IR_OP_NEG ? 1 : 2);
}
