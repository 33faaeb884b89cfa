// Operand classes and conversions of each instruction (spec 8.3, 15): TypeMismatch.
#include "jsrs/validate_operands.h"

#include "jsrs/type_rules.h"

enum { NUMBER = CLASS_INT | CLASS_BOOL };

// Format: number, the type that is there, what should be, what has it.
static bool mismatch(Validator *v, const char *format, u32 id, u32 type, Buf *wanted, const char *what) {
    Buf got = {0};
    jsrs_type_text(v->module, type, &got);
    Str got_text = {got.data, (u32)got.len}, wanted_text = {wanted->data, (u32)wanted->len};
    validate_fail(v, "TypeMismatch", format, id, &got_text, &wanted_text, what);
    buf_free(&got);
    buf_free(wanted);
    return false;
}

static bool fail_type(Validator *v, const char *format, u32 id, u32 type, u32 wanted_type, const char *what) {
    Buf wanted = {0};
    jsrs_type_text(v->module, wanted_type, &wanted);
    return mismatch(v, format, id, type, &wanted, what);
}

// "an Int", "a Bool", ... joined by "or".
static bool fail_class(Validator *v, const char *format, u32 id, u32 type, u32 classes) {
    static const char *const names[] = {"an Int",   "a Float", "a Bool",   "a Ptr",     "unit",
                                        "a struct", "an enum", "an array", "a function"};
    Buf wanted = {0};
    for (u32 i = 0; i < countof(names); i++) {
        if (classes >> i & 1) buf_format(&wanted, "%s%s", wanted.len ? " or " : "", names[i]);
    }
    return mismatch(v, format, id, type, &wanted, "");
}

bool operand_fits(Validator *v, u32 value, u32 classes) {
    const JsrsValue *operand = &v->values[value];
    return likely(v->classes[operand->type] & classes) ||
           fail_class(v, "value v%u is %S instead of %S", operand->id, operand->type, classes);
}

bool operand_converts(Validator *v, u32 value, u32 type, const char *what) {
    const JsrsValue *operand = &v->values[value];
    return jsrs_type_converts(v->module, operand->type, type) ||
           fail_type(v, "value v%u is %S and can't become the %S of %s", operand->id, operand->type, type, what);
}

// The instruction's own type must fit one of the classes.
bool instruction_fits(Validator *v, const JsrsInst *inst, u32 classes) {
    return likely(v->classes[inst->type] & classes) ||
           fail_class(v, "instruction %u has type %S instead of %S", v->inst, inst->type, classes);
}

bool instruction_converts(Validator *v, u32 from, u32 to, const char *what) {
    return jsrs_type_converts(v->module, from, to) ||
           fail_type(v, "instruction %u makes %S, which can't become the %S of %s", v->inst, from, to, what);
}

static bool check_icmp(Validator *v, const JsrsInst *inst) {
    u32 a = v->classes[v->values[inst->a].type], b = v->classes[v->values[inst->b].type];
    static const u16 comparable[] = {NUMBER, CLASS_PTR, CLASS_FN | CLASS_INT};
    for (u32 i = 0; i < countof(comparable); i++) {
        if ((a & comparable[i]) && (b & comparable[i])) return true;
    }
    const JsrsValue *x = &v->values[inst->a], *y = &v->values[inst->b];
    return fail_type(v, "cmp of v%u: %S and %S can't be compared%s", x->id, x->type, y->type, "");
}

static bool check_extension(Validator *v, const JsrsInst *inst) {
    if (!(v->classes[inst->type2] & NUMBER))
        return fail_class(v, "instruction %u: source type %S instead of %S", v->inst, inst->type2, NUMBER);
    return operand_converts(v, inst->a, inst->type2, "the source");
}

static bool check_bitcast(Validator *v, const JsrsInst *inst) {
    const JsrsValue *operand = &v->values[inst->a];
    return jsrs_type_bitcasts(v->module, operand->type, inst->type) ||
           fail_type(v, "value v%u is %S, whose bits can't be read as %S%s", operand->id, operand->type, inst->type,
                     "");
}

static bool check_gep(Validator *v, const JsrsInst *inst) {
    const u32 *list = v->module->lists.items + inst->list;
    for (u32 i = 0; i < inst->list_count; i++) {
        if (!operand_fits(v, list[i], CLASS_INT)) return false;
    }
    return true;
}

