// IR for values and places: conversions at boundaries (spec 8.3), loads, stores and copies by layout.
#include "jsrs/lower_internal.h"

void emit_steps(Body *body) {
    if (body->steps && body->l->options.uncounted) ir_skip(&body->b);
    else if (body->steps) ir_emit(&body->b, IR_OP_STEPS, IR_VOID, IR_VOID, body->steps, 0, 0, 0);
    body->steps = 0;
}

void emit_trap(Body *body, TrapKind kind) {
    emit_steps(body);
    ir_emit(&body->b, IR_OP_GUARD, IR_VOID, IR_VOID, ir_const(&body->b, IR_BOOL, 0), kind, 0, 0);
}

Layout body_layout(Body *body, Ty t) {
    Layout layout = {0, 1};
    if (!layout_of(body->g, t, &layout)) return (Layout){0, 1}; // the error is set, emission ends at the next block
    return layout;
}

u32 element_size(Body *body, Ty pointer) {
    u32 size = body_layout(body, ty_target(body->g, pointer)).size;
    return size ? size : 1;
}

IrValue value_changed(Body *body, IrValue v, IrType from, IrType to) {
    bool convertible = !ir_is_float(from) == !ir_is_float(to); // Int and Bool among themselves, f32 with f64
    if (convertible) return ir_convert(&body->b, to, from, v);
    emit_trap(body, TRAP_TYPE);
    return ir_const(&body->b, to, 0);
}

// A constant in another Int type, without a conversion at run time. 8.2: a negative u64 stands for the same bits unsigned.
static IrValue constant_as(Body *body, i64 constant, IrType from, IrType to) {
    if (to == IR_BOOL) return ir_const(&body->b, to, constant != 0);
    u64 high = constant < 0 && ir_is_signed(from) ? ~(u64)0 : 0;
    return ir_const128(&body->b, to, (u64)constant, high);
}

IrValue value_as_scalar(Body *body, u32 value, IrType to) {
    i64 constant;
    IrType from = value_scalar(body, value);
    if (from == IR_VOID || to == IR_VOID) {
        // Erased and never written, or unit: reads as zero. A pointer or an aggregate is no number.
        if (body->ir[value]) emit_trap(body, TRAP_TYPE);
        return to == IR_VOID ? 0 : ir_const(&body->b, to, 0);
    }
    if (from == to && to != IR_BOOL) return body->ir[value]; // a Bool constant may be written as any number
    if (body_constant(body, value, &constant) && !ir_is_float(to)) return constant_as(body, constant, from, to);
    return value_converted(body, body->ir[value], from, to);
}

IrValue value_address(Body *body, u32 value) {
    if (body->ir[value] && type_passed(body->g, body->types[value]) == IR_PTR) return body->ir[value];
    return ir_const(&body->b, IR_PTR, 0);
}

IrValue value_as(Body *body, u32 value, Ty to) {
    IrType passed = type_passed(body->g, to);
    if (passed == IR_VOID) return 0;
    if (passed != IR_PTR) return value_as_scalar(body, value, passed);
    if (body->ir[value] && type_passed(body->g, body->types[value]) == IR_PTR) return body->ir[value];
    return type_is_aggregate(body->g, to) ? place_new(body, to) : ir_const(&body->b, IR_PTR, 0);
}

IrValue value_i64(Body *body, u32 value, TrapKind kind) {
    IrType from = value_scalar(body, value);
    // 64 bits and less: what does not fit turns negative, which every user of a count or an index refuses.
    if (ir_bits(from) <= 64) return value_as_scalar(body, value, IR_I64);
    IrValue v = value_as_scalar(body, value, from);
    IrValue most = ir_const(&body->b, from, INT64_MAX), least = ir_const(&body->b, from, 0);
    ir_emit(&body->b, IR_OP_GUARD, IR_VOID, IR_VOID, ir_compare(&body->b, IR_OP_LE, from, v, most), kind, 0, 0);
    ir_emit(&body->b, IR_OP_GUARD, IR_VOID, IR_VOID, ir_compare(&body->b, IR_OP_GE, from, v, least), kind, 0, 0);
    return ir_convert(&body->b, IR_I64, from, v);
}

IrValue place_new(Body *body, Ty t) {
    Layout layout = body_layout(body, t);
    u32 slot = ir_add_slot(&body->b, layout.size ? layout.size : 1, layout.align);
    return ir_emit(&body->b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, slot, 0, 0, 0);
}

IrValue place_offset(Body *body, IrValue address, u32 offset) {
    return offset == 0 ? address : ir_emit(&body->b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, address, offset, 0, 0);
}

IrValue place_load(Body *body, Ty t, IrValue address, u32 offset) {
    IrType type = type_passed(body->g, t);
    if (type == IR_VOID) return 0;
    if (type_is_aggregate(body->g, t)) return place_offset(body, address, offset);
    return ir_load(&body->b, type, address, offset);
}

void place_copy(Body *body, Ty t, IrValue to, u32 to_offset, IrValue from, u32 from_offset) {
    LeafList leaves = {.count = 0};
    Layout layout = body_layout(body, t);
    if (layout.size == 0) return;
    if (!layout_leaves(body->g, t, 0, &leaves)) {
        IrValue target = place_offset(body, to, to_offset), source = place_offset(body, from, from_offset);
        ir_emit(&body->b, IR_OP_COPY, IR_VOID, IR_VOID, target, source, layout.size, 0);
        return;
    }
    // All loads first: the two may overlap.
    IrValue values[countof(leaves.leaves)];
    for (u32 i = 0; i < leaves.count; i++)
        values[i] = ir_load(&body->b, leaves.leaves[i].type, from, from_offset + leaves.leaves[i].offset);
    for (u32 i = 0; i < leaves.count; i++)
        ir_store(&body->b, leaves.leaves[i].type, to, values[i], to_offset + leaves.leaves[i].offset);
}

void place_store(Body *body, Ty t, IrValue address, u32 offset, IrValue v) {
    IrType type = type_passed(body->g, t);
    if (type == IR_VOID) return;
    if (type_is_aggregate(body->g, t)) place_copy(body, t, address, offset, v, 0);
    else ir_store(&body->b, type, address, v, offset);
}
