// Random stories of one number seen as others: casts of casts, of its bits and of its value, and bools as
// numbers that are compared.
#include "random_maker.h"

enum { CASTS = 5, PATTERNS = 4 };

static void tell(Maker *m, IrType type, IrValue value) {
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, value, 0, 0, 0);
    ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, 0, 0, 0, 0);
    random_keep(m, type, value);
}

// Another type of as many bytes.
static IrType type_beside(Maker *m, IrType type) {
    static const IrType types[] = {IR_I8,  IR_U8,  IR_I16, IR_U16, IR_I32,  IR_U32,
                                   IR_F32, IR_I64, IR_U64, IR_F64, IR_I128, IR_U128};
    IrType to;
    do to = types[random_below(m, countof(types))];
    while (ir_type_info[to].size != ir_type_info[type].size);
    return to;
}

// There and back and elsewhere; now and then something happens to it on the way, or somebody looks.
static void cast_on(Maker *m) {
    IrType type = random_one_in(m, 3) ? random_int(m) : random_one_in(m, 2) ? IR_F32 : IR_F64;
    IrValue value = random_one_in(m, 4) ? random_pick(m, type) : random_unknown(m, type);
    if (random_one_in(m, 8)) type = IR_BOOL, value = random_condition(m);
    for (u32 n = 2 + random_below(m, CASTS); n > 0; n--) {
        IrType to = type_beside(m, type);
        value = ir_emit(&m->b, IR_OP_BITCAST, to, type, value, 0, 0, 0);
        type = to;
        if (random_one_in(m, 8)) value = ir_emit(&m->b, IR_OP_NEG, type, type, value, 0, 0, 0);
        if (random_one_in(m, 8)) value = ir_binary(&m->b, IR_OP_ADD, type, value, random_const(m, type));
        if (random_one_in(m, 8)) tell(m, type, value);
    }
    tell(m, type, value);
}

// Through types that cut it, widen it, take its sign or give it one.
static void convert_on(Maker *m) {
    IrType type = random_int(m);
    IrValue value = random_unknown(m, type);
    for (u32 n = 2 + random_below(m, CASTS); n > 0; n--) {
        IrType to = random_one_in(m, 12)                         ? IR_F64
                    : random_one_in(m, 12) && !ir_is_float(type) ? IR_BOOL
                                                                 : random_int(m);
        if (to == type) continue;
        value = ir_convert(&m->b, to, type, value);
        type = to;
        if (random_one_in(m, 8)) tell(m, type, value);
    }
    tell(m, type, value);
}

// A bool as a number, compared with a number that it can be or not.
static void compare_bool(Maker *m) {
    static const i64 numbers[] = {0, 1, 0, 1, 2, -1, 255, 256};
    IrType type = random_one_in(m, 8) ? random_one_in(m, 2) ? IR_F32 : IR_F64 : random_int(m);
    IrValue test = random_condition(m), number = ir_convert(&m->b, type, IR_BOOL, test);
    if (ir_is_int(type) && random_one_in(m, 6)) {
        IrType other = random_int(m);
        if (other != type) number = ir_convert(&m->b, other, type, number);
        type = other;
    }
    if (ir_is_int(type) && random_one_in(m, 6))
        number = ir_binary(&m->b, IR_OP_ADD, type, number, ir_const(&m->b, type, random_below(m, 2)));
    IrValue with = ir_is_float(type) ? ir_const_f64(&m->b, type, random_below(m, 3))
                                     : ir_const(&m->b, type, numbers[random_below(m, countof(numbers))]);
    IrOp op = (IrOp)(IR_OP_EQ + (random_one_in(m, 4) ? random_below(m, 6) : random_below(m, 2)));
    bool turned = random_one_in(m, 4);
    tell(m, IR_BOOL, ir_compare(&m->b, op, type, turned ? with : number, turned ? number : with));
}

void random_casts(Maker *m) {
    for (u32 n = 1 + random_below(m, PATTERNS); n > 0; n--) {
        switch (random_below(m, 3)) {
        case 0: cast_on(m); break;
        case 1: convert_on(m); break;
        default: compare_bool(m); break;
        }
    }
}
