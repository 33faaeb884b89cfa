// Random stories of rows of constants that things are looked up in: filled in one block, mostly, and read behind it by index, by
// place, or whole into another slot; now and then written again, or read before.
#include "random_maker.h"

enum { LENGTH = 9, ACTIONS = 5, TURNS = 3 };

typedef struct Numbers {
    u32 slot;
    IrType type;
} Numbers;

static IrValue element(Maker *m, const Numbers *row, bool constant) {
    u32 size = ir_type_info[row->type].size;
    IrValue index = ir_const(&m->b, IR_I64, random_below(m, LENGTH));
    if (!constant) {
        index = random_pick(m, IR_I64);
        if (!random_one_in(m, 40)) index = ir_binary(&m->b, IR_OP_AND, IR_I64, index, ir_const(&m->b, IR_I64, 7));
    }
    return ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, random_slot_address(m, row->slot), index, size, LENGTH);
}

static void fill(Maker *m, const Numbers *row) {
    u32 size = ir_type_info[row->type].size, left = random_one_in(m, 4) ? random_below(m, LENGTH) : LENGTH;
    if (random_one_in(m, 3)) {
        IrValue all = random_slot_address(m, row->slot);
        ir_emit(&m->b, IR_OP_FILL, IR_VOID, IR_VOID, all, random_one_in(m, 2) ? LENGTH * size : size, 0, 0);
    }
    for (u32 i = 0; i < left; i++) {
        IrValue value = random_one_in(m, 60) ? random_pick(m, row->type) : random_const(m, row->type);
        ir_store(&m->b, row->type, random_slot_address(m, row->slot), value, i * size);
    }
}

static void look_up(Maker *m, const Numbers *row) {
    static const IrType others[] = {IR_U8, IR_I16, IR_U32};
    IrType type = row->type;
    random_next_site(m);
    IrValue address = element(m, row, random_one_in(m, 4));
    if (random_one_in(m, 6) && type != IR_BOOL) {
        type = others[random_below(m, countof(others))];
        if (ir_type_info[type].size > ir_type_info[row->type].size) type = IR_U8;
    }
    IrValue value = ir_load(&m->b, type, address, 0);
    random_keep(m, type, value);
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, value, 0, 0, 0);
}

static void act(Maker *m, const Numbers *row, const Numbers *other) {
    random_next_site(m);
    switch (random_below(m, 24)) {
    case 0: ir_store(&m->b, row->type, element(m, row, random_one_in(m, 2)), random_pick(m, row->type), 0); return;
    case 1: fill(m, row); return;
    case 2: random_keep(m, IR_PTR, random_slot_address(m, row->slot)); return;
    case 3:
    case 4:
    case 5: {
        u32 bytes = ir_type_info[row->type].size * (random_one_in(m, 3) ? 1 + random_below(m, LENGTH) : LENGTH);
        IrValue to = random_slot_address(m, other->slot), from = random_slot_address(m, row->slot);
        ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, to, from, bytes, 0);
        return;
    }
    case 6:
    case 7: look_up(m, other); return;
    default: look_up(m, row); return;
    }
}

// On one of two ways, or on each with numbers of its own.
static void fill_in_arms(Maker *m, const Numbers *row) {
    IrBlockId arms[2] = {ir_add_block(&m->b, 0), ir_add_block(&m->b, 0)}, meet = ir_add_block(&m->b, 0);
    ir_branch(&m->b, random_condition(m), ir_edge(&m->b, arms[0], NULL, 0), ir_edge(&m->b, arms[1], NULL, 0));
    for (u32 i = 0; i < countof(arms); i++) {
        ir_at(&m->b, arms[i]);
        if (i == 0 || random_one_in(m, 2)) fill(m, row);
        ir_jump(&m->b, ir_edge(&m->b, meet, NULL, 0));
    }
    ir_at(&m->b, meet);
}

void random_tables(Maker *m) {
    IrType type = random_type(m);
    u32 bytes = LENGTH * ir_type_info[type].size;
    if (bytes < SLOT_BYTES) bytes = SLOT_BYTES; // what takes a pointer may read so much
    Numbers row = {ir_add_slot(&m->b, bytes, 16), type}, other = {ir_add_slot(&m->b, bytes, 16), type};
    Turns turns;
    bool turned = random_one_in(m, 2), inside = random_one_in(m, 2);
    if (random_one_in(m, 12)) look_up(m, &row);
    if (turned && inside) random_turns_begin(m, &turns, TURNS);
    if (random_one_in(m, 4)) fill_in_arms(m, &row);
    else fill(m, &row);
    if (random_one_in(m, 2)) act(m, &row, &other);
    if (turned && !inside) random_turns_begin(m, &turns, TURNS);
    for (u32 n = 1 + random_below(m, ACTIONS); n > 0; n--) act(m, &row, &other);
    if (turned) random_turns_end(m, &turns);
    if (random_one_in(m, 2)) look_up(m, &row);
}
