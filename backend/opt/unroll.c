// Loops whose number of turns is known and small become so many copies of their body, one behind the other. The counter is
// then a constant in each copy: rows in the frame need neither check nor index, and a row that is reached by constants
// alone becomes values (promote.c). Only where what is gained is sure: loops that compute and use memory, without calls and
// prints. What the copies open up is done here too, by the passes concerned: most functions have no such loop and need
// not pay for them.
// Values that are used behind the loop have several definitions afterwards; copy_blocks.h mends that.
// Needs: nothing. Keeps: nothing.
#include "opt/evaluate.h"
#include "opt/loop_turns.h"
#include "opt/loops.h"

enum {
    ROUNDS = 3, // of loops in loops
    TURNS_MOST = 128,
    SIZE_MOST = 1500,      // instructions of all copies together, constants and counts apart
    SIZE_MOST_AT_O1 = 400, // which unrolls loops without a loop in them only: quickly done, and most of the gain
    NEST_SIZE_MOST = 200,  // the same around a loop that stays one
    GROWTH_MOST = 4000,    // of all loops of a function
    STEPS_MOST = 8192      // of all copies together: the step limit and a pause are looked at behind them only
};

// ---- which loops ----

// The two ways to the head; false when there are others.
static bool find_ways(const TurnCopier *u, TurnLoop *loop) {
    loop->entry = loop_from(u->function, &u->cfg, loop->head, false);
    loop->latch = loop_way_in(u->function, &u->cfg, loop->head, true);
    return loop->entry && loop->latch;
}

// Whether a loop within another begins with the same numbers in all its turns, or with such that to know those of the
// other tells nothing of it.
static bool begins_alike(const TurnCopier *u, const TurnLoop *loop, u32 head) {
    const IrFunction *function = u->function;
    u32 entry = loop_from(function, &u->cfg, head, false);
    const IrTerm *term = &ir_block(function, head)->term;
    bool next = u->cfg.loop_outer[head] == loop->head; // of those further in only what is known anyway is looked at
    u128 bits;
    if (!entry || term->kind != TERM_BRANCH) return next;
    const IrEdge *edge = loop_edge(function, head, entry);
    Known known = known_along(function, edge, NULL);
    if (known_value(function, term->value, &known, &bits)) return true;
    Known outer = known_along(function, loop_edge(function, loop->head, loop->entry), NULL);
    known = known_along(function, edge, &outer);
    const IrInst *test = ir_inst(function, term->value);
    for (u32 i = 0; i < 2 && next; i++)
        if (!ir_is_compare(test->op) || (!known_value(function, test->args[i], &known, &bits) &&
                                         !known_value(function, test->args[i], &outer, &bits)))
            return true;
    return false;
}

// Sets the loop's size; how many turns may be unrolled, 0 where something in it speaks against any.
static u32 turns_most(const TurnCopier *u, TurnLoop *loop) {
    bool brief = u->copier.pass->level == OPT_O1;
    u32 steps = 1, most = brief ? SIZE_MOST_AT_O1 : SIZE_MOST;
    loop->size = 1;
    for (u32 i = 0; i < loop->count; i++) {
        u32 id = u->ids.items[loop->first + i], v = ir_block(u->function, id)->first;
        if (id != loop->head && u->cfg.loop_head[id] == id) {
            if (brief) return 0;
            if (begins_alike(u, loop, id)) most = NEST_SIZE_MOST;
        }
        for (; v; v = ir_inst(u->function, v)->next) {
            u8 op = ir_inst(u->function, v)->op;
            if (!turns_may_repeat(op)) return 0;
            if (op == IR_OP_STEPS) steps += ir_inst(u->function, v)->args[0];
            else loop->size += op != IR_OP_CONST;
            if (loop->size > most || steps > STEPS_MOST) return 0;
        }
    }
    u32 turns = most / loop->size, counted = STEPS_MOST / steps;
    if (turns > counted) turns = counted;
    return turns > TURNS_MOST ? TURNS_MOST : turns;
}

// Plays the loop's head on constants; false when that does not end within `most` turns.
static bool count_turns(const TurnCopier *u, TurnLoop *loop, u32 most) {
    const IrFunction *function = u->function;
    const IrTerm *term = &ir_block(function, loop->head)->term;
    const u32 *ids = u->ids.items + loop->first;
    if (!most || term->kind != TERM_BRANCH) return false;
    loop->stays = blocks_contain(ids, loop->count, term->then.target);
    if (loop->stays == blocks_contain(ids, loop->count, term->other.target)) return false;
    Known known = known_along(function, loop_edge(function, loop->head, loop->entry), NULL);
    for (loop->turns = 0; loop->turns <= most; loop->turns++) {
        u128 bits;
        if (!known_value(function, term->value, &known, &bits)) return false;
        if ((bits != 0) != loop->stays) return true;
        known = known_along(function, &ir_block(function, loop->latch)->term.then, &known);
    }
    return false;
}

