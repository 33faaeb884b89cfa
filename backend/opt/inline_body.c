// A callee's blocks and slots put into a caller in the place of a call (copy_blocks.h).
#include "opt/inline_body.h"

#include "opt/copy_blocks.h"

// ---- the block around the call ----

// Moves what follows the call to a new block with a parameter for the result; the call's block is left open.
static bool split_after(BlockCopier *n, IrValue call) {
    IrFunction *caller = n->pass->function;
    u32 id = ir_inst(caller, call)->block;
    u32 next = ir_inst(caller, call)->next;
    IrType type = (IrType)ir_inst(caller, call)->type;
    IrBlock rest = {.term = ir_block(caller, id)->term, .source = ir_block(caller, id)->source};
    if (!vec_push(n->pass->module->arena, &caller->blocks, rest)) return false;
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
    tail->params = ir_list(n->pass->module, caller, &call, 1);
    tail->param_count = 1;
    return !n->pass->module->arena->failed;
}

// An activation finds its slots zeroed; the caller may come by again.
static bool make_slots(BlockCopier *n, u32 id) {
    IrBuilder b = {.module = n->pass->module, .function = n->pass->function, .block = id};
    for (u32 i = 0; i < n->from->slots.count; i++) {
        IrSlot slot = n->from->slots.items[i];
        if (!vec_push(n->pass->module->arena, &n->pass->function->slots, slot)) return false;
        if (slot.no_zero || !slot.size) continue;
        IrValue at = ir_emit(&b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, n->slot_base + i, 0, 0, 0);
        if (!at || !ir_emit(&b, IR_OP_FILL, IR_VOID, IR_VOID, at, slot.size, 0, 0)) return false;
    }
    return true;
}

bool inline_call(Pass *pass, IrValue call, const IrFunction *callee) {
    IrFunction *caller = pass->function;
    IrInst inst = *ir_inst(caller, call);
    ArenaMark mark = arena_mark(pass->scratch);
    u32 count = callee->blocks.count;
    BlockCopier n = {
        .pass = pass, .from = callee, .call_site = inst.site, .slot_base = caller->slots.count, .block_count = count};
    u32 *ids = arena_new(pass->scratch, u32, count);
    n.values = arena_new(pass->scratch, u32, callee->insts.count);
    n.blocks = arena_new(pass->scratch, u32, count);
    if (pass->scratch->failed) return false;
    for (u32 i = 1; i < count; i++) ids[i] = i;
    for (u32 i = 0; i < inst.args[2]; i++)
        n.values[callee->lists.items[callee->params + i]] = caller->lists.items[inst.args[1] + i];
    if (!split_after(&n, call) || !make_slots(&n, inst.block)) return false;
    if (!copy_make(&n, ids + 1, count - 1) || !copy_fill(&n, ids + 1, n.blocks + 1, count - 1)) return false;
    ir_block(caller, inst.block)->term = (IrTerm){
        .kind = TERM_JUMP, .then = {.target = n.blocks[1]}, .site = inst.site};
    arena_rewind(pass->scratch, mark);
    return !pass->module->arena->failed;
}
