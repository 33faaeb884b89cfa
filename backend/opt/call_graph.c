// Tarjan's strongly connected components, without recursion: components come out callees first, which is the order
// wanted, and a component of several functions, or of one that calls itself, is recursive.
#include "opt/call_graph.h"

// A module may grow by so many instructions, and so many times those it comes with (of which promotion leaves a fifth).
enum { GROWTH_BASE = 50000, GROWTH_FACTOR = 2, LARGER_BASE = 4000, LARGER_SHARE = 32 };

typedef struct Visit {
    u32 function, next_call; // in callees
} Visit;

typedef struct Walk {
    const IrModule *module;
    CallGraph *graph;
    u32 *first_callee; // function -> first in callees; first_callee[function + 1] ends them
    u32 *callees;
    u32 *number, *low; // of the depth-first walk; number 0 = not seen
    bool *open;        // on the stack of unfinished components
    u32 *stack;
    u32 depth, last_number;
    Visit *visits;
    u32 visit_depth;
} Walk;

static bool collect_calls(Walk *w, Arena *arena) {
    const IrModule *module = w->module;
    VEC(u32) callees = {0};
    for (u32 f = 1; f < module->functions.count; f++) {
        const IrFunction *function = &module->functions.items[f];
        w->first_callee[f] = callees.count;
        for (u32 i = 1; i < function->insts.count; i++) {
            const IrInst *inst = &function->insts.items[i];
            if (inst->op != IR_OP_CALL || !inst->block) continue;
            if (!vec_push(arena, &callees, inst->args[0])) return false;
            w->graph->call_sites[inst->args[0]]++;
        }
    }
    w->first_callee[module->functions.count] = callees.count;
    w->callees = callees.items;
    return true;
}

static void enter(Walk *w, u32 function) {
    w->number[function] = w->low[function] = ++w->last_number;
    w->open[function] = true;
    w->stack[w->depth++] = function;
    w->visits[w->visit_depth++] = (Visit){function, w->first_callee[function]};
}

static void close_component(Walk *w, u32 root) {
    bool several = w->stack[w->depth - 1] != root;
    u32 function;
    do {
        function = w->stack[--w->depth];
        w->open[function] = false;
        if (several) w->graph->recursive[function] = true;
        else w->graph->direct[function] = w->graph->recursive[function];
        w->graph->order[w->graph->count++] = function;
    } while (function != root);
}

static void walk_from(Walk *w, u32 start) {
    if (w->number[start]) return;
    enter(w, start);
    while (w->visit_depth) {
        Visit *visit = &w->visits[w->visit_depth - 1];
        u32 function = visit->function;
        if (visit->next_call < w->first_callee[function + 1]) {
            u32 callee = w->callees[visit->next_call++];
            if (callee == function) w->graph->recursive[function] = true;
            if (!w->number[callee]) enter(w, callee);
            else if (w->open[callee] && w->number[callee] < w->low[function]) w->low[function] = w->number[callee];
            continue;
        }
        w->visit_depth--;
        if (w->low[function] == w->number[function]) close_component(w, function);
        if (!w->visit_depth) break;
        u32 caller = w->visits[w->visit_depth - 1].function;
        if (w->low[function] < w->low[caller]) w->low[caller] = w->low[function];
    }
}

Growth call_graph_growth(const IrModule *module) {
    u64 size = 0;
    for (u32 f = 1; f < module->functions.count; f++) size += module->functions.items[f].insts.count;
    return (Growth){GROWTH_BASE + size * GROWTH_FACTOR, LARGER_BASE + size / LARGER_SHARE};
}

bool call_graph_build(CallGraph *graph, Arena *arena, const IrModule *module) {
    u32 count = module->functions.count;
    *graph = (CallGraph){.growth = graph->growth,
                         .order = arena_new(arena, u32, count),
                         .recursive = arena_new(arena, bool, count),
                         .direct = arena_new(arena, bool, count),
                         .unrolled = arena_new(arena, bool, count),
                         .call_sites = arena_new(arena, u32, count)};
    Walk w = {.module = module,
              .graph = graph,
              .first_callee = arena_new(arena, u32, count + 1),
              .number = arena_new(arena, u32, count),
              .low = arena_new(arena, u32, count),
              .open = arena_new(arena, bool, count),
              .stack = arena_new(arena, u32, count),
              .visits = arena_new(arena, Visit, count)};
    if (arena->failed || !collect_calls(&w, arena)) return false;
    if (module->entry) walk_from(&w, module->entry);
    for (u32 f = 1; f < count && !module->entry; f++) walk_from(&w, f);
    return true;
}
