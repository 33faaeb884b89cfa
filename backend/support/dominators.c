// Lengauer, Tarjan: A Fast Algorithm for Finding Dominators in a Flowgraph (1979), the simple version. Nodes are
// handled by their number in depth-first order ("rank"), so that smaller means visited earlier. The iterative scheme of
// Cooper et al., which many compilers use, is quadratic on graphs that a hostile file may bring.
#include "support/dominators.h"

typedef struct Search {
    const Graph *graph;
    u32 *node;       // rank -> node
    u32 *rank;       // node -> rank, NO_NODE = not reached
    u32 *parent;     // rank -> rank of its parent in the depth-first tree
    u32 *pred_start; // rank -> its predecessors' ranks in preds
    u32 *preds;
    u32 *semi;     // rank -> semidominator
    u32 *ancestor; // rank -> link in the forest, NO_NODE = a root of it
    u32 *label;    // rank -> the rank with the least semidominator on the way up the forest
    u32 *bucket;   // rank -> first rank whose semidominator it is; next_in_bucket links them
    u32 *next_in_bucket;
    u32 *stack;
    u32 *cursor; // node -> next edge to follow
    u32 count;   // ranks
} Search;

enum { ARRAYS = 15 }; // of one u32 per node each (pred_start: one more)

u64 dominators_work(u32 nodes, u32 edges) { return (u64)nodes * ARRAYS + 1 + edges; }

static u32 *carve(u32 **work, u32 count) {
    u32 *array = *work;
    *work += count;
    return array;
}

// Numbers what the root reaches and leaves reverse postorder in out->rpo.
static void search_depth_first(Search *s, Dominators *out) {
    const Graph *g = s->graph;
    u32 depth = 0, finished = 0;
    u32 *postorder = s->label; // not yet in use
    for (u32 n = 0; n < g->node_count; n++) {
        s->rank[n] = NO_NODE;
        s->cursor[n] = g->edge_start[n];
    }
    s->stack[depth++] = 0;
    s->rank[0] = s->count = 0;
    s->node[s->count] = 0;
    s->parent[s->count++] = 0;
    while (depth > 0) {
        u32 n = s->stack[depth - 1];
        if (s->cursor[n] == g->edge_start[n + 1]) {
            postorder[finished++] = n;
            depth--;
            continue;
        }
        u32 next = g->edges[s->cursor[n]++];
        if (s->rank[next] != NO_NODE) continue;
        s->rank[next] = s->count;
        s->node[s->count] = next;
        s->parent[s->count++] = s->rank[n];
        s->stack[depth++] = next;
    }
    for (u32 i = 0; i < finished; i++) out->rpo[i] = postorder[finished - 1 - i];
    out->rpo_count = finished;
}

static void collect_predecessors(Search *s) {
    const Graph *g = s->graph;
    for (u32 r = 0; r <= s->count; r++) s->pred_start[r] = 0;
    for (u32 r = 0; r < s->count; r++) {
        u32 n = s->node[r];
        for (u32 e = g->edge_start[n]; e < g->edge_start[n + 1]; e++) s->pred_start[s->rank[g->edges[e]] + 1]++;
    }
    for (u32 r = 0; r < s->count; r++) s->pred_start[r + 1] += s->pred_start[r];
    u32 *fill = s->cursor; // by rank from here on
    for (u32 r = 0; r < s->count; r++) fill[r] = s->pred_start[r];
    for (u32 r = 0; r < s->count; r++) {
        u32 n = s->node[r];
        for (u32 e = g->edge_start[n]; e < g->edge_start[n + 1]; e++) s->preds[fill[s->rank[g->edges[e]]]++] = r;
    }
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
    for (u32 r = 0; r < s->count; r++) {
        s->semi[r] = s->label[r] = r;
        s->ancestor[r] = s->bucket[r] = NO_NODE;
    }
    for (u32 r = s->count - 1; r > 0; r--) {
        for (u32 p = s->pred_start[r]; p < s->pred_start[r + 1]; p++) {
            u32 least = s->semi[evaluate(s, s->preds[p])];
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
    for (u32 r = 0; r < s->count; r++) {
        u32 place = r == 0 ? 0 : free_place[idom[r]];
        if (r > 0) free_place[idom[r]] += size[r];
        free_place[r] = place + 1;
        out->first[s->node[r]] = place;
        out->last[s->node[r]] = place + size[r] - 1;
    }
}

void dominators_find(Dominators *out, const Graph *graph, u32 *work) {
    u32 n = graph->node_count;
    *out = (Dominators){
        .rpo = carve(&work, n), .idom = carve(&work, n), .first = carve(&work, n), .last = carve(&work, n)};
    Search s = {.graph = graph,
                .node = carve(&work, n),
                .rank = carve(&work, n),
                .parent = carve(&work, n),
                .semi = carve(&work, n),
                .ancestor = carve(&work, n),
                .label = carve(&work, n),
                .bucket = carve(&work, n),
                .next_in_bucket = carve(&work, n),
                .stack = carve(&work, n),
                .cursor = carve(&work, n),
                .pred_start = carve(&work, n + 1)};
    s.preds = work;
    search_depth_first(&s, out);
    collect_predecessors(&s);
    u32 *idom_by_rank = s.next_in_bucket; // a node leaves its bucket in the step that writes its dominator
    find_dominators(&s, idom_by_rank);
    for (u32 i = 0; i < n; i++) out->idom[i] = NO_NODE;
    for (u32 r = 0; r < s.count; r++) out->idom[s.node[r]] = s.node[idom_by_rank[r]];
    number_tree(&s, idom_by_rank, out);
}
