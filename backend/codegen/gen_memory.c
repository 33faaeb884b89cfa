// Loads, stores and the heap.
#include "codegen/gen_address.h"

// ---- loads and stores ----

typedef struct Access {
    u16 load, store;
    u8 align;
} Access;

static Access access_of(const Gen *s, IrType type) {
    static const Access accesses[IR_TYPE_COUNT] = {
        [IR_BOOL] = {W_I32_LOAD8_U, W_I32_STORE8, 0},  [IR_U8] = {W_I32_LOAD8_U, W_I32_STORE8, 0},
        [IR_I8] = {W_I32_LOAD8_S, W_I32_STORE8, 0},    [IR_U16] = {W_I32_LOAD16_U, W_I32_STORE16, 1},
        [IR_I16] = {W_I32_LOAD16_S, W_I32_STORE16, 1}, [IR_U32] = {W_I32_LOAD, W_I32_STORE, 2},
        [IR_I32] = {W_I32_LOAD, W_I32_STORE, 2},       [IR_U64] = {W_I64_LOAD, W_I64_STORE, 3},
        [IR_I64] = {W_I64_LOAD, W_I64_STORE, 3},       [IR_F32] = {W_F32_LOAD, W_F32_STORE, 2},
        [IR_F64] = {W_F64_LOAD, W_F64_STORE, 3},       [IR_U128] = {W_I64_LOAD, W_I64_STORE, 3},
        [IR_I128] = {W_I64_LOAD, W_I64_STORE, 3},
    };
    if (type == IR_PTR) type = gen_pointers_are_wide(s) ? IR_U64 : IR_U32;
    return accesses[type];
}

// The address of an access that much further on.
static u32 push_access(Gen *s, const IrInst *inst, u32 offset) {
    return gen_fold_offset(s, offset, gen_address(s, inst->args[0], inst));
}

static void load(Gen *s, const IrInst *inst) {
    u32 offset = push_access(s, inst, inst->args[1]);
    Access access = access_of(s, inst->type);
    code_memory(s->code, (WasmCode)access.load, access.align, offset);
}

static void load_wide(Gen *s, IrValue value, const IrInst *inst) {
    u32 local = gen_temporary(s, WASM_I32);
    u32 offset = push_access(s, inst, inst->args[1]);
    code_local_tee(s->code, local);
    code_memory(s->code, W_I64_LOAD, 3, offset);
    code_local_get(s->code, local);
    code_memory(s->code, W_I64_LOAD, 3, offset + 8);
    gen_set_wide(s, value);
    gen_release(s, local);
}

static void store_wide(Gen *s, const IrInst *inst, u32 offset) {
    u32 local = gen_temporary(s, WASM_I32);
    code_local_tee(s->code, local);
    gen_low(s, inst->args[1]);
    code_memory(s->code, W_I64_STORE, 3, offset);
    code_local_get(s->code, local);
    gen_high(s, inst->args[1]);
    code_memory(s->code, W_I64_STORE, 3, offset + 8);
    gen_release(s, local);
}

static void store(Gen *s, const IrInst *inst) {
    IrType type = gen_inst(s, inst->args[1])->type;
    // A value that can trap does so before the address is tested.
    bool tested = gen_tests_null(s, inst, inst->args[0]);
    Held value = tested ? gen_hold(s, inst->args[1]) : (Held){inst->args[1], NO_LOCAL};
    u32 offset = push_access(s, inst, inst->args[2]);
    if (place_is_wide(type)) {
        store_wide(s, inst, offset);
        return;
    }
    Access access = access_of(s, type);
    gen_held(s, value);
    code_memory(s->code, (WasmCode)access.store, access.align, offset);
    gen_drop(s, value);
}

void gen_access(Gen *s, IrValue value, const IrInst *inst) {
    switch (inst->op) {
    case IR_OP_LOAD:
        if (place_is_wide(inst->type)) load_wide(s, value, inst);
        else load(s, inst);
        break;
    case IR_OP_STORE: store(s, inst); break;
    case IR_OP_COPY: gen_copy(s, inst); break;
    default: gen_fill(s, inst); break;
    }
}

// ---- heap ----

static void push_pointer(Gen *s, IrValue value) {
    gen_value(s, value);
    if (!gen_pointers_are_wide(s)) code_op(s->code, W_I64_EXTEND_I32_U);
}

// With the runtime's result on the stack: a pointer, or a trap.
static void take_pointer(Gen *s, u32 site) {
    code_i32_const(s->code, (i32)gen_place(s, site));
    gen_glue(s, GLUE_CHECK_OUT);
    if (gen_pointers_are_wide(s)) code_op(s->code, W_I64_EXTEND_I32_U);
}

void gen_heap(Gen *s, const IrInst *inst) {
    switch (inst->op) {
    case IR_OP_HEAP_ALLOC:
        gen_value(s, inst->args[0]);
        code_i32_const(s->code, (i32)inst->args[1]);
        gen_runtime(s, RUNTIME_heap_alloc);
        take_pointer(s, inst->site);
        break;
    case IR_OP_HEAP_REALLOC:
        push_pointer(s, inst->args[0]);
        gen_value(s, inst->args[1]);
        gen_value(s, inst->args[2]);
        code_i32_const(s->code, (i32)inst->args[3]);
        gen_runtime(s, RUNTIME_heap_realloc);
        take_pointer(s, inst->site);
        break;
    case IR_OP_HEAP_FREE:
        push_pointer(s, inst->args[0]);
        gen_value(s, inst->args[1]);
        gen_runtime(s, RUNTIME_heap_free);
        gen_check(s, inst->site);
        break;
    default:
        push_pointer(s, inst->args[0]);
        push_pointer(s, inst->args[1]);
        gen_value(s, inst->args[2]);
        code_i32_const(s->code, (i32)inst->args[3]);
        gen_runtime(s, RUNTIME_heap_copy);
        gen_check(s, inst->site);
        break;
    }
}
