// Instances: one IR function per function of the file and concrete signature. Signatures are compared as canonical streams.
#include "jsrs/lower_internal.h"

bool type_is_aggregate(TypeGraph *g, Ty t) {
    const TyNode *node = ty_node(g, t);
    return node->kind == TY_STRUCT || node->kind == TY_ENUM || (node->kind == TY_PTR && node->array == ARRAY_FIXED);
}

IrType type_passed(TypeGraph *g, Ty t) {
    const TyNode *node = ty_node(g, t);
    switch ((TyKind)node->kind) {
    case TY_VAR:
    case TY_UNIT: return IR_VOID;
    case TY_SCALAR: return (IrType)node->scalar;
    case TY_PTR:
    case TY_STRUCT:
    case TY_ENUM: return IR_PTR;
    }
    return IR_VOID;
}

enum { MOST_INSTANCES = 1 << 16 };

// Adds the IR function with its parameters: first where an aggregate result goes, then the parameters that take room.
static u32 add_function(Body *body, u32 function, const Ty *roots, bool is_entry) {
    Lowering *l = body->l;
    const JsrsFunction *f = &l->m->functions.items[function];
    Ty result = roots[f->param_count];
    bool by_address = type_is_aggregate(body->g, result);
    u32 number = ir_add_function(l->out, jsrs_function_name(l->m, function), function,
                                 by_address ? IR_VOID : type_passed(body->g, result));
    if (!number) return 0;
    IrBuilder b;
    ir_begin(&b, l->out, number);
    if (by_address && !is_entry) (void)ir_function_param(&b, IR_PTR);
    for (u32 i = 0; i < f->param_count; i++) {
        IrType type = type_passed(body->g, roots[i]);
        if (type != IR_VOID) (void)ir_function_param(&b, type);
    }
    return l->out->arena->failed ? 0 : number;
}

static u32 find(const Lowering *l, u32 first, u32 function, const TyWords *words, bool is_entry) {
    for (u32 at = first; at != MAP_NONE;) {
        const Instance *instance = &l->instances.items[at];
        if (instance->function == function && instance->is_entry == is_entry && instance->word_count == words->count &&
            mem_equal(instance->words, words->items, (size_t)words->count * sizeof(u32)))
            return at;
        at = instance->next ? instance->next - 1 : MAP_NONE;
    }
    return NO_INDEX;
}

u32 instance_of(Body *body, u32 function, const Ty *roots, bool is_entry) {
    Lowering *l = body->l;
    bool only = !is_entry && !l->schemes[function].words;
    if (only && l->only_instance[function]) return l->only_instance[function] - 1;
    u32 root_count = l->m->functions.items[function].param_count + 1;
    TyWords words = {0};
    if (!ty_serialise(body->g, roots, root_count, true, &words)) return NO_INDEX;
    u64 key = hash_bytes(words.items, (size_t)words.count * sizeof(u32)) ^ ((u64)function << 1 | is_entry);
    u32 first = map_get(&l->by_signature, key);
    u32 known = find(l, first, function, &words, is_entry);
    if (known != NO_INDEX) return known;
    if (l->instances.count >= MOST_INSTANCES) {
        (void)error_set(l->error, ERR_EXECUTE, body->g->where,
                        "the program needs more than %u concrete functions (the limit)", MOST_INSTANCES);
        return NO_INDEX;
    }
    Instance instance = {.function = function, .is_entry = is_entry, .word_count = words.count};
    instance.next = first == MAP_NONE ? 0 : first + 1;
    u32 *kept = arena_new(l->arena, u32, words.count);
    instance.ir_function = kept ? add_function(body, function, roots, is_entry) : 0;
    if (!instance.ir_function) return NO_INDEX;
    mem_copy(kept, words.items, (size_t)words.count * sizeof(u32));
    instance.words = kept;
    if (!vec_push(l->arena, &l->instances, instance) ||
        !map_set(l->arena, &l->by_signature, key, l->instances.count - 1))
        return NO_INDEX;
    // Adding a function may have moved them all.
    if (body->b.module) body->b.function = &l->out->functions.items[body->b.function_number];
    if (only) l->only_instance[function] = l->instances.count;
    return l->instances.count - 1;
}
