// A run from start to end: limits, slices, what is known when it stops. See run.h.
#include "interp/run.h"

#include "interp/run_state.h"
#include "ir/eval.h"
#include "support/platform.h"

enum {
    DEFAULT_MEMORY = 256 * 1024 * 1024,
    DEFAULT_DEPTH = 200000,
    DEFAULT_EVENTS = 1000000,
    DEFAULT_TRACE_TEXT = 16 * 1024 * 1024,
    FIRST_REGISTERS = 4096,
    FIRST_RECORDS = 256,
    LEAST_SHARE = 8, // registers grow by this part of them or not at all
    ENTRY_BASE = 2,  // slots below the entry's frame, where its result goes
};

static void set_defaults(RunLimits *limits) {
    if (!limits->memory) limits->memory = DEFAULT_MEMORY;
    if (!limits->depth) limits->depth = DEFAULT_DEPTH;
    if (!limits->events) limits->events = DEFAULT_EVENTS;
    if (!limits->trace_text) limits->trace_text = DEFAULT_TRACE_TEXT;
}

static bool start_machine(Run *run) {
    const Program *program = run->program;
    const CodeFunction *entry = &program->functions.items[program->function_of[program->module->entry]];
    if (!memory_init(&run->memory, program->data, program->data_size, run->limits.memory)) return false;
    heap_init(&run->heap, &run->memory);
    if (run_grow_registers(run, ENTRY_BASE, entry->slots) != TRAP_NONE && !run->registers) return false;
    if (run_grow_records(run) != TRAP_NONE) return false;
    run->records[0] = (CallRecord){HALT_PC, ENTRY_BASE, 0};
    run->depth = 1;
    run->base = ENTRY_BASE;
    run->pc = entry->entry;
    return true;
}

Run *run_start(const Program *program, const RunLimits *limits, const TraceSource *trace_sources, Error *error) {
    Run *run = platform_reserve(sizeof(Run));
    if (!run) {
        error_out_of_memory(error);
        return NULL;
    }
    *run = (Run){.program = program, .limits = *limits, .state = RUN_BUDGET, .trace_sources = trace_sources};
    set_defaults(&run->limits);
    buf_init(&run->output, 0);
    buf_init(&run->trace_text, 0);
    u64 refusals = platform_refusals();
    if (!start_machine(run)) {
        run_free(run);
        // Nothing was refused by the machine: the guest's own limit is too small even for the first frame.
        if (platform_refusals() != refusals) error_out_of_memory(error);
        else
            error_set(error, ERR_EXECUTE, NOWHERE,
                      "memory limit reached: the program needs more than %U bytes to start", limits->memory);
        return NULL;
    }
    if (program->traced) trace_enter(run, run->pc, run->depth);
    return run;
}

void run_free(Run *run) {
    platform_release(run->registers, (size_t)run->register_count * sizeof(u64));
    platform_release(run->records, (size_t)run->record_count * sizeof(CallRecord));
    platform_release(run->events, (size_t)run->event_capacity * sizeof(TraceEvent));
    heap_free_all(&run->heap);
    memory_free(&run->memory);
    buf_free(&run->output);
    buf_free(&run->trace_text);
    platform_release(run, sizeof(Run));
}

// ---- growing ----

TrapKind run_grow_registers(Run *run, u32 base, u32 slots) {
    u64 have = run->register_count, need = (u64)base + slots, least = have + have / LEAST_SHARE, count = have * 2;
    if (count < FIRST_REGISTERS) count = FIRST_REGISTERS;
    if (least < need) least = need;
    if (count < least) count = least;
    if (count > UINT32_MAX / sizeof(u64)) return TRAP_STACK;
    // Twice as much may be over the limit. In small steps towards it each would copy all that there is.
    while (!memory_charge(&run->memory, (count - have) * sizeof(u64))) {
        if (count == least) return TRAP_STACK;
        count = least + (count - least) / 2;
    }
    u64 *grown = platform_reserve((size_t)count * sizeof(u64));
    if (!grown) return TRAP_STACK;
    if (run->registers) {
        mem_copy(grown, run->registers, (size_t)run->register_count * sizeof(u64));
        platform_release(run->registers, (size_t)run->register_count * sizeof(u64));
    }
    run->registers = grown;
    run->register_count = (u32)count;
    return TRAP_NONE;
}

TrapKind run_grow_records(Run *run) {
    u64 limit = (u64)run->limits.depth + 1, count = (u64)run->record_count * 2; // the first record is the host's
    if (count < FIRST_RECORDS) count = FIRST_RECORDS;
    if (count > limit) count = limit;
    if (count <= run->record_count) {
        // Those of calls inlined where one goes too deep count as used (depth_peak), too.
        CallRecord *last = &run->records[run->record_count - 1];
        if (!last->pc) last->pc = HALT_PC;
        return TRAP_STACK;
    }
    if (count > UINT32_MAX / sizeof(CallRecord)) return TRAP_STACK;
    if (!memory_charge(&run->memory, (count - run->record_count) * sizeof(CallRecord))) return TRAP_STACK;
    CallRecord *grown = platform_reserve((size_t)count * sizeof(CallRecord));
    if (!grown) return TRAP_STACK;
    if (run->records) {
        mem_copy(grown, run->records, (size_t)run->record_count * sizeof(CallRecord));
        platform_release(run->records, (size_t)run->record_count * sizeof(CallRecord));
    }
    run->records = grown;
    run->record_count = (u32)count;
    return TRAP_NONE;
}

TrapKind run_bad_address(u64 address) { return address < NULL_GUARD ? TRAP_NULL_POINTER : TRAP_BAD_POINTER; }

