// Random stories of values that are near one another: a number, what is a little above or below it, in the same width or
// another, what tests and loops say of it, and the elements of one row that all of these lead to.
#include "random_maker.h"

enum { KIN = 8, STEPS = 6, TURNS = 12, ELEMENT_MOST = 4 };

typedef struct Kin {
    IrType type;
    IrValue values[KIN];
    u32 count;
    u32 element, length; // of the row
    bool reads;          // the row is not written
} Kin;

static const IrOp compares[] = {IR_OP_EQ, IR_OP_NE, IR_OP_LT, IR_OP_LE, IR_OP_GT, IR_OP_GE};

static void add_kin(Maker *m, Kin *kin, IrValue value) {
    if (kin->count < KIN) kin->values[kin->count++] = value;
    else kin->values[random_below(m, KIN)] = value;
}

static IrValue any_kin(Maker *m, const Kin *kin) { return kin->values[random_below(m, kin->count)]; }

static IrValue near_number(Maker *m, const Kin *kin) {
    static const i64 numbers[] = {1, 1, 1, 2, 3, 4, 10, 100, 127, 128, 200, 240, 255, 256, -1, -1, -2, -10};
    if (ir_is_float(kin->type)) {
        static const f64 floats[] = {0.0, -0.0, 1.0, -1.0, 0.5, 3.25, 10.0, 255.0, 256.0};
        return ir_const_f64(&m->b, kin->type, floats[random_below(m, countof(floats))]);
    }
    if (random_one_in(m, 8)) return ir_const(&m->b, kin->type, kin->length);
    return ir_const(&m->b, kin->type, numbers[random_below(m, countof(numbers))]);
}

static void derive_float(Maker *m, Kin *kin, IrValue from) {
    static const IrOp ops[] = {IR_OP_ADD, IR_OP_SUB, IR_OP_MUL, IR_OP_DIV};
    add_kin(m, kin, ir_binary(&m->b, ops[random_below(m, countof(ops))], kin->type, from, near_number(m, kin)));
}

static void derive(Maker *m, Kin *kin) {
    static const u32 masks[] = {1, 3, 7, 15, 31, 63, 127, 255};
    IrValue from = any_kin(m, kin), by = near_number(m, kin);
    IrType type = kin->type;
    if (ir_is_float(type)) {
        derive_float(m, kin, from);
        return;
    }
    switch (random_below(m, 10)) {
    case 0:
        by = ir_const(&m->b, type, masks[random_below(m, countof(masks))]);
        add_kin(m, kin, ir_binary(&m->b, IR_OP_AND, type, from, by));
        break;
    case 1:
        by = ir_const(&m->b, type, 1 + random_below(m, 9));
        add_kin(m, kin, ir_binary(&m->b, random_one_in(m, 2) ? IR_OP_REM : IR_OP_DIV, type, from, by));
        break;
    case 2: { // through another type and back
        IrType other = random_int(m);
        if (other != type) from = ir_convert(&m->b, type, other, ir_convert(&m->b, other, type, from));
        add_kin(m, kin, from);
        break;
    }
    case 3: {
        IrValue test = ir_compare(&m->b, compares[random_below(m, 6)], type, from, by);
        add_kin(m, kin, ir_emit(&m->b, IR_OP_SELECT, type, type, test, from, by, 0));
        break;
    }
    case 4:
        by = ir_const(&m->b, type, 1 + random_below(m, 6));
        add_kin(m, kin, ir_binary(&m->b, random_one_in(m, 2) ? IR_OP_SHR : IR_OP_SHL, type, from, by));
        break;
    case 5:
        add_kin(m, kin, ir_binary(&m->b, IR_OP_MUL, type, from, ir_const(&m->b, type, 2 + random_below(m, 4))));
        break;
    case 6: add_kin(m, kin, ir_binary(&m->b, IR_OP_SUB, type, from, by)); break;
    default: add_kin(m, kin, ir_binary(&m->b, IR_OP_ADD, type, from, by)); break;
    }
}

static void element_of(Maker *m, const Kin *kin, IrValue value) {
    static const IrType types[] = {IR_U8, IR_U16, IR_I32};
    IrType type = types[__builtin_ctz(kin->element)];
    if (kin->type != IR_I64) value = ir_convert(&m->b, IR_I64, kin->type, value);
    IrValue row = random_slot_address(m, m->near_slot);
    random_next_site(m);
    IrValue at = ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, row, value, kin->element, kin->length);
    if (!kin->reads && random_one_in(m, 3)) {
        ir_store(&m->b, type, at, random_pick(m, type), 0);
        return;
    }
    IrValue element = ir_load(&m->b, type, at, 0);
    if (random_one_in(m, 3)) ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, element, 0, 0, 0);
    else random_keep(m, type, element);
}

