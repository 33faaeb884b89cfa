// Two instructions written as one, found while writing the second: the step of a counting loop with its test, a call with
// the sum that is its first argument, a return with the sum that it gives. See encode.h.
#include "interp/encode.h"

// The instruction before, if it is one word and no label stands behind it. The traced loop has no fused operations.
static CodeField *before(const Encoder *e) {
    if (e->t->program->traced || e->last == NO_INDEX || e->last + 1 != e->t->code.count) return NULL;
    return code_at(e->t, e->last);
}

typedef struct StepBranch {
    u16 add, branch; // add: with an immediate or a register
    u16 op;
    bool immediate; // of the branch
} StepBranch;

#define ADD_PAIR(wrap, condition) BC_ADD_##wrap##_I, BC_J_##condition##_L, BC_ADD_J_##condition##_##wrap, false
#define ADD_PAIR_I(wrap, condition) BC_ADD_##wrap##_I, BC_J_##condition##_I_L, BC_ADD_J_##condition##_I_##wrap, true
#define SUM_PAIR(wrap, condition) BC_ADD_##wrap, BC_J_##condition##_L, BC_SUM_J_##condition##_##wrap, false
#define SUM_PAIR_I(wrap, condition) BC_ADD_##wrap, BC_J_##condition##_I_L, BC_SUM_J_##condition##_I_##wrap, true
static const StepBranch step_branches[] = {
    {ADD_PAIR(I32, LT_S)},  {ADD_PAIR(I32, LE_S)},   {ADD_PAIR(U32, LT_U)},   {ADD_PAIR(64, LT_S)},
    {ADD_PAIR(64, LT_U)},   {ADD_PAIR_I(I32, LT_S)}, {ADD_PAIR_I(I32, GE_S)}, {ADD_PAIR_I(U32, LT_U)},
    {ADD_PAIR_I(64, LT_S)}, {ADD_PAIR_I(64, LT_U)},  {SUM_PAIR(I32, LT_S)},   {SUM_PAIR(64, LT_S)},
    {SUM_PAIR(64, LT_U)},   {SUM_PAIR_I(I32, LT_S)}, {SUM_PAIR_I(64, LT_S)},  {SUM_PAIR_I(64, LT_U)},
};

static const StepBranch *find_step_branch(u16 add, u16 branch) {
    for (u32 i = 0; i < countof(step_branches); i++)
        if (step_branches[i].add == add && step_branches[i].branch == branch) return &step_branches[i];
    return NULL;
}

bool fuse_add_branch(Encoder *e, const Inst *branch, i32 charge, bool *fused) {
    CodeField *add = before(e);
    const StepBranch *found = add ? find_step_branch(add[0], branch->op) : NULL;
    *fused = false;
    if (!found) return true;
    const Register *registers = e->t->registers.items;
    u16 reg = add[1], added = add[3];
    bool sum = add[0] == BC_ADD_I32 || add[0] == BC_ADD_64;
    if (sum && add[2] != reg) { // the sum of a register and itself moved on the left
        if (added != reg) return true;
        added = add[2];
    }
    if ((!sum && add[2] != reg) || (sum && added == reg) || registers[branch->use[0]].slot != reg) return true;
    u32 limit = found->immediate ? (u32)branch->imm[0] : registers[branch->use[1]].slot;
    if ((u32)charge > UINT16_MAX || (!found->immediate && limit == reg)) return true;
    add[2] = (u16)limit;
    add[3] = (u16)(limit >> 16);
    if (!push_word(e, (u64)added << 32 | (u64)charge << 48)) return false;
    code_at(e->t, e->last)[0] = found->op;
    *fused = true;
    return true;
}

Bytecode fuse_call(Encoder *e, u16 *source, u16 *added) {
    const CodeField *argument = before(e);
    *source = *added = 0;
    if (!argument || argument[1] != e->t->window) return BC_CALL;
    if (argument[0] != BC_ADD_I32_I && argument[0] != BC_ADD_64_I && argument[0] != BC_MOV) return BC_CALL;
    Bytecode op = argument[0] == BC_ADD_I32_I ? BC_CALL_ADD_I32 : BC_CALL_ADD_64;
    *source = argument[2];
    *added = argument[0] == BC_MOV ? 0 : argument[3];
    e->t->code.count = e->last;
    return op;
}

bool fuse_return(Encoder *e, const Inst *ret) {
    CodeField *add = before(e);
    if (!add || ret->op != BC_RET || (add[0] != BC_ADD_I32 && add[0] != BC_ADD_64)) return false;
    if (add[1] != e->t->registers.items[ret->use[0]].slot) return false;
    add[0] = add[0] == BC_ADD_I32 ? BC_RET_ADD_I32 : BC_RET_ADD_64;
    add[1] = add[2];
    add[2] = (u16)ret->imm[0];
    return true;
}
