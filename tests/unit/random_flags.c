// Random stories of loops that a flag keeps going which constants set: `while go { go = false; if .. { go = true; } }`. What is
// left of a number ends them, whatever the flag says.
#include "random_maker.h"

enum { TURNS = 6 };

typedef struct Flag {
    IrType type, carried;
    i64 stays; // the flag's value with which the loop goes on
    IrBlockId head;
} Flag;

static IrValue value_of(Maker *m, const Flag *f, bool stays) {
    i64 others[] = {!f->stays, f->type == IR_BOOL ? !f->stays : f->stays + 1};
    return ir_const(&m->b, f->type, stays ? f->stays : others[random_below(m, countof(others))]);
}

static IrEdge to_head(Maker *m, const Flag *f, IrValue flag, IrValue left) {
    IrValue args[] = {flag, left, random_pick(m, f->carried)};
    return ir_edge(&m->b, f->head, args, countof(args));
}

// From outside or from the end of a turn: by one edge or two, nearly always with constants.
static void go_on(Maker *m, const Flag *f, IrValue left) {
    IrValue flags[2];
    for (u32 i = 0; i < countof(flags); i++)
        flags[i] = random_one_in(m, 16) ? random_pick(m, f->type) : value_of(m, f, !random_one_in(m, 3));
    if (random_one_in(m, 2)) {
        ir_jump(&m->b, to_head(m, f, flags[0], left));
        return;
    }
    IrValue condition = random_condition(m);
    IrEdge one = to_head(m, f, flags[0], left), two = to_head(m, f, flags[1], left);
    ir_branch(&m->b, condition, one, two);
}

// One turn, and what ends the last.
static void turn(Maker *m, const Flag *f, IrBlockId after, IrValue left) {
    IrBlockId more = ir_add_block(&m->b, 0), last = ir_add_block(&m->b, 0);
    IrValue less = ir_binary(&m->b, IR_OP_SUB, IR_I32, left, ir_const(&m->b, IR_I32, 1));
    random_work(m, 2);
    IrValue is_left = ir_compare(&m->b, IR_OP_GE, IR_I32, less, ir_const(&m->b, IR_I32, 0));
    ir_branch(&m->b, is_left, ir_edge(&m->b, more, NULL, 0), ir_edge(&m->b, last, NULL, 0));
    Pools before = m->pools;
    ir_at(&m->b, last);
    if (random_one_in(m, 4)) ir_jump(&m->b, ir_edge(&m->b, after, NULL, 0));
    else ir_jump(&m->b, to_head(m, f, value_of(m, f, false), less));
    ir_at(&m->b, more);
    random_work(m, 2);
    go_on(m, f, less);
    m->pools = before;
}

void random_flags(Maker *m) {
    Flag f = {.type = random_one_in(m, 2) ? IR_BOOL : random_int(m), .carried = random_type(m)};
    f.stays = f.type == IR_BOOL ? random_one_in(m, 2) : (i64)random_below(m, 3);
    IrBlockId body = ir_add_block(&m->b, 0), after = ir_add_block(&m->b, 0);
    f.head = ir_add_block(&m->b, 0);
    IrValue flag = ir_block_param(&m->b, f.head, f.type), left = ir_block_param(&m->b, f.head, IR_I32);
    IrValue carried = ir_block_param(&m->b, f.head, f.carried);
    go_on(m, &f, ir_const(&m->b, IR_I32, random_below(m, TURNS)));
    Pools outside = m->pools;
    ir_at(&m->b, f.head);
    random_keep(m, f.carried, carried);
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    random_work(m, 2);
    IrValue goes_on = ir_compare(&m->b, IR_OP_EQ, f.type, flag, value_of(m, &f, true));
    if (f.type == IR_BOOL && f.stays && random_one_in(m, 2)) goes_on = flag;
    // A head that is its own body goes on once at most.
    bool is_body = random_one_in(m, 4);
    IrEdge on = is_body ? to_head(m, &f, value_of(m, &f, false), left) : ir_edge(&m->b, body, NULL, 0);
    ir_branch(&m->b, goes_on, on, ir_edge(&m->b, after, NULL, 0));
    ir_at(&m->b, body);
    if (is_body) ir_jump(&m->b, ir_edge(&m->b, after, NULL, 0)); // nothing leads there
    else turn(m, &f, after, left);
    m->pools = outside;
    ir_at(&m->b, after);
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, f.carried, carried, 0, 0, 0);
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, IR_I32, left, 0, 0, 0);
}
