// Validation's table of contents (spec 15): the whole module, function by function; the first failure ends it.
#include "jsrs/validate.h"

#include "jsrs/call_targets.h"
#include "jsrs/type_rules.h"
#include "support/format.h"

static Where place(const Validator *v) {
    if (v->block == NO_INDEX) return (Where){v->f->offset, v->function, NO_INDEX, NO_INDEX};
    const JsrsBlock *block = &v->blocks[v->block];
    u32 offset = block->offset;
    if (v->inst == block->inst_count) offset = block->term.offset;
    if (v->inst < block->inst_count) offset = v->module->insts.items[block->insts + v->inst].offset;
    return (Where){offset, v->function, block->id, v->inst};
}

bool validate_fail(Validator *v, const char *rule, const char *format, ...) {
    Where where = place(v);
    Str name = jsrs_function_name(v->module, v->function);
    FormatArgs args;
    va_start(args.list, format);
    if (where.block == NO_INDEX) {
        error_set_rule(v->error, ERR_VALIDATE, rule, where, "%s: in function %S: ", rule, &name);
    } else {
        error_set_rule(v->error, ERR_VALIDATE, rule, where, "%s: in function %S, block %u: ", rule, &name, where.block);
    }
    error_add_args(v->error, format, &args);
    va_end(args.list);
    return false;
}

static bool validate_function(Validator *v, u32 function, bool check_types) {
    v->function = function;
    v->f = &v->module->functions.items[function];
    v->blocks = v->module->blocks.items + v->f->blocks;
    v->block = v->inst = NO_INDEX;
    return validate_blocks(v) && validate_ids(v) && validate_types(v, check_types);
}

// Every value comes from a parameter or an instruction, so their lists bound the values. One more is reserved, so that
// there is storage even for none.
static bool prepare(Validator *v) {
    JsrsModule *module = v->module;
    u32 most;
    if (add_overflows(module->params.count, module->insts.count, &most) || add_overflows(most, 1u, &most)) return false;
    v->classes = arena_new(&v->scratch, u16, module->types.count);
    if (!v->classes || !vec_reserve(module->arena, &module->values, most)) return false;
    for (u32 i = 0; i < module->types.count; i++) v->classes[i] = (u16)jsrs_type_classes(&module->types.items[i]);
    return true;
}

// Half of the ids are indices when a rule is broken. Reading the file again is simpler than undoing that, and only
// invalid files pay for it; where memory does not suffice, the module is left without content.
static void restore_ids(JsrsModule *module) {
    Error ignored;
    error_clear(&ignored);
    Arena *arena = module->arena;
    Str file = module->file;
    if (!jsrs_decode(module, arena, file, &ignored)) *module = (JsrsModule){.arena = arena, .file = file};
}

static bool validate(JsrsModule *module, bool check_types, Error *error) {
    Validator v = {.module = module, .error = error};
    arena_init(&v.scratch, module->arena->limit);
    bool good = jsrs_check_names(module, error) && prepare(&v);
    for (u32 f = 0; good && f < module->functions.count; f++) good = validate_function(&v, f, check_types);
    arena_free(&v.scratch);
    return good || error_out_of_memory(error); // the first error stays
}

bool jsrs_validate(JsrsModule *module, bool check_types, Error *error) {
    module->resolved = validate(module, check_types, error);
    if (!module->resolved) restore_ids(module);
    return module->resolved;
}
