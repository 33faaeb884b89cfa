// Random memory: slots of numbers, bools and pointers, copies and clearings of every length, rows in the frame and on the
// heap, in bounds mostly (random_maker.h). No address of the run is ever seen as a number.
#include "random_maker.h"

IrValue random_slot_address(Maker *m, u32 slot) {
    return ir_emit(&m->b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, slot, 0, 0, 0);
}

IrValue random_unknown(Maker *m, IrType type) {
    return ir_load(&m->b, type, random_slot_address(m, m->near_slot), 16 * random_below(m, NEAR_LENGTH / 4));
}

static IrValue number_slot(Maker *m) { return random_slot_address(m, m->slots[random_below(m, SLOTS - 2)]); }

// An address of `room` bytes of numbers; now and then null or a value that came through memory.
static IrValue number_address(Maker *m, u32 *room) {
    *room = SLOT_BYTES;
    IrValue address;
    if (m->pools.of[IR_PTR].count && random_one_in(m, 3)) address = random_pick(m, IR_PTR);
    else address = number_slot(m);
    if (random_one_in(m, 4)) {
        address = ir_emit(&m->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, address, 16, 0, 0);
        *room -= 16;
    }
    if (random_one_in(m, 4)) {
        IrValue index = random_one_in(m, 3) ? ir_const(&m->b, IR_I64, random_below(m, 3)) : random_pick(m, IR_I64);
        if (!random_one_in(m, 8)) index = ir_binary(&m->b, IR_OP_AND, IR_I64, index, ir_const(&m->b, IR_I64, 1));
        address = ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, address, index, 8, *room / 8);
        *room = 8;
    }
    return address;
}

// A number somewhere in `room` bytes that are aligned to `align`.
static void access_number(Maker *m, IrValue address, u32 room, u32 align) {
    IrType type;
    do type = random_type(m);
    while (type == IR_BOOL || ir_type_info[type].size > align);
    u32 size = ir_type_info[type].size, offset = random_below(m, room / size) * size;
    if (random_one_in(m, 2)) {
        random_keep(m, type, ir_load(&m->b, type, address, offset));
    } else {
        ir_store(&m->b, type, address, random_pick(m, type), offset);
    }
}

// ---- copies ----

static IrValue inside_big(Maker *m, u32 offset) {
    IrValue address = random_slot_address(m, m->big_slot);
    return offset ? ir_emit(&m->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, address, offset, 0, 0) : address;
}

static void blocks_of_bytes(Maker *m) {
    u32 to = random_below(m, BIG_BYTES / 2), from = random_one_in(m, 3) ? to : random_below(m, BIG_BYTES / 2);
    u32 most = BIG_BYTES - (to > from ? to : from), bytes = 1 + random_below(m, random_one_in(m, 3) ? most : 40);
    switch (random_below(m, 6)) {
    case 0: ir_emit(&m->b, IR_OP_FILL, IR_VOID, IR_VOID, inside_big(m, to), bytes, 0, 0); break;
    case 1: { // into and out of a slot that promotion may take apart
        IrValue small = random_one_in(m, 8) ? random_pick(m, IR_PTR) : number_slot(m), big = inside_big(m, to);
        bool out = random_one_in(m, 2);
        u32 length = 1 + random_below(m, SLOT_BYTES);
        ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, out ? big : small, out ? small : big, length, 0);
        break;
    }
    case 2:
    case 3: {
        IrValue destination = inside_big(m, to), source = inside_big(m, from);
        ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, destination, source, bytes, 0);
        break;
    }
    default: access_number(m, inside_big(m, random_below(m, 14) * 16), 16, 16); break;
    }
}

void random_memory(Maker *m) {
    u32 room, offset;
    if (random_one_in(m, 6)) { // a bool
        IrValue address = random_slot_address(m, m->slots[SLOTS - 1]);
        if (random_one_in(m, 2)) ir_store(&m->b, IR_BOOL, address, random_condition(m), random_below(m, 4));
        else random_keep(m, IR_BOOL, ir_load(&m->b, IR_BOOL, address, random_below(m, 4)));
        return;
    }
    if (random_one_in(m, 6)) { // a pointer
        IrValue address = random_slot_address(m, m->slots[SLOTS - 2]);
        offset = random_below(m, 2) * 8;
        if (random_one_in(m, 2)) random_keep(m, IR_PTR, ir_load(&m->b, IR_PTR, address, offset));
        else ir_store(&m->b, IR_PTR, address, number_slot(m), offset);
        return;
    }
    if (random_one_in(m, 6)) {
        blocks_of_bytes(m);
        return;
    }
    IrValue address = number_address(m, &room);
    switch (random_below(m, 8)) {
    case 0: ir_emit(&m->b, IR_OP_FILL, IR_VOID, IR_VOID, address, 1 + random_below(m, room), 0, 0); break;
    case 1:
        if (room < SLOT_BYTES) break;
        ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, address, number_slot(m), 8 + 8 * random_below(m, 4), 0);
        break;
    default: access_number(m, address, room, room < 16 ? room : 16); break;
    }
}

// ---- rows ----

static void keep_row(Maker *m, Row row) {
    Pools *pools = &m->pools;
    if (pools->row_count < ROWS) pools->rows[pools->row_count++] = row;
    else pools->rows[random_below(m, ROWS)] = row;
}

