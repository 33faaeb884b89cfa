// Constraints of what names and fills places in memory. What a gep means, a field or an element, waits until the type of its
// base says so (spec 10.3).
#include "jsrs/lower_infer.h"

bool infer_alloca(Body *body, const JsrsInst *inst) {
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

bool infer_store(Body *body, const JsrsInst *inst) {
    Ty content = ty_target(body->g, body->types[inst->a]);
    if (!content) return false;
    IrType through = inst->type2 == NO_INDEX ? IR_VOID : ty_ir_scalar(body->l->m, inst->type2);
    // "the value type written in the instruction, then the type of the place"
    if (through == IR_VOID) return infer_flow(body, inst->b, content);
    i64 constant;
    Ty written = ty_scalar(through);
    if (!infer_flow(body, inst->b, written)) return false;
    if (ty_find(body->g, content) == written) return true;
    bool is_constant = body_constant(body, inst->b, &constant);
    return ty_flow(body->g, written, content, is_constant ? &constant : NULL);
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

bool infer_gep(Body *body, const JsrsInst *inst) {
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

// ---- geps that wait ----

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
