// The graph of the function at work (ir/cfg.h), kept from pass to pass: most of them find it as the one before has left it.
// It is that of one function, and holds until somebody drops or adds a block, changes where an edge leads or the order of a
// block's edges. Who does says so (opt_graph_changed) before anything asks again; with a verifier the pipeline looks after
// every pass whether that was done. What edges pass, instructions and parameters may change freely.
#ifndef OPT_GRAPH_CACHE_H
#define OPT_GRAPH_CACHE_H
#include "ir/cfg.h"

typedef struct GraphCache {
    Arena arena; // of the graph alone
    IrCfg cfg;
    u32 number; // of the function that it is of, 0 = none
} GraphCache;

// The graph of the function with this number. False when memory is out.
bool graph_cache_get(GraphCache *cache, u32 number, const IrFunction *function, IrCfg *cfg) MUST_CHECK;
// Whether what is kept is what would be built now; false when memory is out, too.
bool graph_cache_holds(const GraphCache *cache, const IrModule *module, Arena *scratch) MUST_CHECK;

#endif