// Adds the loop at `head` to this round if it is one to unroll.
static bool consider(TurnCopier *u, u32 head) {
    TurnLoop loop = {.head = head};
    u32 kept = u->ids.count, size = NO_INDEX;
    if (find_ways(u, &loop) && turns_find_blocks(u, &loop) && count_turns(u, &loop, turns_most(u, &loop)))
        size = loop.size * loop.turns;
    u64 *left = &u->copier.pass->growth->left;
    if (size > GROWTH_MOST - u->growth || size > *left) {
        u->ids.count = kept;
        return !u->copier.pass->scratch->failed;
    }
    u->growth += size;
    *left -= size;
    for (u32 i = 0; i < loop.count; i++) u->loop_of[u->ids.items[loop.first + i]] = u->loops.count + 1;
    return vec_push(u->copier.pass->scratch, &u->loops, loop);
}

// ---- copying ----

typedef struct Use {
    TurnCopier *u;
    u32 loop; // of the user
} Use;

// Values of a loop that are used outside have a definition in each copy.
static void note_use(void *context, IrValue *operand) {
    const Use *use = context;
    u32 loop = use->u->loop_of[ir_inst(use->u->function, *operand)->block];
    bool noted = !loop || loop == use->loop || copy_note_variable(&use->u->copier, *operand);
    (void)noted; // else memory is out, which the scratch arena remembers
}

static void note_variables(TurnCopier *u) {
    IrFunction *function = u->function;
    for (u32 id = 1; id < u->copier.block_count; id++) {
        IrBlock *block = ir_block(function, id);
        Use use = {u, u->loop_of[id]};
        for (u32 v = block->first; v; v = ir_inst(function, v)->next)
            ir_each_operand(function, ir_inst(function, v), note_use, &use);
        ir_each_term_operand(function, &block->term, note_use, &use);
    }
}

// One turn of those that are known to be taken, or the end of the last.
static u32 copy_known_turn(TurnCopier *u, const TurnLoop *loop, u32 next) {
    u32 head = turns_copy(u, loop, next);
    if (head) opt_choose_edge_by(u->function, &ir_block(u->function, head)->term, next ? loop->stays : !loop->stays);
    return head;
}

static bool unroll(TurnCopier *u, const TurnLoop *loop) {
    u32 next = copy_known_turn(u, loop, 0);
    for (u32 turn = 0; turn < loop->turns && next; turn++) next = copy_known_turn(u, loop, next);
    if (!next) return false;
    loop_edge(u->function, loop->head, loop->entry)->target = next;
    for (u32 i = 0; i < loop->count; i++) copy_forget(&u->copier, u->ids.items[loop->first + i]);
    return true;
}

// One round; *growth stays when there is nothing to unroll.
static bool unroll_round(Pass *pass, u32 *growth) {
    TurnCopier u = {.growth = *growth};
    if (!turns_start(&u, pass)) return false;
    if (ssa_frontier_size(&u.cfg, TURNS_FRONTIER_LIMIT) > TURNS_FRONTIER_LIMIT) return true;
    // Inner loops stand behind those around them.
    for (u32 i = u.cfg.rpo_count; i-- > 0;) {
        u32 head = u.cfg.rpo[i];
        if (u.cfg.loop_head[head] == head && !consider(&u, head)) return false;
    }
    *growth = u.growth;
    if (!u.loops.count) return true;
    note_variables(&u);
    for (u32 i = 0; i < u.loops.count; i++)
        if (!unroll(&u, &u.loops.items[i])) return false;
    return copy_repair(&u.copier);
}

bool opt_unroll(Pass *pass) {
    u32 growth = 0, before = NO_INDEX;
    pass->outcome = UNCHANGED;
    if (pass->calls->recursive[pass->number]) return true; // frames of deep recursion stay small
    for (u32 round = 0; round < ROUNDS && growth != before; round++) {
        before = growth;
        if (!unroll_round(pass, &growth)) return false;
        if (growth != before && (!opt_simplify_cfg(pass) || !opt_value_number(pass))) return false;
    }
    return !growth || (opt_promote(pass) && opt_value_number(pass) && opt_dead_code(pass) && opt_simplify_cfg(pass));
}
