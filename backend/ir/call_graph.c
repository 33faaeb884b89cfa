// See call_graph.h. A strongly connected component of several functions, or of one that calls itself, is recursive.
#include "ir/call_graph.h"

#include "support/components.h"

// Callees as the edges of a graph, whose nodes are function numbers.
static bool collect_calls(IrCallGraph *graph, Arena *arena, const IrModule *module, u32 *start, Graph *out) {
    u32 count = module->functions.count;
    VEC(u32) callees = {0};
    for (u32 f = 0; f < count; f++) {
        const IrFunction *function = &module->functions.items[f];
        start[f] = callees.count;
        for (u32 i = 1; i < function->insts.count; i++) {
            const IrInst *inst = &function->insts.items[i];
            if (inst->op != IR_OP_CALL || !inst->block) continue;
            if (!vec_push(arena, &callees, inst->args[0])) return false;
            graph->call_sites[inst->args[0]]++;
            if (inst->args[0] == f) graph->direct[f] = true;
        }
    }
    start[count] = callees.count;
    *out = (Graph){count, start, callees.items};
    return true;
}

bool ir_call_graph_build(IrCallGraph *graph, Arena *arena, const IrModule *module) {
    u32 count = module->functions.count;
    *graph = (IrCallGraph){.recursive = arena_new(arena, bool, count),
                           .direct = arena_new(arena, bool, count),
                           .call_sites = arena_new(arena, u32, count)};
    u32 *start = arena_new(arena, u32, count + 1), *roots = arena_new(arena, u32, count);
    Graph calls;
    Components components;
    if (arena->failed || !collect_calls(graph, arena, module, start, &calls)) return false;
    for (u32 f = 1; f < count; f++) roots[f - 1] = module->entry ? module->entry : f;
    if (!components_find(&components, arena, &calls, roots, module->entry ? 1 : count - 1)) return false;
    for (u32 at = 0, size; at < components.count; at += size) {
        size = components_size(&components, at);
        for (u32 i = at; i < at + size; i++) {
            u32 function = components.nodes[i];
            graph->recursive[function] = size > 1 || graph->direct[function];
            graph->direct[function] &= size == 1;
        }
    }
    graph->order = components.nodes;
    graph->count = components.count;
    return true;
}
