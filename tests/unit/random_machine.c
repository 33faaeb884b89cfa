// Random stories of control that constants decide, as `match` on an enum, flags and `break` in a loop leave it: machines whose
// next state each arm names, and chains of tests of what the arms before passed on.
#include "random_maker.h"

enum { STATES = 6, CARRIED = 3, LINKS = 4, TURNS = 12 };

typedef struct Machine {
    IrType type; // of a state
    u32 count;
    i64 states[STATES];
    IrType carried[CARRIED];
    u32 carried_count;
    IrBlockId head, after;
    IrValue fuel; // of this turn
} Machine;

static const IrOp compares[] = {IR_OP_EQ, IR_OP_NE, IR_OP_LT, IR_OP_LE, IR_OP_GT, IR_OP_GE};

static IrValue any_state(Maker *m, const Machine *s) {
    if (random_one_in(m, 10)) return random_pick(m, s->type);
    return ir_const(&m->b, s->type, s->states[random_below(m, s->count)]);
}

// What a flag or a state says, as branches ask for it: itself, compared, or joined with another flag.
static IrValue test_of(Maker *m, const Machine *s, IrType type, IrValue value) {
    if (type != IR_BOOL) {
        if (random_one_in(m, 4)) {
            IrType other = random_int(m);
            value = ir_convert(&m->b, other, type, value);
            return ir_compare(&m->b, compares[random_below(m, 6)], other, value, ir_const(&m->b, other, s->states[0]));
        }
        if (random_one_in(m, 4)) value = ir_binary(&m->b, IR_OP_XOR, type, value, any_state(m, s));
        return ir_compare(&m->b, compares[random_below(m, 6)], type, value, any_state(m, s));
    }
    static const IrOp joins[] = {IR_OP_AND, IR_OP_OR, IR_OP_XOR};
    if (random_one_in(m, 2)) return value;
    IrValue other = random_one_in(m, 2) ? ir_const(&m->b, IR_BOOL, random_one_in(m, 2)) : random_pick(m, IR_BOOL);
    return ir_binary(&m->b, joins[random_below(m, countof(joins))], IR_BOOL, value, other);
}

static IrEdge edge_on(Maker *m, const Machine *s, IrBlockId target, IrValue first) {
    IrValue args[2 + CARRIED] = {first, s->fuel};
    for (u32 i = 0; i < s->carried_count; i++) args[2 + i] = random_pick(m, s->carried[i]);
    return ir_edge(&m->b, target, args, 2 + s->carried_count);
}

static IrEdge next_turn(Maker *m, const Machine *s) {
    bool leaves = random_one_in(m, 6);
    return edge_on(m, s, leaves ? s->after : s->head, any_state(m, s));
}

static void add_params(Maker *m, const Machine *s, IrBlockId block, IrType first, IrValue *params) {
    params[0] = ir_block_param(&m->b, block, first);
    params[1] = ir_block_param(&m->b, block, IR_I32);
    for (u32 i = 0; i < s->carried_count; i++) params[2 + i] = ir_block_param(&m->b, block, s->carried[i]);
}

// Starts the block, whose parameters are at hand now; the pools before are the caller's to put back.
static void start(Maker *m, Machine *s, IrBlockId block, IrType first, const IrValue *params) {
    ir_at(&m->b, block);
    random_keep(m, first, params[0]);
    s->fuel = params[1];
    for (u32 i = 0; i < s->carried_count; i++) random_keep(m, s->carried[i], params[2 + i]);
}

// Ends the block with a jump to a small one that several reach, each with a constant, and that branches by it.
static void decide_later(Maker *m, Machine *s) {
    Machine before = *s;
    IrType type = random_one_in(m, 2) ? IR_BOOL : s->type;
    IrBlockId decide = ir_add_block(&m->b, 0), arms[2] = {ir_add_block(&m->b, 0), ir_add_block(&m->b, 0)};
    IrValue params[2 + CARRIED], flags[2];
    add_params(m, s, decide, type, params);
    for (u32 i = 0; i < 2; i++) flags[i] = type == IR_BOOL ? ir_const(&m->b, IR_BOOL, i) : any_state(m, s);
    IrEdge then = edge_on(m, s, decide, flags[0]), other = edge_on(m, s, decide, flags[1]);
    ir_branch(&m->b, random_condition(m), then, other);
    Pools pools = m->pools;
    start(m, s, decide, type, params);
    random_work(m, 2);
    IrValue test = test_of(m, s, type, params[0]);
    ir_branch(&m->b, test, ir_edge(&m->b, arms[0], NULL, 0), ir_edge(&m->b, arms[1], NULL, 0));
    Pools decided = m->pools;
    for (u32 i = 0; i < 2; i++) {
        m->pools = decided;
        ir_at(&m->b, arms[i]);
        random_work(m, 2);
        ir_jump(&m->b, next_turn(m, s));
    }
    m->pools = pools;
    *s = before;
}

