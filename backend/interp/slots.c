// Slots for registers. First registers that are copied into each other (edge arguments and the parameters they become,
// call arguments) are joined into classes as far as they are never live together, inner loops first; then classes get
// slots in the order in which they begin. A class with a parameter of the function keeps that slot; one with a call
// argument lies behind the frame, where the callee's begins.
#include "interp/live.h"

#include "support/sort.h"

typedef struct Class {
    u32 parent; // register; itself for the root
    u8 fixed;   // FixedKind
    u16 fixed_slot;
} Class;

typedef struct Pair {
    u32 a, b;
    u32 depth;
} Pair;

typedef struct Coalescer {
    Translator *t;
    Liveness live;
    Class *classes;
    RangeList *taken; // per argument slot: where arguments, and values that were joined with them, are live in it
    VEC(Pair) pairs;
    u64 budget;
    u32 depth;
    bool failed;
} Coalescer;

static u32 root_of(Coalescer *c, u32 reg) {
    while (c->classes[reg].parent != reg) {
        c->classes[reg].parent = c->classes[c->classes[reg].parent].parent;
        reg = c->classes[reg].parent;
    }
    return reg;
}

static bool overlap(const RangeList *a, const RangeList *b) {
    u32 i = 0, j = 0;
    while (i < a->count && j < b->count) {
        if (a->items[i].to <= b->items[j].from) i++;
        else if (b->items[j].to <= a->items[i].from) j++;
        else return true;
    }
    return false;
}

static bool merge(Coalescer *c, const RangeList *a, const RangeList *b, RangeList *out) {
    out->items = arena_new(c->t->scratch, Range, a->count + b->count + 1);
    if (!out->items) return false;
    u32 i = 0, j = 0;
    while (i < a->count || j < b->count) {
        bool first = j == b->count || (i < a->count && a->items[i].from < b->items[j].from);
        Range range = first ? a->items[i++] : b->items[j++];
        if (out->count && out->items[out->count - 1].to >= range.from) out->items[out->count - 1].to = range.to;
        else out->items[out->count++] = range;
    }
    return true;
}

// True when a call happens while the class is live and goes on living: the callee would overwrite an argument slot.
static bool crosses_call(const Coalescer *c, const RangeList *list) {
    for (u32 i = 0; i < list->count; i++) {
        Range range = list->items[i];
        u32 low = 0, high = c->live.call_count;
        while (low < high) { // first call that reads within the range
            u32 middle = low + (high - low) / 2;
            if (2 * c->live.calls[middle] < range.from) low = middle + 1;
            else high = middle;
        }
        if (low < c->live.call_count && 2 * c->live.calls[low] + 1 < range.to) return true;
    }
    return false;
}

// Whether a value may live in an argument's slots until the call, and if so notes that it does. Calls on different paths
// may have values on their way to the same slot at once.
static bool take_argument_slots(Coalescer *c, const Class *argument, const RangeList *value, bool wide, bool *free) {
    u32 end = argument->fixed_slot + (wide ? 2u : 1u);
    *free = true;
    for (u32 slot = argument->fixed_slot; slot < end; slot++) {
        u64 work = (u64)c->taken[slot].count + value->count;
        *free &= work <= c->budget;
        if (!*free) return true;
        c->budget -= work;
        if (overlap(&c->taken[slot], value)) *free = false;
    }
    for (u32 slot = argument->fixed_slot; *free && slot < end; slot++) {
        RangeList both = {0};
        if (!merge(c, &c->taken[slot], value, &both)) return false;
        c->taken[slot] = both;
    }
    return true;
}

// Notes where arguments themselves are live. Blocks and instructions come in the order of their positions, so ranges rise.
static bool take_arguments(Coalescer *c) {
    Translator *t = c->t;
    for (u32 fill = 0; fill < 2; fill++) {
        for (u32 i = 0; i < t->cfg.rpo_count; i++) {
            const BlockCode *code = &t->blocks[t->cfg.rpo[i]];
            for (u32 k = 0; k < code->count; k++) {
                u32 reg = block_inst(t, code, k)->dst;
                const Class *class = &c->classes[reg];
                const RangeList *live = &c->live.ranges[reg];
                if (class->fixed != FIXED_ARGUMENT || live->count == 0) continue;
                for (u32 half = 0; half < (t->registers.items[reg].wide ? 2u : 1u); half++) {
                    RangeList *taken = &c->taken[class->fixed_slot + half];
                    Range range = {live->items[0].from, live->items[live->count - 1].to};
                    Range *last = fill && taken->count ? &taken->items[taken->count - 1] : NULL;
                    if (!fill) taken->count++;
                    else if (!last || last->to < range.from) taken->items[taken->count++] = range;
                    else if (last->to < range.to) last->to = range.to;
                }
            }
        }
        for (u32 slot = 0; !fill && slot < t->window_slots; slot++) {
            c->taken[slot].items = arena_new(t->scratch, Range, c->taken[slot].count + 1);
            if (!c->taken[slot].items) return false;
            c->taken[slot].count = 0;
        }
    }
    return true;
}

