// Messages and reports. A place is known from the file's reader (Where) or from a site of the IR; both become a Place.
#include "api/report.h"

#include "jsrs/jsrs.h"
#include "support/platform.h"

enum { STACK_SHOWN = 20 }; // frames in a report; of a deeper stack the first and last half

typedef struct Place {
    Where where;
    u32 site; // source number, NO_INDEX = unknown
} Place;

// ---- places ----

static const JsrsBlock *find_block(const JsrsModule *m, const JsrsFunction *function, u32 id) {
    for (u32 b = 0; b < function->block_count; b++) {
        const JsrsBlock *block = &m->blocks.items[function->blocks + b];
        if (block->id == id) return block;
    }
    return NULL;
}

// The block of a place, NULL if unknown. Only a whole model is asked: a failed decode leaves lists that disagree.
static const JsrsBlock *block_of(const Session *s, Where where) {
    const JsrsModule *m = &s->module;
    if (!s->decoded || where.function >= m->functions.count || where.block == NO_INDEX) return NULL;
    return find_block(m, &m->functions.items[where.function], where.block);
}

static Place place_of_where(const Session *s, Where where) {
    Place place = {where, NO_INDEX};
    const JsrsBlock *block = block_of(s, where);
    if (!block) return place;
    bool inside = where.instruction != NO_INDEX && where.instruction <= block->inst_count;
    place.site = inside ? block->site + 1 + where.instruction : block->site;
    return place;
}

static Place place_of_site(const Session *s, u32 site) {
    if (site == 0 || site >= s->ir.sites.count) return (Place){NOWHERE, NO_INDEX};
    const IrSite *at = &s->ir.sites.items[site];
    return (Place){{at->offset, at->function, at->block, at->instruction}, at->source};
}

static Str function_name(const Session *s, u32 function) {
    const JsrsModule *m = &s->module;
    if (function >= m->functions.count || m->functions.items[function].name >= m->strings.count) return (Str){0};
    return jsrs_function_name(m, function);
}

// "`main`, block 3, instruction 2", as much of it as is known; false if nothing is.
static bool say_place(const Session *s, Buf *out, Where where) {
    Str name = function_name(s, where.function);
    if (!name.data) return false;
    buf_format(out, "`%S`", &name);
    if (where.block == NO_INDEX) return true;
    buf_format(out, ", block %u", where.block);
    if (where.instruction == NO_INDEX) return true;
    const JsrsBlock *block = block_of(s, where);
    if (block && where.instruction == block->inst_count) {
        buf_format(out, ", terminator");
    } else {
        buf_format(out, ", instruction %u", where.instruction);
    }
    return true;
}

// ---- call stack ----

// Frames of a trapped run that a report shows: the innermost ones, then, after a cut, the outermost.
typedef struct Stack {
    u32 sites[STACK_SHOWN];
    u32 shown;
    u32 omitted; // cut after the first half of `shown`
} Stack;

static Stack read_stack(const Session *s) {
    Stack stack = {0};
    if (!s->run || s->state != RUN_TRAPPED) return stack;
    RunFrame inner[STACK_SHOWN];
    u32 count = run_frames(s->run, inner, STACK_SHOWN);
    stack.shown = count < STACK_SHOWN ? count : STACK_SHOWN;
    for (u32 i = 0; i < stack.shown; i++) stack.sites[i] = inner[i].site;
    if (count <= STACK_SHOWN) return stack;
    stack.omitted = count - STACK_SHOWN;
    // The outermost frames come only with all the others.
    Arena scratch = {0};
    RunFrame *all = arena_new(&scratch, RunFrame, count);
    if (all) {
        run_frames(s->run, all, count);
        for (u32 i = STACK_SHOWN / 2; i < STACK_SHOWN; i++) stack.sites[i] = all[stack.omitted + i].site;
    } else {
        stack.shown = STACK_SHOWN / 2;
        stack.omitted = count - stack.shown;
    }
    arena_free(&scratch);
    return stack;
}

// ---- messages ----

// A run that wanted more memory than its host has is not the program's fault: 100, not 40 (spec jsrs.md 13).
static bool ran_out(const Session *s, TrapKind trap) {
    return (trap == TRAP_MEMORY || trap == TRAP_STACK) && platform_refusals() != s->refusals;
}