static void end_arm(Maker *m, Machine *s, const IrBlockId *arms, u32 at) {
    IrEdge one, two;
    switch (random_below(m, 6)) {
    case 0:
        one = next_turn(m, s), two = next_turn(m, s);
        ir_branch(&m->b, random_condition(m), one, two);
        break;
    case 1:
        if (at + 1 < s->count) {
            ir_jump(&m->b, ir_edge(&m->b, arms[at + 1 + random_below(m, s->count - at - 1)], NULL, 0));
            break;
        }
        // fall through
    case 2:
    case 3: ir_jump(&m->b, next_turn(m, s)); break;
    default: decide_later(m, s); break;
    }
}

static void dispatch(Maker *m, const Machine *s, IrValue state, const IrBlockId *arms) {
    if (random_one_in(m, 3)) {
        for (u32 i = 0; i + 1 < s->count; i++) {
            IrBlockId on = ir_add_block(&m->b, 0);
            IrOp op = random_one_in(m, 3) ? compares[random_below(m, 6)] : IR_OP_EQ;
            IrValue is = ir_compare(&m->b, op, s->type, state, ir_const(&m->b, s->type, s->states[i]));
            ir_branch(&m->b, is, ir_edge(&m->b, arms[i], NULL, 0), ir_edge(&m->b, on, NULL, 0));
            ir_at(&m->b, on);
        }
        ir_jump(&m->b, ir_edge(&m->b, arms[s->count - 1], NULL, 0));
        return;
    }
    ir_switch(&m->b, state, ir_edge(&m->b, arms[s->count - 1], NULL, 0));
    for (u32 i = 0; i + 1 < s->count; i++) {
        u64 high = ir_is_signed(s->type) && s->states[i] < 0 ? ~(u64)0 : 0;
        ir_case(&m->b, (u64)s->states[i], high, ir_edge(&m->b, arms[i], NULL, 0));
    }
}

static void choose(Maker *m, Machine *s) {
    *s = (Machine){.type = random_int(m), .count = 2 + random_below(m, STATES - 1)};
    u32 stride = 1 + (random_one_in(m, 4) ? random_below(m, 20) : 0);
    for (u32 i = 0; i < s->count; i++) s->states[i] = (i64)i * stride - (ir_is_signed(s->type) && random_one_in(m, 8));
    s->carried_count = random_below(m, CARRIED + 1);
    for (u32 i = 0; i < s->carried_count; i++) s->carried[i] = random_type(m);
}

void random_machine(Maker *m) {
    Machine s;
    IrBlockId arms[STATES];
    IrValue at_head[2 + CARRIED], at_end[2 + CARRIED];
    choose(m, &s);
    s.head = ir_add_block(&m->b, 0), s.after = ir_add_block(&m->b, 0);
    add_params(m, &s, s.head, s.type, at_head);
    add_params(m, &s, s.after, s.type, at_end);
    s.fuel = ir_const(&m->b, IR_I32, random_below(m, TURNS));
    ir_jump(&m->b, edge_on(m, &s, s.head, any_state(m, &s)));
    Pools outside = m->pools;
    start(m, &s, s.head, s.type, at_head);
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    s.fuel = ir_binary(&m->b, IR_OP_SUB, IR_I32, s.fuel, ir_const(&m->b, IR_I32, 1));
    random_work(m, 2);
    IrBlockId on = ir_add_block(&m->b, 0);
    IrValue left = ir_compare(&m->b, IR_OP_GE, IR_I32, s.fuel, ir_const(&m->b, IR_I32, 0));
    ir_branch(&m->b, left, ir_edge(&m->b, on, NULL, 0), edge_on(m, &s, s.after, at_head[0]));
    ir_at(&m->b, on);
    for (u32 i = 0; i < s.count; i++) arms[i] = ir_add_block(&m->b, 0);
    IrValue state = at_head[0];
    if (random_one_in(m, 6)) state = ir_binary(&m->b, IR_OP_AND, s.type, state, ir_const(&m->b, s.type, 7));
    dispatch(m, &s, state, arms);
    Pools in_head = m->pools;
    for (u32 i = 0; i < s.count; i++) {
        m->pools = in_head; // arms reach one another
        ir_at(&m->b, arms[i]);
        random_work(m, 3);
        end_arm(m, &s, arms, i);
    }
    m->pools = outside;
    start(m, &s, s.after, s.type, at_end);
    for (u32 i = 0; i < s.carried_count; i++)
        ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, s.carried[i], at_end[2 + i], 0, 0, 0);
}
