// States of the heap's rows: paths that meet in one state go on in it, and a loop that changes no row goes round in the
// state that it was entered in. See row_states.h.
#include "opt/row_states.h"

// heap_alloc may hand out a row that was freed, with another count: a pointer may still lead to it.
static bool changes_rows(const IrInst *inst) {
    return inst->op == IR_OP_HEAP_ALLOC || inst->op == IR_OP_HEAP_REALLOC || inst->op == IR_OP_HEAP_FREE ||
           inst->op == IR_OP_CALL;
}

bool row_states_init(Pass *pass, const IrCfg *cfg, RowStates *states) {
    const IrFunction *function = pass->function;
    *states = (RowStates){.cfg = cfg};
    states->at_end = arena_new(pass->scratch, u32, function->blocks.count);
    states->loop_changes = arena_new(pass->scratch, bool, function->blocks.count);
    if (!states->at_end || !states->loop_changes) return false;
    for (u32 v = 1; v < function->insts.count; v++) {
        const IrInst *inst = ir_inst(function, v);
        if (!inst->block || !changes_rows(inst)) continue;
        // Each loop is marked once.
        u32 head = cfg->loop_head[inst->block];
        for (; head && !states->loop_changes[head]; head = cfg->loop_outer[head]) states->loop_changes[head] = true;
    }
    return true;
}

void row_states_enter(RowStates *states, u32 block) {
    const IrCfg *cfg = states->cfg;
    u32 state = 0;
    for (u32 p = cfg->pred_start[block]; p < cfg->pred_start[block + 1]; p++) {
        u32 pred = cfg->preds[p], end = states->at_end[pred];
        bool is_quiet_turn = !end && ir_dominates(cfg, block, pred) && !states->loop_changes[block];
        if (is_quiet_turn || (end && end == state)) continue;
        if (!end || state) {
            state = 0;
            break;
        }
        state = end;
    }
    states->now = state ? state : ++states->last;
}

void row_states_pass(RowStates *states, const IrInst *inst) {
    if (changes_rows(inst)) states->now = ++states->last;
}
