// Orders, dominators and loops of one function, each in time nearly linear in its edges whatever its shape: files are
// hostile, and a graph of a million blocks must not be quadratic. Dominators come from support/dominators.h; loops are
// found inside out with union-find. No recursion.
#include "ir/cfg.h"

#include "support/dominators.h"

// What is needed only while building. The graph's nodes are block numbers; node 0 leads to the entry.
typedef struct Work {
    const IrFunction *function;
    IrCfg *cfg;
    Arena *arena;
    Graph graph;
    u32 *dominators; // results
    u32 blocks;      // with the unused first
    u32 edges;       // with that to the entry
} Work;

static u32 *new_array(Work *w, size_t count) { return arena_room(w->arena, u32, count); }

static IrTerm *term_of(const Work *w, u32 block) { return &w->function->blocks.items[block].term; }

static bool allocate_results(Work *w) {
    IrCfg *cfg = w->cfg;
    u32 **per_block[] = {&cfg->order, &cfg->loop_head, &cfg->loop_outer, &cfg->loop_depth, &w->dominators};
    enum { ARRAYS = countof(per_block) - 1 + DOMINATORS_RESULTS };
    u32 *arrays = arena_alloc(w->arena, w->blocks, sizeof(u32) * ARRAYS, _Alignof(u32));
    if (!arrays) return false;
    for (u32 i = 0; i < countof(per_block); i++) *per_block[i] = arrays + (size_t)i * w->blocks;
    u64 edges = 1;
    for (u32 id = 1; id < w->blocks; id++) edges += ir_edge_count(term_of(w, id));
    if (edges >= NO_INDEX) return false;
    w->edges = (u32)edges;
    return (cfg->pred_start = arena_new(w->arena, u32, (size_t)w->blocks + 2)) && (cfg->preds = new_array(w, edges));
}

// ---- reachability, order, dominance ----

static bool make_graph(Work *w) {
    u32 *start = new_array(w, (size_t)w->blocks + 1), *edges = new_array(w, w->edges), count = 1;
    if (!start || !edges) return false;
    start[0] = 0;
    edges[0] = 1;
    for (u32 id = 1; id < w->blocks; id++) {
        IrTerm *term = term_of(w, id);
        start[id] = count;
        for (u32 i = 0, n = ir_edge_count(term); i < n; i++)
            edges[count++] = ir_edge_in_place(w->function, term, i)->target;
    }
    start[w->blocks] = count;
    w->graph = (Graph){.node_count = w->blocks, .edge_start = start, .edges = edges};
    return true;
}

static bool find_dominators(Work *w) {
    IrCfg *cfg = w->cfg;
    Dominators d;
    if (!make_graph(w)) return false;
    u64 size = dominators_work(w->blocks, w->edges);
    u32 *work = size <= SIZE_MAX ? new_array(w, (size_t)size) : NULL;
    if (!work) return false;
    dominators_find(&d, &w->graph, w->dominators, work);
    cfg->rpo = d.rpo + 1;
    cfg->rpo_count = d.rpo_count - 1;
    cfg->idom = d.idom;
    cfg->dom_in = d.first;
    cfg->dom_out = d.last;
    d.first[0] = NO_INDEX; // no block
    d.last[0] = 0;
    for (u32 id = 0; id < w->blocks; id++) cfg->order[id] = NO_INDEX; // unreachable, until seen below
    for (u32 i = 0; i < cfg->rpo_count; i++) cfg->order[cfg->rpo[i]] = i;
    return true;
}

// ---- predecessors, sorted by target by counting ----

static void collect_preds(const Work *w) {
    const u32 *start = w->graph.edge_start, *edges = w->graph.edges, *rpo = w->cfg->rpo;
    u32 *preds = w->cfg->preds, count = w->cfg->rpo_count;
    // Of a block, two places further on; then where the next one's start, one further on; then where its own end, that is.
    u32 *fill = w->cfg->pred_start + 1;
    for (u32 i = 0; i < count; i++)
        for (u32 k = start[rpo[i]], end = start[rpo[i] + 1]; k < end; k++) fill[edges[k] + 1]++;
    for (u32 id = 1; id <= w->blocks; id++) fill[id] += fill[id - 1];
    for (u32 i = 0; i < count; i++)
        for (u32 k = start[rpo[i]], end = start[rpo[i] + 1]; k < end; k++) preds[fill[edges[k]]++] = rpo[i];
}

// ---- loops: inner headers first; each found body is merged into its header, so that no block is walked twice ----

static u32 merged_into(u32 *merged, u32 block) {
    while (merged[block] != block) block = merged[block] = merged[merged[block]];
    return block;
}

// Walks backwards from the sources of a header's back edges. What it meets is dominated by the header.
static void find_loop(const IrCfg *cfg, u32 *merged, u32 *stack, u32 header) {
    const u32 *preds = cfg->preds, *dom_in = cfg->dom_in;
    u32 waiting = 0, first = dom_in[header], last = cfg->dom_out[header];
    bool is_loop = false;
    for (u32 at = header;;) {
        for (u32 i = cfg->pred_start[at], end = cfg->pred_start[at + 1]; i < end; i++) {
            u32 pred = preds[i];
            if (dom_in[pred] < first || dom_in[pred] > last) continue; // the way in
            is_loop = true;
            u32 top = merged_into(merged, pred);
            if (top == header || top == at) continue;
            merged[top] = header;
            if (cfg->loop_head[top] == top) cfg->loop_outer[top] = header;
            else cfg->loop_head[top] = header;
            stack[waiting++] = top;
        }
        if (waiting == 0) break;
        at = stack[--waiting];
    }
    if (is_loop) cfg->loop_head[header] = header;
}

static bool find_loops(Work *w) {
    IrCfg *cfg = w->cfg;
    u32 *merged = new_array(w, w->blocks), *stack = new_array(w, w->blocks);
    if (!merged || !stack) return false;
    for (u32 id = 0; id < w->blocks; id++) merged[id] = id;
    for (u32 i = cfg->rpo_count; i-- > 0;) find_loop(cfg, merged, stack, cfg->rpo[i]);
    for (u32 i = 0; i < cfg->rpo_count; i++) { // a header stands before the rest of its loop; loop_depth[0] is 0
        u32 block = cfg->rpo[i], head = cfg->loop_head[block];
        cfg->loop_depth[block] = head == block ? 1 + cfg->loop_depth[cfg->loop_outer[block]] : cfg->loop_depth[head];
    }
    return true;
}

bool ir_cfg_build(IrCfg *cfg, Arena *arena, const IrFunction *function) {
    *cfg = (IrCfg){0};
    Work w = {.function = function, .cfg = cfg, .arena = arena, .blocks = function->blocks.count};
    if (!allocate_results(&w)) return false;
    if (w.blocks < 2) return true;
    ArenaMark mark = arena_mark(arena);
    bool ok = find_dominators(&w);
    if (ok) collect_preds(&w);
    ok = ok && find_loops(&w);
    arena_rewind(arena, mark);
    return ok;
}
