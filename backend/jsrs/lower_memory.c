// load, store, memcpy, gep: pointers to places and rows (spec 10.2, 10.3).
#include "jsrs/lower_internal.h"

static IrValue nowhere(Body *body, TrapKind kind) {
    emit_trap(body, kind);
    return ir_const(&body->b, IR_PTR, 0);
}

// Element of the row that `address` (of type `pointer`) points to.
static IrValue element_at(Body *body, Ty pointer, IrValue address, IrValue index) {
    const TyNode *node = ty_node(body->g, pointer);
    if (node->row == ROW_STRING) return nowhere(body, TRAP_TYPE);
    u32 length = node->array == ARRAY_FIXED ? node->length : 0;
    if (node->array == ARRAY_FIXED && length == 0) return nowhere(body, TRAP_BOUNDS);
    return ir_emit(&body->b, IR_OP_INDEX, IR_PTR, IR_I64, address, index, element_size(body, pointer), length);
}

static IrValue element(Body *body, Ty pointer, IrValue address, u32 index_value) {
    return element_at(body, pointer, address, value_i64(body, index_value, TRAP_BOUNDS));
}

// The place a pointer designates: a row pointer that ptradd may have moved designates its element 0 from there.
static IrValue designated(Body *body, u32 pointer) {
    const TyNode *node = body_node(body, pointer);
    if (!node->moved && node->kind == TY_PTR && body->ir[pointer]) return body->ir[pointer];
    IrValue address = value_address(body, pointer);
    return node->moved ? element_at(body, body->types[pointer], address, ir_const(&body->b, IR_I64, 0)) : address;
}

IrValue emit_load(Body *body, const JsrsInst *inst) {
    Ty content = body_node(body, inst->a)->target, result = body->types[inst->result];
    IrValue address = designated(body, inst->a);
    IrType to = type_passed(body->g, result);
    const TyNode *node = ty_node(body->g, content);
    TyKind kind = (TyKind)node->kind;
    if (kind == TY_SCALAR) {
        IrValue v = ir_load(&body->b, (IrType)node->scalar, address, 0);
        return to == IR_VOID || to == IR_PTR ? v : value_converted(body, v, (IrType)node->scalar, to);
    }
    if (kind == TY_STRUCT || kind == TY_ENUM) {
        // A value of its own: the place may change while it lives.
        IrValue copy = place_new(body, content);
        place_copy(body, content, copy, 0, address, 0);
        return copy;
    }
    IrValue v = place_load(body, content, address, 0);
    return v || to == IR_VOID ? v : ir_const(&body->b, to, 0);
}

void emit_store(Body *body, const JsrsInst *inst) {
    Ty content = body_node(body, inst->a)->target;
    IrValue address = designated(body, inst->a);
    const TyNode *node = ty_node(body->g, content);
    if (node->kind != TY_SCALAR) {
        const JsrsInst *definition = body_definition(body, inst->b);
        if (type_is_aggregate(body->g, content) && definition && definition->op == JSRS_NULL) {
            // null as the first value of an array variable
            Layout layout = body_layout(body, content);
            if (layout.size) ir_emit(&body->b, IR_OP_FILL, IR_VOID, IR_VOID, address, layout.size, 0, 0);
        } else {
            place_store(body, content, address, 0, value_as(body, inst->b, content));
        }
        return;
    }
    IrType through = inst->type2 == NO_INDEX ? IR_VOID : ty_ir_scalar(body->l->m, inst->type2);
    IrType last = (IrType)node->scalar;
    IrValue v = through == IR_VOID ? value_as_scalar(body, inst->b, last)
                                   : value_converted(body, value_as_scalar(body, inst->b, through), through, last);
    ir_store(&body->b, last, address, v, 0);
}

void emit_memcpy(Body *body, const JsrsInst *inst) {
    Ty to = ty_target(body->g, body->types[inst->a]), from = ty_target(body->g, body->types[inst->b]);
    IrValue target = designated(body, inst->a), source = designated(body, inst->b);
    IrType type = type_passed(body->g, to);
    if (type_is_aggregate(body->g, to)) place_copy(body, to, target, 0, source, 0);
    else if (type != IR_VOID && type_passed(body->g, from) != IR_VOID) {
        IrValue v = place_load(body, from, source, 0);
        place_store(body, to, target, 0,
                    type == IR_PTR ? v : value_converted(body, v, type_passed(body->g, from), type));
    }
}

// The part of the value at `address` (of type *at) that an index names; *at becomes the part's type.
static IrValue part(Body *body, Ty *at, IrValue address, u32 index_value) {
    TypeGraph *g = body->g;
    const TyNode *node = ty_node(g, *at);
    if (node->kind == TY_PTR) {
        Ty pointer = *at;
        *at = node->target;
        return element(body, pointer, place_load(body, pointer, address, 0), index_value);
    }
    i64 field;
    u32 offset;
    bool exists = node->kind == TY_STRUCT && body_constant(body, index_value, &field) && (u64)field < node->part_count;
    if (!exists) return *at = TY_UNIT_NODE, nowhere(body, TRAP_FIELD);
    Ty whole = *at;
    *at = g->lists.items[node->parts + (u32)field];
    if (!layout_field(g, whole, (u32)field, &offset)) return 0;
    return place_offset(body, address, offset);
}

IrValue emit_gep(Body *body, const JsrsInst *inst) {
    TypeGraph *g = body->g;
    const u32 *indices = body->l->m->lists.items + inst->list;
    Ty pointer = body->types[inst->a], at = ty_target(g, pointer);
    const TyNode *node = ty_node(g, pointer);
    IrValue address = value_address(body, inst->a);
    const JsrsInst *definition = body_definition(body, inst->a);
    bool is_null = definition && definition->op == JSRS_NULL;
    i64 first = 0;
    u32 zeros = 0;
    // null has no part but itself, element 0 of which is null too
    while (is_null && zeros < inst->list_count && body_constant(body, indices[zeros], &first) && first == 0) zeros++;
    if (zeros == inst->list_count) return address;
    if (is_null) return nowhere(body, TRAP_NULL_POINTER);
    bool constant = body_constant(body, indices[0], &first);
    if (inst->list_count == 1)
        return node->row == ROW_NO ? part(body, &at, address, indices[0]) : element(body, pointer, address, indices[0]);
    if (node->row == ROW_YES) {
        address = element(body, pointer, address, indices[0]);
    } else {
        if (constant && first != 0) return nowhere(body, TRAP_BOUNDS);
        if (!constant) {
            IrValue index = value_i64(body, indices[0], TRAP_BOUNDS);
            IrValue is_zero = ir_compare(&body->b, IR_OP_EQ, IR_I64, index, ir_const(&body->b, IR_I64, 0));
            ir_emit(&body->b, IR_OP_GUARD, IR_VOID, IR_VOID, is_zero, TRAP_BOUNDS, 0, 0);
        }
    }
    for (u32 i = 1; i < inst->list_count; i++) address = part(body, &at, address, indices[i]);
    return address;
}
