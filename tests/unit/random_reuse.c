// Random stories of a few rows that are freed and taken again, with more elements or fewer, while pointers of before still
// lead to them: the same few indices through all of them, before and after, in loops and behind branches.
#include "random_maker.h"

enum { HANDLES = 4, INDICES = 3, ACTIONS = 6 };

typedef struct Story {
    IrValue rows[HANDLES];
    IrValue counts[HANDLES]; // of them; 0 = unknown
    bool live[HANDLES];      // surely: freeing another traps
    IrValue indices[INDICES];
    IrValue count; // that a row may get
} Story;

static IrValue story_count(Maker *m, const Story *s) {
    if (random_one_in(m, 16)) return s->count;
    return ir_const(&m->b, IR_I64, random_one_in(m, 16) ? 1 + random_below(m, 8) : 5 + random_below(m, 4));
}

static void story_alloc(Maker *m, Story *s, u32 handle, IrValue count) {
    s->rows[handle] = ir_emit(&m->b, IR_OP_HEAP_ALLOC, IR_PTR, IR_VOID, count, m->element, 0, 0);
    s->counts[handle] = count;
    s->live[handle] = true;
}

// No handle of the row leads to a live one from here on.
static void story_forget(Story *s, IrValue row) {
    for (u32 i = 0; i < HANDLES; i++)
        if (s->rows[i] == row) s->live[i] = false;
}

static void story_free(Maker *m, Story *s, u32 handle) {
    if (!s->live[handle] && !random_one_in(m, 400)) return;
    ir_emit(&m->b, IR_OP_HEAP_FREE, IR_VOID, IR_VOID, s->rows[handle], ir_const(&m->b, IR_I64, 1), 0, 0);
    story_forget(s, s->rows[handle]);
}

static void story_resize(Maker *m, Story *s, u32 handle) {
    if (!s->live[handle]) return;
    IrValue one = ir_const(&m->b, IR_I64, 1);
    IrValue made = ir_emit(&m->b, IR_OP_HEAP_REALLOC, IR_PTR, IR_VOID, s->rows[handle], one, story_count(m, s),
                           m->element);
    story_forget(s, s->rows[handle]); // it may have moved
    handle = random_below(m, HANDLES);
    s->rows[handle] = made;
    s->counts[handle] = 0;
    s->live[handle] = true;
}

static void story_change(Maker *m, Story *s, u32 handle) {
    random_next_site(m);
    switch (random_below(m, 4)) {
    case 0:
    case 1: story_alloc(m, s, handle, story_count(m, s)); break;
    case 2: story_free(m, s, handle); break;
    default: story_resize(m, s, handle); break;
    }
}

// The row is freed and taken again, by one of as many elements or about as many. One of it is used all along.
static void story_retake(Maker *m, Story *s, u32 handle, IrValue index) {
    Row row = {.pointer = s->rows[handle], .heap = true};
    IrValue count = s->counts[handle];
    if (!s->live[handle]) return;
    random_next_site(m);
    story_free(m, s, handle);
    if (random_one_in(m, 2)) random_element(m, &row, index);
    if (random_one_in(m, 4)) count = ir_const(&m->b, IR_I64, 1 + random_below(m, 4));
    else if (!count || random_one_in(m, 3)) count = story_count(m, s);
    random_next_site(m);
    story_alloc(m, s, random_below(m, HANDLES), count);
    random_element(m, &row, index);
}

// One element of one row, between some changes, which may be of that row.
static void story_access(Maker *m, Story *s) {
    u32 handle = random_below(m, HANDLES);
    Row row = {.pointer = s->rows[handle], .heap = true};
    IrValue index = s->indices[random_below(m, INDICES)];
    for (u32 n = 1 + random_below(m, 3); n > 0; n--) {
        random_next_site(m);
        random_element(m, &row, index);
        if (random_one_in(m, 2)) story_change(m, s, random_below(m, HANDLES));
        else if (s->rows[handle] == row.pointer) story_retake(m, s, handle, index);
    }
}

