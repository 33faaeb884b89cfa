// Translating IR to bytecode and running it: resumable, limited, deterministic. All state of a run lies in memory that Run owns.
// A host drives it: run_start, then run_resume until it says RUN_DONE or RUN_TRAPPED, draining `output` between slices.
#ifndef INTERP_RUN_H
#define INTERP_RUN_H
#include "ir/module.h"
#include "support/buf.h"

typedef struct Program Program; // bytecode and its tables; lives in the arena given to interp_translate

// Translates every function reachable from module->entry. `traced`: keep MARK_* and use the traced loop. The module must outlive it.
Program *interp_translate(Arena *arena, const IrModule *module, bool traced, Error *error);
void interp_disassemble(Buf *out, const Program *program);

typedef enum RunState { RUN_DONE = 0, RUN_BUDGET = 1, RUN_INPUT = 2, RUN_TRAPPED = 3 } RunState;

typedef struct RunLimits {
    u64 steps;  // 0 = none; reaching it traps with TRAP_STEP_LIMIT
    u64 memory; // bytes of guest memory (stack slots, heap, register stack); 0 = the default of limits in run.c
    u64 output; // bytes printed in all; 0 = none; reaching it traps with TRAP_OUTPUT_LIMIT after the last byte that fits
    u32 depth;  // nested calls; 0 = the default (>= 10,000 of any function; memory may end it sooner)
    u64 events;     // trace events kept; 0 = the default
    u64 trace_text; // bytes of text trace kept; 0 = 16 MiB
} RunLimits;

// One event of the compact trace (traced runs). 16 bytes, little-endian, read by hosts as it lies.
typedef struct TraceEvent {
    u32 kind_site; // kind in the top 4 bits, the source number of the place (IrSite.source) in the lower 28
    u32 aux;       // ENTER, LEAVE: function index in the file; VALUE: IrType in the low byte, part number above it
    u64 value;     // VALUE: low 64 bits, extended as its type is; ENTER: call depth, the entry's is 1
} TraceEvent;
enum {
    EVENT_ENTER = 1,
    EVENT_LEAVE = 2,
    EVENT_BLOCK = 3,
    EVENT_INST = 4,
    EVENT_VALUE = 5,
    EVENT_VALUE_HIGH = 6 /* high half of a 128-bit VALUE */
};

// What the text trace needs of a place, by source number (spec jsrs.md 16).
typedef struct TraceSource {
    u32 number; // block: its id; instruction: its opcode
    u32 result; // instruction: its result id, if it has one: any number can be an id
    bool has_result;
} TraceSource;

typedef struct RunStats {
    u64 steps, calls, output_bytes;
    u64 memory_peak; // guest bytes
    u32 depth_peak;
    u64 events_dropped; // trace events past the limit
} RunStats;

typedef struct RunFrame {
    u32 site;
} RunFrame; // site of the call or of the trap, innermost first; inlined calls appear as frames

typedef struct Run Run;

// NULL with an error when memory is out. trace_sources may be NULL when not traced. Frees with run_free.
Run *run_start(const Program *program, const RunLimits *limits, const TraceSource *trace_sources, Error *error);
void run_free(Run *run);
// Runs for about `steps` more steps (0 = until the end), or until 64 KiB of output wait to be drained.
RunState run_resume(Run *run, u64 steps);
void run_stop(Run *run); // the next resume traps with TRAP_STOPPED

Buf *run_output(Run *run); // bytes printed and not drained; the host may buf_clear it between slices
Buf *run_trace_text(Run *run);
const TraceEvent *run_events(const Run *run, u64 *count);
u64 run_steps(const Run *run); // RunStats.steps alone, which is cheap
RunStats run_stats(const Run *run);
// After RUN_DONE: the entry's result, low 64 bits extended as its type is; false when it has none (not an integer).
bool run_exit_value(const Run *run, i64 *value);
// After RUN_TRAPPED: why, where, and the calls that led there (all of them; the caller cuts the text).
TrapKind run_trap(const Run *run);
u32 run_frames(const Run *run, RunFrame *out,
               u32 capacity); // returns how many there are; writes the innermost `capacity`
// Guest bytes at an address for debug views; NULL when the range is outside.
const u8 *run_guest(const Run *run, u64 address, u64 size);
#endif
