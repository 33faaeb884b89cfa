// Small functions beside those of random_ir.c, as modules are full of: they call themselves at their ends, with something
// joined to the result or not, call one another, hand parameters on, leave some unused, and differ from the one before
// in a single place or in nothing.
#include "random_helpers.h"

#include "ir/eval.h"
#include "random_maker.h"

enum { HELPER_PARAMS = 5 };

// ---- signatures ----

void random_helper_signature(Maker *m, Signature *signature) {
    *signature = (Signature){.result = random_one_in(m, 6) ? IR_VOID : random_type(m), .ignored = random_one_in(m, 6)};
    signature->param_count = random_below(m, HELPER_PARAMS);
    for (u32 i = 0; i < signature->param_count; i++) {
        signature->params[i] = random_one_in(m, 10) ? IR_PTR : random_type(m);
        if (signature->result != IR_VOID && random_one_in(m, 2)) signature->params[i] = signature->result;
    }
    if (random_one_in(m, 4)) return;
    signature->recursive = true;
    if (!signature->param_count) signature->param_count = 1;
    signature->params[0] = IR_I32;
}

// ---- bodies ----

// A number where a parameter of this function points to, or in a slot of its own.
static void touch(Maker *m) {
    IrType type;
    do type = random_type(m);
    while (type == IR_BOOL);
    u32 size = ir_type_info[type].size;
    const Pool *pool = &m->pools.of[IR_PTR];
    bool own = !m->slotless && (!pool->count || random_one_in(m, 2));
    if (!own && !pool->count) return;
    IrValue at = own ? random_slot_address(m, m->slots[random_below(m, SLOTS)])
                     : pool->values[random_below(m, pool->count)];
    u32 offset = random_below(m, SLOT_BYTES / size) * size;
    if (random_one_in(m, 2)) ir_store(&m->b, type, at, random_pick(m, type), offset);
    else random_keep(m, type, ir_load(&m->b, type, at, offset));
}

static void some_work(Maker *m, u32 most) {
    for (u32 n = random_below(m, most + 1); n > 0; n--) {
        random_next_site(m);
        switch (random_below(m, 8)) {
        case 0: random_conversion(m); break;
        case 1: random_unary(m); break;
        case 2:
            if (random_one_in(m, 2)) random_print(m);
            break;
        case 3:
        case 4: touch(m); break;
        default: random_arithmetic(m); break;
        }
    }
}

static IrValue own_param(Maker *m, IrType type, u32 place) {
    const Signature *signature = &m->signatures[m->function];
    for (u32 tries = 0; tries < 4; tries++) {
        u32 i = tries || random_one_in(m, 2) ? random_below(m, signature->param_count) : place;
        if (signature->params[i] == type) return m->params[i];
    }
    return random_pick(m, type);
}

// The number of turns is paid for. 0 when it returns nothing.
static IrValue call_self(Maker *m) {
    const Signature *signature = &m->signatures[m->function];
    IrValue args[PARAMS];
    random_next_site(m);
    for (u32 i = 0; i < signature->param_count; i++)
        args[i] = random_one_in(m, 2) ? own_param(m, signature->params[i], i) : random_pick(m, signature->params[i]);
    args[0] = ir_binary(&m->b, IR_OP_SUB, IR_I32, m->fuel, ir_const(&m->b, IR_I32, 1 + random_one_in(m, 6)));
    m->self_calls--;
    IrValue result = ir_call(&m->b, signature->result, 1 + m->function, args, signature->param_count);
    return signature->result == IR_VOID ? 0 : result;
}

static IrValue join(Maker *m, IrValue x, IrValue y) {
    static const IrOp joins[] = {IR_OP_AND, IR_OP_OR, IR_OP_XOR, IR_OP_ADD, IR_OP_MUL, IR_OP_SUB};
    static const IrOp floats[] = {IR_OP_ADD, IR_OP_MUL, IR_OP_SUB};
    IrType type = m->signatures[m->function].result;
    // One that goes on with what the one before began.
    u32 choice = random_one_in(m, 2) ? random_below(m, 6) : m->join;
    IrOp op = ir_is_float(type) ? floats[choice % 3] : joins[type == IR_BOOL ? choice % 3 : choice];
    bool first = random_one_in(m, 2);
    return ir_binary(&m->b, op, type, first ? x : y, first ? y : x);
}

