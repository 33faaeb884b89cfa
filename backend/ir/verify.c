// Holds a module to the rules of module.h and ops.def, function by function: first that every number in it is in range
// and the lists are whole, then what each operation asks of its types (verify_types.c), then that every use is
// dominated by its definition. The first broken rule ends it, named with function, block and value.
#include "ir/verify.h"

#include "ir/cfg.h"
#include "ir/verify_types.h"

bool check_fail(const Check *c, const char *what) {
    return error_set(c->error, ERR_INTERNAL, NOWHERE, "IR: fn %u, block%u, v%u: %s", c->number, c->block, c->value,
                     what);
}

static bool list_in_range(const IrFunction *function, u32 start, u32 count) {
    return (u64)start + count <= function->lists.count;
}

// ---- structure ----

static bool check_params(Check *c, u32 start, u32 count) {
    const IrFunction *f = c->function;
    if (!list_in_range(f, start, count)) return check_fail(c, "parameter list out of range");
    for (u32 i = 0; i < count; i++) {
        c->value = f->lists.items[start + i];
        if (c->value == 0 || c->value >= f->insts.count) return check_fail(c, "parameter number out of range");
        const IrInst *inst = ir_inst(f, c->value);
        if (inst->op != IR_OP_PARAM || inst->block != c->block || inst->args[0] != i)
            return check_fail(c, "not the parameter that its list says");
        if (inst->type == IR_VOID || inst->type >= IR_TYPE_COUNT) return check_fail(c, "parameter without a type");
        c->place[c->value] = 1;
    }
    return true;
}

// Numbers the instructions of a block in order, for the uses inside it. Ends because each `prev` is checked: an
// instruction can't be met twice.
static bool check_list(Check *c, u32 *placed) {
    const IrFunction *f = c->function;
    u32 prev = 0;
    const IrBlock *block = ir_block(f, c->block);
    for (u32 at = block->first; at; at = ir_inst(f, at)->next) {
        if (at >= f->insts.count) return check_fail(c, "instruction list out of range");
        c->value = at;
        const IrInst *inst = ir_inst(f, at);
        if (inst->prev != prev || inst->block != c->block) return check_fail(c, "instruction list broken");
        if (inst->op >= IR_OP_COUNT || inst->op == IR_OP_NOP || inst->op == IR_OP_PARAM)
            return check_fail(c, "this operation can't stand in a list");
        c->place[at] = ++*placed + 1;
        prev = at;
    }
    c->value = 0;
    return block->last == prev || check_fail(c, "instruction list broken at its end");
}

static bool check_edge_range(Check *c, const IrEdge *edge) {
    const IrFunction *f = c->function;
    if (edge->target == 0 || edge->target >= f->blocks.count) return check_fail(c, "edge to no block");
    if (!list_in_range(f, edge->args, edge->arg_count)) return check_fail(c, "edge arguments out of range");
    return true;
}

static bool check_term_range(Check *c) {
    const IrFunction *f = c->function;
    IrTerm *term = &ir_block(f, c->block)->term;
    c->value = term->value;
    if (term->kind > TERM_TRAP) return check_fail(c, "unknown terminator");
    if (term->kind == TERM_TRAP && (term->trap == TRAP_NONE || term->trap >= TRAP_COUNT))
        return check_fail(c, "trap without a kind");
    if (term->kind == TERM_SWITCH && (u64)term->first_case + term->case_count > f->cases.count)
        return check_fail(c, "switch cases out of range");
    for (u32 i = 0, n = ir_edge_count(term); i < n; i++)
        if (!check_edge_range(c, ir_edge_at(f, term, i))) return false;
    return true;
}

static bool check_structure(Check *c) {
    const IrFunction *f = c->function;
    c->block = c->value = 0;
    if (f->blocks.count < 2) return check_fail(c, "function without an entry block");
    if (f->result >= IR_TYPE_COUNT) return check_fail(c, "unknown result type");
    if (!check_params(c, f->params, f->param_count)) return false;
    u32 placed = 0;
    for (c->block = 1; c->block < f->blocks.count; c->block++) {
        const IrBlock *block = ir_block(f, c->block);
        c->value = 0;
        if (c->block == 1 && block->param_count) return check_fail(c, "the entry block has parameters");
        if (!check_params(c, block->params, block->param_count) || !check_list(c, &placed)) return false;
        if (!check_term_range(c)) return false;
    }
    for (u32 i = 1; i < f->insts.count; i++) {
        c->block = f->insts.items[i].block, c->value = i;
        if (c->block && !c->place[i]) return check_fail(c, "claims a block whose lists do not hold it");
    }
    return true;
}

