// The order of the code: a chain of blocks that fall into each other as far as possible, loops before what follows
// them. A jump back to a short loop header is replaced by a copy of the header, so that an iteration costs the one
// branch of the copy; other short blocks that would be jumped to are copied in the same way.
//
// Steps are charged late: each place has a number of steps that are pending when it is entered, and an edge charges
// what differs. A block takes over what is pending where the code falls into it, or at the first branch to it, so that
// only jumps, back edges and returns, which have room for it, charge something.
#include "interp/translate.h"

enum { COPY_HEADER_MAX = 10, COPY_BLOCK_MAX = 5, COPIES_IN_A_ROW_MAX = 3 };

typedef struct Layouter {
    Translator *t;
    bool *placed; // per block
    u32 *stack;   // blocks to place later
    u32 stack_count;
    u32 copy_budget; // instructions that may still be copied
} Layouter;

static const IrTerm *term_of(const Translator *t, u32 block) { return &ir_block(t->function, block)->term; }

static bool append(Layouter *l, u32 block, bool copy) {
    l->placed[block] = true;
    return vec_push(l->t->scratch, &l->t->layout, ((LayoutItem){.block = block, .copy = copy}));
}

// Blocks wait here at most once per edge.
static void later(Layouter *l, u32 block) {
    if (!l->placed[block]) l->stack[l->stack_count++] = block;
}

static bool is_cold(const Translator *t, u32 block) {
    u8 kind = term_of(t, block)->kind;
    return kind == TERM_TRAP || kind == TERM_NONE;
}

static u32 pred_count(const Translator *t, u32 block) {
    return t->cfg.pred_start[block + 1] - t->cfg.pred_start[block];
}

// Which of two successors, neither placed, comes next.
static u32 better_successor(const Translator *t, u32 then, u32 other) {
    u32 then_depth = t->cfg.loop_depth[then], other_depth = t->cfg.loop_depth[other];
    if (then_depth != other_depth) return then_depth > other_depth ? then : other;
    if (is_cold(t, then) != is_cold(t, other)) return is_cold(t, then) ? other : then;
    // An arm of its own before the place where arms meet.
    if ((pred_count(t, then) == 1) != (pred_count(t, other) == 1)) return pred_count(t, then) == 1 ? then : other;
    return then;
}

static bool may_copy(const Layouter *l, u32 from, u32 block) {
    const Translator *t = l->t;
    u32 count = t->blocks[block].count;
    u8 kind = term_of(t, block)->kind;
    if (kind == TERM_SWITCH || count > l->copy_budget) return false;
    bool back = t->cfg.order[block] <= t->cfg.order[from];
    return count <= (back && kind == TERM_BRANCH ? COPY_HEADER_MAX : COPY_BLOCK_MAX);
}

// Places `block` and all that is best placed right behind it.
static bool place_chain(Layouter *l, u32 block) {
    const Translator *t = l->t;
    bool copy = false;
    u32 copies = 0;
    for (;;) {
        if (!append(l, block, copy)) return false;
        const IrTerm *term = term_of(t, block);
        u32 next = 0;
        switch ((IrTermKind)term->kind) {
        case TERM_JUMP: next = term->then.target; break;
        case TERM_BRANCH: {
            u32 then = term->then.target, other = term->other.target;
            bool then_free = !l->placed[then], other_free = !l->placed[other];
            if (then_free && other_free) {
                next = better_successor(t, then, other);
                later(l, next == then ? other : then);
            } else if (then_free || other_free) {
                next = then_free ? then : other;
            }
            break;
        }
        case TERM_SWITCH:
            for (u32 i = term->case_count; i-- > 0;)
                later(l, t->function->cases.items[term->first_case + i].edge.target);
            later(l, term->other.target);
            return true;
        default: return true;
        }
        if (!next) return true;
        copy = l->placed[next];
        if (!copy) copies = 0;
        if (copy && (copies++ == COPIES_IN_A_ROW_MAX || !may_copy(l, block, next))) return true;
        if (copy) l->copy_budget -= t->blocks[next].count;
        block = next;
    }
}

static bool order_blocks(Layouter *l) {
    later(l, l->t->cfg.rpo[0]);
    while (l->stack_count) {
        u32 block = l->stack[--l->stack_count];
        if (!l->placed[block] && !place_chain(l, block)) return false;
    }
    return true;
}

// ---- pending steps ----

typedef enum Origin { ORIGIN_NONE, ORIGIN_JUMP, ORIGIN_BRANCH, ORIGIN_PLACED } Origin;

typedef struct Entry {
    i32 pending;
    u8 origin;
} Entry;

static void propose(Entry *entries, u32 block, i32 pending, Origin origin) {
    if (entries[block].origin < origin) entries[block] = (Entry){pending, (u8)origin};
}

bool falls_into(const Translator *t, u32 item) {
    if (item + 1 >= t->layout.count) return false;
    const IrTerm *term = term_of(t, t->layout.items[item].block);
    u32 next = t->layout.items[item + 1].block;
    if (term->kind == TERM_JUMP) return term->then.target == next;
    return term->kind == TERM_BRANCH && (term->then.target == next || term->other.target == next);
}

static bool settle_pending(Translator *t) {
    Entry *entries = arena_new(t->scratch, Entry, t->function->blocks.count);
    if (!entries) return false;
    for (u32 i = 0; i < t->layout.count; i++) {
        LayoutItem *item = &t->layout.items[i];
        const BlockCode *code = &t->blocks[item->block];
        if (i > 0 && falls_into(t, i - 1)) {
            const LayoutItem *before = item - 1;
            item->pending = before->pending + t->blocks[before->block].steps;
        } else {
            item->pending = entries[item->block].pending;
        }
        if (!item->copy) entries[item->block] = (Entry){item->pending, ORIGIN_PLACED};
        const IrTerm *term = term_of(t, item->block);
        i32 end = item->pending + code->steps;
        if (term->kind == TERM_JUMP) propose(entries, term->then.target, end, ORIGIN_JUMP);
        if (term->kind == TERM_BRANCH) propose(entries, term->then.target, end, ORIGIN_BRANCH);
        if (term->kind == TERM_BRANCH || term->kind == TERM_SWITCH)
            propose(entries, term->other.target, end, ORIGIN_BRANCH);
        if (term->kind == TERM_SWITCH)
            for (u32 k = 0; k < term->case_count; k++)
                propose(entries, t->function->cases.items[term->first_case + k].edge.target, end, ORIGIN_BRANCH);
    }
    for (u32 i = 0; i < t->function->blocks.count; i++) t->blocks[i].pending = entries[i].pending;
    return true;
}

bool layout_function(Translator *t) {
    u32 blocks = t->function->blocks.count, edges = t->cfg.pred_start[blocks];
    Layouter l = {.t = t, .copy_budget = t->insts.count + 64};
    l.placed = arena_new(t->scratch, bool, blocks);
    l.stack = arena_new(t->scratch, u32, edges + 1);
    if (!l.placed || !l.stack) return false;
    return order_blocks(&l) && settle_pending(t);
}
