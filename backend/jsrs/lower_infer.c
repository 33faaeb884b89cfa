// Constraints of one function body: each instruction says how the types of its operands, its result and the places it touches
// hang together (spec 8.3, 10, 11, 20). Scalars of declared types convert and need none.
#include "jsrs/lower_internal.h"

const JsrsInst *body_definition(const Body *body, u32 value) {
    const JsrsValue *v = &body->values[value];
    if (v->block == NO_INDEX || v->inst == NO_INDEX) return NULL;
    const JsrsModule *m = body->l->m;
    return &m->insts.items[m->blocks.items[body->f->blocks + v->block].insts + v->inst];
}

bool body_constant(const Body *body, u32 value, i64 *constant) {
    const JsrsInst *inst = body_definition(body, value);
    if (!inst || inst->op != JSRS_ICONST) return false;
    *constant = (i64)inst->immediate;
    return true;
}

// Reverse postorder of the reachable blocks: every definition comes before the uses it dominates, wherever its block stands in
// the file.
static bool order_blocks(Body *body) {
    Lowering *l = body->l;
    u32 blocks = body->f->block_count, depth = 0, at = blocks;
    u32 *order = arena_room(&l->body, u32, (size_t)blocks + 1);
    u32 *stack = arena_room(&l->body, u32, (size_t)blocks + 1), *next = arena_new(&l->body, u32, (size_t)blocks + 1);
    u8 *seen = arena_new(&l->body, u8, (size_t)blocks + 1);
    if (!order || !stack || !next || !seen) return false;
    stack[depth++] = 0;
    seen[0] = 1;
    while (depth > 0) {
        u32 block = stack[depth - 1], which = next[block]++;
        const JsrsTerm *term = &body_block(body, block)->term;
        u32 edges = jsrs_edge_count(term), target;
        if (which >= edges) {
            order[--at] = block;
            depth--;
            continue;
        }
        target = jsrs_edge_at(l->m, term, which ? which - 1 : edges - 1)->target; // the last one first
        if (!seen[target]) {
            seen[target] = 1;
            stack[depth++] = target;
        }
    }
    body->order = order + at;
    body->order_count = blocks - at;
    return true;
}

bool infer_begin(Body *body, Lowering *l, TypeGraph *g, u32 function) {
    const JsrsModule *m = l->m;
    const JsrsFunction *f = &m->functions.items[function];
    *body = (Body){.l = l, .g = g, .f = f, .index = function, .values = m->values.items + f->values};
    g->where = (Where){NO_OFFSET, function, NO_INDEX, NO_INDEX};
    body->first_inst = f->block_count ? m->blocks.items[f->blocks].insts : 0;
    for (u32 b = 0; b < f->block_count; b++) body->inst_count += m->blocks.items[f->blocks + b].inst_count;
    body->types = arena_room(&l->body, Ty, (size_t)f->value_count + 1);
    body->params = arena_new(&l->body, Ty, (size_t)f->param_count + 1);
    body->use_of = arena_room(&l->body, u32, (size_t)body->inst_count + 1);
    body->use_count = arena_new(&l->body, u32, (size_t)body->inst_count + 1);
    if (!body->types || !body->params || !body->use_of || !body->use_count) return false;
    for (u32 i = 0; i < f->value_count; i++) {
        body->types[i] = ty_of_type(g, body->values[i].type);
        if (!body->types[i]) return false;
    }
    return order_blocks(body);
}

bool infer_signature(Body *body) {
    const JsrsModule *m = body->l->m;
    for (u32 i = 0; i < body->f->param_count; i++) {
        body->params[i] = ty_of_type(body->g, m->params.items[body->f->params + i].type);
        if (!body->params[i]) return false;
    }
    body->result = ty_of_type(body->g, body->f->result);
    return body->result != 0;
}

static bool flow_value(Body *body, u32 value, Ty to) {
    i64 constant;
    // As ty_flow has it; before anything is asked of the value.
    if (ty_is_declared_scalar(body->types[value]) && ty_is_declared_scalar(to)) return true;
    bool is_constant = body_constant(body, value, &constant);
    return ty_flow(body->g, body->types[value], to, is_constant ? &constant : NULL);
}

static bool set_type(Body *body, u32 value, Ty t) { return t && ty_flow(body->g, t, body->types[value], NULL); }

// --- memory -----------------------------------------------------------------------------------------------------------

