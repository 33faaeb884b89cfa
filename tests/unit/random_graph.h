// Random modules whose control flow is any graph, irreducible ones included: every block prints, and a counter in
// memory ends the run in a failed guard. For passes that change the graph; random_ir.h makes structured modules with
// everything else.
#ifndef TESTS_RANDOM_GRAPH_H
#define TESTS_RANDOM_GRAPH_H

#include "ir/build.h"

// Makes a module of one function with up to `blocks` blocks (3 to RANDOM_GRAPH_BLOCKS), whose blocks have up to
// `params` (at most 16) parameters.
enum { RANDOM_GRAPH_BLOCKS = 64 };
void random_graph(IrModule *module, Arena *arena, u64 seed, u32 blocks, u32 params);

#endif
