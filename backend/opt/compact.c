// Closes the gaps that removed instructions leave in a function's numbering: passes clear tables as long as that. The order
// of the numbers stays, and so does what is decided by it.
#include "opt/pass.h"

// number[value] = its new number, 0 = it is gone. Moves the instructions.
static void number_values(IrFunction *function, u32 *number) {
    u32 next = 1;
    for (u32 i = 0; i < function->param_count; i++) number[function->lists.items[function->params + i]] = 1;
    for (u32 v = 1; v < function->insts.count; v++) {
        const IrInst *inst = ir_inst(function, v);
        if (!inst->block && !number[v]) continue;
        number[v] = next;
        *ir_inst(function, next++) = *inst;
    }
    function->insts.count = next;
}

bool opt_compact(Pass *pass) {
    IrFunction *function = pass->function;
    u32 *number = arena_new(pass->scratch, u32, function->insts.count);
    if (!number) return false;
    number_values(function, number);
    // All at once, since edges may share their lists.
    for (u32 i = 0; i < function->lists.count; i++) function->lists.items[i] = number[function->lists.items[i]];
    for (u32 v = 1; v < function->insts.count; v++) {
        IrInst *inst = ir_inst(function, v);
        inst->prev = number[inst->prev];
        inst->next = number[inst->next];
        u32 count = ir_shape_operands[ir_op_info[inst->op].shape]; // of a CALL: none that stands here
        for (u32 i = 0; i < count; i++) inst->args[i] = number[inst->args[i]];
    }
    for (u32 b = 1; b < function->blocks.count; b++) {
        IrBlock *block = ir_block(function, b);
        block->first = number[block->first];
        block->last = number[block->last];
        block->term.value = number[block->term.value];
    }
    return true;
}
