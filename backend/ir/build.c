// Adds functions, blocks, instructions and edges to a module. Everything lands in the module's arena; once that
// has failed, every call yields 0 and changes nothing, so that a front end checks arena->failed once at its end.
#include "ir/build.h"
#include "ir/eval.h"

// ---- module ----

void ir_module_init(IrModule *module, Arena *arena) {
    *module = (IrModule){.arena = arena};
    // Index 0 means none everywhere. A push that fails leaves arena->failed, which stops all later calls.
    bool ok = vec_push(arena, &module->functions, (IrFunction){0}) && vec_push(arena, &module->sites, (IrSite){0});
    (void)ok;
}

u32 ir_add_function(IrModule *module, Str name, u32 source, IrType result) {
    Arena *arena = module->arena;
    if (arena->failed) return 0;
    // Room for number 0 and a few parameters: most rows are made anew with the first block.
    enum { FEW = 4 };
    IrFunction function = {.name = name, .source = source, .result = result};
    function.insts.items = arena_new(arena, IrInst, FEW);
    function.insts.count = 1, function.insts.capacity = FEW;
    function.blocks.items = arena_new(arena, IrBlock, 1);
    function.blocks.count = function.blocks.capacity = 1;
    return vec_push(arena, &module->functions, function) && !arena->failed ? module->functions.count - 1 : 0;
}

u32 ir_add_site(IrModule *module, IrSite site) {
    if (module->arena->failed || !vec_push(module->arena, &module->sites, site)) return 0;
    return module->sites.count - 1;
}

u32 ir_add_data(IrModule *module, Str bytes) {
    if (module->arena->failed || !vec_push(module->arena, &module->data, bytes)) return 0;
    return module->data.count - 1;
}

// ---- functions, blocks, slots ----

void ir_begin(IrBuilder *b, IrModule *module, u32 function_number) {
    *b = (IrBuilder){.module = module, .function_number = function_number};
    if (!module->arena->failed) b->function = &module->functions.items[function_number];
}

HOT_INLINE bool failed(const IrBuilder *b) { return b->module->arena->failed; }

void ir_reserve(IrBuilder *b, u32 insts, u32 blocks, u32 list_items) {
    Arena *arena = b->module->arena;
    if (failed(b)) return;
    bool ok = vec_reserve(arena, &b->function->insts, insts) && vec_reserve(arena, &b->function->blocks, blocks) &&
              vec_reserve(arena, &b->function->lists, list_items);
    (void)ok; // arena->failed tells
}

// Appends an instruction without linking it; 0 when memory is out.
static IrValue push_inst(IrModule *module, IrFunction *function, const IrInst *inst) {
    if (module->arena->failed || !vec_push(module->arena, &function->insts, *inst)) return 0;
    return function->insts.count - 1;
}

// Appends an item to a list that may have others behind it; then it moves to the end first.
static bool push_list(IrModule *module, IrFunction *function, u32 *start, u32 *count, u32 item) {
    Arena *arena = module->arena;
    if (arena->failed) return false;
    if (*count == 0) *start = function->lists.count;
    if (*start + *count != function->lists.count) {
        if (!vec_reserve(arena, &function->lists, *count + 1)) return false;
        u32 *items = function->lists.items;
        mem_copy(items + function->lists.count, items + *start, *count * sizeof(u32));
        *start = function->lists.count;
        function->lists.count += *count;
    }
    if (!vec_push(arena, &function->lists, item)) return false;
    ++*count;
    return true;
}

IrValue ir_function_param(IrBuilder *b, IrType type) {
    if (failed(b)) return 0;
    IrFunction *function = b->function;
    IrInst inst = {.op = IR_OP_PARAM, .type = (u8)type, .args = {function->param_count}, .site = b->site};
    IrValue value = push_inst(b->module, function, &inst);
    if (!value || !push_list(b->module, function, &function->params, &function->param_count, value)) return 0;
    return value;
}

IrBlockId ir_add_block(IrBuilder *b, u32 source) {
    if (failed(b) || !vec_push(b->module->arena, &b->function->blocks, (IrBlock){.source = source})) return 0;
    return b->function->blocks.count - 1;
}

IrValue ir_block_param(IrBuilder *b, IrBlockId id, IrType type) {
    if (failed(b)) return 0;
    IrBlock *block = ir_block(b->function, id);
    IrInst inst = {.op = IR_OP_PARAM, .type = (u8)type, .args = {block->param_count}, .site = b->site, .block = id};
    IrValue value = push_inst(b->module, b->function, &inst);
    if (!value || !push_list(b->module, b->function, &block->params, &block->param_count, value)) return 0;
    return value;
}

