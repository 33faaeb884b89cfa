// Locals for the values that need them. Blocks are walked in reverse postorder, so that whatever is alive at the beginning of one
// has its locals already; within a block a local is free again after the last use of what it holds. That needs no
// interference graph. Which of the free locals a value takes decides how many moves remain on edges: it looks first where the
// parameter that it is passed to lives, or a parameter's argument, or others that edges join it with.
#include "codegen/place_lives.h"

#include "support/sort.h"

enum {
    TYPES = 4,           // wasm types
    NOBODY = 0,          // owner of a free local
    RESERVED = NO_INDEX, // owner of one that is never free
};

typedef struct Local {
    u32 owner;      // resident
    u32 prev, next; // among the free ones of its type; NO_LOCAL = none
    u32 weight;     // how often code names it
    u8 type;        // index of the wasm type
} Local;

typedef struct Locals {
    Lives lives;
    Arena *scratch;
    WasmType pointer;
    VEC(Local) all;
    u32 params;      // of them
    u32 free[TYPES]; // first free one of a type
    u32 position;    // in the function: 1 + the root at hand
} Locals;

WasmType place_wasm_type(IrType type, WasmType pointer) {
    switch (ir_type_info[type].class) {
    case 'F': return type == IR_F32 ? WASM_F32 : WASM_F64;
    case 'P': return pointer;
    default: return ir_type_info[type].size < 8 ? WASM_I32 : WASM_I64;
    }
}

static Resident *resident_at(Locals *l, u32 number) { return &l->lives.residents.items[number]; }
static u32 halves(const Resident *resident) { return place_is_wide(resident->type) ? 2 : 1; }

// ---- free and taken ----

static u32 add_local(Locals *l, u32 type, u32 owner) {
    Local local = {.owner = owner, .prev = NO_LOCAL, .next = NO_LOCAL, .type = (u8)type};
    return vec_push(l->scratch, &l->all, local) ? l->all.count - 1 : NO_LOCAL;
}

static void take(Locals *l, u32 number, u32 owner) {
    Local *local = &l->all.items[number];
    if (local->prev == NO_LOCAL) l->free[local->type] = local->next;
    else l->all.items[local->prev].next = local->next;
    if (local->next != NO_LOCAL) l->all.items[local->next].prev = local->prev;
    local->owner = owner;
}

static void release(Locals *l, u32 number) {
    Local *local = &l->all.items[number];
    local->owner = NOBODY;
    local->prev = NO_LOCAL;
    local->next = l->free[local->type];
    if (local->next != NO_LOCAL) l->all.items[local->next].prev = number;
    l->free[local->type] = number;
}

static void release_resident(Locals *l, u32 number) {
    const Resident *resident = resident_at(l, number);
    for (u32 half = 0; half < halves(resident); half++)
        if (resident->local[half] != NO_LOCAL && l->all.items[resident->local[half]].owner == number)
            release(l, resident->local[half]);
}

static void take_again(Locals *l, u32 number) {
    const Resident *resident = resident_at(l, number);
    for (u32 half = 0; half < halves(resident); half++) take(l, resident->local[half], number);
}

// ---- choosing ----

// A free local that saves a move, or NO_LOCAL.
static u32 find_wanted(Locals *l, u32 number, u32 half) {
    const Resident *resident = resident_at(l, number);
    const u32 wanted[] = {resident_at(l, resident->into)->local[half], resident_at(l, resident->from)->local[half],
                          resident_at(l, lives_web(&l->lives, number))->shared[half]};
    for (u32 i = 0; i < countof(wanted); i++)
        if (wanted[i] != NO_LOCAL && l->all.items[wanted[i]].owner == NOBODY) return wanted[i];
    return NO_LOCAL;
}

static bool assign_half(Locals *l, u32 number, u32 half) {
    Resident *resident = resident_at(l, number), *web = resident_at(l, lives_web(&l->lives, number));
    u32 type = WASM_I32 - place_wasm_type(resident->type, l->pointer), local = NO_LOCAL;
    if (!resident->alone) {
        local = find_wanted(l, number, half);
        if (local == NO_LOCAL) local = l->free[type];
    }
    if (local != NO_LOCAL) take(l, local, number);
    else if ((local = add_local(l, type, resident->alone ? RESERVED : number)) == NO_LOCAL) return false;
    resident->local[half] = web->shared[half] = local;
    l->all.items[local].weight += resident->weight;
    return true;
}

