// Orders, dominators and loops (ir/cfg.h): drawn shapes, random graphs against the definitions, and large graphs that
// make simpler algorithms quadratic.
#include "check.h"

#include "ir/build.h"
#include "ir/cfg.h"

typedef struct Shape {
    const char *name;
    const char *edges;                         // successors of block 1, 2, ... separated by '|'
    const char *idom, *loop_head, *loop_depth; // per block; '-' = unreachable
} Shape;

static const Shape shapes[] = {
    {"one block", "", "0", "0", "0"},
    {"line", "2|3|", "0 1 2", "0 0 0", "0 0 0"},
    {"diamond", "2 3|4|4|", "0 1 1 1", "0 0 0 0", "0 0 0 0"},
    {"loop of one block", "2|2 3|", "0 1 2", "0 2 0", "0 1 0"},
    {"loop back to the entry", "1 2|", "0 1", "1 0", "1 0"},
    {"while", "2|3 4|2|", "0 1 2 2", "0 2 2 0", "0 1 1 0"},
    {"nested", "2|3 6|4 5|3|2|", "0 1 2 3 3 2", "0 2 3 3 2 0", "0 1 2 2 1 0"},
    {"nested, one back edge shared", "2|3|2 3 4|", "0 1 2 3", "0 2 3 0", "0 1 2 0"},
    {"two loops in a row", "2|2 3|3 4|", "0 1 2 3", "0 2 3 0", "0 1 1 0"},
    {"two back edges, one loop", "2|3 5|2 4|2|", "0 1 2 3 2", "0 2 2 2 0", "0 1 1 1 0"},
    {"if in a loop", "2|3 4 6|5|5|2|", "0 1 2 2 2 2", "0 2 2 2 2 0", "0 1 1 1 1 0"},
    {"irreducible: no header, no loop", "2 3|3|2 4|", "0 1 1 3", "0 0 0 0", "0 0 0 0"},
    {"irreducible inside a loop", "2|3 4|4 5|3|2 6|", "0 1 2 2 3 5", "0 2 2 2 2 0", "0 1 1 1 1 0"},
    {"unreachable block with an edge in", "3|3|", "0 - 1", "0 0 0", "0 0 0"},
    {"unreachable loop", "4|3|2|", "0 - - 1", "0 0 0 0", "0 0 0 0"},
    {"double edge", "2 2|", "0 1", "0 0", "0 0"},
    {"Lengauer and Tarjan's figure 1", "2 3 4|5|2 5 6|7 8|13|9|10|10 11|6 12|12|10|10 1|9", "0 1 1 1 1 1 4 4 1 1 8 1 5",
     NULL, NULL},
};

static const u32 *no_args;

// A function whose block i + 1 ends in a switch, branch, jump or return to the given blocks.
static IrFunction *make_function(IrModule *module, Arena *arena, const u32 *start, const u32 *edges, u32 blocks) {
    IrBuilder b;
    ir_module_init(module, arena);
    ir_begin(&b, module, ir_add_function(module, STR("f"), 0, IR_VOID));
    for (u32 i = 0; i < blocks; i++) ir_add_block(&b, 0);
    for (u32 i = 0; i < blocks; i++) {
        ir_at(&b, i + 1);
        u32 count = start[i + 1] - start[i];
        const u32 *out = edges + start[i];
        if (count == 0) ir_return(&b, 0);
        else if (count == 1) ir_jump(&b, ir_edge(&b, out[0], no_args, 0));
        else if (count == 2)
            ir_branch(&b, ir_const(&b, IR_BOOL, 1), ir_edge(&b, out[0], no_args, 0), ir_edge(&b, out[1], no_args, 0));
        else {
            ir_switch(&b, ir_const(&b, IR_I32, 1), ir_edge(&b, out[count - 1], no_args, 0));
            for (u32 k = 0; k + 1 < count; k++) ir_case(&b, k, 0, ir_edge(&b, out[k], no_args, 0));
        }
    }
    return b.function;
}

static u32 read_edges(const char *text, u32 *start, u32 *edges) {
    u32 blocks = 0, count = 0;
    for (start[0] = 0; *text; text++) {
        if (*text >= '0' && *text <= '9') {
            u32 n = 0;
            for (; *text >= '0' && *text <= '9'; text++) n = n * 10 + (u32)(*text - '0');
            edges[count++] = n;
            text--;
        } else if (*text == '|') {
            start[++blocks] = count;
        }
    }
    start[++blocks] = count;
    return blocks;
}

