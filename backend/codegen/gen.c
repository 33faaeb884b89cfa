// What the code of all operations is made of: values onto the stack, temporaries, traps and calls; and who makes the code of
// which operation.
#include "codegen/gen.h"

// Asked for by debug views only: kept out of what is done for each instruction.
__attribute__((noinline)) void gen_add_origin(Gen *s, IrValue value) {
    CodeOrigin origin = {s->code->bytes.count, value, s->block};
    (void)vec_push(s->code->arena, &s->code->origins, origin);
}

// ---- values ----

WasmType gen_type(const Gen *s, IrType type) { return place_wasm_type(type, s->g->pointer); }

u64 gen_const(const Gen *s, IrValue value) { return (u64)ir_const_bits(gen_inst(s, value)); }

static void push_const(Gen *s, const IrInst *inst) {
    u64 bits = (u64)ir_const_bits(inst);
    switch (gen_type(s, inst->type)) {
    case WASM_I32: code_i32_const(s->code, (i32)(u32)bits); break;
    case WASM_I64: code_i64_const(s->code, (i64)bits); break;
    case WASM_F32: code_f32_const(s->code, (u32)bits); break;
    case WASM_F64: code_f64_const(s->code, bits); break;
    }
}

static void operation(Gen *s, IrValue value);

void gen_value(Gen *s, IrValue value) {
    const IrInst *inst = gen_inst(s, value);
    if (inst->op == IR_OP_CONST) {
        push_const(s, inst);
    } else if (s->places->place[value] == PLACE_LOCAL) {
        code_local_get(s->code, s->places->low[value]);
    } else if (s->places->place[value] == PLACE_REMAKE) {
        gen_address_value(s, inst);
    } else {
        IrValue user = s->current;
        operation(s, value);
        gen_note_origin(s, user);
    }
}

void gen_low(Gen *s, IrValue value) {
    if (gen_is_const(s, value)) code_i64_const(s->code, (i64)gen_const(s, value));
    else code_local_get(s->code, s->places->low[value]);
}

void gen_high(Gen *s, IrValue value) {
    if (gen_is_const(s, value)) code_i64_const(s->code, (i64)(ir_const_bits(gen_inst(s, value)) >> 64));
    else code_local_get(s->code, s->places->high[value]);
}

void gen_whole(Gen *s, IrValue value) {
    if (!gen_is_wide(s, value)) {
        gen_value(s, value);
        return;
    }
    gen_low(s, value);
    gen_high(s, value);
}

void gen_both(Gen *s, const IrInst *inst) {
    gen_value(s, inst->args[0]);
    gen_value(s, inst->args[1]);
}

// ---- temporaries ----

static u8 type_of_temporary(const Gen *s, u32 local) {
    return s->temporaries.items[local - (s->local_count - s->temporaries.count)];
}

u32 gen_temporary(Gen *s, WasmType type) {
    for (u32 i = 0; i < s->spare.count; i++) {
        u32 local = s->spare.items[i];
        if (type_of_temporary(s, local) != type) continue;
        s->spare.items[i] = s->spare.items[--s->spare.count];
        return local;
    }
    if (!vec_push(s->g->scratch, &s->temporaries, (u8)type)) return 0;
    return s->local_count++;
}

void gen_release(Gen *s, u32 local) {
    if (!s->g->scratch->failed) (void)vec_push(s->g->scratch, &s->spare, local);
}

Held gen_hold(Gen *s, IrValue value) {
    Held held = {value, NO_LOCAL};
    if (gen_is_const(s, value) || s->places->place[value] != PLACE_TREE) return held;
    held.local = gen_temporary(s, gen_type(s, gen_inst(s, value)->type));
    gen_value(s, value);
    code_local_set(s->code, held.local);
    return held;
}

void gen_held(Gen *s, Held held) {
    if (held.local == NO_LOCAL) gen_value(s, held.value);
    else code_local_get(s->code, held.local);
}

void gen_drop(Gen *s, Held held) {
    if (held.local != NO_LOCAL) gen_release(s, held.local);
}

// ---- traps and calls ----

u32 gen_place(Gen *s, u32 site) {
    Generator *g = s->g;
    return g->options->map ? trap_map_place(&g->traps, g->module, site) << TRAP_KIND_BITS : 0;
}

void gen_glue(Gen *s, Glue glue) {
    s->g->glue[glue] = true;
    code_call(s->code, glue_symbol(s->g, glue));
}

void gen_runtime(Gen *s, RuntimeFunction function) { code_call(s->code, SYMBOL_RUNTIME + function); }

void gen_trap(Gen *s, TrapKind kind, u32 site) {
    code_i32_const(s->code, (i32)(gen_place(s, site) | kind));
    gen_glue(s, GLUE_TRAP);
    code_op(s->code, W_UNREACHABLE);
}

void gen_trap_if(Gen *s, TrapKind kind, u32 site) {
    code_block(s->code, W_IF, WASM_NO_RESULT);
    gen_trap(s, kind, site);
    code_end(s->code);
}

