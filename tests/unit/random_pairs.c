// Functions in pairs that do the same to numbers with a sign and without, as instances of one generic function do, or
// nearly the same: an operation that sees the sign is among them, one number or operation differs, or a callee's does.
// None of them traps but where it must, so that its places do not tell them apart; all are too long to go into their
// callers.
#include "random_pairs.h"

#include "random_maker.h"

enum { KINDS = 4, KNOWN = 6, PAIR_PARAMS = 5, LEAST = 70, MORE = 40 };
typedef enum Kind { KIND_32, KIND_64, KIND_FLOAT, KIND_BOOL } Kind;

typedef struct Body {
    IrValue known[KINDS][KNOWN];
    u32 count[KINDS];
    u32 number, odd; // of the operation at hand, and of the one that is another when `differs`
    bool differs;
    u32 slot;
} Body;

// The type that stands for a kind in this half.
static IrType type_of(const Maker *m, Kind kind, bool second) {
    u32 turned = second ? m->signs : 0;
    switch (kind) {
    case KIND_32: return turned & 1 ? IR_U32 : IR_I32;
    case KIND_64: return turned & 2 ? IR_U64 : IR_I64;
    case KIND_FLOAT: return IR_F64;
    default: return IR_BOOL;
    }
}

static Kind kind_of(IrType type) {
    return type == IR_BOOL ? KIND_BOOL : type == IR_F64 ? KIND_FLOAT : ir_bits(type) == 32 ? KIND_32 : KIND_64;
}

static bool is_second(const Maker *m) { return (m->function - m->function_count) % 2 == 1; }

void random_pair_signature(Maker *m, Signature *signature) {
    *signature = (Signature){.result = type_of(m, (Kind)random_below(m, KINDS), false)};
    signature->param_count = 1 + random_below(m, PAIR_PARAMS);
    for (u32 i = 0; i < signature->param_count; i++)
        signature->params[i] = type_of(m, (Kind)random_below(m, KINDS), false);
}

void random_pair_turn_signs(const Maker *m, Signature *signature) {
    signature->result = type_of(m, kind_of(signature->result), true);
    for (u32 i = 0; i < signature->param_count; i++)
        signature->params[i] = type_of(m, kind_of(signature->params[i]), true);
}

// ---- bodies ----

static void add(Maker *m, Body *b, Kind kind, IrValue value) {
    u32 at = b->count[kind] < KNOWN ? b->count[kind]++ : random_below(m, KNOWN);
    b->known[kind][at] = b->known[kind][0];
    b->known[kind][0] = value; // the last stands first: most of it is used again
}

static IrValue number(Maker *m, Body *b, Kind kind) {
    IrType type = type_of(m, kind, is_second(m));
    i64 bits = (i64)random_below(m, 9) - 4;
    if (b->differs && b->number == b->odd) bits++;
    return kind == KIND_FLOAT ? ir_const_f64(&m->b, type, (f64)bits / 2) : ir_const(&m->b, type, bits);
}

static IrValue any(Maker *m, Body *b, Kind kind) {
    if (random_one_in(m, 4)) return number(m, b, kind);
    return b->known[kind][random_below(m, b->count[kind])];
}

// Sees the sign.
static void look_at_sign(Maker *m, Body *b, Kind kind) {
    IrType type = type_of(m, kind, is_second(m)), wide = type_of(m, KIND_64, is_second(m));
    IrValue x = b->known[kind][0], y = any(m, b, kind);
    switch (random_below(m, 5)) {
    case 0: add(m, b, KIND_BOOL, ir_compare(&m->b, IR_OP_LT, type, x, y)); break;
    case 1:
        if (kind != KIND_FLOAT) add(m, b, kind, ir_binary(&m->b, IR_OP_SHR, type, x, y));
        break;
    case 2:
        if (kind == KIND_32) add(m, b, KIND_64, ir_convert(&m->b, wide, type, x));
        break;
    case 3: add(m, b, KIND_FLOAT, kind == KIND_FLOAT ? x : ir_convert(&m->b, IR_F64, type, x)); break;
    default: ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, x, 0, 0, 0);
    }
}

static void through_slot(Maker *m, Body *b, Kind kind) {
    IrType type = type_of(m, kind, is_second(m));
    u32 offset = 8 * random_below(m, 4);
    ir_store(&m->b, type, random_slot_address(m, b->slot), b->known[kind][0], offset);
    if (random_one_in(m, 4)) offset = 8 * random_below(m, 4);
    if (kind == KIND_BOOL) return; // not every byte is one
    add(m, b, kind, ir_load(&m->b, type, random_slot_address(m, b->slot), offset));
}

