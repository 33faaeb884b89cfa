// Functions are built as nested statements, so that every value in the pools dominates the place where it is picked, and
// loops count to small constants. Function i calls only functions after it, and perhaps itself: its first parameter then
// says how deep it may go. What still runs away runs into the step limit.
#include "random_ir.h"

#include <string.h>

enum { POOL = 24, FUNCTIONS = 4, SLOTS = 5, SLOT_BYTES = 32, DEPTH = 4 };

static const IrType value_types[] = {IR_BOOL, IR_I8,  IR_I32, IR_I64,  IR_U8, IR_U32,
                                     IR_U64,  IR_F64, IR_F32, IR_I128, IR_U16};

typedef struct Pool {
    IrValue values[POOL];
    u32 count;
} Pool;

typedef struct Pools {
    Pool of[IR_TYPE_COUNT];
} Pools;

typedef struct Signature {
    IrType params[4]; // PTR: to SLOT_BYTES bytes of numbers
    u32 param_count;
    IrType result;
    bool recursive; // params[0] is an i32 that counts down
} Signature;

typedef struct Maker {
    u64 state;
    IrModule *module;
    IrBuilder b;
    Signature signatures[FUNCTIONS];
    u32 function, function_count;
    u32 instruction;  // number of the next site
    u32 budget;       // statements this function may still get
    u32 slots[SLOTS]; // the last holds only bools, the one before only pointers
    Pools pools;
    u32 self_calls; // that this function may still get
    IrValue fuel;   // its first parameter, when it is recursive
} Maker;

// ---- chance ----

static u32 random_u32(Maker *m) { // splitmix64
    u64 z = m->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (u32)(z >> 32);
}
static u32 below(Maker *m, u32 limit) { return random_u32(m) % limit; }
static bool one_in(Maker *m, u32 n) { return below(m, n) == 0; }
static IrType random_type(Maker *m) { return value_types[below(m, countof(value_types))]; }
static IrType random_int(Maker *m) {
    IrType type;
    do type = random_type(m);
    while (!ir_is_int(type));
    return type;
}

// ---- values ----

static void next_site(Maker *m) {
    IrSite site = {.function = m->function, .instruction = m->instruction++, .offset = NO_OFFSET};
    m->b.site = ir_add_site(m->module, site);
}

static void keep(Maker *m, IrType type, IrValue value) {
    Pool *pool = &m->pools.of[type];
    if (pool->count < POOL) pool->values[pool->count++] = value;
    else pool->values[below(m, POOL)] = value;
}

static IrValue random_const(Maker *m, IrType type) {
    static const i64 numbers[] = {
        0, 1, -1, 2, 3, 7, 8, 10, 64, 127, 128, 255, 256, -128, 2147483647, -2147483648ll, 1000003};
    i64 number = one_in(m, 6) ? (i64)((u64)random_u32(m) << 32 | random_u32(m)) : numbers[below(m, countof(numbers))];
    if (type == IR_PTR) return ir_const(&m->b, IR_PTR, 0);
    if (ir_is_float(type)) return ir_const_f64(&m->b, type, one_in(m, 8) ? 0.0 / 0.0 : (f64)number / 4);
    return ir_const(&m->b, type, number);
}

static IrValue pick(Maker *m, IrType type) {
    const Pool *pool = &m->pools.of[type];
    if (!pool->count || one_in(m, 5)) return random_const(m, type);
    return pool->values[below(m, pool->count)];
}

static IrValue condition(Maker *m) {
    if (one_in(m, 3)) return pick(m, IR_BOOL);
    IrType type = random_type(m);
    u32 op = type == IR_BOOL ? below(m, 2) : below(m, 6);
    return ir_compare(&m->b, (IrOp)(IR_OP_EQ + op), type, pick(m, type), pick(m, type));
}

