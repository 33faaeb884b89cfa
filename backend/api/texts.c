// The texts that a host may ask for: report, module and listing, and those of the IR, which jsrust-interpreter.wasm has not.
#include "api/ir_texts.h"
#include "api/report.h"
#include "api/session.h"
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

bool session_lower(Session *s, IrModule *ir, Arena *arena, LowerOptions options, const OptOptions *optimise,
                   Error *error) {
    Arena scratch = {0};
    Str entry = s->entry.len ? s->entry : STR("main");
    bool made = jsrs_lower(ir, arena, &scratch, &s->module, entry, options, error) && verify(ir, &scratch, error);
    if (made && optimise) made = opt_run(ir, optimise, error) && verify(ir, &scratch, error);
    arena_free(&scratch);
    return made;
}

// What was decoded can be listed; what is valid too can be lowered.
static bool can_list(const Session *s, Error *error) {
    return s->decoded || error_set(error, ERR_INTERNAL, NOWHERE, "no file is loaded");
}

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
    case TEXT_ORIGINS: buf_bytes(&s->text, s->origins.data, s->origins.len); return true;
#ifdef ONLY_INTERPRETER
    default: return error_set(error, ERR_INTERNAL, NOWHERE, "there is no text %u", which);
#else
    default: return ir_text(s, which, error);
#endif
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
