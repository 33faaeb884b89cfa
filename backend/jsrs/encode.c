// Model to bytes (spec 1-5), the mirror of decode.c and decode_body.c: a decoded file gives back exactly its bytes.
#include "jsrs/jsrs.h"
#include "jsrs/opcodes.h"

enum { MAGIC = 0x52534A53 };

typedef struct Encoder {
    const JsrsModule *module;
    Buf *out;
    size_t start;          // of the file in `out`
    const JsrsFunction *f; // being written
} Encoder;

static void put_u32(Encoder *e, u32 value) { buf_bytes(e->out, &value, sizeof value); }
static void put_u64(Encoder *e, u64 value) { buf_bytes(e->out, &value, sizeof value); }

// A value id as in the file.
static void put_value(Encoder *e, u32 value) {
    put_u32(e, e->module->resolved ? e->module->values.items[e->f->values + value].id : value);
}

static void put_ids(Encoder *e, u32 first, u32 count) {
    put_u32(e, count);
    for (u32 i = 0; i < count; i++) put_value(e, e->module->lists.items[first + i]);
}

// Recursion is bounded by the depth that the decoder allows.
static void put_type(Encoder *e, u32 number) {
    const JsrsType *type = &e->module->types.items[number];
    buf_byte(e->out, type->tag);
    switch ((JsrsTag)type->tag) {
    case TAG_INT:
    case TAG_FLOAT: buf_byte(e->out, type->width); break;
    case TAG_BOOL:
    case TAG_PTR:
    case TAG_UNIT: break;
    case TAG_STRUCT:
    case TAG_ENUM: put_u32(e, type->name); break;
    case TAG_ARRAY:
        put_u32(e, type->count);
        put_type(e, type->element);
        break;
    case TAG_FN:
        put_u32(e, type->count);
        for (u32 i = 0; i < type->count; i++) put_type(e, e->module->lists.items[type->list + i]);
        put_type(e, type->element);
        break;
    }
}

static void put_fields(Encoder *e, u32 first, u32 count) {
    put_u32(e, count);
    for (u32 i = 0; i < count; i++) put_type(e, e->module->lists.items[first + i]);
}

static void put_texts(Encoder *e, const Str *texts, u32 count) {
    put_u32(e, count);
    for (u32 i = 0; i < count; i++) {
        put_u32(e, texts[i].len);
        buf_str(e->out, texts[i]);
    }
}

static void put_enum(Encoder *e, const JsrsEnum *definition) {
    put_u32(e, definition->key);
    if (e->module->version >= 3) put_u32(e, definition->display);
    put_u32(e, definition->variant_count);
    for (u32 i = 0; i < definition->variant_count; i++) {
        const JsrsVariant *variant = &e->module->variants.items[definition->variants + i];
        put_fields(e, variant->fields, variant->field_count);
    }
}

static void put_types(Encoder *e) {
    const JsrsModule *module = e->module;
    put_u32(e, module->structs.count);
    for (u32 i = 0; i < module->structs.count; i++) {
        put_u32(e, module->structs.items[i].name);
        put_fields(e, module->structs.items[i].fields, module->structs.items[i].field_count);
    }
    put_u32(e, module->enums.count);
    for (u32 i = 0; i < module->enums.count; i++) put_enum(e, &module->enums.items[i]);
}

static void put_globals(Encoder *e) {
    put_u32(e, e->module->globals.count);
    for (u32 i = 0; i < e->module->globals.count; i++) {
        const JsrsGlobal *global = &e->module->globals.items[i];
        put_u32(e, global->name);
        put_type(e, global->type);
        buf_byte(e->out, global->has_init);
        if (!global->has_init) continue;
        if (global->type == TYPE_BOOL) {
            buf_byte(e->out, (u8)global->init);
        } else {
            put_u64(e, global->init);
        }
    }
}

static void put_payload(Encoder *e, const JsrsInst *inst) {
    bool v3 = e->module->version >= 3;
    JsrsShape shape = jsrs_ops[inst->op].shape;
    u32 operands = shape == SHAPE_VARIANT ? 0
                                          : jsrs_operand_count(inst); // a variant's number stands before its operand
    if (operands >= 1) put_value(e, inst->a);
    if (operands >= 2) put_value(e, inst->b);
    if (operands >= 3) put_value(e, inst->c);
    switch (shape) {
    case SHAPE_NONE:
    case SHAPE_A:
    case SHAPE_AB:
    case SHAPE_ABC: break;
    case SHAPE_INT:
    case SHAPE_FLOAT: put_u64(e, inst->immediate); break;
    case SHAPE_BOOL: buf_byte(e->out, (u8)inst->immediate); break;
    case SHAPE_COMPARE: buf_byte(e->out, inst->compare); break;
    case SHAPE_CAST:
    case SHAPE_STORE: put_type(e, inst->type2); break;
    case SHAPE_ALLOCA:
        put_u32(e, inst->number);
        if (v3) put_type(e, inst->type2);
        break;
    case SHAPE_CALL:
        put_u32(e, inst->number);
        put_ids(e, inst->list, inst->list_count);
        break;
    case SHAPE_A_LIST:
    case SHAPE_LIST: put_ids(e, inst->list, inst->list_count); break;
    case SHAPE_FIELD:
    case SHAPE_LITERAL: put_u32(e, inst->number); break;
    case SHAPE_VARIANT:
        put_u32(e, inst->number);
        buf_byte(e->out, inst->has_data);
        if (inst->has_data) put_value(e, inst->a);
        break;
    case SHAPE_DATA:
        put_u32(e, inst->number);
        put_u32(e, inst->index);
        if (v3) put_type(e, inst->type2);
        break;
    }
}

