// A module as text for people: types and globals, then each function; every head, instruction and terminator is one
// line. Works before and after validation. Nothing a file repeats for a few bytes (names, literals) is shown in full
// each time, so the text stays a small multiple of the file.
#include "jsrs/listing.h"

#include "jsrs/call_targets.h"
#include "jsrs/opcodes.h"
#include "jsrs/type_text.h"

enum { LITERAL_SHOWN = 60 }; // bytes of a string literal

typedef struct Listing {
    const JsrsModule *module;
    const JsrsFunction *f; // being written
    Buf *out;
    Buf *lines; // line of each source number; may be NULL
    u32 line;   // being written
} Listing;

static void put_literal(const JsrsModule *module, u32 number, Buf *out) {
    Str literal = module->literals.items[number], shown = jsrs_cut(literal, LITERAL_SHOWN);
    buf_json_string(out, shown);
    if (shown.len < literal.len) buf_text(out, "...");
}

static void put_type(Listing *l, u32 type) { jsrs_type_text(l->module, type, l->out); }

static u32 value_id(const Listing *l, u32 value) {
    return l->module->resolved ? l->module->values.items[l->f->values + value].id : value;
}

static void put_value(Listing *l, u32 value) { buf_format(l->out, "v%u", value_id(l, value)); }

static void put_values(Listing *l, u32 first, u32 count) {
    for (u32 i = 0; i < count && jsrs_next_item(l->out, i, count); i++) put_value(l, l->module->lists.items[first + i]);
}

static void put_params(Listing *l, u32 first, u32 count) {
    for (u32 i = 0; i < count && jsrs_next_item(l->out, i, count); i++) {
        const JsrsParam *param = &l->module->params.items[first + i];
        put_value(l, param->value);
        buf_text(l->out, ": ");
        put_type(l, param->type);
    }
}

static void put_constant(Listing *l, const JsrsInst *inst) {
    buf_byte(l->out, ' ');
    jsrs_constant_text(l->module, inst->type, inst->immediate, l->out);
}

static void put_callee(Listing *l, u32 number) {
    JsrsCallTarget target = jsrs_call_target(l->module, number);
    if (target.function != NO_INDEX) {
        jsrs_name_text(l->module, l->module->functions.items[target.function].name, l->out);
    } else if (target.builtin >= 0) {
        buf_str(l->out, jsrs_builtin_name((JsrsBuiltin)target.builtin));
    } else {
        buf_format(l->out, "#%u", number);
    }
}

static void put_args(Listing *l, const JsrsInst *inst) {
    buf_byte(l->out, '(');
    put_values(l, inst->list, inst->list_count);
    buf_byte(l->out, ')');
}

// " type", where the operation alone does not give it.
static void put_result_type(Listing *l, const JsrsInst *inst) {
    switch (inst->op) {
    case JSRS_NULL:
    case JSRS_ICMP:
    case JSRS_FCMP:
    case JSRS_ALLOCA:
    case JSRS_STORE:
    case JSRS_MEMCPY:
    case JSRS_GEP:
    case JSRS_PTRADD:
    case JSRS_SCONST: return;
    }
    buf_byte(l->out, ' ');
    put_type(l, inst->type);
}

static void put_operands(Listing *l, const JsrsInst *inst) {
    const u32 operands[] = {inst->a, inst->b, inst->c};
    u32 count = inst->op == JSRS_ENUM_CREATE ? 0 : jsrs_operand_count(inst);
    for (u32 i = 0; i < count; i++) {
        buf_text(l->out, i ? ", " : " ");
        put_value(l, operands[i]);
    }
}

// What follows the operands.
static void put_payload(Listing *l, const JsrsInst *inst) {
    switch ((JsrsShape)jsrs_ops[inst->op].shape) {
    case SHAPE_NONE:
    case SHAPE_A:
    case SHAPE_AB:
    case SHAPE_ABC:
    case SHAPE_COMPARE:
    case SHAPE_STORE: break;
    case SHAPE_INT:
    case SHAPE_FLOAT:
    case SHAPE_BOOL: put_constant(l, inst); break;
    case SHAPE_CAST:
        buf_text(l->out, " from ");
        put_type(l, inst->type2);
        break;
    case SHAPE_ALLOCA:
        if (inst->type2 == NO_INDEX) break; // v1 and v2 do not say
        buf_byte(l->out, ' ');
        put_type(l, inst->type2);
        break;
    case SHAPE_A_LIST:
        if (inst->op == JSRS_CALL_DYN) {
            put_args(l, inst);
            break;
        }
        buf_byte(l->out, '[');
        put_values(l, inst->list, inst->list_count);
        buf_byte(l->out, ']');
        break;
    case SHAPE_LIST:
        buf_text(l->out, " { ");
        put_values(l, inst->list, inst->list_count);
        buf_text(l->out, " }");
        break;
    case SHAPE_CALL:
        buf_byte(l->out, ' ');
        put_callee(l, inst->number);
        put_args(l, inst);
        break;
    case SHAPE_FIELD: buf_format(l->out, ".%u", inst->number); break;
    case SHAPE_LITERAL:
        buf_byte(l->out, ' ');
        put_literal(l->module, inst->number, l->out);
        break;
    case SHAPE_VARIANT:
        buf_format(l->out, ".%u", inst->number);
        if (inst->has_data) buf_format(l->out, "(v%u)", value_id(l, inst->a));
        break;
    case SHAPE_DATA: buf_format(l->out, ".%u.%u", inst->number, inst->index); break;
    }
}