static void neighbours(Maker *m, Kin *kin) {
    IrValue value = any_kin(m, kin);
    element_of(m, kin, value);
    for (u32 n = random_below(m, 3); n > 0; n--) {
        IrValue near = ir_binary(&m->b, IR_OP_ADD, kin->type, value, near_number(m, kin));
        add_kin(m, kin, near);
        element_of(m, kin, near);
    }
}

static void print_kin(Maker *m, const Kin *kin) {
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, kin->type, any_kin(m, kin), 0, 0, 0);
    ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, 0, 0, 0, 0);
}

// Whether it is the number of an element, as far as a test for its end says; `both`: as a signed number, its start too.
static IrValue is_within(Maker *m, const Kin *kin, IrValue value, bool both) {
    IrValue test = ir_compare(&m->b, IR_OP_LT, kin->type, value, ir_const(&m->b, kin->type, kin->length));
    if (!both) return test;
    IrValue not_below = ir_compare(&m->b, IR_OP_GE, kin->type, value, ir_const(&m->b, kin->type, 0));
    return ir_binary(&m->b, IR_OP_AND, IR_BOOL, test, not_below);
}

static void tell(Maker *m, Kin *kin, u32 depth);

// What a test says of one of them holds inside. Mostly whether it is an element's number.
static void tell_branch(Maker *m, Kin *kin, u32 depth) {
    IrValue value = any_kin(m, kin), test;
    bool is_number = !ir_is_float(kin->type) && random_one_in(m, 2);
    if (is_number) {
        test = is_within(m, kin, value, random_one_in(m, 2));
    } else {
        IrValue other = random_one_in(m, 3) ? any_kin(m, kin) : near_number(m, kin);
        test = ir_compare(&m->b, compares[random_below(m, 6)], kin->type, value, other);
    }
    if (random_one_in(m, 24)) {
        ir_emit(&m->b, IR_OP_GUARD, IR_VOID, IR_VOID, test, TRAP_ASSERT, 0, 0);
        return;
    }
    IrBlockId yes = ir_add_block(&m->b, 0), no = ir_add_block(&m->b, 0), meet = ir_add_block(&m->b, 0);
    IrValue result = ir_block_param(&m->b, meet, kin->type);
    ir_branch(&m->b, test, ir_edge(&m->b, yes, NULL, 0), ir_edge(&m->b, no, NULL, 0));
    for (u32 i = 0; i < 2; i++) {
        Pools pools = m->pools;
        Kin inside = *kin;
        ir_at(&m->b, i ? no : yes);
        if (is_number && i == 0) element_of(m, &inside, value);
        if (i == 0 || random_one_in(m, 2)) tell(m, &inside, depth - 1);
        IrValue given = any_kin(m, &inside);
        ir_jump(&m->b, ir_edge(&m->b, meet, &given, 1));
        m->pools = pools;
    }
    ir_at(&m->b, meet);
    add_kin(m, kin, result);
}

// Goes on where a test holds that no turn changes: the loop has two ways out, and its first turn need not get here.
static void stay(Maker *m, const Kin *kin, IrBlockId after) {
    static const IrType wide[] = {IR_U32, IR_U64, IR_I64};
    Kin far = {
        .type = wide[random_below(m, countof(wide))], .element = kin->element, .length = kin->length, .reads = true};
    IrBlockId on = ir_add_block(&m->b, 0);
    IrValue value = random_pick(m, far.type);
    IrValue test = is_within(m, &far, value, far.type == IR_I64);
    ir_branch(&m->b, test, ir_edge(&m->b, on, NULL, 0), ir_edge(&m->b, after, NULL, 0));
    ir_at(&m->b, on);
    element_of(m, &far, value);
}

