// Random stories of size: loops in loops in loops, long chains of blocks that meet far down, switches of many cases,
// addresses far away, and, seldom, functions of more values than 16 bits count or of many that stay alive over many
// blocks.
#include "random_maker.h"

#include "ir/eval.h"

enum {
    NEST = 17,
    NEST_MORE = 8,
    LINKS = 30,
    LINKS_MORE = 400,
    CASES = 900,
    CARRIED = 3,
    VALUES = 66000,
    HELD = 320,
    HELD_LINKS = 5200
};

static void print_char(Maker *m, u32 letter) {
    IrValue value = ir_const(&m->b, IR_U32, 'a' + letter % 26);
    ir_emit(&m->b, IR_OP_PRINT_CHAR, IR_VOID, IR_U32, value, 0, 0, 0);
}

static void tell(Maker *m, IrType type, IrValue value) {
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, value, 0, 0, 0);
    ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, 0, 0, 0, 0);
    random_keep(m, type, value);
}

// ---- loops in loops ----

typedef struct Loop {
    IrBlockId head, after;
    IrValue turn, carried;
} Loop;

// A letter gives a turn more than a digit.
static void nest(Maker *m) {
    static const IrOp ops[] = {IR_OP_ADD, IR_OP_XOR, IR_OP_MUL, IR_OP_SUB};
    Loop loops[NEST + NEST_MORE];
    u32 depth = NEST + random_below(m, NEST_MORE);
    IrType type = random_int(m);
    IrValue value = random_unknown(m, type);
    for (u32 i = 0; i < depth; i++) {
        Loop *loop = &loops[i];
        loop->head = ir_add_block(&m->b, 0);
        loop->after = ir_add_block(&m->b, 0);
        loop->turn = ir_block_param(&m->b, loop->head, IR_U8);
        loop->carried = ir_block_param(&m->b, loop->head, type);
        IrValue start[] = {ir_const(&m->b, IR_U8, 0), value};
        ir_jump(&m->b, ir_edge(&m->b, loop->head, start, 2));
        ir_at(&m->b, loop->head);
        ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
        value = loop->carried;
        if (random_one_in(m, 2)) { // stays the same in the loops further in, or in all but some
            IrValue other = random_one_in(m, 2) ? loops[random_below(m, i + 1)].carried : random_unknown(m, type);
            IrOp op = ops[random_below(m, countof(ops))];
            value = ir_binary(&m->b, op, type, loops[random_below(m, i + 1)].carried, other);
        }
    }
    if (random_one_in(m, 2)) tell(m, type, value);
    for (u32 i = depth; i-- > 0;) {
        Loop *loop = &loops[i];
        if (random_one_in(m, 3))
            value = ir_binary(&m->b, IR_OP_ADD, type, value, loops[random_below(m, i + 1)].carried);
        IrValue most = ir_binary(&m->b, IR_OP_SHR, IR_U8, random_unknown(m, IR_U8), ir_const(&m->b, IR_U8, 6));
        most = ir_binary(&m->b, IR_OP_AND, IR_U8, most, ir_const(&m->b, IR_U8, 1));
        IrValue goes_on = ir_compare(&m->b, IR_OP_LT, IR_U8, loop->turn, most);
        IrValue next[] = {ir_binary(&m->b, IR_OP_ADD, IR_U8, loop->turn, ir_const(&m->b, IR_U8, 1)), value};
        ir_branch(&m->b, goes_on, ir_edge(&m->b, loop->head, next, 2), ir_edge(&m->b, loop->after, NULL, 0));
        ir_at(&m->b, loop->after);
    }
    tell(m, type, value);
}

// ---- chains ----

typedef struct Chain {
    IrBlockId *blocks; // the last is the end
    u32 count;
    IrType types[CARRIED];
    IrValue (*params)[CARRIED];
} Chain;

static void add_links(Maker *m, Chain *c) {
    Arena *arena = m->module->arena;
    c->blocks = arena_new(arena, IrBlockId, c->count + 1);
    c->params = arena_alloc(arena, c->count + 1, sizeof *c->params, _Alignof(IrValue));
    for (u32 k = 0; k < CARRIED; k++) c->types[k] = random_int(m);
    for (u32 i = 0; i <= c->count; i++) {
        c->blocks[i] = ir_add_block(&m->b, 0);
        for (u32 k = 0; k < CARRIED; k++) c->params[i][k] = ir_block_param(&m->b, c->blocks[i], c->types[k]);
    }
}