void report_trap(const Session *s, Error *error) {
    TrapKind trap = run_trap(s->run);
    RunFrame frame = {0};
    if (run_frames(s->run, &frame, 1) == 0) frame.site = 0;
    Where where = place_of_site(s, frame.site).where;
    const char *sentence = trap_sentence(trap);
    if (ran_out(s, trap)) {
        (void)error_set(error, ERR_INTERNAL, where, "out of memory");
        return;
    }
    switch (trap) {
    case TRAP_STEP_LIMIT: (void)error_set(error, ERR_EXECUTE, where, "%s: %U steps", sentence, s->limits.steps); break;
    case TRAP_MEMORY: (void)error_set(error, ERR_EXECUTE, where, "%s: %U bytes", sentence, s->limits.memory); break;
    case TRAP_OUTPUT_LIMIT:
        (void)error_set(error, ERR_EXECUTE, where, "%s: %U bytes", sentence, s->limits.output);
        break;
    case TRAP_STACK:
        (void)error_set(error, ERR_EXECUTE, where, "%s: %u nested calls", sentence, run_stats(s->run).depth_peak);
        break;
    default: (void)error_set(error, ERR_EXECUTE, where, "%s", sentence); break;
    }
}

// Validation writes rule, function and block first, as spec 15 asks; other checks leave that to this file.
static bool begins_with_rule(const Error *error) {
    u32 at = 0;
    if (!error->rule) return false;
    while (error->rule[at] && at < error->message_len && error->message[at] == error->rule[at]) at++;
    return error->rule[at] == 0;
}

void report_message(const Session *s, Buf *out) {
    const Error *error = &s->error;
    if (error->code == ERR_OK) {
        buf_text(out, "ok");
        return;
    }
    bool told = begins_with_rule(error);
    if (error->rule && !told) buf_format(out, "%s: ", error->rule);
    buf_bytes(out, error->message, error->message_len);
    if (!told && function_name(s, error->where.function).data) {
        buf_format(out, " in ");
        say_place(s, out, error->where);
    }
    if (error->code != ERR_EXECUTE && error->where.offset != NO_OFFSET)
        buf_format(out, ", at byte %u", error->where.offset);
}

static void line_of_place(const Session *s, Buf *out, const char *how, Where where) {
    if (!function_name(s, where.function).data) return;
    buf_text(out, how);
    (void)say_place(s, out, where);
    if (where.offset != NO_OFFSET) buf_format(out, " (byte %u)", where.offset);
    buf_byte(out, '\n');
}

void report_lines(const Session *s, Buf *out) {
    Stack stack = read_stack(s);
    for (u32 i = 0; i < stack.shown; i++) {
        if (stack.omitted && i == stack.shown - STACK_SHOWN / 2)
            buf_format(out, "  ... %u more calls\n", stack.omitted);
        line_of_place(s, out, i == 0 ? "  at " : "  called from ", place_of_site(s, stack.sites[i]).where);
    }
    // A message of validation names no instruction.
    if (s->error.code == ERR_VALIDATE) line_of_place(s, out, "  at ", s->error.where);
}

// ---- JSON ----

// `text` is the listing's line of the place, null where that is not to be had.
static void json_place(const Session *s, Buf *out, Place place) {
    Str name = function_name(s, place.where.function);
    Buf line = {0};
    if (s->decoded && name.data) jsrs_listing_line(&s->module, place.where.function, place.site, &line);
    Str text = {line.data, (u32)line.len};
    buf_format(out,
               "{\"function\":%j,\"functionIndex\":%n,\"block\":%n,\"instruction\":%n,\"offset\":%n,\"site\":%n,"
               "\"text\":%j}",
               &name, name.data ? place.where.function : NO_INDEX, place.where.block, place.where.instruction,
               place.where.offset, place.site, &text);
    buf_free(&line);
}

static bool is_nowhere(Place place) {
    return place.where.function == NO_INDEX && place.where.offset == NO_OFFSET && place.site == NO_INDEX;
}

static void json_position(const Session *s, Buf *out, const Stack *stack) {
    Place place = stack->shown ? place_of_site(s, stack->sites[0]) : place_of_where(s, s->error.where);
    buf_text(out, ",\"position\":");
    if (is_nowhere(place)) {
        buf_text(out, "null");
    } else {
        json_place(s, out, place);
    }
}

static void json_stack(const Session *s, Buf *out, const Stack *stack) {
    buf_text(out, ",\"stack\":[");
    for (u32 i = 0; i < stack->shown; i++) {
        if (i) buf_byte(out, ',');
        json_place(s, out, place_of_site(s, stack->sites[i]));
    }
    buf_format(out, "],\"omitted\":%u", stack->omitted);
}

static Str text_of(const char *text) {
    u32 len = 0;
    while (text && text[len]) len++;
    return (Str){(const u8 *)text, len};
}

bool report_json(const Session *s, Buf *out) {
    const Error *error = &s->error;
    Stack stack = read_stack(s);
    Str rule = text_of(error->rule), message = {s->message.data, (u32)s->message.len};
    buf_format(out, "{\"code\":%u,\"kind\":\"%s\",\"rule\":%j,\"message\":%j,\"exitValue\":", (u32)error->code,
               error_kind(error->code), &rule, &message);
    buf_format(out, s->has_exit_value ? "\"%I\"" : "null", s->exit_value);
    json_position(s, out, &stack);
    json_stack(s, out, &stack);
    buf_byte(out, '}');
    return !out->failed;
}
