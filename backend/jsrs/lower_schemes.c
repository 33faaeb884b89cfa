// Schemes: what each function's signature demands, found callees first over the call graph's strongly connected components
// (Tarjan, without recursion). Functions of one component are inferred together. Then every caller takes a copy.
#include "jsrs/lower_internal.h"

typedef struct Visit {
    u32 function, low, at, edge_count, edges;
} Visit;

typedef struct Components {
    Lowering *l;
    u32 *number, *low; // per function, 0 = not visited
    u8 *on_stack;
    u32 next_number;
    VEC(u32) stack;
    VEC(Visit) visits;
    VEC(u32) edges;
} Components;

// Callees of a function, dynamic ones included.
static bool collect_edges(Components *c, u32 function, Visit *visit) {
    Lowering *l = c->l;
    const JsrsFunction *f = &l->m->functions.items[function];
    visit->edges = c->edges.count;
    bool dynamic = false;
    for (u32 b = 0; b < f->block_count; b++) {
        const JsrsBlock *block = &l->m->blocks.items[f->blocks + b];
        for (u32 i = 0; i < block->inst_count && block->reachable; i++) {
            const JsrsInst *inst = &l->m->insts.items[block->insts + i];
            if (inst->op == JSRS_CALL_DYN) dynamic = true;
            if (inst->op != JSRS_CALL) continue;
            u32 callee = jsrs_call_target(l->m, inst->number).function;
            if (callee != NO_INDEX && lower_needs_scheme(l, callee) && !vec_push(l->arena, &c->edges, callee))
                return false;
        }
    }
    for (u32 i = 0; dynamic && i < l->dynamic.count; i++)
        if (lower_needs_scheme(l, l->dynamic.items[i]) && !vec_push(l->arena, &c->edges, l->dynamic.items[i]))
            return false;
    visit->edge_count = c->edges.count - visit->edges;
    return true;
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
    if (!ty_serialise(g, roots.items, roots.count, false, &words)) return false;
    for (u32 i = 0; i < body->geps.count; i++) {
        const PendingGep *gep = &body->geps.items[i];
        if (gep->done || !ty_reached(g, gep->base)) continue;
        if (!vec_push(&l->body, &roots, gep->base) || !vec_push(&l->body, &roots, gep->result) ||
            !vec_push(&l->body, &indices, gep->index))
            return false;
    }
    if (indices.count > 0) {
        words.count = 0;
        if (!ty_serialise(g, roots.items, roots.count, false, &words)) return false;
    }
    // The scheme outlives the body's arena.
    u32 *kept = arena_new(l->arena, u32, (size_t)words.count + indices.count);
    if (!kept) return false;
    mem_copy(kept, words.items, (size_t)words.count * sizeof(u32));
    if (indices.count) mem_copy(kept + words.count, indices.items, (size_t)indices.count * sizeof(u32));
    l->schemes[body->index] = (Scheme){kept, words.count, roots.count, kept + words.count, indices.count};
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

static bool open_visit(Components *c, u32 function) {
    Lowering *l = c->l;
    Visit visit = {.function = function};
    c->number[function] = c->low[function] = ++c->next_number;
    c->on_stack[function] = 1;
    if (!collect_edges(c, function, &visit)) return false;
    if (!vec_push(l->arena, &c->stack, function) || !vec_push(l->arena, &c->visits, visit)) return false;
    return true;
}

static bool close_visit(Components *c, u32 function) {
    if (c->low[function] != c->number[function]) return true;
    u32 start = c->stack.count;
    do c->on_stack[c->stack.items[--start]] = 0;
    while (c->stack.items[start] != function);
    u32 count = c->stack.count - start;
    c->stack.count = start;
    return infer_component(c->l, c->stack.items + start, count);
}

static bool visit_from(Components *c, u32 root) {
    if (!open_visit(c, root)) return false;
    while (c->visits.count > 0) {
        Visit *top = &c->visits.items[c->visits.count - 1];
        if (top->at < top->edge_count) {
            u32 callee = c->edges.items[top->edges + top->at++];
            if (!c->number[callee]) {
                if (!open_visit(c, callee)) return false;
            } else if (c->on_stack[callee] && c->number[callee] < c->low[top->function]) {
                c->low[top->function] = c->number[callee];
            }
            continue;
        }
        u32 function = top->function;
        c->edges.count = top->edges;
        c->visits.count--;
        if (c->visits.count > 0) {
            u32 caller = c->visits.items[c->visits.count - 1].function;
            if (c->low[function] < c->low[caller]) c->low[caller] = c->low[function];
        }
        if (!close_visit(c, function)) return false;
    }
    return true;
}

bool lower_schemes(Lowering *l) {
    u32 count = l->m->functions.count;
    Components c = {.l = l};
    c.number = arena_new(l->arena, u32, count);
    c.low = arena_new(l->arena, u32, count);
    c.on_stack = arena_new(l->arena, u8, count);
    l->schemes = arena_new(l->arena, Scheme, count);
    l->only_instance = arena_new(l->arena, u32, count);
    if (!c.number || !c.low || !c.on_stack || !l->schemes || !l->only_instance) return false;
    for (u32 i = 0; i < l->order.count; i++) {
        u32 function = l->order.items[i];
        if (c.number[function] || !lower_needs_scheme(l, function)) continue;
        if (!visit_from(&c, function)) return false;
    }
    return true;
}