static void return_by_call(Maker *m) {
    IrType type = m->signatures[m->function].result;
    IrValue other = type == IR_VOID ? 0 : random_pick(m, type), value = call_self(m);
    if (!value) {
        if (random_one_in(m, 6)) some_work(m, 1);
        ir_return(&m->b, 0);
        return;
    }
    switch (random_below(m, 12)) {
    case 0: value = other; break; // what it gave is not looked at
    case 1:
    case 8: // something happens between the two
        if (random_one_in(m, 2)) random_print(m);
        some_work(m, 3);
        value = join(m, value, other);
        break;
    case 2: value = join(m, value, value); break;
    case 3: value = join(m, value, join(m, value, other)); break;
    case 4: value = join(m, join(m, value, other), random_pick(m, type)); break;
    case 5:
        if (m->self_calls) value = join(m, value, call_self(m));
        break;
    case 6:
    case 7: break;
    default: value = join(m, value, random_one_in(m, 2) ? random_pick(m, type) : other); break;
    }
    ir_return(&m->b, value);
}

// Another function's result as its own, where they are of one type.
static void return_by_other(Maker *m) {
    u32 last = m->function_count + m->helper_count - 1;
    IrType type = m->signatures[m->function].result;
    if (m->function == last) {
        random_end(m);
        return;
    }
    u32 before = m->function - 1, callee = random_one_in(m, 2) ? last : m->function + 1;
    // Or the one before it, which then may call this one again.
    if (before >= m->function_count && m->signatures[before].recursive && m->self_calls && random_one_in(m, 2)) {
        callee = before;
        m->self_calls--;
    }
    IrValue value = random_call(m, callee);
    if (!value || m->signatures[m->function].result == IR_VOID || random_one_in(m, 8)) {
        random_end(m);
        return;
    }
    ir_return(&m->b, ir_inst(m->b.function, value)->type == type ? value : random_pick(m, type));
}

static void end_body(Maker *m, u32 depth) {
    if (depth && random_one_in(m, 2)) {
        IrBlockId arms[2] = {ir_add_block(&m->b, 0), ir_add_block(&m->b, 0)};
        ir_branch(&m->b, random_condition(m), ir_edge(&m->b, arms[0], NULL, 0), ir_edge(&m->b, arms[1], NULL, 0));
        for (u32 i = 0; i < 2; i++) {
            Pools pools = m->pools;
            ir_at(&m->b, arms[i]);
            some_work(m, 2);
            end_body(m, depth - 1);
            m->pools = pools;
        }
        return;
    }
    if (m->fuel && m->self_calls && !random_one_in(m, 5)) return_by_call(m);
    else if (random_one_in(m, 4)) return_by_other(m);
    else random_end(m);
}

static void check_fuel(Maker *m) {
    IrBlockId end = ir_add_block(&m->b, 0), on = ir_add_block(&m->b, 0);
    IrValue empty = ir_compare(&m->b, IR_OP_LE, IR_I32, m->fuel, ir_const(&m->b, IR_I32, 0));
    ir_branch(&m->b, empty, ir_edge(&m->b, end, NULL, 0), ir_edge(&m->b, on, NULL, 0));
    ir_at(&m->b, end);
    random_end(m);
    ir_at(&m->b, on);
}

