// Random control flow: statements nest, so that every value in the pools dominates the place where it is picked; loops
// count to small constants, and the edges back in an irreducible region use up a number that is passed along
// (random_maker.h).
#include "random_maker.h"

#include "ir/eval.h"

enum { ARMS = 5, REGION = 8 };

static void jump(Maker *m, IrBlockId target, const IrValue *args, u32 count) {
    ir_jump(&m->b, ir_edge(&m->b, target, args, count));
}

// Statements of a block whose values nothing outside may use.
static void inside(Maker *m, u32 depth, IrBlockId block) {
    ir_at(&m->b, block);
    random_statements(m, depth - 1);
}

// ---- branches ----

// Ends an arm: joins the others, or leaves the function.
static void end_arm(Maker *m, bool may_leave, IrBlockId meet, IrValue value) {
    if (may_leave && random_one_in(m, 24)) {
        random_next_site(m);
        if (random_one_in(m, 2)) ir_trap(&m->b, random_trap(m));
        else random_end(m);
        return;
    }
    jump(m, meet, &value, 1);
}

// A branch whose arms meet with an argument of `type`; constants when `decides`.
static IrValue conditional_on(Maker *m, u32 depth, IrValue test, IrType type, bool decides) {
    IrBlockId yes = ir_add_block(&m->b, 0), no = ir_add_block(&m->b, 0), meet = ir_add_block(&m->b, 0);
    IrValue result = ir_block_param(&m->b, meet, type);
    IrValue old = random_pick(m, type);
    // One in four leaves a block that nothing reaches.
    if (random_one_in(m, 4)) ir_branch(&m->b, test, ir_edge(&m->b, yes, NULL, 0), ir_edge(&m->b, meet, &old, 1));
    else ir_branch(&m->b, test, ir_edge(&m->b, yes, NULL, 0), ir_edge(&m->b, no, NULL, 0));
    IrBlockId arms[] = {yes, no};
    for (u32 i = 0; i < 2; i++) {
        Pools before = m->pools;
        ir_at(&m->b, arms[i]);
        if (!random_one_in(m, 4)) random_statements(m, depth - 1);
        IrValue value = decides && !random_one_in(m, 4) ? ir_const(&m->b, type, i) : random_pick(m, type);
        end_arm(m, i == 0, meet, value);
        m->pools = before;
    }
    ir_at(&m->b, meet);
    random_keep(m, type, result);
    return result;
}

static void conditional(Maker *m, u32 depth) {
    bool decides = random_one_in(m, 3);
    IrValue test = random_condition(m);
    IrValue result = conditional_on(m, depth, test, decides ? IR_BOOL : random_type(m), decides);
    // What the arms passed decides the next branch; between the two stands little.
    while (decides && m->budget) {
        m->budget--;
        for (u32 n = random_below(m, 4); n > 0; n--) {
            if (random_one_in(m, 2)) random_memory(m);
            else random_arithmetic(m);
        }
        decides = random_one_in(m, 3);
        result = conditional_on(m, depth, result, IR_BOOL, decides);
    }
}

// ---- switches ----

typedef struct Cases {
    IrType type;
    u128 base;
    u64 stride;
    u32 count;
} Cases;

// Few or many, dense or far apart, around 0, the type's ends or anywhere.
static Cases make_cases(Maker *m, IrType type) {
    static const u64 strides[] = {1, 1, 1, 2, 3, 5, 1000, 65537, 0x100000000, 0x1000000000000};
    Cases cases = {.type = type, .stride = strides[random_below(m, countof(strides))]};
    cases.count = random_one_in(m, 6) ? random_below(m, 200) : random_below(m, random_one_in(m, 2) ? 4 : 20);
    switch (random_below(m, 5)) {
    case 0: cases.base = 0 - (u128)random_below(m, 9); break;
    case 1: cases.base = ((u128)1 << (ir_bits(type) - 1)) - random_below(m, 9); break;
    case 2: cases.base = (u128)random_u32(m) << random_below(m, 97); break;
    default: cases.base = random_below(m, 3); break;
    }
    return cases;
}

// A number that often is one of the cases.
static IrValue make_selector(Maker *m, const Cases *cases) {
    IrType type = cases->type;
    IrValue any = random_pick(m, type);
    if (random_one_in(m, 4)) return any;
    u32 mask = cases->count < 4 ? 3 : cases->count < 20 ? 31 : 127; // fits every type
    IrValue small = ir_binary(&m->b, IR_OP_AND, type, any, ir_const(&m->b, type, mask));
    IrValue stride = ir_const(&m->b, type, (i64)cases->stride);
    u128 base = eval_wrap128(type, cases->base);
    if (cases->stride != 1) small = ir_binary(&m->b, IR_OP_MUL, type, small, stride);
    if (!base) return small;
    return ir_binary(&m->b, IR_OP_ADD, type, small, ir_const128(&m->b, type, (u64)base, (u64)(base >> 64)));
}

