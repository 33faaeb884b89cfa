// support/dominators against the definition: a dominates b if b can't be reached once a is taken away.
#include "check.h"

#include <stdlib.h>

#include "support/dominators.h"

enum { NODES_MOST = 12, EDGES_MOST = 40 };

// xorshift32: the same graphs in every run.
static u32 state = 2463534242u;
static u32 random_below(u32 limit) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % limit;
}

typedef struct Example {
    u32 nodes, edge_start[NODES_MOST + 1], edges[EDGES_MOST];
} Example;

static Example random_example(void) {
    Example e = {.nodes = 1 + random_below(NODES_MOST)};
    u32 count = 0;
    for (u32 n = 0; n < e.nodes; n++) {
        e.edge_start[n] = count;
        for (u32 out = random_below(4); out > 0 && count < EDGES_MOST; out--) e.edges[count++] = random_below(e.nodes);
    }
    e.edge_start[e.nodes] = count;
    return e;
}

// The nodes reachable from the root without passing `without`, as a bit set.
static u32 reach(const Example *e, u32 without) {
    if (without == 0) return 0;
    u32 seen = 1, before = 0;
    while (seen != before) {
        before = seen;
        for (u32 n = 0; n < e->nodes; n++) {
            if (!(seen >> n & 1)) continue;
            for (u32 i = e->edge_start[n]; i < e->edge_start[n + 1]; i++) {
                if (e->edges[i] != without) seen |= 1u << e->edges[i];
            }
        }
    }
    return seen;
}

static bool agrees(const Example *e, const Dominators *d) {
    u32 reachable = reach(e, NO_NODE);
    for (u32 a = 0; a < e->nodes; a++) {
        if (dominators_reachable(d, a) != (reachable >> a & 1)) return false;
        u32 past = reach(e, a);
        for (u32 b = 0; b < e->nodes; b++) {
            if (!(reachable >> a & 1) || !(reachable >> b & 1)) continue;
            bool dominates = a == b || !(past >> b & 1);
            if (dominators_dominates(d, a, b) != dominates) return false;
        }
    }
    return true;
}

// In reverse postorder what dominates comes first.
static bool ordered(const Dominators *d) {
    for (u32 i = 0; i < d->rpo_count; i++) {
        for (u32 later = i + 1; later < d->rpo_count; later++) {
            if (dominators_dominates(d, d->rpo[later], d->rpo[i])) return false;
        }
    }
    return d->rpo[0] == 0;
}

static void test_random_graphs(void) {
    static u32 work[4096];
    for (u32 round = 0; round < 20000; round++) {
        Example e = random_example();
        Graph graph = {e.nodes, e.edge_start, e.edges};
        u32 results = e.nodes * DOMINATORS_RESULTS;
        if (!CHECK(dominators_work(e.nodes, e.edge_start[e.nodes]) + results <= countof(work))) return;
        Dominators d;
        dominators_find(&d, &graph, work, work + results);
        if (!CHECK(agrees(&e, &d)) || !CHECK(ordered(&d))) return;
    }
}

// Two chains that enter each other at every step: the iterative scheme needs a number of steps that grows with the
// square of the chains' length here.
static void test_irreducible_ladder(void) {
    enum { RUNGS = 50000, NODES = 2 * RUNGS + 1 };
    u32 *start = malloc((NODES + 1) * sizeof(u32)), *edges = malloc(4 * NODES * sizeof(u32)), count = 0;
    for (u32 n = 0; n < NODES; n++) {
        start[n] = count;
        u32 left = n % 2 ? n : n - 1, right = left + 1; // rung of nodes left, right
        if (n == 0) edges[count++] = 1, edges[count++] = 2;
        if (n > 0 && left + 2 < NODES) edges[count++] = left + 2, edges[count++] = right + 2;
        if (n > 0 && left > 1) edges[count++] = left - 2, edges[count++] = right - 2;
    }
    start[NODES] = count;
    u32 *work = malloc((NODES * DOMINATORS_RESULTS + dominators_work(NODES, count)) * sizeof(u32));
    Graph graph = {NODES, start, edges};
    Dominators d;
    dominators_find(&d, &graph, work, work + NODES * DOMINATORS_RESULTS);
    bool flat = d.rpo_count == NODES;
    for (u32 n = 0; n < NODES; n++) flat &= d.idom[n] == 0;
    CHECK(flat);
    free(start), free(edges), free(work);
}

int main(void) {
    test_random_graphs();
    test_irreducible_ladder();
    return CHECK_DONE();
}
