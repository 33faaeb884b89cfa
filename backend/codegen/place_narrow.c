// Integers narrower than 32 bits lie in an i32, extended as their type says. Most of what uses them looks at their own bits
// alone: sums, products, what is stored or cut again. A value that nothing else uses need not be extended. What passes on the
// upper bits as they are (`and`, choices, parameters of blocks) needs as much of its operands as is needed of it. A value that
// one conversion or print alone looks at is extended there: what it becomes in the next turn of a loop need not wait for that.
#include "codegen/place.h"

#include "ir/arguments.h"

typedef struct Narrower {
    const IrFunction *function;
    const IrCfg *cfg;
    bool *whole;
    u8 *lookers; // value -> uses that look at more than its own bits; those that cannot extend it themselves count twice
    IrArguments arguments;
    VEC(u32) work; // values that became whole; what that means for their operands is still to be found
    Arena *scratch;
} Narrower;

bool place_is_narrow(IrType type) { return type == IR_I8 || type == IR_U8 || type == IR_I16 || type == IR_U16; }

static bool passes_on(u32 op) {
    return op == IR_OP_AND || op == IR_OP_OR || op == IR_OP_XOR || op == IR_OP_SELECT || op == IR_OP_PARAM;
}

bool place_takes_own_bits(const IrInst *inst, u32 operand, IrType type) {
    switch (inst->op) {
    case IR_OP_ADD:
    case IR_OP_SUB:
    case IR_OP_MUL:
    case IR_OP_NEG:
    case IR_OP_SHL: return true;
    case IR_OP_SHR: return operand == 1; // an amount is cut to fewer bits yet
    case IR_OP_STORE: return operand == 1;
    case IR_OP_CONVERT:
    case IR_OP_BITCAST: return place_is_narrow(inst->type) && ir_bits(inst->type) <= ir_bits(type);
    default: return false;
    }
}

static bool need(Narrower *n, IrValue value) {
    if (n->whole[value] || !place_is_narrow(ir_inst(n->function, value)->type)) return true;
    n->whole[value] = true;
    return vec_push(n->scratch, &n->work, value);
}

// Whether the instruction extends what it looks at (gen_extended); not where it is come by more often than its operand is made.
static bool extends(const Narrower *n, const IrInst *inst, IrValue operand) {
    bool able = inst->op == IR_OP_PRINT_VALUE || (inst->op == IR_OP_CONVERT && !place_is_wide(inst->type));
    return able && n->cfg->loop_depth[inst->block] <= n->cfg->loop_depth[ir_inst(n->function, operand)->block];
}

static void count_lookers(Narrower *n, IrInst *inst) {
    u32 count, *operands = ir_operands_in_place(n->function, inst, &count);
    if (passes_on(inst->op)) return;
    for (u32 i = 0; i < count; i++) {
        IrType type = ir_inst(n->function, operands[i])->type;
        if (!place_is_narrow(type) || place_takes_own_bits(inst, i, type) || n->lookers[operands[i]] > 1) continue;
        n->lookers[operands[i]] += extends(n, inst, operands[i]) ? 1 : 2;
    }
}

// Operands of which more than their own bits is needed; `through`: as the value is, which passes theirs on.
static bool need_operands(Narrower *n, IrInst *inst, bool through) {
    u32 count, *operands = ir_operands_in_place(n->function, inst, &count);
    bool passes = passes_on(inst->op);
    for (u32 i = 0; i < count; i++) {
        bool is_needed = passes ? through : n->lookers[operands[i]] > 1;
        if (is_needed && !need(n, operands[i])) return false;
    }
    return true;
}

static bool need_through(Narrower *n, IrInst *inst) {
    if (inst->op != IR_OP_PARAM) return !passes_on(inst->op) || need_operands(n, inst, true);
    if (!inst->block) return true; // of the function: callers pass it whole
    const IrIncoming *edges = n->arguments.edges.items;
    for (u32 e = n->arguments.first[inst->block]; e; e = edges[e].next)
        if (!need(n, n->function->lists.items[edges[e].args + inst->args[0]])) return false;
    return true;
}

bool place_narrow(Places *out, Arena *arena, Arena *scratch, const IrFunction *function, const IrCfg *cfg) {
    Narrower n = {.function = function, .cfg = cfg, .scratch = scratch};
    n.whole = out->whole = arena_new(arena, bool, function->insts.count);
    n.lookers = arena_new(scratch, u8, function->insts.count);
    if (!n.whole || !n.lookers || !ir_arguments_build(&n.arguments, scratch, function, cfg)) return false;
    for (u32 b = 1; b < function->blocks.count; b++)
        for (u32 v = ir_block(function, b)->first; v; v = ir_inst(function, v)->next)
            if (out->place[v] != PLACE_DROPPED) count_lookers(&n, ir_inst(function, v));
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        const IrBlock *block = ir_block(function, cfg->rpo[i]);
        for (u32 v = block->first; v; v = ir_inst(function, v)->next)
            if (out->place[v] != PLACE_DROPPED && !need_operands(&n, ir_inst(function, v), false)) return false;
        if (block->term.value && !need(&n, block->term.value)) return false;
        while (n.work.count)
            if (!need_through(&n, ir_inst(function, n.work.items[--n.work.count]))) return false;
    }
    return true;
}
