// Output: each kind of print is a function of the runtime.
#include "codegen/gen.h"

static void as_i64(Gen *s, IrValue value) {
    IrType type = gen_inst(s, value)->type;
    gen_extended(s, value);
    if (gen_type(s, type) == WASM_I32) code_op(s->code, ir_is_signed(type) ? W_I64_EXTEND_I32_S : W_I64_EXTEND_I32_U);
}

// Where the host can end the program.
static void output(Gen *s, const IrInst *inst, RuntimeFunction function) {
    if (s->g->options->adapter == ADAPTER_JSRUST) gen_note_call(s, inst->site);
    gen_runtime(s, function);
}

static void print_value(Gen *s, const IrInst *inst) {
    static const u8 by_type[IR_TYPE_COUNT] = {
        [IR_BOOL] = RUNTIME_print_bool, [IR_I8] = RUNTIME_print_i64,    [IR_I16] = RUNTIME_print_i64,
        [IR_I32] = RUNTIME_print_i64,   [IR_I64] = RUNTIME_print_i64,   [IR_U8] = RUNTIME_print_u64,
        [IR_U16] = RUNTIME_print_u64,   [IR_U32] = RUNTIME_print_u64,   [IR_U64] = RUNTIME_print_u64,
        [IR_I128] = RUNTIME_print_i128, [IR_U128] = RUNTIME_print_u128, [IR_F32] = RUNTIME_print_f32,
        [IR_F64] = RUNTIME_print_f64,   [IR_PTR] = RUNTIME_print_u64,
    };
    IrType type = inst->arg_type;
    if (type == IR_BOOL || ir_is_float(type) || place_is_wide(type)) gen_whole(s, inst->args[0]);
    else as_i64(s, inst->args[0]);
    output(s, inst, (RuntimeFunction)by_type[type]);
}

void gen_print(Gen *s, const IrInst *inst) {
    switch (inst->op) {
    case IR_OP_PRINT_DATA:
        if (gen_prints_byte(s->g, inst)) {
            code_i32_const(s->code, s->g->module->data.items[inst->args[0]].data[0]);
            output(s, inst, RUNTIME_output_byte);
        } else {
            code_i32_const(s->code, (i32)s->g->data_address[inst->args[0]]);
            output(s, inst, RUNTIME_print_data);
        }
        break;
    case IR_OP_PRINT_STR:
        gen_value(s, inst->args[0]);
        if (s->g->pointer == WASM_I64) code_op(s->code, W_I32_WRAP_I64);
        output(s, inst, RUNTIME_print_str);
        gen_check(s, inst->site);
        break;
    case IR_OP_PRINT_VALUE: print_value(s, inst); break;
    case IR_OP_PRINT_CHAR:
        as_i64(s, inst->args[0]);
        output(s, inst, RUNTIME_print_char);
        gen_check(s, inst->site);
        break;
    case IR_OP_PRINT_BYTE:
        as_i64(s, inst->args[0]);
        output(s, inst, RUNTIME_print_byte);
        gen_check(s, inst->site);
        break;
    default: output(s, inst, RUNTIME_flush); break;
    }
}
