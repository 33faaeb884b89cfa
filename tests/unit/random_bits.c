// Random stories of bits: counted one by one, turned round, masked, what division by a power of two leaves, high
// halves of products. Each is what a rule looks for, or nearly: another number, another amount, another type,
// something beside it.
#include "random_maker.h"

#include "ir/eval.h"

enum { PATTERNS = 5 };

static const IrType whole[] = {IR_I32, IR_U32, IR_I64, IR_U64};

static IrType bits_type(Maker *m) { return random_one_in(m, 5) ? random_int(m) : whole[random_below(m, 4)]; }

static IrValue wide_const(Maker *m, IrType type, u128 number) {
    u128 bits = eval_wrap128(type, number);
    return ir_const128(&m->b, type, (u64)bits, (u64)(bits >> 64));
}

static void tell(Maker *m, IrType type, IrValue value) {
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, value, 0, 0, 0);
    ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, 0, 0, 0, 0);
    random_keep(m, type, value);
}

// Two blocks that differ in what they print.
static void tell_branch(Maker *m, IrValue test) {
    IrBlockId arms[] = {ir_add_block(&m->b, 0), ir_add_block(&m->b, 0)}, meet = ir_add_block(&m->b, 0);
    ir_branch(&m->b, test, ir_edge(&m->b, arms[0], NULL, 0), ir_edge(&m->b, arms[1], NULL, 0));
    for (u32 i = 0; i < countof(arms); i++) {
        ir_at(&m->b, arms[i]);
        ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, i ? 0 : 2, 0, 0, 0);
        ir_jump(&m->b, ir_edge(&m->b, meet, NULL, 0));
    }
    ir_at(&m->b, meet);
}

// ---- counting ----

typedef struct Count {
    IrType type, counter;
    IrValue x, n;      // parameters of the head
    IrValue less, sum; // x - 1 and n + 1, where the head has them
    IrValue in[2][2];  // what two edges bring
    u32 at;            // of the two parameters x is which
} Count;

static IrValue less_one(Maker *m, const Count *c) {
    if (random_one_in(m, 3)) return ir_binary(&m->b, IR_OP_SUB, c->type, c->x, ir_const(&m->b, c->type, 1));
    return ir_binary(&m->b, IR_OP_ADD, c->type, c->x, wide_const(m, c->type, ~(u128)0));
}

static IrValue one_more(Maker *m, const Count *c) {
    i64 step = random_one_in(m, 8) ? (i64)random_below(m, 4) - 1 : 1;
    IrValue by = ir_const(&m->b, c->counter, step);
    if (c->type != c->counter && random_one_in(m, 10)) by = ir_convert(&m->b, c->counter, c->type, c->x);
    return ir_binary(&m->b, IR_OP_ADD, c->counter, c->n, by);
}

// What may stand beside the count; most of it must happen in each turn.
static void beside(Maker *m, const Count *c) {
    random_next_site(m);
    switch (random_below(m, 5)) {
    case 0: ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, c->type, c->x, 0, 0, 0); break;
    case 1: ir_store(&m->b, c->counter, random_slot_address(m, m->slots[0]), c->n, 0); break;
    case 2: {
        IrValue some = ir_const(&m->b, c->counter, 5), test = ir_compare(&m->b, IR_OP_NE, c->counter, c->n, some);
        ir_emit(&m->b, IR_OP_GUARD, IR_VOID, IR_VOID, test, random_trap(m), 0, 0);
        break;
    }
    case 3: random_keep(m, c->type, ir_binary(&m->b, IR_OP_MUL, c->type, c->x, c->x)); break;
    default: random_arithmetic(m); break;
    }
}

static IrEdge turn_edge(Maker *m, const Count *c, IrBlockId head, IrValue x, IrValue n) {
    IrValue args[2];
    args[c->at] = x;
    args[!c->at] = n;
    return ir_edge(&m->b, head, args, 2);
}

