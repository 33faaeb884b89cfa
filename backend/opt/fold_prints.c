// What is printed of constants becomes text when the program is compiled, and texts that are printed one behind the other
// become one. A program that prints no other floats, say, then needs no code that makes text of floats.
// Needs: nothing. Keeps: blocks.
#include "opt/pass.h"
#include "support/text.h"

enum {
    PIECE_MOST = 64, // longer texts stay as they are: data must not grow by more than the code shrinks
    TEXT_MOST = 256,
};

// Prints in a row with nothing between them that could be noticed.
typedef struct Row {
    Pass *pass;
    IrValue first, last; // 0 = none
    u32 len;
    bool changes; // it is more than one text that is data already
    u8 text[TEXT_MOST];
} Row;

// Whether a number is better printed from data even where it stands alone: always for speed, for size if much code is saved.
static bool is_costly(const Pass *pass, IrType type) {
    return pass->level != OPT_OS || ir_is_float(type) || type == IR_I128 || type == IR_U128;
}

// The interpreter's intrinsics.c says the same.
static u32 number_text(IrType type, u128 bits, u8 *out) {
    switch (type) {
    case IR_BOOL: mem_copy(out, bits ? "true" : "false", 5); return bits ? 4 : 5;
    case IR_F32: return text_from_f32(eval_f32((u64)bits), out);
    case IR_F64: return text_from_f64(eval_f64((u64)bits), out);
    default: return ir_is_signed(type) ? text_from_i128((i128)bits, out) : text_from_u128(bits, out);
    }
}

static bool is_print(const IrInst *inst) { return inst->op >= IR_OP_PRINT_DATA && inst->op <= IR_OP_PRINT_BYTE; }

static u32 data_text(const Pass *pass, u32 item, u8 *out) {
    Str text = pass->module->data.items[item];
    if (text.len > PIECE_MOST) return NO_INDEX;
    if (text.len) mem_copy(out, text.data, text.len);
    return text.len;
}

// What an instruction prints, whatever the program does: its length, NO_INDEX if that is not known. `out` has room for
// FLOAT_TEXT_MAX bytes.
static u32 constant_text(const Pass *pass, const IrInst *inst, u8 *out, bool *changes) {
    if (inst->op == IR_OP_PRINT_DATA) return data_text(pass, inst->args[0], out);
    if (!is_print(inst)) return NO_INDEX;
    const IrInst *of = ir_inst(pass->function, inst->args[0]);
    *changes = true;
    if (inst->op == IR_OP_PRINT_STR) return of->op == IR_OP_DATA_ADDR ? data_text(pass, of->args[0], out) : NO_INDEX;
    if (of->op != IR_OP_CONST) return NO_INDEX;
    u128 bits = opt_const_bits(pass->function, inst->args[0]);
    u32 len = 0; // none for what traps
    if (inst->op == IR_OP_PRINT_VALUE) {
        *changes = is_costly(pass, (IrType)inst->arg_type);
        return number_text((IrType)inst->arg_type, bits, out);
    }
    if (inst->op == IR_OP_PRINT_CHAR) len = utf8_encode((u32)bits, out);
    else if ((u64)bits <= 255) out[0] = (u8)bits, len = 1;
    return len ? len : NO_INDEX;
}

static bool end_row(Row *row) {
    IrModule *module = row->pass->module;
    IrFunction *function = row->pass->function;
    IrValue first = row->first, last = row->last;
    row->first = row->last = 0;
    if (!first || (!row->changes && first == last && row->len)) return true;
    row->pass->outcome = CHANGED;
    for (IrValue v = ir_inst(function, first)->next, next; first != last && v; v = v == last ? 0 : next) {
        next = ir_inst(function, v)->next;
        if (is_print(ir_inst(function, v))) ir_remove(function, v);
    }
    if (row->len == 0) {
        ir_remove(function, first);
        return true;
    }
    u8 *text = arena_new(module->arena, u8, row->len);
    if (!text) return false;
    mem_copy(text, row->text, row->len);
    IrInst *inst = ir_inst(function, first);
    inst->op = IR_OP_PRINT_DATA;
    inst->arg_type = IR_VOID;
    inst->args[0] = ir_add_data(module, (Str){text, row->len});
    return !module->arena->failed;
}

static bool add_inst(Row *row, IrValue v) {
    const IrInst *inst = ir_inst(row->pass->function, v);
    if (ir_op_info[inst->op].effects == 'P') return true;
    u8 text[FLOAT_TEXT_MAX];
    bool changes = false;
    u32 len = constant_text(row->pass, inst, text, &changes);
    if (len == NO_INDEX || len > PIECE_MOST) return end_row(row);
    if (row->first && row->len + len > TEXT_MOST && !end_row(row)) return false;
    if (!row->first) {
        row->first = v;
        row->len = 0;
        row->changes = false;
    }
    row->last = v;
    row->changes |= changes;
    if (len) mem_copy(row->text + row->len, text, len);
    row->len += len;
    return true;
}

bool opt_fold_prints(Pass *pass) {
    IrFunction *function = pass->function;
    Row row = {.pass = pass};
    pass->outcome = UNCHANGED;
    for (u32 b = 1; b < function->blocks.count; b++) {
        for (u32 v = ir_block(function, b)->first; v; v = ir_inst(function, v)->next)
            if (!add_inst(&row, v)) return false;
        if (!end_row(&row)) return false;
    }
    return true;
}
