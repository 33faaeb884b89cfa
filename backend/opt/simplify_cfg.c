// Straightens the graph: constant branches, blocks nobody reaches, blocks that only jump on, chains of blocks that are
// one, parameters that always get the same value. Relies on nothing; afterwards every block is reachable and the entry
// has no predecessors. A block that holds STEPS is never skipped, so each path keeps its count.
// Needs: nothing. Keeps: nothing.
#include "opt/pass.h"

enum {
    ROUNDS = 4,    // each round may uncover work for the next
    HOPS = 8,      // empty blocks that one edge skips per round
    EXTRA_ARGS = 4 // arguments an edge may gain by skipping a block
};

// ---- terminators ----

static bool simplify_branch(const IrFunction *function, IrTerm *term) {
    if (opt_choose_edge(function, term)) return true;
    if (!ir_same_edge(function, &term->then, &term->other)) return false;
    opt_become_jump(term, term->then);
    return true;
}

// A switch of one case is a comparison, which the interpreter fuses with the branch.
static bool switch_to_branch(Pass *pass, u32 id) {
    IrFunction *function = pass->function;
    IrTerm term = ir_block(function, id)->term;
    const IrCase *item = &function->cases.items[term.first_case];
    IrEdge then = item->edge;
    IrType type = (IrType)ir_inst(function, term.value)->type;
    IrBuilder b = {.module = pass->module, .function = function, .block = id, .site = term.site};
    IrValue condition = ir_compare(&b, IR_OP_EQ, type, term.value, ir_const128(&b, type, item->low, item->high));
    if (!condition) return false;
    ir_branch(&b, condition, then, term.other);
    return true;
}

static bool simplify_switch(Pass *pass, u32 id, bool *changed) {
    IrFunction *function = pass->function;
    IrTerm *term = &ir_block(function, id)->term;
    if (opt_choose_edge(function, term)) {
        *changed = true;
        return true;
    }
    // Cases at the end that go where the default goes say nothing.
    while (term->case_count &&
           ir_same_edge(function, &function->cases.items[term->first_case + term->case_count - 1].edge, &term->other)) {
        term->case_count--;
        *changed = true;
    }
    if (term->case_count > 1) return true;
    *changed = true;
    if (term->case_count == 1) return switch_to_branch(pass, id);
    opt_become_jump(term, term->other);
    return true;
}

// A check that always fails ends its block.
static void end_at_failed_guard(IrFunction *function, u32 id, bool *changed) {
    const IrInst *insts = function->insts.items;
    for (u32 v = ir_block(function, id)->first; v; v = insts[v].next) {
        const IrInst *inst = &insts[v];
        if (inst->op != IR_OP_GUARD || !opt_is_const(function, inst->args[0])) continue;
        if (opt_const_bits(function, inst->args[0])) continue;
        ir_block(function, id)->term = (IrTerm){.kind = TERM_TRAP, .trap = (u8)inst->args[1], .site = inst->site};
        // From the end, so that what uses a value goes before it.
        while (ir_block(function, id)->last != v) ir_remove(function, ir_block(function, id)->last);
        ir_remove(function, v);
        *changed = true;
        return;
    }
}

static bool simplify_terms(Pass *pass, bool *changed) {
    IrFunction *function = pass->function;
    for (u32 b = 1; b < function->blocks.count; b++) {
        end_at_failed_guard(function, b, changed);
        IrTerm *term = &ir_block(function, b)->term;
        if (term->kind == TERM_BRANCH) *changed |= simplify_branch(function, term);
        else if (term->kind == TERM_SWITCH && !simplify_switch(pass, b, changed)) return false;
    }
    return true;
}

// ---- parameters that always get one value ----

enum { MANY = 0xffffffffu };

// only[param] = the one value all edges pass (the parameter itself aside), MANY if they differ.
static void note_args(IrFunction *function, IrTerm *term, u32 *only) {
    u32 edges = ir_edge_count(term);
    for (u32 e = 0; e < edges; e++) {
        const IrEdge *edge = ir_edge_in_place(function, term, e);
        const IrBlock *target = ir_block(function, edge->target);
        for (u32 i = 0; i < edge->arg_count; i++) {
            u32 param = function->lists.items[target->params + i], arg = function->lists.items[edge->args + i];
            if (arg == param || only[param] == arg) continue;
            only[param] = only[param] ? MANY : arg;
        }
    }
}