void random_rows_begin(Maker *m) {
    keep_row(m, (Row){.pointer = random_slot_address(m, m->row_slot), .guess = STATIC_COUNT});
}

static Row *pick_row(Maker *m) { return &m->pools.rows[random_below(m, m->pools.row_count)]; }

static IrValue small_count(Maker *m) {
    if (random_one_in(m, 3)) {
        IrValue mask = ir_const(&m->b, IR_I64, 31);
        return ir_binary(&m->b, IR_OP_AND, IR_I64, random_pick(m, IR_I64), mask);
    }
    if (random_one_in(m, 30)) return ir_const(&m->b, IR_I64, random_one_in(m, 2) ? -1 : 5000000000);
    return ir_const(&m->b, IR_I64, random_one_in(m, 12) ? 0 : 1 + random_below(m, 24));
}

static void new_row(Maker *m) {
    IrValue count = small_count(m);
    IrValue row = ir_emit(&m->b, IR_OP_HEAP_ALLOC, IR_PTR, IR_VOID, count, m->element, 0, 0);
    keep_row(m, (Row){.pointer = row, .guess = 1 + random_below(m, 12), .heap = true});
}

static void access_element(Maker *m, const Row *row) {
    IrValue index;
    if (random_one_in(m, 10)) index = random_pick(m, IR_I64);
    else if (random_one_in(m, 2)) index = ir_const(&m->b, IR_I64, random_below(m, row->guess));
    else {
        index = ir_binary(&m->b, IR_OP_AND, IR_I64, random_pick(m, IR_I64), ir_const(&m->b, IR_I64, 7));
        if (random_one_in(m, 3)) {
            IrValue limit = ir_const(&m->b, IR_I64, row->guess);
            index = ir_binary(&m->b, IR_OP_REM, IR_I64, index, limit);
        }
    }
    random_element(m, row, index);
}

void random_element(Maker *m, const Row *row, IrValue index) {
    u32 count = row->heap ? 0 : STATIC_COUNT;
    IrValue address = ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, row->pointer, index, m->element, count);
    u32 align = m->element & -m->element, field = align * random_below(m, m->element / align),
        room = m->element - field;
    if (field || random_one_in(m, 8)) address = ir_emit(&m->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, address, field, 0, 0);
    if (random_one_in(m, 12)) ir_emit(&m->b, IR_OP_FILL, IR_VOID, IR_VOID, address, room, 0, 0);
    else if (random_one_in(m, 10))
        ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, address, number_slot(m), room < SLOT_BYTES ? room : SLOT_BYTES, 0);
    else access_number(m, address, room, align);
}

// How many elements a program says that a row has: what it has, if that is known.
static IrValue said_count(Maker *m, const Row *row) {
    return random_one_in(m, 12) ? random_pick(m, IR_I64) : ir_const(&m->b, IR_I64, 1 + random_below(m, row->guess));
}

static void resize_row(Maker *m, Row *row) {
    IrValue old = said_count(m, row), count = small_count(m);
    IrValue made = ir_emit(&m->b, IR_OP_HEAP_REALLOC, IR_PTR, IR_VOID, row->pointer, old, count, m->element);
    row->pointer = made;
    row->guess = 1 + random_below(m, 12);
}

static void copy_rows(Maker *m, const Row *from, const Row *to) {
    IrValue count = random_one_in(m, 12) ? random_pick(m, IR_I64) : ir_const(&m->b, IR_I64, random_below(m, 4));
    ir_emit(&m->b, IR_OP_HEAP_COPY, IR_VOID, IR_VOID, from->pointer, to->pointer, count, m->element);
}

IrValue random_moved(Maker *m, IrValue row, IrValue by) {
    m->module->moves_rows = true;
    return ir_emit(&m->b, IR_OP_PTR_MOVE, IR_PTR, IR_I64, row, by, 0, 0);
}

void random_row(Maker *m) {
    Row *row = pick_row(m);
    u32 choice = random_below(m, 16);
    if (choice == 0 || (choice < 8 && m->pools.row_count < 2)) {
        new_row(m);
    } else if (choice == 1 && m->moves) {
        IrValue by = random_one_in(m, 3) ? random_pick(m, IR_I64)
                                         : ir_const(&m->b, IR_I64, (i64)random_below(m, 7) - 3);
        Row moved = *row;
        moved.pointer = random_moved(m, row->pointer, by);
        keep_row(m, moved);
    } else if (choice == 2 && (row->heap || random_one_in(m, 8))) {
        resize_row(m, row);
        row->heap = true;
    } else if (choice == 3 && (row->heap || random_one_in(m, 8)) && random_one_in(m, 2)) {
        ir_emit(&m->b, IR_OP_HEAP_FREE, IR_VOID, IR_VOID, row->pointer, said_count(m, row), 0, 0);
    } else if (choice == 4 && (row->heap || random_one_in(m, 8))) {
        const Row *other = pick_row(m);
        if (other->heap || random_one_in(m, 8)) copy_rows(m, row, other);
    } else if (choice == 5) {
        IrValue other = pick_row(m)->pointer;
        random_keep(m, IR_BOOL,
                    ir_compare(&m->b, random_one_in(m, 2) ? IR_OP_EQ : IR_OP_NE, IR_PTR, row->pointer, other));
    } else {
        access_element(m, row);
    }
}
