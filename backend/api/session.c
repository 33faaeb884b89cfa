// The life of a loaded file: load (decode, validate), start (lower, optimise, translate), resume until the end. Compiling
// it, in place of a start, is in compile.c.
// Every failure ends in session->error and session->message; nothing of one run is seen by the next (spec jsrs.md 17).
#include "api/session.h"

#include "api/report.h"
#include "jsrs/jsrs.h"
#include "opt/pipeline.h"
#include "support/platform.h"

// Limits where the host gives none. A contract run keeps all of its output and must end in bounded memory.
static const u64 MEMORY_DEFAULT = (u64)256 << 20;
static const u64 EVENTS_DEFAULT = 1000000;
static const u64 CONTRACT_OUTPUT_MOST = (u64)256 << 20;
// A contract run is resumed in slices: V8 replaces its baseline code only when a function is called anew.
enum { CONTRACT_SLICE = 1 << 20 };
// With OPTION_STOP_WHEN_FULL, so many steps pass at most between the last event kept and the stop.
enum { FULL_CHECK_SLICE = 1 << 12 };

struct SessionBuffer {
    SessionBuffer *older;
    size_t size; // header included
};
enum { BUFFER_HEADER = (sizeof(SessionBuffer) + 15) & ~15 };

// ---- life ----

static void restore_options(Session *s) {
    mem_zero(s->options, sizeof s->options);
    s->options[OPTION_VALIDATE] = 1;
    s->options[OPTION_OPTIMISE] = 1;
    s->options[OPTION_LEVEL] = 1;
    s->options[OPTION_CODEGEN] = CODEGEN_MAP;
}

static void clear_result(Session *s) {
    error_clear(&s->error);
    s->has_exit_value = false;
    s->exit_value = 0;
    s->gives_exit_value = false;
    s->message = (Buf){.data = s->message_bytes, .capacity = SESSION_MESSAGE_MAX, .limit = SESSION_MESSAGE_MAX};
    buf_free(&s->output);
    buf_free(&s->text);
    buf_free(&s->wasm);
    buf_free(&s->origins);
}

static void drop_run(Session *s) {
    if (s->run) run_free(s->run);
    s->run = NULL;
    s->program = NULL;
    s->entry = (Str){0};
    s->ir = (IrModule){0};
    arena_free(&s->run_arena);
}

static void drop_file(Session *s) {
    drop_run(s);
    s->module = (JsrsModule){0};
    s->decoded = s->loaded = false;
    arena_free(&s->file_arena);
}

void session_init(Session *s) {
    *s = (Session){0};
    restore_options(s);
    clear_result(s);
}

void session_reset(Session *s) {
    clear_result(s);
    drop_file(s);
    while (s->buffers) {
        SessionBuffer *older = s->buffers->older;
        platform_release(s->buffers, s->buffers->size);
        s->buffers = older;
    }
    session_init(s);
}

u8 *session_buffer(Session *s, size_t size) {
    size_t whole;
    if (size == 0 || add_overflows(size, (size_t)BUFFER_HEADER, &whole)) return NULL;
    SessionBuffer *buffer = platform_reserve(whole);
    if (!buffer) return NULL;
    *buffer = (SessionBuffer){s->buffers, whole};
    s->buffers = buffer;
    return (u8 *)buffer + BUFFER_HEADER;
}

bool session_option(Session *s, u32 key, u64 value) {
    if (key == 0 || key >= OPTION_END) return false;
    s->options[key] = value;
    return true;
}

// ---- load, start ----

ErrorCode session_conclude(Session *s) {
    buf_clear(&s->message);
    report_message(s, &s->message);
    return s->error.code;
}

ErrorCode session_fail(Session *s, ErrorCode code, const char *message) {
    clear_result(s);
    drop_file(s);
    (void)error_set(&s->error, code, NOWHERE, "%s", message);
    return session_conclude(s);
}

// An invalid file can still be listed, but validation has left ids of some functions resolved and of others not.
static void decode_again(Session *s, Str file) {
    drop_file(s);
    s->decoded = jsrs_decode(&s->module, &s->file_arena, file, &s->error);
}

ErrorCode session_load(Session *s, Str file) {
    clear_result(s);
    drop_file(s);
    s->decoded = jsrs_decode(&s->module, &s->file_arena, file, &s->error);
    s->loaded = s->decoded && jsrs_validate(&s->module, s->options[OPTION_VALIDATE] != 0, &s->error);
    if (s->decoded && !s->loaded) decode_again(s, file);
    return session_conclude(s);
}