static void arithmetic(Maker *m) {
    static const IrOp ints[] = {IR_OP_ADD, IR_OP_SUB, IR_OP_MUL, IR_OP_AND, IR_OP_OR, IR_OP_XOR, IR_OP_SHL, IR_OP_SHR};
    static const IrOp floats[] = {IR_OP_ADD, IR_OP_SUB, IR_OP_MUL, IR_OP_DIV};
    static const IrOp bools[] = {IR_OP_AND, IR_OP_OR, IR_OP_XOR};
    IrType type = random_type(m);
    IrOp op = type == IR_BOOL     ? bools[below(m, countof(bools))]
              : ir_is_float(type) ? floats[below(m, countof(floats))]
              : one_in(m, 12)     ? (one_in(m, 2) ? IR_OP_DIV : IR_OP_REM)
                                  : ints[below(m, countof(ints))];
    IrValue x = pick(m, type), y = pick(m, type);
    if ((op == IR_OP_DIV || op == IR_OP_REM) && ir_is_int(type) && !one_in(m, 6))
        y = ir_const(&m->b, type, 1 + (i64)below(m, 9));
    keep(m, type, ir_binary(&m->b, op, type, x, y));
}

static void conversion(Maker *m) {
    IrType from = random_type(m), to = random_type(m);
    if (to == IR_BOOL && ir_is_float(from)) return;
    if (to != from) keep(m, to, ir_convert(&m->b, to, from, pick(m, from)));
    if (ir_type_info[to].size == ir_type_info[from].size && to != from && to != IR_BOOL && from != IR_BOOL)
        keep(m, to, ir_emit(&m->b, IR_OP_BITCAST, to, from, pick(m, from), 0, 0, 0));
}

static void unary(Maker *m) {
    IrType type = random_type(m);
    if (type == IR_BOOL) {
        IrValue yes = ir_const(&m->b, IR_BOOL, one_in(m, 2));
        keep(m, IR_BOOL, ir_compare(&m->b, one_in(m, 2) ? IR_OP_EQ : IR_OP_XOR, IR_BOOL, condition(m), yes));
    } else if (one_in(m, 2)) {
        keep(m, type, ir_emit(&m->b, IR_OP_NEG, type, type, pick(m, type), 0, 0, 0));
    } else {
        IrValue test = condition(m), yes = pick(m, type), no = pick(m, type);
        keep(m, type, ir_emit(&m->b, IR_OP_SELECT, type, type, test, yes, no, 0));
    }
}

// ---- memory ----

static IrValue slot_address(Maker *m, u32 slot) {
    return ir_emit(&m->b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, slot, 0, 0, 0);
}

// An address of `room` bytes of numbers; now and then null or a value that came through memory.
static IrValue number_address(Maker *m, u32 *room) {
    *room = SLOT_BYTES;
    IrValue address;
    if (m->pools.of[IR_PTR].count && one_in(m, 3)) address = pick(m, IR_PTR);
    else address = slot_address(m, m->slots[below(m, SLOTS - 2)]);
    if (one_in(m, 4)) {
        address = ir_emit(&m->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, address, 16, 0, 0);
        *room -= 16;
    }
    if (one_in(m, 4)) {
        IrValue index = one_in(m, 3) ? ir_const(&m->b, IR_I64, below(m, 3)) : pick(m, IR_I64);
        if (!one_in(m, 4)) index = ir_binary(&m->b, IR_OP_AND, IR_I64, index, ir_const(&m->b, IR_I64, 1));
        address = ir_emit(&m->b, IR_OP_INDEX, IR_PTR, IR_VOID, address, index, 8, *room / 8);
        *room = 8;
    }
    return address;
}

static IrType number_type(Maker *m, u32 room, u32 *offset) {
    IrType type;
    do type = random_type(m);
    while (type == IR_BOOL || ir_type_info[type].size > room);
    u32 size = ir_type_info[type].size;
    *offset = below(m, room / size) * size;
    return type;
}

