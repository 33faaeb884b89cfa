// A loop that takes the lowest set bit away until none is left counts the bits that are set. Its first turn does it all:
//
//     head(x, n): branch x != 0, body, exit        body: jump head(x & (x - 1), n + 1)
//     becomes                                      body: jump head(0, n + ones(x))
//
// The counter may have any integer type; loops that do anything else stay.
// Needs: nothing. Keeps: blocks.
#include "opt/pass.h"

// Integers of at most 64 bits only: the bits of 1 are also those of the smallest float, which counts nothing.
static bool is_number(const IrFunction *function, IrValue value, i64 number) {
    IrType type = (IrType)ir_inst(function, value)->type;
    u32 width = ir_bits(type);
    if (!opt_is_const(function, value) || !ir_is_int(type) || width > 64) return false;
    return (((u64)opt_const_bits(function, value) ^ (u64)number) << (64 - width)) == 0;
}

static bool is_sum(const IrFunction *function, IrValue value, IrValue a, i64 number) {
    const IrInst *inst = ir_inst(function, value);
    return inst->op == IR_OP_ADD && inst->args[0] == a && is_number(function, inst->args[1], number);
}

// Both blocks of the loop are passed twice at most from now on: what prints, writes or may trap there would come too seldom.
static bool is_pure(const IrFunction *function, u32 id) {
    for (u32 v = ir_block(function, id)->first; v; v = ir_inst(function, v)->next)
        if (ir_op_info[ir_inst(function, v)->op].effects != 'P') return false;
    return true;
}

// The sum that counts when `left` is what is left of x in such a loop, else 0.
static IrValue find_counter(const IrFunction *function, const IrCfg *cfg, IrValue left) {
    const IrInst *inst = ir_inst(function, left);
    if (inst->op != IR_OP_AND) return 0;
    IrValue x = inst->args[0];
    u32 body = inst->block, head = ir_inst(function, x)->block;
    if (!is_sum(function, inst->args[1], x, -1) || ir_inst(function, x)->op != IR_OP_PARAM) return 0;
    const IrTerm *term = &ir_block(function, head)->term, *end = &ir_block(function, body)->term;
    const IrInst *test = ir_inst(function, term->value);
    const IrEdge *edge = test->op == IR_OP_NE ? &term->then : &term->other;
    if (term->kind != TERM_BRANCH || (test->op != IR_OP_NE && test->op != IR_OP_EQ) || test->args[0] != x) return 0;
    if (!is_number(function, test->args[1], 0) || edge->target != body || ir_block(function, head)->param_count != 2)
        return 0;
    if (end->kind != TERM_JUMP || end->then.target != head || cfg->pred_start[body + 1] - cfg->pred_start[body] != 1)
        return 0;
    const u32 *params = function->lists.items + ir_block(function, head)->params;
    const u32 *args = function->lists.items + end->then.args;
    u32 counter = params[0] == x;
    if (args[!counter] != left || !is_sum(function, args[counter], params[counter], 1)) return 0;
    bool own = ir_inst(function, args[counter])->block == body; // what follows the loop does not use it
    return own && is_pure(function, head) && is_pure(function, body) ? args[counter] : 0;
}

bool opt_count_bits(Pass *pass) {
    IrFunction *function = pass->function;
    IrCfg cfg;
    if (!opt_remove_unreachable(pass) || !opt_graph(pass, &cfg)) return false;
    pass->outcome = UNCHANGED;
    for (u32 left = 1, count = function->insts.count; left < count; left++) {
        IrType type = (IrType)ir_inst(function, left)->type;
        IrValue sum = ir_bits(type) & (32 | 64) ? find_counter(function, &cfg, left) : 0;
        if (!sum) continue;
        IrBuilder b = ir_in_front_of(pass->module, function, sum);
        IrValue ones = ir_emit(&b, IR_OP_ONES, type, type, ir_inst(function, left)->args[0], 0, 0, 0);
        IrValue counted = ir_convert(&b, (IrType)ir_inst(function, sum)->type, type, ones);
        ir_inst(function, sum)->args[1] = counted;
        opt_become_const(function, left, 0);
        pass->outcome = CHANGED;
    }
    return pass_ok(pass);
}
