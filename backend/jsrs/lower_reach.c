// Which functions a run can reach from its entry, and what a dynamic call may name (spec 11.1). Only these are lowered.
#include "jsrs/lower_internal.h"

static bool reach(Lowering *l, u32 function) {
    if (l->reached[function]) return true;
    l->reached[function] = 1;
    return vec_push(l->arena, &l->order, function);
}

static bool name_function(Lowering *l, u32 function) {
    if (l->reached[function] & 2) return true;
    if (!reach(l, function)) return false;
    l->reached[function] |= 2;
    return vec_push(l->arena, &l->dynamic, function);
}

// A constant with the number of a function may be called by call_dyn.
static bool note_constant(Lowering *l, const JsrsInst *inst) {
    JsrsCallTarget target = jsrs_call_target(l->m, inst->immediate);
    if (target.builtin >= 0) l->dynamic_builtins |= 1u << target.builtin;
    return target.function == NO_INDEX || name_function(l, target.function);
}

// Constants matter only where there are dynamic calls.
static bool scan_function(Lowering *l, u32 function) {
    const JsrsModule *m = l->m;
    const JsrsFunction *f = &m->functions.items[function];
    bool all = m->has_call_dyn;
    for (u32 b = 0; b < f->block_count; b++) {
        const JsrsBlock *block = &m->blocks.items[f->blocks + b];
        u32 count = all ? block->inst_count : block->landmark_count;
        for (u32 i = 0; i < count && block->reachable; i++) {
            const JsrsInst *inst = &m->insts.items[all ? block->insts + i : m->landmarks.items[block->landmarks + i]];
            if (inst->op == JSRS_CALL) {
                u32 callee = jsrs_call_target(m, inst->number).function;
                if (callee != NO_INDEX && !reach(l, callee)) return false;
            } else if (inst->op == JSRS_ICONST) {
                if (!note_constant(l, inst)) return false;
            }
            l->reaches_call_dyn |= inst->op == JSRS_CALL_DYN;
        }
    }
    return true;
}

// `scanned` of those in `order` are done.
static bool scan_reached(Lowering *l, u32 scanned) {
    for (; scanned < l->order.count; scanned++)
        if (!scan_function(l, l->order.items[scanned])) return false;
    return true;
}

// A number that no constant holds is computed, and may be anybody's.
static bool name_all(Lowering *l) {
    u32 scanned = l->order.count;
    l->dynamic_builtins = (1u << BUILTIN_COUNT) - 1;
    for (u32 f = 0; f < l->m->functions.count; f++)
        if (!name_function(l, f)) return false;
    return scan_reached(l, scanned);
}

bool lower_reach(Lowering *l, u32 entry) {
    l->reached = arena_new(l->arena, u8, l->m->functions.count);
    if (!l->reached) return false;
    if (!reach(l, entry) || !scan_reached(l, 0)) return false;
    bool is_named = l->dynamic.count || l->dynamic_builtins;
    return is_named || !l->reaches_call_dyn || name_all(l);
}

bool lower_needs_scheme(const Lowering *l, u32 function) {
    const JsrsFunction *f = &l->m->functions.items[function];
    if (f->result != TYPE_UNIT && ty_ir_scalar(l->m, f->result) == IR_VOID) return true;
    for (u32 i = 0; i < f->param_count; i++)
        if (ty_ir_scalar(l->m, l->m->params.items[f->params + i].type) == IR_VOID) return true;
    return false;
}