static void put_inst(Listing *l, const JsrsInst *inst) {
    const JsrsOpInfo *info = &jsrs_ops[inst->op];
    if (info->has_result) buf_format(l->out, "v%u = ", value_id(l, inst->result));
    buf_text(l->out, info->text);
    if (info->shape == SHAPE_COMPARE) buf_format(l->out, ".%s", jsrs_compare_texts[inst->compare]);
    put_result_type(l, inst);
    if (info->shape == SHAPE_STORE) {
        buf_byte(l->out, ' ');
        put_type(l, inst->type2);
    }
    put_operands(l, inst);
    put_payload(l, inst);
}

static void put_edge(Listing *l, const JsrsEdge *edge) {
    u32 target = edge->target;
    buf_format(l->out, "block%u", l->module->resolved ? l->module->blocks.items[l->f->blocks + target].id : target);
    if (edge->arg_count == 0) return;
    buf_byte(l->out, '(');
    put_values(l, edge->args, edge->arg_count);
    buf_byte(l->out, ')');
}

static void put_switch(Listing *l, const JsrsTerm *term) {
    buf_format(l->out, "switch v%u { ", value_id(l, term->value));
    for (u32 i = 0; i < term->case_count && jsrs_next_item(l->out, i, term->case_count); i++) {
        const JsrsCase *item = &l->module->cases.items[term->cases + i];
        buf_format(l->out, "%I: ", (i64)item->value);
        put_edge(l, &item->edge);
    }
    buf_text(l->out, term->case_count ? ", else: " : "else: ");
    put_edge(l, &term->other);
    buf_text(l->out, " }");
}

static void put_terminator(Listing *l, const JsrsTerm *term) {
    switch (term->kind) {
    case JSRS_RET:
        buf_text(l->out, "ret");
        if (term->has_value) buf_format(l->out, " v%u", value_id(l, term->value));
        break;
    case JSRS_BR:
        buf_text(l->out, "br ");
        put_edge(l, &term->then);
        break;
    case JSRS_BR_IF:
        buf_format(l->out, "br_if v%u, ", value_id(l, term->value));
        put_edge(l, &term->then);
        buf_text(l->out, ", ");
        put_edge(l, &term->other);
        break;
    case JSRS_SWITCH: put_switch(l, term); break;
    case JSRS_UNREACHABLE: buf_text(l->out, "unreachable"); break;
    }
}

static void end_line(Listing *l) {
    buf_byte(l->out, '\n');
    l->line++;
}

// Ends a line that has a source number of its own.
static void end_source_line(Listing *l) {
    if (l->lines) buf_bytes(l->lines, &l->line, sizeof l->line);
    end_line(l);
}

static void put_block_head(Listing *l, const JsrsBlock *block) {
    buf_format(l->out, "block%u", block->id);
    if (block->param_count) {
        buf_byte(l->out, '(');
        put_params(l, block->params, block->param_count);
        buf_byte(l->out, ')');
    }
    buf_byte(l->out, ':');
}

// What a block's nth source number stands for: its head, its instructions, its terminator.
static void put_source(Listing *l, const JsrsBlock *block, u32 nth) {
    if (nth == 0) {
        put_block_head(l, block);
    } else if (nth <= block->inst_count) {
        put_inst(l, &l->module->insts.items[block->insts + nth - 1]);
    } else {
        put_terminator(l, &block->term);
    }
}

static void put_block(Listing *l, const JsrsBlock *block) {
    for (u32 i = 0; i <= block->inst_count + 1 && !l->out->overflow && !l->out->failed; i++) {
        if (i) buf_text(l->out, "  ");
        put_source(l, block, i);
        end_source_line(l);
    }
}

