// Opcode and immediates.
#include "wasm/instruction.h"

#include "wasm/types.h"

enum { MEMORY_BIT = 0x40 }; // of an address's alignment: a memory's index follows

static const struct {
    u8 space, form;
} type_spaces[] = {
    {SPACE_FUNCTION_TYPES, FORM_FUNCTION},
    {SPACE_STRUCT_TYPES, FORM_STRUCT},
    {SPACE_ARRAY_TYPES, FORM_ARRAY},
};

static u64 space_size(const Code *code, u32 space) {
    switch (space) {
    case SPACE_LOCALS: return code->locals;
    case SPACE_LABELS: return code->depth;
    case SPACE_NUMBERS: return (u64)1 << 32;
    default: return wasm_space_count(code->module, (Space)space);
    }
}

static void missing(Code *code, u32 at, u32 space, u32 index, u64 count) {
    if (space == SPACE_DATA && code->module->data_count == NO_INDEX) {
        input_fail(&code->in, at, "code that names a data segment needs a data count section");
        return;
    }
    const char *what = space_text[space];
    if (count == 0) input_fail(&code->in, at, "%s %u does not exist: there is none", what, index);
    else if (count == 1) input_fail(&code->in, at, "%s %u does not exist: there is only 0", what, index);
    else input_fail(&code->in, at, "%s %u does not exist: there are %U", what, index, count);
}

u32 instruction_index(Code *code, Space space) {
    u32 at = input_offset(&code->in), index = input_u32(&code->in);
    u64 count = space_size(code, space);
    if (likely(index < count)) {
        if (space < SPACE_FUNCTION_TYPES || space > SPACE_ARRAY_TYPES) return index;
        if (likely(code->module->types.items[index].form == type_spaces[space - SPACE_FUNCTION_TYPES].form))
            return index;
        input_fail(&code->in, at, "type %u is no %s", index, space_text[space]);
    } else {
        missing(code, at, space, index, count);
    }
    return 0;
}

static u32 read_field(Code *code, u32 type) {
    u32 at = input_offset(&code->in), field = input_u32(&code->in);
    if (code->in.failed) return 0;
    u32 count = code->module->types.items[type].parameters;
    if (field >= count) missing(code, at, SPACE_FIELDS, field, count);
    return field;
}

static void read_block_type(Code *code, Instruction *out) {
    Input *in = &code->in;
    out->block = BLOCK_EMPTY;
    u8 first = in->next < in->end ? *in->next : 0;
    if (first == 0x40) {
        in->next++;
    } else if ((first & 0xc0) == 0x40) { // a negative number of one byte: a value type
        out->block = BLOCK_RESULT;
        out->type[0] = type_read(in, code->module);
    } else {
        u32 at = input_offset(in);
        i64 index = input_i33(in);
        if (in->failed || index == -64) return; // 0x40 in more than a byte
        if (index < 0 || index >= code->module->types.count) {
            input_fail(in, at, "block type %I does not exist: there are %u types", index, code->module->types.count);
            return;
        }
        out->block = BLOCK_TYPE;
        out->index[0] = (u32)index;
        const WasmType *type = &code->module->types.items[index];
        if (type->form != FORM_FUNCTION) input_fail(in, at, "type %u is no function type", (u32)index);
        if (type->parameters > 0 || type->results > 1) wasm_uses(code->module, FEATURE_MULTI_VALUE);
    }
}