static bool try_join(Coalescer *c, u32 a, u32 b) {
    a = root_of(c, a);
    b = root_of(c, b);
    const Register *registers = c->t->registers.items;
    if (a == b || registers[a].wide != registers[b].wide) return true;
    RangeList *first = &c->live.ranges[a], *second = &c->live.ranges[b];
    if (first->count == 0 || second->count == 0) return true;
    Class *ca = &c->classes[a], *cb = &c->classes[b];
    if (ca->fixed && cb->fixed) return true;
    u64 work = (u64)first->count + second->count;
    if (work > c->budget) return true;
    c->budget -= work;
    if (overlap(first, second)) return true;
    RangeList both = {0};
    if (!merge(c, first, second, &both)) return false;
    bool a_is_argument = ca->fixed == FIXED_ARGUMENT;
    if (a_is_argument || cb->fixed == FIXED_ARGUMENT) {
        bool free;
        if (crosses_call(c, &both)) return true;
        if (!take_argument_slots(c, a_is_argument ? ca : cb, a_is_argument ? second : first, registers[a].wide, &free))
            return false;
        if (!free) return true;
    }
    if (cb->fixed) *ca = (Class){a, cb->fixed, cb->fixed_slot};
    cb->parent = a;
    *first = both;
    return true;
}

static void add_pair(Coalescer *c, u32 a, u32 b) {
    if (!vec_push(c->t->scratch, &c->pairs, ((Pair){a, b, c->depth}))) c->failed = true;
}

static void add_edge_pairs(Coalescer *c, const IrEdge *edge) {
    const Translator *t = c->t;
    const IrBlock *target = ir_block(t->function, edge->target);
    for (u32 i = 0; i < edge->arg_count; i++) {
        u32 arg = value_of(t, t->function->lists.items[edge->args + i]);
        add_pair(c, t->function->lists.items[target->params + i], arg);
    }
}

static void add_block_pairs(Coalescer *c, u32 block) {
    const Translator *t = c->t;
    const IrTerm *term = &ir_block(t->function, block)->term;
    const BlockCode *code = &t->blocks[block];
    c->depth = t->cfg.loop_depth[block];
    if (term->kind == TERM_JUMP || term->kind == TERM_BRANCH) add_edge_pairs(c, &term->then);
    if (term->kind == TERM_BRANCH || term->kind == TERM_SWITCH) add_edge_pairs(c, &term->other);
    if (term->kind == TERM_SWITCH)
        for (u32 i = 0; i < term->case_count; i++)
            add_edge_pairs(c, &t->function->cases.items[term->first_case + i].edge);
    for (u32 k = 0; k < code->count; k++) {
        const Inst *inst = block_inst(t, code, k);
        if (inst->op == BC_MOV || inst->op == BC_MOV_WIDE) add_pair(c, inst->dst, inst->use[0]);
    }
}

enum { DEPTH_BUCKETS = 8 };

static bool join_pairs(Coalescer *c) {
    for (u32 bucket = DEPTH_BUCKETS; bucket-- > 0;) {
        for (u32 i = 0; i < c->pairs.count; i++) {
            Pair pair = c->pairs.items[i];
            u32 depth = pair.depth < DEPTH_BUCKETS ? pair.depth : DEPTH_BUCKETS - 1;
            if (depth == bucket && !try_join(c, pair.a, pair.b)) return false;
        }
    }
    return true;
}

// ---- colouring ----

typedef struct Span {
    u32 from, to;
    u32 reg;
} Span;

static bool span_before(const void *first, const void *second) {
    const Span *a = first, *b = second;
    return a->from != b->from ? a->from < b->from : a->reg < b->reg;
}

// Slots taken, the one that is free again soonest on top.
typedef struct Busy {
    u32 until, slot;
    bool wide;
} Busy;