static bool has_params(const IrFunction *function) {
    for (u32 b = 1; b < function->blocks.count; b++)
        if (ir_block(function, b)->param_count) return true;
    return false;
}

static bool drop_single_params(Pass *pass, bool *changed) {
    IrFunction *function = pass->function;
    u32 count = function->insts.count;
    if (!has_params(function)) return true;
    u32 *only = arena_new(pass->scratch, u32, count);
    bool *dropped = NULL, any = false;
    Forward forward;
    if (!only) return false;
    for (u32 b = 1; b < function->blocks.count; b++) note_args(function, &ir_block(function, b)->term, only);
    for (u32 param = 1; param < count; param++) {
        if (!only[param] || only[param] == MANY) continue;
        if (!dropped && (!(dropped = arena_new(pass->scratch, bool, count)) || !opt_forward_init(pass, &forward)))
            return false;
        // Parameters that only feed each other stand for whatever comes in from outside.
        IrValue value = opt_resolve(&forward, only[param]);
        if (value == param) continue;
        opt_replace(&forward, param, value);
        dropped[param] = any = true;
    }
    if (!any) return true;
    *changed = true;
    opt_resolve_all(function, &forward);
    return opt_drop_params(pass, dropped);
}

// ---- empty blocks ----

static bool only_jumps(const IrFunction *function, u32 id) {
    const IrBlock *block = ir_block(function, id);
    return id != 1 && !block->first && block->term.kind == TERM_JUMP && block->term.then.target != id;
}

// escapes[param] is set for parameters of empty blocks that are used elsewhere than in the block's own jump.
static bool *find_escaping_params(Pass *pass) {
    IrFunction *function = pass->function;
    bool *escapes = arena_new(pass->scratch, bool, function->insts.count);
    if (!escapes) return NULL;
    for (u32 b = 1; b < function->blocks.count; b++) {
        IrBlock *block = ir_block(function, b);
        for (u32 v = block->first; v; v = ir_inst(function, v)->next) {
            u32 count, *operands = ir_operands(function, ir_inst(function, v), &count);
            for (u32 i = 0; i < count; i++) escapes[operands[i]] = true;
        }
        if (block->term.value) escapes[block->term.value] = true;
        bool jumps = only_jumps(function, b);
        u32 edges = ir_edge_count(&block->term);
        for (u32 e = 0; e < edges; e++) {
            const IrEdge *edge = ir_edge_at(function, &block->term, e);
            for (u32 i = 0; i < edge->arg_count; i++) {
                u32 arg = function->lists.items[edge->args + i];
                const IrInst *inst = ir_inst(function, arg);
                if (!jumps || inst->op != IR_OP_PARAM || inst->block != b) escapes[arg] = true;
            }
        }
    }
    return escapes;
}

static bool may_skip(const IrFunction *function, u32 id, const bool *escapes) {
    if (!only_jumps(function, id)) return false;
    const IrBlock *block = ir_block(function, id);
    if (block->term.then.arg_count > block->param_count + EXTRA_ARGS) return false;
    for (u32 i = 0; i < block->param_count; i++)
        if (escapes[function->lists.items[block->params + i]]) return false;
    return true;
}

// What the edge would pass if it went where its empty target goes.
static bool skip_block(Pass *pass, IrEdge *edge) {
    IrFunction *function = pass->function;
    u32 id = edge->target;
    IrEdge onward = ir_block(function, id)->term.then;
    if (!vec_reserve(pass->module->arena, &function->lists, onward.arg_count + 1)) return false;
    u32 start = function->lists.count, *items = function->lists.items;
    for (u32 i = 0; i < onward.arg_count; i++) {
        u32 arg = items[onward.args + i];
        const IrInst *inst = ir_inst(function, arg);
        bool own = inst->op == IR_OP_PARAM && inst->block == id;
        items[start + i] = own ? items[edge->args + inst->args[0]] : arg;
    }
    function->lists.count += onward.arg_count;
    *edge = (IrEdge){onward.target, start, onward.arg_count};
    return true;
}