static bool numbers_are(const char *want, const IrCfg *cfg, const u32 *got, u32 blocks) {
    char text[256] = "";
    for (u32 id = 1; id <= blocks; id++) {
        size_t len = strlen(text);
        if (cfg->order[id] == NO_INDEX && got == cfg->idom) snprintf(text + len, sizeof text - len, "- ");
        else snprintf(text + len, sizeof text - len, "%u ", got[id]);
    }
    text[strlen(text) - 1] = 0;
    if (strcmp(text, want) == 0) return true;
    fprintf(stderr, "  want %s\n  got  %s\n", want, text);
    return false;
}

static void test_shapes(void) {
    for (u32 i = 0; i < countof(shapes); i++) {
        const Shape *shape = &shapes[i];
        u32 start[64], edges[64], blocks = read_edges(shape->edges, start, edges);
        Arena arena;
        IrModule module;
        IrCfg cfg;
        arena_init(&arena, 0);
        bool ok = ir_cfg_build(&cfg, &arena, make_function(&module, &arena, start, edges, blocks));
        ok = ok && numbers_are(shape->idom, &cfg, cfg.idom, blocks);
        if (shape->loop_head) ok = ok && numbers_are(shape->loop_head, &cfg, cfg.loop_head, blocks);
        if (shape->loop_depth) ok = ok && numbers_are(shape->loop_depth, &cfg, cfg.loop_depth, blocks);
        if (!CHECK(ok)) fprintf(stderr, "  shape: %s\n", shape->name);
        arena_free(&arena);
    }
}

// ---- random graphs against the definitions ----

enum { SMALL = 12 };

typedef struct Small {
    u32 blocks, start[SMALL + 1], edges[SMALL * 3];
    bool from[SMALL + 1][SMALL + 1]; // edge from -> to
} Small;

static u32 random_below(u64 *state, u32 limit) {
    *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
    return (u32)(*state >> 32) % limit;
}

static void make_random(Small *g, u64 *state) {
    *g = (Small){.blocks = 2 + random_below(state, SMALL - 1)};
    u32 count = 0;
    for (u32 i = 0; i < g->blocks; i++) {
        for (u32 n = random_below(state, 4); n > 0; n--) {
            u32 target = 1 + random_below(state, g->blocks);
            g->edges[count++] = target;
            g->from[i + 1][target] = true;
        }
        g->start[i + 1] = count;
    }
}

// Marks what the entry reaches without passing `without`.
static void mark_reached(const Small *g, u32 without, bool *reached) {
    for (u32 i = 0; i <= SMALL; i++) reached[i] = false;
    reached[1] = without != 1;
    for (u32 round = 0; round < g->blocks; round++)
        for (u32 a = 1; a <= g->blocks; a++)
            for (u32 b = 1; b <= g->blocks; b++)
                if (reached[a] && g->from[a][b] && b != without) reached[b] = true;
}

// b lies in the natural loop of header h: h dominates b, and b reaches a back edge of h without passing h.
static bool in_loop(const Small *g, const IrCfg *cfg, u32 h, u32 b) {
    bool inside[SMALL + 1] = {false};
    for (u32 a = 1; a <= g->blocks; a++)
        if (cfg->order[a] != NO_INDEX && g->from[a][h] && ir_dominates(cfg, h, a)) inside[a] = inside[h] = true;
    for (u32 round = 0; round < g->blocks; round++)
        for (u32 a = 1; a <= g->blocks; a++)
            for (u32 c = 1; c <= g->blocks; c++)
                if (cfg->order[a] != NO_INDEX && c != h && inside[c] && g->from[a][c]) inside[a] = true;
    return inside[b];
}

static bool dominance_is_right(const Small *g, const IrCfg *cfg) {
    bool all[SMALL + 1], without[SMALL + 1];
    mark_reached(g, 0, all);
    for (u32 a = 1; a <= g->blocks; a++) {
        if (all[a] != (cfg->order[a] != NO_INDEX)) return false;
        mark_reached(g, a, without);
        for (u32 b = 1; b <= g->blocks; b++) {
            bool want = !all[b] || (all[a] && !without[b]);
            if (ir_dominates(cfg, a, b) != (want || a == b)) return false;
            if (all[b] && cfg->idom[b] == a && !(want && a != b)) return false;
        }
    }
    return true;
}

