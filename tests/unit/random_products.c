// Random stories of sums of products of floats, in loops and outside, with constants in any place and products that
// somebody else looks at; and divisions by powers of two and by what nearly is one, or has no inverse.
#include "random_maker.h"

#include "ir/eval.h"

enum { TURNS = 4, TERMS = 6 };

typedef struct Floats {
    IrType type;
    IrValue values[TERMS];
    u32 count;
} Floats;

static IrValue small_const(Maker *m, IrType type) {
    static const f64 numbers[] = {0.0, -0.0, 1.0, -1.0, 0.5, 3.0, 0.1, -2.5, 1e10, 1e-10};
    if (random_one_in(m, 6)) return random_const(m, type);
    return ir_const_f64(&m->b, type, numbers[random_below(m, countof(numbers))]);
}

// Its bits as they lie, or a number of some size.
static IrValue any_float(Maker *m, IrType type) {
    if (random_one_in(m, 8)) return random_pick(m, type);
    if (random_one_in(m, 8)) return random_unknown(m, type);
    IrType from = random_one_in(m, 2) ? IR_I8 : IR_I32;
    return ir_convert(&m->b, type, from, random_unknown(m, from));
}

static IrValue term(Maker *m, const Floats *f) {
    return random_one_in(m, 5) ? small_const(m, f->type) : f->values[random_below(m, f->count)];
}

// A number whose bits say nearly that it is a power of two, from the smallest to the largest.
static IrValue divisor(Maker *m, IrType type) {
    u32 fraction = type == IR_F64 ? 52 : 23, width = type == IR_F64 ? 11 : 8, most = (1u << width) - 1;
    u32 exponent = random_one_in(m, 3)   ? random_below(m, 3)
                   : random_one_in(m, 2) ? most - random_below(m, 4)
                                         : most / 2 - 6 + random_below(m, 12);
    u64 bits = (u64)exponent << fraction | (u64)random_one_in(m, 3) << (fraction + width);
    if (random_one_in(m, 5)) bits |= (u64)1 << random_below(m, fraction);
    return ir_const128(&m->b, type, bits, 0);
}

static void tell(Maker *m, IrType type, IrValue value) {
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, value, 0, 0, 0);
    ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, 0, 0, 0, 0);
}

static IrValue product(Maker *m, const Floats *f) {
    if (random_one_in(m, 6)) return term(m, f);
    IrValue x = term(m, f), y = term(m, f);
    IrValue made = ir_binary(&m->b, IR_OP_MUL, f->type, x, y);
    if (random_one_in(m, 10)) tell(m, f->type, made);
    return made;
}

static IrValue sum(Maker *m, const Floats *f) {
    IrValue x = product(m, f), y = random_one_in(m, 12) ? x : product(m, f);
    return ir_binary(&m->b, random_one_in(m, 2) ? IR_OP_ADD : IR_OP_SUB, f->type, x, y);
}

static void act(Maker *m, Floats *f) {
    IrValue made;
    if (random_one_in(m, 4)) made = ir_binary(&m->b, IR_OP_DIV, f->type, term(m, f), divisor(m, f->type));
    else made = sum(m, f);
    tell(m, f->type, made);
    if (f->count < TERMS) f->values[f->count++] = made;
    else f->values[random_below(m, TERMS)] = made;
}

void random_products(Maker *m) {
    Floats f = {.type = random_one_in(m, 4) ? IR_F32 : IR_F64};
    for (u32 n = 2 + random_below(m, 3); n > 0; n--) f.values[f.count++] = any_float(m, f.type);
    bool turned = random_one_in(m, 2);
    Turns turns;
    Floats outside = f;
    if (turned) random_turns_begin(m, &turns, TURNS);
    for (u32 n = 1 + random_below(m, TERMS); n > 0; n--) act(m, &f);
    if (turned) random_turns_end(m, &turns);
    if (turned) f = outside;
    random_keep(m, f.type, f.values[f.count - 1]);
}
