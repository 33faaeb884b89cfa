// One host's work with the backend: a loaded file, its run, its texts. Limits come as options; reset leaves nothing.
// Lifetimes: the file's model lives until the next load; what a start makes (IR, bytecode, run) and what a compile makes
// (the WebAssembly module) until the next start, compile or load.
#ifndef API_SESSION_H
#define API_SESSION_H
#include "interp/run.h"
#include "ir/module.h"
#include "jsrs/lower.h"
#include "support/buf.h"

// Keys of jsrust_option. Numbers are part of the interface with runner/backend/backend.js.
enum {
    OPTION_STEPS = 1,           // step limit, 0 = none (the default)
    OPTION_MEMORY = 2,          // guest bytes, 0 = default (256 MiB)
    OPTION_OUTPUT = 3,          // output bytes in all, 0 = none; contract runs, whose output is kept whole: 256 MiB
    OPTION_DEPTH = 4,           // nested calls, 0 = default (a run: 200,000; compiled: see compile.c)
    OPTION_EVENTS = 5,          // trace events kept, 0 = default (1,000,000)
    OPTION_TRACE_TEXT = 6,      // text trace bytes kept, 0 = default (16 MiB)
    OPTION_VALIDATE = 7,        // 1 = all rules (default), 0 = only those that resolving needs
    OPTION_TRACE = 8,           // bit 0: text trace, bit 1: events; 0 = untraced (default)
    OPTION_OPTIMISE = 9,        // 1 (default) or 0; traced runs are never optimised
    OPTION_STOP_WHEN_FULL = 10, // 1: a traced run stops (state 3, trap "stopped") once the event limit is reached
    OPTION_LEVEL = 11,          // of compiling: 0 to 3 = O0, O1 (default), O2, Os
    OPTION_ADAPTER = 12,        // of compiling: 0 = jsrust (default), 1 = wasi
    OPTION_CODEGEN = 13,        // of compiling: bits CODEGEN_*; CODEGEN_MAP is the default
    OPTION_PASS = 14,           // of TEXT_IR_AFTER: how many passes of the level have run
    OPTION_FUNCTION = 15,       // of TEXT_IR_HISTORY: number of an IR function, 0 = the entry (the default)
    OPTION_END
};
enum { TRACE_TEXT = 1, TRACE_EVENTS = 2 }; // bits of OPTION_TRACE
// Bits of OPTION_CODEGEN, as CodegenOptions of codegen/codegen.h has them.
enum { CODEGEN_NAMES = 1, CODEGEN_MAP = 2, CODEGEN_BLOCK_WRITE = 4, CODEGEN_MVP = 8, CODEGEN_ORIGINS = 16 };

// jsrust_stat.
enum {
    STAT_STEPS,
    STAT_CALLS,
    STAT_OUTPUT,
    STAT_MEMORY_PEAK,
    STAT_DEPTH_PEAK,
    STAT_EVENTS,
    STAT_EVENTS_DROPPED,
    STAT_BACKEND_BYTES,
    STAT_BACKEND_PEAK,
    STAT_GIVES_EXIT_VALUE // 1: the entry of the compiled module returns an exit value
};

// jsrust_text.
enum {
    // JSON: {code, kind, rule, message, exitValue (string or null), position, stack, omitted}; position and each
    // frame of stack: {function, functionIndex, block, instruction, offset, site, text}, null where unknown (text = the
    // instruction's listing line, trimmed); stack innermost first, at most 20 with the middle cut: omitted counts what
    // was
    TEXT_REPORT,
    TEXT_MODULE,  // JSON of jsrs_describe
    TEXT_LISTING, // the file's own IR as text
    TEXT_LINES,   // u32 per source number: its line in the listing
    TEXT_IR,      // the internal IR as lowered, from the entry of the last start or compile (or `main`)
    TEXT_IR_OPTIMISED,
    TEXT_BYTECODE,  // of an untraced run with the present options
    TEXT_PASSES,    // names of the passes of OPTION_LEVEL in their order, one a line
    TEXT_IR_AFTER,  // the internal IR after the first OPTION_PASS of these passes
    TEXT_ORIGINS,   // of the compiled module, with CODEGEN_ORIGINS: CodegenOrigin, four u32 each
    TEXT_FUNCTIONS, // functions of the IR as lowered, one a line: number, blank, name as JSON
    // OPTION_FUNCTION through the passes of OPTION_LEVEL: `after 0`, a line end and its text as lowered, then the same of
    // each pass that changed it, by how many passes of the level have run. One that grows too long ends with
    // `cut` and the number of the first text that is left out
    TEXT_IR_HISTORY
};

