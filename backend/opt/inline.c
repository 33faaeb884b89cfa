// Puts the body of a callee in the place of its call. Calls cost the interpreter as much as five to eight plain
// instructions, so small callees always go in, larger ones when this is their only call. Of recursive functions only small
// ones that call themselves directly go in, once, into themselves: half of the calls are then gone.
// Callees were optimised before (call_graph.h). New sites say where the call was, so that a call stack names both.
// Needs: nothing. Keeps: nothing.
#include "opt/call_graph.h"
#include "opt/inline_body.h"
#include "opt/pass.h"
#include "support/map.h"

enum {
    SMALL = 40,           // instructions of a callee that goes in wherever it is called
    ONCE = 600,           // of one that is called in one place only
    RECURSIVE = 24,       // of one that goes into itself
    RECURSIVE_CALLS = 3,  // its calls of itself
    CALLER_MAX = 100000,  // instructions beyond which a caller takes in nothing more
    CALLER_GROWTH = 4000, // instructions that one run of this pass adds to a caller
    STEPS_SHARE = 256,    // steps that count as one instruction
    NEVER = 1 << 30       // cost of what must not be inlined
};

// What a body costs where it is put: constants cost nothing, blocks a jump, steps little: sums of them must stay small
// numbers, though a whole loop may have become one.
static u32 body_cost(const IrFunction *function) {
    u32 cost = function->blocks.count, steps = 0;
    for (u32 b = 1; b < function->blocks.count; b++)
        for (u32 v = ir_block(function, b)->first; v; v = ir_inst(function, v)->next) {
            u8 op = ir_inst(function, v)->op;
            if (op == IR_OP_STEPS) steps += ir_inst(function, v)->args[0];
            else cost += op != IR_OP_CONST;
        }
    return cost + steps / STEPS_SHARE;
}

// The cost of a body, worked out once per callee; costs[callee] = 0 before that.
static u32 cost_of(const Pass *pass, Map *costs, u32 callee) {
    u32 cost = map_get(costs, callee);
    if (cost != MAP_NONE) return cost;
    const IrFunction *function = &pass->module->functions.items[callee];
    cost = pass->calls->recursive[callee] || opt_is_traced(function) ? NEVER : body_cost(function);
    return map_set(pass->scratch, costs, callee, cost) ? cost : NEVER;
}

static bool is_worth_it(const Pass *pass, u32 callee, u32 cost, u64 spent) {
    if (spent + cost > CALLER_GROWTH || cost > pass->calls->growth_left) return false;
    return cost <= SMALL || (pass->calls->call_sites[callee] == 1 && cost <= ONCE);
}

// The body to put into the function itself, NULL when that is not worth it (or memory is out).
static const IrFunction *own_body(Pass *pass, const IrValue *calls, u32 count) {
    CallGraph *graph = pass->calls;
    u32 own = 0;
    for (u32 i = 0; i < count; i++) own += ir_inst(pass->function, calls[i])->args[0] == pass->number;
    if (!own || own > RECURSIVE_CALLS || graph->unrolled[pass->number] || pass->function->slots.count) return NULL;
    if (body_cost(pass->function) > RECURSIVE) return NULL;
    graph->unrolled[pass->number] = true;
    return inline_snapshot(pass);
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
    const IrFunction *own = own_body(pass, calls.items, calls.count);
    u64 spent = size > CALLER_MAX ? CALLER_GROWTH : 0;
    // Last first: what follows a call is moved to a block of its own, and so moves once only.
    for (u32 i = calls.count; i-- > 0;) {
        u32 callee = ir_inst(function, calls.items[i])->args[0];
        const IrFunction *body = callee == pass->number ? own : &pass->module->functions.items[callee];
        u32 cost = callee == pass->number ? RECURSIVE : cost_of(pass, &costs, callee);
        if (!body || (callee != pass->number && !is_worth_it(pass, callee, cost, spent))) continue;
        if (!inline_call(pass, calls.items[i], body)) return false;
        spent += cost;
        pass->calls->growth_left -= cost < pass->calls->growth_left ? cost : pass->calls->growth_left;
    }
    return pass_ok(pass);
}
