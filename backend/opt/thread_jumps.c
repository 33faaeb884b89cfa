// Where an edge passes a constant that decides the branch at the end of its target (`match` on what `pop` returned, a bool
// made by if and else), it gets a copy of the target that goes the decided way. Only small targets, and no loop heads:
// an edge into a loop that skips its head would give the loop two entries.
// Values of a copied block then have several definitions; ssa.h puts parameters where these meet.
// Needs: nothing. Keeps: nothing.
#include "opt/ssa.h"

enum {
    BLOCK_MAX = 8, // instructions of a block that is copied, constants and counts apart
    PARAMS_MAX = 16,
    GROWTH_BASE = 200, // instructions that copies may add to a function, and a share of what it has
    GROWTH_SHARE = 4,
    FRONTIER_LIMIT = 1 << 22,
    STEPS_BACK = 3 // operations between the parameter and the condition
};

typedef struct Threader {
    Pass *pass;
    IrFunction *function;
    IrCfg cfg;
    u32 budget;
    u32 blocks; // how many there were at the start; later ones are copies
    u32 values;
    u32 *variable; // value -> variable + 1, for values of copied blocks
    VEC(u8) types;
    VEC(u32) copies; // pairs: value made, variable + 1
    u32 *copy_of;    // value of the block being copied -> its copy
} Threader;

// ---- what a constant decides ----

// The condition of the block when its parameter `index` is a constant, computed back through a few operations on
// constants; false when it depends on anything else.
static bool decide(const Threader *t, u32 id, IrValue value, const IrEdge *edge, u32 depth, u128 *bits) {
    const IrFunction *function = t->function;
    const IrInst *inst = ir_inst(function, value);
    if (inst->op == IR_OP_PARAM && inst->block == id) value = function->lists.items[edge->args + inst->args[0]];
    if (opt_is_const(function, value)) {
        *bits = opt_const_bits(function, value);
        return true;
    }
    if (inst->block != id || inst->op == IR_OP_PARAM || depth == 0) return false;
    u128 a, b;
    if (!decide(t, id, inst->args[0], edge, depth - 1, &a)) return false;
    if (inst->op == IR_OP_CONVERT) {
        *bits = eval_convert_any((IrType)inst->type, (IrType)inst->arg_type, a);
        return true;
    }
    if (!decide(t, id, inst->args[1], edge, depth - 1, &b)) return false;
    if (inst->op >= IR_OP_EQ && inst->op <= IR_OP_GE) {
        *bits = eval_compare((IrOp)inst->op, (IrType)inst->arg_type, a, b);
        return true;
    }
    TrapKind trap;
    if (inst->op != IR_OP_XOR && inst->op != IR_OP_AND && inst->op != IR_OP_OR) return false;
    *bits = eval_binary((IrOp)inst->op, (IrType)inst->type, a, b, &trap);
    return true;
}

static bool is_decided_by(const Threader *t, IrValue value) {
    u8 op = ir_inst(t->function, value)->op;
    return op == IR_OP_PARAM || op == IR_OP_CONVERT || (op >= IR_OP_EQ && op <= IR_OP_GE) || op == IR_OP_XOR ||
           op == IR_OP_AND || op == IR_OP_OR;
}

// Instructions that a copy of the block adds, or NO_INDEX when it must not be copied.
static u32 copy_cost(const Threader *t, u32 id) {
    const IrBlock *block = ir_block(t->function, id);
    if (id == 1 || id >= t->blocks || t->cfg.loop_head[id] == id) return NO_INDEX;
    if (block->term.kind != TERM_BRANCH && block->term.kind != TERM_SWITCH) return NO_INDEX;
    if (!block->param_count || block->param_count > PARAMS_MAX) return NO_INDEX;
    const IrInst *condition = ir_inst(t->function, block->term.value);
    if (condition->block != id || !is_decided_by(t, block->term.value)) return NO_INDEX;
    u32 cost = 0, all = 0;
    for (u32 v = block->first; v; v = ir_inst(t->function, v)->next) {
        u8 op = ir_inst(t->function, v)->op;
        if (op != IR_OP_CONST && op != IR_OP_STEPS) cost++;
        if (cost > BLOCK_MAX || ++all > 4 * BLOCK_MAX || op == IR_OP_CALL) return NO_INDEX;
    }
    return all + block->param_count;
}

// ---- copying ----

static bool note_variable(Threader *t, u32 value) {
    if (t->variable[value]) return true;
    if (!vec_push(t->pass->scratch, &t->types, ir_inst(t->function, value)->type)) return false;
    t->variable[value] = t->types.count;
    return true;
}

static bool note_copy(Threader *t, u32 value, u32 made) {
    t->copy_of[value] = made;
    if (ir_inst(t->function, value)->type == IR_VOID) return true;
    return note_variable(t, value) && vec_push(t->pass->scratch, &t->copies, made) &&
           vec_push(t->pass->scratch, &t->copies, t->variable[value]);
}

