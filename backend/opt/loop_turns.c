// See loop_turns.h.
#include "opt/loop_turns.h"

bool blocks_contain(const u32 *items, u32 count, u32 item) {
    for (u32 i = 0; i < count; i++)
        if (items[i] == item) return true;
    return false;
}

bool turns_find_blocks(TurnCopier *u, TurnLoop *loop) {
    Arena *scratch = u->copier.pass->scratch;
    loop->first = u->ids.count;
    if (!vec_push(scratch, &u->ids, loop->head)) return false;
    if (loop->latch != loop->head && !vec_push(scratch, &u->ids, loop->latch)) return false;
    for (u32 i = loop->first; i < u->ids.count; i++) {
        u32 id = u->ids.items[i];
        if (u->loop_of[id] || u->ids.count - loop->first > TURN_BLOCKS_LIMIT) return false;
        for (u32 p = u->cfg.pred_start[id]; id != loop->head && p < u->cfg.pred_start[id + 1]; p++) {
            u32 pred = u->cfg.preds[p];
            if (blocks_contain(u->ids.items + loop->first, u->ids.count - loop->first, pred)) continue;
            if (!vec_push(scratch, &u->ids, pred)) return false;
        }
    }
    loop->count = u->ids.count - loop->first;
    return true;
}

bool turns_may_repeat(u8 op) {
    return ir_op_info[op].effects != 'W' || op == IR_OP_STORE || op == IR_OP_COPY || op == IR_OP_FILL ||
           op == IR_OP_STEPS;
}

bool turns_start(TurnCopier *u, Pass *pass) {
    u->function = pass->function;
    return copy_start_own(&u->copier, pass, &u->cfg) &&
           (u->loop_of = arena_new(pass->scratch, u32, pass->function->blocks.count));
}

u32 turns_copy(TurnCopier *u, const TurnLoop *loop, u32 next) {
    BlockCopier *c = &u->copier;
    const u32 *ids = u->ids.items + loop->first;
    u32 copies[TURN_BLOCKS_LIMIT + 1], count = next ? loop->count : 1;
    if (!copy_make(c, ids, count)) return 0;
    for (u32 i = 0; i < count; i++) copies[i] = c->blocks[ids[i]];
    c->blocks[loop->head] = next;
    return copy_fill(c, ids, copies, count) ? copies[0] : 0;
}
