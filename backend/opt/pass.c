// Shared tools of the passes: replacing values, dropping blocks and parameters, orders over the dominator tree.
#include "opt/pass.h"

// ---- constants ----

IrValue opt_entry_const(Pass *pass, IrType type, u128 bits) {
    IrFunction *function = pass->function;
    IrBuilder b = {.module = pass->module, .function = function, .block = 1, .before = ir_block(function, 1)->first};
    return ir_const128(&b, type, (u64)bits, (u64)(bits >> 64));
}

void opt_become_const(IrFunction *function, IrValue value, u128 bits) {
    IrInst *inst = ir_inst(function, value);
    inst->op = IR_OP_CONST;
    inst->flags = 0;
    inst->arg_type = IR_VOID;
    ir_set_const_bits(inst, eval_wrap128((IrType)inst->type, bits));
}

// ---- replacing values ----

void opt_count_use(void *uses, IrValue *operand) { ((u32 *)uses)[*operand]++; }

bool opt_forward_init(Pass *pass, Forward *forward) {
    forward->count = pass->function->insts.count;
    forward->to = arena_new(pass->scratch, u32, forward->count);
    return forward->to != NULL;
}

IrValue opt_resolve(Forward *forward, IrValue value) {
    IrValue root = value;
    while (root < forward->count && forward->to[root]) root = forward->to[root];
    // Shortens the chain, so that long ones are walked once.
    while (value < forward->count && forward->to[value]) {
        IrValue next = forward->to[value];
        forward->to[value] = root;
        value = next;
    }
    return root;
}

static void resolve_items(Forward *forward, IrValue *items, u32 count) {
    for (u32 i = 0; i < count; i++)
        if (items[i] < forward->count && forward->to[items[i]]) items[i] = opt_resolve(forward, items[i]);
}

void opt_resolve_terms(IrFunction *function, Forward *forward) {
    for (u32 b = 1; b < function->blocks.count; b++) {
        IrTerm *term = &ir_block(function, b)->term;
        resolve_items(forward, &term->value, 1); // 0 stands for itself
        u32 edges = ir_edge_count(term);
        for (u32 e = 0; e < edges; e++) {
            const IrEdge *edge = ir_edge_at(function, term, e);
            if (edge->arg_count) resolve_items(forward, function->lists.items + edge->args, edge->arg_count);
        }
    }
}

void opt_resolve_all(IrFunction *function, Forward *forward) {
    for (u32 b = 1; b < function->blocks.count; b++)
        for (u32 v = ir_block(function, b)->first; v; v = ir_inst(function, v)->next) {
            u32 count, *operands = ir_operands(function, ir_inst(function, v), &count);
            resolve_items(forward, operands, count);
        }
    opt_resolve_terms(function, forward);
}

// ---- the graph ----

bool opt_graph(Pass *pass, IrCfg *cfg) { return graph_cache_get(pass->graph, pass->number, pass->function, cfg); }

void opt_graph_changed(Pass *pass) { pass->graph->number = 0; }

// ---- changing the shape ----

void opt_become_jump(IrTerm *term, IrEdge edge) {
    *term = (IrTerm){.kind = TERM_JUMP, .then = edge, .site = term->site};
}

void opt_choose_edge_by(const IrFunction *function, IrTerm *term, u128 bits) {
    IrEdge chosen = term->kind == TERM_BRANCH && bits ? term->then : term->other;
    for (u32 i = 0; term->kind == TERM_SWITCH && i < term->case_count; i++) {
        const IrCase *item = &function->cases.items[term->first_case + i];
        if (((u128)item->high << 64 | item->low) != bits) continue;
        chosen = item->edge;
        break;
    }
    opt_become_jump(term, chosen);
}

bool opt_choose_edge(const IrFunction *function, IrTerm *term) {
    if (term->kind != TERM_BRANCH && term->kind != TERM_SWITCH) return false;
    if (!opt_is_const(function, term->value)) return false;
    opt_choose_edge_by(function, term, opt_const_bits(function, term->value));
    return true;
}

void opt_move_insts(IrFunction *function, IrBlockId to, IrBlockId from) {
    IrBlock *target = ir_block(function, to), *source = ir_block(function, from);
    for (u32 i = source->first; i; i = ir_inst(function, i)->next) ir_inst(function, i)->block = to;
    if (!source->first) return;
    if (target->last) {
        ir_inst(function, target->last)->next = source->first;
        ir_inst(function, source->first)->prev = target->last;
    } else {
        target->first = source->first;
    }
    target->last = source->last;
    source->first = source->last = 0;
}

