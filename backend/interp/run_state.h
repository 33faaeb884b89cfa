// A run from the inside: what the loop, the services it calls (intrinsics.c), traces and run.c share. No host pointers
// lie in anything that the program can read; all of it can be copied as bytes (the blocks named here and their sizes).
#ifndef INTERP_RUN_STATE_H
#define INTERP_RUN_STATE_H

#include "interp/bytecode.h"
#include "interp/heap.h"

enum { OUTPUT_SLICE = 64 * 1024 }; // waiting output that ends a slice

// What a return needs to know of its caller.
typedef struct CallRecord {
    u32 pc;     // word behind the call
    u16 window; // slots between the two frame bases
    u16 inlined; // calls of the source that the caller's frame holds here: so many records below are theirs, and not used
} CallRecord;

struct Run {
    const Program *program;
    RunLimits limits;

    // The machine. The loop keeps copies of these while it runs.
    u32 pc;    // in words
    u32 base;  // slot where the frame begins
    u32 depth; // call records in use
    i64 fuel;  // steps left in this slice; below 1: pause at the next test
    u64 *registers;
    u32 register_count; // slots of storage
    CallRecord *records;
    u32 record_count; // records of storage; grows up to limits.depth

    GuestMemory memory;
    Heap heap;

    u64 steps;   // charged in earlier slices
    i64 granted; // fuel at the start of this slice
    i64 ticks;   // fuel used that was no step
    u64 idle;    // ticks of the slices before: a loop without steps ends at the step limit all the same
    u64 calls;
    RunState state;
    TrapKind trap;
    u32 trap_pc;
    bool stop;

    Buf output;
    u64 output_total;
    size_t output_pause; // length of `output` at which the slice ends

    const TraceSource *trace_sources;
    Buf trace_text;
    bool trace_full;
    TraceEvent *events;
    u64 event_count, event_capacity, events_dropped;
};

// The loop (loop.inc), untraced and traced: runs until the state is no longer RUN_BUDGET or a slice ends.
void exec_run(Run *run);
void exec_run_traced(Run *run);

// ---- slow paths and services of the loop. Those that can fail return why, or TRAP_NONE ----

// Makes room for a frame of `slots` from `base` on, or for more call records.
TrapKind run_grow_registers(Run *run, u32 base, u32 slots);
TrapKind run_grow_records(Run *run);
// What the address check of the access at `pc` would give with the registers as they are.
TrapKind run_check_access(const Run *run, u32 pc);
// The address of that element of the row which the access at `at` reaches, 0 when it would trap.
u64 run_element(const Run *run, const u64 *r, const u16 *at, u64 index, u32 size);
// An access failed its check: null, or somewhere else.
TrapKind run_bad_address(u64 address);

// Does further turns of the loop whose body ends with the REPEAT at `pc`; what they charge, which is less than `fuel`.
i64 run_repeat(const Run *run, u64 *r, const u16 *pc, i64 fuel);

// Append to the output. Past its limit what fits is kept: TRAP_OUTPUT_LIMIT.
TrapKind print_data(Run *run, u64 address);
TrapKind print_value(Run *run, IrType type, u64 low, u64 high);
TrapKind print_char(Run *run, u64 value);
TrapKind print_byte(Run *run, u64 value);

TrapKind run_copy(Run *run, u64 destination, u64 source, u64 bytes);
TrapKind run_fill(Run *run, u64 destination, u64 bytes);

// Traced runs: an event, and its line in the text.
void trace_enter(Run *run, u32 pc, u32 depth);
void trace_leave(Run *run, u32 pc);
void trace_block(Run *run, u32 source);
void trace_inst(Run *run, u32 source);
void trace_value(Run *run, u32 source, IrType type, u32 part, u64 low, u64 high);

#endif
