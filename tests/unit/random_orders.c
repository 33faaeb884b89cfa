// Random stories of two numbers of which a test says which one is larger, and of their difference: as the index of an
// element, as what is compared and divided. Now and then the test is turned round, asks for less, or says nothing of
// these two. And indices that are sums of products, as rows of rows have them.
#include "random_maker.h"

enum { TURNS = 6, USES = 3 };

typedef struct Pair {
    IrType type;
    IrValue above, below; // as a test says, mostly
} Pair;

static IrValue some_number(Maker *m, IrType type) {
    static const i64 masks[] = {1, 3, 3, 7, 63, 127, 127, 255, 0xffff, -1};
    if (random_one_in(m, 10)) return random_const(m, type);
    IrValue any = random_one_in(m, 6) ? random_pick(m, type) : random_unknown(m, type);
    i64 mask = masks[random_below(m, countof(masks))];
    return mask == -1 ? any : ir_binary(&m->b, IR_OP_AND, type, any, ir_const(&m->b, type, mask));
}

static IrValue difference(Maker *m, const Pair *p) {
    IrValue x = p->above, y = p->below;
    if (random_one_in(m, 12)) x = p->below, y = p->above;
    if (random_one_in(m, 2)) return ir_binary(&m->b, IR_OP_SUB, p->type, x, y);
    i64 less = random_one_in(m, 6) ? (i64)random_below(m, 4) - 1 : 1;
    if (random_one_in(m, 3)) { // from the other end: what is taken away comes last
        x = ir_binary(&m->b, IR_OP_SUB, p->type, x, y);
        return ir_binary(&m->b, IR_OP_SUB, p->type, x, ir_const(&m->b, p->type, less));
    }
    if (random_one_in(m, 2)) x = ir_binary(&m->b, IR_OP_ADD, p->type, x, ir_const(&m->b, p->type, -less));
    else x = ir_binary(&m->b, IR_OP_SUB, p->type, x, ir_const(&m->b, p->type, less));
    return ir_binary(&m->b, IR_OP_SUB, p->type, x, y);
}

static void tell(Maker *m, IrType type, IrValue value) {
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, value, 0, 0, 0);
    ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, 0, 0, 0, 0);
}

static void element_at(Maker *m, IrType type, IrValue index) {
    if (type != IR_I64) index = ir_convert(&m->b, IR_I64, type, index);
    IrValue row = random_slot_address(m, m->near_slot);
    random_next_site(m);
    IrValue at = ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, row, index, 1, NEAR_LENGTH * 4);
    if (random_one_in(m, 6)) ir_store(&m->b, IR_U8, at, random_pick(m, IR_U8), 0);
    else tell(m, IR_U8, ir_load(&m->b, IR_U8, at, 0));
}

static void use(Maker *m, const Pair *p) {
    IrValue apart = difference(m, p);
    switch (random_below(m, 8)) {
    case 0: {
        static const i64 numbers[] = {0, 0, 1, -1, 127, 128, 255};
        IrValue with = ir_const(&m->b, p->type, numbers[random_below(m, countof(numbers))]);
        tell(m, IR_BOOL, ir_compare(&m->b, (IrOp)(IR_OP_EQ + random_below(m, 6)), p->type, apart, with));
        break;
    }
    case 1: {
        IrValue by = ir_const(&m->b, p->type, 1 + random_below(m, 9));
        random_next_site(m);
        tell(m, p->type, ir_binary(&m->b, random_one_in(m, 2) ? IR_OP_DIV : IR_OP_REM, p->type, apart, by));
        break;
    }
    case 2: tell(m, p->type, apart); break;
    case 3: {
        IrValue two = difference(m, p);
        tell(m, IR_BOOL, ir_compare(&m->b, (IrOp)(IR_OP_EQ + random_below(m, 6)), p->type, apart, two));
        break;
    }
    default:
        if (random_one_in(m, 3)) element_at(m, p->type, apart);
        else element_at(m, p->type, ir_binary(&m->b, IR_OP_AND, p->type, apart, ir_const(&m->b, p->type, 127)));
    }
}

static void uses(Maker *m, const Pair *p) {
    for (u32 n = 1 + random_below(m, USES); n > 0; n--) use(m, p);
}

