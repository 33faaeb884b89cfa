// Empties what the entry does not reach: functions, whose number stays (they trap, and nobody calls them), and constant
// data. In a module without an entry all functions are used.
// Needs: nothing. Keeps: used functions.
#include "opt/pass.h"

static void empty_function(IrFunction *function) {
    function->params = function->param_count = 0;
    function->insts.count = 1;
    function->slots.count = function->lists.count = function->cases.count = 0;
    function->blocks.count = 2;
    function->blocks.items[1] = (IrBlock){.term = {.kind = TERM_TRAP, .trap = TRAP_UNREACHABLE}};
}

static void note_data(const IrFunction *function, bool *used) {
    for (u32 b = 1; b < function->blocks.count; b++)
        for (u32 v = ir_block(function, b)->first; v; v = ir_inst(function, v)->next) {
            const IrInst *inst = ir_inst(function, v);
            if (ir_op_info[inst->op].shape == SHAPE_DATA) used[inst->args[0]] = true;
        }
}

bool opt_unused_functions(Pass *pass) {
    IrModule *module = pass->module;
    IrCallGraph calls;
    bool *reached = arena_new(pass->scratch, bool, module->functions.count);
    bool *used = arena_new(pass->scratch, bool, module->data.count + 1);
    if (!reached || !used || !ir_call_graph_build(&calls, pass->scratch, module)) return false;
    for (u32 i = 0; i < calls.count; i++) {
        reached[calls.order[i]] = true;
        note_data(&module->functions.items[calls.order[i]], used);
    }
    for (u32 f = 1; f < module->functions.count; f++)
        if (!reached[f]) empty_function(&module->functions.items[f]);
    for (u32 i = 0; i < module->data.count; i++)
        if (!used[i]) module->data.items[i].len = 0;
    return true;
}
