// Random stories of enums in rows: elements of a tag and a payload are copied out, looked at by tag, copied on whole or in
// part, changed, and put back, while calls and writes by other names may change what was copied from.
#include "random_maker.h"

enum { TAGS = 5, ELEMENTS = 4, ELEMENT_BYTES = 24, PAYLOAD = 8, HOMES = 4, ACTIONS = 8, TURNS = 4, ALL_TAGS = 255 };

typedef struct Enums {
    u32 row, homes[HOMES]; // slots; of SLOT_BYTES: what takes a pointer may read so much
    IrType payloads[TAGS]; // by tag
    IrType tag;            // what a match goes by: the tag as it is, or made wider
} Enums;

static IrValue home_of(Maker *m, const Enums *e) { return random_slot_address(m, e->homes[random_below(m, HOMES)]); }

static IrValue element(Maker *m, const Enums *e) {
    IrValue index = ir_const(&m->b, IR_I64, random_below(m, ELEMENTS));
    if (!random_one_in(m, 3)) {
        index = random_pick(m, IR_I64);
        if (!random_one_in(m, 40)) index = ir_binary(&m->b, IR_OP_AND, IR_I64, index, ir_const(&m->b, IR_I64, 3));
    }
    return ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, random_slot_address(m, e->row), index, ELEMENT_BYTES, ELEMENTS);
}

// A whole value: a home, an element, or what a pointer leads to.
static IrValue whole(Maker *m, const Enums *e) {
    if (random_one_in(m, 10)) return random_pick(m, IR_PTR);
    return random_one_in(m, 3) ? element(m, e) : home_of(m, e);
}

static void call_helper(Maker *m) {
    if (m->helper_count) random_call(m, m->function_count + random_below(m, m->helper_count));
}

static IrValue behind(Maker *m, IrValue address, u32 bytes) {
    return bytes ? ir_emit(&m->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, address, bytes, 0, 0) : address;
}

static void copy(Maker *m, const Enums *e) {
    u32 bytes = ELEMENT_BYTES, from_at = 0, to_at = 0;
    if (random_one_in(m, 4)) { // the payload, or a part of it, perhaps to where a value begins
        from_at = PAYLOAD, bytes = 8 + 8 * random_below(m, 2);
        to_at = random_one_in(m, 2) ? PAYLOAD : 0;
    }
    IrValue to = behind(m, whole(m, e), to_at), from = behind(m, whole(m, e), from_at);
    ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, to, from, bytes, 0);
}

// Out of a row or from another home into one, on into the next, whole or the payload alone, and read there.
static void chain(Maker *m, const Enums *e) {
    static const IrType types[] = {IR_I64, IR_F64, IR_U32};
    u32 first = random_below(m, HOMES), second = (first + 1) % HOMES, at = PAYLOAD * random_below(m, 3);
    IrType type = types[random_below(m, countof(types))];
    ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, random_slot_address(m, e->homes[first]), whole(m, e), ELEMENT_BYTES,
            0);
    if (random_one_in(m, 6)) copy(m, e);
    IrValue to = random_slot_address(m, e->homes[second]), from = random_slot_address(m, e->homes[first]);
    ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, to, behind(m, from, at), ELEMENT_BYTES - at, 0);
    if (random_one_in(m, 3)) ir_store(&m->b, IR_I64, whole(m, e), random_pick(m, IR_I64), PAYLOAD * random_below(m, 3));
    if (random_one_in(m, 4)) call_helper(m);
    IrValue value = ir_load(&m->b, type, random_slot_address(m, e->homes[second]),
                            8 * random_below(m, (ELEMENT_BYTES - at) / 8));
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, value, 0, 0, 0);
}

static void make(Maker *m, const Enums *e, IrValue to) {
    u32 tag = random_below(m, TAGS);
    if (random_one_in(m, 3)) ir_emit(&m->b, IR_OP_FILL, IR_VOID, IR_VOID, to, ELEMENT_BYTES, 0, 0);
    ir_store(&m->b, IR_U32, to, ir_const(&m->b, IR_U32, tag), 0);
    ir_store(&m->b, e->payloads[tag], to, random_pick(m, e->payloads[tag]), PAYLOAD);
}

static void read(Maker *m, IrValue from, IrType type, u32 offset) {
    IrValue value = ir_load(&m->b, type, from, offset);
    random_keep(m, type, value);
    if (random_one_in(m, 3)) ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, value, 0, 0, 0);
}

static void act(Maker *m, const Enums *e) {
    static const IrType words[] = {IR_U32, IR_I64, IR_F64, IR_U8};
    random_next_site(m);
    switch (random_below(m, 10)) {
    case 0: make(m, e, random_one_in(m, 4) ? element(m, e) : home_of(m, e)); return;
    case 1: {
        IrType type = words[random_below(m, countof(words))];
        ir_store(&m->b, type, whole(m, e), random_pick(m, type), 8 * random_below(m, 3));
        return;
    }
    case 2:
    case 3: read(m, home_of(m, e), words[random_below(m, countof(words))], 8 * random_below(m, 3)); return;
    case 4:
        if (random_one_in(m, 4)) random_keep(m, IR_PTR, home_of(m, e));
        else if (random_one_in(m, 2)) call_helper(m);
        return;
    case 5:
    case 6: chain(m, e); return;
    default: copy(m, e); return;
    }
}

// ---- looking at tags ----

