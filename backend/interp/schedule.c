// Moves the computation of a loop variable's next value behind the last use of its present one, so that both can share a
// slot and the back edge needs no move. Only computations that neither trap nor touch memory are moved, within their
// block and over a short distance.
#include "interp/live.h"

enum { DISTANCE_MAX = 32, EDGE_ARGUMENTS_MAX = 64 };

static bool reads(const Inst *inst, u32 reg) {
    for (u32 i = 0; i < inst->uses; i++)
        if (inst->use[i] == reg) return true;
    return false;
}

static bool may_move(const Inst *inst) {
    return inst->op <= BC_CONVERT && inst->op != BC_MOV && inst->op != BC_MOV_WIDE && !inst->observable;
}

// The place of the instruction that defines `reg`, among the last of the block; NO_INDEX when it is not there.
static u32 find_definition(const Translator *t, const BlockCode *code, u32 reg) {
    for (u32 k = code->count; k-- > 0 && code->count - k <= DISTANCE_MAX;)
        if (block_inst(t, code, k)->dst == reg && !block_inst(t, code, k)->guard) return k;
    return NO_INDEX;
}

// Where a check is still due (sunk), its operands must be there already; those of rows are.
static bool needs_operands(const Translator *t, const Inst *inst) {
    for (u32 i = 0; i < inst->sunk_count; i++)
        if (!t->address[t->sunk_checks.items[inst->sunk + i]].outside) return true;
    return false;
}

// `next` becomes `present` on the edge.
static void delay(Translator *t, const BlockCode *code, u32 next, u32 present) {
    u32 at = find_definition(t, code, next), last = at;
    if (at == NO_INDEX || !may_move(block_inst(t, code, at))) return;
    for (u32 k = at + 1; k < code->count; k++) {
        const Inst *inst = block_inst(t, code, k);
        if (reads(inst, present)) last = k;
    }
    for (u32 k = at + 1; k <= last; k++) {
        const Inst *inst = block_inst(t, code, k);
        if (reads(inst, next) || inst->list_count || needs_operands(t, inst)) return;
    }
    Inst moved = *block_inst(t, code, at);
    for (u32 k = at; k < last; k++) *block_inst(t, code, k) = *block_inst(t, code, k + 1);
    *block_inst(t, code, last) = moved;
}

static void delay_edge(Translator *t, const BlockCode *code, const IrEdge *edge) {
    const IrFunction *f = t->function;
    const IrBlock *target = ir_block(f, edge->target);
    u32 count = edge->arg_count < EDGE_ARGUMENTS_MAX ? edge->arg_count : EDGE_ARGUMENTS_MAX;
    for (u32 i = 0; i < count; i++) {
        u32 next = value_of(t, f->lists.items[edge->args + i]), present = f->lists.items[target->params + i];
        if (next != present) delay(t, code, next, present);
    }
}

void schedule_function(Translator *t) {
    for (u32 i = 0; i < t->cfg.rpo_count; i++) {
        u32 block = t->cfg.rpo[i];
        const IrTerm *term = &ir_block(t->function, block)->term;
        bool jump = term->kind == TERM_JUMP, branch = term->kind == TERM_BRANCH;
        if (t->cfg.loop_depth[block] == 0) continue;
        if (jump || branch) delay_edge(t, &t->blocks[block], &term->then);
        if (branch) delay_edge(t, &t->blocks[block], &term->other);
    }
}
