// IR to text, in the form drawn in text.h: the same module gives the same text, and parse.c reads it back.
#include "ir/eval.h"
#include "ir/text.h"
#include "support/text.h"

static void put_number(Buf *out, const char *before, u64 number) {
    buf_text(out, before);
    buf_u64(out, number);
}

static void put_type(Buf *out, u8 type) {
    buf_byte(out, ' ');
    buf_text(out, ir_type_info[type].text);
}

static void put_value(Buf *out, IrValue value) { put_number(out, "v", value); }

static void put_site(Buf *out, u32 site) {
    if (site) put_number(out, " @", site);
}

static void put_source(Buf *out, u32 source, u32 none) {
    if (source != none) put_number(out, " source ", source);
}

static void put_byte_escape(Buf *out, u8 byte) {
    buf_text(out, byte < 0x10 ? "\\x0" : "\\x");
    buf_hex(out, byte);
}

// Quoted. Names are mostly UTF-8 and stay readable; controls, and bytes of what is not UTF-8, become \xHH one by one.
static void put_string(Buf *out, Str text) {
    u32 bad;
    bool plain = utf8_valid(text, &bad);
    buf_byte(out, '"');
    for (u32 at = 0, length; at < text.len; at += length) {
        u32 c = utf8_decode(text, at, &length);
        if (c == '"' || c == '\\') buf_byte(out, '\\'), buf_byte(out, (u8)c);
        else if (c == '\n') buf_text(out, "\\n");
        else if (c == '\t') buf_text(out, "\\t");
        else if (utf8_is_control(c) || (c >= 0x80 && !plain))
            for (u32 i = 0; i < length; i++) put_byte_escape(out, text.data[at + i]);
        else buf_bytes(out, text.data + at, length);
    }
    buf_byte(out, '"');
}

// ---- constants ----

static void put_int(Buf *out, IrType type, u64 low, u64 high) {
    u8 text[INT_TEXT_MAX];
    u128 bits = (u128)high << 64 | low;
    buf_bytes(out, text, ir_is_signed(type) ? text_from_i128((i128)bits, text) : text_from_u128(bits, text));
}

// A NaN other than the one arithmetic makes is written by its bits.
static void put_float(Buf *out, IrType type, u64 bits) {
    u8 text[FLOAT_TEXT_MAX];
    bool is_f32 = type == IR_F32;
    f64 value = is_f32 ? (f64)eval_f32(bits) : eval_f64(bits);
    if (value != value && bits != (is_f32 ? eval_result_f32(eval_f32(bits)) : eval_result_f64(value))) {
        buf_text(out, "0x");
        buf_hex(out, bits);
        return;
    }
    buf_bytes(out, text, is_f32 ? text_from_f32(eval_f32(bits), text) : text_from_f64(value, text));
}

static void put_const(Buf *out, const IrInst *inst) {
    IrType type = (IrType)inst->type;
    u128 bits = ir_const_bits(inst);
    u64 low = (u64)bits, high = (u64)(bits >> 64);
    put_type(out, inst->type);
    buf_byte(out, ' ');
    if (type == IR_BOOL) buf_text(out, low ? "true" : "false");
    else if (type == IR_PTR && low == 0) buf_text(out, "null");
    else if (ir_is_float(type)) put_float(out, type, low);
    else put_int(out, type, low, high);
}

// ---- instructions ----

static void put_values(Buf *out, const u32 *values, u32 count) {
    for (u32 i = 0; i < count; i++) {
        if (i) buf_text(out, ", ");
        put_value(out, values[i]);
    }
}

static void put_args(Buf *out, const IrFunction *function, u32 start, u32 count) {
    buf_byte(out, '(');
    if (count) put_values(out, function->lists.items + start, count);
    buf_byte(out, ')');
}

static void put_offset(Buf *out, u32 bytes) {
    if (bytes) put_number(out, " + ", bytes);
}

static void put_call(Buf *out, const IrFunction *function, const IrInst *inst) {
    put_type(out, inst->type);
    put_number(out, " fn", inst->args[0]);
    put_args(out, function, inst->args[1], inst->args[2]);
}