enum { SESSION_MESSAGE_MAX = ERROR_MESSAGE_MAX + 320 };

typedef struct SessionBuffer SessionBuffer;

typedef struct Session {
    u64 options[OPTION_END];
    SessionBuffer *buffers; // handed out by session_buffer

    Arena file_arena; // owns the model
    JsrsModule module;
    bool decoded; // the model is whole: it can be listed
    bool loaded;  // and validated: it can be run

    Arena run_arena; // owns all from here to program
    Str entry;       // as last asked for; empty = main
    IrModule ir;
    const Program *program;
    Run *run;
    u64 trace;      // TRACE_* bits of the run
    RunState state; // what the run last said
    RunLimits limits;
    u64 refusals; // platform_refusals() when it started

    Error error;           // of the last load, start or run
    Buf wasm;              // the compiled module
    Buf origins;           // its CodegenOrigins
    bool gives_exit_value; // its entry does
    bool has_exit_value;
    i64 exit_value;
    u8 message_bytes[SESSION_MESSAGE_MAX];
    Buf message; // over message_bytes
    Buf output;  // of a contract run, whole
    Buf text;
} Session;

// A session starts zeroed and is then initialised.
void session_init(Session *session);
void session_reset(Session *session); // frees everything and restores the defaults

// Memory for the host to fill, valid until reset; NULL for size 0 and when memory is out.
u8 *session_buffer(Session *session, size_t size);
bool session_option(Session *session, u32 key, u64 value); // false: no such key

// Each gives the code, which session->error and session->message then explain.
ErrorCode session_load(Session *session, Str file); // the bytes must stay until the next load
ErrorCode session_start(Session *session, Str entry);
RunState session_resume(Session *session, u64 steps); // as run_resume; again at the end: the same answer
void session_stop(Session *session);
ErrorCode session_run(Session *session, Str file, Str entry, bool trace); // the contract's run, to its end
ErrorCode session_compile(Session *session, Str entry);                   // of the loaded file (compile.c)
ErrorCode session_codegen(Session *session, Str file, Str entry);         // the contract's: load and compile
// Ends whatever there was with an error that is not the program's; gives the code.
ErrorCode session_fail(Session *session, ErrorCode code, const char *message);

Buf *session_output(Session *session); // of a contract run all, otherwise what waits undrained
Str session_trace_text(Session *session);
const TraceEvent *session_events(const Session *session, u64 *count);
u64 session_stat(const Session *session, u32 which);

// Makes session->text (texts.c); after a failure it holds the reason instead, and the last result is untouched.
ErrorCode session_text(Session *session, u32 which);

// What starting and compiling share. Forgets what was made before and keeps the entry's name; false: nothing is loaded,
// or memory is out. `conclude` makes the message of what was done and gives its code.
bool session_begin(Session *session, Str entry) MUST_CHECK;
ErrorCode session_conclude(Session *session);

// Decoded file to IR, the path that every run, every compile and every debug view takes; `optimise` runs the passes.
typedef struct OptOptions OptOptions;
bool session_lower(Session *session, IrModule *ir, Arena *arena, LowerOptions options, const OptOptions *optimise,
                   Error *error) MUST_CHECK;
#endif
