// Who a function number means (spec 11.1): made once per module, asked by number.
#include "jsrs/call_targets.h"

typedef struct Builtin {
    Str name;
    u32 number;
} Builtin;

static const Builtin builtins[BUILTIN_COUNT] = {
#define JSRS_BUILTIN(name, text, number, fixed, repeated, result) {{(const u8 *)text, sizeof(text) - 1}, number},
#include "jsrs/builtins.def"
};

struct JsrsCallTargets {
    Map functions; // number -> index
};

u32 jsrs_function_number(Str name) {
    u32 h = 0;
    for (u32 i = 0; i < name.len; i++) h = h * 31 + name.data[i];
    u32 magnitude = h < 0x80000000u ? h : -h;
    return magnitude % 1000000;
}

Str jsrs_builtin_name(JsrsBuiltin builtin) { return builtins[builtin].name; }

static int find_builtin(u64 number) {
    for (int i = 0; i < BUILTIN_COUNT; i++) {
        if (builtins[i].number == number) return i;
    }
    return -1;
}

// `kind` of what has its number, NULL: a function of the same name.
static bool fail(const JsrsModule *module, u32 function, Error *error, const char *kind, Str other) {
    const JsrsFunction *f = &module->functions.items[function];
    Str name = jsrs_function_name(module, function);
    const char *format = kind ? "DuplicateDefinition: in function %S: its call number is that of %s %S too: %u"
                              : "DuplicateDefinition: in function %S: another function has this name";
    return error_set_rule(error, ERR_VALIDATE, "DuplicateDefinition", (Where){f->offset, function, NO_INDEX, NO_INDEX},
                          format, &name, kind, &other, f->number);
}

bool jsrs_call_targets_build(JsrsModule *module, Arena *scratch) {
    module->call_targets = arena_new(module->arena, struct JsrsCallTargets, 1);
    u32 *numbers = arena_new(scratch, u32, module->strings.count); // string id -> number + 1: each name is read once
    if (!module->call_targets || !numbers) return false;
    Map *functions = &module->call_targets->functions;
    for (u32 i = 0; i < module->functions.count; i++) {
        JsrsFunction *f = &module->functions.items[i];
        u32 *number = &numbers[f->name];
        if (*number == 0) *number = jsrs_function_number(module->strings.items[f->name]) + 1;
        f->number = *number - 1;
        if (map_get(functions, f->number) != MAP_NONE) continue; // the first one wins until the names are checked
        if (!map_set(module->arena, functions, f->number, i)) return false;
    }
    return true;
}

static bool check_name(const JsrsModule *module, u32 function, Error *error) {
    u32 number = module->functions.items[function].number;
    Str name = jsrs_function_name(module, function);
    u32 first = jsrs_call_target(module, number).function;
    if (first != function) {
        Str other = jsrs_function_name(module, first);
        return fail(module, function, error, str_equal(name, other) ? NULL : "function", other);
    }
    int builtin = find_builtin(number);
    if (builtin < 0 || str_equal(name, builtins[builtin].name)) return true;
    return fail(module, function, error, "the builtin", builtins[builtin].name);
}

bool jsrs_check_names(const JsrsModule *module, Error *error) {
    for (u32 f = 0; f < module->functions.count; f++) {
        if (!check_name(module, f, error)) return false;
    }
    return true;
}

JsrsCallTarget jsrs_call_target(const JsrsModule *module, u64 number) {
    u32 function = map_get(&module->call_targets->functions, number);
    return (JsrsCallTarget){function, function == NO_INDEX ? find_builtin(number) : -1};
}
