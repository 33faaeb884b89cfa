// Structs and enums (spec 10.4): values in frame slots of their own, which nothing changes after they are made.
#include "jsrs/lower_internal.h"

// What an instruction that can only fail still gives its users.
static IrValue nothing(Body *body, Ty t, TrapKind kind) {
    emit_trap(body, kind);
    IrType type = type_passed(body->g, t);
    return type == IR_VOID ? 0 : ir_const(&body->b, type, 0);
}

IrValue emit_struct_create(Body *body, const JsrsInst *inst) {
    TypeGraph *g = body->g;
    Ty t = body->types[inst->result];
    const u32 *operands = body->l->m->lists.items + inst->list;
    const TyNode *node = body_node(body, inst->result);
    if (node->kind != TY_STRUCT || node->part_count < inst->list_count)
        return inst->list_count == 0 && node->kind == TY_VAR ? 0 : nothing(body, t, TRAP_FIELD);
    IrValue home = place_new(body, t);
    for (u32 i = 0; i < inst->list_count; i++) {
        u32 offset;
        Ty field = g->lists.items[ty_node(g, t)->parts + i];
        if (!layout_field(g, t, i, &offset)) return 0;
        place_store(body, field, home, offset, value_as(body, operands[i], field));
    }
    return home;
}

// A part of an aggregate as the result of an instruction: scalars convert, aggregates are seen in place.
static IrValue part_value(Body *body, Ty part, IrValue address, u32 offset, Ty wanted) {
    IrType from = type_passed(body->g, part), to = type_passed(body->g, wanted);
    IrValue v = place_load(body, part, address, offset);
    if (to == IR_VOID || from == IR_PTR) return v;
    return from == IR_VOID ? ir_const(&body->b, to, 0) : value_converted(body, v, from, to);
}

IrValue emit_struct_get(Body *body, const JsrsInst *inst) {
    TypeGraph *g = body->g;
    Ty t = body->types[inst->a], wanted = body->types[inst->result];
    u32 offset;
    if (ty_node(g, t)->kind != TY_STRUCT || inst->number >= ty_node(g, t)->part_count)
        return nothing(body, wanted, TRAP_FIELD);
    if (!layout_field(g, t, inst->number, &offset)) return 0;
    return part_value(body, g->lists.items[ty_node(g, t)->parts + inst->number], value_as(body, inst->a, t), offset,
                      wanted);
}

// Whether enum_get_data asks for more than the tag: a variant without a definition may have no payload, and so may one whose
// payload, if it has any, is Unit.
static bool may_lack_data(TypeGraph *g, Ty t, Ty payload) { return !ty_node(g, t)->shape || payload == TY_UNIT_NODE; }

IrValue emit_enum_create(Body *body, const JsrsInst *inst) {
    TypeGraph *g = body->g;
    Ty t = body->types[inst->result];
    if (ty_node(g, t)->kind != TY_ENUM) return nothing(body, t, TRAP_TYPE);
    IrValue home = place_new(body, t);
    ir_store(&body->b, IR_U32, home, ir_const(&body->b, IR_U32, inst->number), 0);
    Ty payload = inst->has_data ? ty_payload(g, t, inst->number) : TY_UNIT_NODE;
    if (may_lack_data(g, t, payload)) ir_store(&body->b, IR_U32, home, ir_const(&body->b, IR_U32, inst->has_data), 4);
    u32 offset;
    if (inst->has_data && payload && layout_payload(g, t, payload, &offset))
        place_store(body, payload, home, offset, value_as(body, inst->a, payload));
    return home;
}

IrValue emit_enum_get_tag(Body *body, const JsrsInst *inst) {
    IrType to = type_passed(body->g, body->types[inst->result]);
    if (ty_node(body->g, body->types[inst->a])->kind != TY_ENUM || !ir_is_int(to))
        return nothing(body, body->types[inst->result], TRAP_TYPE);
    return value_converted(body, ir_load(&body->b, IR_U32, value_as(body, inst->a, body->types[inst->a]), 0), IR_U32,
                           to);
}

static void guard_equal(Body *body, IrValue v, u32 expected, TrapKind kind) {
    IrValue equal = ir_compare(&body->b, IR_OP_EQ, IR_U32, v, ir_const(&body->b, IR_U32, expected));
    ir_emit(&body->b, IR_OP_GUARD, IR_VOID, IR_VOID, equal, kind, 0, 0);
}

IrValue emit_enum_get_data(Body *body, const JsrsInst *inst) {
    TypeGraph *g = body->g;
    Ty t = body->types[inst->a], wanted = body->types[inst->result];
    if (ty_node(g, t)->kind != TY_ENUM) return nothing(body, wanted, TRAP_TYPE);
    IrValue home = value_as(body, inst->a, t);
    guard_equal(body, ir_load(&body->b, IR_U32, home, 0), inst->number, TRAP_ENUM_TAG);
    Ty payload = ty_payload(g, t, inst->number), part = ty_payload_part(g, t, inst->number, inst->index);
    u32 offset, inner = 0;
    if (!payload || !layout_payload(g, t, payload, &offset)) return 0;
    if (may_lack_data(g, t, payload)) guard_equal(body, ir_load(&body->b, IR_U32, home, 4), 1, TRAP_ENUM_NO_DATA);
    if (part != payload && part != TY_UNIT_NODE && !layout_field(g, payload, inst->index, &inner)) return 0;
    return part_value(body, part, home, offset + inner, wanted);
}
