// Instructions as text. The binary format's indices are written as names where the name section has one.
#include "wasm/text.h"

#include "wasm/types.h"

// ---- indices ----

void text_put_index(Buf *out, const WasmModule *m, Space space, u32 index) {
    Str name = wasm_name_of(m, space, index);
    if (name.len) {
        text_put_id(out, name);
    } else {
        buf_u64(out, index);
    }
}

// The same behind a blank.
static void put_index(Buf *out, const WasmModule *m, Space space, u32 index) {
    buf_byte(out, ' ');
    text_put_index(out, m, space, index);
}

static void put_local(Buf *out, const TextScope *scope, u32 index) {
    Str name = index < scope->local_count ? scope->locals[index] : (Str){0};
    buf_byte(out, ' ');
    if (name.len) text_put_id(out, name);
    else buf_u64(out, index);
}

void text_put_block_label(Buf *out, const TextScope *scope, u32 block) {
    Str name = block < scope->label_count ? scope->labels[block] : (Str){0};
    if (name.len) text_put_id(out, name);
    else buf_format(out, "$l%u", block);
}

// A label that counts blocks outwards. The function itself has no name in the text format.
static void put_label(Buf *out, const TextScope *scope, u32 label) {
    buf_byte(out, ' ');
    if (label + 1 >= scope->depth) buf_format(out, "%u (;function;)", label);
    else text_put_block_label(out, scope, scope->open[scope->depth - 1 - label]);
}

// ---- immediates ----

static void put_v128(Buf *out, const u8 *bytes) {
    buf_text(out, " i32x4");
    for (u32 i = 0; i < 4; i++) {
        u32 lane;
        mem_copy(&lane, bytes + 4 * i, 4);
        buf_text(out, " 0x");
        for (u32 digit = 7; digit > 0 && lane >> 4 * digit == 0; digit--) buf_byte(out, '0');
        buf_hex(out, lane);
    }
}

static void put_block_type(Buf *out, const WasmModule *m, const Instruction *at) {
    if (at->block == BLOCK_RESULT) {
        buf_text(out, " (result ");
        type_put(out, at->type[0]);
        buf_byte(out, ')');
    } else if (at->block == BLOCK_TYPE) {
        buf_text(out, " (type");
        put_index(out, m, SPACE_TYPES, at->index[0]);
        buf_byte(out, ')');
    }
}

// The list of an instruction that was read, to be read again.
static Code list_of(const Code *code, const Instruction *at) {
    Code list = *code;
    list.in.next = at->bytes;
    return list;
}

static void put_labels(Buf *out, const Code *code, const Instruction *at, const TextScope *scope) {
    Code list = list_of(code, at);
    for (u32 i = 0; i < at->count && !out->overflow && !out->failed; i++) put_label(out, scope, input_u32(&list.in));
    put_label(out, scope, at->index[0]);
}

static void put_catches(Buf *out, const Code *code, const Instruction *at, const TextScope *scope) {
    Code list = list_of(code, at);
    put_block_type(out, code->module, at);
    for (u32 i = 0; i < at->count && !out->overflow && !out->failed; i++) {
        Catch item = instruction_catch(&list);
        buf_format(out, " (catch%s%s", item.is_all ? "_all" : "", item.with_reference ? "_ref" : "");
        if (!item.is_all) put_index(out, code->module, SPACE_TAGS, item.tag);
        put_label(out, scope, item.label);
        buf_byte(out, ')');
    }
}

static void put_address(Buf *out, const WasmModule *m, const Instruction *at) {
    if (at->memory) put_index(out, m, SPACE_MEMORIES, at->memory);
    if (at->value) buf_format(out, " offset=%U", at->value);
    if (at->align != op_info[at->op].detail) buf_format(out, " align=%u", 1u << at->align);
}

// Fields are named per type: one pass over the subsection for each that is printed would be quadratic, so they stay
// numbers.
static void put_space_index(Buf *out, const Code *code, u32 space, u32 index, const TextScope *scope) {
    switch (space) {
    case SPACE_NOTHING: break;
    case SPACE_LOCALS: put_local(out, scope, index); break;
    case SPACE_LABELS: put_label(out, scope, index); break;
    case SPACE_FIELDS:
    case SPACE_NUMBERS: buf_format(out, " %u", index); break;
    case SPACE_FUNCTION_TYPES:
    case SPACE_STRUCT_TYPES:
    case SPACE_ARRAY_TYPES: put_index(out, code->module, SPACE_TYPES, index); break;
    case SPACE_FUNCTIONS:
        put_index(out, code->module, SPACE_FUNCTIONS, index);
        // Compilers give several functions one name; the number also tells a reader where to look.
        if (wasm_name_of(code->module, SPACE_FUNCTIONS, index).len) buf_format(out, " (;%u;)", index);
        break;
    default: put_index(out, code->module, (Space)space, index);
    }
}

