// The few functions that are spelt out here: how a program is entered and how it ends, for either adapter.
#include "codegen/gen.h"
#include "codegen/module_writer.h"

Symbol glue_symbol(const Generator *g, Glue glue) { return SYMBOL_FUNCTION + g->module->functions.count + glue; }

// Space for a signature's types. False when memory is out.
static bool make_signature(Generator *g, Signature *out, u32 params, u32 results) {
    u8 *types = arena_new(g->arena, u8, params + results + 1);
    *out = (Signature){types, types ? types + params : NULL, params, results};
    return types != NULL;
}

// One type, or for 128-bit values two.
static u32 add_type(const Generator *g, u8 *types, u32 at, IrType type) {
    types[at++] = (u8)place_wasm_type(type, g->pointer);
    if (place_is_wide(type)) types[at++] = WASM_I64;
    return at;
}

Signature gen_signature(Generator *g, u32 number) {
    const IrFunction *f = &g->module->functions.items[number];
    u32 params = gen_allowance(g, number) ? 1 : 0, results = f->result == IR_VOID ? 0 : 1;
    if (place_is_wide(f->result) && !g->options->mvp) results = 2;
    for (u32 i = 0; i < f->param_count; i++)
        params += place_is_wide((IrType)f->insts.items[f->lists.items[f->params + i]].type) ? 2 : 1;
    Signature signature;
    if (!make_signature(g, &signature, params, results)) return (Signature){0};
    u8 *types = (u8 *)signature.params;
    u32 at = 0;
    for (u32 i = 0; i < f->param_count; i++)
        at = add_type(g, types, at, (IrType)f->insts.items[f->lists.items[f->params + i]].type);
    if (at < params) types[at++] = WASM_I32;
    if (results)
        (void)add_type(g, types, at,
                       results == 2           ? f->result
                       : f->result == IR_I128 ? IR_I64
                       : f->result == IR_U128 ? IR_U64
                                              : f->result);
    return signature;
}

static bool is_wasi(const Generator *g) { return g->options->adapter == ADAPTER_WASI; }
// Output may wait in a buffer.
static bool is_buffered(const Generator *g) { return g->prints && (is_wasi(g) || g->options->block_write); }

Signature glue_signature(const Generator *g, Glue glue) {
    static const u8 types[] = {WASM_I32, WASM_I32, WASM_I64, WASM_I32, WASM_I32, WASM_I64};
    switch (glue) {
    case GLUE_TRAP: return (Signature){types, types, 1, 0};
    case GLUE_CHECK: return (Signature){types, types, 2, 0};
    case GLUE_CHECK_OUT: return (Signature){types + 2, types, 2, 1};
    case GLUE_NUMBER: return (Signature){types, types, 0, 1};
    default: return (Signature){types, types + 5, 0, ir_is_int(g->module->entry_type) && !is_wasi(g)};
    }
}

bool glue_main_needed(const Generator *g) {
    const IrFunction *entry = &g->module->functions.items[g->module->entry];
    if (is_wasi(g) || is_buffered(g) || gen_allowance(g, g->module->entry)) return true;
    if (entry->result != g->module->entry_type) return true;
    return entry->result != IR_VOID && entry->result != IR_I64 && entry->result != IR_U64;
}

// (i32 number). What was printed must be out before the run ends.
static void trap(Generator *g, Code *code) {
    code_local_get(code, 0);
    code_global_set(code, GLOBAL_TRAP);
    if (is_wasi(g) || is_buffered(g)) {
        code_local_get(code, 0);
        code_call(code, SYMBOL_RUNTIME + RUNTIME_trap);
    }
    code_op(code, W_UNREACHABLE);
}

// The exported entry: with the exit value as i64 where the program has one.
static void enter(Generator *g, Code *code) {
    const IrFunction *entry = &g->module->functions.items[g->module->entry];
    bool wide = place_is_wide(entry->result) && !g->options->mvp, has_value = glue_signature(g, GLUE_MAIN).result_count;
    u32 allowance = gen_allowance(g, g->module->entry);
    if (allowance) code_i32_const(code, (i32)allowance);
    code_call(code, SYMBOL_FUNCTION + g->module->entry);
    if (wide) code_op(code, W_DROP);
    if (entry->result != IR_VOID && !has_value) code_op(code, W_DROP);
    if (has_value && place_wasm_type(entry->result, g->pointer) == WASM_I32)
        code_op(code, ir_is_signed(entry->result) ? W_I64_EXTEND_I32_S : W_I64_EXTEND_I32_U);
    if (is_buffered(g)) code_call(code, SYMBOL_RUNTIME + (is_wasi(g) ? RUNTIME_start_wasi : RUNTIME_flush));
}

void glue_code(Generator *g, Glue glue, Code *code) {
    switch (glue) {
    case GLUE_TRAP: trap(g, code); break;
    case GLUE_CHECK: // (i32 kind, i32 place)
        code_local_get(code, 0);
        code_block(code, W_IF, WASM_NO_RESULT);
        code_local_get(code, 0);
        code_local_get(code, 1);
        code_op(code, W_I32_OR);
        code_call(code, glue_symbol(g, GLUE_TRAP));
        code_end(code);
        break;
    case GLUE_CHECK_OUT: // (i64 out, i32 place) -> i32
        code_local_get(code, 0);
        code_i64_const(code, 32);
        code_op(code, W_I64_SHR_U);
        code_op(code, W_I32_WRAP_I64);
        code_local_get(code, 1);
        code_call(code, glue_symbol(g, GLUE_CHECK));
        code_local_get(code, 0);
        code_op(code, W_I32_WRAP_I64);
        break;
    case GLUE_NUMBER: code_global_get(code, GLOBAL_TRAP); break;
    default: enter(g, code); break;
    }
    code_op(code, W_END);
}
