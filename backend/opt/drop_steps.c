// Removes STEPS: compiled code counts none, and without them more blocks are empty. Needs: nothing. Keeps: all but STEPS.
#include "opt/pass.h"

bool opt_drop_steps(Pass *pass) {
    IrFunction *function = pass->function;
    if (pass->module->unmarked) {
        pass->outcome = UNCHANGED;
        return true;
    }
    for (u32 b = 1; b < function->blocks.count; b++)
        for (u32 v = ir_block(function, b)->first, next; v; v = next) {
            next = ir_inst(function, v)->next;
            if (ir_inst(function, v)->op == IR_OP_STEPS) ir_remove(function, v);
        }
    return true;
}