// Nothing for what nobody uses.
static bool assign(Locals *l, u32 number) {
    const Resident *resident = resident_at(l, number);
    if (!resident->weight || resident->local[0] != NO_LOCAL) return true;
    for (u32 half = 0; half < halves(resident); half++)
        if (!assign_half(l, number, half)) return false;
    return true;
}

// ---- the function's parameters ----

static bool add_param(Locals *l, u32 number) {
    Resident *resident = resident_at(l, number);
    u32 type = WASM_I32 - place_wasm_type(resident->type, l->pointer);
    for (u32 half = 0; half < halves(resident); half++) {
        u32 local = add_local(l, type, RESERVED);
        if (local == NO_LOCAL) return false;
        resident->local[half] = local;
        if (!resident->alone) release(l, local);
    }
    return true;
}

static bool add_params(Locals *l, u32 hidden) {
    const IrFunction *function = l->lives.function;
    for (u32 i = 0; i < function->param_count; i++)
        if (!add_param(l, l->lives.resident_of[function->lists.items[function->params + i]])) return false;
    for (u32 i = 0; i < hidden; i++)
        if (add_local(l, 0, RESERVED) == NO_LOCAL) return false;
    l->params = l->all.count;
    return true;
}

// ---- blocks ----

// Last uses: everything that code reads gets the position where it reads it last.
static void find_last_uses(Locals *l, u32 block) {
    Lives *lives = &l->lives;
    u32 leaf = lives_leaves_start(lives, l->position);
    for (u32 root = l->position; root <= lives->term_root[block]; root++)
        for (; leaf < lives->leaves_end.items[root]; leaf++) resident_at(l, lives->leaves.items[leaf])->last = root + 1;
    for (u32 i = lives->first_live[block]; i; i = lives->lives.items[i].next)
        if (lives->lives.items[i].out) resident_at(l, lives->lives.items[i].resident)->last = NO_INDEX;
}

static void release_dead_leaves(Locals *l) {
    const Lives *lives = &l->lives;
    u32 root = l->position - 1;
    for (u32 i = lives_leaves_start(lives, root); i < lives->leaves_end.items[root]; i++) {
        u32 number = lives->leaves.items[i];
        if (resident_at(l, number)->last == l->position) release_resident(l, number);
    }
}

static bool assign_root(Locals *l, IrValue value) {
    u32 number = l->lives.resident_of[value];
    bool wide = number && place_is_wide(resident_at(l, number)->type);
    l->position++;
    if (wide && !assign(l, number)) return false;
    release_dead_leaves(l);
    return wide || !number || assign(l, number);
}

// Those first that find a local that saves moves, lest others take it.
static bool assign_params(Locals *l, const IrBlock *block) {
    for (u32 all = 0; all < 2; all++)
        for (u32 i = 0; i < block->param_count; i++) {
            u32 number = l->lives.resident_of[l->lives.function->lists.items[block->params + i]];
            if (number && (all || find_wanted(l, number, 0) != NO_LOCAL) && !assign(l, number)) return false;
        }
    return true;
}

// Parameters that have no local yet hear where their arguments are: of these, rather one that dies on the edge.
static void tell_params(Locals *l, IrTerm *term) {
    const IrFunction *function = l->lives.function;
    for (u32 e = 0, edges = ir_edge_count(term); e < edges; e++) {
        const IrEdge *edge = ir_edge_at(function, term, e);
        for (u32 i = 0; i < edge->arg_count; i++) {
            Resident *param = resident_at(l, l->lives.resident_of[lives_param(&l->lives, edge, i)]);
            u32 argument = l->lives.resident_of[function->lists.items[edge->args + i]];
            if (param->value && argument && (!param->from || resident_at(l, param->from)->last == NO_INDEX))
                param->from = argument;
        }
    }
}

