// Copies blocks, instructions, slots and sites of a callee into a caller. Numbers of the copy = numbers of the callee plus
// a base, for blocks, slots and cases; values and sites go through tables.
#include "opt/inline_body.h"

#include "support/map.h"

typedef struct Inliner {
    Pass *pass;
    IrModule *module;
    IrFunction *caller;
    const IrFunction *callee;
    u32 call_site;
    u32 block_base, slot_base;
    u32 rest;    // block with what followed the call
    u32 *values; // value of the callee -> value of the caller
    Map sites;   // site of the callee -> site of the copy
} Inliner;

// ---- sites ----

// The copy of a site, with those it was itself inlined at; outermost at the call. 0 stays 0.
static u32 copy_site(Inliner *n, u32 site) {
    if (!site) return 0;
    u32 first = 0, last = 0;
    for (u32 at = site; at;) {
        u32 made = map_get(&n->sites, at);
        bool seen = made != MAP_NONE;
        IrSite copy = n->module->sites.items[at];
        u32 outer = copy.inlined_at;
        if (!seen) {
            copy.inlined_at = n->call_site;
            made = ir_add_site(n->module, copy);
            if (!made || !map_set(n->pass->scratch, &n->sites, at, made)) return 0;
        }
        if (last) n->module->sites.items[last].inlined_at = made;
        else first = made;
        if (seen) break;
        last = made;
        at = outer;
    }
    return first;
}

// A value that can't trap needs no place of its own: places are for traps and call stacks.
static bool needs_site(const IrInst *inst) { return ir_op_info[inst->op].effects != 'P' && inst->op != IR_OP_STEPS; }

// ---- the block around the call ----

// Moves what follows the call to a new block with a parameter for the result; the call's block is left open.
static bool split_after(Inliner *n, IrValue call) {
    IrFunction *caller = n->caller;
    u32 id = ir_inst(caller, call)->block;
    u32 next = ir_inst(caller, call)->next;
    IrType type = (IrType)ir_inst(caller, call)->type;
    IrBlock rest = {.term = ir_block(caller, id)->term, .source = ir_block(caller, id)->source};
    if (!vec_push(n->module->arena, &caller->blocks, rest)) return false;
    n->rest = caller->blocks.count - 1;
    IrBlock *block = ir_block(caller, id), *tail = ir_block(caller, n->rest);
    if (next) {
        tail->first = next;
        tail->last = block->last;
        block->last = call;
        ir_inst(caller, call)->next = 0;
        ir_inst(caller, next)->prev = 0;
    }
    for (u32 v = next; v; v = ir_inst(caller, v)->next) ir_inst(caller, v)->block = n->rest;
    ir_remove(caller, call);
    if (type == IR_VOID) return true;
    // The call's own number becomes the parameter: its uses stay as they are.
    *ir_inst(caller, call) = (IrInst){.op = IR_OP_PARAM, .type = (u8)type, .block = n->rest};
    tail->params = ir_list(n->module, caller, &call, 1);
    tail->param_count = 1;
    return !n->module->arena->failed;
}

// ---- copying ----

static u32 copy_list(Inliner *n, u32 start, u32 count) {
    IrFunction *caller = n->caller;
    if (!count || !vec_reserve(n->module->arena, &caller->lists, count)) return 0;
    u32 made = caller->lists.count;
    for (u32 i = 0; i < count; i++) caller->lists.items[made + i] = n->values[n->callee->lists.items[start + i]];
    caller->lists.count += count;
    return made;
}

static IrEdge copy_edge(Inliner *n, IrEdge edge) {
    return (IrEdge){edge.target + n->block_base, copy_list(n, edge.args, edge.arg_count), edge.arg_count};
}

// Numbers first, operands later: a value may be used before its place in the list of blocks.
static bool make_values(Inliner *n) {
    const IrFunction *callee = n->callee;
    for (u32 b = 1; b < callee->blocks.count; b++) {
        const IrBlock *block = ir_block(callee, b);
        IrBlock copy = {.source = block->source};
        if (!vec_push(n->module->arena, &n->caller->blocks, copy)) return false;
        for (u32 i = 0; i < block->param_count; i++) {
            u32 param = callee->lists.items[block->params + i];
            IrInst inst = *ir_inst(callee, param);
            inst.block += n->block_base;
            inst.site = 0;
            if (!vec_push(n->module->arena, &n->caller->insts, inst)) return false;
            n->values[param] = n->caller->insts.count - 1;
        }
        for (u32 v = block->first; v; v = ir_inst(callee, v)->next) {
            IrInst inst = *ir_inst(callee, v);
            inst.site = needs_site(&inst) ? copy_site(n, inst.site) : 0;
            n->values[v] = ir_append(n->module, n->caller, b + n->block_base, inst);
            if (!n->values[v]) return false;
        }
    }
    return true;
}

static void copy_operands(Inliner *n, const IrInst *old, IrInst *copy) {
    if (old->op == IR_OP_SLOT_ADDR) copy->args[0] += n->slot_base;
    if (old->op == IR_OP_CALL) {
        u32 list = copy_list(n, old->args[1], old->args[2]);
        copy->args[1] = list;
        return;
    }
    u32 count = ir_shape_operands[ir_op_info[old->op].shape];
    for (u32 i = 0; i < count; i++) copy->args[i] = n->values[old->args[i]];
}

