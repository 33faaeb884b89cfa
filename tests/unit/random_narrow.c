// Random stories of integers of 8 and 16 bits of which the end alone is looked at: what is computed on the way there may leave
// anything in the bits above, as long as it does not come to light.
#include "random_maker.h"

enum { KNOWN = 6, DEPTH = 4, TURNS = 5 };

// Values that every term may be of: parameters of loops.
typedef struct Known {
    IrType types[KNOWN];
    IrValue values[KNOWN];
    u32 count;
} Known;

static const IrType narrow[] = {IR_I8, IR_U8, IR_I16, IR_U16};

static IrType narrow_type(Maker *m) { return narrow[random_below(m, countof(narrow))]; }

static IrValue term(Maker *m, const Known *known, IrType type, u32 depth);

// An unknown number, or one that stands at an end of its type.
static IrValue leaf(Maker *m, const Known *known, IrType type) {
    static const i64 numbers[] = {0, 1, -1, 3, 7, 100, 127, 128, 255, 256, -128};
    for (u32 tries = 0; tries < 4 && known->count; tries++) {
        u32 at = random_below(m, known->count);
        if (known->types[at] == type) return known->values[at];
    }
    if (random_one_in(m, 4)) return ir_const(&m->b, type, numbers[random_below(m, countof(numbers))]);
    return random_unknown(m, type);
}

static IrValue test(Maker *m, const Known *known, u32 depth) {
    IrType type = narrow_type(m);
    IrValue x = term(m, known, type, depth), y;
    if (random_one_in(m, 3)) { // the same number, by a way that leaves its type
        i64 there = 1 + (i64)random_below(m, 200);
        y = ir_binary(&m->b, IR_OP_ADD, type, x, ir_const(&m->b, type, there));
        y = ir_binary(&m->b, IR_OP_ADD, type, y, ir_const(&m->b, type, -there));
    } else {
        y = term(m, known, type, depth / 2);
    }
    return ir_compare(&m->b, (IrOp)(IR_OP_EQ + random_below(m, 6)), type, x, y);
}

// One of two, as a parameter of the block where they meet.
static IrValue joined(Maker *m, const Known *known, IrType type, u32 depth) {
    IrBlockId arms[] = {ir_add_block(&m->b, 0), ir_add_block(&m->b, 0)}, meet = ir_add_block(&m->b, 0);
    IrValue result = ir_block_param(&m->b, meet, type);
    IrValue condition = test(m, known, depth);
    ir_branch(&m->b, condition, ir_edge(&m->b, arms[0], NULL, 0), ir_edge(&m->b, arms[1], NULL, 0));
    for (u32 i = 0; i < countof(arms); i++) {
        ir_at(&m->b, arms[i]);
        IrValue value = term(m, known, type, depth);
        ir_jump(&m->b, ir_edge(&m->b, meet, &value, 1));
    }
    ir_at(&m->b, meet);
    return result;
}

static IrValue converted(Maker *m, const Known *known, IrType type, u32 depth) {
    static const IrType others[] = {IR_I8, IR_U8, IR_I16, IR_U16, IR_I32, IR_U32, IR_I64, IR_U128};
    IrType from = others[random_below(m, countof(others))];
    IrValue value = term(m, known, from, depth);
    if (from == type && random_one_in(m, 2)) return value;
    if (from == type) return ir_emit(&m->b, IR_OP_CONVERT, type, from, value, 0, 0, 0); // no ir_convert makes one
    if (ir_type_info[from].size == ir_type_info[type].size && random_one_in(m, 2))
        return ir_emit(&m->b, IR_OP_BITCAST, type, from, value, 0, 0, 0);
    return ir_convert(&m->b, type, from, value);
}

