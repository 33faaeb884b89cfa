// Functions, and what a module as a whole is like; statements are made by the other random_*.c. Function i calls only
// functions after it, itself, and those before it that count down how deep they may go (their first parameter). What
// still runs away runs into the step limit.
#include "random_ir.h"

#include <string.h>

#include "random_helpers.h"
#include "random_maker.h"
#include "random_pairs.h"

enum { CROWD = 40, SMALL_ELEMENTS = 5 };

// ---- calls ----

static void guard(Maker *m) {
    IrValue test = random_condition(m);
    if (!random_one_in(m, 8)) test = ir_binary(&m->b, IR_OP_OR, IR_BOOL, test, ir_const(&m->b, IR_BOOL, 1));
    ir_emit(&m->b, IR_OP_GUARD, IR_VOID, IR_VOID, test, random_trap(m), 0, 0);
}

IrValue random_call(Maker *m, u32 callee) {
    const Signature *signature = &m->signatures[callee];
    IrValue args[PARAMS];
    for (u32 i = 0; i < signature->param_count; i++) {
        if (signature->params[i] != IR_PTR) args[i] = random_pick(m, signature->params[i]);
        else
            args[i] = random_one_in(m, 16) || m->slotless
                          ? random_pick(m, IR_PTR)
                          : random_slot_address(m, m->slots[random_below(m, SLOTS - 2)]);
    }
    if (callee <= m->function) args[0] = ir_binary(&m->b, IR_OP_SUB, IR_I32, m->fuel, ir_const(&m->b, IR_I32, 1));
    else if (signature->recursive) args[0] = ir_const(&m->b, IR_I32, random_below(m, 6));
    // Calls from one recursive function to another pay as those of itself do.
    if (signature->recursive && callee > m->function && m->fuel)
        args[0] = ir_binary(&m->b, IR_OP_SUB, IR_I32, m->fuel, ir_const(&m->b, IR_I32, 1));
    IrValue result = ir_call(&m->b, signature->result, 1 + callee, args, signature->param_count);
    if (signature->result == IR_VOID) return 0;
    if (!signature->ignored) random_keep(m, signature->result, result);
    return result;
}

static void call(Maker *m) {
    if (m->self_calls && random_one_in(m, 2)) {
        // Or one before it, with nothing between that would count anew.
        u32 callee = m->function;
        while (callee > 0 && m->signatures[callee - 1].recursive && random_one_in(m, 3)) callee--;
        m->self_calls--;
        random_call(m, callee);
    } else if (m->helper_count && random_one_in(m, 2)) {
        random_call(m, m->function_count + random_below(m, m->helper_count));
    } else if (m->function + 1 < m->function_count) {
        random_call(m, m->function + 1 + random_below(m, m->function_count - m->function - 1));
    }
}

// ---- statements ----

static void statement(Maker *m, u32 depth) {
    random_next_site(m);
    if (depth && random_one_in(m, m->profile == PROFILE_DEEP ? 2 : m->profile == PROFILE_GRAPH ? 3 : 5)) {
        random_flow(m, depth);
        return;
    }
    if (m->profile == PROFILE_ROWS && random_one_in(m, 3)) {
        random_row(m);
        return;
    }
    if (m->sweeps && random_one_in(m, 12)) {
        random_sweep(m);
        return;
    }
    if (m->newer && random_one_in(m, 2)) {
        static void (*const stories[])(Maker *) = {random_bits,       random_casts,    random_products, random_orders,
                                                   random_moves,      random_carriers, random_orders,   random_bits,
                                                   random_pair_calls, random_ways,     random_ways};
        if (random_one_in(m, 6)) call(m);
        else if (random_one_in(m, 20)) random_giants(m);
        else stories[random_below(m, countof(stories))](m);
        return;
    }
    if (m->later && random_one_in(m, 4)) {
        static void (*const stories[])(Maker *) = {random_reuse,   random_related, random_local,
                                                   random_machine, random_algebra, random_narrow,
                                                   random_flags,   random_enums,   random_tables};
        if (random_one_in(m, 4)) call(m);
        else stories[random_below(m, countof(stories))](m);
        return;
    }
    switch (random_below(m, 18)) {
    case 0: random_print(m); return;
    case 1:
        if (random_one_in(m, 2)) guard(m);
        else if (random_one_in(m, 4)) random_print_all(m);
        return;
    case 2: call(m); return;
    case 3: ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1 + random_below(m, 20), 0, 0, 0); return;
    case 4: random_conversion(m); return;
    case 5: random_unary(m); return;
    case 6: random_keep(m, IR_BOOL, random_condition(m)); return;
    case 7:
    case 8:
    case 9:
    case 10: random_memory(m); return;
    case 11: random_row(m); return;
    case 12:
        if (m->profile == PROFILE_FLOAT || random_one_in(m, 2)) random_conversion(m);
        else random_unary(m);
        return;
    default: random_arithmetic(m); return;
    }
}