static void act(Maker *m, Body *b) {
    static const IrOp ints[] = {IR_OP_ADD, IR_OP_SUB, IR_OP_MUL, IR_OP_AND, IR_OP_OR, IR_OP_XOR, IR_OP_SHL};
    static const IrOp floats[] = {IR_OP_ADD, IR_OP_SUB, IR_OP_MUL};
    static const IrOp bools[] = {IR_OP_AND, IR_OP_OR, IR_OP_XOR};
    Kind kind = (Kind)random_below(m, KINDS);
    IrType type = type_of(m, kind, is_second(m));
    IrValue x = b->known[kind][0], y = any(m, b, kind);
    u32 choice = random_below(m, 12), which = random_u32(m);
    if (b->differs && b->number == b->odd) which++;
    b->number++;
    if (kind != KIND_BOOL && random_one_in(m, 150)) look_at_sign(m, b, kind);
    else if (choice == 0) add(m, b, KIND_BOOL, ir_compare(&m->b, which % 2 ? IR_OP_EQ : IR_OP_NE, type, x, y));
    else if (choice == 1) add(m, b, kind, ir_emit(&m->b, IR_OP_SELECT, type, type, b->known[KIND_BOOL][0], x, y, 0));
    else if (choice == 2) through_slot(m, b, kind);
    else if (choice == 3 && kind != KIND_BOOL) add(m, b, kind, ir_emit(&m->b, IR_OP_NEG, type, type, x, 0, 0, 0));
    else if (kind == KIND_BOOL) add(m, b, kind, ir_binary(&m->b, bools[which % countof(bools)], type, x, y));
    else if (kind == KIND_FLOAT) add(m, b, kind, ir_binary(&m->b, floats[which % countof(floats)], type, x, y));
    else add(m, b, kind, ir_binary(&m->b, ints[which % countof(ints)], type, x, y));
}

// That of the next pair which is like this one.
static void call_on(Maker *m, Body *b) {
    u32 callee = m->function + 2;
    if (callee >= m->function_count + m->helper_count) return;
    const Signature *signature = &m->signatures[callee];
    IrValue args[PARAMS];
    for (u32 i = 0; i < signature->param_count; i++) args[i] = any(m, b, kind_of(signature->params[i]));
    IrValue result = ir_call(&m->b, signature->result, 1 + callee, args, signature->param_count);
    add(m, b, kind_of(signature->result), result);
}

void random_pair(Maker *m, bool differs) {
    const Signature *signature = &m->signatures[m->function];
    Body b = {.differs = differs, .odd = random_below(m, LEAST)};
    for (u32 i = 0; i < signature->param_count; i++)
        add(m, &b, kind_of(signature->params[i]), ir_function_param(&m->b, signature->params[i]));
    b.slot = ir_add_slot(&m->b, SLOT_BYTES, 16);
    ir_at(&m->b, ir_add_block(&m->b, 0));
    for (u32 kind = 0; kind < KINDS; kind++) add(m, &b, (Kind)kind, number(m, &b, (Kind)kind));
    bool calls = random_one_in(m, 2), turned = random_one_in(m, 3);
    Turns turns;
    Body outside = b;
    if (turned) random_turns_begin(m, &turns, 4);
    for (u32 n = LEAST + random_below(m, MORE); n > 0; n--) act(m, &b);
    if (calls) call_on(m, &b);
    Kind kind = kind_of(signature->result);
    if (turned) {
        ir_store(&m->b, signature->result, random_slot_address(m, b.slot), b.known[kind][0], 0);
        random_turns_end(m, &turns);
        b = outside;
        add(m, &b, kind, ir_load(&m->b, signature->result, random_slot_address(m, b.slot), 0));
    }
    IrValue all = b.known[kind][0];
    for (u32 i = 1; i < b.count[kind]; i++) {
        IrOp join = kind == KIND_FLOAT ? IR_OP_ADD : IR_OP_XOR;
        all = ir_binary(&m->b, join, signature->result, all, b.known[kind][i]);
    }
    ir_return(&m->b, all);
}

// Both of a pair, more than once: what is called in one place only goes into its caller.
void random_pair_calls(Maker *m) {
    if (!m->helper_count) return;
    u32 first = m->function_count + 2 * random_below(m, m->helper_count / 2);
    for (u32 i = 0; i < 4; i++) {
        u32 callee = first + i % 2;
        random_next_site(m);
        IrValue result = random_call(m, callee);
        ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, m->signatures[callee].result, result, 0, 0, 0);
    }
}