static IrEdge link_edge(Maker *m, const Chain *c, u32 to, const IrValue *values) {
    return ir_edge(&m->b, c->blocks[to], values, CARRIED);
}

// Ends block `at`: on to the next, over some, or to the end.
static void end_link(Maker *m, const Chain *c, u32 at, const IrValue *values) {
    u32 over = at + 1 + random_below(m, 12), k = random_below(m, CARRIED);
    if (random_one_in(m, 24)) over = c->count;
    if (over > c->count) over = c->count;
    if (random_one_in(m, 4)) {
        ir_jump(&m->b, link_edge(m, c, at + 1, values));
        return;
    }
    IrOp op = (IrOp)(IR_OP_EQ + random_below(m, 6));
    IrValue with = random_one_in(m, 3) ? random_const(m, c->types[k]) : random_unknown(m, c->types[k]);
    IrValue test = ir_compare(&m->b, op, c->types[k], values[k], with);
    IrEdge near = link_edge(m, c, at + 1, values), far = link_edge(m, c, over, values);
    bool turned = random_one_in(m, 2);
    ir_branch(&m->b, test, turned ? far : near, turned ? near : far);
}

static void chain(Maker *m, u32 count) {
    static const IrOp ops[] = {IR_OP_ADD, IR_OP_XOR, IR_OP_MUL, IR_OP_SUB, IR_OP_OR};
    Chain c = {.count = count};
    IrValue values[CARRIED];
    add_links(m, &c);
    for (u32 k = 0; k < CARRIED; k++) values[k] = random_unknown(m, c.types[k]);
    ir_jump(&m->b, link_edge(m, &c, 0, values));
    for (u32 i = 0; i < count; i++) {
        ir_at(&m->b, c.blocks[i]);
        for (u32 k = 0; k < CARRIED; k++) {
            values[k] = c.params[i][k];
            if (random_one_in(m, 3)) continue;
            IrOp op = ops[random_below(m, countof(ops))];
            values[k] = ir_binary(&m->b, op, c.types[k], values[k], random_const(m, c.types[k]));
        }
        if (random_one_in(m, 6)) print_char(m, i);
        end_link(m, &c, i, values);
    }
    ir_at(&m->b, c.blocks[count]);
    for (u32 k = 0; k < CARRIED; k++) tell(m, c.types[k], c.params[count][k]);
}

// ---- switches ----

// What the cases pass on is a rule of their numbers, or nearly.
static void many_cases(Maker *m) {
    static const u32 strides[] = {1, 1, 1, 2, 3, 7, 257, 100000};
    IrType type = random_int(m), given = random_int(m);
    u32 count = random_below(m, random_one_in(m, 3) ? CASES : 60), stride = strides[random_below(m, countof(strides))];
    i64 base = random_one_in(m, 2) ? 0 : (i64)random_below(m, 600) - 300, rule = (i64)random_below(m, 5) - 1;
    IrBlockId meet = ir_add_block(&m->b, 0), arm = ir_add_block(&m->b, 0);
    IrValue result = ir_block_param(&m->b, meet, given), passed = ir_block_param(&m->b, arm, given);
    IrValue by = ir_const(&m->b, type, stride), selector = random_unknown(m, type);
    if (!random_one_in(m, 4)) selector = ir_binary(&m->b, IR_OP_AND, type, selector, ir_const(&m->b, type, 127));
    if (stride > 1 && !random_one_in(m, 4)) selector = ir_binary(&m->b, IR_OP_MUL, type, selector, by);
    IrValue other = ir_const(&m->b, given, 77), *numbers = arena_new(m->module->arena, IrValue, count + 1);
    u8 *odd = arena_new(m->module->arena, u8, count + 1);
    for (u32 i = 0; i < count; i++) {
        odd[i] = random_one_in(m, 40);
        numbers[i] = ir_const(&m->b, given, odd[i] ? 5 : rule == 3 ? (i64)random_below(m, 100) : rule * i);
    }
    ir_switch(&m->b, selector, ir_edge(&m->b, meet, &other, 1));
    bool arms = random_one_in(m, 2);
    for (u32 i = 0; i < count; i++) {
        u128 bits = eval_wrap128(type, (u128)(i128)(base + (i64)i * stride));
        IrBlockId to = arms && odd[i] ? arm : meet;
        ir_case(&m->b, (u64)bits, (u64)(bits >> 64), ir_edge(&m->b, to, &numbers[i], 1));
    }
    ir_at(&m->b, arm);
    print_char(m, 1);
    ir_jump(&m->b, ir_edge(&m->b, meet, &passed, 1));
    ir_at(&m->b, meet);
    tell(m, given, result);
}