void random_statements(Maker *m, u32 depth) {
    for (u32 n = 1 + random_below(m, 9); n > 0 && m->budget; n--) {
        m->budget--;
        statement(m, depth);
    }
}

// ---- functions ----

static void make_signature(Maker *m, Signature *signature, bool is_entry) {
    *signature = (Signature){.result = IR_I64};
    if (is_entry) return;
    signature->result = random_one_in(m, 4) ? IR_VOID : random_type(m);
    signature->param_count = random_one_in(m, 12) ? random_below(m, PARAMS) : random_below(m, 6);
    for (u32 i = 0; i < signature->param_count; i++)
        signature->params[i] = random_one_in(m, 4) ? IR_PTR : random_type(m);
    signature->recursive = signature->param_count && random_one_in(m, 3);
    if (signature->recursive) signature->params[0] = IR_I32;
}

void random_end(Maker *m) {
    IrType result = m->signatures[m->function].result;
    ir_return(&m->b, result == IR_VOID ? 0 : random_pick(m, result));
}

// Ends it with a call of itself, whose result is returned as it is or joined with another value.
static void end_by_recursion(Maker *m) {
    static const IrOp joins[] = {IR_OP_ADD, IR_OP_MUL, IR_OP_XOR, IR_OP_AND, IR_OP_OR, IR_OP_SUB};
    IrType type = m->signatures[m->function].result;
    IrValue other = type == IR_VOID ? 0 : random_pick(m, type);
    random_next_site(m);
    IrValue value = random_call(m, m->function);
    if (value && !random_one_in(m, 3)) {
        IrOp join =
            joins[type == IR_BOOL ? 2 + random_below(m, 3) : random_below(m, ir_is_float(type) ? 2 : countof(joins))];
        bool first = random_one_in(m, 2);
        value = ir_binary(&m->b, join, type, first ? value : other, first ? other : value);
    }
    ir_return(&m->b, value);
}

// Ends the function when there is no fuel left.
static void check_fuel(Maker *m) {
    IrValue empty = ir_compare(&m->b, IR_OP_LE, IR_I32, m->fuel, ir_const(&m->b, IR_I32, 0));
    IrBlockId end = ir_add_block(&m->b, 0), on = ir_add_block(&m->b, 0);
    ir_branch(&m->b, empty, ir_edge(&m->b, end, NULL, 0), ir_edge(&m->b, on, NULL, 0));
    ir_at(&m->b, end);
    random_end(m);
    ir_at(&m->b, on);
}

// Values that stay alive to the function's end, where each is printed.
static u32 make_crowd(Maker *m, IrValue *values, IrType *types) {
    u32 count = CROWD + random_below(m, 3 * CROWD);
    for (u32 i = 0; i < count; i++) {
        do types[i] = random_type(m);
        while (types[i] == IR_BOOL);
        IrValue address = random_slot_address(m, m->slots[random_below(m, SLOTS - 2)]);
        IrValue loaded = ir_load(&m->b, types[i], address, 0);
        values[i] = ir_binary(&m->b, IR_OP_ADD, types[i], loaded, random_const(m, types[i]));
        random_keep(m, types[i], values[i]);
    }
    return count;
}

