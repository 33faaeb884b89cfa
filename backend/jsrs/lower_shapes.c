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
    if (v->type != I32 || v->block == NO_INDEX || v->inst == NO_INDEX) return v->type;
    const JsrsInst *inst = &m->insts.items[m->blocks.items[f->blocks + v->block].insts + v->inst];
    return inst->op == JSRS_ICONST ? FIELD_OF_LITERALS : v->type;
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

static void find_closed(ShapeTable *table, const JsrsModule *m) {
    for (u32 i = 0; i < table->shapes.count; i++) {
        Shape *shape = &table->shapes.items[i];
        shape->closed = !shape->broken;
        for (u32 f = 0; f < shape->field_count && shape->closed; f++) {
            u32 type = table->fields.items[shape->fields + f];
            shape->closed = type < FIELD_OF_LITERALS && ty_ir_scalar(m, type) != IR_VOID;
        }
    }
}

bool shapes_build(ShapeTable *table, Arena *arena, const JsrsModule *m) {
    *table = (ShapeTable){0};
    if (!add_defined(table, arena, m)) return false;
    for (u32 i = 0; i < m->functions.count; i++) {
        const JsrsFunction *f = &m->functions.items[i];
        for (u32 b = 0; b < f->block_count; b++) {
            const JsrsBlock *block = &m->blocks.items[f->blocks + b];
            for (u32 k = 0; k < block->inst_count; k++) {
                const JsrsInst *inst = &m->insts.items[block->insts + k];
                if (inst->op != JSRS_STRUCT_CREATE) continue;
                const JsrsType *type = &m->types.items[inst->type];
                if (type->tag != TAG_STRUCT || type->definition != NO_INDEX || type->ambiguous) continue;
                if (!add_created(table, arena, m, f, inst)) return false;
            }
        }
    }
    find_closed(table, m);
    return true;
}