static void read_address(Code *code, Instruction *out, const OpInfo *info) {
    Input *in = &code->in;
    u32 at = input_offset(in), align = input_u32(in);
    out->memory = 0;
    if (align & MEMORY_BIT) {
        align &= ~(u32)MEMORY_BIT;
        out->memory = input_u32(in);
    }
    out->align = align;
    if (in->failed) return;
    if (align > info->detail) {
        input_fail(in, at, "alignment 2^%u is larger than the natural one of %s, 2^%u", align, info->text,
                   (u32)info->detail);
    } else if (info->immediates == IMMEDIATES_ATOMIC && align != info->detail) {
        input_fail(in, at, "%s must have its natural alignment, 2^%u", info->text, (u32)info->detail);
    }
    if (out->memory >= code->module->memories.count) {
        missing(code, at, SPACE_MEMORIES, out->memory, code->module->memories.count);
        return;
    }
    u32 offset_at = input_offset(in);
    out->value = input_u64(in);
    if (out->value > UINT32_MAX && !code->module->memories.items[out->memory].is64)
        input_fail(in, offset_at, "offset %U lies outside of a memory with addresses of 32 bits", out->value);
}

static void check_lane(Code *code, u32 at, u32 lane, u32 lanes) {
    if (lane >= lanes) input_fail(&code->in, at, "lane %u does not exist: there are %u", lane, lanes);
}

static u32 read_lane(Code *code, u32 lanes) {
    u32 at = input_offset(&code->in), lane = input_u8(&code->in);
    check_lane(code, at, lane, lanes);
    return lane;
}

static void read_labels(Code *code, Instruction *out) {
    out->count = input_count(&code->in, "labels");
    out->bytes = code->in.next;
    for (u32 i = 0; i < out->count && !code->in.failed; i++) (void)instruction_index(code, SPACE_LABELS);
    out->index[0] = instruction_index(code, SPACE_LABELS);
}

Catch instruction_catch(Code *code) {
    u32 at = input_offset(&code->in);
    u8 kind = input_u8(&code->in);
    if (kind > 3) input_fail(&code->in, at, "unknown kind of catch: %u", (u32)kind);
    Catch result = {.is_all = kind >= 2, .with_reference = kind & 1};
    if (!result.is_all) result.tag = instruction_index(code, SPACE_TAGS);
    result.label = instruction_index(code, SPACE_LABELS);
    return result;
}

static void read_catches(Code *code, Instruction *out) {
    read_block_type(code, out);
    out->count = input_count(&code->in, "catches");
    out->bytes = code->in.next;
    for (u32 i = 0; i < out->count && !code->in.failed; i++) (void)instruction_catch(code);
}

static void read_select(Code *code, Instruction *out) {
    u32 at = input_offset(&code->in), count = input_u32(&code->in);
    if (count != 1) input_fail(&code->in, at, "select yields one value, not %u", count);
    out->type[0] = type_read(&code->in, code->module);
}

static void read_branch_cast(Code *code, Instruction *out) {
    u32 at = input_offset(&code->in);
    u8 flags = input_u8(&code->in);
    if (flags > 3) input_fail(&code->in, at, "unknown flags of a cast: %u", (u32)flags);
    out->index[0] = instruction_index(code, SPACE_LABELS);
    for (u32 i = 0; i < 2; i++) {
        out->type[i] = type_read_heap(&code->in, code->module, flags >> i & 1 ? WASM_REF_NULL : WASM_REF);
    }
}

static u64 read_bits(Input *in, u32 size) {
    const u8 *bytes = input_take(in, size);
    u64 bits = 0;
    if (bytes) mem_copy(&bits, bytes, size);
    return bits;
}