// Where the index surely is one, if the test says what it should.
static IrValue ask(Maker *m, const Pair *p) {
    static const IrOp tests[] = {IR_OP_GE, IR_OP_GT, IR_OP_LE, IR_OP_LT};
    u32 which = random_below(m, 2);
    if (random_one_in(m, 12)) which += 2;
    if (random_one_in(m, 2)) return ir_compare(&m->b, tests[which], p->type, p->above, p->below);
    return ir_compare(&m->b, tests[which ^ 2], p->type, p->below, p->above);
}

static void tell_after_test(Maker *m, const Pair *p) {
    IrValue test = ask(m, p);
    if (random_one_in(m, 4)) test = ir_binary(&m->b, IR_OP_AND, IR_BOOL, test, random_condition(m));
    if (random_one_in(m, 16)) {
        ir_emit(&m->b, IR_OP_GUARD, IR_VOID, IR_VOID, test, random_trap(m), 0, 0);
        uses(m, p);
        return;
    }
    IrBlockId yes = ir_add_block(&m->b, 0), no = ir_add_block(&m->b, 0), meet = ir_add_block(&m->b, 0);
    ir_branch(&m->b, test, ir_edge(&m->b, yes, NULL, 0), ir_edge(&m->b, no, NULL, 0));
    Pools pools = m->pools;
    ir_at(&m->b, yes);
    uses(m, p);
    ir_jump(&m->b, ir_edge(&m->b, meet, NULL, 0));
    ir_at(&m->b, no);
    if (random_one_in(m, 3)) uses(m, p);
    ir_jump(&m->b, ir_edge(&m->b, meet, NULL, 0));
    m->pools = pools;
    ir_at(&m->b, meet);
    if (random_one_in(m, 8)) uses(m, p);
}

// Up to a number, or down to one, as long as the test says so.
static void tell_in_loop(Maker *m, Pair p) {
    bool up = random_one_in(m, 2);
    IrBlockId head = ir_add_block(&m->b, 0), body = ir_add_block(&m->b, 0), after = ir_add_block(&m->b, 0);
    IrValue fuel = ir_block_param(&m->b, head, IR_I32), i = ir_block_param(&m->b, head, p.type);
    IrValue start[] = {ir_const(&m->b, IR_I32, 1 + random_below(m, TURNS)), up ? p.below : p.above};
    ir_jump(&m->b, ir_edge(&m->b, head, start, 2));
    ir_at(&m->b, head);
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    if (up) p.below = i;
    else p.above = i;
    IrValue left = ir_compare(&m->b, IR_OP_GT, IR_I32, fuel, ir_const(&m->b, IR_I32, 0));
    IrValue test = ir_binary(&m->b, IR_OP_AND, IR_BOOL, ask(m, &p), left);
    ir_branch(&m->b, test, ir_edge(&m->b, body, NULL, 0), ir_edge(&m->b, after, NULL, 0));
    Pools pools = m->pools;
    ir_at(&m->b, body);
    uses(m, &p);
    i64 step = random_one_in(m, 3) ? random_below(m, 4) : 1;
    IrValue next[] = {ir_binary(&m->b, IR_OP_SUB, IR_I32, fuel, ir_const(&m->b, IR_I32, 1)), 0};
    next[1] = ir_binary(&m->b, IR_OP_ADD, p.type, i, ir_const(&m->b, p.type, up ? step : -step));
    if (random_one_in(m, 6)) next[1] = random_pick(m, p.type);
    ir_jump(&m->b, ir_edge(&m->b, head, next, 2));
    m->pools = pools;
    ir_at(&m->b, after);
    if (random_one_in(m, 8)) uses(m, &p);
}

// x * scale + y + add, whole or in part.
static IrValue linear(Maker *m, IrType type) {
    static const i64 scales[] = {2, 3, 8, 16, -1, -3, 32767, 32768, -32768, 70000};
    static const i64 adds[] = {0, 1, -1, 5, 32767, 32768, -32769, 100000};
    IrValue x = some_number(m, type);
    if (!random_one_in(m, 4))
        x = ir_binary(&m->b, IR_OP_MUL, type, x, ir_const(&m->b, type, scales[random_below(m, countof(scales))]));
    if (!random_one_in(m, 4)) {
        IrValue y = some_number(m, type);
        bool turned = random_one_in(m, 2);
        x = ir_binary(&m->b, random_one_in(m, 6) ? IR_OP_SUB : IR_OP_ADD, type, turned ? y : x, turned ? x : y);
    }
    if (random_one_in(m, 2)) return x;
    return ir_binary(&m->b, IR_OP_ADD, type, x, ir_const(&m->b, type, adds[random_below(m, countof(adds))]));
}

