// A branch on `a and b` becomes two branches, on `a` and then on `b`; so for `or`. The interpreter fuses a comparison with
// its branch, so this saves the `and` and, most of the time, the second comparison. Only where the condition has no
// other use. Needs: nothing. Keeps: reachable blocks; the new block holds the second comparison when only it was used here.
#include "opt/pass.h"

typedef struct Splitter {
    Pass *pass;
    IrFunction *function;
    u32 *uses; // value -> operands that mean it
} Splitter;

static void count_uses(Splitter *s) {
    IrFunction *function = s->function;
    for (u32 b = 1; b < function->blocks.count; b++) {
        IrTerm *term = &ir_block(function, b)->term;
        for (u32 v = ir_block(function, b)->first; v; v = ir_inst(function, v)->next)
            ir_each_operand(function, ir_inst(function, v), opt_count_use, s->uses);
        ir_each_term_operand(function, term, opt_count_use, s->uses);
    }
}

static bool is_comparison(const Splitter *s, IrValue value) { return ir_is_compare(ir_inst(s->function, value)->op); }

// `and` or `or` of two conditions, used by the branch alone; one at least must gain from a branch of its own.
static bool may_split(const Splitter *s, const IrTerm *term) {
    if (term->kind != TERM_BRANCH || s->uses[term->value] != 1) return false;
    const IrInst *inst = ir_inst(s->function, term->value);
    if ((inst->op != IR_OP_AND && inst->op != IR_OP_OR) || inst->args[0] == inst->args[1]) return false;
    return is_comparison(s, inst->args[0]) || is_comparison(s, inst->args[1]);
}

static bool copy_edge(Splitter *s, IrEdge *edge) {
    IrFunction *function = s->function;
    if (!vec_reserve(s->pass->module->arena, &function->lists, edge->arg_count + 1)) return false;
    for (u32 i = 0; i < edge->arg_count; i++)
        function->lists.items[function->lists.count + i] = function->lists.items[edge->args + i];
    edge->args = function->lists.count;
    function->lists.count += edge->arg_count;
    return true;
}

static bool split(Splitter *s, u32 id) {
    IrFunction *function = s->function;
    IrTerm term = ir_block(function, id)->term;
    IrInst both = *ir_inst(function, term.value);
    u32 first = both.args[0], second = both.args[1];
    IrBlock block = {.term = term, .source = ir_block(function, id)->source};
    block.term.value = second;
    if (!vec_push(s->pass->module->arena, &function->blocks, block)) return false;
    u32 made = function->blocks.count - 1;
    opt_graph_changed(s->pass);

    ir_remove(function, term.value);
    if (is_comparison(s, second) && s->uses[second] == 1 && ir_inst(function, second)->block == id)
        opt_move_inst(function, second, made);
    IrEdge *skipping = both.op == IR_OP_AND ? &term.other : &term.then;
    if (!copy_edge(s, skipping)) return false;
    *(both.op == IR_OP_AND ? &term.then : &term.other) = (IrEdge){.target = made};
    term.value = first;
    ir_block(function, id)->term = term;
    return true;
}

bool opt_split_branches(Pass *pass) {
    Splitter s = {.pass = pass, .function = pass->function};
    s.uses = arena_new(pass->scratch, u32, pass->function->insts.count);
    if (!s.uses) return false;
    count_uses(&s);
    // New blocks stand at the end and are looked at too; a first half may be split again.
    for (u32 b = 1; b < pass->function->blocks.count; b++)
        while (may_split(&s, &ir_block(pass->function, b)->term))
            if (!split(&s, b)) return false;
    return pass_ok(pass);
}