static void end_crowd(Maker *m, const IrValue *values, const IrType *types, u32 count) {
    for (u32 i = 0; i < count; i++) {
        random_next_site(m);
        ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, types[i], values[i], 0, 0, 0);
    }
}

static void begin(Maker *m) {
    ir_begin(&m->b, m->module, 1 + m->function);
    memset(&m->pools, 0, sizeof m->pools);
    m->instruction = 0;
    m->fuel = 0;
    m->slotless = false;
    random_next_site(m);
}

static void make_function(Maker *m) {
    const Signature *signature = &m->signatures[m->function];
    IrValue crowd[4 * CROWD];
    IrType crowd_types[4 * CROWD];
    u32 crowd_count = 0;
    begin(m);
    for (u32 i = 0; i < signature->param_count; i++) {
        IrValue param = ir_function_param(&m->b, signature->params[i]);
        random_keep(m, signature->params[i], param);
        if (i == 0 && signature->recursive) m->fuel = param;
    }
    bool small = m->function > 0 && random_one_in(m, 3);
    for (u32 i = 0; i < SLOTS; i++) m->slots[i] = ir_add_slot(&m->b, SLOT_BYTES, 16);
    m->big_slot = ir_add_slot(&m->b, BIG_BYTES, 16);
    m->row_slot = ir_add_slot(&m->b, m->element * STATIC_COUNT, 16);
    if (m->later || m->newer) m->near_slot = ir_add_slot(&m->b, NEAR_LENGTH * 4, 16);
    ir_at(&m->b, ir_add_block(&m->b, 0));
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    m->self_calls = signature->recursive ? 2 : 0;
    if (signature->recursive) check_fuel(m);
    random_rows_begin(m);
    if (m->later || m->newer) random_related_begin(m);
    m->budget = m->function == 0 ? 20 + random_below(m, 120) : small ? 2 + random_below(m, 6) : 3 + random_below(m, 40);
    if (m->newer) m->budget = (m->budget + 5) / 6; // each of those takes more
    u32 depth = m->profile == PROFILE_DEEP ? 24 : 4;
    if (m->profile == PROFILE_CROWD && m->function < 2) crowd_count = make_crowd(m, crowd, crowd_types);
    while (m->budget) random_statements(m, depth);
    end_crowd(m, crowd, crowd_types, crowd_count);
    random_next_site(m);
    if (random_one_in(m, 2)) random_print_all(m);
    if (signature->recursive && random_one_in(m, 2)) end_by_recursion(m);
    else random_end(m);
}

// ---- modules ----

static void add_function(Maker *m, u32 number) {
    ir_add_function(m->module, STR("f"), number, m->signatures[number].result);
    (void)vec_push(m->module->arena, &m->module->source_names, STR("f"));
}

// The last first: each knows what the ones after it are like.
static void make_helpers(Maker *m) {
    u32 end = m->function_count + m->helper_count;
    bool twins[FUNCTIONS + HELPERS] = {false}; // like the one after it
    for (u32 i = end; i-- > m->function_count;) {
        twins[i] = i + 1 < end && random_one_in(m, 2);
        if (twins[i]) m->signatures[i] = m->signatures[i + 1];
        else random_helper_signature(m, &m->signatures[i]);
    }
    for (u32 i = m->function_count; i < end; i++) add_function(m, i);
    u64 start = m->state;
    for (m->function = end; m->function-- > m->function_count;) {
        u64 after = m->state;
        if (twins[m->function]) m->state = start;
        start = m->state;
        begin(m);
        random_helper(m);
        if (!twins[m->function]) continue;
        m->state = after;
        random_helper_twin(m);
    }
}

