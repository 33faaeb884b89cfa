// The functions of exports.def: argument checks, then session.c. Pointers are i32 on wasm; natively, where the tests
// call these too, they are real ones. The one session of an instance is the only mutable state.
#include "api/session.h"
#include "support/platform.h"

static Session session;

// The host may call in any order; a session is usable from the first call on.
static Session *the_session(void) {
    if (!session.message.data) session_init(&session);
    return &session;
}

// A span from the host. False: it does not lie in memory, and the result says so.
static bool take_span(const u8 *start, size_t size, const char *fault, Str *out) {
    *out = (Str){start, (u32)size};
    if (platform_contains(start, size)) return true;
    session_fail(the_session(), ERR_INTERNAL, fault);
    return false;
}

static const char bad_input[] = "the input span lies outside memory";
static const char bad_entry[] = "the entry name's span lies outside memory";

// ---- the contract (spec jsrs.md 17) ----

u8 *jsrust_wasm_alloc(size_t size) { return session_buffer(the_session(), size); }

void jsrust_wasm_reset(void) { session_reset(the_session()); }

u32 jsrust_wasm_run(const u8 *input, size_t input_len, const u8 *entry, size_t entry_len, u32 trace_enabled) {
    Str file, name;
    if (!take_span(input, input_len, bad_input, &file) || !take_span(entry, entry_len, bad_entry, &name)) {
        return ERR_INTERNAL;
    }
    return session_run(the_session(), file, name, trace_enabled != 0);
}

u32 jsrust_wasm_result_code(void) { return the_session()->error.code; }
u32 jsrust_wasm_result_has_exit_value(void) { return the_session()->has_exit_value; }
i64 jsrust_wasm_result_exit_value(void) { return the_session()->exit_value; }
const u8 *jsrust_wasm_result_message_ptr(void) { return the_session()->message.data; }
size_t jsrust_wasm_result_message_len(void) { return the_session()->message.len; }
const u8 *jsrust_wasm_stdout_ptr(void) { return session_output(the_session())->data; }
size_t jsrust_wasm_stdout_len(void) { return session_output(the_session())->len; }
const u8 *jsrust_wasm_trace_ptr(void) { return session_trace_text(the_session()).data; }
size_t jsrust_wasm_trace_len(void) { return session_trace_text(the_session()).len; }

u32 jsrust_wasm_codegen(const u8 *input, size_t input_len, const u8 *entry, size_t entry_len) {
    Str file, name;
    if (!take_span(input, input_len, bad_input, &file) || !take_span(entry, entry_len, bad_entry, &name)) {
        return ERR_INTERNAL;
    }
    return session_codegen(the_session(), file, name);
}

const u8 *jsrust_wasm_codegen_wasm_ptr(void) { return the_session()->wasm.data; }
size_t jsrust_wasm_codegen_wasm_len(void) { return the_session()->wasm.len; }

// ---- this project's own ----

u32 jsrust_option(u32 key, i64 value) { return session_option(the_session(), key, (u64)value); }

u32 jsrust_load(const u8 *input, size_t input_len) {
    Str file;
    return take_span(input, input_len, bad_input, &file) ? session_load(the_session(), file) : ERR_INTERNAL;
}

u32 jsrust_start(const u8 *entry, size_t entry_len) {
    Str name;
    return take_span(entry, entry_len, bad_entry, &name) ? session_start(the_session(), name) : ERR_INTERNAL;
}

u32 jsrust_compile(const u8 *entry, size_t entry_len) {
    Str name;
    return take_span(entry, entry_len, bad_entry, &name) ? session_compile(the_session(), name) : ERR_INTERNAL;
}

u32 jsrust_resume(i64 steps) { return session_resume(the_session(), steps > 0 ? (u64)steps : 0); }
void jsrust_stop(void) { session_stop(the_session()); }
void jsrust_output_drain(void) { buf_clear(session_output(the_session())); }
i64 jsrust_stat(u32 which) { return (i64)session_stat(the_session(), which); }

const TraceEvent *jsrust_events_ptr(void) {
    u64 count;
    return session_events(the_session(), &count);
}

u32 jsrust_text(u32 which) { return session_text(the_session(), which); }
const u8 *jsrust_text_ptr(void) { return the_session()->text.data; }
size_t jsrust_text_len(void) { return the_session()->text.len; }
