// Short sides of a branch that only choose a value become SELECTs: both sides are computed, and nothing is left to be
// predicted wrongly. Only for values in integer registers (engines make branches of other selects), only where both
// sides together cost little, and only operations that cannot trap.
// Inner choices first; simplify_cfg then joins the blocks, and another turn may take the choice around them.
// Needs: addresses (opt/addresses.h). Keeps: blocks; those converted are empty.
#include "opt/addresses.h"

enum {
    COST_MOST = 4,   // of the operations of both sides
    SELECTS_MOST = 2 // values chosen by one branch
};

typedef struct Choice {
    u32 head, meet;
    u32 sides[2];           // blocks of the then and the other side, 0 = straight to `meet`
    const IrEdge *edges[2]; // into `meet`
} Choice;

// NO_INDEX when it must stay where it is.
static u32 cost_of(const Addresses *addresses, const IrFunction *function, const IrInst *inst) {
    if (inst->op == IR_OP_CONST || inst->op == IR_OP_SLOT_ADDR || inst->op == IR_OP_DATA_ADDR) return 0;
    if (ir_bits((IrType)inst->type) > 64 || ir_is_float((IrType)inst->type)) return NO_INDEX;
    if (inst->op == IR_OP_DIV || inst->op == IR_OP_REM) {
        if (!address_cannot_trap(addresses, function, inst)) return NO_INDEX;
        u128 divisor = opt_const_bits(function, inst->args[1]);
        return (divisor & (divisor - 1)) == 0 ? 2 : 3; // shifts; a product and shifts
    }
    return ir_op_info[inst->op].effects == 'P' && inst->op != IR_OP_PTR_MOVE ? 1 : NO_INDEX;
}

static u32 cost_of_block(const Addresses *addresses, const IrFunction *function, u32 id) {
    u32 cost = 0;
    for (u32 v = ir_block(function, id)->first; v && cost <= COST_MOST; v = ir_inst(function, v)->next) {
        u32 one = cost_of(addresses, function, ir_inst(function, v));
        if (one == NO_INDEX) return NO_INDEX;
        cost += one;
    }
    return cost;
}

static bool is_side(const IrFunction *function, const IrCfg *cfg, u32 id) {
    const IrBlock *block = ir_block(function, id);
    return cfg->pred_start[id + 1] - cfg->pred_start[id] == 1 && block->term.kind == TERM_JUMP && !block->param_count;
}

// The block's branch as a choice between values; false when it is more than that.
static bool find_choice(const IrFunction *function, const IrCfg *cfg, u32 head, Choice *choice) {
    const IrTerm *term = &ir_block(function, head)->term;
    if (term->kind != TERM_BRANCH) return false;
    *choice = (Choice){.head = head, .edges = {&term->then, &term->other}};
    for (u32 i = 0; i < 2; i++) {
        u32 target = choice->edges[i]->target;
        // A triangle's side leads to where the branch itself leads.
        if (!is_side(function, cfg, target) || target == head) continue;
        choice->sides[i] = target;
    }
    for (u32 i = 0; i < 2; i++) {
        u32 beyond = choice->sides[i] ? ir_block(function, choice->sides[i])->term.then.target : 0;
        if (beyond && beyond == choice->edges[!i]->target) choice->sides[!i] = 0;
    }
    for (u32 i = 0; i < 2; i++)
        if (choice->sides[i]) choice->edges[i] = &ir_block(function, choice->sides[i])->term.then;
    choice->meet = choice->edges[0]->target;
    return choice->meet == choice->edges[1]->target;
}

static bool pays(const Pass *pass, const Addresses *addresses, const Choice *choice) {
    const IrFunction *function = pass->function;
    const u32 *lists = function->lists.items;
    u32 cost = 0, selects = 0;
    for (u32 i = 0; i < 2; i++) {
        u32 one = choice->sides[i] ? cost_of_block(addresses, function, choice->sides[i]) : 0;
        if (one == NO_INDEX) return false;
        cost += one;
    }
    for (u32 i = 0; i < choice->edges[0]->arg_count; i++) {
        IrValue a = lists[choice->edges[0]->args + i], b = lists[choice->edges[1]->args + i];
        IrType type = (IrType)ir_inst(function, a)->type;
        if (a == b) continue;
        if (ir_is_float(type) || ir_bits(type) > 64) return false;
        selects++;
    }
    return cost <= COST_MOST && selects <= SELECTS_MOST;
}

static bool convert(Pass *pass, const Choice *choice) {
    IrFunction *function = pass->function;
    IrEdge edges[2] = {*choice->edges[0], *choice->edges[1]};
    u32 count = edges[0].arg_count;
    IrTerm *term = &ir_block(function, choice->head)->term;
    IrValue condition = term->value;
    IrBuilder builder = {.module = pass->module, .function = function, .block = choice->head, .site = term->site};
    for (u32 i = 0; i < 2; i++) {
        if (!choice->sides[i]) continue;
        opt_move_insts(function, choice->head, choice->sides[i]);
        ir_block(function, choice->sides[i])->term = (IrTerm){.kind = TERM_TRAP, .trap = TRAP_UNREACHABLE};
    }
    u32 args = ir_list(pass->module, function, function->lists.items + edges[0].args, count);
    if (count && !args) return false;
    for (u32 i = 0; i < count; i++) {
        IrValue a = function->lists.items[edges[0].args + i], b = function->lists.items[edges[1].args + i];
        if (a == b) continue;
        IrType type = (IrType)ir_inst(function, a)->type;
        IrValue select = ir_emit(&builder, IR_OP_SELECT, type, type, condition, a, b, 0);
        function->lists.items[args + i] = select;
    }
    opt_become_jump(&ir_block(function, choice->head)->term, (IrEdge){choice->meet, args, count});
    opt_graph_changed(pass);
    return pass_ok(pass);
}

bool opt_if_convert(Pass *pass) {
    IrCfg cfg;
    Addresses addresses;
    if (!addresses_build(pass, &cfg, &addresses)) return false;
    pass->outcome = UNCHANGED;
    for (u32 i = cfg.rpo_count; i-- > 0;) {
        Choice choice;
        if (!find_choice(pass->function, &cfg, cfg.rpo[i], &choice) || !pays(pass, &addresses, &choice)) continue;
        if (!convert(pass, &choice)) return false;
        pass->outcome = CHANGED;
    }
    return pass_ok(pass);
}
