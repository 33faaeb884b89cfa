// Who calls whom: the order in which functions are looked at, and which of them can come to call themselves.
#ifndef IR_CALL_GRAPH_H
#define IR_CALL_GRAPH_H
#include "ir/module.h"

typedef struct IrCallGraph {
    u32 *order; // functions reachable from the entry (all of them when there is none), callees before callers
    u32 count;
    bool *recursive; // function number -> it can call itself, directly or through others
    bool *direct;    // function number -> it calls itself, and cannot call itself through others
    u32 *call_sites; // function number -> CALLs of it
} IrCallGraph;

// False when memory is out.
bool ir_call_graph_build(IrCallGraph *graph, Arena *arena, const IrModule *module) MUST_CHECK;

#endif