static bool targets_entry(IrFunction *function) {
    for (u32 b = 1; b < function->blocks.count; b++) {
        IrTerm *term = &ir_block(function, b)->term;
        u32 edges = ir_edge_count(term);
        for (u32 e = 0; e < edges; e++)
            if (ir_edge_at(function, term, e)->target == 1) return true;
    }
    return false;
}

bool opt_split_entry(Pass *pass) {
    IrFunction *function = pass->function;
    const GraphCache *graph = pass->graph;
    bool known = graph->number == pass->number;
    if (known ? graph->cfg.pred_start[2] == graph->cfg.pred_start[1] : !targets_entry(function)) return true;
    opt_graph_changed(pass);
    IrBlock copy = *ir_block(function, 1);
    copy.first = copy.last = 0;
    if (!vec_push(pass->module->arena, &function->blocks, copy)) return false;
    u32 moved = function->blocks.count - 1;
    opt_move_insts(function, moved, 1);
    for (u32 b = 1; b < function->blocks.count; b++) {
        IrTerm *term = &ir_block(function, b)->term;
        u32 edges = ir_edge_count(term);
        for (u32 e = 0; e < edges; e++) {
            IrEdge *edge = ir_edge_at(function, term, e);
            if (edge->target == 1) edge->target = moved;
        }
    }
    ir_block(function, 1)->term = (IrTerm){.kind = TERM_JUMP, .then = {.target = moved}, .site = copy.term.site};
    return true;
}

// Marks what the entry reaches: number[block] = 1. Returns how many; 0 when memory is out.
static u32 mark_reachable(Pass *pass, u32 *number) {
    IrFunction *function = pass->function;
    u32 *stack = arena_room(pass->scratch, u32, function->blocks.count);
    if (!stack) return 0;
    u32 depth = 0, reached = 1;
    stack[depth++] = 1;
    number[1] = 1;
    while (depth) {
        IrTerm *term = &ir_block(function, stack[--depth])->term;
        u32 edges = ir_edge_count(term);
        for (u32 e = 0; e < edges; e++) {
            u32 target = ir_edge_in_place(function, term, e)->target;
            if (number[target]) continue;
            number[target] = 1;
            stack[depth++] = target;
            reached++;
        }
    }
    return reached;
}

bool opt_remove_unreachable(Pass *pass) {
    IrFunction *function = pass->function;
    u32 count = function->blocks.count;
    if (pass->graph->number == pass->number && pass->graph->cfg.rpo_count == count - 1) return true;
    u32 *number = arena_new(pass->scratch, u32, count);
    u32 reached = number ? mark_reachable(pass, number) : 0;
    if (!reached) return false;
    if (reached == count - 1) return true;
    opt_graph_changed(pass);

    u32 next = 1;
    for (u32 b = 1; b < count; b++)
        if (number[b]) number[b] = next++;
    for (u32 b = 1; b < count; b++) {
        IrBlock *block = ir_block(function, b);
        for (u32 i = block->first; i; i = ir_inst(function, i)->next) ir_inst(function, i)->block = number[b];
        for (u32 i = 0; i < block->param_count; i++)
            ir_inst(function, function->lists.items[block->params + i])->block = number[b];
        if (!number[b]) continue;
        u32 edges = ir_edge_count(&block->term);
        for (u32 e = 0; e < edges; e++) {
            IrEdge *edge = ir_edge_at(function, &block->term, e);
            edge->target = number[edge->target];
        }
        *ir_block(function, number[b]) = *block;
    }
    function->blocks.count = next;
    return true;
}

// The items of a list that are not dropped, as a new list: edges may share an old one.
static bool filter_list(Pass *pass, u32 *start, u32 *count, const u32 *params, const bool *dropped) {
    IrFunction *function = pass->function;
    u32 kept = 0;
    for (u32 i = 0; i < *count; i++) kept += !dropped[function->lists.items[params[i]]];
    if (kept == *count) return true;
    if (kept && !vec_reserve(pass->module->arena, &function->lists, kept)) return false;
    u32 *items = function->lists.items, made = function->lists.count;
    for (u32 i = 0, n = 0; i < *count; i++)
        if (!dropped[items[params[i]]]) items[made + n++] = items[*start + i];
    function->lists.count += kept;
    *start = made;
    *count = kept;
    return true;
}

