// Operand classes, conversions and counts of each instruction (spec 8.3, 11, 15): TypeMismatch and InvalidOperand.
#include "jsrs/validate_operands.h"

#include "jsrs/call_targets.h"
#include "jsrs/opcodes.h"
#include "jsrs/type_rules.h"

static Buf type_text(const Validator *v, u32 type) {
    Buf text;
    buf_init(&text, 0);
    jsrs_type_text(v->module, type, &text);
    return text;
}

static Str as_str(const Buf *text) { return (Str){text->data, (u32)text->len}; }

// "an Int", "a Bool", ... joined by "or".
static Buf classes_text(u32 classes) {
    static const char *const names[] = {"an Int", "a Float", "a Bool", "a Ptr", "unit", "a struct", "an enum", "an array", "a function"};
    Buf text;
    buf_init(&text, 0);
    for (u32 i = 0; i < countof(names); i++) {
        if (!(classes >> i & 1)) continue;
        if (text.len) buf_text(&text, " or ");
        buf_text(&text, names[i]);
    }
    return text;
}

static bool fail_types(Validator *v, const char *format, u32 id, Buf got, Buf wanted, const char *what) {
    Str got_text = as_str(&got), wanted_text = as_str(&wanted);
    validate_fail(v, "TypeMismatch", format, id, &got_text, &wanted_text, what);
    buf_free(&got);
    buf_free(&wanted);
    return false;
}

bool operand_fits(Validator *v, u32 value, u32 classes) {
    const JsrsValue *operand = &v->values[value];
    if (likely(v->classes[operand->type] & classes)) return true;
    return fail_types(v, "value v%u is %S instead of %S", operand->id, type_text(v, operand->type), classes_text(classes), "");
}

bool operand_converts(Validator *v, u32 value, u32 type, const char *what) {
    const JsrsValue *operand = &v->values[value];
    if (jsrs_type_converts(v->module, operand->type, type)) return true;
    return fail_types(v, "value v%u is %S and can't become the %S of %s", operand->id, type_text(v, operand->type),
                      type_text(v, type), what);
}

static bool all_fit(Validator *v, const JsrsInst *inst, u32 classes) {
    const u32 *list = v->module->lists.items + inst->list;
    for (u32 i = 0; i < inst->list_count; i++) {
        if (!operand_fits(v, list[i], classes)) return false;
    }
    return true;
}

// The instruction's own type must fit one of the classes.
static bool type_fits(Validator *v, const JsrsInst *inst, u32 classes) {
    if (likely(v->classes[inst->type] & classes)) return true;
    return fail_types(v, "instruction %u has type %S instead of %S", v->inst, type_text(v, inst->type),
                      classes_text(classes), "");
}

static bool type_converts(Validator *v, u32 from, u32 to, const char *what) {
    if (jsrs_type_converts(v->module, from, to)) return true;
    return fail_types(v, "instruction %u makes %S, which can't become the %S of %s", v->inst, type_text(v, from),
                      type_text(v, to), what);
}

static bool invalid_operand(Validator *v, const char *what, u32 got, u32 wanted) {
    return validate_fail(v, "InvalidOperand", "instruction %u: %s (%u, %u)", v->inst, what, got, wanted);
}

static bool two_fit(Validator *v, const JsrsInst *inst, u32 classes) {
    return operand_fits(v, inst->a, classes) && operand_fits(v, inst->b, classes);
}

static bool check_icmp(Validator *v, const JsrsInst *inst) {
    u32 a = v->classes[v->values[inst->a].type], b = v->classes[v->values[inst->b].type];
    static const u16 comparable[] = {CLASS_INT | CLASS_BOOL, CLASS_PTR, CLASS_FN | CLASS_INT};
    for (u32 i = 0; i < countof(comparable); i++) {
        if ((a & comparable[i]) && (b & comparable[i])) return type_fits(v, inst, CLASS_BOOL);
    }
    return fail_types(v, "cmp of v%u: %S and %S can't be compared%s", v->values[inst->a].id,
                      type_text(v, v->values[inst->a].type), type_text(v, v->values[inst->b].type), "");
}

static bool check_extension(Validator *v, const JsrsInst *inst) {
    if (!type_fits(v, inst, CLASS_INT)) return false;
    if (!(v->classes[inst->type2] & (CLASS_INT | CLASS_BOOL))) {
        return fail_types(v, "instruction %u: source type %S instead of %S", v->inst, type_text(v, inst->type2),
                          classes_text(CLASS_INT | CLASS_BOOL), "");
    }
    return operand_converts(v, inst->a, inst->type2, "the source");
}

static bool check_bitcast(Validator *v, const JsrsInst *inst) {
    const JsrsValue *operand = &v->values[inst->a];
    if (jsrs_type_bitcasts(v->module, operand->type, inst->type)) return true;
    return fail_types(v, "value v%u is %S, whose bits can't be read as %S", operand->id, type_text(v, operand->type),
                      type_text(v, inst->type), "");
}

