// Runs the table of passes.def: rows over functions in stretches, function by function; between these the rows over the
// module.
#include "opt/pipeline.h"

#include "ir/verify.h"
#include "opt/pass.h"

typedef enum PassOver { FUNCTION, MODULE } PassOver;

enum {
    INTERP = 1 << OPT_INTERP,
    O1 = 1 << OPT_O1,
    O2 = 1 << OPT_O2,
    OS = 1 << OPT_OS,
    MORE = O2 | OS,
    CODE = O1 | MORE
};

typedef struct PassInfo {
    PassRun *run;
    u8 over, levels;
} PassInfo;

// jsrust-interpreter.wasm has this table without what only compiled code goes through, so that its linker leaves that out.
#ifdef ONLY_INTERPRETER
enum { KEPT = INTERP };
#else
enum { KEPT = INTERP | CODE };
#endif

static const PassInfo passes[] = {
#define PASS(name, run, over, levels, needs, keeps) {KEPT & (levels) ? run : NULL, over, KEPT & (levels)},
#include "opt/passes.def"
};

// Apart, as the interpreter is linked without them.
static const char *const names[] = {
#define PASS(name, run, over, levels, needs, keeps) #name,
#include "opt/passes.def"
};

typedef struct Pipeline {
    IrModule *module;
    Arena scratch; // of the pass at work
    u32 room;      // bytes that it keeps from pass to pass
    Arena tables;  // what outlives a pass
    GraphCache graph;
    const OptOptions *options;
    Error *error;
    IrCallGraph calls;
    Growth growth;
    bool *unrolled, *traced;    // by function (pass.h)
    u32 done;                   // passes of the level that the module has gone through
    u8 *changed;                // function -> place (see place_of) of the last row that changed it
    u8 before[countof(passes)]; // row -> place_before
} Pipeline;

// ---- the table ----

static bool is_at(u32 row, OptLevel level) { return passes[row].levels >> level & 1; }

u32 opt_pass_count(OptLevel level) {
    u32 count = 0;
    for (u32 row = 0; row < countof(passes); row++) count += is_at(row, level);
    return count;
}

const char *opt_pass_name(OptLevel level, u32 number) {
    for (u32 row = 0; row < countof(passes); row++)
        if (is_at(row, level) && number-- == 0) return names[row];
    return "";
}

// ---- one pass ----

// A row is told as twice its number + 2; one less where its pass has settled.
static u8 place_of(u32 row) {
    _Static_assert(2 * countof(passes) + 2 <= 255, "places are bytes");
    return (u8)(2 * row + 2);
}

// The place of the last row before this one that runs the same pass, 0 = none.
static u8 place_before(u32 row, OptLevel level) {
    for (u32 i = row; i-- > 0;)
        if (passes[i].run == passes[row].run && is_at(i, level)) return place_of(i);
    return 0;
}

static bool run_over_function(Pipeline *p, u32 row, Pass *pass) {
    IrFunction *function = pass->function = &p->module->functions.items[pass->number];
    u32 insts = function->insts.count, blocks = function->blocks.count;
    if (!passes[row].run(pass)) return false;
    if (pass->outcome != UNCHANGED || function->insts.count != insts || function->blocks.count != blocks)
        p->changed[pass->number] = pass->place - (pass->outcome == SETTLED);
    return true;
}

// Whether a pass that changed the graph has said so. Like the verifier, the wasm build does not carry this.
static bool is_graph_kept(Pipeline *p) {
#ifndef __wasm__
    if (!graph_cache_holds(&p->graph, p->module, &p->scratch))
        return error_set(p->error, ERR_INTERNAL, NOWHERE, "the graph of function %u was changed unsaid",
                         p->graph.number);
#endif
    return !p->scratch.failed;
}

// Over the function, or over the module when the number is 0.
static bool run_row(Pipeline *p, u32 row, u32 number) {
    ArenaMark mark = arena_mark(&p->scratch);
    Pass pass = {.module = p->module,
                 .number = number,
                 .scratch = &p->scratch,
                 .graph = &p->graph,
                 .calls = &p->calls,
                 .growth = &p->growth,
                 .unrolled = p->unrolled,
                 .traced = p->traced,
                 .level = p->options->level,
                 .changed = p->changed,
                 .place = place_of(row)};
    bool ok = (number ? run_over_function(p, row, &pass) : passes[row].run(&pass)) && pass_ok(&pass);
    arena_rewind(&p->scratch, mark);
    return ok || error_out_of_memory(p->error);
}

static bool run_pass(Pipeline *p, u32 row, u32 number) {
    // Not when the same pass has run since anything changed the function.
    bool needed = !number || p->before[row] <= p->changed[number];
    if (needed && !run_row(p, row, number)) return false;
    const OptOptions *options = p->options;
    if (options->observe) options->observe(options->context, p->module, number);
    return !options->verify || (is_graph_kept(p) && options->verify(p->module, &p->scratch, p->error));
}

// ---- stretches ----

// Most passes over a function find their memory in one block that stays. Were there none, each would ask the platform for
// blocks, which are wiped, and give them back.
enum { ROOM_PER_INST = 128, ROOM_MOST = 1 << 24 };

static bool make_room(Pipeline *p, u32 insts) {
    if (insts > ROOM_MOST / ROOM_PER_INST) insts = ROOM_MOST / ROOM_PER_INST;
    if (insts * ROOM_PER_INST <= p->room) return true;
    arena_free(&p->scratch);
    p->room = insts * ROOM_PER_INST;
    u8 *room = arena_room(&p->scratch, u8, p->room);
    if (!room) return error_out_of_memory(p->error);
    arena_rewind(&p->scratch, (ArenaMark){p->scratch.current, room, 0});
    return true;
}

