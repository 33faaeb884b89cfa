// Loops that may turn any number of times: the test goes to the end of the body (as a copy), and small bodies are repeated
// behind it: fewer jumps, and engines look for requests to stop once in so many turns only. The copies use what has been
// computed for the turn before.
// Needs: nothing. Keeps: nothing.
#include "opt/loop_turns.h"
#include "opt/loops.h"

enum {
    TURNS_TOGETHER = 4,
    TURN_SIZE_MOST = 40,      // instructions of a loop whose test goes to the end
    TOGETHER_SIZE_MOST = 100, // and of all its copies
    TURN_BLOCKS_MOST = 12
};

static bool repeat(TurnCopier *u, const TurnLoop *loop) {
    u32 next = turns_copy(u, loop, 0);
    for (u32 i = 0; i < loop->count; i++) copy_forget(&u->copier, u->ids.items[loop->first + i]);
    for (u32 turn = 1; turn < loop->turns && next; turn++) {
        next = turns_copy(u, loop, next);
        for (u32 i = 0; i < loop->count; i++) copy_forget(&u->copier, u->ids.items[loop->first + i]);
    }
    if (next) ir_block(u->function, loop->latch)->term.then.target = next;
    return next != 0;
}

// How many turns go together, 0 = the loop stays as it is.
static u32 turns_together(const TurnCopier *u, const TurnLoop *loop) {
    const u32 *ids = u->ids.items + loop->first;
    const IrTerm *term = &ir_block(u->function, loop->head)->term;
    u32 size = 0;
    if (term->kind != TERM_BRANCH || loop->count > TURN_BLOCKS_MOST) return 0;
    if (blocks_contain(ids, loop->count, term->then.target) == blocks_contain(ids, loop->count, term->other.target))
        return 0;
    for (u32 i = 0; i < loop->count; i++) {
        if (u->cfg.loop_head[ids[i]] != loop->head) return 0; // loops within
        for (u32 v = ir_block(u->function, ids[i])->first; v; v = ir_inst(u->function, v)->next) {
            size += ir_inst(u->function, v)->op != IR_OP_CONST;
            if (size > TURN_SIZE_MOST || !turns_may_repeat(ir_inst(u->function, v)->op)) return 0;
        }
    }
    u32 turns = TOGETHER_SIZE_MOST / (size + 1);
    return turns > TURNS_TOGETHER ? TURNS_TOGETHER : turns;
}

// Turns that end at several jumps get one, in loops that may then be repeated. A branch at a turn's end shows that the test is
// there already.
static bool make_latches(Pass *pass) {
    IrCfg cfg;
    if (!opt_graph(pass, &cfg)) return false;
    u32 *size = arena_new(pass->scratch, u32,
                          pass->function->blocks.count); // head -> blocks, too many with a loop within
    if (!size) return false;
    for (u32 i = 0; i < cfg.rpo_count; i++) {
        u32 id = cfg.rpo[i], head = cfg.loop_head[id];
        size[head]++;
        if (head == id) size[cfg.loop_outer[head]] = TURN_BLOCKS_MOST;
    }
    for (u32 i = 0; i < cfg.rpo_count; i++) {
        u32 head = cfg.rpo[i], backs = 0;
        if (cfg.loop_head[head] != head || size[head] >= TURN_BLOCKS_MOST) continue;
        for (u32 p = cfg.pred_start[head]; p < cfg.pred_start[head + 1]; p++)
            backs += ir_dominates(&cfg, head, cfg.preds[p]);
        if (backs > 1 && !loop_make_way_in(pass, &cfg, head, true)) return false;
    }
    return true;
}

bool opt_repeat_turns(Pass *pass) {
    TurnCopier u = {0};
    if (!opt_split_entry(pass) || !opt_remove_unreachable(pass) || !make_latches(pass) || !turns_start(&u, pass))
        return false;
    if (ssa_frontier_size(&u.cfg, TURNS_FRONTIER_LIMIT) > TURNS_FRONTIER_LIMIT) return true;
    for (u32 i = u.cfg.rpo_count; i-- > 0;) {
        TurnLoop loop = {.head = u.cfg.rpo[i]};
        u32 kept = u.ids.count;
        bool fits = u.cfg.loop_head[loop.head] == loop.head &&
                    (loop.latch = loop_way_in(u.function, &u.cfg, loop.head, true)) != 0 &&
                    turns_find_blocks(&u, &loop);
        loop.turns = fits ? turns_together(&u, &loop) : 0;
        if (!loop.turns) {
            u.ids.count = kept;
            continue;
        }
        for (u32 k = 0; k < loop.count; k++) {
            u.loop_of[u.ids.items[loop.first + k]] = 1;
            if (!copy_note_block(&u.copier, u.ids.items[loop.first + k])) return false;
        }
        if (!vec_push(pass->scratch, &u.loops, loop)) return false;
    }
    for (u32 i = 0; i < u.loops.count; i++)
        if (!repeat(&u, &u.loops.items[i])) return false;
    return copy_repair(&u.copier);
}