// The text trace's numbers by source number: ids and opcodes as the file has them (spec jsrs.md 16).
static TraceSource *trace_sources(Session *s) {
    const JsrsModule *m = &s->module;
    TraceSource *sources = arena_new(&s->run_arena, TraceSource, m->site_count);
    if (!sources) return NULL;
    for (u32 f = 0; f < m->functions.count; f++) {
        const JsrsFunction *function = &m->functions.items[f];
        for (u32 b = 0; b < function->block_count; b++) {
            const JsrsBlock *block = &m->blocks.items[function->blocks + b];
            sources[block->site] = (TraceSource){block->id, 0, false};
            for (u32 i = 0; i < block->inst_count; i++) {
                const JsrsInst *inst = &m->insts.items[block->insts + i];
                bool has_result = inst->result != NO_INDEX;
                u32 result = has_result ? m->values.items[function->values + inst->result].id : 0;
                sources[block->site + 1 + i] = (TraceSource){inst->op, result, has_result};
            }
        }
    }
    return sources;
}

static RunLimits chosen_limits(const Session *s, u64 trace, bool contract) {
    const u64 *options = s->options;
    RunLimits limits = {
        .steps = options[OPTION_STEPS],
        .memory = options[OPTION_MEMORY] ? options[OPTION_MEMORY] : MEMORY_DEFAULT,
        .output = options[OPTION_OUTPUT],
        .depth = options[OPTION_DEPTH] < UINT32_MAX ? (u32)options[OPTION_DEPTH] : UINT32_MAX,
        .events = options[OPTION_EVENTS] ? options[OPTION_EVENTS] : EVENTS_DEFAULT,
        .trace_text = options[OPTION_TRACE_TEXT],
    };
    if (!(trace & TRACE_EVENTS)) limits.events = 1; // a traced run always keeps events: as few as can be
    if (contract && (limits.output == 0 || limits.output > CONTRACT_OUTPUT_MOST)) limits.output = CONTRACT_OUTPUT_MOST;
    return limits;
}

static bool keep_entry(Session *s, Str entry) {
    if (entry.len == 0) return true;
    u8 *copy = arena_new(&s->run_arena, u8, entry.len);
    if (!copy) return error_out_of_memory(&s->error);
    mem_copy(copy, entry.data, entry.len);
    s->entry = (Str){copy, entry.len};
    return true;
}

bool session_begin(Session *s, Str entry) {
    if (!s->loaded) { // what the load said stays the answer
        return s->error.code == ERR_OK && error_set(&s->error, ERR_INTERNAL, NOWHERE, "no file is loaded");
    }
    clear_result(s);
    drop_run(s);
    return keep_entry(s, entry);
}

static bool start(Session *s, u64 trace, bool contract) {
    static const OptOptions optimise = {0};
    bool traced = trace != 0;
    if (!session_lower(s, &s->ir, &s->run_arena, (LowerOptions){.traced = traced},
                       traced || !s->options[OPTION_OPTIMISE] ? NULL : &optimise, &s->error)) {
        return false;
    }
    s->program = interp_translate(&s->run_arena, &s->ir, traced, &s->error);
    if (!s->program) return false;
    TraceSource *sources = NULL;
    if (trace & TRACE_TEXT) {
        sources = trace_sources(s);
        if (!sources) return error_out_of_memory(&s->error);
    }
    s->trace = trace;
    s->limits = chosen_limits(s, trace, contract);
    s->refusals = platform_refusals();
    s->run = run_start(s->program, &s->limits, sources, &s->error);
    s->state = RUN_BUDGET;
    return s->run != NULL;
}

static ErrorCode start_and_conclude(Session *s, Str entry, u64 trace, bool contract) {
    if (session_begin(s, entry) && !start(s, trace, contract)) {
        if (s->run) run_free(s->run);
        s->run = NULL;
        // What fails without a word lacks memory.
        if (s->error.code == ERR_OK) (void)error_out_of_memory(&s->error);
    }
    return session_conclude(s);
}

ErrorCode session_start(Session *s, Str entry) { return start_and_conclude(s, entry, s->options[OPTION_TRACE], false); }

