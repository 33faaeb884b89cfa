// See plan.h.
#include "codegen/plan.h"

#include "ir/call_graph.h"
#include "support/map.h"

enum {
    // In Generator.data_address, of an item that is used and has no address yet: whether the program may compare it.
    PRINTED = 1,
    ADDRESSED = 2,
    RUNTIME_STACK = 8192, // bytes that functions of the runtime may take of the stack
    STACK_SHARE = 4,      // the stack gets this part of the memory's limit where frames are on it
};
static const u64 MEMORY_DEFAULT = (u64)256 << 20;
static const u64 MEMORY_MOST = (u64)0xffff << 16; // addresses fit 32 bits, and so do their ends

// ---- what the program does ----

static void note_print(Generator *g, const IrInst *inst) {
    static const u8 by_op[] = {RUNTIME_print_data, RUNTIME_print_str,  RUNTIME_print_u64,
                               RUNTIME_print_char, RUNTIME_print_byte, RUNTIME_flush};
    bool *needs = g->needs;
    g->prints = true;
    needs[by_op[inst->op - IR_OP_PRINT_DATA]] = true;
    if (inst->op != IR_OP_PRINT_VALUE) return;
    needs[RUNTIME_print_i64] = needs[RUNTIME_print_bool] = true;
    if (inst->arg_type == IR_F32) needs[RUNTIME_print_f32] = true;
    if (inst->arg_type == IR_F64) needs[RUNTIME_print_f64] = true;
    if (place_is_wide(inst->arg_type)) needs[RUNTIME_print_u128] = needs[RUNTIME_print_i128] = true;
}

// All that matters to more than the function that the instruction stands in: there is but this one look at all of them.
static void note(Generator *g, const IrFunction *f, const IrInst *inst) {
    if (place_is_wide((IrType)inst->type)) g->wide = true;
    switch (inst->op) {
    case IR_OP_PTR_MOVE: g->pointer = WASM_I64; break;
    case IR_OP_BITCAST:
        if (ir_is_float((IrType)f->insts.items[inst->args[0]].type)) g->exact_nan = true;
        break;
    case IR_OP_STORE:
        if (ir_is_float((IrType)inst->arg_type) && !g->module->typed_memory) g->exact_nan = true;
        break;
    case IR_OP_PRINT_DATA:
    case IR_OP_DATA_ADDR:
        if (!gen_prints_byte(g, inst))
            g->data_address[inst->args[0]] |= inst->op == IR_OP_DATA_ADDR ? ADDRESSED : PRINTED;
        if (inst->op == IR_OP_DATA_ADDR) break;
        note_print(g, inst);
        break;
    case IR_OP_PRINT_STR:
    case IR_OP_PRINT_VALUE:
    case IR_OP_PRINT_CHAR:
    case IR_OP_PRINT_BYTE:
    case IR_OP_FLUSH: note_print(g, inst); break;
    case IR_OP_HEAP_ALLOC:
    case IR_OP_HEAP_REALLOC:
    case IR_OP_HEAP_FREE:
    case IR_OP_HEAP_COPY: g->needs[RUNTIME_heap_alloc + inst->op - IR_OP_HEAP_ALLOC] = true; break;
    default: break;
    }
}

// Callees come before their callers.
static void plan_function(Generator *g, u32 number, bool recursive) {
    FunctionPlan *plan = &g->plans[number];
    const IrFunction *f = &g->module->functions.items[number];
    plan->reached = true;
    plan->recursive = plan->deep = recursive;
    for (u32 i = 1; i < f->insts.count; i++) {
        const IrInst *inst = &f->insts.items[i];
        if (inst->op == IR_OP_CALL) plan->deep |= g->plans[inst->args[0]].deep;
        plan->narrow |= inst->op >= IR_OP_ADD && inst->op <= IR_OP_BITCAST && place_is_narrow((IrType)inst->type);
        note(g, f, inst);
    }
}

bool plan_functions(Generator *g) {
    IrCallGraph calls;
    g->plans = arena_new(g->arena, FunctionPlan, g->module->functions.count);
    g->data_address = arena_new(g->arena, u32, g->module->data.count + 1);
    g->pointer = WASM_I32;
    if (!g->plans || !g->data_address || !ir_call_graph_build(&calls, g->scratch, g->module)) return false;
    for (u32 i = 0; i < calls.count; i++) plan_function(g, calls.order[i], calls.recursive[calls.order[i]]);
    return true;
}

// ---- memory ----

static bool reserve(Generator *g, u64 *at, u64 bytes, u64 limit) {
    *at = (*at + 15) & ~(u64)15;
    *at += bytes;
    return *at <= limit || error_set(g->error, ERR_EXECUTE, NOWHERE,
                                     "memory limit reached: the program's data take more than %U bytes", limit);
}

