// Who calls whom: the order in which functions are optimised, and which of them must never be inlined.
#ifndef OPT_CALL_GRAPH_H
#define OPT_CALL_GRAPH_H
#include "ir/module.h"

// Instructions that may still be added to the module.
typedef struct Growth {
    u64 left;   // by inlining and unrolling
    u64 larger; // of these, by bodies that are not tiny where they are called more than once
} Growth;

typedef struct CallGraph {
    u32 *order; // functions reachable from the entry (all of them when there is none), callees before callers
    u32 count;
    bool *recursive; // function number -> it can call itself, directly or through others
    bool *direct;    // function number -> it calls itself, and cannot call itself through others
    bool *unrolled;  // function number -> it was put into itself
    u32 *call_sites; // function number -> CALLs of it, as the module was given
    Growth growth;
} CallGraph;

// What may be added to a module, told before the first pass.
Growth call_graph_growth(const IrModule *module);

// Keeps graph->growth. False when memory is out.
bool call_graph_build(CallGraph *graph, Arena *arena, const IrModule *module) MUST_CHECK;

#endif