// The payload, once the tag is found to be the case's, as lowering writes it.
static IrValue arm(Maker *m, const Enums *e, IrValue home, IrValue tag, u32 number) {
    IrValue expected = ir_const(&m->b, IR_U32, number);
    if (random_one_in(m, 8))
        random_keep(m, IR_BOOL, ir_compare(&m->b, IR_OP_EQ, IR_U32, random_pick(m, IR_U32), expected));
    if (!random_one_in(m, 4)) {
        IrValue equal = ir_compare(&m->b, IR_OP_EQ, IR_U32, random_one_in(m, 2) ? tag : ir_load(&m->b, IR_U32, home, 0),
                                   expected);
        ir_emit(&m->b, IR_OP_GUARD, IR_VOID, IR_VOID, equal, TRAP_ENUM_TAG, 0, 0);
    }
    read(m, home, e->payloads[number], PAYLOAD);
    if (random_one_in(m, 3)) copy(m, e);
    return random_one_in(m, 2) ? random_pick(m, IR_I32) : ir_const(&m->b, IR_I32, number * 3);
}

// To an arm for each tag, or for some; or straight to where they meet, with numbers alone.
static void match(Maker *m, const Enums *e) {
    random_next_site(m);
    IrValue home = home_of(m, e), tag = ir_load(&m->b, IR_U32, home, 0);
    IrValue selector = ir_convert(&m->b, e->tag, IR_U32, tag);
    IrBlockId meet = ir_add_block(&m->b, 0), other = ir_add_block(&m->b, 0), arms[TAGS];
    IrType chosen = random_one_in(m, 4) ? IR_BOOL : random_int(m);
    IrValue number = ir_block_param(&m->b, meet, IR_I32), value = ir_block_param(&m->b, meet, chosen);
    bool is_choice = random_one_in(m, 3), grows = random_one_in(m, 3);
    u32 first = random_below(m, 2), asked = random_one_in(m, 4) ? random_u32(m) : ALL_TAGS;
    IrValue values[TAGS], zero = ir_const(&m->b, IR_I32, 0);
    for (u32 i = 0; i < TAGS; i++) {
        // Two cases share an arm now and then.
        arms[i] = is_choice ? 0 : i && random_one_in(m, 6) ? arms[i - 1] : ir_add_block(&m->b, 0);
        i64 some = grows ? 5 + (i64)i : (i64)random_below(m, random_one_in(m, 2) ? 2 : 400) - random_one_in(m, 20);
        values[i] = random_one_in(m, 12) ? random_pick(m, chosen) : ir_const(&m->b, chosen, some);
    }
    ir_switch(&m->b, selector, ir_edge(&m->b, arms[0] && random_one_in(m, 8) ? arms[0] : other, NULL, 0));
    for (u32 i = first; i < TAGS; i++) {
        u32 case_number = first ? TAGS - i : i; // the other way round
        IrValue args[] = {zero, values[i]};
        if (!(asked >> i & 1)) continue;
        ir_case(&m->b, case_number, 0, is_choice ? ir_edge(&m->b, meet, args, 2) : ir_edge(&m->b, arms[i], NULL, 0));
    }
    for (u32 i = 0; i < TAGS && !is_choice; i++) {
        Pools pools = m->pools;
        if (i && arms[i] == arms[i - 1]) continue;
        ir_at(&m->b, arms[i]);
        random_next_site(m);
        u32 case_number = first && i ? TAGS - i : i;
        IrValue args[] = {arm(m, e, home, tag, case_number), values[i]};
        ir_jump(&m->b, ir_edge(&m->b, meet, args, 2));
        m->pools = pools;
    }
    ir_at(&m->b, other);
    if (random_one_in(m, 3)) {
        ir_trap(&m->b, TRAP_UNREACHABLE);
    } else {
        IrValue args[] = {zero, random_pick(m, chosen)};
        ir_jump(&m->b, ir_edge(&m->b, meet, args, 2));
    }
    ir_at(&m->b, meet);
    random_keep(m, IR_I32, number);
    random_keep(m, chosen, value);
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, chosen, value, 0, 0, 0);
}

// ---- the story ----

static void act_some(Maker *m, const Enums *e) {
    for (u32 n = 1 + random_below(m, ACTIONS); n > 0; n--) {
        if (random_one_in(m, 4)) match(m, e);
        else act(m, e);
    }
}

static void act_in_loop(Maker *m, const Enums *e) {
    Turns turns;
    random_turns_begin(m, &turns, TURNS);
    random_keep(m, IR_I64, ir_convert(&m->b, IR_I64, IR_I32, turns.left));
    act_some(m, e);
    random_turns_end(m, &turns);
}

void random_enums(Maker *m) {
    static const IrType payloads[] = {IR_F64, IR_I64, IR_I32, IR_U8, IR_F32, IR_U64};
    static const IrType tags[] = {IR_U32, IR_U64, IR_I64, IR_I32, IR_U8};
    Enums e = {.tag = tags[random_below(m, countof(tags))], .row = ir_add_slot(&m->b, ELEMENTS * ELEMENT_BYTES + 8, 8)};
    for (u32 i = 0; i < TAGS; i++) e.payloads[i] = payloads[random_below(m, countof(payloads))];
    for (u32 i = 0; i < HOMES; i++) e.homes[i] = ir_add_slot(&m->b, SLOT_BYTES, 8);
    for (u32 i = 0; i < ELEMENTS; i++) {
        IrValue index = ir_const(&m->b, IR_I64, i), row = random_slot_address(m, e.row);
        make(m, &e, ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, row, index, ELEMENT_BYTES, ELEMENTS));
    }
    act_some(m, &e);
    if (random_one_in(m, 2)) act_in_loop(m, &e);
    act_some(m, &e);
    for (u32 i = 0; i < HOMES; i++) {
        if (random_one_in(m, 3)) continue;
        IrValue value = ir_load(&m->b, IR_I64, random_slot_address(m, e.homes[i]), PAYLOAD);
        ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, IR_I64, value, 0, 0, 0);
    }
}