static void memory(Maker *m) {
    u32 room, offset;
    if (one_in(m, 6)) { // a bool
        IrValue address = slot_address(m, m->slots[SLOTS - 1]);
        if (one_in(m, 2)) ir_store(&m->b, IR_BOOL, address, condition(m), below(m, 4));
        else keep(m, IR_BOOL, ir_load(&m->b, IR_BOOL, address, below(m, 4)));
        return;
    }
    if (one_in(m, 6)) { // a pointer
        IrValue address = slot_address(m, m->slots[SLOTS - 2]);
        if (one_in(m, 2)) keep(m, IR_PTR, ir_load(&m->b, IR_PTR, address, below(m, 2) * 8));
        else ir_store(&m->b, IR_PTR, address, slot_address(m, m->slots[below(m, SLOTS - 2)]), below(m, 2) * 8);
        return;
    }
    IrValue address = number_address(m, &room);
    IrType type = number_type(m, room, &offset);
    switch (below(m, 8)) {
    case 0: ir_emit(&m->b, IR_OP_FILL, IR_VOID, IR_VOID, address, 1 + below(m, room), 0, 0); break;
    case 1:
        if (room < SLOT_BYTES) break;
        ir_emit(&m->b, IR_OP_COPY, IR_VOID, IR_VOID, address, slot_address(m, m->slots[below(m, SLOTS - 2)]),
                8 + 8 * below(m, 4), 0);
        break;
    case 2:
    case 3:
    case 4: keep(m, type, ir_load(&m->b, type, address, offset)); break;
    default: ir_store(&m->b, type, address, pick(m, type), offset); break;
    }
}

// ---- effects ----

static void print(Maker *m) {
    IrType type = random_type(m);
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, pick(m, type), 0, 0, 0);
    ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, 0, 0, 0, 0);
}

static void guard(Maker *m) {
    IrValue test = condition(m);
    if (!one_in(m, 4)) test = ir_binary(&m->b, IR_OP_OR, IR_BOOL, test, ir_const(&m->b, IR_BOOL, 1));
    ir_emit(&m->b, IR_OP_GUARD, IR_VOID, IR_VOID, test, TRAP_ASSERT, 0, 0);
}

static void call_function(Maker *m, u32 callee) {
    const Signature *signature = &m->signatures[callee];
    IrValue args[4];
    for (u32 i = 0; i < signature->param_count; i++) {
        if (signature->params[i] != IR_PTR) args[i] = pick(m, signature->params[i]);
        else args[i] = one_in(m, 12) ? pick(m, IR_PTR) : slot_address(m, m->slots[below(m, SLOTS - 2)]);
    }
    if (callee == m->function) args[0] = ir_binary(&m->b, IR_OP_SUB, IR_I32, m->fuel, ir_const(&m->b, IR_I32, 1));
    else if (signature->recursive) args[0] = ir_const(&m->b, IR_I32, below(m, 6));
    IrValue result = ir_call(&m->b, signature->result, 1 + callee, args, signature->param_count);
    if (signature->result != IR_VOID) keep(m, signature->result, result);
}

static void call(Maker *m) {
    if (m->self_calls && one_in(m, 2)) {
        m->self_calls--;
        call_function(m, m->function);
    } else if (m->function + 1 < m->function_count) {
        call_function(m, m->function + 1 + below(m, m->function_count - m->function - 1));
    }
}

// ---- statements ----

static void statements(Maker *m, u32 depth);

static void body(Maker *m, u32 depth, IrBlockId block) {
    Pools before = m->pools;
    ir_at(&m->b, block);
    statements(m, depth - 1);
    m->pools = before; // what was made inside does not dominate what comes after
}

// A branch whose arms meet with an argument of `type`; constants when `decides`.
static IrValue conditional_on(Maker *m, u32 depth, IrValue test, IrType type, bool decides) {
    IrBlockId yes = ir_add_block(&m->b, 0), no = ir_add_block(&m->b, 0), meet = ir_add_block(&m->b, 0);
    IrValue result = ir_block_param(&m->b, meet, type);
    IrValue old = pick(m, type);
    if (one_in(m, 4)) ir_branch(&m->b, test, ir_edge(&m->b, yes, NULL, 0), ir_edge(&m->b, meet, &old, 1));
    else ir_branch(&m->b, test, ir_edge(&m->b, yes, NULL, 0), ir_edge(&m->b, no, NULL, 0));
    IrBlockId arms[] = {yes, no};
    for (u32 i = 0; i < 2; i++) {
        Pools before = m->pools;
        ir_at(&m->b, arms[i]);
        if (!one_in(m, 4)) statements(m, depth - 1);
        IrValue value = decides && !one_in(m, 4) ? ir_const(&m->b, type, i) : pick(m, type);
        ir_jump(&m->b, ir_edge(&m->b, meet, &value, 1));
        m->pools = before;
    }
    ir_at(&m->b, meet);
    keep(m, type, result);
    return result;
}