// A jump to a block that only returns is the return.
static bool return_at_once(const IrFunction *function, IrTerm *term) {
    if (term->kind != TERM_JUMP) return false;
    const IrBlock *target = ir_block(function, term->then.target);
    if (target->first || target->term.kind != TERM_RETURN) return false;
    IrTerm made = target->term;
    const IrInst *inst = made.value ? ir_inst(function, made.value) : NULL;
    if (inst && inst->op == IR_OP_PARAM && inst->block == term->then.target)
        made.value = function->lists.items[term->then.args + inst->args[0]];
    *term = made;
    return true;
}

static bool skip_empty_blocks(Pass *pass, bool *changed) {
    IrFunction *function = pass->function;
    bool skipped = false, *escapes = NULL;
    for (u32 b = 1; b < function->blocks.count && !escapes; b++)
        if (ir_block(function, b)->param_count && only_jumps(function, b) && !(escapes = find_escaping_params(pass)))
            return false;
    for (u32 b = 1; b < function->blocks.count; b++) {
        IrTerm *term = &ir_block(function, b)->term;
        skipped |= return_at_once(function, term);
        u32 edges = ir_edge_count(term);
        for (u32 e = 0; e < edges; e++) {
            IrEdge *edge = ir_edge_in_place(function, term, e);
            for (u32 hop = 0; hop < HOPS && edge->target != b && may_skip(function, edge->target, escapes); hop++) {
                if (!skip_block(pass, edge)) return false;
                skipped = true;
            }
        }
    }
    if (!skipped) return true;
    *changed = true;
    opt_graph_changed(pass);
    return opt_remove_unreachable(pass);
}

// ---- chains ----

static void absorb(IrFunction *function, u32 id, u32 next, Forward *forward) {
    IrBlock *block = ir_block(function, id), *tail = ir_block(function, next);
    for (u32 i = 0; i < tail->param_count; i++) {
        u32 param = function->lists.items[tail->params + i];
        opt_replace(forward, param, opt_resolve(forward, function->lists.items[block->term.then.args + i]));
        ir_forget(function, param);
    }
    opt_move_insts(function, id, next);
    block->term = tail->term;
    tail->param_count = 0;
    tail->term = (IrTerm){.kind = TERM_NONE};
}

// Needs every block to be reachable, so that each chain has a head. Each instruction moves once.
static bool merge_chains(Pass *pass, bool *changed) {
    IrFunction *function = pass->function;
    u32 blocks = function->blocks.count;
    u32 *ways = arena_new(pass->scratch, u32, blocks); // edges into a block, those that are no jumps twice: 1 = a tail
    Forward forward = {0};
    if (!ways) return false;
    ways[1] = 2;
    for (u32 b = 1; b < blocks; b++) {
        IrTerm *term = &ir_block(function, b)->term;
        u32 edges = ir_edge_count(term);
        for (u32 e = 0; e < edges; e++) ways[ir_edge_in_place(function, term, e)->target] += 1 + (edges > 1);
    }
    bool any = false;
    for (u32 b = 1; b < blocks; b++) {
        const IrTerm *term = &ir_block(function, b)->term;
        while (ways[b] != 1 && term->kind == TERM_JUMP && ways[term->then.target] == 1) {
            if (term->then.arg_count && !forward.to && !opt_forward_init(pass, &forward)) return false;
            absorb(function, b, term->then.target, &forward);
            any = true;
        }
    }
    if (!any) return true;
    *changed = true;
    if (forward.to) opt_resolve_all(function, &forward);
    opt_graph_changed(pass);
    return opt_remove_unreachable(pass);
}

bool opt_simplify_cfg(Pass *pass) {
    if (!opt_split_entry(pass)) return false;
    bool changed = true;
    pass->outcome = UNCHANGED;
    for (u32 round = 0; round < ROUNDS && changed; round++) {
        changed = false;
        ArenaMark mark = arena_mark(pass->scratch);
        if (!simplify_terms(pass, &changed)) return false;
        if (changed) opt_graph_changed(pass);
        if (!opt_remove_unreachable(pass)) return false;
        if (!drop_single_params(pass, &changed) || !skip_empty_blocks(pass, &changed)) return false;
        if (!merge_chains(pass, &changed)) return false;
        arena_rewind(pass->scratch, mark);
        if (changed) pass->outcome = CHANGED;
        else if (round > 0) pass->outcome = SETTLED;
    }
    return pass_ok(pass);
}
