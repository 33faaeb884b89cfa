// Changes to a decoded file that keep it decodable: operands, types, constants, targets, opcodes of the same shape.
// Changed bytes mostly die in the reader; these reach validation, lowering, the optimiser and the interpreter.
#ifndef TESTS_MUTATE_MODEL_H
#define TESTS_MUTATE_MODEL_H

#include <string.h>

#include "jsrs/jsrs.h"

// How each operation is written, and since when (jsrs/opcodes.h has it as an enum whose names collide with
// ir/module.h's).
static const struct {
    const char *operands;
    u32 first_version;
} mutate_ops[] = {
#define JSRS_OP(code, name, text, operands, first_version) {#operands, first_version},
#include "jsrs/opcodes.def"
};

typedef u32 Chance(u32 limit); // a number below limit; 0 for limit 0

// Most of a random function's instructions stand in its own range of the module's lists.
typedef struct Spot {
    JsrsModule *module;
    JsrsFunction *function;
    JsrsBlock *block;
    Chance *chance;
} Spot;

static inline JsrsInst *spot_inst(const Spot *s) {
    if (s->block->inst_count == 0) return NULL;
    return &s->module->insts.items[s->block->insts + s->chance(s->block->inst_count)];
}

static inline JsrsBlock *spot_block(const Spot *s) {
    return &s->module->blocks.items[s->function->blocks + s->chance(s->function->block_count)];
}

// The id of some value of the function, mostly one that is defined.
static inline u32 spot_value(const Spot *s) {
    const JsrsModule *m = s->module;
    const JsrsBlock *block = spot_block(s);
    switch (s->chance(8)) {
    case 0: return s->chance(400);
    case 1:
        if (s->function->param_count == 0) break;
        return m->params.items[s->function->params + s->chance(s->function->param_count)].value;
    case 2:
        if (block->param_count == 0) break;
        return m->params.items[block->params + s->chance(block->param_count)].value;
    }
    if (s->chance(3)) block = s->block;
    if (block->inst_count == 0) return 0;
    u32 result = m->insts.items[block->insts + s->chance(block->inst_count)].result;
    return result == NO_INDEX ? 0 : result;
}

static inline u32 spot_type(const Spot *s) {
    return s->chance(s->chance(2) ? TYPE_FIRST_OTHER : s->module->types.count);
}

static inline u64 spot_constant(const Spot *s) {
    static const u64 edges[] = {0,
                                1,
                                2,
                                7,
                                31,
                                32,
                                63,
                                64,
                                127,
                                128,
                                255,
                                256,
                                0x7fffffff,
                                0x80000000,
                                0xffffffff,
                                0x100000000,
                                0x7fffffffffffffff,
                                0x8000000000000000,
                                0xffffffffffffffff,
                                0x3ff0000000000000};
    u64 value = edges[s->chance(countof(edges))];
    return s->chance(2) ? value : s->chance(12);
}

static inline JsrsEdge *spot_edge(const Spot *s) {
    JsrsTerm *term = &s->block->term;
    if (term->case_count && s->chance(2))
        return &s->module->cases.items[term->cases + s->chance(term->case_count)].edge;
    return term->kind == JSRS_BR || (term->kind == JSRS_BR_IF && s->chance(2)) ? &term->then : &term->other;
}

static inline void mutate_inst(const Spot *s, JsrsInst *inst) {
    JsrsModule *m = s->module;
    switch (s->chance(10)) {
    case 0: inst->a = spot_value(s); return;
    case 1: inst->b = spot_value(s); return;
    case 2: inst->type = spot_type(s); return;
    case 3:
        if (inst->type2 != NO_INDEX) inst->type2 = spot_type(s);
        return;
    case 4: inst->immediate = spot_constant(s) & (inst->op == JSRS_BCONST ? 1 : ~(u64)0); return;
    case 5:
        if (inst->list_count) m->lists.items[inst->list + s->chance(inst->list_count)] = spot_value(s);
        return;
    case 6: // fields, variants, calls of another function
        if (inst->op == JSRS_CALL) inst->number = m->functions.items[s->chance(m->functions.count)].number;
        else if (inst->op != JSRS_SCONST) inst->number = s->chance(4);
        return;
    case 7:
        for (u32 tries = 0; tries < 40; tries++) { // an operation that is written in the same way
            u32 op = s->chance(JSRS_OP_COUNT);
            if (strcmp(mutate_ops[op].operands, mutate_ops[inst->op].operands) != 0) continue;
            if (mutate_ops[op].first_version > m->version) continue;
            inst->op = (u8)op;
            return;
        }
        return;
    case 8: inst->compare = (u8)s->chance(6); return;
    default:
        if (inst->op == JSRS_ENUM_GET_DATA) inst->index = s->chance(3);
        else if (inst->op == JSRS_CALL && inst->list_count) inst->list_count--;
        return;
    }
}