static void conditional(Maker *m, u32 depth) {
    bool decides = one_in(m, 3);
    IrValue result = conditional_on(m, depth, condition(m), decides ? IR_BOOL : random_type(m), decides);
    // What the arms passed decides the next branch; between the two stands little.
    while (decides && m->budget) {
        m->budget--;
        for (u32 n = below(m, 4); n > 0; n--) {
            if (one_in(m, 2)) memory(m);
            else arithmetic(m);
        }
        decides = one_in(m, 3);
        result = conditional_on(m, depth, result, IR_BOOL, decides);
    }
}

static void switching(Maker *m, u32 depth) {
    IrType type = random_int(m);
    IrValue selector = pick(m, type);
    u32 cases = below(m, 4);
    IrBlockId arms[5], meet = ir_add_block(&m->b, 0);
    for (u32 i = 0; i <= cases; i++) arms[i] = ir_add_block(&m->b, 0);
    ir_switch(&m->b, selector, ir_edge(&m->b, one_in(m, 3) ? meet : arms[cases], NULL, 0));
    for (u32 i = 0; i < cases; i++) {
        u128 bits = i + below(m, 2);
        ir_case(&m->b, (u64)bits, (u64)(bits >> 64), ir_edge(&m->b, one_in(m, 5) ? meet : arms[i], NULL, 0));
    }
    for (u32 i = 0; i <= cases; i++) {
        body(m, depth, arms[i]);
        ir_jump(&m->b, ir_edge(&m->b, meet, NULL, 0));
    }
    ir_at(&m->b, meet);
}

// Counts in a block parameter and carries another value round; may be left in the middle.
static void loop(Maker *m, u32 depth) {
    IrType type = random_type(m);
    IrBlockId head = ir_add_block(&m->b, 0), inside = ir_add_block(&m->b, 0), after = ir_add_block(&m->b, 0);
    IrValue counter = ir_block_param(&m->b, head, IR_I32), carried = ir_block_param(&m->b, head, type);
    IrValue start[] = {ir_const(&m->b, IR_I32, 0), pick(m, type)};
    ir_jump(&m->b, ir_edge(&m->b, head, start, 2));
    Pools before = m->pools;
    ir_at(&m->b, head);
    keep(m, IR_I32, counter);
    keep(m, type, carried);
    if (one_in(m, 3)) arithmetic(m);
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1 + below(m, 9), 0, 0, 0);
    IrValue limit = ir_const(&m->b, IR_I32, 1 + below(m, 4));
    ir_branch(&m->b, ir_compare(&m->b, IR_OP_LT, IR_I32, counter, limit), ir_edge(&m->b, inside, NULL, 0),
              ir_edge(&m->b, after, NULL, 0));
    Pools in_head = m->pools;
    ir_at(&m->b, inside);
    statements(m, depth - 1);
    if (one_in(m, 3)) {
        IrBlockId on = ir_add_block(&m->b, 0);
        ir_branch(&m->b, condition(m), ir_edge(&m->b, after, NULL, 0), ir_edge(&m->b, on, NULL, 0));
        ir_at(&m->b, on);
    }
    IrValue next[] = {ir_binary(&m->b, IR_OP_ADD, IR_I32, counter, ir_const(&m->b, IR_I32, 1)), pick(m, type)};
    ir_jump(&m->b, ir_edge(&m->b, head, next, 2));
    m->pools = in_head; // the head dominates what follows the loop
    ir_at(&m->b, after);
    (void)before;
}