static void put_immediates(Buf *out, const Code *code, const Instruction *at, const TextScope *scope) {
    const WasmModule *m = code->module;
    const OpInfo *info = &op_info[at->op];
    switch ((Immediates)info->immediates) {
    case IMMEDIATES_BLOCK: put_block_type(out, m, at); break;
    case IMMEDIATES_TRY_TABLE: put_catches(out, code, at, scope); break;
    case IMMEDIATES_LABELS: put_labels(out, code, at, scope); break;
    case IMMEDIATES_SELECT:
        buf_text(out, " (result ");
        type_put(out, at->type[0]);
        buf_byte(out, ')');
        break;
    case IMMEDIATES_ADDRESS:
    case IMMEDIATES_ATOMIC: put_address(out, m, at); break;
    case IMMEDIATES_ADDRESS_LANE:
        put_address(out, m, at);
        buf_format(out, " %u", at->lane);
        break;
    case IMMEDIATES_LANE: buf_format(out, " %u", at->lane); break;
    case IMMEDIATES_SHUFFLE:
        for (u32 i = 0; i < 16; i++) buf_format(out, " %u", (u32)at->bytes[i]);
        break;
    case IMMEDIATES_V128: put_v128(out, at->bytes); break;
    case IMMEDIATES_I32: buf_format(out, " %d", (i32)at->value); break;
    case IMMEDIATES_I64: buf_format(out, " %I", (i64)at->value); break;
    case IMMEDIATES_F32:
        buf_byte(out, ' ');
        text_put_f32(out, (u32)at->value);
        break;
    case IMMEDIATES_F64:
        buf_byte(out, ' ');
        text_put_f64(out, at->value);
        break;
    case IMMEDIATES_HEAP_TYPE:
        buf_byte(out, ' ');
        type_put_heap(out, at->type[0]);
        break;
    case IMMEDIATES_CAST:
        buf_byte(out, ' ');
        type_put(out, at->type[0]);
        break;
    case IMMEDIATES_BRANCH_CAST:
        put_label(out, scope, at->index[0]);
        for (u32 i = 0; i < 2; i++) buf_byte(out, ' '), type_put(out, at->type[i]);
        break;
    // What is used comes first in the text, what is written to or called through first of all; 0 is left out.
    case IMMEDIATES_CALL_INDIRECT:
        if (at->index[1]) put_index(out, m, SPACE_TABLES, at->index[1]);
        buf_text(out, " (type");
        put_index(out, m, SPACE_TYPES, at->index[0]);
        buf_byte(out, ')');
        break;
    case IMMEDIATES_TABLE_INIT:
        put_index(out, m, SPACE_TABLES, at->index[1]);
        put_index(out, m, SPACE_ELEMENTS, at->index[0]);
        break;
    case IMMEDIATES_MEMORY_INIT:
        if (at->index[1]) put_index(out, m, SPACE_MEMORIES, at->index[1]);
        put_index(out, m, SPACE_DATA, at->index[0]);
        break;
    case IMMEDIATES_MEMORY:
        if (at->index[0]) put_index(out, m, SPACE_MEMORIES, at->index[0]);
        break;
    case IMMEDIATES_MEMORY_COPY:
        if (!at->index[0] && !at->index[1]) break;
        put_index(out, m, SPACE_MEMORIES, at->index[0]);
        put_index(out, m, SPACE_MEMORIES, at->index[1]);
        break;
    default: {
        const u8 *spaces = immediates_spaces[info->immediates];
        for (u32 i = 0; i < 2; i++) put_space_index(out, code, spaces[i], at->index[i], scope);
    }
    }
}

void text_put_instruction(Buf *out, const Code *code, const Instruction *at, const TextScope *scope, u32 block) {
    buf_text(out, op_info[at->op].text);
    if (block != NO_INDEX) {
        buf_byte(out, ' ');
        text_put_block_label(out, scope, block);
    }
    put_immediates(out, code, at, scope);
}

void text_put_expression(Buf *out, const WasmModule *m, WasmExpression expression, size_t most) {
    static const TextScope no_scope = {0};
    Error ignored;
    error_clear(&ignored);
    WasmModule copy = *m; // reading notes features, which are known by now
    Code code = {.module = &copy};
    const u8 *start = m->file.data;
    code.in = (Input){.start = start, .next = start + expression.offset, .error = &ignored, .function = NO_INDEX};
    code.in.end = code.in.next + expression.size;
    for (bool first = true; code.in.next < code.in.end && !code.in.failed && !out->failed; first = false) {
        if (!first) buf_byte(out, ' ');
        if (out->len >= most) {
            buf_text(out, "...");
            return;
        }
        Instruction at;
        instruction_read(&code, &at);
        if (!code.in.failed) text_put_instruction(out, &code, &at, &no_scope, NO_INDEX);
    }
}