static void switching(Maker *m, u32 depth) {
    IrType type = random_int(m), carried = random_type(m);
    Cases cases = make_cases(m, type);
    IrValue selector = make_selector(m, &cases), old = random_pick(m, carried);
    u32 count = 1 + random_below(m, ARMS);
    IrBlockId arms[ARMS], meet = ir_add_block(&m->b, 0);
    IrValue result = ir_block_param(&m->b, meet, carried);
    for (u32 i = 0; i < count; i++) arms[i] = ir_add_block(&m->b, 0);
    IrEdge other = random_one_in(m, 3) ? ir_edge(&m->b, meet, &old, 1) : ir_edge(&m->b, arms[count - 1], NULL, 0);
    ir_switch(&m->b, selector, other);
    u32 arm = 0;
    for (u32 i = 0; i < cases.count; i++) {
        u64 step = i - (random_one_in(m, 12) && i ? 1 : 0); // now and then one twice
        u128 bits = eval_wrap128(type, cases.base + (u128)step * cases.stride);
        if (random_one_in(m, 3)) arm = random_below(m, count);
        IrEdge edge = random_one_in(m, 6) ? ir_edge(&m->b, meet, &old, 1) : ir_edge(&m->b, arms[arm], NULL, 0);
        ir_case(&m->b, (u64)bits, (u64)(bits >> 64), edge);
    }
    for (u32 i = 0; i < count; i++) {
        Pools before = m->pools;
        inside(m, depth, arms[i]);
        end_arm(m, i > 0, meet, random_pick(m, carried));
        m->pools = before; // what was made inside does not dominate what comes after
    }
    ir_at(&m->b, meet);
    random_keep(m, carried, result);
}

// ---- cycles ----

// Counts in a block parameter and carries another value round; may be left in the middle.
static void loop(Maker *m, u32 depth) {
    IrType type = random_type(m);
    IrBlockId head = ir_add_block(&m->b, 0), body = ir_add_block(&m->b, 0), after = ir_add_block(&m->b, 0);
    IrValue counter = ir_block_param(&m->b, head, IR_I32), carried = ir_block_param(&m->b, head, type);
    IrValue start[] = {ir_const(&m->b, IR_I32, 0), random_pick(m, type)};
    jump(m, head, start, 2);
    ir_at(&m->b, head);
    random_keep(m, IR_I32, counter);
    random_keep(m, type, carried);
    if (random_one_in(m, 3)) random_arithmetic(m);
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1 + random_below(m, 9), 0, 0, 0);
    IrValue limit = ir_const(&m->b, IR_I32, 1 + random_below(m, 4));
    ir_branch(&m->b, ir_compare(&m->b, IR_OP_LT, IR_I32, counter, limit), ir_edge(&m->b, body, NULL, 0),
              ir_edge(&m->b, after, NULL, 0));
    Pools in_head = m->pools;
    inside(m, depth, body);
    if (random_one_in(m, 3)) {
        IrBlockId on = ir_add_block(&m->b, 0);
        ir_branch(&m->b, random_condition(m), ir_edge(&m->b, after, NULL, 0), ir_edge(&m->b, on, NULL, 0));
        ir_at(&m->b, on);
    }
    IrValue next[] = {ir_binary(&m->b, IR_OP_ADD, IR_I32, counter, ir_const(&m->b, IR_I32, 1)), 0};
    next[1] = random_pick(m, type);
    jump(m, head, next, 2);
    m->pools = in_head; // the head dominates what follows the loop
    ir_at(&m->b, after);
}

typedef struct Region {
    IrBlockId blocks[REGION + 1]; // the last is the exit
    u32 count;
    IrType type;
    IrValue fuel, carried; // of the block at hand
} Region;

static IrEdge region_edge(Maker *m, const Region *r, u32 target, IrValue fuel) {
    IrValue args[] = {fuel, random_pick(m, r->type)};
    return ir_edge(&m->b, r->blocks[target], args, 2);
}

// One of several blocks, by a number.
static void region_fan(Maker *m, const Region *r, u32 first, IrValue fuel) {
    u32 cases = 1 + random_below(m, r->count);
    IrValue selector = ir_binary(&m->b, IR_OP_AND, IR_I32, random_pick(m, IR_I32), ir_const(&m->b, IR_I32, 7));
    IrEdge edges[REGION + 1];
    for (u32 i = 0; i <= cases; i++) edges[i] = region_edge(m, r, i ? random_below(m, r->count) : first, fuel);
    ir_switch(&m->b, selector, edges[0]);
    for (u32 i = 1; i <= cases; i++) ir_case(&m->b, i, 0, edges[i]);
}

