// Instructions for float arithmetic: constants as operands, multiply and add in one dispatch (with both roundings).
#include "interp/select.h"

#pragma STDC FP_CONTRACT OFF

static bool constant_f64(const Translator *t, u32 value, u64 *bits) {
    u64 high;
    const IrInst *inst = inst_of(t, value_of(t, value));
    return inst->op == IR_OP_CONST && inst->type == IR_F64 && constant_bits(t, value_of(t, value), bits, &high);
}

static bool push_k(Translator *t, Bytecode op, u32 value, u32 a, u64 bits) {
    Draft draft = draft_at(t, op, value);
    draft.inst.imm[0] = bits;
    return draft_use(t, &draft, a) && push_draft(t, &draft);
}

static bool push_registers(Translator *t, Bytecode op, u32 value, const u32 *operands, u32 count) {
    Draft draft = draft_at(t, op, value);
    for (u32 i = 0; i < count; i++)
        if (!draft_use(t, &draft, operands[i])) return false;
    return push_draft(t, &draft);
}

// A product used here only, with its constant factor, if it has one, in `k`.
static const IrInst *sole_product(const Translator *t, u32 value, u32 *x, bool *has_k, u64 *k) {
    const IrInst *mul = sole_operand(t, value, IR_OP_MUL);
    if (!mul || mul->type != IR_F64) return NULL;
    *has_k = constant_f64(t, mul->args[1], k);
    *x = mul->args[0];
    if (!*has_k && constant_f64(t, mul->args[0], k)) *has_k = true, *x = mul->args[1];
    return mul;
}

static bool select_sum(Translator *t, u32 value, u32 a, u32 b, bool subtract) {
    u64 k, right_k, constant;
    u32 x, right_x;
    bool has_k, right_has_k;
    const IrInst *left = sole_product(t, a, &x, &has_k, &k);
    const IrInst *right = sole_product(t, b, &right_x, &right_has_k, &right_k);
    // A product and a constant are one instruction where the constant waits in a register.
    bool in_loop = t->cfg.loop_depth[t->block] > 0;
    if (constant_f64(t, b, &constant) && !(left && in_loop && !(subtract && has_k)))
        return push_k(t, BC_ADD_F64_K, value, a, subtract ? constant ^ (u64)1 << 63 : constant);
    if (!subtract && constant_f64(t, a, &constant) && !(right && in_loop))
        return push_k(t, BC_ADD_F64_K, value, b, constant);
    if (left && right && left != right && !has_k && !right_has_k)
        return push_registers(t, subtract ? BC_DOT_SUB_F64 : BC_DOT_ADD_F64, value,
                              (u32[]){left->args[0], left->args[1], right->args[0], right->args[1]}, 4);
    if (right) {
        if (right_has_k) {
            Draft draft = draft_at(t, subtract ? BC_MUL_RSUB_F64_K : BC_MUL_ADD_F64_K, value);
            draft.inst.imm[0] = right_k;
            return draft_use(t, &draft, right_x) && draft_use(t, &draft, a) && push_draft(t, &draft);
        }
        return push_registers(t, subtract ? BC_MUL_RSUB_F64 : BC_MUL_ADD_F64, value,
                              (u32[]){right->args[0], right->args[1], a}, 3);
    }
    if (left && !(subtract && has_k)) {
        if (has_k) {
            Draft draft = draft_at(t, BC_MUL_ADD_F64_K, value);
            draft.inst.imm[0] = k;
            return draft_use(t, &draft, x) && draft_use(t, &draft, b) && push_draft(t, &draft);
        }
        return push_registers(t, subtract ? BC_MUL_SUB_F64 : BC_MUL_ADD_F64, value,
                              (u32[]){left->args[0], left->args[1], b}, 3);
    }
    return push_registers(t, subtract ? BC_SUB_F64 : BC_ADD_F64, value, (u32[]){a, b}, 2);
}

bool select_float(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    bool is_f64 = inst->type == IR_F64;
    u64 k;
    if (is_f64 && (inst->op == IR_OP_ADD || inst->op == IR_OP_SUB))
        return select_sum(t, value, inst->args[0], inst->args[1], inst->op == IR_OP_SUB);
    if (is_f64 && inst->op == IR_OP_MUL)
        for (u32 i = 0; i < 2; i++)
            if (constant_f64(t, inst->args[i], &k)) return push_k(t, BC_MUL_F64_K, value, inst->args[1 - i], k);
    Bytecode op = inst->op == IR_OP_ADD   ? BC_ADD_F32
                  : inst->op == IR_OP_SUB ? BC_SUB_F32
                  : inst->op == IR_OP_MUL ? (is_f64 ? BC_MUL_F64 : BC_MUL_F32)
                  : inst->op == IR_OP_DIV ? (is_f64 ? BC_DIV_F64 : BC_DIV_F32)
                                          : (is_f64 ? BC_NEG_F64 : BC_NEG_F32);
    return push_registers(t, op, value, inst->args, inst->op == IR_OP_NEG ? 1 : 2);
}
