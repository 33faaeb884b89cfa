// Structs and enums against their definitions (spec 10.4, 15): InvalidOperand and TypeMismatch. What has no definition
// fits.
#include "jsrs/validate_operands.h"

#include "jsrs/type_rules.h"

// Format: instruction, number given, name of the definition, number it has.
static bool fail(Validator *v, const char *format, u32 given, u32 name, u32 defined) {
    Str text = v->module->strings.items[name];
    return validate_fail(v, "InvalidOperand", format, v->inst, given, &text, defined);
}

// The definition behind a struct type, or NULL if it is erased.
static const JsrsStruct *struct_definition(const Validator *v, u32 type) {
    const JsrsType *t = &v->module->types.items[type];
    return t->tag == TAG_STRUCT && !t->is_enum && t->definition != NO_INDEX ? &v->module->structs.items[t->definition]
                                                                            : NULL;
}

// The definition behind an enum type, or NULL if it is erased or may be several.
static const JsrsEnum *enum_definition(const Validator *v, u32 type) {
    const JsrsType *t = &v->module->types.items[type];
    return t->is_enum && !t->ambiguous ? &v->module->enums.items[t->definition] : NULL;
}

bool validate_struct_create(Validator *v, const JsrsInst *inst) {
    const JsrsStruct *definition = struct_definition(v, inst->type);
    if (!definition) return true;
    if (inst->list_count != definition->field_count) {
        return fail(v, "instruction %u gives %u fields, struct %S has %u", inst->list_count, definition->name,
                    definition->field_count);
    }
    const u32 *operands = v->module->lists.items + inst->list, *fields = v->module->lists.items + definition->fields;
    for (u32 i = 0; i < inst->list_count; i++) {
        if (!operand_converts(v, operands[i], fields[i], "the field")) return false;
    }
    return true;
}

bool validate_struct_get(Validator *v, const JsrsInst *inst) {
    const JsrsStruct *definition = struct_definition(v, v->values[inst->a].type);
    if (!definition) return true;
    if (inst->number >= definition->field_count) {
        return fail(v, "instruction %u takes field %u, struct %S has %u of them", inst->number, definition->name,
                    definition->field_count);
    }
    return instruction_converts(v, v->module->lists.items[definition->fields + inst->number], inst->type,
                                "the instruction");
}

// NULL after an error.
static const JsrsVariant *find_variant(Validator *v, const JsrsInst *inst, const JsrsEnum *definition) {
    if (inst->number < definition->variant_count)
        return &v->module->variants.items[definition->variants + inst->number];
    fail(v, "instruction %u names variant %u, enum %S has %u of them", inst->number, definition->display,
         definition->variant_count);
    return NULL;
}

// A variant of several fields carries them as one struct (10.4).
bool validate_enum_create(Validator *v, const JsrsInst *inst) {
    const JsrsEnum *definition = enum_definition(v, inst->type);
    if (!definition) return true;
    const JsrsVariant *variant = find_variant(v, inst, definition);
    if (!variant) return false;
    if (inst->has_data != (variant->field_count > 0)) {
        return fail(v, "instruction %u gives %u payloads, the variant of enum %S has %u fields", inst->has_data,
                    definition->display, variant->field_count);
    }
    if (variant->field_count == 0) return true;
    if (variant->field_count > 1) return operand_fits(v, inst->a, CLASS_STRUCT);
    return operand_converts(v, inst->a, v->module->lists.items[variant->fields], "the payload");
}

bool validate_enum_get_data(Validator *v, const JsrsInst *inst) {
    u32 type = v->values[inst->a].type;
    if (inst->type2 != NO_INDEX) { // v3 names the enum once more, and exactly
        if (!operand_converts(v, inst->a, inst->type2, "the instruction's enum")) return false;
        type = inst->type2;
    }
    const JsrsEnum *definition = enum_definition(v, type);
    if (!definition) return true;
    const JsrsVariant *variant = find_variant(v, inst, definition);
    if (!variant) return false;
    u32 most = variant->field_count > 1 ? variant->field_count : 1;
    if (inst->index >= most) {
        return fail(v, "instruction %u takes payload field %u, the variant of enum %S has %u", inst->index,
                    definition->display, variant->field_count);
    }
    if (variant->field_count == 0) return true; // an error only when it runs
    return instruction_converts(v, v->module->lists.items[variant->fields + inst->index], inst->type,
                                "the instruction");
}