// Locals carry ids of their own and mean nothing (spec 3).
static void put_locals(Listing *l) {
    if (l->f->local_count == 0) return;
    buf_text(l->out, " // locals ");
    for (u32 i = 0; i < l->f->local_count && jsrs_next_item(l->out, i, l->f->local_count); i++) {
        const JsrsParam *local = &l->module->params.items[l->f->locals + i];
        buf_format(l->out, "%u: ", local->value);
        put_type(l, local->type);
    }
}

static void put_function(Listing *l, const JsrsFunction *f) {
    l->f = f;
    buf_text(l->out, "fn ");
    jsrs_name_text(l->module, f->name, l->out);
    buf_byte(l->out, '(');
    put_params(l, f->params, f->param_count);
    buf_byte(l->out, ')');
    if (f->result != TYPE_UNIT) {
        buf_text(l->out, " -> ");
        put_type(l, f->result);
    }
    buf_text(l->out, " {");
    put_locals(l);
    end_line(l);
    for (u32 b = 0; b < f->block_count && !l->out->overflow && !l->out->failed; b++) {
        if (b > 0) end_line(l);
        put_block(l, &l->module->blocks.items[f->blocks + b]);
    }
    buf_byte(l->out, '}');
    end_line(l);
    end_line(l);
}

static void put_struct(Listing *l, const JsrsStruct *definition) {
    buf_text(l->out, "struct ");
    jsrs_name_text(l->module, definition->name, l->out);
    buf_text(l->out, " { ");
    jsrs_types_text(l->module, definition->fields, definition->field_count, l->out);
    buf_text(l->out, " }");
    end_line(l);
}

static void put_enum(Listing *l, const JsrsEnum *definition) {
    buf_text(l->out, "enum ");
    jsrs_name_text(l->module, definition->display, l->out);
    buf_text(l->out, " { ");
    for (u32 i = 0; i < definition->variant_count && jsrs_next_item(l->out, i, definition->variant_count); i++) {
        const JsrsVariant *variant = &l->module->variants.items[definition->variants + i];
        buf_u64(l->out, i);
        if (variant->field_count == 0) continue;
        buf_byte(l->out, '(');
        jsrs_types_text(l->module, variant->fields, variant->field_count, l->out);
        buf_byte(l->out, ')');
    }
    buf_text(l->out, " }");
    end_line(l);
}

static void put_global(Listing *l, const JsrsGlobal *global) {
    buf_text(l->out, "global ");
    jsrs_name_text(l->module, global->name, l->out);
    buf_text(l->out, ": ");
    put_type(l, global->type);
    if (global->has_init) {
        buf_text(l->out, " = ");
        jsrs_constant_text(l->module, global->type, global->init, l->out);
    }
    end_line(l);
}

u32 jsrs_listing_head_lines(const JsrsModule *module) {
    u32 lines = module->structs.count + module->enums.count + module->globals.count;
    return lines ? lines + 1 : 0;
}

// Header, closing brace, a blank line after it and between blocks.
u32 jsrs_listing_function_lines(const JsrsModule *module, const JsrsFunction *f) {
    u32 lines = f->block_count ? 3 + f->block_count - 1 : 3;
    for (u32 b = 0; b < f->block_count; b++) lines += module->blocks.items[f->blocks + b].inst_count + 2;
    return lines;
}

void jsrs_listing(const JsrsModule *module, Buf *out, Buf *line_of_source) {
    Listing l = {.module = module, .out = out, .lines = line_of_source};
    for (u32 i = 0; i < module->structs.count; i++) put_struct(&l, &module->structs.items[i]);
    for (u32 i = 0; i < module->enums.count; i++) put_enum(&l, &module->enums.items[i]);
    for (u32 i = 0; i < module->globals.count; i++) put_global(&l, &module->globals.items[i]);
    if (l.line) end_line(&l);
    for (u32 i = 0; i < module->functions.count && !out->overflow && !out->failed; i++) {
        put_function(&l, &module->functions.items[i]);
    }
}

void jsrs_listing_line(const JsrsModule *module, u32 function, u32 source, Buf *out) {
    const JsrsFunction *f = &module->functions.items[function];
    Listing l = {.module = module, .f = f, .out = out};
    for (u32 b = 0; b < f->block_count; b++) {
        const JsrsBlock *block = &module->blocks.items[f->blocks + b];
        const u32 nth = source - block->site; // of a number before the block's, a large one
        if (nth <= block->inst_count + 1) put_source(&l, block, nth);
    }
}