static bool assign_block(Locals *l, u32 block) {
    Lives *lives = &l->lives;
    const IrFunction *function = lives->function;
    for (u32 i = lives->first_live[block]; i; i = lives->lives.items[i].next)
        if (lives->lives.items[i].in) take_again(l, lives->lives.items[i].resident);
    find_last_uses(l, block);
    if (!assign_params(l, ir_block(function, block))) return false;
    for (u32 v = ir_block(function, block)->first; v; v = function->insts.items[v].next)
        if (lives_is_root(lives, v) && !assign_root(l, v)) return false;
    l->position++;
    tell_params(l, &ir_block(function, block)->term);
    release_dead_leaves(l);
    for (u32 i = lives->first_live[block]; i; i = lives->lives.items[i].next)
        if (lives->lives.items[i].out) release_resident(l, lives->lives.items[i].resident);
    return !l->scratch->failed;
}

// ---- numbers ----

// Numbers the locals behind the parameters anew: `renumbered` by old number.
static bool number_locals(Locals *l, Places *out, Arena *arena, u32 *renumbered) {
    u32 count = l->all.count - l->params;
    u64 *keys = arena_new(l->scratch, u64, count + 1), weights[TYPES] = {0};
    if (!keys || !vec_reserve(arena, &out->types, count)) return false;
    for (u32 i = l->params; i < l->all.count; i++) weights[l->all.items[i].type] += l->all.items[i].weight;
    for (u32 i = 0; i < count; i++) {
        const Local *local = &l->all.items[l->params + i];
        u64 rank = 0;
        for (u32 type = 0; type < TYPES; type++)
            rank += weights[type] > weights[local->type] ||
                    (weights[type] == weights[local->type] && type < local->type);
        u32 weight = local->weight < 1u << 30 ? local->weight : (1u << 30) - 1;
        // Type by how much it is used, weight, number; the heaviest first.
        keys[i] = rank << 62 | (u64)((1u << 30) - 1 - weight) << 32 | i;
    }
    if (!sort_u64(l->scratch, keys, count)) return false;
    for (u32 i = 0; i < l->params; i++) renumbered[i] = i;
    for (u32 i = 0; i < count; i++) {
        u32 old = l->params + (u32)keys[i];
        renumbered[old] = l->params + i;
        out->types.items[out->types.count++] = (u8)(WASM_I32 - l->all.items[old].type);
    }
    return true;
}

static bool finish(Locals *l, Places *out, Arena *arena) {
    u32 *renumbered = arena_new(l->scratch, u32, l->all.count + 1);
    if (!renumbered || !number_locals(l, out, arena, renumbered)) return false;
    out->param_locals = l->params;
    for (u32 v = 0; v < l->lives.function->insts.count; v++) {
        u32 number = out->low[v];
        out->low[v] = out->high[v] = NO_LOCAL;
        if (!number) continue;
        const Resident *resident = resident_at(l, number);
        if (resident->local[0] != NO_LOCAL) out->low[v] = renumbered[resident->local[0]];
        if (resident->local[1] != NO_LOCAL) out->high[v] = renumbered[resident->local[1]];
    }
    return true;
}

bool place_locals(Places *out, Arena *arena, Arena *scratch, const IrFunction *function, const IrCfg *cfg,
                  WasmType pointer, u32 hidden) {
    u32 values = function->insts.count;
    Locals l = {.scratch = scratch, .pointer = pointer, .free = {NO_LOCAL, NO_LOCAL, NO_LOCAL, NO_LOCAL}};
    out->low = arena_new(arena, u32, values + 1);
    out->high = arena_new(arena, u32, values + 1);
    if (!out->low || !out->high) return false;
    l.lives = (Lives){
        .function = function, .cfg = cfg, .place = out->place, .scratch = scratch, .resident_of = out->low};
    if (!lives_find(&l.lives) || !add_params(&l, hidden)) return false;
    for (u32 i = 0; i < cfg->rpo_count; i++)
        if (!assign_block(&l, cfg->rpo[i])) return false;
    return finish(&l, out, arena);
}