static void read_immediates(Code *code, Instruction *out, const OpInfo *info) {
    Input *in = &code->in;
    u32 at = input_offset(in);
    switch ((Immediates)info->immediates) {
    case IMMEDIATES_BLOCK: read_block_type(code, out); break;
    case IMMEDIATES_TRY_TABLE: read_catches(code, out); break;
    case IMMEDIATES_LABELS: read_labels(code, out); break;
    case IMMEDIATES_SELECT: read_select(code, out); break;
    case IMMEDIATES_ADDRESS:
    case IMMEDIATES_ATOMIC: read_address(code, out, info); break;
    case IMMEDIATES_ADDRESS_LANE:
        read_address(code, out, info);
        out->lane = read_lane(code, 16u >> info->detail);
        break;
    case IMMEDIATES_FENCE:
        if (input_u8(in) != 0) input_fail(in, at, "atomic.fence is followed by a zero byte");
        break;
    case IMMEDIATES_LANE: out->lane = read_lane(code, info->detail); break;
    case IMMEDIATES_SHUFFLE:
        out->bytes = input_take(in, 16);
        for (u32 i = 0; out->bytes && i < 16; i++) check_lane(code, at + i, out->bytes[i], info->detail);
        break;
    case IMMEDIATES_V128: out->bytes = input_take(in, 16); break;
    case IMMEDIATES_I32: out->value = (u64)(i64)input_i32(in); break;
    case IMMEDIATES_I64: out->value = (u64)input_i64(in); break;
    case IMMEDIATES_F32: out->value = read_bits(in, 4); break;
    case IMMEDIATES_F64: out->value = read_bits(in, 8); break;
    case IMMEDIATES_HEAP_TYPE: out->type[0] = type_read_heap(in, code->module, WASM_REF_NULL); break;
    case IMMEDIATES_CAST:
        out->type[0] = type_read_heap(in, code->module, info->detail ? WASM_REF_NULL : WASM_REF);
        break;
    case IMMEDIATES_BRANCH_CAST: read_branch_cast(code, out); break;
    default: { // one or two indices, or nothing
        const u8 *spaces = immediates_spaces[info->immediates];
        if (spaces[0] == SPACE_NOTHING) break;
        out->index[0] = instruction_index(code, (Space)spaces[0]);
        if (spaces[1] == SPACE_FIELDS) out->index[1] = read_field(code, out->index[0]);
        else if (spaces[1] != SPACE_NOTHING) out->index[1] = instruction_index(code, (Space)spaces[1]);
    }
    }
}

static void unknown(Code *code, u32 at, u8 prefix, u32 number) {
    char hex[INPUT_HEX];
    if (prefix) input_fail(&code->in, at, "unknown instruction %s %u", input_hex(prefix, hex), number);
    else if (number >= 0xe0 && number <= 0xe6)
        input_fail(&code->in, at, "unknown instruction %s, of the proposal stack-switching",
                   input_hex((u8)number, hex));
    else input_fail(&code->in, at, "unknown instruction %s", input_hex((u8)number, hex));
}

void instruction_read(Code *code, Instruction *out) {
    Input *in = &code->in;
    out->offset = input_offset(in);
    if (in->next == in->end) {
        input_fail(in, out->offset, "the code ends before its last `end`");
        return;
    }
    u8 prefix = 0;
    u32 number = *in->next++;
    if (unlikely(op_is_prefix((u8)number))) prefix = (u8)number, number = input_u32(in);
    i32 op = op_find(prefix, number);
    if (unlikely(op < 0)) {
        unknown(code, out->offset, prefix, number);
        return;
    }
    out->op = (u32)op;
    const OpInfo *info = &op_info[op];
    if (unlikely(code->is_constant && info->use == USE_CODE)) {
        input_fail(in, out->offset, "%s may not stand in a constant expression", info->text);
        return;
    }
    if (info->immediates != IMMEDIATES_NONE) read_immediates(code, out, info);
}

WasmExpression instruction_constant(Code *code) {
    Instruction at = {0};
    u32 start = input_offset(&code->in), count = 0;
    code->is_constant = true;
    while (!code->in.failed) {
        instruction_read(code, &at);
        if (code->in.failed) break;
        if (at.op == OP_END) break;
        const OpInfo *info = &op_info[at.op];
        count++;
        if (info->use == USE_EXTENDED) wasm_uses(code->module, FEATURE_EXTENDED_CONST);
        wasm_uses(code->module, (Feature)info->feature);
    }
    code->is_constant = false;
    if (count == 0) input_fail(&code->in, start, "a constant expression is empty");
    return (WasmExpression){start, at.offset - start};
}