// Rows [first, end) over one function. With `kept`, the function as it is after so many of them is left there.
static bool run_function(Pipeline *p, u32 first, u32 end, u32 number, u32 keep_after, IrFunction *kept) {
    u32 done = 0;
    if (p->traced[number]) return true;
    if (!make_room(p, p->module->functions.items[number].insts.count)) return false;
    for (u32 row = first; row < end; row++) {
        if (!is_at(row, p->options->level)) continue;
        if (!run_pass(p, row, number)) return false;
        if (++done == keep_after && kept)
            *kept = opt_copy_function(&p->module->functions.items[number], p->module->arena);
    }
    return true;
}

static bool order_functions(Pipeline *p) {
    p->unrolled = arena_new(&p->tables, bool, p->module->functions.count);
    return (p->unrolled && ir_call_graph_build(&p->calls, &p->tables, p->module)) || error_out_of_memory(p->error);
}

// What is inlined has gone through all rows. So to show the module after some of them each function is kept as it was then.
static bool run_functions(Pipeline *p, u32 first, u32 end) {
    u32 rows = 0, limit = p->options->pass_limit, count = p->module->functions.count;
    for (u32 row = first; row < end; row++) rows += is_at(row, p->options->level);
    if (!rows) return true;
    if (!order_functions(p)) return false;
    u32 keep_after = limit && limit < p->done + rows ? limit - p->done : 0;
    IrFunction *kept = keep_after ? arena_new(&p->tables, IrFunction, count) : NULL;
    if (keep_after && !kept) return error_out_of_memory(p->error);
    for (u32 i = 0; i < p->calls.count; i++) {
        u32 number = p->calls.order[i];
        if (!run_function(p, first, end, number, keep_after, kept ? &kept[number] : NULL)) return false;
    }
    for (u32 f = 1; f < count && kept; f++)
        if (kept[f].blocks.count) p->module->functions.items[f] = kept[f];
    p->graph.number = 0;
    p->done += rows;
    return !p->module->arena->failed || error_out_of_memory(p->error);
}

// True when the row ends a stretch: rows of other levels do not count.
static bool is_over_module(const Pipeline *p, u32 row) {
    return passes[row].over == MODULE && is_at(row, p->options->level);
}

static bool run_rows(Pipeline *p) {
    u32 limit = p->options->pass_limit;
    for (u32 row = 0, end; row < countof(passes) && (!limit || p->done < limit); row = end) {
        ArenaMark mark = arena_mark(&p->tables);
        end = row + 1;
        if (is_over_module(p, row)) {
            if (!run_pass(p, row, 0)) return false;
            p->done++;
        } else {
            while (end < countof(passes) && !is_over_module(p, end)) end++;
            if (!run_functions(p, row, end)) return false;
        }
        arena_rewind(&p->tables, mark);
    }
    return true;
}

// A module may grow by so many instructions, and so many times those it comes with (of which promotion leaves a fifth).
enum { GROWTH_BASE = 50000, GROWTH_FACTOR = 2, LARGER_BASE = 4000, LARGER_SHARE = 32 };

static bool is_traced(const IrFunction *function) {
    for (u32 i = 1; i < function->insts.count; i++) {
        u8 op = function->insts.items[i].op;
        if (op == IR_OP_MARK_BLOCK || op == IR_OP_MARK_INST || op == IR_OP_MARK_VALUE) return true;
    }
    return false;
}

static bool begin(Pipeline *p, IrModule *module, const OptOptions *options, Error *error) {
    *p = (Pipeline){.module = module, .options = options, .error = error};
    for (u32 row = 0; row < countof(passes); row++) p->before[row] = place_before(row, options->level);
    p->changed = arena_new(&p->tables, u8, module->functions.count);
    p->traced = arena_new(&p->tables, bool, module->functions.count);
    if (!p->changed || !p->traced) return error_out_of_memory(error);
    u64 size = 0;
    for (u32 f = 1; f < module->functions.count; f++) {
        size += module->functions.items[f].insts.count;
        p->traced[f] = !module->unmarked && is_traced(&module->functions.items[f]);
    }
    p->growth = (Growth){GROWTH_BASE + size * GROWTH_FACTOR, LARGER_BASE + size / LARGER_SHARE};
    return true;
}

static bool end(Pipeline *p, bool ok) {
    arena_free(&p->scratch);
    arena_free(&p->tables);
    arena_free(&p->graph.arena);
    return ok;
}

bool opt_run(IrModule *module, const OptOptions *options, Error *error) {
    Pipeline p;
    return opt_pass_count(options->level) == 0 || end(&p, begin(&p, module, options, error) && run_rows(&p));
}

static bool text_equal(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

bool opt_run_pass(IrModule *module, const char *name, OptLevel level, Error *error) {
    u32 row = 0;
    while (row < countof(passes) && !text_equal(names[row], name)) row++;
    if (row == countof(passes)) return error_set(error, ERR_ARGS, NOWHERE, "no pass is called %s", name);
    OptOptions options = {.verify = ir_verify, .level = level};
    Pipeline p;
    bool ok = begin(&p, module, &options, error) && order_functions(&p);
    if (ok && passes[row].over == MODULE) ok = run_pass(&p, row, 0);
    else
        for (u32 i = 0; i < p.calls.count && ok; i++) {
            u32 number = p.calls.order[i];
            ok = p.traced[number] || run_pass(&p, row, number);
        }
    return end(&p, ok);
}
