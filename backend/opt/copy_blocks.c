// See copy_blocks.h. What is read of the source stays valid while the target grows, also when both are one function: lists
// that move leave their old storage to the arena, and copying changes nothing that was there.
#include "opt/copy_blocks.h"

#include "opt/ssa.h"

// ---- sites ----

u32 copy_site(BlockCopier *c, u32 site) {
    IrModule *module = c->pass->module;
    u32 first = 0, last = 0;
    if (!c->call_site) return site;
    for (u32 at = site; at;) {
        u32 made = map_get(&c->sites, at);
        bool seen = made != MAP_NONE;
        IrSite copy = module->sites.items[at];
        u32 outer = copy.inlined_at;
        if (!seen) {
            copy.inlined_at = c->call_site;
            made = ir_add_site(module, copy);
            if (!made || !map_set(c->pass->scratch, &c->sites, at, made)) return 0;
        }
        if (last) module->sites.items[last].inlined_at = made;
        else first = made;
        if (seen) break;
        last = made;
        at = outer;
    }
    return first;
}

// A value that can't trap needs no place of its own: places are for traps and call stacks.
static bool needs_site(const IrInst *inst) { return ir_op_info[inst->op].effects != 'P' && inst->op != IR_OP_STEPS; }

// ---- numbers first, operands later: a value may be used before its place in the list of blocks ----

static bool note_copy(BlockCopier *c, u32 value, u32 made) {
    c->values[value] = made;
    if (!c->variable || !c->variable[value]) return true;
    return vec_push(c->pass->scratch, &c->made, made) && vec_push(c->pass->scratch, &c->made, c->variable[value]);
}

static bool make_block(BlockCopier *c, u32 id) {
    IrFunction *to = c->pass->function;
    IrModule *module = c->pass->module;
    const IrBlock *block = ir_block(c->from, id);
    IrBlock copy = {.source = block->source};
    u32 params = block->params, param_count = block->param_count;
    if (!vec_push(module->arena, &to->blocks, copy)) return false;
    u32 made = c->blocks[id] = to->blocks.count - 1;
    for (u32 i = 0; i < param_count; i++) {
        u32 param = c->from->lists.items[params + i];
        IrInst inst = *ir_inst(c->from, param);
        inst.block = made;
        inst.site = 0;
        if (!vec_push(module->arena, &to->insts, inst) || !note_copy(c, param, to->insts.count - 1)) return false;
    }
    for (u32 v = ir_block(c->from, id)->first; v; v = ir_inst(c->from, v)->next) {
        IrInst inst = *ir_inst(c->from, v);
        if (c->from != c->pass->function) inst.flags = 0; // what holds there need not hold here
        inst.site = needs_site(&inst) ? copy_site(c, inst.site) : 0;
        u32 value = ir_append(module, to, made, &inst);
        if (!value || !note_copy(c, v, value)) return false;
    }
    return true;
}

bool copy_make(BlockCopier *c, const u32 *ids, u32 count) {
    for (u32 i = 0; i < count; i++)
        if (!make_block(c, ids[i])) return false;
    return true;
}

// ---- operands ----

static u32 copy_list(BlockCopier *c, u32 start, u32 count) {
    IrFunction *to = c->pass->function;
    if (!count || !vec_reserve(c->pass->module->arena, &to->lists, count)) return 0;
    u32 made = to->lists.count;
    for (u32 i = 0; i < count; i++) to->lists.items[made + i] = c->values[c->from->lists.items[start + i]];
    to->lists.count += count;
    return made;
}

static void copy_edge(BlockCopier *c, IrEdge *edge) {
    // What goes to a copy already goes on to that one.
    if (edge->target < c->block_count) edge->target = c->blocks[edge->target];
    edge->args = copy_list(c, edge->args, edge->arg_count);
}

static void copy_operands(BlockCopier *c, const IrInst *old, u32 made) {
    if (old->op == IR_OP_CALL) {
        u32 list = copy_list(c, old->args[1], old->args[2]);
        ir_inst(c->pass->function, made)->args[1] = list;
        return;
    }
    IrInst *copy = ir_inst(c->pass->function, made);
    if (old->op == IR_OP_SLOT_ADDR) copy->args[0] += c->slot_base;
    u32 count = ir_shape_operands[ir_op_info[old->op].shape];
    for (u32 i = 0; i < count; i++) copy->args[i] = c->values[old->args[i]];
}

