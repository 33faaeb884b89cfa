// The texts that a host may ask for: report, module, listing, IR and bytecode. IR and bytecode are made anew from the
// file each time, because a run keeps only what it needs and optimises in place; jsrust-interpreter.wasm has none of them.
#include "api/history.h"
#include "api/report.h"
#include "api/session.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "jsrs/jsrs.h"
#include "jsrs/lower.h"
#include "opt/pipeline.h"

#ifdef TEST_BUILD
enum { VERIFY = true };
#else
enum { VERIFY = false };
#endif

// Test builds check every module, as lowered and as optimised.
static bool verify(const IrModule *ir, Arena *scratch, Error *error) {
    return !VERIFY || ir_verify(ir, scratch, error);
}

bool session_lower(Session *s, IrModule *ir, Arena *arena, bool traced, const OptOptions *optimise, Error *error) {
    Arena scratch = {0};
    LowerOptions options = {.traced = traced};
    Str entry = s->entry.len ? s->entry : STR("main");
    bool made = jsrs_lower(ir, arena, &scratch, &s->module, entry, options, error) && verify(ir, &scratch, error);
    if (made && optimise) made = opt_run(ir, optimise, error) && verify(ir, &scratch, error);
    arena_free(&scratch);
    return made;
}

#ifndef ONLY_INTERPRETER
static const OptOptions for_interpreter = {0};

static bool ir_text(Session *s, const OptOptions *optimise, Error *error) {
    Arena arena = {0};
    IrModule ir = {0};
    bool made = session_lower(s, &ir, &arena, false, optimise, error);
    if (made) ir_print(&s->text, &ir);
    arena_free(&arena);
    return made;
}

static void passes_text(Session *s, OptLevel level) {
    for (u32 i = 0; i < opt_pass_count(level); i++) buf_format(&s->text, "%s\n", opt_pass_name(level, i));
}

// A limit of 0 passes would be none, hence `as lowered` for it.
static bool ir_after_text(Session *s, OptLevel level, Error *error) {
    u64 passes = s->options[OPTION_PASS];
    OptOptions optimise = {.level = level, .pass_limit = passes < UINT32_MAX ? (u32)passes : UINT32_MAX};
    return ir_text(s, passes ? &optimise : NULL, error);
}

static bool level_text(Session *s, u32 which, Error *error) {
    u64 level = s->options[OPTION_LEVEL];
    if (level > OPT_OS - OPT_O0) return error_set(error, ERR_INTERNAL, NOWHERE, "there is no level %U", level);
    OptLevel chosen = (OptLevel)(OPT_O0 + level);
    if (which == TEXT_IR_AFTER) return ir_after_text(s, chosen, error);
    if (which == TEXT_IR_HISTORY) return function_history(s, chosen, error);
    passes_text(s, chosen);
    return true;
}

static bool bytecode_text(Session *s, Error *error) {
    Arena arena = {0};
    IrModule ir = {0};
    const Program *program = NULL;
    if (session_lower(s, &ir, &arena, false, s->options[OPTION_OPTIMISE] ? &for_interpreter : NULL, error)) {
        program = interp_translate(&arena, &ir, false, error);
    }
    if (program) interp_disassemble(&s->text, program);
    arena_free(&arena);
    return program != NULL;
}

static bool lowered_text(Session *s, u32 which, Error *error) {
    switch (which) {
    case TEXT_IR: return ir_text(s, NULL, error);
    case TEXT_IR_OPTIMISED: return ir_text(s, &for_interpreter, error);
    case TEXT_BYTECODE: return bytecode_text(s, error);
    case TEXT_FUNCTIONS: return function_list(s, error);
    default: return level_text(s, which, error);
    }
}
#endif

// What was decoded can be listed; what is valid too can be lowered.
static bool can_list(const Session *s, Error *error) {
    return s->decoded || error_set(error, ERR_INTERNAL, NOWHERE, "no file is loaded");
}

#ifndef ONLY_INTERPRETER
static bool can_lower(const Session *s, Error *error) {
    return s->loaded || error_set(error, ERR_INTERNAL, NOWHERE, "no valid file is loaded");
}
#endif

static bool make_text(Session *s, u32 which, Error *error) {
    switch (which) {
    case TEXT_REPORT: return report_json(s, &s->text) || error_out_of_memory(error);
    case TEXT_MODULE:
        if (!can_list(s, error)) return false;
        jsrs_describe(&s->module, &s->text);
        return true;
    case TEXT_LISTING:
        if (!can_list(s, error)) return false;
        jsrs_listing(&s->module, &s->text, NULL);
        return true;
    case TEXT_LINES: {
        if (!can_list(s, error)) return false;
        Buf listing = {0};
        jsrs_listing(&s->module, &listing, &s->text);
        buf_free(&listing);
        return true;
    }
#ifndef ONLY_INTERPRETER
    case TEXT_PASSES: return level_text(s, which, error);
    case TEXT_IR:
    case TEXT_IR_OPTIMISED:
    case TEXT_BYTECODE:
    case TEXT_IR_AFTER:
    case TEXT_IR_HISTORY:
    case TEXT_FUNCTIONS: return can_lower(s, error) && lowered_text(s, which, error);
    case TEXT_ORIGINS: buf_bytes(&s->text, s->origins.data, s->origins.len); return true;
#endif
    default: return error_set(error, ERR_INTERNAL, NOWHERE, "there is no text %u", which);
    }
}

ErrorCode session_text(Session *s, u32 which) {
    Error error;
    error_clear(&error);
    buf_free(&s->text);
    bool made = make_text(s, which, &error);
    if (made && s->text.failed) made = error_out_of_memory(&error);
    if (made) return ERR_OK;
    buf_free(&s->text);
    buf_bytes(&s->text, error.message, error.message_len);
    return error.code;
}