static void enter_count(Maker *m, const Count *c, IrBlockId head) {
    IrEdge first = turn_edge(m, c, head, c->in[0][0], c->in[0][1]);
    if (!random_one_in(m, 5)) ir_jump(&m->b, first);
    else ir_branch(&m->b, random_condition(m), first, turn_edge(m, c, head, c->in[1][0], c->in[1][1]));
}

static void count_body(Maker *m, const Count *c, IrBlockId head, IrBlockId after) {
    if (random_one_in(m, 6)) beside(m, c);
    IrValue less = c->less ? c->less : less_one(m, c);
    if (random_one_in(m, 12)) ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    bool turned = random_one_in(m, 4);
    IrValue left = ir_binary(&m->b, IR_OP_AND, c->type, turned ? less : c->x, turned ? c->x : less);
    IrValue sum = c->sum ? c->sum : one_more(m, c);
    if (random_one_in(m, 6)) beside(m, c);
    IrEdge back = turn_edge(m, c, head, left, sum);
    if (random_one_in(m, 10)) ir_branch(&m->b, random_condition(m), back, ir_edge(&m->b, after, &sum, 1));
    else ir_jump(&m->b, back);
}

// head(x, n): x != 0 ? body : after. body: head(x & (x - 1), n + 1).
static void count_bits(Maker *m) {
    Count c = {.type = bits_type(m), .counter = random_int(m), .at = random_below(m, 2)};
    IrBlockId head = ir_add_block(&m->b, 0), body = ir_add_block(&m->b, 0), after = ir_add_block(&m->b, 0);
    for (u32 i = 0; i < 2; i++) {
        c.in[i][0] = random_one_in(m, 6) ? random_pick(m, c.type) : random_unknown(m, c.type);
        c.in[i][1] = random_one_in(m, 3) ? random_pick(m, c.counter) : ir_const(&m->b, c.counter, 0);
    }
    enter_count(m, &c, head);
    IrValue params[] = {ir_block_param(&m->b, head, c.at ? c.counter : c.type),
                        ir_block_param(&m->b, head, c.at ? c.type : c.counter)};
    IrValue result = ir_block_param(&m->b, after, c.counter);
    Pools outside = m->pools;
    c.x = params[c.at];
    c.n = params[!c.at];
    ir_at(&m->b, head);
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    if (random_one_in(m, 3)) c.less = less_one(m, &c);
    if (random_one_in(m, 10)) c.sum = one_more(m, &c);
    if (random_one_in(m, 12)) beside(m, &c);
    bool equal = random_one_in(m, 3);
    IrValue none = ir_const(&m->b, c.type, 0), given = c.sum && random_one_in(m, 2) ? c.sum : c.n;
    IrValue test = ir_compare(&m->b, equal ? IR_OP_EQ : IR_OP_NE, c.type, c.x, none);
    IrEdge on = ir_edge(&m->b, body, NULL, 0), out = ir_edge(&m->b, after, &given, 1);
    ir_branch(&m->b, test, equal ? out : on, equal ? on : out);
    ir_at(&m->b, body);
    count_body(m, &c, head, after);
    m->pools = outside;
    ir_at(&m->b, after);
    tell(m, c.counter, result);
    if (random_one_in(m, 2)) tell(m, c.type, c.x);
}

// ---- turning ----

// x << n joined with x >> (width - n).
static void turn_bits(Maker *m) {
    static const IrOp joins[] = {IR_OP_OR, IR_OP_OR, IR_OP_XOR, IR_OP_XOR, IR_OP_ADD, IR_OP_AND};
    IrType type = random_one_in(m, 3) ? bits_type(m) : random_one_in(m, 2) ? IR_U32 : IR_U64;
    u32 width = ir_bits(type), up = random_below(m, width + 1), down = width - up;
    if (random_one_in(m, 6)) down += random_one_in(m, 2) ? 1 : width - 1;
    if (random_one_in(m, 6)) up += width;
    IrValue x = random_unknown(m, type), y = random_one_in(m, 6) ? random_unknown(m, type) : x;
    IrValue left = ir_binary(&m->b, IR_OP_SHL, type, x, ir_const(&m->b, type, up));
    IrValue right = ir_binary(&m->b, IR_OP_SHR, type, y, ir_const(&m->b, type, down));
    if (random_one_in(m, 6)) tell(m, type, left);
    bool turned = random_one_in(m, 2);
    IrOp join = joins[random_below(m, countof(joins))];
    tell(m, type, ir_binary(&m->b, join, type, turned ? right : left, turned ? left : right));
}

