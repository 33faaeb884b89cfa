// States of the heap's rows: one walk in reverse postorder. Paths that meet in one state go on in it; a loop that changes
// no row goes round in the state that it was entered in. See row_states.h.
#include "opt/row_states.h"

bool changes_rows(const IrInst *inst) {
    return inst->op == IR_OP_HEAP_REALLOC || inst->op == IR_OP_HEAP_FREE || inst->op == IR_OP_CALL;
}

typedef struct Walk {
    const IrFunction *function;
    const IrCfg *cfg;
    RowStates *states;
    u32 *at_end;        // block -> the state behind its last instruction, 0 = not walked yet
    bool *loop_changes; // loop's head -> something in the loop changes rows
    u32 last;           // the newest state
} Walk;

static u32 count_changes(const IrFunction *function, u32 id) {
    u32 count = 0;
    for (u32 v = ir_block(function, id)->first; v; v = ir_inst(function, v)->next)
        count += changes_rows(ir_inst(function, v));
    return count;
}

// Each loop is marked once, so this is linear in blocks.
static void mark_loops(Walk *w, u32 id) {
    for (u32 head = w->cfg->loop_head[id]; head && !w->loop_changes[head]; head = w->cfg->loop_outer[head])
        w->loop_changes[head] = true;
}

static u32 state_at_entry(Walk *w, u32 id) {
    u32 state = 0;
    for (u32 p = w->cfg->pred_start[id]; p < w->cfg->pred_start[id + 1]; p++) {
        u32 pred = w->cfg->preds[p], end = w->at_end[pred];
        bool is_quiet_turn = !end && ir_dominates(w->cfg, id, pred) && !w->loop_changes[id];
        if (is_quiet_turn) continue;
        if (!end || (state && state != end)) return ++w->last;
        state = end;
    }
    return state ? state : ++w->last;
}

bool row_states_build(Pass *pass, const IrCfg *cfg, RowStates *states) {
    u32 blocks = pass->function->blocks.count;
    Walk w = {.function = pass->function, .cfg = cfg, .states = states};
    u32 *changes = arena_new(pass->scratch, u32, blocks);
    w.loop_changes = arena_new(pass->scratch, bool, blocks);
    w.at_end = arena_new(pass->scratch, u32, blocks);
    if (!changes || !w.loop_changes || !w.at_end) return false;
    bool any = false;
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        u32 id = cfg->rpo[i];
        if ((changes[id] = count_changes(w.function, id)) == 0) continue;
        mark_loops(&w, id);
        any = true;
    }
    if (!any) return true;
    states->at_entry = arena_new(pass->scratch, u32, blocks);
    states->inside = arena_new(pass->scratch, u32, blocks);
    if (!states->at_entry || !states->inside) return false;
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        u32 id = cfg->rpo[i];
        states->at_entry[id] = state_at_entry(&w, id);
        states->inside[id] = w.last + 1;
        w.last += changes[id];
        w.at_end[id] = changes[id] ? w.last : states->at_entry[id];
    }
    return true;
}
