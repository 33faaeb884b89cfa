// Constraints of one function body: each instruction says how the types of its operands, its result and the places it touches
// hang together (spec 8.3, 10, 11, 20). Scalars of declared types convert and need none.
#include "jsrs/lower_infer.h"

const JsrsInst *body_definition(const Body *body, u32 value) {
    u32 inst = body->values[value].inst;
    return inst == NO_INDEX ? NULL : &body->l->m->insts.items[inst];
}

bool body_constant(const Body *body, u32 value, i64 *constant) {
    const JsrsInst *inst = body_definition(body, value);
    if (!inst || inst->op != JSRS_ICONST) return false;
    *constant = (i64)inst->immediate;
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
    u32 last = TYPE_UNIT; // of those that stand for themselves; neighbours are often alike
    Ty same = TY_UNIT_NODE;
    for (u32 i = 0; i < f->value_count; i++) {
        u32 type = body->values[i].type;
        Ty t = type == last ? same : ty_of_type(g, type);
        if (!t) return false;
        if (ty_is_declared_scalar(t)) last = type, same = t;
        body->types[i] = t;
    }
    return true;
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

// ---- what a constraint is ----

bool infer_flow(Body *body, u32 value, Ty to) {
    i64 constant;
    // As ty_flow has it; before anything is asked of the value.
    if (ty_is_declared_scalar(body->types[value]) && ty_is_declared_scalar(to)) return true;
    bool is_constant = body_constant(body, value, &constant);
    return ty_flow(body->g, body->types[value], to, is_constant ? &constant : NULL);
}

bool infer_type(Body *body, u32 value, Ty t) { return t && ty_flow(body->g, t, body->types[value], NULL); }

// ---- instructions ----

static bool infer_struct_create(Body *body, const JsrsInst *inst) {
    TypeGraph *g = body->g;
    const u32 *operands = body->l->m->lists.items + inst->list;
    Ty t = body->types[inst->result];
    if (inst->list_count > 0 && !ty_field(g, t, inst->list_count - 1)) return false;
    ty_node(g, t)->open = false;
    for (u32 i = 0; i < inst->list_count; i++) {
        Ty field = ty_field(g, t, i);
        if (!field || !infer_flow(body, operands[i], field)) return false;
    }
    return true;
}

static bool infer_enum_get_data(Body *body, const JsrsInst *inst) {
    if (inst->type2 != NO_INDEX) {
        Ty declared = ty_of_type(body->g, inst->type2);
        if (!declared || !ty_unify(body->g, body->types[inst->a], declared)) return false;
    }
    Ty part = ty_payload_part(body->g, body->types[inst->a], inst->number, inst->index);
    return part == TY_UNIT_NODE || infer_type(body, inst->result, part);
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
        return infer_flow(body, inst->a, types[inst->result]) && infer_flow(body, inst->b, types[inst->result]);
    case JSRS_INEG:
    case JSRS_FNEG: return infer_flow(body, inst->a, types[inst->result]);
    case JSRS_ICMP:
    case JSRS_FCMP:
        // An erased operand is read as what it is compared with.
        if (ty_node(g, types[inst->a])->kind == TY_PTR || ty_node(g, types[inst->b])->kind == TY_PTR) return true;
        if (ty_node(g, types[inst->a])->kind == TY_VAR) return infer_flow(body, inst->a, types[inst->b]);
        return ty_node(g, types[inst->b])->kind != TY_VAR || infer_flow(body, inst->b, types[inst->a]);
    case JSRS_ALLOCA: return infer_alloca(body, inst);
    case JSRS_LOAD: return infer_type(body, inst->result, ty_target(g, types[inst->a]));
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
    case JSRS_ZEXT: return infer_flow(body, inst->a, ty_scalar(ty_ir_scalar(body->l->m, inst->type2)));
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
        return field == TY_UNIT_NODE || infer_type(body, inst->result, field);
    }
    case JSRS_ENUM_CREATE: {
        if (!inst->has_data) return true;
        Ty payload = ty_payload(g, types[inst->result], inst->number);
        return payload && infer_flow(body, inst->a, payload);
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
        if (!infer_flow(body, m->lists.items[edge->args + i], body->types[m->params.items[target->params + i].value]))
            return false;
    return true;
}

static bool infer_term(Body *body, const JsrsTerm *term) {
    if (term->kind == JSRS_RET) return !term->has_value || infer_flow(body, term->value, body->result);
    for (u32 i = 0, edges = jsrs_edge_count(term); i < edges; i++)
        if (!infer_edge(body, jsrs_edge_at(body->l->m, term, i))) return false;
    return true;
}

bool infer_constraints(Body *body, Body *const *group, u32 group_count) {
    const JsrsModule *m = body->l->m;
    for (u32 i = 0; i < body->f->param_count; i++)
        if (!ty_flow(body->g, body->params[i], body->types[m->params.items[body->f->params + i].value], NULL))
            return false;
    // Every definition comes before the uses it dominates, wherever its block stands in the file.
    for (u32 b = 0; b != NO_INDEX; b = body_block(body, b)->next) {
        const JsrsBlock *block = body_block(body, b);
        Where *where = &body->g->where;
        where->function = body->index;
        where->block = block->id;
        for (u32 i = 0; i < block->inst_count; i++) {
            const JsrsInst *inst = &m->insts.items[block->insts + i];
            where->offset = inst->offset;
            where->instruction = i;
            if (!infer_inst(body, inst, block->insts + i - body->first_inst, group, group_count)) return false;
        }
        where->offset = block->term.offset;
        where->instruction = block->inst_count;
        if (!infer_term(body, &block->term)) return false;
    }
    return true;
}
