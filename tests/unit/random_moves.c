// Random stories of row pointers that were moved, and of the elements at x and at a number near x that both are looked
// at through them: what one check says of x it says from where the pointer stands.
#include "random_maker.h"

enum { POINTERS = 4, INDICES = 5, ACTIONS = 8, TURNS = 4 };

typedef struct Moved {
    Row rows[POINTERS];
    u32 row_count;
    IrValue indices[INDICES];
    u32 index_count;
} Moved;

static void add_index(Maker *m, Moved *s, IrValue index) {
    if (s->index_count < INDICES) s->indices[s->index_count++] = index;
    else s->indices[random_below(m, INDICES)] = index;
}

static void move(Maker *m, Moved *s) {
    Row row = s->rows[random_below(m, s->row_count)];
    IrValue by = random_one_in(m, 4) ? s->indices[random_below(m, s->index_count)]
                                     : ir_const(&m->b, IR_I64, (i64)random_below(m, 9) - 4);
    row.pointer = random_moved(m, row.pointer, by);
    if (s->row_count < POINTERS) s->rows[s->row_count++] = row;
    else s->rows[1 + random_below(m, POINTERS - 1)] = row; // the first stays at the row's start
}

static void near_index(Maker *m, Moved *s) {
    IrValue index = s->indices[random_below(m, s->index_count)];
    IrOp op = random_one_in(m, 4) ? IR_OP_SUB : IR_OP_ADD;
    add_index(m, s, ir_binary(&m->b, op, IR_I64, index, ir_const(&m->b, IR_I64, (i64)random_below(m, 6) - 1)));
}

// Where it is one of the row's, or anywhere.
static void touch(Maker *m, Moved *s) {
    const Row *row = &s->rows[random_below(m, s->row_count)];
    IrValue index = s->indices[random_below(m, s->index_count)];
    random_next_site(m);
    random_element(m, row, index);
}

// Only where a test of the index says so.
static void touch_after_test(Maker *m, Moved *s) {
    IrBlockId yes = ir_add_block(&m->b, 0), meet = ir_add_block(&m->b, 0);
    IrValue index = s->indices[random_below(m, s->index_count)];
    i64 limit = random_below(m, STATIC_COUNT + 1);
    IrValue test = ir_compare(&m->b, random_one_in(m, 2) ? IR_OP_LT : IR_OP_GE, IR_I64, index,
                              ir_const(&m->b, IR_I64, limit));
    ir_branch(&m->b, test, ir_edge(&m->b, yes, NULL, 0), ir_edge(&m->b, meet, NULL, 0));
    Pools pools = m->pools;
    ir_at(&m->b, yes);
    random_next_site(m);
    random_element(m, &s->rows[random_below(m, s->row_count)], index);
    ir_jump(&m->b, ir_edge(&m->b, meet, NULL, 0));
    m->pools = pools;
    ir_at(&m->b, meet);
}

// What passed the check through a pointer that was moved need not do so from the row's start.
static void touch_both(Maker *m, Moved *s) {
    const Row *row = &s->rows[random_below(m, s->row_count)];
    IrValue index = s->indices[random_below(m, s->index_count)];
    random_next_site(m);
    random_element(m, row, index);
    random_next_site(m);
    random_element(m, &s->rows[0], index);
}

static void act(Maker *m, Moved *s) {
    switch (random_below(m, 8)) {
    case 0:
    case 1: move(m, s); break;
    case 2:
    case 3: near_index(m, s); break;
    case 4: touch_after_test(m, s); break;
    case 6: touch_both(m, s); break;
    case 5: {
        IrValue x = s->rows[random_below(m, s->row_count)].pointer, y = s->rows[random_below(m, s->row_count)].pointer;
        IrOp op = random_one_in(m, 2) ? IR_OP_EQ : IR_OP_NE;
        ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, IR_BOOL, ir_compare(&m->b, op, IR_PTR, x, y), 0, 0, 0);
        break;
    }
    default: touch(m, s);
    }
}

void random_moves(Maker *m) {
    Moved s = {.row_count = 1, .index_count = 1};
    Row row = {.pointer = random_slot_address(m, m->row_slot), .guess = STATIC_COUNT};
    if (random_one_in(m, 2)) {
        IrValue count = ir_const(&m->b, IR_I64, 6 + random_below(m, 12));
        row.pointer = ir_emit(&m->b, IR_OP_HEAP_ALLOC, IR_PTR, IR_VOID, count, m->element, 0, 0);
        row.heap = true;
    }
    s.rows[0] = row;
    IrValue any = random_unknown(m, IR_I64);
    any = ir_binary(&m->b, IR_OP_AND, IR_I64, any, ir_const(&m->b, IR_I64, random_one_in(m, 4) ? 7 : 3));
    s.indices[0] = ir_binary(&m->b, IR_OP_ADD, IR_I64, any, ir_const(&m->b, IR_I64, (i64)random_below(m, 6) - 1));
    bool turned = random_one_in(m, 3);
    Turns turns;
    if (random_one_in(m, 2)) move(m, &s);
    if (turned) random_turns_begin(m, &turns, TURNS);
    for (u32 n = 2 + random_below(m, ACTIONS); n > 0; n--) act(m, &s);
    if (turned) random_turns_end(m, &turns);
}