// Ends the block number `at`. Forward edges are free; what goes back pays.
static void region_end(Maker *m, const Region *r, u32 at) {
    u32 further = at + 1 + random_below(m, r->count - at);
    if (random_one_in(m, 5)) {
        jump(m, r->blocks[at + 1], (IrValue[]){r->fuel, random_pick(m, r->type)}, 2);
        return;
    }
    IrValue test = random_condition(m);
    if (random_one_in(m, 3)) {
        IrEdge near = region_edge(m, r, at + 1, r->fuel), far = region_edge(m, r, further, r->fuel);
        if (random_one_in(m, 2)) ir_branch(&m->b, test, near, far);
        else ir_branch(&m->b, test, far, near);
        return;
    }
    IrValue left = ir_compare(&m->b, IR_OP_GT, IR_I32, r->fuel, ir_const(&m->b, IR_I32, 0));
    if (random_one_in(m, 2)) left = ir_binary(&m->b, IR_OP_AND, IR_BOOL, left, test);
    IrValue paid = ir_binary(&m->b, IR_OP_SUB, IR_I32, r->fuel, ir_const(&m->b, IR_I32, 1));
    IrEdge on = region_edge(m, r, at + 1, r->fuel);
    if (random_one_in(m, 3)) {
        IrBlockId fan = ir_add_block(&m->b, 0);
        ir_branch(&m->b, left, ir_edge(&m->b, fan, NULL, 0), on);
        ir_at(&m->b, fan);
        region_fan(m, r, random_below(m, r->count), paid);
    } else {
        IrEdge back = region_edge(m, r, random_below(m, r->count), paid);
        ir_branch(&m->b, left, back, on);
    }
}

// Blocks with edges among them in every direction, entered at several.
static void region(Maker *m, u32 depth) {
    Region r = {.count = 2 + random_below(m, REGION - 1), .type = random_type(m)};
    IrValue params[REGION + 1][2];
    for (u32 i = 0; i <= r.count; i++) {
        r.blocks[i] = ir_add_block(&m->b, 0);
        params[i][0] = ir_block_param(&m->b, r.blocks[i], IR_I32);
        params[i][1] = ir_block_param(&m->b, r.blocks[i], r.type);
    }
    region_fan(m, &r, 0, ir_const(&m->b, IR_I32, 1 + random_below(m, 7)));
    for (u32 i = 0; i < r.count; i++) {
        Pools before = m->pools;
        r.fuel = params[i][0], r.carried = params[i][1];
        ir_at(&m->b, r.blocks[i]);
        random_keep(m, IR_I32, r.fuel);
        random_keep(m, r.type, r.carried);
        ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1 + random_below(m, 9), 0, 0, 0);
        if (!random_one_in(m, 3)) random_statements(m, depth - 1);
        region_end(m, &r, i);
        m->pools = before;
    }
    ir_at(&m->b, r.blocks[r.count]);
    random_keep(m, IR_I32, params[r.count][0]);
    random_keep(m, r.type, params[r.count][1]);
}

void random_turns_begin(Maker *m, Turns *turns, u32 most) {
    turns->turn = ir_add_block(&m->b, 0);
    turns->after = ir_add_block(&m->b, 0);
    IrValue start = ir_const(&m->b, IR_I32, 1 + random_below(m, most));
    turns->left = ir_block_param(&m->b, turns->turn, IR_I32);
    ir_jump(&m->b, ir_edge(&m->b, turns->turn, &start, 1));
    turns->outside = m->pools;
    ir_at(&m->b, turns->turn);
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
}

void random_turns_end(Maker *m, const Turns *turns) {
    IrValue next = ir_binary(&m->b, IR_OP_SUB, IR_I32, turns->left, ir_const(&m->b, IR_I32, 1));
    IrValue goes_on = ir_compare(&m->b, IR_OP_GT, IR_I32, next, ir_const(&m->b, IR_I32, 0));
    ir_branch(&m->b, goes_on, ir_edge(&m->b, turns->turn, &next, 1), ir_edge(&m->b, turns->after, NULL, 0));
    m->pools = turns->outside;
    ir_at(&m->b, turns->after);
}

void random_flow(Maker *m, u32 depth) {
    u32 choice = random_below(m, 6);
    if (m->profile == PROFILE_GRAPH && random_one_in(m, 2)) choice = 1 + random_below(m, 2);
    switch (choice) {
    case 0: loop(m, depth); return;
    case 1: switching(m, depth); return;
    case 2:
        if (m->profile == PROFILE_GRAPH || random_one_in(m, 2)) region(m, depth);
        else loop(m, depth);
        return;
    default: conditional(m, depth); return;
    }
}
