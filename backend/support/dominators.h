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
    u32 *idom;  // immediate dominator; the root's is the root; NO_NODE = unreachable
    u32 *first; // preorder interval in the dominator tree: first[n] .. last[n]
    u32 *last;
} Dominators;

enum { NO_NODE = 0xffffffffu };

// u32s of working memory that dominators_find needs; the results lie in it too.
u64 dominators_work(u32 nodes, u32 edges);
void dominators_find(Dominators *out, const Graph *graph, u32 *work);

static inline bool dominators_reachable(const Dominators *d, u32 node) { return d->idom[node] != NO_NODE; }

// Both reachable: every path from the root to b goes through a (a = b counts).
static inline bool dominators_dominates(const Dominators *d, u32 a, u32 b) {
    return d->first[a] <= d->first[b] && d->last[b] <= d->last[a];
}

#endif