static bool copy_cases(Inliner *n, const IrTerm *old, IrTerm *term) {
    term->first_case = n->caller->cases.count;
    for (u32 i = 0; i < old->case_count; i++) {
        IrCase item = n->callee->cases.items[old->first_case + i];
        item.edge = copy_edge(n, item.edge);
        if (!vec_push(n->module->arena, &n->caller->cases, item)) return false;
    }
    return true;
}

static bool copy_term(Inliner *n, u32 id) {
    const IrTerm *old = &ir_block(n->callee, id)->term;
    IrTerm term = *old;
    term.site = old->kind == TERM_TRAP ? copy_site(n, old->site) : 0;
    if (old->value) term.value = n->values[old->value];
    u32 edges = ir_edge_count(old);
    if (edges) term.then = copy_edge(n, old->then);
    if (edges > 1) term.other = copy_edge(n, old->other);
    if (old->kind == TERM_SWITCH && !copy_cases(n, old, &term)) return false;
    if (old->kind == TERM_RETURN) {
        IrEdge edge = {.target = n->rest};
        if (term.value) edge.args = ir_list(n->module, n->caller, &term.value, edge.arg_count = 1);
        term = (IrTerm){.kind = TERM_JUMP, .then = edge};
    }
    ir_block(n->caller, id + n->block_base)->term = term;
    return true;
}

static bool fill_blocks(Inliner *n) {
    const IrFunction *callee = n->callee;
    for (u32 b = 1; b < callee->blocks.count; b++) {
        const IrBlock *block = ir_block(callee, b);
        u32 params = copy_list(n, block->params, block->param_count);
        ir_block(n->caller, b + n->block_base)->params = params;
        ir_block(n->caller, b + n->block_base)->param_count = block->param_count;
        for (u32 v = block->first; v; v = ir_inst(callee, v)->next)
            copy_operands(n, ir_inst(callee, v), ir_inst(n->caller, n->values[v]));
        if (!copy_term(n, b)) return false;
    }
    return true;
}

// An activation finds its slots zeroed; the caller may come by again.
static bool make_slots(Inliner *n, u32 id) {
    for (u32 i = 0; i < n->callee->slots.count; i++) {
        IrSlot slot = n->callee->slots.items[i];
        if (!vec_push(n->module->arena, &n->caller->slots, slot)) return false;
        IrInst address = {.op = IR_OP_SLOT_ADDR, .type = IR_PTR, .args = {n->slot_base + i}};
        IrValue at = ir_append(n->module, n->caller, id, address);
        IrInst zero = {.op = IR_OP_FILL, .args = {at, slot.size}};
        if (!at || (slot.size && !ir_append(n->module, n->caller, id, zero))) return false;
    }
    return true;
}

bool inline_call(Pass *pass, IrValue call, const IrFunction *callee) {
    IrFunction *caller = pass->function;
    IrInst inst = *ir_inst(caller, call);
    ArenaMark mark = arena_mark(pass->scratch);
    Inliner n = {.pass = pass, .module = pass->module, .caller = caller, .callee = callee, .call_site = inst.site};
    n.values = arena_new(pass->scratch, u32, callee->insts.count);
    if (!n.values) return false;
    for (u32 i = 0; i < inst.args[2]; i++)
        n.values[callee->lists.items[callee->params + i]] = caller->lists.items[inst.args[1] + i];
    if (!split_after(&n, call)) return false;
    n.block_base = caller->blocks.count - 1;
    n.slot_base = caller->slots.count;
    if (!make_slots(&n, inst.block) || !make_values(&n) || !fill_blocks(&n)) return false;
    ir_block(caller, inst.block)->term = (IrTerm){
        .kind = TERM_JUMP, .then = {.target = 1 + n.block_base}, .site = inst.site};
    arena_rewind(pass->scratch, mark);
    return !pass->module->arena->failed;
}

static void *copy_items(Pass *pass, const void *items, u32 count, u32 size) {
    void *copy = arena_alloc(pass->scratch, (size_t)count + 1, size, 16);
    if (copy && count) mem_copy(copy, items, (size_t)count * size);
    return copy;
}

const IrFunction *inline_snapshot(Pass *pass) {
    const IrFunction *function = pass->function;
    IrFunction *copy = copy_items(pass, function, 1, sizeof(*function));
    if (!copy) return NULL;
    copy->insts.items = copy_items(pass, function->insts.items, function->insts.count, sizeof(IrInst));
    copy->blocks.items = copy_items(pass, function->blocks.items, function->blocks.count, sizeof(IrBlock));
    copy->lists.items = copy_items(pass, function->lists.items, function->lists.count, sizeof(u32));
    copy->cases.items = copy_items(pass, function->cases.items, function->cases.count, sizeof(IrCase));
    copy->slots.items = copy_items(pass, function->slots.items, function->slots.count, sizeof(IrSlot));
    return pass->scratch->failed ? NULL : copy;
}