// ---- run ----

static void finish(Session *s, RunState state) {
    s->state = state;
    if (state == RUN_DONE) {
        s->has_exit_value = run_exit_value(s->run, &s->exit_value);
    } else {
        report_trap(s, &s->error);
    }
    (void)session_conclude(s);
}

static bool stop_when_full(const Session *s) { return s->options[OPTION_STOP_WHEN_FULL] && s->trace & TRACE_EVENTS; }

static bool events_full(const Session *s) {
    u64 count;
    run_events(s->run, &count);
    return count >= s->limits.events;
}

// Resumes in short slices and stops the run as soon as it has no room for events.
static RunState resume_until_full(Session *s, u64 steps) {
    u64 end = run_steps(s->run) + steps;
    for (;;) {
        u64 slice = FULL_CHECK_SLICE;
        if (steps != 0) {
            u64 done = run_steps(s->run);
            if (done >= end) return RUN_BUDGET;
            if (end - done < slice) slice = end - done;
        }
        if (events_full(s)) run_stop(s->run);
        RunState state = run_resume(s->run, slice);
        if (state != RUN_BUDGET || run_output(s->run)->len > 0) return state;
    }
}

RunState session_resume(Session *s, u64 steps) {
    if (!s->run) {
        if (s->error.code == ERR_OK) (void)error_set(&s->error, ERR_INTERNAL, NOWHERE, "no run was started");
        (void)session_conclude(s);
        return RUN_TRAPPED;
    }
    if (s->state == RUN_DONE || s->state == RUN_TRAPPED) return s->state;
    RunState state = stop_when_full(s) ? resume_until_full(s, steps) : run_resume(s->run, steps);
    if (state == RUN_DONE || state == RUN_TRAPPED) finish(s, state);
    return state;
}

void session_stop(Session *s) {
    if (s->run) run_stop(s->run);
}

static bool collect_output(Session *s) {
    Buf *fresh = run_output(s->run);
    buf_bytes(&s->output, fresh->data, fresh->len);
    buf_clear(fresh);
    return !s->output.failed;
}

ErrorCode session_run(Session *s, Str file, Str entry, bool trace) {
    if (session_load(s, file) != ERR_OK) return s->error.code;
    u64 traced = trace ? s->options[OPTION_TRACE] | TRACE_TEXT : 0;
    if (start_and_conclude(s, entry, traced, true) != ERR_OK) return s->error.code;
    for (;;) {
        RunState state = session_resume(s, CONTRACT_SLICE);
        if (!collect_output(s)) {
            drop_run(s);
            error_clear(&s->error);
            (void)error_set(&s->error, ERR_INTERNAL, NOWHERE, "out of memory after %U bytes of output",
                            (u64)s->output.len);
            return session_conclude(s);
        }
        if (state == RUN_DONE || state == RUN_TRAPPED) return s->error.code;
    }
}

// ---- results ----

Buf *session_output(Session *s) { return s->run && s->output.len == 0 ? run_output(s->run) : &s->output; }

Str session_trace_text(Session *s) {
    if (!s->run) return (Str){0};
    const Buf *text = run_trace_text(s->run);
    return (Str){text->data, (u32)text->len};
}

const TraceEvent *session_events(const Session *s, u64 *count) {
    *count = 0;
    return s->run && s->trace & TRACE_EVENTS ? run_events(s->run, count) : NULL;
}

u64 session_stat(const Session *s, u32 which) {
    RunStats stats = {0};
    u64 events = 0;
    if (s->run) {
        stats = run_stats(s->run);
        session_events(s, &events);
        if (!(s->trace & TRACE_EVENTS)) stats.events_dropped = 0;
    }
    switch (which) {
    case STAT_STEPS: return stats.steps;
    case STAT_CALLS: return stats.calls;
    case STAT_OUTPUT: return stats.output_bytes;
    case STAT_MEMORY_PEAK: return stats.memory_peak;
    case STAT_DEPTH_PEAK: return stats.depth_peak;
    case STAT_EVENTS: return events;
    case STAT_EVENTS_DROPPED: return stats.events_dropped;
    case STAT_BACKEND_BYTES: return platform_reserved();
    case STAT_BACKEND_PEAK: return platform_peak();
    case STAT_GIVES_EXIT_VALUE: return s->gives_exit_value;
    default: return 0;
    }
}
