// Loops whose number of turns is known and small become so many copies of their body, one behind the other. The counter is
// then a constant in each copy: rows in the frame need neither check nor index, and a row that is reached by constants
// alone becomes values (promote.c). Only where what is gained is sure: loops that compute and use memory, without calls and
// prints. What the copies open up is done here too, by the passes concerned: most functions have no such loop and need
// not pay for them.
// Values that are used behind the loop have several definitions afterwards; copy_blocks.h mends that.
// Needs: nothing. Keeps: nothing.
#include "opt/copy_blocks.h"
#include "opt/evaluate.h"
#include "opt/loops.h"
#include "opt/ssa.h"

enum {
    ROUNDS = 3, // of loops in loops
    TURNS_MOST = 128,
    SIZE_MOST = 1500,      // instructions of all copies together, constants and counts apart
    SIZE_MOST_AT_O1 = 400, // which unrolls loops without a loop in them only: quickly done, and most of the gain
    NEST_SIZE_MOST = 200,  // the same around a loop that stays one
    GROWTH_MOST = 4000,    // of all loops of a function
    STEPS_MOST = 8192,     // of all copies together: the step limit and a pause are looked at behind them only
    BLOCKS_MOST = 64,      // of one loop
    FRONTIER_LIMIT = 1 << 20,
    // Of loops with an unknown number of turns:
    TURNS_TOGETHER = 4,
    TURN_SIZE_MOST = 40,      // instructions of a loop whose test goes to the end
    TOGETHER_SIZE_MOST = 100, // and of all its copies
    TURN_BLOCKS_MOST = 12
};

typedef struct Loop {
    u32 head;
    u32 entry, latch; // blocks with the only edge to the head from outside, and the only jump there from inside
    u32 first, count; // its blocks in ids, the head first
    u32 size;         // instructions of one turn, constants and counts apart, and one more
    u32 turns;
    bool stays; // the condition's value while the loop goes on
} Loop;

typedef struct Unroller {
    BlockCopier copier;
    IrFunction *function;
    IrCfg cfg;
    VEC(Loop) loops; // to be unrolled in this round
    VEC(u32) ids;
    u32 *loop_of; // block -> the loop of this round that it belongs to, + 1
    u32 growth;
} Unroller;

// ---- which loops ----

// The two ways to the head; false when there are others.
static bool find_ways(const Unroller *u, Loop *loop) {
    loop->entry = loop_from(u->function, &u->cfg, loop->head, false);
    loop->latch = loop_way_in(u->function, &u->cfg, loop->head, true);
    return loop->entry && loop->latch;
}

static bool contains(const u32 *items, u32 count, u32 item) {
    for (u32 i = 0; i < count; i++)
        if (items[i] == item) return true;
    return false;
}

// The blocks from which the latch is reached without passing the head, at the end of ids. False when there are too many,
// when one belongs to a loop that goes in this round, or memory is out.
static bool find_blocks(Unroller *u, Loop *loop) {
    Arena *scratch = u->copier.pass->scratch;
    loop->first = u->ids.count;
    if (!vec_push(scratch, &u->ids, loop->head)) return false;
    if (loop->latch != loop->head && !vec_push(scratch, &u->ids, loop->latch)) return false;
    for (u32 i = loop->first; i < u->ids.count; i++) {
        u32 id = u->ids.items[i];
        if (u->loop_of[id] || u->ids.count - loop->first > BLOCKS_MOST) return false;
        for (u32 p = u->cfg.pred_start[id]; id != loop->head && p < u->cfg.pred_start[id + 1]; p++) {
            u32 pred = u->cfg.preds[p];
            if (contains(u->ids.items + loop->first, u->ids.count - loop->first, pred)) continue;
            if (!vec_push(scratch, &u->ids, pred)) return false;
        }
    }
    loop->count = u->ids.count - loop->first;
    return true;
}

static bool may_repeat(u8 op) {
    return ir_op_info[op].effects != 'W' || op == IR_OP_STORE || op == IR_OP_COPY || op == IR_OP_FILL ||
           op == IR_OP_STEPS;
}

// Whether a loop within another begins with the same numbers in all its turns: to know these tells nothing of it.
static bool begins_alike(const Unroller *u, u32 head) {
    const IrFunction *function = u->function;
    u32 entry = loop_from(function, &u->cfg, head, false);
    const IrTerm *term = &ir_block(function, head)->term;
    u128 bits;
    if (!entry || term->kind != TERM_BRANCH) return false;
    Known known = known_along(function, loop_edge(function, head, entry), NULL);
    return known_value(function, term->value, &known, &bits);
}

