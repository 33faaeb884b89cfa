// Random stories of slots that stay the function's own, as structs and enums do that promotion takes apart: read and
// written by field, copied and cleared whole or in part, some read at other types and widths or as rows, in loops and behind
// branches.
#include "random_maker.h"

enum { LOCALS = 4, FIELDS = 6, ACTIONS = 8, LOCAL_BYTES = 48, TURNS = 5 };

typedef struct Field {
    IrType type;
    u32 offset, end;
} Field;

typedef struct Locals {
    u32 slots[LOCALS], count, bytes;
    Field fields[FIELDS]; // by offset, the same in all slots
    u32 field_count;
    bool plain;   // fields are used as what they are: where there are bools, or by chance
    bool indexed; // the first slot is a row, too
} Locals;

static u32 any_slot(Maker *m, const Locals *l) { return l->slots[random_below(m, l->count)]; }

static const Field *any_field(Maker *m, const Locals *l) { return &l->fields[random_below(m, l->field_count)]; }

// By a field, or by a constant element.
static IrValue address_at(Maker *m, const Locals *l, u32 slot, u32 offset, u32 size) {
    IrValue address = random_slot_address(m, slot);
    if (!offset && !random_one_in(m, 8)) return address;
    if (offset % size || random_one_in(m, 2))
        return ir_emit(&m->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, address, offset, 0, 0);
    IrValue number = ir_const(&m->b, IR_I64, offset / size);
    return ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, address, number, size, l->bytes / size);
}

static void use(Maker *m, const Locals *l, u32 slot, IrType type, u32 offset) {
    bool apart = random_one_in(m, 3);
    u32 size = ir_type_info[type].size;
    IrValue address = apart ? address_at(m, l, slot, offset, size) : random_slot_address(m, slot);
    if (apart) offset = 0;
    if (random_one_in(m, 2)) {
        ir_store(&m->b, type, address, random_pick(m, type), offset);
        return;
    }
    IrValue value = ir_load(&m->b, type, address, offset);
    random_keep(m, type, value);
    if (random_one_in(m, 4)) ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, value, 0, 0, 0);
}

// A number of any type, wherever it may lie.
static void use_otherwise(Maker *m, const Locals *l) {
    IrType type;
    do type = random_type(m);
    while (type == IR_BOOL);
    const Field *field = any_field(m, l);
    u32 size = ir_type_info[type].size;
    u32 offset = random_one_in(m, 3) ? random_below(m, l->bytes) : field->offset;
    offset -= offset % size;
    if (offset + size <= l->bytes) use(m, l, any_slot(m, l), type, offset);
}

static void use_element(Maker *m, const Locals *l) {
    static const IrType types[] = {IR_U8, IR_I16, IR_I32, IR_U64};
    u32 choice = random_below(m, countof(types)), size = 1u << choice, count = l->bytes / size;
    IrValue index = random_pick(m, IR_I64), row = random_slot_address(m, l->slots[0]);
    if (!random_one_in(m, 16))
        index = ir_binary(&m->b, IR_OP_AND, IR_I64, index, ir_const(&m->b, IR_I64, count > 3 ? 3 : 1));
    IrValue at = ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, row, index, size, count);
    if (random_one_in(m, 2)) ir_store(&m->b, types[choice], at, random_pick(m, types[choice]), 0);
    else random_keep(m, types[choice], ir_load(&m->b, types[choice], at, 0));
}

// From the start of a field to the end of one, all, or any bytes.
static void any_bytes(Maker *m, const Locals *l, u32 *start, u32 *end) {
    u32 first = random_below(m, l->field_count), last = first + random_below(m, l->field_count - first);
    *start = l->fields[first].offset, *end = l->fields[last].end;
    if (random_one_in(m, 2)) {
        *start = 0, *end = l->bytes;
    } else if (!l->plain && random_one_in(m, 4)) {
        *start = random_below(m, l->bytes);
        *end = *start + 1 + random_below(m, l->bytes - *start);
    }
}

