// Random sweeps over a row: it is filled, copied or summed up, by a counter of any integer type, in steps of any length, from
// anywhere to about its end. Most are loops that the interpreter does in one go (interp/repeat.c), the others nearly: what
// should stay the same changes, the rows overlap, or the loop is entered in the middle of a turn.
#include "random_maker.h"

typedef struct Sweep {
    IrType type, counter, total; // of the elements, of their number, of their sum
    u32 count;                   // of elements, but in the heap, where the row says itself
    bool heap;
    u32 line;           // bytes of a row of rows, which each turn looks up anew; 0: the rows themselves are given
    IrValue index, sum; // in the block at hand
    IrValue x;          // what the turn has loaded, 0 = nothing
} Sweep;

static u32 size_of(IrType type) { return ir_type_info[type].size; }

static IrValue number(Maker *m, IrType to, IrType from, IrValue value) { return ir_convert(&m->b, to, from, value); }

// A row of the frame, perhaps by an address that hides it, or a new one of the heap; the number of a row in a row of rows.
static IrValue sweep_row(Maker *m, const Sweep *s) {
    if (s->line) {
        IrValue any = random_pick(m, IR_I64);
        if (random_one_in(m, 6)) return any;
        any = ir_binary(&m->b, IR_OP_AND, IR_I64, any, ir_const(&m->b, IR_I64, INT64_MAX));
        return ir_binary(&m->b, IR_OP_REM, IR_I64, any, ir_const(&m->b, IR_I64, BIG_BYTES / s->line));
    }
    if (s->heap)
        return ir_emit(&m->b, IR_OP_HEAP_ALLOC, IR_PTR, IR_VOID, ir_const(&m->b, IR_I64, s->count), m->element, 0, 0);
    IrValue row = random_slot_address(m, m->big_slot);
    u32 room = BIG_BYTES - s->count * size_of(s->type), down = random_below(m, room / 8 + 1) * 8;
    if (down) row = ir_emit(&m->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, row, down, 0, 0);
    if (random_one_in(m, 2)) return row;
    IrValue other = random_slot_address(m, m->big_slot);
    return ir_emit(&m->b, IR_OP_SELECT, IR_PTR, IR_VOID, random_condition(m), row, other, 0);
}

static IrValue element(Maker *m, const Sweep *s, IrValue row) {
    if (s->line) {
        IrValue big = random_slot_address(m, m->big_slot);
        random_next_site(m);
        row = ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, big, row, s->line, BIG_BYTES / s->line);
        random_next_site(m);
        if (random_one_in(m, 6)) ir_binary(&m->b, IR_OP_REM, IR_I64, ir_const(&m->b, IR_I64, 7), s->index);
        if (random_one_in(m, 2)) ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    }
    return ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, row, s->index, size_of(s->type), s->heap ? 0 : s->count);
}

// A number that no turn changes, mostly.
static IrValue operand(Maker *m, const Sweep *s, IrValue plain) {
    if (!random_one_in(m, 6)) return plain;
    if (s->x && random_one_in(m, 2)) return number(m, s->counter, s->type, s->x);
    return random_one_in(m, 2) ? number(m, s->counter, s->total, s->sum) : random_pick(m, s->counter);
}

static IrValue start_limit(Maker *m, const Sweep *s) {
    IrValue limit = ir_const(&m->b, s->counter, (i64)s->count - (random_one_in(m, 8) ? -1 : (i64)random_below(m, 3)));
    if (random_one_in(m, 2)) return limit;
    IrValue less = ir_binary(&m->b, IR_OP_AND, s->counter, random_pick(m, s->counter), ir_const(&m->b, s->counter, 3));
    return ir_binary(&m->b, IR_OP_SUB, s->counter, limit, less);
}

static IrValue start_step(Maker *m, const Sweep *s) {
    IrValue few = ir_const(&m->b, s->counter,
                           random_one_in(m, 12)  ? -1
                           : random_one_in(m, 2) ? 1
                                                 : 2 + random_below(m, 6));
    if (!random_one_in(m, 3)) return few;
    IrValue some = ir_binary(&m->b, IR_OP_AND, s->counter, random_pick(m, s->counter), ir_const(&m->b, s->counter, 7));
    return ir_binary(&m->b, IR_OP_OR, s->counter, some, ir_const(&m->b, s->counter, 1));
}