// ---- masks and remainders ----

// A power of two, mostly, that the type has.
static u128 divisor(Maker *m, IrType type, u32 *k) {
    *k = random_below(m, random_one_in(m, 2) ? ir_bits(type) : 6);
    u128 power = (u128)1 << *k;
    if (random_one_in(m, 8)) power += power > 2 || random_one_in(m, 2) ? 1 : 2;
    return random_one_in(m, 10) ? 0 - power : power;
}

static u128 remainder_near(Maker *m, u32 k) {
    u128 power = (u128)1 << k;
    switch (random_below(m, 8)) {
    case 0: return 1;
    case 1: return 0 - (u128)1;
    case 2: return power - 1;
    case 3: return 1 - power;
    case 4: return random_one_in(m, 2) ? power : 0 - power;
    case 5: return random_below(m, 32) - (u128)16;
    default: return 0;
    }
}

// x % 2^k == c and x & mask == c, as a number and as a branch.
static void test_bits(Maker *m) {
    IrType type = bits_type(m);
    u32 k;
    u128 by = divisor(m, type, &k);
    IrValue x = random_one_in(m, 6) ? random_pick(m, type) : random_unknown(m, type), rest;
    if (random_one_in(m, 4)) x = ir_binary(&m->b, IR_OP_SUB, type, x, random_unknown(m, type));
    if (random_one_in(m, 3)) rest = ir_binary(&m->b, IR_OP_AND, type, x, wide_const(m, type, by - 1));
    else rest = ir_binary(&m->b, IR_OP_REM, type, x, wide_const(m, type, eval_wrap128(type, by) ? by : 1));
    if (random_one_in(m, 6)) tell(m, type, rest);
    IrValue with = wide_const(m, type, remainder_near(m, k));
    IrOp op = (IrOp)(IR_OP_EQ + (random_one_in(m, 6) ? random_below(m, 6) : random_below(m, 2)));
    bool turned = random_one_in(m, 4);
    IrValue test = ir_compare(&m->b, op, type, turned ? with : rest, turned ? rest : with);
    if (random_one_in(m, 2)) tell_branch(m, test);
    else tell(m, IR_BOOL, test);
}

// ---- halves ----

// 64 bits of the middle of a product of 128.
static void take_half(Maker *m) {
    static const u32 amounts[] = {64, 64, 64, 64, 63, 65, 0, 127, 128 + 64};
    IrType wide = random_one_in(m, 2) ? IR_I128 : IR_U128,
           to = random_one_in(m, 6) ? random_int(m) : whole[2 + random_below(m, 2)];
    IrType from[2] = {bits_type(m), bits_type(m)};
    IrValue product = 0;
    for (u32 i = 0; i < 2; i++) {
        IrValue factor = random_unknown(m, from[i]);
        if (from[i] != wide) factor = ir_convert(&m->b, wide, from[i], factor);
        if (random_one_in(m, 6)) factor = random_pick(m, wide);
        product = i ? ir_binary(&m->b, IR_OP_MUL, wide, product, factor) : factor;
    }
    IrValue amount = ir_const(&m->b, wide, amounts[random_below(m, countof(amounts))]);
    IrValue half = ir_binary(&m->b, IR_OP_SHR, wide, product, amount);
    if (random_one_in(m, 6)) tell(m, wide, half);
    tell(m, to, to == wide ? half : ir_convert(&m->b, to, wide, half));
}

void random_bits(Maker *m) {
    for (u32 n = 1 + random_below(m, PATTERNS); n > 0; n--) {
        switch (random_below(m, 5)) {
        case 0: count_bits(m); break;
        case 1: turn_bits(m); break;
        case 2: take_half(m); break;
        default: test_bits(m); break;
        }
    }
}
