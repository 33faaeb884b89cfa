// See facts.h. Both lists are stacks along the path from the entry.
#include "opt/facts.h"

enum {
    SWITCHES = 8,  // that a comparison is looked for in
    CASES_MAX = 64 // of a switch that is looked at: all of them for each block
};

bool facts_init(Facts *facts, Pass *pass) {
    *facts = (Facts){.pass = pass, .function = pass->function, .count = pass->function->insts.count};
    facts->constant = arena_new(pass->scratch, u32, facts->count);
    return facts->constant != NULL;
}

// The constant false or true; 0 when memory is out.
static IrValue truth_of(Facts *facts, bool holds) {
    if (!facts->truth[holds]) facts->truth[holds] = opt_entry_const(facts->pass, IR_BOOL, holds);
    return facts->truth[holds];
}

static bool set(Facts *facts, IrValue value, IrValue constant, u32 block) {
    if (value >= facts->count || opt_is_const(facts->function, value)) return true;
    if (!vec_push(facts->pass->scratch, &facts->log, ((Fact){value, facts->constant[value], block}))) return false;
    facts->constant[value] = constant;
    return true;
}

bool facts_set_condition(Facts *facts, IrValue condition, bool holds, u32 block) {
    IrValue truth = truth_of(facts, holds);
    if (!truth || !set(facts, condition, truth, block)) return false;
    const IrInst *inst = ir_inst(facts->function, condition);
    if (inst->op != (holds ? IR_OP_EQ : IR_OP_NE)) return true;
    // x == 5 holds: x is 5. Floats not: 0 == -0.
    if (ir_is_float((IrType)inst->arg_type) || !opt_is_const(facts->function, inst->args[1])) return true;
    return set(facts, inst->args[0], inst->args[1], block);
}

// The selector is a constant from here on, but there need not be one to stand for it.
static bool enter_case(Facts *facts, const IrTerm *term, u32 block) {
    for (u32 i = 0; i < term->case_count && term->case_count <= CASES_MAX; i++) {
        const IrCase *each = &facts->function->cases.items[term->first_case + i];
        if (each->edge.target != block) continue;
        Selected selected = {term->value, block, (u128)each->high << 64 | each->low};
        return vec_push(facts->pass->scratch, &facts->selected, selected);
    }
    return true;
}

bool facts_enter(Facts *facts, const IrTerm *term, u32 block) {
    if (term->kind == TERM_SWITCH) return enter_case(facts, term, block);
    return term->kind != TERM_BRANCH || facts_set_condition(facts, term->value, term->then.target == block, block);
}

IrValue facts_compare(Facts *facts, const IrInst *inst) {
    if (inst->op != IR_OP_EQ && inst->op != IR_OP_NE) return 0;
    for (u32 i = facts->selected.count, left = SWITCHES; i-- > 0 && left-- > 0;) {
        const Selected *selected = &facts->selected.items[i];
        if (selected->value != inst->args[0]) continue;
        if (!opt_is_const(facts->function, inst->args[1])) return 0;
        bool equal = eval_wrap128((IrType)inst->arg_type, selected->bits) ==
                     eval_wrap128((IrType)inst->arg_type, opt_const_bits(facts->function, inst->args[1]));
        return truth_of(facts, equal == (inst->op == IR_OP_EQ));
    }
    return 0;
}

void facts_leave(Facts *facts, const IrCfg *cfg, u32 block) {
    while (facts->log.count && !ir_dominates(cfg, facts->log.items[facts->log.count - 1].block, block)) {
        const Fact *fact = &facts->log.items[--facts->log.count];
        facts->constant[fact->value] = fact->before;
    }
    while (facts->selected.count && !ir_dominates(cfg, facts->selected.items[facts->selected.count - 1].block, block))
        facts->selected.count--;
}
