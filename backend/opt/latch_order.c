// Puts the last uses of a loop's parameter before the instruction that computes its next value, where that changes
// nothing: the two values then need not live at once and share a slot, which saves the move at the end of each turn.
// (mandel: `nx = ..; y = 2 * x * y + cy; x = nx` reads x after nx is there; one of ten instructions was that move.)
// Needs: nothing. Keeps: everything but the order of pure instructions within a block.
#include "opt/pass.h"

enum { REACH = 64 }; // instructions behind the new value that are looked at

typedef struct Latch {
    IrFunction *function;
    u32 block;
    u32 *place; // value -> its place in the block, 0 = elsewhere
} Latch;

static bool uses(const IrFunction *function, IrValue user, IrValue value) {
    u32 count, *operands = ir_operands(function, ir_inst(function, user), &count);
    for (u32 i = 0; i < count; i++)
        if (operands[i] == value) return true;
    return false;
}

// True when the instruction could stand before `next`.
static bool may_move(const Latch *latch, IrValue user, IrValue next) {
    IrInst *inst = ir_inst(latch->function, user);
    if (ir_op_info[inst->op].effects != 'P') return false;
    u32 count, *operands = ir_operands(latch->function, inst, &count);
    for (u32 i = 0; i < count; i++)
        if (latch->place[operands[i]] >= latch->place[next]) return false;
    return true;
}

static void move_before(Latch *latch, IrValue value, IrValue next) {
    IrFunction *function = latch->function;
    IrInst moved = *ir_inst(function, value);
    ir_remove(function, value);
    moved.next = next;
    moved.prev = ir_inst(function, next)->prev;
    if (moved.prev) ir_inst(function, moved.prev)->next = value;
    else ir_block(function, latch->block)->first = value;
    ir_inst(function, next)->prev = value;
    *ir_inst(function, value) = moved;
    latch->place[value] = latch->place[next] - 1; // places are two apart
}

// True when every use of the parameter behind `next` could stand before it; `users` lists them.
static bool find_users(const Latch *latch, IrValue param, IrValue next, IrValue *users, u32 *count) {
    const IrFunction *function = latch->function;
    u32 seen = 0;
    *count = 0;
    for (u32 v = ir_inst(function, next)->next; v; v = ir_inst(function, v)->next) {
        if (++seen > REACH) return false;
        if (!uses(function, v, param)) continue;
        if (!may_move(latch, v, next)) return false;
        users[(*count)++] = v;
    }
    return true;
}

static bool passes(const IrFunction *function, const IrEdge *edge, IrValue value) {
    for (u32 i = 0; i < edge->arg_count; i++)
        if (function->lists.items[edge->args + i] == value) return true;
    return false;
}

static void order_latch(Latch *latch) {
    IrFunction *function = latch->function;
    const IrEdge edge = ir_block(function, latch->block)->term.then;
    if (edge.arg_count > REACH) return;
    const IrBlock *head = ir_block(function, edge.target);
    u32 place = 0;
    for (u32 v = ir_block(function, latch->block)->first; v; v = ir_inst(function, v)->next)
        latch->place[v] = place += 2;
    for (u32 i = 0; i < edge.arg_count; i++) {
        IrValue param = function->lists.items[head->params + i], next = function->lists.items[edge.args + i];
        IrValue users[REACH];
        u32 count;
        // The old value that goes on under another name lives to the end in any case.
        if (!latch->place[next] || passes(function, &edge, param)) continue;
        if (!find_users(latch, param, next, users, &count)) continue;
        for (u32 k = 0; k < count; k++) move_before(latch, users[k], next);
    }
    for (u32 v = ir_block(function, latch->block)->first; v; v = ir_inst(function, v)->next) latch->place[v] = 0;
}

bool opt_latch_order(Pass *pass) {
    IrFunction *function = pass->function;
    IrCfg cfg;
    Latch latch = {.function = function};
    latch.place = arena_new(pass->scratch, u32, function->insts.count);
    if (!latch.place || !ir_cfg_build(&cfg, pass->scratch, function)) return false;
    for (u32 i = 0; i < cfg.rpo_count; i++) {
        latch.block = cfg.rpo[i];
        const IrTerm *term = &ir_block(function, latch.block)->term;
        if (term->kind == TERM_JUMP && ir_dominates(&cfg, term->then.target, latch.block)) order_latch(&latch);
    }
    return true;
}