static bool check_function_call(Validator *v, const JsrsInst *inst, const JsrsFunction *callee) {
    if (inst->list_count != callee->param_count) {
        return invalid_operand(v, "number of arguments passed and taken differ", inst->list_count, callee->param_count);
    }
    const u32 *args = v->module->lists.items + inst->list;
    const JsrsParam *params = v->module->params.items + callee->params;
    for (u32 i = 0; i < inst->list_count; i++) {
        if (!operand_converts(v, args[i], params[i].type, "the parameter")) return false;
    }
    return type_converts(v, callee->result, inst->type, "the call");
}

typedef struct BuiltinSignature {
    const char *fixed, *repeated;
    u8 fixed_count, repeated_count;
    u8 result;
} BuiltinSignature;

static const BuiltinSignature signatures[BUILTIN_COUNT] = {
#define JSRS_BUILTIN(name, text, number, fixed, repeated, result)                                                      \
    [BUILTIN_##name] = {fixed, repeated, sizeof(fixed) - 1, sizeof(repeated) - 1, result},
#include "jsrs/builtins.def"
};

static u32 letter_classes(char letter) {
    switch (letter) {
    case 'i': return CLASS_INT;
    case 'p': return CLASS_PTR;
    }
    return CLASS_ANY;
}

static bool check_builtin_call(Validator *v, const JsrsInst *inst, JsrsBuiltin builtin) {
    const BuiltinSignature *s = &signatures[builtin];
    u32 more = inst->list_count - s->fixed_count;
    bool whole = s->repeated_count ? more % s->repeated_count == 0 : more == 0;
    if (inst->list_count < s->fixed_count || !whole) {
        return invalid_operand(v, "a builtin does not take so many arguments", inst->list_count, s->fixed_count);
    }
    const u32 *args = v->module->lists.items + inst->list;
    for (u32 i = 0; i < inst->list_count; i++) {
        char letter = i < s->fixed_count ? s->fixed[i] : s->repeated[(i - s->fixed_count) % s->repeated_count];
        if (!operand_fits(v, args[i], letter_classes(letter))) return false;
    }
    bool returns = builtin != BUILTIN_ASSERT_FAIL && builtin != BUILTIN_PANIC_BOUNDS_CHECK;
    return !returns || type_converts(v, s->result, inst->type, "the call");
}

static bool check_call(Validator *v, const JsrsInst *inst) {
    JsrsCallTarget target = jsrs_call_target(v->module, inst->number);
    if (target.function == NO_INDEX) return check_builtin_call(v, inst, (JsrsBuiltin)target.builtin);
    return check_function_call(v, inst, &v->module->functions.items[target.function]);
}

// The definition behind a struct type, or NULL if it is erased.
static const JsrsStruct *struct_definition(const Validator *v, u32 type) {
    const JsrsType *t = &v->module->types.items[type];
    return t->tag == TAG_STRUCT && !t->is_enum && t->definition != NO_INDEX ? &v->module->structs.items[t->definition] : NULL;
}

// The definition behind an enum type, or NULL if it is erased or may be several.
static const JsrsEnum *enum_definition(const Validator *v, u32 type) {
    const JsrsType *t = &v->module->types.items[type];
    return t->is_enum && !t->ambiguous ? &v->module->enums.items[t->definition] : NULL;
}

static bool check_struct_create(Validator *v, const JsrsInst *inst) {
    if (!type_fits(v, inst, CLASS_STRUCT)) return false;
    const JsrsStruct *definition = struct_definition(v, inst->type);
    if (!definition) return true;
    if (inst->list_count != definition->field_count) {
        return invalid_operand(v, "number of fields given and defined differ", inst->list_count, definition->field_count);
    }
    const u32 *operands = v->module->lists.items + inst->list, *fields = v->module->lists.items + definition->fields;
    for (u32 i = 0; i < inst->list_count; i++) {
        if (!operand_converts(v, operands[i], fields[i], "the field")) return false;
    }
    return true;
}

static bool check_struct_get(Validator *v, const JsrsInst *inst) {
    if (!operand_fits(v, inst->a, CLASS_STRUCT)) return false;
    const JsrsStruct *definition = struct_definition(v, v->values[inst->a].type);
    if (!definition) return true;
    if (inst->number >= definition->field_count) {
        return invalid_operand(v, "the field number is not below the number of fields", inst->number, definition->field_count);
    }
    return type_converts(v, v->module->lists.items[definition->fields + inst->number], inst->type, "the instruction");
}

// NULL after an error.
static const JsrsVariant *find_variant(Validator *v, const JsrsInst *inst, const JsrsEnum *definition) {
    if (inst->number < definition->variant_count) return &v->module->variants.items[definition->variants + inst->number];
    invalid_operand(v, "the variant number is not below the number of variants", inst->number, definition->variant_count);
    return NULL;
}

// A variant of several fields carries them as one struct (10.4).
static bool check_enum_create(Validator *v, const JsrsInst *inst) {
    if (!type_fits(v, inst, CLASS_ENUM)) return false;
    const JsrsEnum *definition = enum_definition(v, inst->type);
    if (!definition) return true;
    const JsrsVariant *variant = find_variant(v, inst, definition);
    if (!variant) return false;
    if (inst->has_data != (variant->field_count > 0)) {
        return invalid_operand(v, "a payload is given where the variant has none, or the other way round", inst->has_data,
                               variant->field_count);
    }
    if (variant->field_count == 0) return true;
    if (variant->field_count > 1) return operand_fits(v, inst->a, CLASS_STRUCT);
    return operand_converts(v, inst->a, v->module->lists.items[variant->fields], "the payload");
}

static bool check_enum_get_data(Validator *v, const JsrsInst *inst) {
    if (!operand_fits(v, inst->a, CLASS_ENUM)) return false;
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
    if (inst->index >= most) return invalid_operand(v, "the payload index is not below the number of fields", inst->index, most);
    if (variant->field_count == 0) return true; // an error only when it runs
    return type_converts(v, v->module->lists.items[variant->fields + inst->index], inst->type, "the instruction");
}

bool validate_operands(Validator *v, const JsrsInst *inst) {
    switch ((JsrsOp)inst->op) {
    case JSRS_ICONST: return type_fits(v, inst, CLASS_INT);
    case JSRS_FCONST: return type_fits(v, inst, CLASS_FLOAT);
    case JSRS_BCONST: return type_fits(v, inst, CLASS_BOOL);
    case JSRS_NULL:
    case JSRS_ALLOCA:
    case JSRS_SCONST: return type_fits(v, inst, CLASS_PTR);
    case JSRS_IADD:
    case JSRS_ISUB:
    case JSRS_IMUL:
    case JSRS_IDIV:
    case JSRS_IMOD:
    case JSRS_ISHL:
    case JSRS_ISHR: return two_fit(v, inst, CLASS_INT | CLASS_BOOL) && type_fits(v, inst, CLASS_INT);
    case JSRS_IAND:
    case JSRS_IOR:
    case JSRS_IXOR: return two_fit(v, inst, CLASS_INT | CLASS_BOOL) && type_fits(v, inst, CLASS_INT | CLASS_BOOL);
    case JSRS_INEG: return operand_fits(v, inst->a, CLASS_INT | CLASS_BOOL) && type_fits(v, inst, CLASS_INT);
    case JSRS_FADD:
    case JSRS_FSUB:
    case JSRS_FMUL:
    case JSRS_FDIV: return two_fit(v, inst, CLASS_FLOAT) && type_fits(v, inst, CLASS_FLOAT);
    case JSRS_FNEG: return operand_fits(v, inst->a, CLASS_FLOAT) && type_fits(v, inst, CLASS_FLOAT);
    case JSRS_ICMP: return check_icmp(v, inst);
    case JSRS_FCMP: return two_fit(v, inst, CLASS_FLOAT) && type_fits(v, inst, CLASS_BOOL);
    case JSRS_LOAD: return operand_fits(v, inst->a, CLASS_PTR);
    case JSRS_STORE:
        return operand_fits(v, inst->a, CLASS_PTR) && operand_converts(v, inst->b, inst->type2, "the store");
    case JSRS_MEMCPY: return two_fit(v, inst, CLASS_PTR);
    case JSRS_GEP:
        return operand_fits(v, inst->a, CLASS_PTR) && all_fit(v, inst, CLASS_INT) && type_fits(v, inst, CLASS_PTR);
    case JSRS_PTRADD:
        return operand_fits(v, inst->a, CLASS_PTR) && operand_fits(v, inst->b, CLASS_INT) && type_fits(v, inst, CLASS_PTR);
    case JSRS_TRUNC:
    case JSRS_SEXT:
    case JSRS_ZEXT: return check_extension(v, inst);
    case JSRS_FPTOUI:
    case JSRS_FPTOSI: return operand_fits(v, inst->a, CLASS_FLOAT) && type_fits(v, inst, CLASS_INT);
    case JSRS_UITOFP:
    case JSRS_SITOFP: return operand_fits(v, inst->a, CLASS_INT | CLASS_BOOL) && type_fits(v, inst, CLASS_FLOAT);
    case JSRS_BITCAST: return check_bitcast(v, inst);
    case JSRS_CALL: return check_call(v, inst);
    case JSRS_STRUCT_CREATE: return check_struct_create(v, inst);
    case JSRS_STRUCT_GET: return check_struct_get(v, inst);
    case JSRS_ENUM_CREATE: return check_enum_create(v, inst);
    case JSRS_ENUM_GET_TAG: return operand_fits(v, inst->a, CLASS_ENUM) && type_fits(v, inst, CLASS_INT);
    case JSRS_ENUM_GET_DATA: return check_enum_get_data(v, inst);
    case JSRS_CALL_DYN: return operand_fits(v, inst->a, CLASS_FN | CLASS_INT);
    case JSRS_OP_COUNT: break;
    }
    return true;
}