static inline void mutate_block(const Spot *s) {
    JsrsModule *m = s->module;
    switch (s->chance(7)) {
    case 0: spot_edge(s)->target = spot_block(s)->id; return;
    case 1: {
        JsrsEdge *edge = spot_edge(s);
        if (edge->arg_count) m->lists.items[edge->args + s->chance(edge->arg_count)] = spot_value(s);
        return;
    }
    case 2: s->block->term.value = spot_value(s); return;
    case 3:
        if (s->block->param_count)
            m->params.items[s->block->params + s->chance(s->block->param_count)].type = spot_type(s);
        return;
    case 4: { // two instructions change places
        JsrsInst *a = spot_inst(s), *b = spot_inst(s);
        if (!a) return;
        JsrsInst kept = *a;
        *a = *b;
        *b = kept;
        return;
    }
    case 5:
        if (s->block->term.case_count) m->cases.items[s->block->term.cases].value = spot_constant(s);
        return;
    default:
        if (s->block->term.kind == JSRS_BR) s->block->term.kind = JSRS_UNREACHABLE;
        return;
    }
}

static inline void mutate_function(const Spot *s) {
    JsrsModule *m = s->module;
    if (s->function->param_count && s->chance(2)) {
        m->params.items[s->function->params + s->chance(s->function->param_count)].type = spot_type(s);
    } else if (s->chance(2)) {
        s->function->result = spot_type(s);
    } else if (m->lists.count && (m->structs.count || m->variants.count)) { // fields of structs and variants
        JsrsStruct *at = m->structs.count ? &m->structs.items[s->chance(m->structs.count)] : NULL;
        if (at && at->field_count) m->lists.items[at->fields + s->chance(at->field_count)] = spot_type(s);
    }
}

// A decoded file and a copy of it to change: decoding takes longer than all else that makes an input of it.
typedef struct MutableModel {
    Arena arena; // owns both; the file's bytes must outlive them
    JsrsModule decoded, changed;
    bool usable; // the file can be decoded and has functions
} MutableModel;

// The lists that mutations change.
#define MUTATED_LISTS(LIST) LIST(functions) LIST(blocks) LIST(params) LIST(insts) LIST(cases) LIST(lists)

// The copy's lists, none without storage; NULL items and arena.failed where memory is out.
static inline void mutable_make_room(MutableModel *m) {
    m->changed = m->decoded;
#define ROOM(list) \
    m->changed.list.items = arena_alloc(&m->arena, m->decoded.list.count + 1u, sizeof *m->decoded.list.items, 16);
    MUTATED_LISTS(ROOM)
#undef ROOM
}

static inline void mutable_restore(MutableModel *m) {
#define RESTORE(list)          \
    if (m->decoded.list.count) \
        memcpy(m->changed.list.items, m->decoded.list.items, m->decoded.list.count * sizeof *m->decoded.list.items);
    MUTATED_LISTS(RESTORE)
#undef RESTORE
}

static inline void mutable_open(MutableModel *m, Str file) {
    *m = (MutableModel){0};
    Error error;
    error_clear(&error);
    m->usable = jsrs_decode(&m->decoded, &m->arena, file, &error) && m->decoded.functions.count > 0;
    if (m->usable) mutable_make_room(m);
    m->usable = m->usable && !m->arena.failed;
}

static inline void mutable_close(MutableModel *m) { arena_free(&m->arena); }

// Makes `changes` changes to the file as it was opened and puts its bytes in `out`; false where it can't be decoded or
// written.
static inline bool mutate_model(MutableModel *m, u32 changes, Chance *chance, Buf *out) {
    if (!m->usable) return false;
    mutable_restore(m);
    JsrsModule *module = &m->changed;
    while (changes--) {
        Spot spot = {
            .module = module, .function = &module->functions.items[chance(module->functions.count)], .chance = chance};
        if (spot.function->block_count == 0) continue;
        spot.block = spot_block(&spot);
        JsrsInst *inst = spot_inst(&spot);
        u32 kind = chance(10);
        if (kind == 0) mutate_function(&spot);
        else if (kind < 4 || !inst) mutate_block(&spot);
        else mutate_inst(&spot, inst);
    }
    Error error;
    error_clear(&error);
    return jsrs_encode(module, out, &error);
}
#endif