// Two by two, with the same choices; m->signs says whose numbers lose their sign in the second ones.
static void make_pairs(Maker *m) {
    bool differs[HELPERS];
    u32 end = m->function_count + m->helper_count;
    m->signs = random_below(m, 4);
    for (u32 i = m->function_count; i < end; i += 2) {
        random_pair_signature(m, &m->signatures[i]);
        m->signatures[i + 1] = m->signatures[i];
        random_pair_turn_signs(m, &m->signatures[i + 1]);
        differs[i - m->function_count] = false;
        differs[i + 1 - m->function_count] = random_one_in(m, 3);
        add_function(m, i);
        add_function(m, i + 1);
    }
    for (u32 i = m->function_count; i < end; i++) {
        u64 start = m->state;
        m->function = i;
        begin(m);
        random_pair(m, differs[i - m->function_count]);
        if ((i - m->function_count) % 2 == 0) m->state = start; // the same choices for the second
    }
}

static void make_data(Maker *m) {
    ir_add_data(m->module, STR(" "));
    ir_add_data(m->module, STR(""));
    ir_add_data(m->module, STR("h\xc3\xa9llo\n"));
    ir_add_data(m->module,
                STR("a text of some length: 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789"));
    m->data_count = 4;
}

// What is no text and is never printed: numbers of all sizes, with their signs.
static void make_noise(Maker *m) {
    static const u64 words[] = {0, ~(u64)0, 1, 0x8000000000000000, 0x7fffffffffffffff, 0xffffffff, 0x80000000};
    static const u32 bytes = NOISE_BYTES;
    u8 *noise = arena_new(m->module->arena, u8, bytes);
    for (u32 at = 0; noise && at < bytes; at += 8) {
        u64 word = random_one_in(m, 3) ? words[random_below(m, countof(words))] : random_u32(m);
        if (random_one_in(m, 3)) word = word << 32 | random_u32(m);
        if (random_one_in(m, 3)) word = 0 - (word & 255);
        mem_copy(noise + at, &word, 8);
    }
    m->noise = ir_add_data(m->module, (Str){noise, bytes});
}

void random_ir(IrModule *module, Arena *arena, u64 seed) {
    static const u32 elements[] = {1, 2, 4, 8, 8, 12, 16, 24, 32};
    // Sweeps and these two came later: the other seeds are what tests name them for.
    Maker m = {
        .state = seed, .module = module, .sweeps = seed % 4 == 3, .later = seed % 8 == 6, .newer = seed % 16 == 2};
    bool twins[FUNCTIONS] = {false};
    ir_module_init(module, arena);
    make_data(&m);
    m.profile = random_one_in(&m, 3) ? PROFILE_PLAIN : (Profile)random_below(&m, PROFILE_COUNT);
    m.moves = random_one_in(&m, m.profile == PROFILE_ROWS ? 2 : 6);
    m.element = elements[random_below(&m, m.later ? SMALL_ELEMENTS : countof(elements))];
    m.function_count = 1 + random_below(&m, FUNCTIONS);
    for (u32 i = 0; i < m.function_count; i++) {
        twins[i] = i > 1 && random_one_in(&m, 4);
        if (twins[i]) m.signatures[i] = m.signatures[i - 1];
        else make_signature(&m, &m.signatures[i], i == 0);
        add_function(&m, i);
    }
    if (m.later) {
        m.helper_count = random_below(&m, HELPERS + 1);
        make_helpers(&m);
    }
    if (m.newer) {
        make_noise(&m);
        m.helper_count = 2 * random_below(&m, HELPERS / 2);
        make_pairs(&m);
    }
    u64 start = m.state;
    for (m.function = 0; m.function < m.function_count; m.function++) {
        // The same choices as for the one before.
        if (twins[m.function]) m.state = start;
        start = m.state;
        make_function(&m);
    }
    module->entry = 1;
    module->entry_type = IR_I64;
}