void random_helper(Maker *m) {
    const Signature *signature = &m->signatures[m->function];
    m->fuel = 0;
    m->self_calls = signature->recursive ? 3 : 0;
    m->join = random_below(m, 6);
    for (u32 i = 0; i < signature->param_count; i++) {
        m->params[i] = ir_function_param(&m->b, signature->params[i]);
        if (!random_one_in(m, 5)) random_keep(m, signature->params[i], m->params[i]);
    }
    m->slotless = !random_one_in(m, 3);
    for (u32 i = 0; i < SLOTS && !m->slotless; i++)
        m->slots[i] = i && random_one_in(m, 2) ? m->slots[0] : ir_add_slot(&m->b, SLOT_BYTES, 16);
    ir_at(&m->b, ir_add_block(&m->b, 0));
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    if (signature->recursive) m->fuel = m->params[0];
    some_work(m, 2);
    if (m->fuel) check_fuel(m);
    some_work(m, 4);
    end_body(m, 2);
}

// ---- what is nearly the same ----

static u8 other_sign(u8 type) { return type == IR_I64 ? IR_U64 : type == IR_U64 ? IR_I64 : type; }

// All 64-bit numbers have a sign where they had none.
static void change_signs(Maker *m, IrFunction *function) {
    Signature *signature = &m->signatures[m->function];
    for (u32 v = 1; v < function->insts.count; v++) {
        IrInst *inst = ir_inst(function, v);
        inst->type = other_sign(inst->type);
        inst->arg_type = other_sign(inst->arg_type);
        if (inst->op != IR_OP_CONST || (inst->type != IR_I64 && inst->type != IR_U64)) continue;
        u128 bits = eval_wrap128((IrType)inst->type, (u128)inst->args[1] << 32 | inst->args[0]);
        for (u32 i = 0; i < 4; i++) inst->args[i] = (u32)(bits >> 32 * i);
    }
    for (u32 i = 0; i < signature->param_count; i++) signature->params[i] = (IrType)other_sign(signature->params[i]);
    signature->result = (IrType)other_sign(signature->result);
    function->result = signature->result;
}

static bool change_inst(Maker *m, IrInst *inst) {
    static const u8 pairs[][2] = {{IR_OP_ADD, IR_OP_SUB}, {IR_OP_AND, IR_OP_OR}, {IR_OP_EQ, IR_OP_NE},
                                  {IR_OP_LT, IR_OP_GE},   {IR_OP_LE, IR_OP_GT},  {IR_OP_SHL, IR_OP_SHR}};
    // What counts the turns stays.
    if (inst->type == IR_I32 || inst->arg_type == IR_I32 || inst->type == IR_PTR) return false;
    if (inst->op == IR_OP_CONST) {
        inst->args[0] ^= 1;
        return true;
    }
    if (inst->op == IR_OP_SELECT || (inst->op == IR_OP_SUB && random_one_in(m, 2))) {
        u32 first = inst->op == IR_OP_SELECT, kept = inst->args[first];
        inst->args[first] = inst->args[first + 1];
        inst->args[first + 1] = kept;
        return true;
    }
    for (u32 i = 0; i < countof(pairs); i++) {
        if (inst->op != pairs[i][0] && inst->op != pairs[i][1]) continue;
        u8 other = pairs[i][inst->op == pairs[i][0]];
        if (inst->type == IR_BOOL && !ir_is_compare(other) && other != IR_OP_AND && other != IR_OP_OR) return false;
        if (ir_is_float((IrType)inst->type) && other != IR_OP_ADD && other != IR_OP_SUB) return false;
        inst->op = other;
        return true;
    }
    return false;
}

void random_helper_twin(Maker *m) {
    IrFunction *function = m->b.function;
    bool fixed = m->signatures[m->function].recursive; // others know its signature, or it theirs
    for (u32 v = 1; v < function->insts.count; v++) {
        const IrInst *inst = ir_inst(function, v);
        fixed |= inst->op == IR_OP_CALL || inst->op == IR_OP_PRINT_BYTE;
    }
    u32 choice = random_below(m, 4);
    if (choice == 0 && !fixed) change_signs(m, function);
    for (u32 tries = choice == 1 ? 40 : 0; tries > 0; tries--)
        if (change_inst(m, ir_inst(function, 1 + random_below(m, function->insts.count - 1)))) break;
}