typedef struct Pool {
    Busy *heap;
    u32 busy_count;
    u32 *free[2]; // single slots; pairs
    u32 free_count[2];
    u32 next;
} Pool;

static void pool_take(Pool *p, Busy busy) {
    u32 at = p->busy_count++;
    for (; at && p->heap[(at - 1) / 2].until > busy.until; at = (at - 1) / 2) p->heap[at] = p->heap[(at - 1) / 2];
    p->heap[at] = busy;
}

static Busy pool_pop(Pool *p) {
    Busy top = p->heap[0], last = p->heap[--p->busy_count];
    u32 at = 0;
    for (;;) {
        u32 child = 2 * at + 1;
        if (child >= p->busy_count) break;
        if (child + 1 < p->busy_count && p->heap[child + 1].until < p->heap[child].until) child++;
        if (p->heap[child].until >= last.until) break;
        p->heap[at] = p->heap[child];
        at = child;
    }
    p->heap[at] = last;
    return top;
}

static u32 pool_slot(Pool *p, bool wide, u32 from) {
    while (p->busy_count && p->heap[0].until <= from) {
        Busy done = pool_pop(p);
        p->free[done.wide][p->free_count[done.wide]++] = done.slot;
    }
    if (p->free_count[wide]) return p->free[wide][--p->free_count[wide]];
    u32 slot = p->next;
    p->next += wide ? 2 : 1;
    return slot;
}

static bool colour(Coalescer *c) {
    Translator *t = c->t;
    u32 registers = t->registers.count, count = 0;
    Span *spans = arena_new(t->scratch, Span, registers);
    Pool pool = {.heap = arena_new(t->scratch, Busy, registers)};
    pool.free[0] = arena_new(t->scratch, u32, registers);
    pool.free[1] = arena_new(t->scratch, u32, registers);
    if (!spans || !pool.heap || !pool.free[0] || !pool.free[1]) return false;
    // Parameters have their slots even where nobody reads them.
    for (u32 i = 0; i < t->function->param_count; i++) {
        const Register *reg = &t->registers.items[t->function->lists.items[t->function->params + i]];
        u32 end = reg->fixed_slot + (reg->wide ? 2u : 1u);
        if (end > pool.next) pool.next = end;
    }
    for (u32 reg = 1; reg < registers; reg++) {
        const RangeList *list = &c->live.ranges[reg];
        if (root_of(c, reg) != reg || list->count == 0 || c->classes[reg].fixed == FIXED_ARGUMENT) continue;
        spans[count++] = (Span){list->items[0].from, list->items[list->count - 1].to, reg};
    }
    if (!sort_items(t->scratch, spans, count, sizeof *spans, span_before)) return false;
    for (u32 i = 0; i < count; i++) {
        Register *reg = &t->registers.items[spans[i].reg];
        bool fixed = c->classes[spans[i].reg].fixed == FIXED_PARAM;
        reg->slot = fixed ? c->classes[spans[i].reg].fixed_slot : pool_slot(&pool, reg->wide, spans[i].from);
        pool_take(&pool, (Busy){spans[i].to, reg->slot, reg->wide});
    }
    t->window = pool.next;
    return true;
}

bool assign_slots(Translator *t) {
    Coalescer c = {.t = t};
    u32 registers = t->registers.count;
    if (!live_build(t, &c.live)) return false;
    c.classes = arena_new(t->scratch, Class, registers);
    c.taken = arena_new(t->scratch, RangeList, t->window_slots + 2);
    if (!c.classes || !c.taken) return false;
    for (u32 i = 0; i < registers; i++)
        c.classes[i] = (Class){i, t->registers.items[i].fixed, t->registers.items[i].fixed_slot};
    if (!take_arguments(&c)) return false;
    for (u32 i = 0; i < t->cfg.rpo_count; i++) add_block_pairs(&c, t->cfg.rpo[i]);
    c.budget = 4000000 + (u64)64 * registers;
    if (c.failed || !join_pairs(&c) || !colour(&c)) return false;
    if (t->window + t->window_slots + 2 > FRAME_SLOTS_MAX)
        return error_set(t->error, ERR_EXECUTE, NOWHERE, "a function needs more than %u value slots", FRAME_SLOTS_MAX);
    for (u32 i = 1; i < registers; i++) {
        u32 root = root_of(&c, i);
        const Class *class = &c.classes[root];
        t->registers.items[i].slot = class->fixed == FIXED_ARGUMENT ? t->window + class->fixed_slot
                                                                    : t->registers.items[root].slot;
    }
    return true;
}
