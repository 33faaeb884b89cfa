// Adds up the STEPS of a block between which nothing can trap, call or print, so that whoever looks at the count sees the
// same number as before. Needs: addresses (opt/addresses.h). Keeps: all but STEPS.
#include "opt/addresses.h"

// True when the count can be seen while this instruction runs.
static bool sees_count(const Pass *pass, const Addresses *addresses, const IrInst *inst) {
    bool writes_memory = inst->op == IR_OP_STORE || inst->op == IR_OP_FILL || inst->op == IR_OP_COPY;
    if (ir_op_info[inst->op].effects == 'W' && !writes_memory) return true;
    return !address_cannot_trap(addresses, pass->function, inst);
}

static void merge_block(const Pass *pass, const Addresses *addresses, u32 id) {
    IrFunction *function = pass->function;
    u32 last = 0; // STEPS that the next one may be added to
    for (u32 v = ir_block(function, id)->first, next; v; v = next) {
        IrInst *inst = ir_inst(function, v);
        next = inst->next;
        u32 sum;
        if (inst->op != IR_OP_STEPS) {
            if (sees_count(pass, addresses, inst)) last = 0;
        } else if (last && !add_overflows(ir_inst(function, last)->args[0], inst->args[0], &sum) && sum <= INT32_MAX) {
            ir_inst(function, last)->args[0] = sum;
            ir_remove(function, v);
        } else {
            last = v;
        }
    }
}

bool opt_merge_steps(Pass *pass) {
    IrCfg cfg;
    Addresses addresses;
    if (!addresses_build(pass, &cfg, &addresses)) return false;
    for (u32 i = 0; i < cfg.rpo_count; i++) merge_block(pass, &addresses, cfg.rpo[i]);
    return true;
}