// The type an operation is spelled with, IR_VOID = none: arithmetic by its result, the others by their operand.
static u8 spelled_type(const IrInst *inst) {
    switch (ir_op_info[inst->op].shape) {
    case SHAPE_V:
        return ir_op_info[inst->op].result == 'T' ? inst->type
               : inst->op == IR_OP_PRINT_VALUE    ? inst->arg_type
                                                  : IR_VOID;
    case SHAPE_VV:
    case SHAPE_STORE:
    case SHAPE_MARK: return inst->arg_type;
    case SHAPE_VVV:
    case SHAPE_LOAD: return inst->type;
    default: return IR_VOID;
    }
}

// What follows the operands.
static void put_rest(Buf *out, const IrInst *inst) {
    const u32 *args = inst->args;
    switch (ir_op_info[inst->op].shape) {
    case SHAPE_V:
        if (inst->op == IR_OP_CONVERT || inst->op == IR_OP_BITCAST)
            buf_text(out, " from"), put_type(out, inst->arg_type);
        break;
    case SHAPE_SLOT:
    case SHAPE_DATA:
    case SHAPE_COUNT:
    case SHAPE_SITE: buf_u64(out, args[0]); break;
    case SHAPE_LOAD:
    case SHAPE_FIELD: put_offset(out, args[1]); break;
    case SHAPE_FILL:
    case SHAPE_ALLOC:
    case SHAPE_MARK: put_number(out, ", ", args[1]); break;
    case SHAPE_COPY: put_number(out, ", ", args[2]); break;
    case SHAPE_INDEX:
        put_number(out, ", ", args[2]);
        put_number(out, ", ", args[3]);
        break;
    case SHAPE_REALLOC:
    case SHAPE_HEAPCOPY: put_number(out, ", ", args[3]); break;
    case SHAPE_GUARD:
        buf_text(out, ", ");
        buf_text(out, trap_name(args[1]));
        break;
    case SHAPE_NONE:
    case SHAPE_CONST:
    case SHAPE_PARAM:
    case SHAPE_VV:
    case SHAPE_VVV:
    case SHAPE_STORE:
    case SHAPE_MOVE:
    case SHAPE_FREE:
    case SHAPE_CALL: break;
    }
}

static void put_operands(Buf *out, const IrInst *inst) {
    u8 type = spelled_type(inst);
    if (type != IR_VOID) put_type(out, type);
    if (ir_op_info[inst->op].shape != SHAPE_NONE) buf_byte(out, ' ');
    if (inst->op == IR_OP_STORE) { // the offset belongs to the address
        put_value(out, inst->args[0]);
        put_offset(out, inst->args[2]);
        buf_text(out, ", ");
        put_value(out, inst->args[1]);
        return;
    }
    put_values(out, inst->args, ir_shape_operands[ir_op_info[inst->op].shape]);
    put_rest(out, inst);
}

static void put_inst(Buf *out, const IrFunction *function, IrValue value) {
    const IrInst *inst = ir_inst(function, value);
    buf_text(out, "  ");
    if (inst->type != IR_VOID) {
        put_value(out, value);
        buf_text(out, " = ");
    }
    buf_text(out, ir_op_text(inst->op));
    if (inst->op == IR_OP_CONST) put_const(out, inst);
    else if (inst->op == IR_OP_CALL) put_call(out, function, inst);
    else put_operands(out, inst);
    if (inst->flags & INST_IN_BOUNDS) buf_text(out, " in_bounds");
    if (inst->flags & INST_NOT_NULL) buf_text(out, " not_null");
    if (inst->flags & INST_NOT_NEGATIVE) buf_text(out, " not_negative");
    put_site(out, inst->site);
    buf_byte(out, '\n');
}

// ---- terminators ----

static void put_edge(Buf *out, const IrFunction *function, const IrEdge *edge) {
    put_number(out, "block", edge->target);
    put_args(out, function, edge->args, edge->arg_count);
}

static void put_cases(Buf *out, const IrFunction *function, const IrTerm *term) {
    IrType type = (IrType)ir_inst(function, term->value)->type;
    for (u32 i = 0; i < term->case_count; i++) {
        const IrCase *item = &function->cases.items[term->first_case + i];
        buf_text(out, "\n    case ");
        put_int(out, type, item->low, item->high);
        buf_text(out, ": ");
        put_edge(out, function, &item->edge);
    }
}