static bool copy_term(BlockCopier *c, const IrTerm *old, u32 made) {
    IrFunction *to = c->pass->function;
    IrTerm term = *old;
    term.site = old->kind == TERM_TRAP ? copy_site(c, old->site) : 0;
    if (old->value) term.value = c->values[old->value];
    u32 edges = ir_edge_count(old);
    if (edges) copy_edge(c, &term.then);
    if (edges > 1) copy_edge(c, &term.other);
    if (old->kind == TERM_SWITCH) term.first_case = to->cases.count;
    for (u32 i = 0; i < old->case_count; i++) {
        IrCase item = c->from->cases.items[old->first_case + i];
        copy_edge(c, &item.edge);
        if (!vec_push(c->pass->module->arena, &to->cases, item)) return false;
    }
    if (old->kind == TERM_RETURN && c->rest) {
        IrEdge edge = {.target = c->rest};
        if (term.value) edge.args = ir_list(c->pass->module, to, &term.value, edge.arg_count = 1);
        term = (IrTerm){.kind = TERM_JUMP, .then = edge};
    }
    ir_block(to, made)->term = term;
    return true;
}

bool copy_fill(BlockCopier *c, const u32 *ids, const u32 *copies, u32 count) {
    for (u32 i = 0; i < count; i++) {
        const IrBlock old = *ir_block(c->from, ids[i]);
        u32 params = copy_list(c, old.params, old.param_count), made = ir_block(c->pass->function, copies[i])->first;
        ir_block(c->pass->function, copies[i])->params = params;
        ir_block(c->pass->function, copies[i])->param_count = old.param_count;
        for (u32 v = old.first; v; v = ir_inst(c->from, v)->next) {
            copy_operands(c, ir_inst(c->from, v), made);
            made = ir_inst(c->pass->function, made)->next;
        }
        if (!copy_term(c, &old.term, copies[i])) return false;
    }
    return pass_ok(c->pass);
}

// ---- within one function ----

bool copy_start_own(BlockCopier *c, Pass *pass, IrCfg *cfg) {
    IrFunction *function = pass->function;
    if (!opt_split_entry(pass) || !opt_remove_unreachable(pass) || !opt_graph(pass, cfg)) return false;
    *c = (BlockCopier){.pass = pass, .from = function};
    c->value_count = function->insts.count;
    c->block_count = function->blocks.count;
    c->values = arena_new(pass->scratch, u32, c->value_count);
    c->variable = arena_new(pass->scratch, u32, c->value_count);
    c->blocks = arena_new(pass->scratch, u32, c->block_count);
    if (pass->scratch->failed) return false;
    for (u32 i = 0; i < c->value_count; i++) c->values[i] = i;
    for (u32 i = 0; i < c->block_count; i++) c->blocks[i] = i;
    return true;
}

bool copy_note_variable(BlockCopier *c, IrValue value) {
    u8 type = ir_inst(c->from, value)->type;
    if (c->variable[value] || type == IR_VOID) return true;
    if (!vec_push(c->pass->scratch, &c->types, type)) return false;
    c->variable[value] = c->types.count;
    return true;
}

bool copy_note_block(BlockCopier *c, u32 id) {
    const IrBlock *block = ir_block(c->from, id);
    bool noted = true;
    for (u32 i = 0; i < block->param_count; i++)
        noted &= copy_note_variable(c, c->from->lists.items[block->params + i]);
    for (u32 v = block->first; v; v = ir_inst(c->from, v)->next) noted &= copy_note_variable(c, v);
    return noted;
}

void copy_forget(BlockCopier *c, u32 id) {
    const IrBlock *block = ir_block(c->from, id);
    c->blocks[id] = id;
    for (u32 i = 0; i < block->param_count; i++) {
        u32 param = c->from->lists.items[block->params + i];
        c->values[param] = param;
    }
    for (u32 v = block->first; v; v = ir_inst(c->from, v)->next) c->values[v] = v;
}

bool copy_repair(BlockCopier *c) {
    Pass *pass = c->pass;
    u32 count = pass->function->insts.count;
    if (pass->function->blocks.count != c->block_count) opt_graph_changed(pass);
    if (count == c->value_count) {
        pass->outcome = UNCHANGED;
        return true;
    }
    u32 *var_of = arena_new(pass->scratch, u32, count);
    if (!var_of) return false;
    mem_copy(var_of, c->variable, c->value_count * sizeof(u32));
    for (u32 i = 0; i < c->made.count; i += 2) var_of[c->made.items[i]] = c->made.items[i + 1];
    Ssa ssa = {.types = c->types.items, .var_count = c->types.count, .var_of = var_of, .value_count = count};
    IrCfg cfg;
    return opt_remove_unreachable(pass) && opt_graph(pass, &cfg) && ssa_construct(pass, &cfg, &ssa);
}
