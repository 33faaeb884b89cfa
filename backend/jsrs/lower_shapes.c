// Field types of struct names: definitions, or in files without them (v1, v2) what struct_create instructions agree on (spec 20).
#include "jsrs/lower_types.h"

enum { I32 = TYPE_INT + W_I32 };

static bool add_defined(ShapeTable *table, Arena *arena, const JsrsModule *m) {
    for (u32 i = 0; i < m->structs.count; i++) {
        const JsrsStruct *s = &m->structs.items[i];
        Shape shape = {.name = s->name, .fields = table->fields.count, .field_count = s->field_count};
        if (!vec_push(arena, &table->shapes, shape)) return false;
        for (u32 f = 0; f < s->field_count; f++)
            if (!vec_push(arena, &table->fields, m->lists.items[s->fields + f])) return false;
    }
    return true;
}

// What a value says of the field it comes to. A literal without a type of its own is written as an i32 (8.2).
static u32 type_said(const JsrsModule *m, const JsrsFunction *f, u32 value) {
    const JsrsValue *v = &m->values.items[f->values + value];
    if (v->type != I32 || v->inst == NO_INDEX) return v->type;
    return m->insts.items[v->inst].op == JSRS_ICONST ? FIELD_OF_LITERALS : v->type;
}

static u32 both_said(u32 a, u32 b) {
    if (a == b) return a;
    return (a == I32 && b == FIELD_OF_LITERALS) || (a == FIELD_OF_LITERALS && b == I32) ? I32 : NO_INDEX;
}

static bool add_created(ShapeTable *table, Arena *arena, const JsrsModule *m, const JsrsFunction *f,
                        const JsrsInst *inst) {
    const JsrsType *type = &m->types.items[inst->type];
    const u32 *operands = m->lists.items + inst->list;
    u32 known = map_get(&table->by_name, type->name);
    if (known == MAP_NONE) {
        Shape shape = {.name = type->name, .fields = table->fields.count, .field_count = inst->list_count};
        for (u32 i = 0; i < inst->list_count; i++)
            if (!vec_push(arena, &table->fields, type_said(m, f, operands[i]))) return false;
        return vec_push(arena, &table->shapes, shape) &&
               map_set(arena, &table->by_name, type->name, table->shapes.count - 1);
    }
    Shape *shape = &table->shapes.items[known];
    if (shape->field_count != inst->list_count) shape->broken = true;
    if (shape->broken) return true;
    for (u32 i = 0; i < inst->list_count; i++) {
        u32 *field = &table->fields.items[shape->fields + i];
        *field = both_said(*field, type_said(m, f, operands[i]));
    }
    return true;
}

// Definitions may nest by the thousand; values do not (lower_layout.c).
enum { MOST_NESTING = 200 };

static bool is_closed(ShapeTable *table, const JsrsModule *m, bool is_enum, u32 number, u32 depth);

static bool closed_fields(ShapeTable *table, const JsrsModule *m, const u32 *types, u32 count, u32 depth) {
    for (u32 i = 0; i < count; i++) {
        if (types[i] >= FIELD_OF_LITERALS) return false;
        if (types[i] == TYPE_UNIT || ty_ir_scalar(m, types[i]) != IR_VOID) continue;
        const JsrsType *type = &m->types.items[types[i]];
        u32 number = type->definition;
        if (number == NO_INDEX && type->tag == TAG_STRUCT) number = map_get(&table->by_name, type->name);
        if (number == NO_INDEX || type->ambiguous) return false;
        if (!is_closed(table, m, type->is_enum, number, depth + 1)) return false;
    }
    return true;
}

static bool is_closed(ShapeTable *table, const JsrsModule *m, bool is_enum, u32 number, u32 depth) {
    u8 *closed = is_enum ? &table->closed_enums[number] : &table->shapes.items[number].closed;
    if (*closed || depth > MOST_NESTING) return *closed == CLOSED_YES;
    *closed = CLOSED_NO; // also what holds itself
    if (is_enum) {
        const JsrsEnum *definition = &m->enums.items[number];
        for (u32 i = 0; i < definition->variant_count; i++) {
            const JsrsVariant *variant = &m->variants.items[definition->variants + i];
            if (!closed_fields(table, m, m->lists.items + variant->fields, variant->field_count, depth)) return false;
        }
    } else {
        const Shape *shape = &table->shapes.items[number];
        const u32 *fields = table->fields.items + shape->fields;
        if (shape->broken || !closed_fields(table, m, fields, shape->field_count, depth)) return false;
    }
    *closed = CLOSED_YES;
    return true;
}

static bool find_closed(ShapeTable *table, Arena *arena, const JsrsModule *m) {
    table->closed_enums = arena_new(arena, u8, m->enums.count);
    if (!table->closed_enums) return false;
    for (u32 i = 0; i < table->shapes.count; i++) (void)is_closed(table, m, false, i, 0);
    for (u32 i = 0; i < m->enums.count; i++) (void)is_closed(table, m, true, i, 0);
    return true;
}

bool shapes_build(ShapeTable *table, Arena *arena, const JsrsModule *m) {
    *table = (ShapeTable){0};
    if (!add_defined(table, arena, m)) return false;
    for (u32 i = 0; i < m->functions.count; i++) {
        const JsrsFunction *f = &m->functions.items[i];
        for (u32 b = 0; b < f->block_count; b++) {
            const JsrsBlock *block = &m->blocks.items[f->blocks + b];
            for (u32 k = 0; k < block->landmark_count; k++) {
                const JsrsInst *inst = &m->insts.items[m->landmarks.items[block->landmarks + k]];
                if (inst->op != JSRS_STRUCT_CREATE) continue;
                const JsrsType *type = &m->types.items[inst->type];
                if (type->tag != TAG_STRUCT || type->definition != NO_INDEX || type->ambiguous) continue;
                if (!add_created(table, arena, m, f, inst)) return false;
            }
        }
    }
    return find_closed(table, arena, m);
}