static void put_inst(Encoder *e, const JsrsInst *inst) {
    buf_byte(e->out, inst->op);
    if (jsrs_ops[inst->op].has_result) put_value(e, inst->result);
    put_type(e, inst->type);
    put_payload(e, inst);
}

static void put_edge(Encoder *e, const JsrsEdge *edge) {
    u32 target = edge->target;
    put_u32(e, e->module->resolved ? e->module->blocks.items[e->f->blocks + target].id : target);
    put_ids(e, edge->args, edge->arg_count);
}

static void put_terminator(Encoder *e, const JsrsTerm *term) {
    buf_byte(e->out, term->kind);
    switch (term->kind) {
    case JSRS_RET:
        buf_byte(e->out, term->has_value);
        if (term->has_value) put_value(e, term->value);
        break;
    case JSRS_BR: put_edge(e, &term->then); break;
    case JSRS_BR_IF:
        put_value(e, term->value);
        put_edge(e, &term->then);
        put_edge(e, &term->other);
        break;
    case JSRS_SWITCH:
        put_value(e, term->value);
        put_u32(e, term->case_count);
        for (u32 i = 0; i < term->case_count; i++) {
            const JsrsCase *item = &e->module->cases.items[term->cases + i];
            put_u64(e, item->value);
            put_edge(e, &item->edge);
        }
        put_edge(e, &term->other);
        break;
    }
}

// Parameters define values; locals carry ids of their own.
static void put_params(Encoder *e, u32 first, u32 count, bool values) {
    put_u32(e, count);
    for (u32 i = 0; i < count; i++) {
        const JsrsParam *param = &e->module->params.items[first + i];
        put_type(e, param->type);
        if (values) {
            put_value(e, param->value);
        } else {
            put_u32(e, param->value);
        }
    }
}

static void put_block(Encoder *e, const JsrsBlock *block) {
    put_u32(e, block->id);
    put_params(e, block->params, block->param_count, true);
    put_u32(e, block->inst_count);
    for (u32 i = 0; i < block->inst_count; i++) put_inst(e, &e->module->insts.items[block->insts + i]);
    put_terminator(e, &block->term);
}

static void put_functions(Encoder *e) {
    put_u32(e, e->module->functions.count);
    for (u32 i = 0; i < e->module->functions.count; i++) {
        const JsrsFunction *f = e->f = &e->module->functions.items[i];
        put_u32(e, f->name);
        put_params(e, f->params, f->param_count, true);
        put_type(e, f->result);
        put_params(e, f->locals, f->local_count, false);
        put_u32(e, f->block_count);
        for (u32 b = 0; b < f->block_count; b++) put_block(e, &e->module->blocks.items[f->blocks + b]);
    }
}

// Writes where the next section starts into the header, whose next free place is *slot.
static void begin_section(Encoder *e, size_t *slot) {
    u32 offset = (u32)(e->out->len - e->start);
    if (!e->out->failed && !e->out->overflow) mem_copy(e->out->data + *slot, &offset, sizeof offset);
    *slot += sizeof offset;
}

// The spec allows bytes between header and first section and says nothing about them: they are kept.
static void put_header(Encoder *e) {
    const JsrsModule *module = e->module;
    put_u32(e, MAGIC);
    put_u32(e, module->version);
    put_u32(e, 0); // flags
    for (u32 at = 12; at < module->header_size; at += 4) put_u32(e, 0);
    u32 gap = module->strings_at.offset - module->header_size;
    buf_bytes(e->out, module->file.data + module->header_size, gap);
}

bool jsrs_encode(const JsrsModule *module, Buf *out, Error *error) {
    Encoder e = {.module = module, .out = out, .start = out->len};
    size_t slot = e.start + 12;
    put_header(&e);
    begin_section(&e, &slot);
    put_texts(&e, module->strings.items, module->strings.count);
    begin_section(&e, &slot);
    put_types(&e);
    if (module->version >= 2) {
        begin_section(&e, &slot);
        put_texts(&e, module->literals.items, module->literals.count);
    }
    begin_section(&e, &slot);
    put_globals(&e);
    begin_section(&e, &slot);
    put_functions(&e);
    if (out->failed) return error_out_of_memory(error);
    if (out->overflow)
        return error_set(error, ERR_INTERNAL, NOWHERE, "the file is larger than the limit of %U bytes",
                         (u64)out->limit);
    return true;
}
