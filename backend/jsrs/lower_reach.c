// Which functions a run can reach from its entry, and what a dynamic call may name (spec 11.1). Only these are lowered.
#include "jsrs/lower_internal.h"

static bool reach(Lowering *l, u32 function) {
    if (l->reached[function]) return true;
    l->reached[function] = 1;
    return vec_push(l->arena, &l->order, function);
}

// A constant with the number of a function may be called by call_dyn.
static bool note_constant(Lowering *l, const JsrsInst *inst) {
    JsrsCallTarget target = jsrs_call_target(l->m, inst->immediate);
    if (target.builtin >= 0) l->dynamic_builtins |= 1u << target.builtin;
    if (target.function == NO_INDEX) return true;
    if (!(l->reached[target.function] & 2)) {
        if (!reach(l, target.function)) return false;
        l->reached[target.function] |= 2;
        return vec_push(l->arena, &l->dynamic, target.function);
    }
    return true;
}

static bool scan_function(Lowering *l, u32 function) {
    const JsrsFunction *f = &l->m->functions.items[function];
    for (u32 b = 0; b < f->block_count; b++) {
        const JsrsBlock *block = &l->m->blocks.items[f->blocks + b];
        for (u32 i = 0; i < block->inst_count && block->reachable; i++) {
            const JsrsInst *inst = &l->m->insts.items[block->insts + i];
            if (inst->op == JSRS_CALL) {
                u32 callee = jsrs_call_target(l->m, inst->number).function;
                if (callee != NO_INDEX && !reach(l, callee)) return false;
            } else if (inst->op == JSRS_ICONST && l->has_call_dyn) {
                if (!note_constant(l, inst)) return false;
            }
        }
    }
    return true;
}

static bool module_has_call_dyn(const JsrsModule *m) {
    for (u32 i = 0; i < m->insts.count; i++)
        if (m->insts.items[i].op == JSRS_CALL_DYN) return true;
    return false;
}

bool lower_reach(Lowering *l, u32 entry) {
    l->reached = arena_new(l->arena, u8, l->m->functions.count);
    if (!l->reached) return false;
    l->has_call_dyn = module_has_call_dyn(l->m);
    if (!reach(l, entry)) return false;
    for (u32 i = 0; i < l->order.count; i++)
        if (!scan_function(l, l->order.items[i])) return false;
    return true;
}

bool lower_needs_scheme(const Lowering *l, u32 function) {
    const JsrsFunction *f = &l->m->functions.items[function];
    if (f->result != TYPE_UNIT && ty_ir_scalar(l->m, f->result) == IR_VOID) return true;
    for (u32 i = 0; i < f->param_count; i++)
        if (ty_ir_scalar(l->m, l->m->params.items[f->params + i].type) == IR_VOID) return true;
    return false;
}