// Data items that code refers to: equal ones once, unless both have addresses that the program may compare.
static bool place_data(Generator *g, Layout *out, u64 *at, u64 limit) {
    const IrModule *m = g->module;
    Map seen = {0};
    for (u32 i = 0; i < m->data.count; i++) {
        Str bytes = m->data.items[i];
        u32 use = g->data_address[i];
        if (!use) continue;
        u64 hash = hash_bytes(bytes.data, bytes.len);
        u32 other = map_get(&seen, hash);
        if (use == PRINTED && other != MAP_NONE && str_equal(m->data.items[other], bytes)) {
            g->data_address[i] = g->data_address[other];
            continue;
        }
        u8 *item = arena_alloc(g->arena, (size_t)bytes.len + 4, 1, 1);
        if (!item || !map_set(g->scratch, &seen, hash, i)) return false;
        for (u32 b = 0; b < 4; b++) item[b] = (u8)(bytes.len >> 8 * b);
        if (bytes.len) mem_copy(item + 4, bytes.data, bytes.len);
        WriterData data = {(u32)*at, {item, bytes.len + 4}};
        g->data_address[i] = (u32)*at;
        *at += data.bytes.len;
        if (*at > limit) return reserve(g, at, 0, limit);
        if (!vec_push(g->arena, &out->data, data)) return false;
    }
    return true;
}

// The end of what the runtime's functions keep in memory that code may call: more than are called, never less, since what
// lies behind their data must not move once code is made.
static bool reach_runtime(Generator *g, u64 *end) {
    Runtime runtime;
    if (!runtime_unpack(g->scratch, &runtime)) return false;
    bool *needs = arena_new(g->scratch, bool, runtime.function_count);
    if (!needs) return false;
    mem_copy(needs, g->needs, sizeof g->needs);
    for (u32 i = RUNTIME_mul_128; g->wide && i <= RUNTIME_f64_to_i128; i++) needs[i] = true;
    for (u32 i = RUNTIME_row_element; g->pointer == WASM_I64 && i <= RUNTIME_moved_pointer; i++) needs[i] = true;
    for (u32 i = RUNTIME_f64_to_i32; g->options->mvp && i <= RUNTIME_f64_to_u64; i++) needs[i] = true;
    if (g->options->mvp) needs[RUNTIME_copy] = needs[RUNTIME_fill] = true;
    if (g->options->adapter == ADAPTER_WASI) needs[RUNTIME_start_wasi] = true;
    u32 bound = runtime_bound(RUNTIME_trap, g->options);
    if (bound != NO_INDEX) needs[bound] = true;
    *end = runtime_reach(&runtime, g->options, needs);
    return true;
}

static u64 aligned(u64 at, u32 align) { return align > 1 ? (at + align - 1) & ~((u64)align - 1) : at; }

static bool size_frame(Generator *g, u32 number) {
    const IrFunction *f = &g->module->functions.items[number];
    FunctionPlan *plan = &g->plans[number];
    plan->slot_offset = arena_new(g->arena, u32, f->slots.count + 1);
    if (!plan->slot_offset) return false;
    // Slots that have to be zeroed come first.
    u64 size = 0;
    for (u32 i = 0; i < 2 * f->slots.count; i++) {
        const IrSlot *slot = &f->slots.items[i % f->slots.count];
        bool second = i >= f->slots.count;
        if (slot->no_zero != second) continue;
        size = aligned(size, slot->align);
        plan->slot_offset[i % f->slots.count] = (u32)size;
        size += slot->size;
        if (size > MEMORY_MOST / 2)
            return error_set(g->error, ERR_EXECUTE, NOWHERE,
                             "memory limit reached: the variables of a function take more than %U bytes",
                             MEMORY_MOST / 2);
        if (!second) plan->zero_size = (u32)size;
    }
    plan->frame_size = (u32)((size + 15) & ~(u64)15);
    return true;
}

// Frames of functions that cannot be entered twice at a time stand still, in memory of their own, as far as that leaves
// room for the stack. One that is larger than the stack would not fit there either.
static bool place_frames(Generator *g, u64 *at, u64 limit, bool *moving) {
    for (u32 n = 1; n < g->module->functions.count; n++) {
        FunctionPlan *plan = &g->plans[n];
        if (!plan->reached) continue;
        if (!size_frame(g, n)) return error_in_function(g->error, g->module->functions.items[n].source);
        if (!plan->frame_size) continue;
        u64 start = (*at + 15) & ~(u64)15, stack = limit / STACK_SHARE;
        if (!plan->recursive && start + plan->frame_size <= limit - (plan->frame_size > stack ? 0 : stack)) {
            plan->frame = (u32)start;
            *at = start + plan->frame_size;
            plan->once = n == g->module->entry;
        } else {
            *moving = true;
        }
    }
    return true;
}

bool plan_memory(Generator *g, Layout *out) {
    *out = (Layout){0};
    u64 limit = g->options->memory_limit ? g->options->memory_limit : MEMORY_DEFAULT;
    if (limit > MEMORY_MOST) limit = MEMORY_MOST;
    u64 at;
    bool moving = false;
    if (!reach_runtime(g, &at)) return false;
    u64 high_end = (u64)runtime_cell(RUNTIME_CELL_HIGH) + 8;
    if (g->wide && at < high_end) at = high_end;
    if (!place_data(g, out, &at, limit) || !place_frames(g, &at, limit, &moving)) return false;
    // What the runtime needs lies below the lowest address that frames may reach.
    if (!reserve(g, &at, RUNTIME_STACK, limit)) return false;
    g->stack_base = (u32)at;
    if (moving) {
        u64 room = limit / STACK_SHARE;
        if (room > limit - at) room = limit - at;
        if (!reserve(g, &at, room & ~(u64)15, limit)) return false;
    }
    out->stack_top = out->heap_base = (u32)at & ~15u;
    out->memory_limit = limit;
    return true;
}