u32 ir_add_slot(IrBuilder *b, u32 size, u32 align) {
    if (failed(b) || !vec_push(b->module->arena, &b->function->slots, ((IrSlot){.size = size, .align = align})))
        return 0;
    return b->function->slots.count - 1;
}

void ir_at(IrBuilder *b, IrBlockId block) {
    b->block = block;
    b->before = 0;
}

IrBuilder ir_in_front_of(IrModule *module, IrFunction *function, IrValue before) {
    const IrInst *inst = ir_inst(function, before);
    return (IrBuilder){
        .module = module, .function = function, .block = inst->block, .before = before, .site = inst->site};
}

// ---- instructions ----

void ir_forget(IrFunction *function, IrValue param) { *ir_inst(function, param) = (IrInst){.op = IR_OP_NOP}; }

void ir_remove(IrFunction *function, IrValue value) {
    IrInst *inst = ir_inst(function, value);
    if (inst->prev) ir_inst(function, inst->prev)->next = inst->next;
    else ir_block(function, inst->block)->first = inst->next;
    if (inst->next) ir_inst(function, inst->next)->prev = inst->prev;
    else ir_block(function, inst->block)->last = inst->prev;
    *inst = (IrInst){.op = IR_OP_NOP, .site = inst->site};
}

u32 ir_list(IrModule *module, IrFunction *function, const u32 *items, u32 count) {
    if (module->arena->failed || count == 0 || !vec_reserve(module->arena, &function->lists, count)) return 0;
    u32 start = function->lists.count;
    mem_copy(function->lists.items + start, items, count * sizeof(u32));
    function->lists.count += count;
    return start;
}

// This is where the time of building goes.
IrValue ir_emit(IrBuilder *b, IrOp op, IrType type, IrType arg_type, u32 a0, u32 a1, u32 a2, u32 a3) {
    if (failed(b)) return 0;
    char result = ir_op_info[op].result;
    if (result != 'T') type = result == 'B' ? IR_BOOL : result == 'P' ? IR_PTR : IR_VOID;
    IrFunction *function = b->function;
    IrInst *inst = vec_place(b->module->arena, &function->insts);
    if (!inst) return 0;
    IrValue value = function->insts.count - 1;
    IrBlock *block = &function->blocks.items[b->block];
    u32 next = b->before, *link = next ? &ir_inst(function, next)->prev : &block->last, prev = *link;
    *inst = (IrInst){.op = (u8)op,
                     .type = (u8)type,
                     .arg_type = (u8)arg_type,
                     .args = {a0, a1, a2, a3},
                     .site = b->site,
                     .block = b->block,
                     .prev = prev,
                     .next = next};
    *link = value;
    if (prev) function->insts.items[prev].next = value;
    else block->first = value;
    return value;
}

IrValue ir_emit_copy(IrBuilder *b, const IrInst *inst) {
    const u32 *args = inst->args;
    b->site = inst->site;
    IrValue value = ir_emit(b, (IrOp)inst->op, inst->type, inst->arg_type, args[0], args[1], args[2], args[3]);
    if (value) ir_inst(b->function, value)->flags = inst->flags;
    return value;
}

IrValue ir_append(IrModule *module, IrFunction *function, IrBlockId id, const IrInst *inst) {
    IrBuilder b = {.module = module, .function = function, .block = id};
    return ir_emit_copy(&b, inst);
}

IrValue ir_insert_before(IrModule *module, IrFunction *function, IrValue before, const IrInst *inst) {
    IrBuilder b = ir_in_front_of(module, function, before);
    return ir_emit_copy(&b, inst);
}

void ir_skip(IrBuilder *b) {
    const IrInst none = {.op = IR_OP_NOP};
    (void)push_inst(b->module, b->function, &none);
}

IrValue ir_const128(IrBuilder *b, IrType type, u64 low, u64 high) {
    u128 bits = eval_wrap128(type, (u128)high << 64 | low);
    return ir_emit(b, IR_OP_CONST, type, IR_VOID, (u32)bits, (u32)(bits >> 32), (u32)(bits >> 64), (u32)(bits >> 96));
}

IrValue ir_const(IrBuilder *b, IrType type, i64 value) {
    return ir_const128(b, type, (u64)value, value < 0 ? ~(u64)0 : 0);
}

IrValue ir_const_f64(IrBuilder *b, IrType type, f64 value) {
    u64 bits = eval_bits_of_f64(value);
    return ir_const128(b, type, type == IR_F32 ? eval_convert(IR_F32, IR_F64, bits) : bits, 0);
}