static IrValue term(Maker *m, const Known *known, IrType type, u32 depth) {
    static const IrOp ops[] = {IR_OP_ADD, IR_OP_ADD, IR_OP_SUB, IR_OP_MUL, IR_OP_AND,
                               IR_OP_OR,  IR_OP_XOR, IR_OP_SHL, IR_OP_SHR};
    if (!depth || random_one_in(m, 8)) return leaf(m, known, type);
    switch (random_below(m, 12)) {
    case 0: return converted(m, known, type, depth - 1);
    case 1: return joined(m, known, type, depth - 1);
    case 2: {
        IrValue yes = term(m, known, type, depth - 1), no = term(m, known, type, depth - 1);
        IrValue condition = test(m, known, depth - 1);
        return ir_emit(&m->b, IR_OP_SELECT, type, type, condition, yes, no, 0);
    }
    case 3: return ir_emit(&m->b, IR_OP_NEG, type, type, term(m, known, type, depth - 1), 0, 0, 0);
    case 4: {
        IrOp op = random_one_in(m, 2) ? IR_OP_DIV : IR_OP_REM;
        IrValue divisor = ir_const(&m->b, type, 1 + (i64)random_below(m, 16));
        return ir_binary(&m->b, op, type, term(m, known, type, depth - 1), divisor);
    }
    case 5: {
        IrValue address = random_slot_address(m, m->near_slot), value = term(m, known, type, depth - 1);
        ir_store(&m->b, type, address, value, 16 * random_below(m, NEAR_LENGTH / 4));
        return leaf(m, known, type);
    }
    default: {
        IrOp op = ops[random_below(m, countof(ops))];
        IrValue x = term(m, known, type, depth - 1);
        return ir_binary(&m->b, op, type, x, term(m, known, type, random_below(m, depth)));
    }
    }
}

// Adds what a loop of a few turns leaves in what it carries.
static void turn(Maker *m, Known *known) {
    Known inner = *known;
    IrBlockId head = ir_add_block(&m->b, 0), body = ir_add_block(&m->b, 0), after = ir_add_block(&m->b, 0);
    IrType types[2] = {narrow_type(m), narrow_type(m)};
    IrValue params[3] = {ir_block_param(&m->b, head, IR_I32)}, args[3] = {ir_const(&m->b, IR_I32, 0)};
    for (u32 i = 0; i < 2; i++) {
        args[1 + i] = leaf(m, known, types[i]);
        params[1 + i] = ir_block_param(&m->b, head, types[i]);
        u32 at = inner.count < KNOWN ? inner.count++ : i;
        inner.types[at] = types[i];
        inner.values[at] = params[1 + i];
    }
    ir_jump(&m->b, ir_edge(&m->b, head, args, 3));
    ir_at(&m->b, head);
    IrValue limit = ir_const(&m->b, IR_I32, 1 + (i64)random_below(m, TURNS));
    IrValue goes_on = ir_compare(&m->b, IR_OP_LT, IR_I32, params[0], limit);
    ir_branch(&m->b, goes_on, ir_edge(&m->b, body, NULL, 0), ir_edge(&m->b, after, NULL, 0));
    ir_at(&m->b, body);
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 2, 0, 0, 0);
    args[0] = ir_binary(&m->b, IR_OP_ADD, IR_I32, params[0], ir_const(&m->b, IR_I32, 1));
    for (u32 i = 0; i < 2; i++) args[1 + i] = term(m, &inner, types[i], DEPTH - 1);
    ir_jump(&m->b, ir_edge(&m->b, head, args, 3));
    ir_at(&m->b, after);
    *known = inner;
}

static void look(Maker *m, const Known *known, IrType type, IrValue value) {
    static const IrType wider[] = {IR_I32, IR_U32, IR_I64, IR_U64, IR_I128, IR_F32, IR_F64, IR_BOOL};
    IrType to = type;
    switch (random_below(m, 4)) {
    case 0: break;
    case 1:
        value = ir_compare(&m->b, (IrOp)(IR_OP_EQ + random_below(m, 6)), type, value, leaf(m, known, type));
        to = IR_BOOL;
        break;
    default: value = ir_convert(&m->b, to = wider[random_below(m, countof(wider))], type, value);
    }
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, to, value, 0, 0, 0);
}

void random_narrow(Maker *m) {
    Known known = {.count = 0};
    if (random_one_in(m, 2)) turn(m, &known);
    for (u32 n = 1 + random_below(m, 3); n > 0; n--) {
        IrType type = narrow_type(m);
        look(m, &known, type, term(m, &known, type, DEPTH));
    }
}
