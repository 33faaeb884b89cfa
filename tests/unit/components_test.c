// Strongly connected components against what a matrix of reachability says, and chains that recursion could not follow.
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "support/components.h"

enum { NODES = 12, EDGES_MOST = 40, GRAPHS = 3000 };

typedef struct Small {
    u32 start[NODES + 1], edges[EDGES_MOST], roots[2];
    bool reaches[NODES][NODES]; // by edges, one at least
} Small;

static u32 next_random(u64 *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (u32)(*state >> 33);
}

static void make_graph(Small *g, u64 *state) {
    memset(g, 0, sizeof *g);
    u32 count = next_random(state) % EDGES_MOST, made = 0;
    for (u32 n = 0; n < NODES; n++) {
        g->start[n] = made;
        for (u32 i = next_random(state) % (2 * count / NODES + 1); i && made < EDGES_MOST; i--) {
            g->edges[made] = next_random(state) % NODES;
            g->reaches[n][g->edges[made++]] = true;
        }
    }
    g->start[NODES] = made;
    for (u32 i = 0; i < 2; i++) g->roots[i] = next_random(state) % NODES;
    for (u32 via = 0; via < NODES; via++)
        for (u32 a = 0; a < NODES; a++)
            for (u32 b = 0; b < NODES; b++) g->reaches[a][b] |= g->reaches[a][via] && g->reaches[via][b];
}

static bool is_reached(const Small *g, u32 node) {
    for (u32 i = 0; i < 2; i++)
        if (g->roots[i] == node || g->reaches[g->roots[i]][node]) return true;
    return false;
}

static void test_random_graphs(void) {
    u64 state = 7;
    bool all = true, together = true, behind = true;
    for (u32 n = 0; n < GRAPHS; n++) {
        Small g;
        make_graph(&g, &state);
        Graph graph = {NODES, g.start, g.edges};
        Arena arena = {0};
        Components c;
        CHECK(components_find(&c, &arena, &graph, g.roots, 2));
        u32 reached = 0;
        for (u32 a = 0; a < NODES; a++) {
            reached += is_reached(&g, a);
            all = all && (c.number[a] != 0) == is_reached(&g, a);
            for (u32 b = 0; b < NODES && c.number[a]; b++) {
                if (a == b || !c.number[b]) continue;
                together = together && (c.number[a] == c.number[b]) == (g.reaches[a][b] && g.reaches[b][a]);
                behind = behind && (!g.reaches[a][b] || c.number[b] <= c.number[a]);
            }
        }
        all = all && c.count == reached;
        for (u32 at = 0, size, number = 1; at < c.count; at += size, number++) {
            size = components_size(&c, at);
            for (u32 i = 0; i < size; i++) together = together && c.number[c.nodes[at + i]] == number;
        }
        arena_free(&arena);
    }
    CHECK(all);
    CHECK(together);
    CHECK(behind);
}

// A chain, and the same closed to a ring.
static void test_long(bool ring) {
    enum { LENGTH = 300000 };
    u32 *start = malloc((LENGTH + 1) * sizeof(u32)), *edges = malloc(LENGTH * sizeof(u32)), root = 0;
    for (u32 n = 0; n < LENGTH; n++) start[n] = n, edges[n] = (n + 1) % LENGTH;
    start[LENGTH] = ring ? LENGTH : LENGTH - 1;
    Graph graph = {LENGTH, start, edges};
    Arena arena = {0};
    Components c;
    CHECK(components_find(&c, &arena, &graph, &root, 1));
    CHECK(c.count == LENGTH && components_size(&c, 0) == (ring ? LENGTH : 1));
    CHECK(c.nodes[0] == LENGTH - 1 && c.number[0] == (ring ? 1 : LENGTH));
    arena_free(&arena);
    free(start), free(edges);
}

static void test_memory(void) {
    static const u32 start[] = {0, 1}, edges[] = {0}, root = 0;
    Graph graph = {1, start, edges};
    Arena arena;
    Components c;
    arena_init(&arena, 1);
    CHECK(!components_find(&c, &arena, &graph, &root, 1) && arena.failed);
    arena_free(&arena);
}

int main(void) {
    test_random_graphs();
    test_long(false);
    test_long(true);
    test_memory();
    return CHECK_DONE();
}