typedef struct Element {
    IrType type;
    IrValue address;
} Element;

// A small number whose sum leaves its type on the way.
static IrValue around(Maker *m, IrType type) {
    IrValue small = ir_binary(&m->b, IR_OP_AND, type, random_unknown(m, type), ir_const(&m->b, type, 127));
    IrValue x = random_unknown(m, type), scale = ir_const(&m->b, type, 3 + (i64)random_below(m, 9));
    IrValue rest = ir_binary(&m->b, IR_OP_SUB, type, small, ir_binary(&m->b, IR_OP_MUL, type, x, scale));
    return ir_binary(&m->b, IR_OP_ADD, type, ir_binary(&m->b, IR_OP_MUL, type, x, scale), rest);
}

// Of a row in the frame by such a sum, which is within it mostly.
static Element linear_element(Maker *m) {
    static const IrType indices[] = {IR_I32, IR_I32, IR_I64, IR_U64, IR_U32},
                        elements[] = {IR_I32, IR_I64, IR_U32, IR_U8};
    IrType type = random_one_in(m, 6) ? random_int(m) : indices[random_below(m, countof(indices))];
    Element element = {.type = elements[random_below(m, countof(elements))]};
    u32 size = ir_type_info[element.type].size, length = NEAR_LENGTH * 4 / size;
    IrValue index = linear(m, type), row = random_slot_address(m, m->near_slot);
    if (!random_one_in(m, 24)) { // brought back to what there is, and a sum again
        IrValue small = ir_binary(&m->b, IR_OP_AND, type, index, ir_const(&m->b, type, 15));
        IrValue scaled = ir_binary(&m->b, IR_OP_MUL, type, small, ir_const(&m->b, type, 1 + random_below(m, 5)));
        IrValue rest = ir_binary(&m->b, IR_OP_AND, type, random_unknown(m, type), ir_const(&m->b, type, 31));
        index = ir_binary(&m->b, IR_OP_ADD, type, scaled, rest);
        index = ir_binary(&m->b, IR_OP_ADD, type, index, ir_const(&m->b, type, random_below(m, 12)));
    }
    if (random_one_in(m, 4)) index = around(m, type);
    if (type != IR_I64 && (type != IR_U64 || random_one_in(m, 2))) index = ir_convert(&m->b, IR_I64, type, index);
    random_next_site(m);
    element.address = ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, row, index, size, length);
    return element;
}

static void touch(Maker *m, const Element *element) {
    if (random_one_in(m, 3)) ir_store(&m->b, element->type, element->address, random_pick(m, element->type), 0);
    else tell(m, element->type, ir_load(&m->b, element->type, element->address, 0));
}

// Some are looked for before others are used: what traps first must do so first.
static void linear_elements(Maker *m) {
    Element last = linear_element(m);
    for (u32 n = random_below(m, 4); n > 0; n--) {
        if (random_one_in(m, 4)) random_arithmetic(m);
        Element element = linear_element(m);
        bool turned = random_one_in(m, 2);
        touch(m, turned ? &element : &last);
        if (!turned) last = element;
    }
    touch(m, &last);
}

void random_orders(Maker *m) {
    static const IrType types[] = {IR_I32, IR_U32, IR_I64, IR_U64, IR_I32, IR_I64};
    if (random_one_in(m, 3)) {
        linear_elements(m);
        return;
    }
    IrType type = random_one_in(m, 4) ? random_int(m) : types[random_below(m, countof(types))];
    Pair pair = {.type = type};
    pair.above = some_number(m, type);
    pair.below = random_one_in(m, 6) ? random_const(m, type) : some_number(m, type);
    if (random_one_in(m, 3)) { // often the same number, or the next
        IrValue by = random_one_in(m, 2) ? ir_const(&m->b, type, 0) : random_unknown(m, type);
        by = ir_binary(&m->b, IR_OP_AND, type, by, ir_const(&m->b, type, 1));
        pair.below = ir_binary(&m->b, IR_OP_XOR, type, pair.above, by);
    }
    if (random_one_in(m, 3)) tell_in_loop(m, pair);
    else tell_after_test(m, &pair);
}
