// Texts of the IR, pass by pass, and bytecode. They are made anew from the file each time, because a run keeps only what it
// needs and optimises in place.
#include "api/ir_texts.h"

#include "interp/run.h"
#include "ir/text.h"

static void pass_names(Session *s, OptLevel level) {
    for (u32 i = 0; i < opt_pass_count(level); i++) buf_format(&s->text, "%s\n", opt_pass_name(level, i));
}

static void function_names(Session *s, const IrModule *ir) {
    for (u32 f = 1; f < ir->functions.count; f++) buf_format(&s->text, "%u %j\n", f, &ir->functions.items[f].name);
}

static bool bytecode(Session *s, IrModule *ir, Arena *arena, Error *error) {
    const Program *program = interp_translate(arena, ir, false, error);
    if (program) interp_disassemble(&s->text, program);
    return program != NULL;
}

// As the file says it, before any pass.
static bool is_as_lowered(const Session *s, u32 which) {
    if (which == TEXT_BYTECODE) return !s->options[OPTION_OPTIMISE];
    if (which == TEXT_IR_AFTER) return s->options[OPTION_PASS] == 0;
    return which != TEXT_IR_OPTIMISED;
}

static bool show(Session *s, u32 which, OptLevel level, IrModule *ir, Arena *arena, Error *error) {
    switch (which) {
    case TEXT_BYTECODE: return bytecode(s, ir, arena, error);
    case TEXT_IR_HISTORY: return function_history(s, ir, level, error);
    case TEXT_FUNCTIONS: function_names(s, ir); return true;
    default: ir_print(&s->text, ir); return true;
    }
}

bool ir_text(Session *s, u32 which, Error *error) {
    u64 chosen = s->options[OPTION_LEVEL], passes = s->options[OPTION_PASS];
    if (which > TEXT_IR_HISTORY) return error_set(error, ERR_INTERNAL, NOWHERE, "there is no text %u", which);
    if (chosen > OPT_OS - OPT_O0) return error_set(error, ERR_INTERNAL, NOWHERE, "there is no level %U", chosen);
    OptLevel level = (OptLevel)(OPT_O0 + chosen);
    if (which == TEXT_PASSES) {
        pass_names(s, level);
        return true;
    }
    if (!s->loaded) return error_set(error, ERR_INTERNAL, NOWHERE, "no valid file is loaded");
    OptOptions optimise = {.level = OPT_INTERP};
    if (which == TEXT_IR_AFTER) {
        optimise.level = level;
        optimise.pass_limit = passes < UINT32_MAX ? (u32)passes : UINT32_MAX;
    }
    Arena arena = {0};
    IrModule ir = {0};
    bool made = session_lower(s, &ir, &arena, (LowerOptions){0}, is_as_lowered(s, which) ? NULL : &optimise, error) &&
                show(s, which, level, &ir, &arena, error);
    arena_free(&arena);
    return made;
}