static void copy_or_clear(Maker *m, const Locals *l) {
    u32 start, end, shift = 0;
    any_bytes(m, l, &start, &end);
    IrValue to = address_at(m, l, any_slot(m, l), start, 8);
    if (random_one_in(m, 3)) {
        ir_emit(&m->b, IR_OP_FILL, IR_VOID, IR_VOID, to, end - start, 0, 0);
        return;
    }
    if (!l->plain && random_one_in(m, 6)) shift = 8 * random_below(m, (l->bytes - end) / 8 + 1);
    IrValue from = address_at(m, l, any_slot(m, l), start + shift, 8);
    ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, to, from, end - start, 0);
}

static void act(Maker *m, const Locals *l) {
    random_next_site(m);
    u32 choice = random_below(m, 12);
    if (choice < 3) {
        copy_or_clear(m, l);
    } else if (choice == 3 && !l->plain) {
        use_otherwise(m, l);
    } else if (choice < 6 && l->indexed) {
        use_element(m, l);
    } else {
        const Field *field = any_field(m, l);
        use(m, l, any_slot(m, l), field->type, field->offset);
    }
}

static void act_on(Maker *m, const Locals *l, u32 depth);

static void act_in_arms(Maker *m, const Locals *l, u32 depth) {
    IrBlockId arms[2] = {ir_add_block(&m->b, 0), ir_add_block(&m->b, 0)}, meet = ir_add_block(&m->b, 0);
    ir_branch(&m->b, random_condition(m), ir_edge(&m->b, arms[0], NULL, 0), ir_edge(&m->b, arms[1], NULL, 0));
    for (u32 i = 0; i < 2; i++) {
        Pools pools = m->pools;
        ir_at(&m->b, arms[i]);
        if (i == 0 || random_one_in(m, 2)) act_on(m, l, depth - 1);
        ir_jump(&m->b, ir_edge(&m->b, meet, NULL, 0));
        m->pools = pools;
    }
    ir_at(&m->b, meet);
}

// A few turns, of which the middle may be left.
static void act_in_loop(Maker *m, const Locals *l, u32 depth) {
    Turns turns;
    random_turns_begin(m, &turns, TURNS);
    random_keep(m, IR_I32, turns.left);
    act_on(m, l, depth - 1);
    if (random_one_in(m, 3)) {
        IrBlockId on = ir_add_block(&m->b, 0);
        ir_branch(&m->b, random_condition(m), ir_edge(&m->b, turns.after, NULL, 0), ir_edge(&m->b, on, NULL, 0));
        ir_at(&m->b, on);
        act_on(m, l, depth - 1);
    }
    random_turns_end(m, &turns);
}

static void act_on(Maker *m, const Locals *l, u32 depth) {
    for (u32 n = 2 + random_below(m, ACTIONS); n > 0; n--) {
        if (depth && random_one_in(m, 6)) act_in_arms(m, l, depth);
        else if (depth && random_one_in(m, 8)) act_in_loop(m, l, depth);
        else act(m, l);
    }
}

static void choose_fields(Maker *m, Locals *l) {
    for (u32 at = 0, tries = 0; l->field_count < FIELDS && tries < 2 * FIELDS; tries++) {
        IrType type = random_type(m);
        u32 size = ir_type_info[type].size, offset = (at + size - 1) / size * size;
        if (offset + size > LOCAL_BYTES) continue;
        l->fields[l->field_count++] = (Field){type, offset, at = offset + size};
        l->plain |= type == IR_BOOL;
    }
    l->bytes = (l->fields[l->field_count - 1].end + 7) / 8 * 8;
}

void random_local(Maker *m) {
    Locals l = {.count = 1 + random_below(m, LOCALS), .plain = random_one_in(m, 2)};
    choose_fields(m, &l);
    l.indexed = !l.plain && random_one_in(m, 2);
    for (u32 i = 0; i < l.count; i++) l.slots[i] = ir_add_slot(&m->b, l.bytes, 16);
    act_on(m, &l, 2);
    for (u32 i = 0; i < l.count; i++) {
        for (u32 k = 0; k < l.field_count; k++) {
            if (random_one_in(m, 3)) continue;
            IrType type = l.fields[k].type;
            IrValue value = ir_load(&m->b, type, random_slot_address(m, l.slots[i]), l.fields[k].offset);
            ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, value, 0, 0, 0);
        }
    }
}
