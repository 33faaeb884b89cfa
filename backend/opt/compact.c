// Closes the gaps that removed instructions leave in a function's numbering, and drops lists that nothing refers to: passes
// clear tables as long as the numbering. The order of the numbers stays, so that what is decided by it stays too.
#include "opt/pass.h"

typedef struct Compactor {
    Pass *pass;
    IrFunction *function;
    u32 *number; // value -> its new number
    VEC(u32) lists;
} Compactor;

static u32 keep(Compactor *c, IrValue value) { return c->number[value] = value; }

static void number_values(Compactor *c) {
    IrFunction *function = c->function;
    u32 next = 1;
    for (u32 i = 0; i < function->param_count; i++) keep(c, function->lists.items[function->params + i]);
    for (u32 b = 1; b < function->blocks.count; b++) {
        const IrBlock *block = ir_block(function, b);
        for (u32 i = 0; i < block->param_count; i++) keep(c, function->lists.items[block->params + i]);
        for (u32 v = block->first; v; v = ir_inst(function, v)->next) keep(c, v);
    }
    for (u32 v = 1; v < function->insts.count; v++) {
        if (!c->number[v]) continue;
        c->number[v] = next;
        function->insts.items[next++] = function->insts.items[v];
    }
    function->insts.count = next;
}

static void move_list(Compactor *c, u32 *start, u32 count) {
    u32 made = c->lists.count;
    for (u32 i = 0; i < count; i++)
        if (!vec_push(c->pass->scratch, &c->lists, c->number[c->function->lists.items[*start + i]])) return;
    *start = made;
}

static void move_inst(Compactor *c, IrInst *inst) {
    inst->prev = c->number[inst->prev];
    inst->next = c->number[inst->next];
    if (inst->op == IR_OP_CALL) {
        move_list(c, &inst->args[1], inst->args[2]);
        return;
    }
    u32 count = ir_shape_operands[ir_op_info[inst->op].shape];
    for (u32 i = 0; i < count; i++) inst->args[i] = c->number[inst->args[i]];
}

static void move_block(Compactor *c, IrBlock *block) {
    block->first = c->number[block->first];
    block->last = c->number[block->last];
    block->term.value = c->number[block->term.value];
    move_list(c, &block->params, block->param_count);
    u32 edges = ir_edge_count(&block->term);
    for (u32 e = 0; e < edges; e++) {
        IrEdge *edge = ir_edge_at(c->function, &block->term, e);
        move_list(c, &edge->args, edge->arg_count);
    }
}

bool opt_compact(Pass *pass) {
    IrFunction *function = pass->function;
    Compactor c = {.pass = pass, .function = function};
    c.number = arena_new(pass->scratch, u32, function->insts.count);
    if (!c.number) return false;
    number_values(&c);
    for (u32 v = 1; v < function->insts.count; v++) move_inst(&c, ir_inst(function, v));
    for (u32 b = 1; b < function->blocks.count; b++) move_block(&c, ir_block(function, b));
    move_list(&c, &function->params, function->param_count);
    function->lists.count = 0;
    if (!vec_reserve(pass->module->arena, &function->lists, c.lists.count + 1)) return false;
    if (c.lists.count) mem_copy(function->lists.items, c.lists.items, c.lists.count * sizeof(u32));
    function->lists.count = c.lists.count;
    return pass_ok(pass);
}