static void story_actions(Maker *m, Story *s) {
    for (u32 n = 1 + random_below(m, ACTIONS); n > 0; n--) {
        if (random_one_in(m, 2)) story_access(m, s);
        else story_change(m, s, random_below(m, HANDLES));
    }
}

// Actions that not every run comes past. What they make nobody sees after; what was alive before may be freed.
static void story_arm(Maker *m, Story *s) {
    IrBlockId arm = ir_add_block(&m->b, 0), meet = ir_add_block(&m->b, 0);
    ir_branch(&m->b, random_condition(m), ir_edge(&m->b, arm, NULL, 0), ir_edge(&m->b, meet, NULL, 0));
    Pools pools = m->pools;
    Story inside = *s;
    ir_at(&m->b, arm);
    story_actions(m, &inside);
    ir_jump(&m->b, ir_edge(&m->b, meet, NULL, 0));
    m->pools = pools;
    for (u32 i = 0; i < HANDLES; i++) s->live[i] &= inside.live[i] && inside.rows[i] == s->rows[i];
    ir_at(&m->b, meet);
}

// A few turns, each with rows of its own that it gives back, mostly in place of one freed before, and which no other count
// need have. One handle goes from turn to turn.
static void story_loop(Maker *m, Story *s) {
    IrBlockId turn = ir_add_block(&m->b, 0), after = ir_add_block(&m->b, 0);
    u32 passed = random_below(m, HANDLES);
    IrValue start[] = {ir_const(&m->b, IR_I64, 1 + random_below(m, 8)), s->rows[passed]};
    IrValue left = ir_block_param(&m->b, turn, IR_I64), row = ir_block_param(&m->b, turn, IR_PTR);
    ir_jump(&m->b, ir_edge(&m->b, turn, start, 2));
    Pools pools = m->pools;
    Story inside = *s;
    for (u32 i = 0; i < HANDLES; i++) inside.live[i] = false;
    inside.rows[passed] = row;
    inside.counts[passed] = 0;
    inside.count = left;
    ir_at(&m->b, turn);
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    story_actions(m, &inside);
    if (random_one_in(m, 3)) story_arm(m, &inside);
    for (u32 i = 0; i < HANDLES; i++) story_free(m, &inside, i);
    IrValue next = ir_binary(&m->b, IR_OP_SUB, IR_I64, left, ir_const(&m->b, IR_I64, 1));
    IrValue goes_on = ir_compare(&m->b, IR_OP_GT, IR_I64, next, ir_const(&m->b, IR_I64, 0));
    IrValue again[] = {next, inside.rows[random_one_in(m, 2) ? passed : random_below(m, HANDLES)]};
    ir_branch(&m->b, goes_on, ir_edge(&m->b, turn, again, 2), ir_edge(&m->b, after, NULL, 0));
    m->pools = pools;
    ir_at(&m->b, after);
}

void random_reuse(Maker *m) {
    Story s = {0};
    s.count = ir_binary(&m->b, IR_OP_AND, IR_I64, random_pick(m, IR_I64), ir_const(&m->b, IR_I64, 7));
    s.count = ir_binary(&m->b, IR_OP_OR, IR_I64, s.count, ir_const(&m->b, IR_I64, 1));
    s.indices[0] = ir_const(&m->b, IR_I64, random_below(m, 3));
    s.indices[1] = ir_const(&m->b, IR_I64, random_below(m, 5));
    s.indices[2] = ir_binary(&m->b, IR_OP_AND, IR_I64, s.count, ir_const(&m->b, IR_I64, 3));
    for (u32 i = 0; i < HANDLES; i++) {
        if (!i || !random_one_in(m, 4)) story_alloc(m, &s, i, story_count(m, &s));
        else s.rows[i] = s.rows[i - 1], s.counts[i] = s.counts[i - 1], s.live[i] = true;
    }
    for (u32 n = 1 + random_below(m, 3); n > 0; n--) {
        story_actions(m, &s);
        if (random_one_in(m, 2)) story_arm(m, &s);
        if (random_one_in(m, 2)) story_loop(m, &s);
    }
    for (u32 i = 0; i < HANDLES; i++)
        if (random_one_in(m, 2)) story_free(m, &s, i);
}