static void statement(Maker *m, u32 depth) {
    next_site(m);
    if (depth && one_in(m, 5)) {
        switch (below(m, 4)) {
        case 0: loop(m, depth); return;
        case 1: switching(m, depth); return;
        default: conditional(m, depth); return;
        }
    }
    switch (below(m, 16)) {
    case 0: print(m); return;
    case 1:
        if (one_in(m, 2)) guard(m);
        return;
    case 2: call(m); return;
    case 3: ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1 + below(m, 20), 0, 0, 0); return;
    case 4: conversion(m); return;
    case 5: unary(m); return;
    case 6: keep(m, IR_BOOL, condition(m)); return;
    case 7:
    case 8:
    case 9:
    case 10: memory(m); return;
    default: arithmetic(m); return;
    }
}

static void statements(Maker *m, u32 depth) {
    for (u32 n = 1 + below(m, 9); n > 0 && m->budget; n--) {
        m->budget--;
        statement(m, depth);
    }
}

// ---- functions ----

static void make_signature(Maker *m, Signature *signature, bool is_entry) {
    *signature = (Signature){.result = IR_I64};
    if (is_entry) return;
    signature->result = one_in(m, 4) ? IR_VOID : random_type(m);
    signature->param_count = below(m, 5);
    for (u32 i = 0; i < signature->param_count; i++) signature->params[i] = one_in(m, 3) ? IR_PTR : random_type(m);
    signature->recursive = signature->param_count && one_in(m, 3);
    if (signature->recursive) signature->params[0] = IR_I32;
}

static void end_function(Maker *m) {
    IrType result = m->signatures[m->function].result;
    ir_return(&m->b, result == IR_VOID ? 0 : pick(m, result));
}

// Ends the function when there is no fuel left.
static void check_fuel(Maker *m) {
    IrValue empty = ir_compare(&m->b, IR_OP_LE, IR_I32, m->fuel, ir_const(&m->b, IR_I32, 0));
    IrBlockId end = ir_add_block(&m->b, 0), on = ir_add_block(&m->b, 0);
    ir_branch(&m->b, empty, ir_edge(&m->b, end, NULL, 0), ir_edge(&m->b, on, NULL, 0));
    ir_at(&m->b, end);
    end_function(m);
    ir_at(&m->b, on);
}

static void make_function(Maker *m) {
    const Signature *signature = &m->signatures[m->function];
    ir_begin(&m->b, m->module, 1 + m->function);
    memset(&m->pools, 0, sizeof m->pools);
    m->instruction = 0;
    next_site(m);
    for (u32 i = 0; i < signature->param_count; i++) {
        IrValue param = ir_function_param(&m->b, signature->params[i]);
        keep(m, signature->params[i], param);
        if (i == 0) m->fuel = param;
    }
    bool small = m->function > 0 && one_in(m, 3);
    for (u32 i = 0; i < SLOTS; i++) m->slots[i] = ir_add_slot(&m->b, SLOT_BYTES, 16);
    ir_at(&m->b, ir_add_block(&m->b, 0));
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    m->self_calls = signature->recursive ? 2 : 0;
    if (signature->recursive) check_fuel(m);
    m->budget = m->function == 0 ? 20 + below(m, 120) : small ? 2 + below(m, 6) : 3 + below(m, 40);
    while (m->budget) statements(m, DEPTH);
    end_function(m);
}

void random_ir(IrModule *module, Arena *arena, u64 seed) {
    Maker m = {.state = seed, .module = module};
    ir_module_init(module, arena);
    ir_add_data(module, STR(" "));
    m.function_count = 1 + below(&m, FUNCTIONS);
    for (u32 i = 0; i < m.function_count; i++) {
        make_signature(&m, &m.signatures[i], i == 0);
        ir_add_function(module, STR("f"), i, m.signatures[i].result);
    }
    for (m.function = 0; m.function < m.function_count; m.function++) make_function(&m);
    module->entry = 1;
    module->entry_type = IR_I64;
}