static u32 copied(const Threader *t, u32 id, u32 value) {
    return ir_inst(t->function, value)->block == id ? t->copy_of[value] : value;
}

static bool copy_params(Threader *t, u32 id, u32 to) {
    IrFunction *function = t->function;
    u32 count = ir_block(function, id)->param_count, made[PARAMS_MAX];
    for (u32 i = 0; i < count; i++) {
        u32 param = function->lists.items[ir_block(function, id)->params + i];
        IrInst inst = *ir_inst(function, param);
        inst.block = to;
        if (!vec_push(t->pass->module->arena, &function->insts, inst)) return false;
        made[i] = function->insts.count - 1;
        if (!note_copy(t, param, made[i])) return false;
    }
    u32 list = ir_list(t->pass->module, function, made, count);
    ir_block(function, to)->params = list;
    ir_block(function, to)->param_count = count;
    return pass_ok(t->pass);
}

static bool copy_insts(Threader *t, u32 id, u32 to) {
    IrFunction *function = t->function;
    for (u32 v = ir_block(function, id)->first; v; v = ir_inst(function, v)->next) {
        IrInst inst = *ir_inst(function, v);
        u32 count = ir_shape_operands[ir_op_info[inst.op].shape];
        for (u32 i = 0; i < count; i++) inst.args[i] = copied(t, id, inst.args[i]);
        u32 made = ir_append(t->pass->module, function, to, inst);
        if (!made || !note_copy(t, v, made)) return false;
    }
    return true;
}

// The block's copy, ending with a jump along the edge that the constant decides. 0 when memory is out.
static u32 copy_block(Threader *t, u32 id, u128 decided) {
    IrFunction *function = t->function;
    IrBlock block = {.source = ir_block(function, id)->source};
    if (!vec_push(t->pass->module->arena, &function->blocks, block)) return 0;
    u32 to = function->blocks.count - 1;
    if (!copy_params(t, id, to) || !copy_insts(t, id, to)) return 0;

    IrTerm term = ir_block(function, id)->term;
    opt_choose_edge_by(function, &term, decided);
    IrEdge edge = {.target = term.then.target};
    for (u32 i = 0; i < term.then.arg_count; i++) {
        u32 arg = copied(t, id, function->lists.items[term.then.args + i]);
        if (!opt_extend_edge(t->pass, &edge, &arg, 1)) return 0;
    }
    term.then = edge;
    ir_block(function, to)->term = term;
    return to;
}

static bool thread_edges(Threader *t, u32 id) {
    IrFunction *function = t->function;
    u32 edges = ir_edge_count(&ir_block(function, id)->term);
    for (u32 e = 0; e < edges; e++) {
        IrEdge edge = *ir_edge_at(function, &ir_block(function, id)->term, e);
        u128 decided;
        u32 cost = edge.target == id ? NO_INDEX : copy_cost(t, edge.target);
        if (cost > t->budget) continue;
        if (!decide(t, edge.target, ir_block(function, edge.target)->term.value, &edge, STEPS_BACK, &decided)) continue;
        u32 made = copy_block(t, edge.target, decided);
        if (!made) return false;
        ir_edge_at(function, &ir_block(function, id)->term, e)->target = made;
        t->budget -= cost;
    }
    return true;
}

// ---- one definition per use again ----

static bool repair(Threader *t) {
    u32 *var_of = arena_new(t->pass->scratch, u32, t->function->insts.count);
    if (!var_of) return false;
    mem_copy(var_of, t->variable, t->values * sizeof(u32));
    for (u32 i = 0; i < t->copies.count; i += 2) var_of[t->copies.items[i]] = t->copies.items[i + 1];
    Ssa ssa = {.types = t->types.items,
               .var_count = t->types.count,
               .var_of = var_of,
               .value_count = t->function->insts.count};
    IrCfg cfg;
    return opt_remove_unreachable(t->pass) && ir_cfg_build(&cfg, t->pass->scratch, t->function) &&
           ssa_construct(t->pass, &cfg, &ssa);
}

bool opt_thread_jumps(Pass *pass) {
    IrFunction *function = pass->function;
    if (!opt_split_entry(pass) || !opt_remove_unreachable(pass)) return false;
    Threader t = {
        .pass = pass, .function = function, .blocks = function->blocks.count, .values = function->insts.count};
    t.budget = GROWTH_BASE + t.values / GROWTH_SHARE;
    t.variable = arena_new(pass->scratch, u32, t.values);
    t.copy_of = arena_new(pass->scratch, u32, t.values);
    if (!t.variable || !t.copy_of || !ir_cfg_build(&t.cfg, pass->scratch, function)) return false;
    if (ssa_frontier_size(&t.cfg, FRONTIER_LIMIT) > FRONTIER_LIMIT) return true;
    for (u32 b = 1; b < t.blocks; b++)
        if (!thread_edges(&t, b)) return false;
    return !t.copies.count || repair(&t);
}