// What a turn does.
static void sweep_turn(Maker *m, Sweep *s, IrValue to, IrValue from, IrValue value) {
    u32 choice = random_below(m, 8);
    if (choice >= 3) s->x = ir_load(&m->b, s->type, element(m, s, random_one_in(m, 8) ? to : from), 0);
    if (choice >= 5) {
        bool turned = random_one_in(m, 4);
        IrOp op = random_one_in(m, 8) ? IR_OP_SUB : IR_OP_ADD;
        IrValue x = number(m, s->total, s->type, s->x);
        s->sum = ir_binary(&m->b, op, s->total, turned ? x : s->sum, turned ? s->sum : x);
    }
    if (choice < 3 && random_one_in(m, 8)) value = number(m, s->type, s->total, s->sum);
    if (choice < 5 || random_one_in(m, 12))
        ir_store(&m->b, s->type, element(m, s, to), s->x && !random_one_in(m, 12) ? s->x : value, 0);
}

void random_sweep(Maker *m) {
    static const IrType counters[] = {IR_I32, IR_I32, IR_U32, IR_I64, IR_U64, IR_U8};
    static const IrType totals[] = {IR_I32, IR_U32, IR_I64, IR_U64};
    static const IrOp tests[] = {IR_OP_LT, IR_OP_LT, IR_OP_LT, IR_OP_LE, IR_OP_NE, IR_OP_GE};
    Sweep s = {.counter = counters[random_below(m, countof(counters))], .heap = random_one_in(m, 4)};
    do s.type = random_one_in(m, 4) ? s.counter : random_type(m);
    while (s.type == IR_BOOL || size_of(s.type) > 8);
    if (size_of(s.type) != m->element) s.heap = false;
    s.total = random_one_in(m, 4) ? s.type : totals[random_below(m, countof(totals))];
    if (!s.heap && random_one_in(m, 3)) s.line = random_one_in(m, 2) ? 40 : 80;
    u32 most = (s.line ? s.line : BIG_BYTES) / size_of(s.type);
    s.count = random_one_in(m, 4) ? 1 + random_below(m, most) : most - random_below(m, most / 4);
    IrValue to = sweep_row(m, &s), from = random_one_in(m, 4) ? to : sweep_row(m, &s);
    IrValue value = random_pick(m, s.type), limit = start_limit(m, &s), step = start_step(m, &s);

    IrBlockId turn = ir_add_block(&m->b, 0), after = ir_add_block(&m->b, 0);
    IrValue start[] = {ir_const(&m->b, s.counter, random_below(m, 3)), 0};
    start[1] = random_pick(m, s.total);
    IrValue at = ir_block_param(&m->b, turn, s.counter), sum = ir_block_param(&m->b, turn, s.total);
    bool apart = random_one_in(m, 6); // the end of a turn is a block of its own, where the loop is entered
    IrBlockId end = apart ? ir_add_block(&m->b, 0) : turn;
    ir_jump(&m->b, ir_edge(&m->b, end, start, 2));

    ir_at(&m->b, turn);
    if (!random_one_in(m, 16)) ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1 + random_below(m, 9), 0, 0, 0);
    s.sum = sum;
    s.index = number(m, IR_I64, s.counter, at);
    if (random_one_in(m, 4)) value = number(m, s.type, s.counter, at);
    sweep_turn(m, &s, to, from, value);
    if (apart) {
        ir_jump(&m->b, ir_edge(&m->b, end, (IrValue[]){at, s.sum}, 2));
        at = ir_block_param(&m->b, end, s.counter);
        s.sum = ir_block_param(&m->b, end, s.total);
        s.x = 0;
        ir_at(&m->b, end);
    }
    limit = operand(m, &s, limit);
    IrValue next = ir_binary(&m->b, IR_OP_ADD, s.counter, at, random_one_in(m, 4) ? operand(m, &s, step) : step);
    IrValue goes_on = ir_compare(&m->b, tests[random_below(m, countof(tests))], s.counter, next, limit);
    ir_branch(&m->b, goes_on, ir_edge(&m->b, turn, (IrValue[]){next, s.sum}, 2), ir_edge(&m->b, after, NULL, 0));
    ir_at(&m->b, after);
    random_keep(m, s.counter, next);
    random_keep(m, s.total, s.sum);
    if (s.x) random_keep(m, s.type, s.x);
    if (random_one_in(m, 3)) random_print_all(m);
}
