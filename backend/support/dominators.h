// Reachability, reverse postorder and dominance of any directed graph, irreducible ones included: Lengauer and Tarjan's
// algorithm with path compression, O(edges * log nodes) whatever the graph, without recursion.
#ifndef SUPPORT_DOMINATORS_H
#define SUPPORT_DOMINATORS_H

#include "support/base.h"

// Successors of node n: edges[edge_start[n]] up to edges[edge_start[n + 1]]. Node 0 is the root and always exists.
typedef struct Graph {
    u32 node_count;
    const u32 *edge_start; // node_count + 1 items
    const u32 *edges;
} Graph;

typedef struct Dominators {
    u32 *rpo; // reachable nodes in reverse postorder; rpo[0] = root
    u32 rpo_count;
    u32 *idom;  // immediate dominator; the root's is the root
    u32 *first; // preorder interval in the dominator tree: first[n] .. last[n]; NO_NODE .. 0 = unreachable
    u32 *last;
} Dominators;

enum { NO_NODE = 0xffffffffu };

// u32s that the results take for each node, and those that dominators_find works with.
enum { DOMINATORS_RESULTS = 4 };
u64 dominators_work(u32 nodes, u32 edges);
void dominators_find(Dominators *out, const Graph *graph, u32 *results, u32 *work);

static inline bool dominators_reachable(const Dominators *d, u32 node) { return d->first[node] != NO_NODE; }

// Both reachable: every path from the root to b goes through a (a = b counts).
static inline bool dominators_dominates(const Dominators *d, u32 a, u32 b) {
    return d->first[a] <= d->first[b] && d->last[b] <= d->last[a];
}

#endif
