// Arguments and results of calls (spec 11): InvalidOperand and TypeMismatch.
#include "jsrs/validate_operands.h"

#include "jsrs/call_targets.h"
#include "jsrs/type_rules.h"

static bool check_function_call(Validator *v, const JsrsInst *inst, const JsrsFunction *callee) {
    if (inst->list_count != callee->param_count) {
        Str name = v->module->strings.items[callee->name];
        return validate_fail(v, "InvalidOperand", "instruction %u passes %u arguments, function %S takes %u", v->inst,
                             inst->list_count, &name, callee->param_count);
    }
    const u32 *args = v->module->lists.items + inst->list;
    const JsrsParam *params = v->module->params.items + callee->params;
    for (u32 i = 0; i < inst->list_count; i++) {
        if (!operand_converts(v, args[i], params[i].type, "the parameter")) return false;
    }
    return instruction_converts(v, callee->result, inst->type, "the call");
}

typedef struct BuiltinSignature {
    const char *fixed, *repeated;
    u8 fixed_count, repeated_count;
    u8 result;
} BuiltinSignature;

static const BuiltinSignature signatures[BUILTIN_COUNT] = {
#define JSRS_BUILTIN(name, text, number, fixed, repeated, result) \
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
        Str name = jsrs_builtin_name(builtin);
        return validate_fail(v, "InvalidOperand",
                             "instruction %u passes %u arguments, which the builtin %S does not take", v->inst,
                             inst->list_count, &name);
    }
    const u32 *args = v->module->lists.items + inst->list;
    for (u32 i = 0; i < inst->list_count; i++) {
        char letter = i < s->fixed_count ? s->fixed[i] : s->repeated[(i - s->fixed_count) % s->repeated_count];
        if (!operand_fits(v, args[i], letter_classes(letter))) return false;
    }
    bool returns = builtin != BUILTIN_ASSERT_FAIL && builtin != BUILTIN_PANIC_BOUNDS_CHECK;
    return !returns || instruction_converts(v, s->result, inst->type, "the call");
}

bool validate_call(Validator *v, const JsrsInst *inst) {
    JsrsCallTarget target = jsrs_call_target(v->module, inst->number);
    if (target.function == NO_INDEX) return check_builtin_call(v, inst, (JsrsBuiltin)target.builtin);
    return check_function_call(v, inst, &v->module->functions.items[target.function]);
}