bool opt_drop_params(Pass *pass, const bool *dropped) {
    IrFunction *function = pass->function;
    // params[i] = where the target's i-th parameter stands in lists; the same for every edge to it.
    u32 widest = 0;
    for (u32 b = 1; b < function->blocks.count; b++)
        if (ir_block(function, b)->param_count > widest) widest = ir_block(function, b)->param_count;
    if (!widest) return true;
    u32 *params = arena_room(pass->scratch, u32, widest);
    if (!params) return false;

    for (u32 b = 1; b < function->blocks.count; b++) {
        IrTerm *term = &ir_block(function, b)->term;
        u32 edges = ir_edge_count(term);
        for (u32 e = 0; e < edges; e++) {
            IrEdge *edge = ir_edge_at(function, term, e);
            u32 first = ir_block(function, edge->target)->params;
            for (u32 i = 0; i < edge->arg_count; i++) params[i] = first + i;
            if (!filter_list(pass, &edge->args, &edge->arg_count, params, dropped)) return false;
        }
    }
    for (u32 b = 1; b < function->blocks.count; b++) {
        IrBlock *block = ir_block(function, b);
        u32 kept = 0;
        for (u32 i = 0; i < block->param_count; i++) {
            u32 param = function->lists.items[block->params + i];
            if (dropped[param]) {
                ir_forget(function, param);
                continue;
            }
            ir_inst(function, param)->args[0] = kept;
            function->lists.items[block->params + kept++] = param;
        }
        block->param_count = kept;
    }
    return true;
}

bool opt_extend_edge(Pass *pass, IrEdge *edge, const IrValue *args, u32 count) {
    IrFunction *function = pass->function;
    if (!count) return true;
    u32 total = edge->arg_count + count;
    if (!vec_reserve(pass->module->arena, &function->lists, total)) return false;
    u32 start = function->lists.count, *items = function->lists.items;
    for (u32 i = 0; i < edge->arg_count; i++) items[start + i] = items[edge->args + i];
    mem_copy(items + start + edge->arg_count, args, count * sizeof(u32));
    function->lists.count += total;
    edge->args = start;
    edge->arg_count = total;
    return true;
}

// ---- orders ----

u32 *opt_dominator_preorder(const IrCfg *cfg, Arena *scratch, u32 block_count) {
    u32 *child = arena_new(scratch, u32, (size_t)block_count * 4);
    if (!child) return NULL;
    u32 *sibling = child + block_count, *stack = sibling + block_count, *order = stack + block_count;
    // Pushing to the front from the back leaves the children in reverse postorder.
    for (u32 i = cfg->rpo_count; i-- > 1;) {
        u32 block = cfg->rpo[i], parent = cfg->idom[block];
        sibling[block] = child[parent];
        child[parent] = block;
    }
    u32 depth = 0, count = 0;
    stack[depth++] = cfg->rpo[0];
    while (depth) {
        u32 block = stack[--depth];
        order[count++] = block;
        if (sibling[block]) stack[depth++] = sibling[block];
        if (child[block]) stack[depth++] = child[block];
    }
    return order;
}

// ---- whole functions ----

static void *copy_items(const void *items, u32 *capacity, u32 count, u32 size, Arena *arena) {
    void *copy = arena_take(arena, (size_t)count + 1, size, 16);
    if (copy && count) mem_copy(copy, items, (size_t)count * size);
    *capacity = count;
    return copy;
}

#define COPY_ITEMS(list) \
    copy.list.items = copy_items(copy.list.items, &copy.list.capacity, copy.list.count, sizeof(*copy.list.items), arena)

IrFunction opt_copy_function(const IrFunction *function, Arena *arena) {
    IrFunction copy = *function;
    COPY_ITEMS(insts);
    COPY_ITEMS(blocks);
    COPY_ITEMS(slots);
    COPY_ITEMS(lists);
    COPY_ITEMS(cases);
    return copy;
}

void opt_move_inst(IrFunction *function, IrValue value, u32 to) {
    IrInst moved = *ir_inst(function, value);
    ir_remove(function, value);
    IrBlock *block = ir_block(function, to);
    moved.block = to;
    moved.prev = block->last;
    moved.next = 0;
    if (block->last) ir_inst(function, block->last)->next = value;
    else block->first = value;
    block->last = value;
    *ir_inst(function, value) = moved;
}