// The classes that the operands a and b and the declared type must fit; 0 = any.
static const u16 wanted[JSRS_OP_COUNT][3] = {
    [JSRS_ICONST] = {0, 0, CLASS_INT},
    [JSRS_FCONST] = {0, 0, CLASS_FLOAT},
    [JSRS_BCONST] = {0, 0, CLASS_BOOL},
    [JSRS_NULL] = {0, 0, CLASS_PTR},
    [JSRS_IADD] = {NUMBER, NUMBER, CLASS_INT},
    [JSRS_ISUB] = {NUMBER, NUMBER, CLASS_INT},
    [JSRS_IMUL] = {NUMBER, NUMBER, CLASS_INT},
    [JSRS_IDIV] = {NUMBER, NUMBER, CLASS_INT},
    [JSRS_IMOD] = {NUMBER, NUMBER, CLASS_INT},
    [JSRS_FADD] = {CLASS_FLOAT, CLASS_FLOAT, CLASS_FLOAT},
    [JSRS_FSUB] = {CLASS_FLOAT, CLASS_FLOAT, CLASS_FLOAT},
    [JSRS_FMUL] = {CLASS_FLOAT, CLASS_FLOAT, CLASS_FLOAT},
    [JSRS_FDIV] = {CLASS_FLOAT, CLASS_FLOAT, CLASS_FLOAT},
    [JSRS_INEG] = {NUMBER, 0, CLASS_INT},
    [JSRS_FNEG] = {CLASS_FLOAT, 0, CLASS_FLOAT},
    [JSRS_IAND] = {NUMBER, NUMBER, NUMBER},
    [JSRS_IOR] = {NUMBER, NUMBER, NUMBER},
    [JSRS_IXOR] = {NUMBER, NUMBER, NUMBER},
    [JSRS_ISHL] = {NUMBER, NUMBER, CLASS_INT},
    [JSRS_ISHR] = {NUMBER, NUMBER, CLASS_INT},
    [JSRS_ICMP] = {0, 0, CLASS_BOOL},
    [JSRS_FCMP] = {CLASS_FLOAT, CLASS_FLOAT, CLASS_BOOL},
    [JSRS_ALLOCA] = {0, 0, CLASS_PTR},
    [JSRS_LOAD] = {CLASS_PTR},
    [JSRS_STORE] = {CLASS_PTR},
    [JSRS_MEMCPY] = {CLASS_PTR, CLASS_PTR},
    [JSRS_GEP] = {CLASS_PTR, 0, CLASS_PTR},
    [JSRS_PTRADD] = {CLASS_PTR, CLASS_INT, CLASS_PTR},
    [JSRS_TRUNC] = {0, 0, CLASS_INT},
    [JSRS_SEXT] = {0, 0, CLASS_INT},
    [JSRS_ZEXT] = {0, 0, CLASS_INT},
    [JSRS_FPTOUI] = {CLASS_FLOAT, 0, CLASS_INT},
    [JSRS_FPTOSI] = {CLASS_FLOAT, 0, CLASS_INT},
    [JSRS_UITOFP] = {NUMBER, 0, CLASS_FLOAT},
    [JSRS_SITOFP] = {NUMBER, 0, CLASS_FLOAT},
    [JSRS_STRUCT_CREATE] = {0, 0, CLASS_STRUCT},
    [JSRS_STRUCT_GET] = {CLASS_STRUCT},
    [JSRS_ENUM_CREATE] = {0, 0, CLASS_ENUM},
    [JSRS_ENUM_GET_TAG] = {CLASS_ENUM, 0, CLASS_INT},
    [JSRS_ENUM_GET_DATA] = {CLASS_ENUM},
    [JSRS_SCONST] = {0, 0, CLASS_PTR},
    [JSRS_CALL_DYN] = {CLASS_FN | CLASS_INT},
};

// What classes do not say.
static bool check_rest(Validator *v, const JsrsInst *inst) {
    switch (inst->op) {
    case JSRS_ICMP: return check_icmp(v, inst);
    case JSRS_STORE: return operand_converts(v, inst->b, inst->type2, "the store");
    case JSRS_GEP: return check_gep(v, inst);
    case JSRS_TRUNC:
    case JSRS_SEXT:
    case JSRS_ZEXT: return check_extension(v, inst);
    case JSRS_BITCAST: return check_bitcast(v, inst);
    case JSRS_CALL: return validate_call(v, inst);
    case JSRS_STRUCT_CREATE: return validate_struct_create(v, inst);
    case JSRS_STRUCT_GET: return validate_struct_get(v, inst);
    case JSRS_ENUM_CREATE: return validate_enum_create(v, inst);
    case JSRS_ENUM_GET_DATA: return validate_enum_get_data(v, inst);
    }
    return true;
}

bool validate_operands(Validator *v, const JsrsInst *inst) {
    const u16 *classes = wanted[inst->op];
    return (!classes[0] || operand_fits(v, inst->a, classes[0])) &&
           (!classes[1] || operand_fits(v, inst->b, classes[1])) &&
           (!classes[2] || instruction_fits(v, inst, classes[2])) && check_rest(v, inst);
}