static bool loops_are_right(const Small *g, const IrCfg *cfg) {
    for (u32 b = 1; b <= g->blocks; b++) {
        u32 depth = 0;
        if (cfg->order[b] == NO_INDEX) continue;
        for (u32 h = 1; h <= g->blocks; h++) depth += cfg->order[h] != NO_INDEX && in_loop(g, cfg, h, b);
        if (depth != cfg->loop_depth[b] || (depth > 0) != (cfg->loop_head[b] != 0)) return false;
        if (depth > 0 && !in_loop(g, cfg, cfg->loop_head[b], b)) return false;
        if (depth > 0 && cfg->loop_depth[cfg->loop_head[b]] != depth) return false;
    }
    return true;
}

// Every edge out of a reachable block once, and rpo puts at least one predecessor of each block before it.
static bool order_is_right(const Small *g, const IrCfg *cfg) {
    u32 edges = 0;
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        u32 b = cfg->rpo[i];
        bool earlier = i == 0;
        edges += g->start[b] - g->start[b - 1];
        if (cfg->order[b] != i) return false;
        for (u32 k = cfg->pred_start[b]; k < cfg->pred_start[b + 1]; k++) {
            if (!g->from[cfg->preds[k]][b]) return false;
            earlier = earlier || cfg->order[cfg->preds[k]] < i;
        }
        if (!earlier) return false;
    }
    return cfg->pred_start[g->blocks + 1] == edges;
}

static void test_random(void) {
    u64 state = 2463534242u;
    bool order = true, dominance = true, loops = true;
    for (u32 i = 0; i < 3000; i++) {
        Small g;
        Arena arena;
        IrModule module;
        IrCfg cfg;
        make_random(&g, &state);
        arena_init(&arena, 0);
        order = order && ir_cfg_build(&cfg, &arena, make_function(&module, &arena, g.start, g.edges, g.blocks));
        order = order && order_is_right(&g, &cfg);
        dominance = dominance && dominance_is_right(&g, &cfg);
        loops = loops && loops_are_right(&g, &cfg);
        arena_free(&arena);
    }
    CHECK(order);
    CHECK(dominance);
    CHECK(loops);
}

// ---- size: each of these takes hours when something is quadratic ----

typedef u32 Successors(u32 block, u32 blocks, u32 *out);

static u32 ladder(u32 block, u32 blocks, u32 *out) { // back edges from every block to the first
    out[0] = block < blocks ? block + 1 : 1, out[1] = 1;
    return 2;
}
static u32 deep_loops(u32 block, u32 blocks,
                      u32 *out) { // block i of the first half heads a loop ending in its mirror image
    out[0] = block < blocks ? block + 1 : block;
    out[1] = block > blocks / 2 ? blocks - block + 1 : out[0];
    return block < blocks ? 2 : 0;
}
static u32 irreducible(u32 block, u32 blocks, u32 *out) { // up one side, down the other, crossing over at every rung
    u32 half = blocks / 2;
    out[0] = block < half ? block + 1 : block == blocks ? 1 : block + 1;
    out[1] = block <= half ? block + half : block - half;
    return 2;
}

static void test_size(Successors *successors, u32 blocks, u32 deepest) {
    Arena arena;
    arena_init(&arena, 0);
    u32 *start = arena_new(&arena, u32, blocks + 1), *edges = arena_new(&arena, u32, blocks * 2);
    IrModule module;
    IrCfg cfg;
    if (!CHECK(start && edges)) return;
    for (u32 i = 0, count = 0; i < blocks; i++) count += successors(i + 1, blocks, edges + count), start[i + 1] = count;
    CHECK(ir_cfg_build(&cfg, &arena, make_function(&module, &arena, start, edges, blocks)));
    CHECK(cfg.rpo_count == blocks);
    u32 depth = 0;
    for (u32 i = 1; i <= blocks; i++) depth = cfg.loop_depth[i] > depth ? cfg.loop_depth[i] : depth;
    CHECK(depth == deepest);
    arena_free(&arena);
}

int main(void) {
    test_shapes();
    test_random();
    test_size(ladder, 200000, 1);
    test_size(deep_loops, 200000, 99999); // the last block returns, so block 1 heads none
    test_size(irreducible, 200000, 1);
    return CHECK_DONE();
}
