// Traces: the events that a stepper shows, and the contract's text (spec jsrs.md 16). Both are bounded; the run goes on.
#include "interp/run_state.h"
#include "support/platform.h"

enum { FIRST_EVENTS = 1024, KIND_SHIFT = 28 };

static bool grow_events(Run *run) {
    u64 capacity = run->event_capacity ? run->event_capacity * 2 : FIRST_EVENTS;
    if (capacity > run->limits.events) capacity = run->limits.events;
    if (capacity <= run->event_count || capacity > SIZE_MAX / sizeof(TraceEvent)) return false;
    TraceEvent *grown = platform_reserve((size_t)capacity * sizeof(TraceEvent));
    if (!grown) return false;
    if (run->events) {
        mem_copy(grown, run->events, (size_t)run->event_count * sizeof(TraceEvent));
        platform_release(run->events, (size_t)run->event_capacity * sizeof(TraceEvent));
    }
    run->events = grown;
    run->event_capacity = capacity;
    return true;
}

static void add_event(Run *run, u32 kind, u32 source, u32 aux, u64 value) {
    // Nothing follows a dropped event, so that what is kept has no holes.
    if (run->events_dropped || (run->event_count == run->event_capacity && !grow_events(run))) {
        run->events_dropped++;
        return;
    }
    run->events[run->event_count++] = (TraceEvent){kind << KIND_SHIFT | source, aux, value};
}

// Ends the text with a line that says so when another line does not fit.
static void add_line(Run *run, const u8 *line, u32 len) {
    if (run->trace_full) return;
    if (run->trace_text.len + len > run->limits.trace_text) {
        run->trace_full = true;
        buf_format(&run->trace_text, "trace limit reached (%U bytes)\n", run->limits.trace_text);
        return;
    }
    buf_bytes(&run->trace_text, line, len);
}

enum { LINE_MAX = 48 };

static u32 put_text(u8 *line, u32 at, const char *text) {
    while (*text) line[at++] = (u8)*text++;
    return at;
}

static u32 put_number(u8 *line, u32 at, u32 number) {
    u8 digits[10];
    u32 count = 0;
    do digits[count++] = (u8)('0' + number % 10);
    while (number /= 10);
    while (count) line[at++] = digits[--count];
    return at;
}

void trace_enter(Run *run, u32 pc, u32 depth) {
    const CodeFunction *function = program_function_at(run->program, pc);
    add_event(run, EVENT_ENTER, 0, function ? function->source : NO_INDEX, depth);
}

void trace_leave(Run *run, u32 pc) {
    const CodeFunction *function = program_function_at(run->program, pc);
    add_event(run, EVENT_LEAVE, 0, function ? function->source : NO_INDEX, 0);
}

void trace_block(Run *run, u32 source) {
    add_event(run, EVENT_BLOCK, source, 0, 0);
    if (!run->trace_sources) return;
    u8 line[LINE_MAX];
    u32 len = put_text(line, 0, "block ");
    len = put_number(line, len, run->trace_sources[source].number);
    line[len++] = '\n';
    add_line(run, line, len);
}

void trace_inst(Run *run, u32 source) {
    add_event(run, EVENT_INST, source, 0, 0);
    if (!run->trace_sources) return;
    TraceSource what = run->trace_sources[source];
    u8 line[LINE_MAX];
    u32 len = put_text(line, 0, "inst ");
    len = put_number(line, len, what.number);
    if (what.has_result) {
        len = put_text(line, len, " -> v");
        len = put_number(line, len, what.result);
    }
    line[len++] = '\n';
    add_line(run, line, len);
}

void trace_value(Run *run, u32 source, IrType type, u32 part, u64 low, u64 high) {
    u32 aux = (u32)type | part << 8;
    add_event(run, EVENT_VALUE, source, aux, low);
    if (ir_type_info[type].size == 16) add_event(run, EVENT_VALUE_HIGH, source, aux, high);
}
