// What one input goes through, for libFuzzer (jsrs_fuzz.c) and for the mutator (mutate.c): load, list, encode back, run
// traced and untraced within small limits, compile in one of the ways there are and read the module back. Returns; a fault
// shows as a sanitiser's report or an abort here.
#ifndef TESTS_JSRS_CASE_H
#define TESTS_JSRS_CASE_H

#include <stdio.h>
#include <stdlib.h>

#include "api/session.h"
#include "api/tools_state.h"
#include "jsrs/jsrs.h"
#include "support/map.h"
#include "support/platform.h"

enum {
    CASE_STEPS = 20000,
    CASE_MEMORY = 4 << 20,
    CASE_OUTPUT = 1 << 16,
    CASE_DEPTH = 500,
    CASE_EVENTS = 5000,
    CASE_SLICE = 7000,
    CASE_SLICES = 100 // many times what the steps allow: output ends slices too
};

#define CASE_EXPECT(condition)                                              \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                        \
        }                                                                   \
    } while (0)

// How a run ended, as far as all ways of running must agree.
typedef struct CaseResult {
    ErrorCode code;
    bool limited; // by a limit, which the optimiser may move: nothing can be compared
    bool has_exit_value;
    i64 exit_value;
    Buf output;
} CaseResult;

static inline CaseResult case_run(Session *s, Str entry, u64 trace, u64 optimise) {
    CaseResult result = {0};
    session_option(s, OPTION_TRACE, trace);
    session_option(s, OPTION_OPTIMISE, optimise);
    if (session_start(s, entry) == ERR_OK) {
        RunState state = RUN_BUDGET;
        for (u32 slices = 0; state == RUN_BUDGET; slices++) {
            CASE_EXPECT(slices < CASE_SLICES); // the step limit ends every run
            state = session_resume(s, CASE_SLICE);
            Buf *fresh = session_output(s);
            buf_bytes(&result.output, fresh->data, fresh->len);
            buf_clear(fresh);
        }
        CASE_EXPECT(state == RUN_DONE || state == RUN_TRAPPED);
        if (state == RUN_TRAPPED) {
            TrapKind trap = run_trap(s->run);
            result.limited = trap == TRAP_STEP_LIMIT || trap == TRAP_MEMORY || trap == TRAP_STACK ||
                             trap == TRAP_OUTPUT_LIMIT;
        }
    }
    if (!s->run) result.limited = true; // variables larger than memory, which the optimiser may have removed
    CASE_EXPECT(s->message.len > 0);
    CASE_EXPECT(session_text(s, TEXT_REPORT) == ERR_OK);
    result.code = s->error.code;
    CASE_EXPECT(result.code != ERR_INTERNAL); // memory does not run out here, and the IR verifies
    result.has_exit_value = s->has_exit_value;
    result.exit_value = s->exit_value;
    return result;
}

static inline bool case_agree(const CaseResult *a, const CaseResult *b) {
    if (a->limited || b->limited) return true;
    return a->code == b->code && a->has_exit_value == b->has_exit_value && a->exit_value == b->exit_value &&
           a->output.len == b->output.len &&
           (a->output.len == 0 || mem_equal(a->output.data, b->output.data, a->output.len));
}

static inline void case_encode(const Session *s, Str file) {
    Buf bytes = {0};
    Error error;
    error_clear(&error);
    CASE_EXPECT(jsrs_encode(&s->module, &bytes, &error));
    CASE_EXPECT(bytes.len == file.len && mem_equal(bytes.data, file.data, file.len));
    buf_free(&bytes);
}

// Where the mutator keeps some of the compiled modules, each behind its length, for an engine to look at; NULL = nowhere.
enum { CASE_SAMPLED = 10 }; // one in so many
static FILE *case_samples;

static inline void case_sample(const Buf *wasm) {
    static u32 seen;
    u32 len = (u32)wasm->len;
    if (!case_samples || seen++ % CASE_SAMPLED) return;
    CASE_EXPECT(fwrite(&len, sizeof len, 1, case_samples) == 1);
    CASE_EXPECT(fwrite(wasm->data, 1, len, case_samples) == len);
}

// The module that an input becomes, by level, adapter and options that its bytes choose: it is made, or the reason is one
// that a program may give, and our reader takes it.
static inline void case_compile(Session *s, Str file, Str entry) {
    u64 way = hash_bytes(file.data, file.len);
    session_option(s, OPTION_LEVEL, way >> 8 & 3);
    session_option(s, OPTION_ADAPTER, way >> 10 & 1);
    session_option(s, OPTION_CODEGEN, way >> 11 & (CODEGEN_NAMES | CODEGEN_MAP | CODEGEN_BLOCK_WRITE | CODEGEN_MVP));
    ErrorCode code = session_compile(s, entry);
    CASE_EXPECT(s->message.len > 0);
    CASE_EXPECT(code == ERR_OK || code == ERR_VALIDATE || code == ERR_EXECUTE);
    if (code != ERR_OK) return;
    Tools tools = {0};
    CASE_EXPECT(tools_open(&tools, (Str){s->wasm.data, (u32)s->wasm.len}) == ERR_OK);
    tools_close(&tools);
    case_sample(&s->wasm);
}

// Returns the code of the untraced, optimised run, or of what failed before it. `all_ways`: also lists it, runs it
// unoptimised and traced, and compares; that is two thirds of the time of an input that runs.
static inline ErrorCode case_input(Str file, bool validate, bool all_ways) {
    size_t before = platform_reserved();
    Session session, *s = &session;
    session_init(s);
    session_option(s, OPTION_VALIDATE, validate);
    session_option(s, OPTION_STEPS, CASE_STEPS);
    session_option(s, OPTION_MEMORY, CASE_MEMORY);
    session_option(s, OPTION_OUTPUT, CASE_OUTPUT);
    session_option(s, OPTION_DEPTH, CASE_DEPTH);
    session_option(s, OPTION_EVENTS, CASE_EVENTS);
    ErrorCode code = session_load(s, file);
    CASE_EXPECT(session_text(s, TEXT_REPORT) == ERR_OK);
    if (s->decoded) {
        if (all_ways) CASE_EXPECT(session_text(s, TEXT_MODULE) == ERR_OK && session_text(s, TEXT_LINES) == ERR_OK);
        case_encode(s, file);
    }
    if (s->loaded) {
        // The corpus starts at `main` or at `go`.
        Str entry = STR("main");
        CaseResult optimised = case_run(s, entry, 0, 1);
        if (optimised.code == ERR_EXECUTE && !s->run) entry = STR("go"), optimised = case_run(s, entry, 0, 1);
        if (all_ways) {
            CaseResult plain = case_run(s, entry, 0, 0), traced = case_run(s, entry, TRACE_TEXT | TRACE_EVENTS, 1);
            CASE_EXPECT(case_agree(&optimised, &plain));
            CASE_EXPECT(case_agree(&optimised, &traced));
            buf_free(&plain.output);
            buf_free(&traced.output);
        }
        case_compile(s, file, entry);
        code = optimised.code;
        buf_free(&optimised.output);
    }
    session_reset(s);
    CASE_EXPECT(platform_reserved() == before);
    return code;
}
#endif