// ---- slices ----

static i32 pending_at(const Run *run, u32 pc) {
    const CodeSite *site = program_site(run->program, pc);
    return site ? site->steps : 0;
}

enum { CALL_WORDS = 2 };
#define SLICE_MOST ((u64)1 << 62) // room above for edges that give steps back

// Steps that have begun in the activations that a trap ends, and are not charged.
static i64 pending_steps(const Run *run) {
    i64 sum = pending_at(run, run->trap_pc);
    for (u32 i = run->depth; i > 1; i -= 1 + run->records[i - 1].inlined)
        sum += pending_at(run, run->records[i - 1].pc - CALL_WORDS);
    return sum;
}

// Address checks may be done later than the source has them (select_memory.c): where one that came first would fail too,
// that is the trap.
static void find_first_trap(Run *run) {
    const CodeSite *site = program_site(run->program, run->trap_pc);
    for (u32 i = 0; site && i < site->sunk_count; i++) {
        u32 entry = run->program->sunk.items[site->sunk + i];
        TrapKind trap = run_check_access(run, entry);
        if (trap == TRAP_NONE) continue;
        run->trap = trap;
        run->trap_pc = entry & ROW_CHECK ? (entry & ~ROW_CHECK) + 1 : entry;
        return;
    }
}

static void fail(Run *run, TrapKind trap) {
    run->state = RUN_TRAPPED;
    run->trap = trap;
    run->trap_pc = run->pc;
}

RunState run_resume(Run *run, u64 steps) {
    if (run->state == RUN_DONE || run->state == RUN_TRAPPED) return run->state;
    if (run->stop) {
        fail(run, TRAP_STOPPED);
        return run->state;
    }
    u64 slice = steps && steps < SLICE_MOST ? steps : SLICE_MOST;
    if (run->limits.steps) {
        u64 spent = run->steps + run->idle;
        u64 left = run->limits.steps > spent ? run->limits.steps - spent : 0;
        if (left < slice) slice = left;
    }
    run->granted = run->fuel = (i64)slice;
    run->ticks = 0;
    run->output_pause = run->output.len + OUTPUT_SLICE;
    if (run->program->traced) exec_run_traced(run);
    else exec_run(run);
    run->steps += (u64)(run->granted - run->fuel - run->ticks);
    run->idle += (u64)run->ticks;
    if (run->state == RUN_TRAPPED) {
        find_first_trap(run);
        run->steps += (u64)pending_steps(run);
    } else if (run->state == RUN_BUDGET && run->pc == HALT_PC) {
        run->state = RUN_DONE;
    } else if (run->state == RUN_BUDGET && run->limits.steps && run->steps + run->idle >= run->limits.steps) {
        fail(run, TRAP_STEP_LIMIT);
    }
    // Code without loops and calls is charged where it ends.
    if (run->state == RUN_DONE && run->limits.steps && run->steps > run->limits.steps) fail(run, TRAP_STEP_LIMIT);
    return run->state;
}

void run_stop(Run *run) { run->stop = true; }

// ---- what a host may ask ----

Buf *run_output(Run *run) { return &run->output; }
Buf *run_trace_text(Run *run) { return &run->trace_text; }

const TraceEvent *run_events(const Run *run, u64 *count) {
    *count = run->event_count;
    return run->events;
}

// Records above the current depth keep what they last held, and those never used are zero.
static u32 depth_peak(const Run *run) {
    u32 peak = run->record_count;
    while (peak > run->depth && !run->records[peak - 1].pc) peak--;
    return peak;
}

// A run that a limit ended has made as many steps as it might: those of a stretch are charged at once, and may pass it.
u64 run_steps(const Run *run) {
    bool limited = run->state == RUN_TRAPPED && run->trap == TRAP_STEP_LIMIT && run->steps > run->limits.steps;
    return limited ? run->limits.steps : run->steps;
}

RunStats run_stats(const Run *run) {
    return (RunStats){
        .steps = run_steps(run),
        .calls = run->calls,
        .output_bytes = run->output_total,
        .memory_peak = run->memory.top + run->memory.other,
        .depth_peak = depth_peak(run),
        .events_dropped = run->events_dropped,
    };
}

bool run_exit_value(const Run *run, i64 *value) {
    IrType type = run->program->module->entry_type;
    *value = 0;
    if (run->state != RUN_DONE || !ir_is_int(type)) return false;
    *value = (i64)run->registers[0];
    return true;
}

TrapKind run_trap(const Run *run) { return run->state == RUN_TRAPPED ? run->trap : TRAP_NONE; }

// Appends the frames that an instruction stands for: itself and the calls it was inlined at.
static u32 add_frames(const Run *run, u32 pc, RunFrame *out, u32 capacity, u32 count) {
    const IrModule *module = run->program->module;
    const CodeSite *entry = program_site(run->program, pc);
    u32 site = entry && entry->site ? entry->site : program_place_near(run->program, pc);
    do {
        if (count < capacity) out[count].site = site;
        count++;
        site = module->sites.items[site].inlined_at;
    } while (site);
    return count;
}

u32 run_frames(const Run *run, RunFrame *out, u32 capacity) {
    if (run->state != RUN_TRAPPED) return 0;
    u32 count = add_frames(run, run->trap_pc, out, capacity, 0);
    for (u32 i = run->depth; i > 1; i -= 1 + run->records[i - 1].inlined)
        count = add_frames(run, run->records[i - 1].pc - CALL_WORDS, out, capacity, count);
    return count;
}

const u8 *run_guest(const Run *run, u64 address, u64 size) {
    return memory_contains(&run->memory, address, size) ? run->memory.bytes + address : NULL;
}
