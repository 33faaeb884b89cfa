// Puts the body of a callee in the place of its call. Calls cost the interpreter as much as five to eight plain
// instructions, and compiled code as much in what it must keep over them, so tiny callees always go in, small ones while
// the module's budget for them lasts, larger ones when this is their only call. For the smallest code a body goes in only
// where all that take the place of the function's are hardly larger than the calls, or it is called once.
// Of recursive functions only small ones that call themselves directly go in, once, into themselves: half of the calls are
// then gone; and small ones that call nobody but the caller, so that two that call each other become one that calls itself.
// Callees were optimised before (ir/call_graph.h). New sites say where the call was, so that a call stack names both.
// Needs: nothing. Keeps: nothing.
#include "opt/inline_body.h"
#include "opt/pass.h"
#include "support/map.h"

typedef struct Limits {
    u16 small;     // instructions of a callee that goes in wherever it is called
    u16 once;      // of one that is called in one place only
    u16 recursive; // of one that goes into itself
} Limits;

static const Limits limits[] = {
    [OPT_INTERP] = {40, 600, 24}, [OPT_O0] = {0, 0, 0},    [OPT_O1] = {48, 600, 0},
    [OPT_O2] = {60, 3000, 24},    [OPT_OS] = {0, 4000, 0},
};

enum {
    TINY = 24,            // instructions of a callee that goes in however often it is called
    RECURSIVE_CALLS = 3,  // its calls of itself
    CALLER_MAX = 100000,  // instructions beyond which a caller takes in nothing more
    CALLER_GROWTH = 4000, // instructions that one run of this pass adds to a caller
    STEPS_SHARE = 256,    // steps that count as one instruction
    NEVER = 1 << 30,      // cost of what must not be inlined
    // What goes with a call for the smallest code, in instructions:
    FUNCTION_GAIN =
        100,        // a function that nobody calls any more, and what folds where it was: with less, modules get larger
    CALL_GAIN = 1,  // the call
    ARG_GAIN = 1,   // each argument
    CONST_GAIN = 2, // what folds where an argument is a constant
    SLOT_GAIN = 6   // loads and stores where it is a frame slot's address
};

// What a body costs where it is put: constants cost nothing, blocks a jump, steps little: sums of them must stay small
// numbers, though a whole loop may have become one. With `only`, NEVER when it calls another function than that.
static u32 body_cost(const IrFunction *function, u32 only) {
    u32 cost = function->blocks.count, steps = 0;
    for (u32 b = 1; b < function->blocks.count; b++)
        for (u32 v = ir_block(function, b)->first; v; v = ir_inst(function, v)->next) {
            const IrInst *inst = ir_inst(function, v);
            if (inst->op == IR_OP_STEPS) steps += inst->args[0];
            else cost += inst->op != IR_OP_CONST;
            if (only && inst->op == IR_OP_CALL && inst->args[0] != only) return NEVER;
        }
    return cost + steps / STEPS_SHARE;
}

// The cost of a body, worked out once per callee; costs[callee] = 0 before that.
static u32 cost_of(const Pass *pass, Map *costs, u32 callee) {
    u32 cost = map_get(costs, callee);
    if (cost != MAP_NONE) return cost;
    // Of two that call each other the first has not been optimised with its callee: nothing has changed that yet.
    bool recursive = pass->calls->recursive[callee];
    bool never = pass->traced[callee] || (recursive && !pass->changed[callee]);
    if (!never) cost = body_cost(&pass->module->functions.items[callee], recursive ? pass->number : 0);
    if (never || (recursive && cost > TINY)) cost = NEVER;
    return map_set(pass->scratch, costs, callee, cost) ? cost : NEVER;
}

// Instructions that go where the body stands instead of the call.
static u32 gain_of(const IrFunction *caller, const IrInst *call) {
    u32 gain = CALL_GAIN;
    for (u32 i = 0; i < call->args[2]; i++) {
        u8 op = ir_inst(caller, caller->lists.items[call->args[1] + i])->op;
        gain += ARG_GAIN + (op == IR_OP_CONST ? CONST_GAIN : op == IR_OP_SLOT_ADDR ? SLOT_GAIN : 0);
    }
    return gain;
}

static bool is_worth_it(const Pass *pass, const IrInst *call, u32 cost, u64 spent) {
    const Limits *limit = &limits[pass->level];
    u32 sites = pass->calls->call_sites[call->args[0]];
    if (spent + cost > CALLER_GROWTH || cost > pass->growth->left) return false;
    if (cost <= limit->small && (cost <= TINY || cost <= pass->growth->larger)) return true;
    if (sites == 1 && cost <= limit->once) return true;
    if (pass->level != OPT_OS) return false;
    // One of the bodies takes the place of the function's.
    return (u64)(sites - 1) * cost <= FUNCTION_GAIN + (u64)sites * gain_of(pass->function, call);
}

static void spend(u64 *left, u32 cost) { *left -= cost < *left ? cost : *left; }

// The body to put into the function itself, NULL when that is not worth it (or memory is out).
static const IrFunction *own_body(Pass *pass, const IrValue *calls, u32 count) {
    u32 own = 0;
    for (u32 i = 0; i < count; i++) own += ir_inst(pass->function, calls[i])->args[0] == pass->number;
    if (!own || own > RECURSIVE_CALLS || pass->unrolled[pass->number] || pass->function->slots.count) return NULL;
    if (body_cost(pass->function, 0) > limits[pass->level].recursive) return NULL;
    pass->unrolled[pass->number] = true;
    IrFunction *copy = arena_room(pass->scratch, IrFunction, 1);
    if (copy) *copy = opt_copy_function(pass->function, pass->scratch);
    return pass->scratch->failed ? NULL : copy;
}

bool opt_inline(Pass *pass) {
    IrFunction *function = pass->function;
    if (!opt_split_entry(pass)) return false;
    Map costs = {0};
    VEC(IrValue) calls = {0};
    u32 size = 0;
    for (u32 b = 1; b < function->blocks.count; b++)
        for (u32 v = ir_block(function, b)->first; v; v = ir_inst(function, v)->next) {
            size++;
            if (ir_inst(function, v)->op == IR_OP_CALL && !vec_push(pass->scratch, &calls, v)) return false;
        }
    pass->outcome = UNCHANGED;
    const IrFunction *own = own_body(pass, calls.items, calls.count);
    u64 spent = size > CALLER_MAX ? CALLER_GROWTH : 0;
    // Last first: what follows a call is moved to a block of its own, and so moves once only.
    for (u32 i = calls.count; i-- > 0;) {
        u32 callee = ir_inst(function, calls.items[i])->args[0];
        const IrFunction *body = callee == pass->number ? own : &pass->module->functions.items[callee];
        u32 cost = callee == pass->number ? limits[pass->level].recursive : cost_of(pass, &costs, callee);
        if (!body || (callee != pass->number && !is_worth_it(pass, ir_inst(function, calls.items[i]), cost, spent)))
            continue;
        if (!inline_call(pass, calls.items[i], body)) return false;
        pass->outcome = CHANGED;
        opt_graph_changed(pass);
        spent += cost;
        spend(&pass->growth->left, cost);
        if (cost > TINY && pass->calls->call_sites[callee] > 1) spend(&pass->growth->larger, cost);
    }
    return pass_ok(pass);
}
