// Schemes: what each function's signature demands, found callees first over the call graph's strongly connected components
// (support/components.h). Functions of one component are inferred together. Then every caller takes a copy.
#include "jsrs/lower_internal.h"
#include "support/components.h"

typedef VEC(u32) EdgeList;

// Adds a function's callees that need schemes; dynamic calls go to the node behind all functions, which leads to all that
// they may call.
static bool add_callees(Lowering *l, u32 function, u32 dynamic_node, EdgeList *edges) {
    const JsrsModule *m = l->m;
    const JsrsFunction *f = &m->functions.items[function];
    bool dynamic = false;
    for (u32 b = 0; b < f->block_count; b++) {
        const JsrsBlock *block = &m->blocks.items[f->blocks + b];
        for (u32 i = 0; i < block->landmark_count && block->reachable; i++) {
            const JsrsInst *inst = &m->insts.items[m->landmarks.items[block->landmarks + i]];
            if (inst->op == JSRS_CALL_DYN) dynamic = true;
            if (inst->op != JSRS_CALL) continue;
            u32 callee = jsrs_call_target(m, inst->number).function;
            if (callee != NO_INDEX && lower_needs_scheme(l, callee) && !vec_push(l->arena, edges, callee)) return false;
        }
    }
    return !dynamic || vec_push(l->arena, edges, dynamic_node);
}

static bool find_components(Lowering *l, Components *out) {
    u32 count = l->m->functions.count;
    EdgeList edges = {0}, roots = {0};
    u32 *start = arena_new(l->arena, u32, (size_t)count + 2);
    if (!start) return false;
    for (u32 f = 0; f < count; f++) {
        start[f] = edges.count;
        if (!l->reached[f] || !lower_needs_scheme(l, f)) continue;
        if (!add_callees(l, f, count, &edges)) return false;
    }
    start[count] = edges.count;
    for (u32 i = 0; i < l->dynamic.count; i++)
        if (lower_needs_scheme(l, l->dynamic.items[i]) && !vec_push(l->arena, &edges, l->dynamic.items[i]))
            return false;
    start[count + 1] = edges.count;
    for (u32 i = 0; i < l->order.count; i++)
        if (lower_needs_scheme(l, l->order.items[i]) && !vec_push(l->arena, &roots, l->order.items[i])) return false;
    Graph graph = {count + 1, start, edges.items};
    return components_find(out, l->arena, &graph, roots.items, roots.count);
}

// The signature of an inferred body, and the geps that callers must help to settle, as a stream.
static bool make_scheme(Body *body) {
    Lowering *l = body->l;
    TypeGraph *g = body->g;
    u32 params = body->f->param_count;
    VEC(Ty) roots = {0};
    VEC(u32) indices = {0};
    TyWords words = {0};
    for (u32 i = 0; i < params; i++)
        if (!vec_push(&l->body, &roots, body->params[i])) return false;
    if (!vec_push(&l->body, &roots, body->result)) return false;
    // What one gep leads to may be where the next one begins.
    u32 listed, round = 0;
    do {
        listed = roots.count;
        words.count = 0;
        if (!ty_serialise(g, roots.items, listed, false, &words)) return false;
        for (u32 i = 0; i < body->geps.count; i++) {
            PendingGep *gep = &body->geps.items[i];
            if (gep->done || !ty_reached(g, gep->base)) continue;
            if (!vec_push(&l->body, &roots, gep->base) || !vec_push(&l->body, &roots, gep->result) ||
                !vec_push(&l->body, &indices, gep->index))
                return false;
            gep->done = true; // here: the rest is the callers'
        }
    } while (roots.count > listed && ++round < MOST_ROUNDS);
    indices.count = (listed - params - 1) / 2;
    // The scheme outlives the body's arena.
    u32 *kept = arena_new(l->arena, u32, (size_t)words.count + indices.count);
    if (!kept) return false;
    mem_copy(kept, words.items, (size_t)words.count * sizeof(u32));
    if (indices.count) mem_copy(kept + words.count, indices.items, (size_t)indices.count * sizeof(u32));
    l->schemes[body->index] = (Scheme){kept, words.count, listed, kept + words.count, indices.count};
    return true;
}

static bool infer_component(Lowering *l, const u32 *functions, u32 count) {
    ArenaMark mark = arena_mark(&l->body);
    TypeGraph graph;
    Body *bodies = arena_new(&l->body, Body, count);
    Body **group = arena_new(&l->body, Body *, count);
    if (!bodies || !group) return false;
    if (!graph_init(&graph, &l->body, l->m, &l->shapes, l->error)) return false;
    for (u32 i = 0; i < count; i++) {
        group[i] = &bodies[i];
        if (!infer_begin(&bodies[i], l, &graph, functions[i]) || !infer_signature(&bodies[i])) return false;
    }
    for (u32 i = 0; i < count; i++)
        if (!infer_constraints(&bodies[i], group, count)) return false;
    for (u32 i = 0; i < count; i++)
        if (!infer_settle(&bodies[i])) return false;
    for (u32 i = 0; i < count; i++)
        if (!make_scheme(&bodies[i])) return false;
    arena_rewind(&l->body, mark);
    return true;
}

bool lower_schemes(Lowering *l) {
    u32 count = l->m->functions.count;
    Components components;
    l->schemes = arena_new(l->arena, Scheme, count);
    l->only_instance = arena_new(l->arena, u32, count);
    if (!l->schemes || !l->only_instance || !find_components(l, &components)) return false;
    for (u32 at = 0, size; at < components.count; at += size) {
        size = components_size(&components, at);
        u32 *group = components.nodes + at, functions = 0;
        for (u32 i = 0; i < size; i++)
            if (group[i] != count) group[functions++] = group[i];
        if (functions && !infer_component(l, group, functions)) return false;
    }
    return true;
}