static bool infer_alloca(Body *body, const JsrsInst *inst) {
    TypeGraph *g = body->g;
    Ty pointer = body->types[inst->result];
    if (inst->type2 == NO_INDEX) return ty_set_row(g, pointer, ROW_NO, ARRAY_UNKNOWN, 0);
    const JsrsType *type = &body->l->m->types.items[inst->type2];
    if (type->tag == TAG_ARRAY) {
        Ty element = ty_of_type(g, type->element);
        return element && ty_set_row(g, pointer, ROW_YES, ARRAY_FIXED, type->count) &&
               ty_unify(g, ty_target(g, pointer), element);
    }
    // v3 front ends declare i64 where they know no type, which is in `&f()` and `&s.field`: they fill that slot at once, and
    // what they store says the type.
    const JsrsModule *m = body->l->m;
    const JsrsInst *next = inst + 1;
    bool filled = next < m->insts.items + body->first_inst + body->inst_count && next->a == inst->result &&
                  next->op == JSRS_STORE;
    bool known = type->tag != TAG_INT || !filled || m->types.items[next->type2].tag == TAG_INT;
    Ty content = ty_of_type(g, known ? inst->type2 : next->type2);
    return content && ty_set_row(g, pointer, ROW_NO, ARRAY_UNKNOWN, 0) && ty_unify(g, ty_target(g, pointer), content);
}

static bool infer_store(Body *body, const JsrsInst *inst) {
    Ty content = ty_target(body->g, body->types[inst->a]);
    if (!content) return false;
    IrType through = inst->type2 == NO_INDEX ? IR_VOID : ty_ir_scalar(body->l->m, inst->type2);
    // "the value type written in the instruction, then the type of the place"
    if (through == IR_VOID) return flow_value(body, inst->b, content);
    i64 constant;
    bool is_constant = body_constant(body, inst->b, &constant);
    return flow_value(body, inst->b, ty_scalar(through)) &&
           ty_flow(body->g, ty_scalar(through), content, is_constant ? &constant : NULL);
}

// One step of a path into an aggregate: a field, or an element of an array that stands there (10.3).
static Ty step_into(Body *body, Ty at, u32 index_value) {
    i64 index;
    TypeGraph *g = body->g;
    if (ty_node(g, at)->kind == TY_PTR) return ty_target(g, at);
    if (!body_constant(body, index_value, &index) || (u64)index >= NO_INDEX) return TY_UNIT_NODE;
    return ty_field(g, at, (u32)index);
}

static bool point_to(Body *body, Ty pointer, Ty content) {
    return content && ty_set_row(body->g, pointer, ROW_NO, ARRAY_UNKNOWN, 0) &&
           ty_unify(body->g, ty_target(body->g, pointer), content);
}

static bool settle_gep(Body *body, PendingGep *gep) {
    TypeGraph *g = body->g;
    Ty content = ty_target(g, gep->base);
    if (!content) return false;
    u32 row = ty_node(g, gep->base)->row;
    if (row == ROW_YES) {
        gep->done = true;
        return point_to(body, gep->result, content);
    }
    if (row != ROW_NO) return true;
    TyKind kind = (TyKind)ty_node(g, content)->kind;
    if (kind == TY_VAR) return true;
    gep->done = true;
    if (kind == TY_PTR) // a place that holds a pointer: element of its row
        return (ty_node(g, content)->row != ROW_UNKNOWN || ty_set_row(g, content, ROW_YES, ARRAY_UNKNOWN, 0)) &&
               point_to(body, gep->result, ty_target(g, content));
    if (gep->index == NO_INDEX) return true; // a field that is not a constant: fails when it runs
    return point_to(body, gep->result, ty_field(g, content, gep->index));
}

static bool infer_gep(Body *body, const JsrsInst *inst) {
    TypeGraph *g = body->g;
    const u32 *indices = body->l->m->lists.items + inst->list;
    Ty base = body->types[inst->a], result = body->types[inst->result];
    if (inst->list_count == 0) return ty_unify(g, base, result);
    if (inst->list_count == 1) {
        i64 index;
        bool constant = body_constant(body, indices[0], &index) && (u64)index < NO_INDEX;
        PendingGep gep = {base, result, constant ? (u32)index : NO_INDEX, false};
        return settle_gep(body, &gep) && (gep.done || vec_push(&body->l->body, &body->geps, gep));
    }
    Ty at = ty_target(g, base);
    for (u32 i = 1; at && i < inst->list_count; i++) at = step_into(body, at, indices[i]);
    return point_to(body, result, at);
}

// --- calls ------------------------------------------------------------------------------------------------------------

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
        if (!flow_value(body, args[i], roots[i])) return false;
    return set_type(body, inst->result, roots[f->param_count]);
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