// ---- far away ----

// Addresses further from their start than one offset says, where no run ever comes: a square is not 2 modulo 4.
static void look_far(Maker *m) {
    static const u32 distances[] = {16, 0xffff, 0x10000, 0x3ffffff0, 0x3fffffff, 0x40000000};
    IrBlockId far = ir_add_block(&m->b, 0), near = ir_add_block(&m->b, 0);
    IrValue x = random_unknown(m, IR_U32), square = ir_binary(&m->b, IR_OP_MUL, IR_U32, x, x);
    IrValue rest = ir_binary(&m->b, IR_OP_AND, IR_U32, square, ir_const(&m->b, IR_U32, 3));
    IrValue test = ir_compare(&m->b, IR_OP_EQ, IR_U32, rest, ir_const(&m->b, IR_U32, 2));
    IrValue address = random_one_in(m, 2) ? random_pick(m, IR_PTR) : random_slot_address(m, m->near_slot);
    ir_branch(&m->b, test, ir_edge(&m->b, far, NULL, 0), ir_edge(&m->b, near, NULL, 0));
    ir_at(&m->b, far);
    for (u32 n = random_below(m, 3); n > 0; n--) { // all of them below 4 GiB
        u32 distance = distances[random_below(m, countof(distances))];
        address = ir_emit(&m->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, address, distance, 0, 0);
    }
    u32 offset = distances[random_below(m, countof(distances))];
    IrValue value = ir_load(&m->b, IR_U8, address, offset);
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, IR_U8, value, 0, 0, 0);
    ir_jump(&m->b, ir_edge(&m->b, near, NULL, 0));
    ir_at(&m->b, near);
}

// ---- giants ----

static void many_values(Maker *m) {
    IrType type = random_int(m);
    IrValue value = random_unknown(m, type), other = random_unknown(m, type);
    for (u32 i = 0; i < VALUES; i++) {
        IrValue next = ir_binary(&m->b, i % 3 ? IR_OP_MUL : IR_OP_XOR, type, value, i % 2 ? other : value);
        if (i % 3 == 0) next = ir_binary(&m->b, IR_OP_ADD, type, next, random_const(m, type));
        other = value;
        value = next;
    }
    tell(m, type, value);
}

static void many_held(Maker *m) {
    IrValue held[HELD];
    for (u32 i = 0; i < HELD; i++) {
        IrValue loaded = random_unknown(m, IR_I64);
        held[i] = ir_binary(&m->b, IR_OP_MUL, IR_I64, loaded, ir_const(&m->b, IR_I64, 3 + 2 * (i64)i));
    }
    chain(m, HELD_LINKS);
    IrValue sum = held[0];
    for (u32 i = 1; i < HELD; i++) {
        sum = ir_binary(&m->b, IR_OP_MUL, IR_I64, sum, ir_const(&m->b, IR_I64, 31));
        sum = ir_binary(&m->b, IR_OP_XOR, IR_I64, sum, held[i]);
    }
    tell(m, IR_I64, sum);
}

void random_giants(Maker *m) {
    if (random_one_in(m, 150)) {
        if (random_one_in(m, 2)) many_values(m);
        else many_held(m);
        return;
    }
    switch (random_below(m, 5)) {
    case 0: nest(m); return;
    case 2: look_far(m); return;
    case 1: chain(m, LINKS + (random_one_in(m, 4) ? random_below(m, LINKS_MORE) : 0)); return;
    default: many_cases(m); return;
    }
}
