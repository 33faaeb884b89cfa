// The parallel copy on an edge: see encode.h.
#include "interp/encode.h"

static u32 slot_of(const Translator *t, u32 value) { return t->registers.items[value].slot; }

static u32 argument(const Encoder *e, const IrEdge *edge, u32 i, u32 *param) {
    const IrFunction *f = e->t->function;
    *param = f->lists.items[ir_block(f, edge->target)->params + i];
    return value_of(e->t, f->lists.items[edge->args + i]);
}

// A parameter that nobody reads has no slot of its own.
static bool is_dead(const Encoder *e, u32 param) { return !e->t->registers.items[param].needed; }

static bool is_immediate(const Encoder *e, u32 value, u64 *bits) {
    u64 high;
    return !e->t->registers.items[value].wide && constant_bits(e->t, value, bits, &high);
}

bool edge_has_moves(const Encoder *e, const IrEdge *edge) {
    for (u32 i = 0; i < edge->arg_count; i++) {
        u32 param, value = argument(e, edge, i, &param);
        u64 bits;
        if (is_dead(e, param)) continue;
        if (is_immediate(e, value, &bits) || slot_of(e->t, value) != slot_of(e->t, param)) return true;
    }
    return false;
}

static bool emit_move(Encoder *e, u32 to, u32 from) {
    // Two moves in a row become one instruction.
    if (!e->t->program->traced && e->last != NO_INDEX && e->last + 1 == e->t->code.count) {
        CodeField *before = code_at(e->t, e->last);
        if (before[0] == BC_MOV) {
            before[0] = BC_MOV2;
            before[3] = (u16)to;
            return vec_push(e->t->arena, &e->t->code, (u64)(u16)from);
        }
    }
    return emit_word(e, BC_MOV, (u16)to, (u16)from, 0);
}

// Writes the move into `to` and all moves that wait for the slots it frees. Chains end; only cycles remain.
static bool drain(Encoder *e, u32 to) {
    while (e->source[to] && e->reads[to] == 0) {
        u32 from = e->source[to] - 1;
        e->source[to] = 0;
        if (!emit_move(e, to, from)) return false;
        if (--e->reads[from] > 0) return true;
        to = from;
    }
    return true;
}

static bool break_cycle(Encoder *e, u32 to) {
    u32 spare = e->t->window + e->t->window_slots;
    // `to` is read by its successor in the cycle: that one shall read the spare slot instead.
    if (!emit_move(e, spare, to)) return false;
    u32 at = to;
    while (e->source[at] - 1 != to) at = e->source[at] - 1;
    e->source[at] = spare + 1;
    e->reads[spare]++;
    e->reads[to]--;
    return drain(e, to);
}

static void note_move(Encoder *e, u32 to, u32 from) {
    if (to == from) return;
    e->source[to] = from + 1;
    e->reads[from]++;
}

bool emit_edge_moves(Encoder *e, const IrEdge *edge) {
    const Translator *t = e->t;
    u64 bits;
    for (u32 i = 0; i < edge->arg_count; i++) {
        u32 param, value = argument(e, edge, i, &param);
        if (is_dead(e, param) || is_immediate(e, value, &bits)) continue;
        note_move(e, slot_of(t, param), slot_of(t, value));
        if (t->registers.items[param].wide) note_move(e, slot_of(t, param) + 1, slot_of(t, value) + 1);
    }
    for (u32 pass = 0; pass < 2; pass++) {
        for (u32 i = 0; i < edge->arg_count; i++) {
            u32 param;
            argument(e, edge, i, &param);
            if (is_dead(e, param)) continue;
            for (u32 half = 0; half < (t->registers.items[param].wide ? 2u : 1u); half++) {
                u32 to = slot_of(t, param) + half;
                if (!e->source[to]) continue;
                if (!(pass == 0 ? drain(e, to) : break_cycle(e, to))) return false;
            }
        }
    }
    for (u32 i = 0; i < edge->arg_count; i++) {
        u32 param, value = argument(e, edge, i, &param);
        if (is_dead(e, param) || !is_immediate(e, value, &bits)) continue;
        if (!emit_constant(e, slot_of(t, param), bits)) return false;
    }
    return true;
}