static bool infer_call(Body *body, const JsrsInst *inst, u32 inst_index, u64 number, Body *const *group,
                       u32 group_count) {
    JsrsCallTarget target = jsrs_call_target(body->l->m, number);
    if (target.function != NO_INDEX) return infer_use(body, inst, inst_index, target.function, group, group_count);
    if (target.builtin < 0) return true;
    return infer_builtin(body, (JsrsBuiltin)target.builtin, body->l->m->lists.items + inst->list, inst->list_count,
                         inst->result);
}

enum { MOST_DYNAMIC_ARMS = 1 << 20 }; // over a whole program: dynamic calls times what each may reach

static bool infer_call_dyn(Body *body, const JsrsInst *inst, u32 inst_index, Body *const *group, u32 group_count) {
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

// --- aggregates and the rest --------------------------------------------------------------------------------------------

static bool infer_struct_create(Body *body, const JsrsInst *inst) {
    TypeGraph *g = body->g;
    const u32 *operands = body->l->m->lists.items + inst->list;
    Ty t = body->types[inst->result];
    if (inst->list_count > 0 && !ty_field(g, t, inst->list_count - 1)) return false;
    ty_node(g, t)->open = false;
    for (u32 i = 0; i < inst->list_count; i++) {
        Ty field = ty_field(g, t, i);
        if (!field || !flow_value(body, operands[i], field)) return false;
    }
    return true;
}

static bool infer_enum_get_data(Body *body, const JsrsInst *inst) {
    if (inst->type2 != NO_INDEX) {
        Ty declared = ty_of_type(body->g, inst->type2);
        if (!declared || !ty_unify(body->g, body->types[inst->a], declared)) return false;
    }
    Ty part = ty_payload_part(body->g, body->types[inst->a], inst->number, inst->index);
    return part == TY_UNIT_NODE || set_type(body, inst->result, part);
}

static bool infer_inst(Body *body, const JsrsInst *inst, u32 inst_index, Body *const *group, u32 group_count) {
    TypeGraph *g = body->g;
    Ty *types = body->types;
    switch ((JsrsOp)inst->op) {
    case JSRS_ICONST:
    case JSRS_FCONST:
    case JSRS_BCONST:
    case JSRS_NULL:
    case JSRS_ENUM_GET_TAG:
    case JSRS_OP_COUNT: return true;
    case JSRS_IADD:
    case JSRS_ISUB:
    case JSRS_IMUL:
    case JSRS_IDIV:
    case JSRS_IMOD:
    case JSRS_FADD:
    case JSRS_FSUB:
    case JSRS_FMUL:
    case JSRS_FDIV:
    case JSRS_IAND:
    case JSRS_IOR:
    case JSRS_IXOR:
    case JSRS_ISHL:
    case JSRS_ISHR:
        return flow_value(body, inst->a, types[inst->result]) && flow_value(body, inst->b, types[inst->result]);
    case JSRS_INEG:
    case JSRS_FNEG: return flow_value(body, inst->a, types[inst->result]);
    case JSRS_ICMP:
    case JSRS_FCMP:
        // An erased operand is read as what it is compared with.
        if (ty_node(g, types[inst->a])->kind == TY_PTR || ty_node(g, types[inst->b])->kind == TY_PTR) return true;
        if (ty_node(g, types[inst->a])->kind == TY_VAR) return flow_value(body, inst->a, types[inst->b]);
        return ty_node(g, types[inst->b])->kind != TY_VAR || flow_value(body, inst->b, types[inst->a]);
    case JSRS_ALLOCA: return infer_alloca(body, inst);
    case JSRS_LOAD: return set_type(body, inst->result, ty_target(g, types[inst->a]));
    case JSRS_STORE: return infer_store(body, inst);
    case JSRS_MEMCPY: {
        Ty to = ty_target(g, types[inst->a]), from = ty_target(g, types[inst->b]);
        return to && from && ty_flow(g, from, to, NULL);
    }
    case JSRS_GEP: return infer_gep(body, inst);
    case JSRS_PTRADD:
        if (!ty_unify(g, types[inst->a], types[inst->result]) ||
            !ty_set_row(g, types[inst->a], ROW_YES, ARRAY_UNKNOWN, 0))
            return false;
        ty_node(g, types[inst->a])->moved = true;
        return true;
    case JSRS_TRUNC:
    case JSRS_SEXT:
    case JSRS_ZEXT: return flow_value(body, inst->a, ty_scalar(ty_ir_scalar(body->l->m, inst->type2)));
    case JSRS_FPTOUI:
    case JSRS_FPTOSI:
    case JSRS_UITOFP:
    case JSRS_SITOFP: return true;
    case JSRS_BITCAST:
        return ty_node(g, types[inst->a])->kind == TY_SCALAR || ty_unify(g, types[inst->a], types[inst->result]);
    case JSRS_CALL: return infer_call(body, inst, inst_index, inst->number, group, group_count);
    case JSRS_STRUCT_CREATE: return infer_struct_create(body, inst);
    case JSRS_STRUCT_GET: {
        Ty field = ty_field(g, types[inst->a], inst->number);
        return field == TY_UNIT_NODE || set_type(body, inst->result, field);
    }
    case JSRS_ENUM_CREATE: {
        if (!inst->has_data) return true;
        Ty payload = ty_payload(g, types[inst->result], inst->number);
        return payload && flow_value(body, inst->a, payload);
    }
    case JSRS_ENUM_GET_DATA: return infer_enum_get_data(body, inst);
    case JSRS_SCONST: return ty_set_row(g, types[inst->result], ROW_STRING, ARRAY_UNKNOWN, 0);
    case JSRS_CALL_DYN: return infer_call_dyn(body, inst, inst_index, group, group_count);
    }
    return true;
}

static bool infer_edge(Body *body, const JsrsEdge *edge) {
    const JsrsModule *m = body->l->m;
    const JsrsBlock *target = body_block(body, edge->target);
    for (u32 i = 0; i < edge->arg_count; i++)
        if (!flow_value(body, m->lists.items[edge->args + i], body->types[m->params.items[target->params + i].value]))
            return false;
    return true;
}

static bool infer_term(Body *body, const JsrsTerm *term) {
    if (term->kind == JSRS_RET) return !term->has_value || flow_value(body, term->value, body->result);
    for (u32 i = 0, edges = jsrs_edge_count(term); i < edges; i++)
        if (!infer_edge(body, jsrs_edge_at(body->l->m, term, i))) return false;
    return true;
}

bool infer_constraints(Body *body, Body *const *group, u32 group_count) {
    const JsrsModule *m = body->l->m;
    for (u32 i = 0; i < body->f->param_count; i++)
        if (!ty_flow(body->g, body->params[i], body->types[m->params.items[body->f->params + i].value], NULL))
            return false;
    for (u32 b = 0; b < body->order_count; b++) {
        const JsrsBlock *block = body_block(body, body->order[b]);
        for (u32 i = 0; i < block->inst_count; i++) {
            const JsrsInst *inst = &m->insts.items[block->insts + i];
            body->g->where = (Where){inst->offset, body->index, block->id, i};
            if (!infer_inst(body, inst, block->insts + i - body->first_inst, group, group_count)) return false;
        }
        body->g->where = (Where){block->term.offset, body->index, block->id, block->inst_count};
        if (!infer_term(body, &block->term)) return false;
    }
    return true;
}

bool infer_settle(Body *body) {
    for (u32 round = 0; round < MOST_ROUNDS; round++) {
        bool progress = false;
        for (u32 i = 0; i < body->geps.count; i++) {
            PendingGep *gep = &body->geps.items[i];
            if (gep->done) continue;
            if (!settle_gep(body, gep)) return false;
            progress |= gep->done;
        }
        if (!progress) return true;
    }
    return true;
}

// What nothing decides: a constant index into a place is a field, anything else an element of a heap row.
static bool settle_by_default(Body *body, PendingGep *gep) {
    TypeGraph *g = body->g;
    Ty content = ty_target(g, gep->base);
    if (!content) return false;
    bool is_struct = ty_node(g, content)->kind == TY_STRUCT;
    if (ty_node(g, gep->base)->row == ROW_UNKNOWN) {
        u32 row = is_struct && gep->index != NO_INDEX ? ROW_NO : ROW_YES;
        if (!ty_set_row(g, gep->base, row, ARRAY_UNKNOWN, 0)) return false;
    } else if (ty_node(g, content)->kind == TY_VAR) {
        if (gep->index != NO_INDEX ? !ty_field(g, content, gep->index) : !ty_target(g, content)) return false;
    }
    return settle_gep(body, gep);
}

bool infer_defaults(Body *body) {
    if (!infer_settle(body)) return false;
    for (u32 i = 0; i < body->geps.count; i++)
        if (!body->geps.items[i].done && !settle_by_default(body, &body->geps.items[i])) return false;
    return infer_settle(body);
}