static void put_term(Buf *out, const IrFunction *function, const IrTerm *term) {
    switch ((IrTermKind)term->kind) {
    case TERM_NONE: return;
    case TERM_JUMP:
        buf_text(out, "  jump ");
        put_edge(out, function, &term->then);
        break;
    case TERM_BRANCH:
        put_number(out, "  branch v", term->value);
        buf_text(out, ", ");
        put_edge(out, function, &term->then);
        buf_text(out, ", ");
        put_edge(out, function, &term->other);
        break;
    case TERM_SWITCH:
        buf_text(out, "  switch");
        put_type(out, ir_inst(function, term->value)->type);
        put_number(out, " v", term->value);
        buf_text(out, ", ");
        put_edge(out, function, &term->other);
        break;
    case TERM_RETURN:
        buf_text(out, "  return");
        if (term->value) put_number(out, " v", term->value);
        break;
    case TERM_TRAP:
        buf_text(out, "  trap ");
        buf_text(out, trap_name(term->trap));
        break;
    }
    put_site(out, term->site);
    if (term->kind == TERM_SWITCH) put_cases(out, function, term);
    buf_byte(out, '\n');
}

// ---- functions and modules ----

static void put_params(Buf *out, const IrFunction *function, u32 start, u32 count) {
    for (u32 i = 0; i < count; i++) {
        IrValue value = function->lists.items[start + i];
        put_number(out, i ? ", v" : "(v", value);
        put_type(out, ir_inst(function, value)->type);
    }
    if (count) buf_byte(out, ')');
}

// A block that a pass emptied has no text; its number stays free.
static bool is_dropped(const IrBlock *block) {
    return block->term.kind == TERM_NONE && !block->first && !block->param_count;
}

static void put_block(Buf *out, const IrFunction *function, IrBlockId id) {
    const IrBlock *block = ir_block(function, id);
    if (is_dropped(block)) return;
    put_number(out, "block", id);
    put_params(out, function, block->params, block->param_count);
    put_source(out, block->source, 0);
    buf_text(out, ":\n");
    for (u32 at = block->first; at; at = ir_inst(function, at)->next) put_inst(out, function, at);
    put_term(out, function, &block->term);
}

void ir_print_function(Buf *out, const IrModule *module, u32 number) {
    const IrFunction *function = &module->functions.items[number];
    put_number(out, "fn ", number);
    buf_byte(out, ' ');
    put_string(out, function->name);
    put_params(out, function, function->params, function->param_count);
    buf_text(out, " ->");
    put_type(out, (u8)function->result);
    put_source(out, function->source, NO_INDEX);
    buf_text(out, " {\n");
    for (u32 i = 0; i < function->slots.count; i++) {
        put_number(out, "  slot ", i);
        put_number(out, " = ", function->slots.items[i].size);
        put_number(out, " align ", function->slots.items[i].align);
        if (function->slots.items[i].no_zero) buf_text(out, " no_zero");
        buf_byte(out, '\n');
    }
    for (IrBlockId id = 1; id < function->blocks.count; id++) put_block(out, function, id);
    buf_text(out, "}\n");
}

static void put_site_row(Buf *out, u32 number, const IrSite *site) {
    put_number(out, "site ", number);
    put_number(out, " = ", site->function);
    put_number(out, ":", site->block);
    if (site->instruction == NO_INDEX) buf_text(out, ":head");
    else put_number(out, ":", site->instruction);
    if (site->offset != NO_OFFSET) put_number(out, " offset ", site->offset);
    put_number(out, " number ", site->source);
    if (site->inlined_at) put_number(out, " inlined ", site->inlined_at);
    buf_byte(out, '\n');
}

static void put_string_row(Buf *out, const char *before, u32 number, Str text) {
    put_number(out, before, number);
    buf_text(out, " = ");
    put_string(out, text);
    buf_byte(out, '\n');
}

void ir_print(Buf *out, const IrModule *module) {
    size_t start = out->len;
    if (module->entry) {
        put_number(out, "entry ", module->entry);
        buf_text(out, " ->");
        put_type(out, (u8)module->entry_type);
        buf_byte(out, '\n');
    }
    for (u32 i = 0; i < module->data.count; i++) put_string_row(out, "data ", i, module->data.items[i]);
    for (u32 i = 0; i < module->source_names.count; i++)
        put_string_row(out, "source ", i, module->source_names.items[i]);
    for (u32 i = 1; i < module->sites.count; i++) put_site_row(out, i, &module->sites.items[i]);
    for (u32 i = 1; i < module->functions.count; i++) {
        if (out->len > start) buf_byte(out, '\n');
        ir_print_function(out, module, i);
    }
}