// ---- uses ----

// True when the value is defined before place `place` of block c->block: earlier in it, or in a block that dominates it.
static bool check_use(Check *c, const IrCfg *cfg, IrValue value, u32 place) {
    const IrFunction *f = c->function;
    if (value == 0 || value >= f->insts.count) return check_fail(c, "operand out of range");
    if (!c->place[value]) return check_fail(c, "operand is not defined");
    const IrInst *def = ir_inst(f, value);
    if (def->type == IR_VOID || def->type >= IR_TYPE_COUNT) return check_fail(c, "operand has no value");
    if (def->block == 0) return true;
    bool before = def->block == c->block ? c->place[value] < place : ir_dominates(cfg, def->block, c->block);
    return before || check_fail(c, "operand's definition does not dominate it");
}

static bool check_list_uses(Check *c, const IrCfg *cfg, u32 start, u32 count, u32 place) {
    for (u32 i = 0; i < count; i++)
        if (!check_use(c, cfg, c->function->lists.items[start + i], place)) return false;
    return true;
}

static bool check_inst(Check *c, const IrCfg *cfg) {
    const IrFunction *f = c->function;
    const IrInst *inst = ir_inst(f, c->value);
    if (inst->type >= IR_TYPE_COUNT || inst->arg_type >= IR_TYPE_COUNT) return check_fail(c, "unknown type");
    if (inst->site && inst->site >= c->module->sites.count) return check_fail(c, "site out of range");
    if (inst->op == IR_OP_CALL) {
        if (!list_in_range(f, inst->args[1], inst->args[2])) return check_fail(c, "call arguments out of range");
        if (!check_list_uses(c, cfg, inst->args[1], inst->args[2], c->place[c->value])) return false;
    }
    u32 operands = ir_shape_operands[ir_op_info[inst->op].shape];
    for (u32 i = 0; i < operands; i++)
        if (!check_use(c, cfg, inst->args[i], c->place[c->value])) return false;
    return check_types(c, inst);
}

static bool check_term(Check *c, const IrCfg *cfg) {
    const IrFunction *f = c->function;
    IrTerm *term = &ir_block(f, c->block)->term;
    bool reachable = cfg->order[c->block] != NO_INDEX;
    c->value = term->value;
    if (term->kind == TERM_NONE && reachable) return check_fail(c, "block without a terminator");
    if (term->site && term->site >= c->module->sites.count) return check_fail(c, "site out of range");
    if (term->value && !check_use(c, cfg, term->value, NO_INDEX)) return false;
    for (u32 i = 0, n = ir_edge_count(term); i < n; i++) {
        const IrEdge *edge = ir_edge_at(f, term, i);
        if (!check_list_uses(c, cfg, edge->args, edge->arg_count, NO_INDEX)) return false;
        if (!check_edge_types(c, edge)) return false;
    }
    return check_term_types(c, term);
}

static bool check_function(Check *c, Arena *scratch) {
    c->place = arena_new(scratch, u32, c->function->insts.count + 1);
    if (!c->place) return error_out_of_memory(c->error);
    if (!check_structure(c)) return false;
    IrCfg cfg;
    if (!ir_cfg_build(&cfg, scratch, c->function)) return error_out_of_memory(c->error);
    for (c->block = 1; c->block < c->function->blocks.count; c->block++) {
        for (u32 at = ir_block(c->function, c->block)->first; at; at = ir_inst(c->function, at)->next) {
            c->value = at;
            if (!check_inst(c, &cfg)) return false;
        }
        if (!check_term(c, &cfg)) return false;
    }
    return true;
}

// ---- module ----

static bool check_entry(Check *c) {
    const IrModule *m = c->module;
    *c = (Check){.module = m, .error = c->error, .number = m->entry};
    if (m->entry == 0) return true; // a module of parts, as in tests of passes
    if (m->entry >= m->functions.count) return check_fail(c, "entry is no function");
    const IrFunction *entry = &m->functions.items[m->entry];
    if (entry->param_count) return check_fail(c, "entry takes parameters");
    if (m->entry_type != IR_VOID && m->entry_type != entry->result)
        return check_fail(c, "entry type is not its result's");
    return true;
}

bool ir_verify(const IrModule *module, Arena *scratch, Error *error) {
    Check c = {.module = module, .error = error};
    for (u32 i = 1; i < module->functions.count; i++) {
        ArenaMark mark = arena_mark(scratch);
        c.number = i;
        c.function = &module->functions.items[i];
        bool ok = check_function(&c, scratch);
        arena_rewind(scratch, mark);
        if (!ok) return false;
    }
    return check_entry(&c);
}
