// Where an edge passes a constant that decides the branch at the end of its target (`match` on what `pop` returned, a bool
// made by if and else), it gets a copy of the target that goes the decided way. Only small targets, and of the heads of loops
// only those that every edge decides (`while go`): an edge into a loop that skips its head, where others do not, would give
// the loop two entries.
// Values of a copied block then have several definitions; ssa.h puts parameters where these meet.
// Needs: nothing. Keeps: nothing.
#include "opt/copy_blocks.h"
#include "opt/evaluate.h"
#include "opt/ssa.h"

enum {
    BLOCK_MAX = 8,     // instructions of a block that is copied, constants and counts apart
    GROWTH_BASE = 200, // instructions that copies may add to a function, and a share of what it has
    GROWTH_SHARE = 4,
    FRONTIER_LIMIT = 1 << 22 // entries of dominance frontiers; a function beyond (deep nests of loops) stays as it is
};

typedef struct Threader {
    BlockCopier copier;
    IrFunction *function;
    IrCfg cfg;
    bool *skipped; // head of a loop -> every edge to it decides where it goes
    u32 budget;
} Threader;

// ---- what a constant decides ----

static bool is_decided_by(const Threader *t, IrValue value) {
    u8 op = ir_inst(t->function, value)->op;
    return op == IR_OP_PARAM || op == IR_OP_CONVERT || ir_is_compare(op) || op == IR_OP_XOR || op == IR_OP_AND ||
           op == IR_OP_OR;
}

// Instructions that a copy of the block adds, or NO_INDEX when it must not be copied.
static u32 copy_cost(const Threader *t, u32 id) {
    const IrBlock *block = ir_block(t->function, id);
    if (id == 1 || id >= t->copier.block_count || (t->cfg.loop_head[id] == id && !t->skipped[id])) return NO_INDEX;
    if (block->term.kind != TERM_BRANCH && block->term.kind != TERM_SWITCH) return NO_INDEX;
    if (!block->param_count || block->param_count > KNOWN_PARAMS) return NO_INDEX;
    const IrInst *condition = ir_inst(t->function, block->term.value);
    if (condition->block != id || !is_decided_by(t, block->term.value)) return NO_INDEX;
    u32 cost = 0, all = 0;
    for (u32 v = block->first; v; v = ir_inst(t->function, v)->next) {
        u8 op = ir_inst(t->function, v)->op;
        if (op != IR_OP_CONST && op != IR_OP_STEPS) cost++;
        if (cost > BLOCK_MAX || ++all > 4 * BLOCK_MAX || op == IR_OP_CALL) return NO_INDEX;
    }
    return all + block->param_count;
}

// What the branch at the end of the edge's target is on; false when that depends on more than the edge's constants.
static bool decides(const Threader *t, const IrEdge *edge, u128 *decided) {
    Known known = known_along(t->function, edge, NULL);
    return known_value(t->function, ir_block(t->function, edge->target)->term.value, &known, decided);
}

// Finds the heads of loops that every edge decides and that do not lead to themselves: their copies would lead to the copies.
static bool find_skipped(Threader *t) {
    u128 decided;
    t->skipped = arena_new(t->copier.pass->scratch, bool, t->copier.block_count);
    if (!t->skipped) return false;
    for (u32 b = 1; b < t->copier.block_count; b++)
        t->skipped[b] = t->cfg.loop_head[b] == b && ir_block(t->function, b)->term.kind == TERM_BRANCH;
    for (u32 i = 0; i < t->cfg.rpo_count; i++) {
        u32 b = t->cfg.rpo[i];
        IrTerm *term = &ir_block(t->function, b)->term;
        u32 edges = ir_edge_count(term);
        for (u32 e = 0; e < edges; e++) {
            const IrEdge *edge = ir_edge_at(t->function, term, e);
            if (t->skipped[edge->target] && (edge->target == b || !decides(t, edge, &decided)))
                t->skipped[edge->target] = false;
        }
    }
    return true;
}

// ---- copying ----

// The block's copy, ending with a jump along the edge that the constant decides. 0 when memory is out.
static u32 copy_block(Threader *t, u32 id, u128 decided) {
    BlockCopier *c = &t->copier;
    if (!copy_note_block(c, id) || !copy_make(c, &id, 1)) return 0;
    u32 made = c->blocks[id];
    if (!copy_fill(c, &id, &made, 1)) return 0;
    opt_choose_edge_by(t->function, &ir_block(t->function, made)->term, decided);
    copy_forget(c, id);
    return made;
}

static bool thread_edges(Threader *t, u32 id) {
    IrFunction *function = t->function;
    u32 edges = ir_edge_count(&ir_block(function, id)->term);
    for (u32 e = 0; e < edges; e++) {
        IrEdge edge = *ir_edge_at(function, &ir_block(function, id)->term, e);
        u128 decided;
        u32 cost = edge.target == id ? NO_INDEX : copy_cost(t, edge.target);
        if (cost > t->budget) continue;
        if (!decides(t, &edge, &decided)) continue;
        u32 made = copy_block(t, edge.target, decided);
        if (!made) return false;
        ir_edge_at(function, &ir_block(function, id)->term, e)->target = made;
        t->budget -= cost;
    }
    return true;
}

bool opt_thread_jumps(Pass *pass) {
    Threader t = {.function = pass->function};
    if (!copy_start_own(&t.copier, pass, &t.cfg)) return false;
    t.budget = GROWTH_BASE + t.copier.value_count / GROWTH_SHARE;
    if (ssa_frontier_size(&t.cfg, FRONTIER_LIMIT) > FRONTIER_LIMIT) return true;
    if (!find_skipped(&t)) return false;
    // Copies, too: of `a && b && c` a false `a` decides them all, one behind the other.
    for (u32 b = 1; b < t.function->blocks.count; b++)
        if (!thread_edges(&t, b)) return false;
    return copy_repair(&t.copier);
}
