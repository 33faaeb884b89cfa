// Lengauer, Tarjan: A Fast Algorithm for Finding Dominators in a Flowgraph (1979), the simple version. Nodes are
// handled by their number in depth-first order ("rank"), so that smaller means visited earlier. The iterative scheme of
// Cooper et al., which many compilers use, is quadratic on graphs that a hostile file may bring.
#include "support/dominators.h"

typedef struct Incoming {
    u32 from; // rank of the edge's source
    u32 next; // the next edge into its target + 1, 0 = none
} Incoming;

typedef struct Search {
    const Graph *graph;
    u32 *rank;          // node -> rank, NO_NODE = not reached
    u32 *taken;         // node -> edges of it that were followed
    u32 *node;          // rank -> node
    u32 *parent;        // rank -> rank of its parent in the depth-first tree
    u32 *into;          // rank -> one of the edges into it + 1
    Incoming *incoming; // by edge
    u32 *semi;          // rank -> semidominator
    u32 *ancestor;      // rank -> link in the forest, NO_NODE = a root of it
    u32 *label;         // rank -> the rank with the least semidominator on the way up the forest
    u32 *bucket;        // rank -> first rank whose semidominator it is; next_in_bucket links them
    u32 *next_in_bucket;
    u32 *stack;
    u32 count; // ranks
} Search;

enum { ARRAYS = 9 }; // of one u32 per node each

u64 dominators_work(u32 nodes, u32 edges) { return (u64)nodes * ARRAYS + (u64)edges * 2; }

static u32 *carve(u32 **work, u32 count) {
    u32 *array = *work;
    *work += count;
    return array;
}

static void enter(Search *s, u32 node, u32 parent) {
    u32 r = s->rank[node] = s->count++;
    s->node[r] = node;
    s->parent[r] = parent;
    s->into[r] = 0;
    s->semi[r] = s->label[r] = r;
    s->ancestor[r] = s->bucket[r] = NO_NODE;
}

// Numbers what the root reaches, notes the edges into each node and leaves reverse postorder in out->rpo.
static void search_depth_first(Search *s, Dominators *out) {
    const Graph *g = s->graph;
    u32 depth = 0, at = g->node_count;
    for (u32 n = 0; n < g->node_count; n++) {
        s->rank[n] = NO_NODE;
        s->taken[n] = 0;
    }
    enter(s, 0, 0);
    s->stack[depth++] = 0;
    while (depth > 0) {
        u32 n = s->stack[depth - 1], edge = g->edge_start[n] + s->taken[n];
        if (edge == g->edge_start[n + 1]) {
            out->rpo[--at] = n;
            depth--;
            continue;
        }
        s->taken[n]++;
        u32 next = g->edges[edge];
        if (s->rank[next] == NO_NODE) {
            enter(s, next, s->rank[n]);
            s->stack[depth++] = next;
        }
        u32 *into = &s->into[s->rank[next]];
        s->incoming[edge] = (Incoming){s->rank[n], *into};
        *into = edge + 1;
    }
    out->rpo += at;
    out->rpo_count = s->count;
}

// The rank with the least semidominator on the way from r up to, but not including, its forest's root; shortens the
// way.
static u32 evaluate(Search *s, u32 r) {
    if (s->ancestor[r] == NO_NODE) return r;
    u32 depth = 0;
    for (u32 at = r; s->ancestor[s->ancestor[at]] != NO_NODE; at = s->ancestor[at]) s->stack[depth++] = at;
    while (depth > 0) {
        u32 at = s->stack[--depth], up = s->ancestor[at];
        if (s->semi[s->label[up]] < s->semi[s->label[at]]) s->label[at] = s->label[up];
        s->ancestor[at] = s->ancestor[up];
    }
    return s->label[r];
}

// Fills idom by rank, with ranks.
static void find_dominators(Search *s, u32 *idom) {
    for (u32 r = s->count - 1; r > 0; r--) {
        for (u32 edge = s->into[r]; edge; edge = s->incoming[edge - 1].next) {
            u32 least = s->incoming[edge - 1].from; // from above: it is no part of a tree of the forest yet
            if (least > r) least = s->semi[evaluate(s, least)];
            if (least < s->semi[r]) s->semi[r] = least;
        }
        s->next_in_bucket[r] = s->bucket[s->semi[r]];
        s->bucket[s->semi[r]] = r;
        u32 parent = s->parent[r];
        s->ancestor[r] = parent;
        for (u32 w = s->bucket[parent], next; w != NO_NODE; w = next) {
            next = s->next_in_bucket[w]; // idom lies in the same array
            u32 least = evaluate(s, w);
            idom[w] = s->semi[least] < s->semi[w] ? least : parent;
        }
        s->bucket[parent] = NO_NODE;
    }
    idom[0] = 0;
    for (u32 r = 1; r < s->count; r++) {
        if (idom[r] != s->semi[r]) idom[r] = idom[idom[r]];
    }
}

// Preorder intervals: a dominator has a smaller rank than what it dominates, so sizes add up from the last rank to the
// first, and places are given out the other way.
static void number_tree(Search *s, const u32 *idom, Dominators *out) {
    u32 *size = s->semi, *free_place = s->bucket; // both done with
    for (u32 r = 0; r < s->count; r++) size[r] = 1;
    for (u32 r = s->count - 1; r > 0; r--) size[idom[r]] += size[r];
    free_place[0] = 0;
    for (u32 r = 0; r < s->count; r++) {
        u32 n = s->node[r], place = free_place[idom[r]];
        free_place[idom[r]] += size[r];
        free_place[r] = place + 1;
        out->idom[n] = s->node[idom[r]];
        out->first[n] = place;
        out->last[n] = place + size[r] - 1;
    }
}

void dominators_find(Dominators *out, const Graph *graph, u32 *results, u32 *work) {
    u32 n = graph->node_count;
    *out = (Dominators){
        .rpo = carve(&results, n), .idom = carve(&results, n), .first = carve(&results, n), .last = carve(&results, n)};
    // What is not reached keeps what these two have at first.
    Search s = {.graph = graph,
                .rank = out->first,
                .taken = out->last,
                .node = carve(&work, n),
                .parent = carve(&work, n),
                .into = carve(&work, n),
                .semi = carve(&work, n),
                .ancestor = carve(&work, n),
                .label = carve(&work, n),
                .bucket = carve(&work, n),
                .next_in_bucket = carve(&work, n),
                .stack = carve(&work, n)};
    s.incoming = (Incoming *)work;
    search_depth_first(&s, out);
    u32 *idom_by_rank = s.next_in_bucket; // a node leaves its bucket in the step that writes its dominator
    find_dominators(&s, idom_by_rank);
    number_tree(&s, idom_by_rank, out);
}