IrValue ir_binary(IrBuilder *b, IrOp op, IrType type, IrValue x, IrValue y) {
    return ir_emit(b, op, type, type, x, y, 0, 0);
}

IrValue ir_compare(IrBuilder *b, IrOp op, IrType arg_type, IrValue x, IrValue y) {
    return ir_emit(b, op, IR_BOOL, arg_type, x, y, 0, 0);
}

IrValue ir_convert(IrBuilder *b, IrType to, IrType from, IrValue x) {
    return to == from ? x : ir_emit(b, IR_OP_CONVERT, to, from, x, 0, 0, 0);
}

IrValue ir_bitcast(IrBuilder *b, IrType to, IrType from, IrValue x) {
    return to == from ? x : ir_emit(b, IR_OP_BITCAST, to, from, x, 0, 0, 0);
}

IrValue ir_load(IrBuilder *b, IrType type, IrValue address, u32 offset) {
    return ir_emit(b, IR_OP_LOAD, type, IR_PTR, address, offset, 0, 0);
}

IrValue ir_store(IrBuilder *b, IrType type, IrValue address, IrValue value, u32 offset) {
    return ir_emit(b, IR_OP_STORE, IR_VOID, type, address, value, offset, 0);
}

IrValue ir_call(IrBuilder *b, IrType type, u32 function, const IrValue *args, u32 count) {
    u32 list = failed(b) ? 0 : ir_list(b->module, b->function, args, count);
    return ir_emit(b, IR_OP_CALL, type, IR_VOID, function, list, count, 0);
}

// ---- terminators ----

IrEdge ir_edge(IrBuilder *b, IrBlockId target, const IrValue *args, u32 count) {
    u32 list = failed(b) ? 0 : ir_list(b->module, b->function, args, count);
    return failed(b) ? (IrEdge){0} : (IrEdge){target, list, count};
}

static void end_block(IrBuilder *b, IrTerm term) {
    if (failed(b)) return;
    term.site = b->site;
    ir_block(b->function, b->block)->term = term;
}

void ir_jump(IrBuilder *b, IrEdge edge) { end_block(b, (IrTerm){.kind = TERM_JUMP, .then = edge}); }

void ir_branch(IrBuilder *b, IrValue condition, IrEdge then, IrEdge other) {
    end_block(b, (IrTerm){.kind = TERM_BRANCH, .value = condition, .then = then, .other = other});
}

void ir_switch(IrBuilder *b, IrValue selector, IrEdge other) {
    if (failed(b)) return;
    u32 first = b->function->cases.count;
    end_block(b, (IrTerm){.kind = TERM_SWITCH, .value = selector, .other = other, .first_case = first});
}

void ir_case(IrBuilder *b, u64 low, u64 high, IrEdge edge) {
    if (failed(b)) return;
    IrTerm *term = &ir_block(b->function, b->block)->term;
    ASSERT(term->kind == TERM_SWITCH && term->first_case + term->case_count == b->function->cases.count);
    if (vec_push(b->module->arena, &b->function->cases, ((IrCase){low, high, edge}))) term->case_count++;
}

void ir_return(IrBuilder *b, IrValue value) { end_block(b, (IrTerm){.kind = TERM_RETURN, .value = value}); }

void ir_trap(IrBuilder *b, TrapKind kind) { end_block(b, (IrTerm){.kind = TERM_TRAP, .trap = (u8)kind}); }

// ---- visitors ----

void ir_each_operand(IrFunction *function, IrInst *inst, void (*visit)(void *, IrValue *), void *context) {
    u32 count, *operands = ir_operands(function, inst, &count);
    for (u32 i = 0; i < count; i++) visit(context, &operands[i]);
}

void ir_each_edge(IrFunction *function, IrTerm *term, void (*visit)(void *, IrEdge *), void *context) {
    u32 count = ir_edge_count(term);
    for (u32 i = 0; i < count; i++) visit(context, ir_edge_at(function, term, i));
}

void ir_each_term_operand(IrFunction *function, IrTerm *term, void (*visit)(void *, IrValue *), void *context) {
    if (term->value) visit(context, &term->value);
    u32 edges = ir_edge_count(term);
    for (u32 i = 0; i < edges; i++) {
        IrEdge *edge = ir_edge_in_place(function, term, i);
        for (u32 k = 0; k < edge->arg_count; k++) visit(context, &function->lists.items[edge->args + k]);
    }
}
