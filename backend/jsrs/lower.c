// Lowering, from the outside in: reach the functions, find what signatures demand, then infer and emit one concrete function after
// another, starting at the entry; each call asks for the instance it needs.
#include "jsrs/lower.h"

#include "jsrs/lower_internal.h"

static bool find_entry(Lowering *l, Str entry, u32 *function) {
    const char *fault = "not found";
    for (u32 i = 0; i < l->m->functions.count; i++) {
        if (!str_equal(jsrs_function_name(l->m, i), entry)) continue;
        *function = i;
        if (l->m->functions.items[i].param_count == 0) return true;
        fault = "takes parameters";
        break;
    }
    return error_set(l->error, ERR_EXECUTE, NOWHERE, "entry function %s: `%S`", fault, &entry);
}

static bool add_entry(Lowering *l, u32 function) {
    ArenaMark mark = arena_mark(&l->body);
    TypeGraph graph;
    Body body;
    if (!graph_init(&graph, &l->body, l->m, &l->shapes, l->error)) return false;
    if (!infer_begin(&body, l, &graph, function) || !infer_signature(&body) || !infer_constraints(&body, NULL, 0) ||
        !infer_defaults(&body))
        return false;
    u32 instance = instance_of(&body, function, &body.result, true);
    if (instance == NO_INDEX) return false;
    l->out->entry = l->instances.items[instance].ir_function;
    // Only an Int comes out as exit value (13).
    u32 result = l->m->functions.items[function].result;
    l->out->entry_type = result < TYPE_F32 ? ty_ir_scalar(l->m, result) : IR_VOID;
    arena_rewind(&l->body, mark);
    return true;
}

static bool lower_instance(Lowering *l, u32 index) {
    ArenaMark mark = arena_mark(&l->body);
    Instance instance = l->instances.items[index];
    TypeGraph graph;
    Body body;
    if (!graph_init(&graph, &l->body, l->m, &l->shapes, l->error)) return false;
    if (!infer_begin(&body, l, &graph, instance.function)) return false;
    u32 params = body.f->param_count;
    Ty *roots = arena_new(&l->body, Ty, (size_t)params + 1);
    if (!roots) return false;
    if (!ty_instantiate(&graph, instance.words, instance.word_count, params + 1, roots)) return false;
    mem_copy(body.params, roots, params * sizeof(Ty));
    body.result = roots[params];
    if (!infer_constraints(&body, NULL, 0) || !infer_defaults(&body)) return false;
    ir_begin(&body.b, l->out, instance.ir_function);
    body.is_entry = instance.is_entry;
    if (!emit_body(&body)) return false;
    arena_rewind(&l->body, mark);
    return true;
}

static bool name_sources(Lowering *l) {
    for (u32 i = 0; i < l->m->functions.count; i++)
        if (!vec_push(l->out->arena, &l->out->source_names, jsrs_function_name(l->m, i))) return false;
    return true;
}

// Sites of the reached functions: as many as there will be, but for those that are copied per type.
static bool reserve_sites(Lowering *l) {
    const JsrsModule *m = l->m;
    u32 count = 1;
    for (u32 i = 0; i < l->order.count; i++) {
        const JsrsFunction *f = &m->functions.items[l->order.items[i]];
        for (u32 b = 0; b < f->block_count; b++)
            if (m->blocks.items[f->blocks + b].reachable) count += m->blocks.items[f->blocks + b].inst_count + 2;
    }
    return vec_reserve(l->out->arena, &l->out->sites, count);
}

static bool lower_all(Lowering *l, Str entry) {
    u32 function;
    if (!find_entry(l, entry, &function)) return false;
    if (!shapes_build(&l->shapes, l->arena, l->m)) return false;
    if (!name_sources(l) || !lower_reach(l, function) || !reserve_sites(l) || !lower_schemes(l) ||
        !add_entry(l, function))
        return false;
    for (u32 i = 0; i < l->instances.count; i++)
        if (!lower_instance(l, i)) return false;
    return true;
}

bool jsrs_lower(IrModule *out, Arena *arena, Arena *scratch, const JsrsModule *module, Str entry, LowerOptions options,
                Error *error) {
    ArenaMark mark = arena_mark(scratch);
    ir_module_init(out, arena);
    out->unmarked = options.uncounted;
    out->typed_memory = true; // a cell has one type
    Lowering lowering = {.m = module, .out = out, .arena = scratch, .error = error, .options = options};
    arena_init(&lowering.body, scratch->limit);
    bool ok = lower_all(&lowering, entry);
    arena_free(&lowering.body);
    arena_rewind(scratch, mark);
    return ok || error_out_of_memory(error); // the first error stays
}