// Up or down, and ends before the type does.
static void tell_loop(Maker *m, Kin *kin, u32 depth) {
    bool down = random_one_in(m, 3);
    i64 first = random_below(m, 100), step = 1 + random_below(m, 3), last = first + random_below(m, TURNS);
    IrBlockId head = ir_add_block(&m->b, 0), body = ir_add_block(&m->b, 0), after = ir_add_block(&m->b, 0);
    IrValue i = ir_block_param(&m->b, head, kin->type), start = ir_const(&m->b, kin->type, down ? last : first);
    ir_jump(&m->b, ir_edge(&m->b, head, &start, 1));
    ir_at(&m->b, head);
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    IrValue end = ir_const(&m->b, kin->type, down ? first : last);
    IrValue test = ir_compare(&m->b, down ? IR_OP_GT : random_one_in(m, 2) ? IR_OP_LT : IR_OP_LE, kin->type, i, end);
    ir_branch(&m->b, test, ir_edge(&m->b, body, NULL, 0), ir_edge(&m->b, after, NULL, 0));
    Pools pools = m->pools;
    Kin inside = *kin;
    ir_at(&m->b, body);
    inside.reads |= random_one_in(m, 2);
    if (random_one_in(m, 2)) stay(m, &inside, after);
    add_kin(m, &inside, i);
    if (kin->length == NEAR_LENGTH || random_one_in(m, 8)) element_of(m, &inside, i);
    tell(m, &inside, depth - 1);
    IrValue next = ir_binary(&m->b, down ? IR_OP_SUB : IR_OP_ADD, kin->type, i,
                             ir_const(&m->b, kin->type, down ? 1 : step));
    ir_jump(&m->b, ir_edge(&m->b, head, &next, 1));
    m->pools = pools;
    ir_at(&m->b, after);
    add_kin(m, kin, i);
}

static void tell(Maker *m, Kin *kin, u32 depth) {
    for (u32 n = 1 + random_below(m, STEPS); n > 0; n--) {
        random_next_site(m);
        switch (random_below(m, 8)) {
        case 0:
            if (depth) tell_branch(m, kin, depth);
            break;
        case 1:
            if (depth && !ir_is_float(kin->type)) tell_loop(m, kin, depth);
            break;
        case 2: print_kin(m, kin); break;
        case 3:
        case 4: // what need not be an element's number is asked first
            if ((kin->type == IR_U8 && kin->length == NEAR_LENGTH) || random_one_in(m, 16)) neighbours(m, kin);
            else if (depth) tell_branch(m, kin, depth);
            break;
        default: derive(m, kin); break;
        }
    }
}

// So that one element is not taken for another: from the longest text, again and again, and numbers behind it.
void random_related_begin(Maker *m) {
    enum { TEXT = 88, BYTES = NEAR_LENGTH * ELEMENT_MOST };
    IrValue text = ir_emit(&m->b, IR_OP_DATA_ADDR, IR_PTR, IR_VOID, m->data_count - 1, 0, 0, 0);
    for (u32 at = 0; at < BYTES; at += TEXT - 1) {
        IrValue row = random_slot_address(m, m->near_slot);
        if (at) row = ir_emit(&m->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, row, at, 0, 0);
        ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, row, text, BYTES - at < TEXT ? BYTES - at : TEXT, 0);
    }
    if (!m->noise) return;
    IrValue row = random_slot_address(m, m->near_slot);
    row = ir_emit(&m->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, row, BYTES - NOISE_BYTES, 0, 0);
    text = ir_emit(&m->b, IR_OP_DATA_ADDR, IR_PTR, IR_VOID, m->noise, 0, 0, 0);
    text = ir_emit(&m->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, text, 4, 0, 0); // behind its length
    ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, row, text, NOISE_BYTES, 0);
}

void random_related(Maker *m) {
    static const IrType narrow[] = {IR_U8, IR_U8, IR_I8, IR_U16, IR_I16};
    Kin kin = {.type = random_one_in(m, 6) ? random_one_in(m, 2) ? IR_F32 : IR_F64 : random_int(m),
               .element = 1u << random_below(m, 3)};
    if (random_one_in(m, 3)) kin.type = narrow[random_below(m, countof(narrow))];
    kin.length = random_one_in(m, 3) ? 1 + random_below(m, NEAR_LENGTH) : NEAR_LENGTH;
    IrValue first = random_pick(m, kin.type);
    if (ir_is_float(kin.type)) {
        first = ir_emit(&m->b, IR_OP_SELECT, kin.type, kin.type, random_condition(m), near_number(m, &kin),
                        near_number(m, &kin), 0);
    } else if (!random_one_in(m, 3)) {
        IrValue most = ir_const(&m->b, kin.type, random_one_in(m, 2) ? 127 : NEAR_LENGTH - 1);
        first = ir_binary(&m->b, IR_OP_AND, kin.type, first, most);
    }
    add_kin(m, &kin, first);
    tell(m, &kin, 2);
    print_kin(m, &kin);
}
