// Random stories of ways that meet: each ends with stores, mostly to the same places as the others; now and then one
// stores elsewhere, another type, or nothing, or does something behind it that may matter.
#include "random_maker.h"

enum { WAYS = 4, STORES = 2, ELEMENT = 4 };

typedef struct Place {
    IrValue row, index; // index = 0: the row's start
    IrType type;
    u32 offset;
} Place;

static Place some_place(Maker *m) {
    static const IrType types[] = {IR_I32, IR_U32, IR_F32, IR_U8, IR_I16};
    Place place = {.row = random_slot_address(m, m->near_slot), .type = types[random_below(m, countof(types))]};
    if (random_one_in(m, 3)) place.offset = ELEMENT * random_below(m, 4);
    else place.index = random_unknown(m, IR_I64);
    return place;
}

// Computed on each way for itself; rarely out of bounds.
static IrValue address_of(Maker *m, const Place *place) {
    if (!place->index) return place->row;
    i64 mask = random_one_in(m, 30) ? NEAR_LENGTH * 2 - 1 : 3;
    IrValue index = ir_binary(&m->b, IR_OP_AND, IR_I64, place->index, ir_const(&m->b, IR_I64, mask));
    random_next_site(m);
    return ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, place->row, index, ELEMENT, NEAR_LENGTH);
}

static IrValue stored(Maker *m, const Place *place) {
    return ir_load(&m->b, place->type, address_of(m, place), place->offset);
}

static void tell(Maker *m, IrType type, IrValue value) {
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, value, 0, 0, 0);
    ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, 0, 0, 0, 0);
}

// To the block where they meet, with a number.
static void go(Maker *m, const Place *places, IrBlockId meet) {
    if (random_one_in(m, 3)) random_work(m, 2);
    for (u32 i = 0; i < STORES; i++) {
        Place place = random_one_in(m, 20) ? some_place(m) : places[i];
        if (random_one_in(m, 20)) continue;
        if (random_one_in(m, 20)) place.index = random_unknown(m, IR_I64);
        if (random_one_in(m, 20)) place.offset ^= ELEMENT;
        random_next_site(m);
        ir_store(&m->b, place.type, address_of(m, &place), random_pick(m, place.type), place.offset);
    }
    if (random_one_in(m, 8)) tell(m, places[0].type, stored(m, &places[0]));
    else if (random_one_in(m, 3)) random_arithmetic(m);
    IrValue number = random_pick(m, IR_I32);
    if (random_one_in(m, 8)) number = ir_load(&m->b, IR_I32, places[0].row, places[0].offset);
    ir_jump(&m->b, ir_edge(&m->b, meet, &number, 1));
}

void random_ways(Maker *m) {
    Place places[STORES];
    for (u32 i = 0; i < STORES; i++) places[i] = i && random_one_in(m, 2) ? places[0] : some_place(m);
    Turns turns;
    bool turned = random_one_in(m, 3);
    if (turned) random_turns_begin(m, &turns, 3);
    IrBlockId meet = ir_add_block(&m->b, 0);
    IrValue number = ir_block_param(&m->b, meet, IR_I32);
    Pools pools = m->pools;
    for (u32 way = 1 + random_below(m, WAYS - 1); way > 0; way--) {
        IrBlockId here = ir_add_block(&m->b, 0), next = ir_add_block(&m->b, 0);
        ir_branch(&m->b, random_condition(m), ir_edge(&m->b, here, NULL, 0), ir_edge(&m->b, next, NULL, 0));
        ir_at(&m->b, here);
        go(m, places, meet);
        m->pools = pools;
        ir_at(&m->b, next);
    }
    go(m, places, meet);
    m->pools = pools;
    ir_at(&m->b, meet);
    tell(m, IR_I32, number);
    tell(m, places[0].type, stored(m, &places[0]));
    if (turned) random_turns_end(m, &turns);
    else random_keep(m, IR_I32, number);
    tell(m, places[STORES - 1].type, stored(m, &places[STORES - 1]));
}