void gen_check(Gen *s, u32 site) {
    code_i32_const(s->code, (i32)gen_place(s, site));
    gen_glue(s, GLUE_CHECK);
}

// What is left to a callee that can come to recur: calls, or room for frames.
static void pass_depth(Gen *s, u32 callee, u32 site) {
    if (s->depth_local == NO_LOCAL) {
        code_i32_const(s->code, (i32)gen_allowance(s->g, callee));
        return;
    }
    // Less than nothing may be left: on the way from one recursion to another nobody asks.
    if (s->g->plans[callee].recursive) {
        code_local_get(s->code, s->depth_local);
        code_i32_const(s->code, (i32)s->cost);
        code_op(s->code, W_I32_LT_S);
        gen_trap_if(s, TRAP_STACK, site);
    }
    code_local_get(s->code, s->depth_local);
    code_i32_const(s->code, (i32)s->cost);
    code_op(s->code, W_I32_SUB);
}

// Places are given numbers when all code is made: those in the code are shorter so.
void gen_note_call(Gen *s, u32 site) {
    CodeCall here = {s->code->bytes.count, site};
    if (s->g->options->map) (void)vec_push(s->code->arena, &s->code->calls, here);
}

static void call(Gen *s, IrValue value, const IrInst *inst) {
    for (u32 i = 0; i < inst->args[2]; i++) gen_whole(s, s->function->lists.items[inst->args[1] + i]);
    if (gen_allowance(s->g, inst->args[0])) pass_depth(s, inst->args[0], inst->site);
    gen_note_call(s, inst->site);
    code_call(s->code, SYMBOL_FUNCTION + inst->args[0]);
    if (!place_is_wide(inst->type)) return;
    if (s->g->options->mvp) gen_load_high(s);
    gen_set_wide(s, value);
}

// ---- instructions ----

static void choose(Gen *s, const IrInst *inst) {
    gen_value(s, inst->args[1]);
    gen_value(s, inst->args[2]);
    gen_condition(s, inst->args[0], false);
    code_op(s->code, W_SELECT);
}

static void operation(Gen *s, IrValue value) {
    const IrInst *inst = gen_inst(s, value);
    bool wide = place_is_wide(inst->type);
    gen_note_origin(s, value);
    switch ((IrGroup)ir_op_info[inst->op].group) {
    case GROUP_NONE:
    case GROUP_MARK: break;
    case GROUP_ARITHMETIC:
        if (wide) gen_wide(s, value, inst);
        else gen_arithmetic(s, inst);
        break;
    case GROUP_COMPARE: gen_compare(s, inst, false); break;
    case GROUP_CONVERT:
        if (wide) gen_wide(s, value, inst);
        else gen_convert(s, inst);
        break;
    case GROUP_SELECT:
        if (wide) gen_wide(s, value, inst);
        else choose(s, inst);
        break;
    case GROUP_ADDRESS: gen_address_value(s, inst); break;
    case GROUP_ACCESS: gen_access(s, value, inst); break;
    case GROUP_HEAP: gen_heap(s, inst); break;
    case GROUP_GUARD:
        gen_condition(s, inst->args[0], true);
        gen_trap_if(s, (TrapKind)inst->args[1], inst->site);
        break;
    case GROUP_CALL: call(s, value, inst); break;
    case GROUP_PRINT: gen_print(s, inst); break;
    }
}

void gen_root(Gen *s, IrValue value) {
    const IrInst *inst = gen_inst(s, value);
    operation(s, value);
    bool pushed = ir_op_info[inst->op].group != GROUP_NONE && inst->type != IR_VOID && !place_is_wide(inst->type);
    if (!pushed) return;
    u32 local = s->places->low[value];
    if (local == NO_LOCAL) code_op(s->code, W_DROP);
    else code_local_set(s->code, local);
}

// x != 0 of 32 bits: as a condition x itself will do.
static bool is_zero_test(const Gen *s, const IrInst *inst, bool negate) {
    if (inst->op != (negate ? IR_OP_EQ : IR_OP_NE)) return false;
    IrType type = gen_inst(s, inst->args[0])->type;
    return !place_is_wide(type) && gen_type(s, type) == WASM_I32 && gen_is_const(s, inst->args[1]) &&
           gen_const(s, inst->args[1]) == 0;
}

void gen_condition(Gen *s, IrValue value, bool negate) {
    const IrInst *inst = gen_inst(s, value);
    if (ir_is_compare(inst->op) && s->places->place[value] == PLACE_TREE) {
        IrValue user = s->current;
        gen_note_origin(s, value);
        if (is_zero_test(s, inst, negate)) gen_value(s, inst->args[0]);
        else gen_compare(s, inst, negate);
        gen_note_origin(s, user);
        return;
    }
    gen_value(s, value);
    if (negate) code_op(s->code, W_I32_EQZ);
}
