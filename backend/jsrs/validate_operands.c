// Operand classes and conversions of each instruction (spec 8.3, 15): TypeMismatch.
#include "jsrs/validate_operands.h"

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
    static const char *const names[] = {"an Int",   "a Float", "a Bool",   "a Ptr",     "unit",
                                        "a struct", "an enum", "an array", "a function"};
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
    return fail_types(v, "value v%u is %S instead of %S", operand->id, type_text(v, operand->type),
                      classes_text(classes), "");
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
bool instruction_fits(Validator *v, const JsrsInst *inst, u32 classes) {
    if (likely(v->classes[inst->type] & classes)) return true;
    return fail_types(v, "instruction %u has type %S instead of %S", v->inst, type_text(v, inst->type),
                      classes_text(classes), "");
}

bool instruction_converts(Validator *v, u32 from, u32 to, const char *what) {
    if (jsrs_type_converts(v->module, from, to)) return true;
    return fail_types(v, "instruction %u makes %S, which can't become the %S of %s", v->inst, type_text(v, from),
                      type_text(v, to), what);
}

static bool two_fit(Validator *v, const JsrsInst *inst, u32 classes) {
    return operand_fits(v, inst->a, classes) && operand_fits(v, inst->b, classes);
}

static bool check_icmp(Validator *v, const JsrsInst *inst) {
    u32 a = v->classes[v->values[inst->a].type], b = v->classes[v->values[inst->b].type];
    static const u16 comparable[] = {CLASS_INT | CLASS_BOOL, CLASS_PTR, CLASS_FN | CLASS_INT};
    for (u32 i = 0; i < countof(comparable); i++) {
        if ((a & comparable[i]) && (b & comparable[i])) return instruction_fits(v, inst, CLASS_BOOL);
    }
    return fail_types(v, "cmp of v%u: %S and %S can't be compared%s", v->values[inst->a].id,
                      type_text(v, v->values[inst->a].type), type_text(v, v->values[inst->b].type), "");
}

static bool check_extension(Validator *v, const JsrsInst *inst) {
    if (!instruction_fits(v, inst, CLASS_INT)) return false;
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

bool validate_operands(Validator *v, const JsrsInst *inst) {
    switch ((JsrsOp)inst->op) {
    case JSRS_ICONST: return instruction_fits(v, inst, CLASS_INT);
    case JSRS_FCONST: return instruction_fits(v, inst, CLASS_FLOAT);
    case JSRS_BCONST: return instruction_fits(v, inst, CLASS_BOOL);
    case JSRS_NULL:
    case JSRS_ALLOCA:
    case JSRS_SCONST: return instruction_fits(v, inst, CLASS_PTR);
    case JSRS_IADD:
    case JSRS_ISUB:
    case JSRS_IMUL:
    case JSRS_IDIV:
    case JSRS_IMOD:
    case JSRS_ISHL:
    case JSRS_ISHR: return two_fit(v, inst, CLASS_INT | CLASS_BOOL) && instruction_fits(v, inst, CLASS_INT);
    case JSRS_IAND:
    case JSRS_IOR:
    case JSRS_IXOR:
        return two_fit(v, inst, CLASS_INT | CLASS_BOOL) && instruction_fits(v, inst, CLASS_INT | CLASS_BOOL);
    case JSRS_INEG: return operand_fits(v, inst->a, CLASS_INT | CLASS_BOOL) && instruction_fits(v, inst, CLASS_INT);
    case JSRS_FADD:
    case JSRS_FSUB:
    case JSRS_FMUL:
    case JSRS_FDIV: return two_fit(v, inst, CLASS_FLOAT) && instruction_fits(v, inst, CLASS_FLOAT);
    case JSRS_FNEG: return operand_fits(v, inst->a, CLASS_FLOAT) && instruction_fits(v, inst, CLASS_FLOAT);
    case JSRS_ICMP: return check_icmp(v, inst);
    case JSRS_FCMP: return two_fit(v, inst, CLASS_FLOAT) && instruction_fits(v, inst, CLASS_BOOL);
    case JSRS_LOAD: return operand_fits(v, inst->a, CLASS_PTR);
    case JSRS_STORE:
        return operand_fits(v, inst->a, CLASS_PTR) && operand_converts(v, inst->b, inst->type2, "the store");
    case JSRS_MEMCPY: return two_fit(v, inst, CLASS_PTR);
    case JSRS_GEP:
        return operand_fits(v, inst->a, CLASS_PTR) && all_fit(v, inst, CLASS_INT) &&
               instruction_fits(v, inst, CLASS_PTR);
    case JSRS_PTRADD:
        return operand_fits(v, inst->a, CLASS_PTR) && operand_fits(v, inst->b, CLASS_INT) &&
               instruction_fits(v, inst, CLASS_PTR);
    case JSRS_TRUNC:
    case JSRS_SEXT:
    case JSRS_ZEXT: return check_extension(v, inst);
    case JSRS_FPTOUI:
    case JSRS_FPTOSI: return operand_fits(v, inst->a, CLASS_FLOAT) && instruction_fits(v, inst, CLASS_INT);
    case JSRS_UITOFP:
    case JSRS_SITOFP: return operand_fits(v, inst->a, CLASS_INT | CLASS_BOOL) && instruction_fits(v, inst, CLASS_FLOAT);
    case JSRS_BITCAST: return check_bitcast(v, inst);
    case JSRS_CALL: return validate_call(v, inst);
    case JSRS_STRUCT_CREATE: return validate_struct_create(v, inst);
    case JSRS_STRUCT_GET: return validate_struct_get(v, inst);
    case JSRS_ENUM_CREATE: return validate_enum_create(v, inst);
    case JSRS_ENUM_GET_TAG: return operand_fits(v, inst->a, CLASS_ENUM) && instruction_fits(v, inst, CLASS_INT);
    case JSRS_ENUM_GET_DATA: return validate_enum_get_data(v, inst);
    case JSRS_CALL_DYN: return operand_fits(v, inst->a, CLASS_FN | CLASS_INT);
    case JSRS_OP_COUNT: break;
    }
    return true;
}
