// Random stories of arithmetic on a few numbers: sums of sums, what undoes what came before, conversions there and back,
// comparisons of what was made so. All of it is printed at once, so that no rule for such terms goes unseen.
#include "random_maker.h"

enum { TERMS = 16, STEPS = 14 };

typedef struct Terms {
    IrType types[TERMS];
    IrValue values[TERMS], from[TERMS][2]; // of what of that type it was made; 0 = nothing known
    u32 count;
} Terms;

static const IrType ints[] = {IR_I8, IR_U8, IR_I16, IR_U16, IR_I32, IR_U32, IR_I64, IR_U64, IR_I128, IR_U128};

static void add_term(Maker *m, Terms *t, IrType type, IrValue value) {
    u32 at = t->count < TERMS ? t->count++ : random_below(m, TERMS);
    t->types[at] = type;
    t->values[at] = value;
    t->from[at][0] = t->from[at][1] = 0;
}

// One of that type, mostly a late one; a constant when there is none, and now and then.
static IrValue term_of(Maker *m, const Terms *t, IrType type) {
    static const i64 numbers[] = {0, 1, -1, 1, 2, 3, 4, 7, 8, 16, 127, 128, 255, 256, -128};
    for (u32 tries = random_one_in(m, 3) ? 0 : 6; tries > 0; tries--) {
        u32 back = random_below(m, random_one_in(m, 2) ? t->count : (t->count < 3 ? t->count : 3));
        if (t->types[t->count - 1 - back] == type) return t->values[t->count - 1 - back];
    }
    if (type == IR_BOOL) return ir_const(&m->b, type, random_one_in(m, 2));
    if (ir_is_float(type)) return random_const(m, type);
    return ir_const(&m->b, type, numbers[random_below(m, countof(numbers))]);
}

static void start(Maker *m, Terms *t, IrType type) {
    IrValue loaded = random_unknown(m, type);
    if (random_one_in(m, 4)) loaded = ir_binary(&m->b, IR_OP_ADD, type, loaded, random_pick(m, type));
    add_term(m, t, type, loaded);
}

static void add_conversion(Maker *m, Terms *t, IrType type, IrValue x) {
    IrType to = random_one_in(m, 5) ? (random_one_in(m, 2) ? IR_BOOL : IR_F64) : ints[random_below(m, countof(ints))];
    if (to == type || (to == IR_BOOL && ir_is_float(type))) return;
    if (ir_type_info[to].size == ir_type_info[type].size && to != IR_BOOL && type != IR_BOOL && random_one_in(m, 3)) {
        add_term(m, t, to, ir_emit(&m->b, IR_OP_BITCAST, to, type, x, 0, 0, 0));
        return;
    }
    add_term(m, t, to, ir_convert(&m->b, to, type, x));
}

static void add_test(Maker *m, Terms *t, IrType type, IrValue x, IrValue y) {
    IrValue test = ir_compare(&m->b, (IrOp)(IR_OP_EQ + random_below(m, 6)), type, x, y);
    add_term(m, t, IR_BOOL, test);
    if (random_one_in(m, 2)) return;
    IrType of = random_one_in(m, 2) ? type : t->types[random_below(m, t->count)];
    IrValue yes = term_of(m, t, of), no = term_of(m, t, of);
    add_term(m, t, of, ir_emit(&m->b, IR_OP_SELECT, of, of, test, yes, no, 0));
}

static void add_sum(Maker *m, Terms *t, IrType type, IrValue x, IrValue y) {
    static const IrOp ops[] = {IR_OP_ADD, IR_OP_ADD, IR_OP_SUB, IR_OP_SUB, IR_OP_MUL, IR_OP_AND, IR_OP_OR,
                               IR_OP_XOR, IR_OP_SHL, IR_OP_SHR, IR_OP_DIV, IR_OP_REM, IR_OP_NEG};
    static const IrOp bools[] = {IR_OP_AND, IR_OP_OR, IR_OP_XOR};
    IrOp op = type == IR_BOOL ? bools[random_below(m, countof(bools))] : ops[random_below(m, countof(ops))];
    if (ir_is_float(type) && op != IR_OP_NEG) op = (IrOp)(random_one_in(m, 2) ? IR_OP_MUL : IR_OP_ADD);
    if (op == IR_OP_NEG) {
        add_term(m, t, type, ir_emit(&m->b, IR_OP_NEG, type, type, x, 0, 0, 0));
        return;
    }
    if (op == IR_OP_DIV || op == IR_OP_REM) y = ir_const(&m->b, type, 1 + (i64)random_below(m, 16));
    add_term(m, t, type, ir_binary(&m->b, op, type, x, y));
    u32 made = t->count - 1; // or another one, when there are enough
    if (t->types[made] != type) return;
    t->from[made][0] = x;
    t->from[made][1] = y;
}

// Joins a number with what it was made of, or with what nearly is that.
static void add_undone(Maker *m, Terms *t) {
    for (u32 tries = 0; tries < 4; tries++) {
        u32 at = random_below(m, t->count);
        IrType type = t->types[at];
        IrValue whole = t->values[at], part = t->from[at][random_below(m, 2)];
        if (!part) continue;
        if (random_one_in(m, 2)) add_sum(m, t, type, whole, part);
        else add_sum(m, t, type, part, whole);
        return;
    }
}

void random_algebra(Maker *m) {
    Terms t = {.count = 0};
    IrType type = ints[random_below(m, countof(ints))];
    start(m, &t, type);
    start(m, &t, type);
    if (random_one_in(m, 3)) start(m, &t, ints[random_below(m, countof(ints))]);
    for (u32 n = 3 + random_below(m, STEPS); n > 0; n--) {
        if (!random_one_in(m, 4)) type = t.types[t.count - 1];
        IrValue x = term_of(m, &t, type), y = term_of(m, &t, type);
        u32 choice = random_below(m, 10);
        if (random_one_in(m, 4)) add_undone(m, &t);
        else if (choice < 3) add_conversion(m, &t, type, x);
        else if (choice < 5) add_test(m, &t, type, x, y);
        else add_sum(m, &t, type, x, y);
    }
    for (u32 i = 0; i < t.count; i++) {
        ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, t.types[i], t.values[i], 0, 0, 0);
        if (random_one_in(m, 4)) random_keep(m, t.types[i], t.values[i]);
    }
}
