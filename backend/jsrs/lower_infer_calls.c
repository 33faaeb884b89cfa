// Constraints of calls: a callee's scheme is copied at each of them, and a dynamic call reaches every function that suits it
// (spec 11, 20).
#include "jsrs/lower_infer.h"

// The callee's types at this place: its own nodes within a group, else a copy of its scheme.
static bool take_signature(Body *body, u32 callee, Body *const *group, u32 group_count, Ty *roots) {
    Lowering *l = body->l;
    const JsrsFunction *f = &l->m->functions.items[callee];
    for (u32 i = 0; i < group_count; i++) {
        if (group[i]->index != callee) continue;
        mem_copy(roots, group[i]->params, f->param_count * sizeof(Ty));
        roots[f->param_count] = group[i]->result;
        return true;
    }
    const Scheme *scheme = &l->schemes[callee];
    if (!scheme->words) {
        for (u32 i = 0; i < f->param_count; i++)
            roots[i] = ty_scalar(ty_ir_scalar(l->m, l->m->params.items[f->params + i].type));
        roots[f->param_count] = f->result == TYPE_UNIT ? TY_UNIT_NODE : ty_scalar(ty_ir_scalar(l->m, f->result));
        return true;
    }
    Ty *all = arena_new(&l->body, Ty, scheme->root_count);
    if (!all) return false;
    if (!ty_instantiate(body->g, scheme->words, scheme->word_count, scheme->root_count, all)) return false;
    mem_copy(roots, all, (f->param_count + 1) * sizeof(Ty));
    for (u32 i = 0; i < scheme->gep_count; i++) {
        const Ty *pair = all + f->param_count + 1 + 2 * i;
        PendingGep gep = {pair[0], pair[1], scheme->gep_indices[i], false};
        if (!vec_push(&l->body, &body->geps, gep)) return false;
    }
    return true;
}

// Whether a value of one type may stand where the other is wanted, as far as both are known.
static bool may_flow(TypeGraph *g, Ty from, Ty to) {
    const TyNode *a = ty_node(g, from), *b = ty_node(g, to);
    if (a->kind == TY_VAR || b->kind == TY_VAR || b->kind == TY_UNIT) return true;
    if (a->kind != b->kind) return false;
    if (a->kind == TY_SCALAR) return ir_is_float((IrType)a->scalar) == ir_is_float((IrType)b->scalar);
    return !a->shape || !b->shape || a->shape == b->shape;
}

// A dynamic call reaches the functions that take what it passes and give what it wants. Where that is erased, it is known in
// an instance only: a scheme demands nothing of it.
static bool may_be_called(const Body *body, const JsrsInst *inst, const JsrsFunction *f, const Ty *roots, bool scheme) {
    TypeGraph *g = body->g;
    const u32 *args = body->l->m->lists.items + inst->list;
    for (u32 i = 0; i < f->param_count; i++) {
        Ty argument = body->types[args[i]];
        if (!may_flow(g, argument, roots[i]) || (scheme && ty_node(g, argument)->kind == TY_VAR)) return false;
    }
    return may_flow(g, roots[f->param_count], body->types[inst->result]);
}

static bool infer_use(Body *body, const JsrsInst *inst, u32 inst_index, u32 callee, Body *const *group,
                      u32 group_count) {
    Lowering *l = body->l;
    const JsrsFunction *f = &l->m->functions.items[callee];
    const u32 *args = l->m->lists.items + inst->list;
    if (inst->list_count != f->param_count) return true; // fails when it runs
    CallUse use = {callee, body->roots.count};
    if (!vec_reserve(&l->body, &body->roots, f->param_count + 1)) return false;
    Ty *roots = body->roots.items + body->roots.count;
    body->roots.count += f->param_count + 1;
    if (!take_signature(body, callee, group, group_count, roots)) return false;
    if (inst->op == JSRS_CALL_DYN && !may_be_called(body, inst, f, roots, group != NULL)) {
        body->roots.count = use.roots;
        return true;
    }
    if (!vec_push(&l->body, &body->uses, use)) return false;
    if (body->use_count[inst_index]++ == 0) body->use_of[inst_index] = body->uses.count - 1;
    for (u32 i = 0; i < f->param_count; i++)
        if (!infer_flow(body, args[i], roots[i])) return false;
    return infer_type(body, inst->result, roots[f->param_count]);
}

static bool infer_builtin(Body *body, JsrsBuiltin builtin, const u32 *args, u32 count, u32 result) {
    TypeGraph *g = body->g;
    switch (builtin) {
    case BUILTIN_ALLOC: return ty_set_row(g, body->types[result], ROW_YES, ARRAY_HEAP, 0);
    case BUILTIN_REALLOC:
        return count < 1 || (ty_set_row(g, body->types[result], ROW_YES, ARRAY_HEAP, 0) &&
                             ty_unify(g, ty_target(g, body->types[result]), ty_target(g, body->types[args[0]])));
    case BUILTIN_COPY_NONOVERLAPPING: {
        if (count < 2) return true;
        Ty from = ty_target(g, body->types[args[0]]), to = ty_target(g, body->types[args[1]]);
        return from && to && ty_unify(g, from, to);
    }
    case BUILTIN_PRINT_BYTES:
    case BUILTIN_PRINTLN_BYTES:
    case BUILTIN_PRINT_FMT:
    case BUILTIN_PRINTLN_FMT:
    case BUILTIN_ASSERT_FAIL:
    case BUILTIN_PANIC_BOUNDS_CHECK:
    case BUILTIN_DEALLOC:
    case BUILTIN_COUNT: return true;
    }
    return true;
}

bool infer_call(Body *body, const JsrsInst *inst, u32 inst_index, u64 number, Body *const *group, u32 group_count) {
    JsrsCallTarget target = jsrs_call_target(body->l->m, number);
    if (target.function != NO_INDEX) return infer_use(body, inst, inst_index, target.function, group, group_count);
    if (target.builtin < 0) return true;
    return infer_builtin(body, (JsrsBuiltin)target.builtin, body->l->m->lists.items + inst->list, inst->list_count,
                         inst->result);
}

enum { MOST_DYNAMIC_ARMS = 1 << 20 }; // over a whole program: dynamic calls times what each may reach

bool infer_call_dyn(Body *body, const JsrsInst *inst, u32 inst_index, Body *const *group, u32 group_count) {
    Lowering *l = body->l;
    i64 number;
    if (body_constant(body, inst->a, &number))
        return infer_call(body, inst, inst_index, (u64)number, group, group_count);
    l->arms += l->dynamic.count;
    if (l->arms > MOST_DYNAMIC_ARMS)
        return error_set(l->error, ERR_EXECUTE, body->g->where,
                         "dynamic calls may reach more than %u functions (the limit)", MOST_DYNAMIC_ARMS);
    for (u32 i = 0; i < l->dynamic.count; i++)
        if (!infer_use(body, inst, inst_index, l->dynamic.items[i], group, group_count)) return false;
    return true;
}