// Sets the loop's size; how many turns may be unrolled, 0 where something in it speaks against any.
static u32 turns_most(const Unroller *u, Loop *loop) {
    bool brief = u->copier.pass->level == OPT_O1;
    u32 steps = 1, most = brief ? SIZE_MOST_AT_O1 : SIZE_MOST;
    loop->size = 1;
    for (u32 i = 0; i < loop->count; i++) {
        u32 id = u->ids.items[loop->first + i], v = ir_block(u->function, id)->first;
        if (id != loop->head && u->cfg.loop_head[id] == id) {
            if (brief) return 0;
            if (begins_alike(u, id)) most = NEST_SIZE_MOST;
        }
        for (; v; v = ir_inst(u->function, v)->next) {
            u8 op = ir_inst(u->function, v)->op;
            if (!may_repeat(op)) return 0;
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
static bool count_turns(const Unroller *u, Loop *loop, u32 most) {
    const IrFunction *function = u->function;
    const IrTerm *term = &ir_block(function, loop->head)->term;
    const u32 *ids = u->ids.items + loop->first;
    if (!most || term->kind != TERM_BRANCH) return false;
    loop->stays = contains(ids, loop->count, term->then.target);
    if (loop->stays == contains(ids, loop->count, term->other.target)) return false;
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
static bool consider(Unroller *u, u32 head) {
    Loop loop = {.head = head};
    u32 kept = u->ids.count, size = NO_INDEX;
    if (find_ways(u, &loop) && find_blocks(u, &loop) && count_turns(u, &loop, turns_most(u, &loop)))
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
    Unroller *u;
    u32 loop; // of the user
} Use;

// Values of a loop that are used outside have a definition in each copy.
static void note_use(void *context, IrValue *operand) {
    const Use *use = context;
    u32 loop = use->u->loop_of[ir_inst(use->u->function, *operand)->block];
    bool noted = !loop || loop == use->loop || copy_note_variable(&use->u->copier, *operand);
    (void)noted; // else memory is out, which the scratch arena remembers
}

static void note_variables(Unroller *u) {
    IrFunction *function = u->function;
    for (u32 id = 1; id < u->copier.block_count; id++) {
        IrBlock *block = ir_block(function, id);
        Use use = {u, u->loop_of[id]};
        for (u32 v = block->first; v; v = ir_inst(function, v)->next)
            ir_each_operand(function, ir_inst(function, v), note_use, &use);
        ir_each_term_operand(function, &block->term, note_use, &use);
    }
}

// One turn whose end goes to `next`; the head alone when there is none. Returns its head, 0 when memory is out.
static u32 copy_turn(Unroller *u, const Loop *loop, u32 next) {
    BlockCopier *c = &u->copier;
    const u32 *ids = u->ids.items + loop->first;
    u32 copies[BLOCKS_MOST + 1], count = next ? loop->count : 1;
    if (!copy_make(c, ids, count)) return 0;
    for (u32 i = 0; i < count; i++) copies[i] = c->blocks[ids[i]];
    c->blocks[loop->head] = next;
    return copy_fill(c, ids, copies, count) ? copies[0] : 0;
}

// One turn of those that are known to be taken, or the end of the last.
static u32 copy_known_turn(Unroller *u, const Loop *loop, u32 next) {
    u32 head = copy_turn(u, loop, next);
    if (head) opt_choose_edge_by(u->function, &ir_block(u->function, head)->term, next ? loop->stays : !loop->stays);
    return head;
}

static bool unroll(Unroller *u, const Loop *loop) {
    u32 next = copy_known_turn(u, loop, 0);
    for (u32 turn = 0; turn < loop->turns && next; turn++) next = copy_known_turn(u, loop, next);
    if (!next) return false;
    loop_edge(u->function, loop->head, loop->entry)->target = next;
    for (u32 i = 0; i < loop->count; i++) copy_forget(&u->copier, u->ids.items[loop->first + i]);
    return true;
}

static bool start(Unroller *u, Pass *pass) {
    u->function = pass->function;
    return copy_start_own(&u->copier, pass, &u->cfg) &&
           (u->loop_of = arena_new(pass->scratch, u32, pass->function->blocks.count));
}

// One round; *growth stays when there is nothing to unroll.
static bool unroll_round(Pass *pass, u32 *growth) {
    Unroller u = {.growth = *growth};
    if (!start(&u, pass)) return false;
    if (ssa_frontier_size(&u.cfg, FRONTIER_LIMIT) > FRONTIER_LIMIT) return true;
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

// ---- loops that may turn any number of times ----

// The test goes to the end of the body (as a copy), and small bodies are repeated behind it: fewer jumps, and engines look
// for requests to stop once in so many turns only. The copies use what has been computed for the turn before.
static bool repeat(Unroller *u, const Loop *loop) {
    u32 next = copy_turn(u, loop, 0);
    for (u32 i = 0; i < loop->count; i++) copy_forget(&u->copier, u->ids.items[loop->first + i]);
    for (u32 turn = 1; turn < loop->turns && next; turn++) {
        next = copy_turn(u, loop, next);
        for (u32 i = 0; i < loop->count; i++) copy_forget(&u->copier, u->ids.items[loop->first + i]);
    }
    if (next) ir_block(u->function, loop->latch)->term.then.target = next;
    return next != 0;
}

// How many turns go together, 0 = the loop stays as it is.
static u32 turns_together(const Unroller *u, const Loop *loop) {
    const u32 *ids = u->ids.items + loop->first;
    const IrTerm *term = &ir_block(u->function, loop->head)->term;
    u32 size = 0;
    if (term->kind != TERM_BRANCH || loop->count > TURN_BLOCKS_MOST) return 0;
    if (contains(ids, loop->count, term->then.target) == contains(ids, loop->count, term->other.target)) return 0;
    for (u32 i = 0; i < loop->count; i++) {
        if (u->cfg.loop_head[ids[i]] != loop->head) return 0; // loops within
        for (u32 v = ir_block(u->function, ids[i])->first; v; v = ir_inst(u->function, v)->next) {
            size += ir_inst(u->function, v)->op != IR_OP_CONST;
            if (size > TURN_SIZE_MOST || !may_repeat(ir_inst(u->function, v)->op)) return 0;
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
    Unroller u = {0};
    if (!opt_split_entry(pass) || !opt_remove_unreachable(pass) || !make_latches(pass) || !start(&u, pass))
        return false;
    if (ssa_frontier_size(&u.cfg, FRONTIER_LIMIT) > FRONTIER_LIMIT) return true;
    for (u32 i = u.cfg.rpo_count; i-- > 0;) {
        Loop loop = {.head = u.cfg.rpo[i]};
        u32 kept = u.ids.count;
        bool fits = u.cfg.loop_head[loop.head] == loop.head &&
                    (loop.latch = loop_way_in(u.function, &u.cfg, loop.head, true)) != 0 && find_blocks(&u, &loop);
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
