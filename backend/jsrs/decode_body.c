// Bytes to blocks, instructions and terminators (spec 3-5). What an instruction's payload holds is its row in
// opcodes.def.
#include "jsrs/decoder.h"
#include "jsrs/opcodes.h"

enum {
    // Smallest encodings of list items (section 1).
    SMALLEST_BLOCK = 13,
    SMALLEST_INSTRUCTION = 5,
    SMALLEST_ID = 4,
    SMALLEST_CASE = 16,
    // Bytes of an instruction in the files that compilers write: 13 to 17 on average.
    USUAL_INSTRUCTION = 13
};

// list(id): the first of `count` in JsrsModule.lists.
static u32 read_ids(Decoder *d, u32 *count) {
    u32 start = d->module->lists.count;
    *count = decode_count(d, SMALLEST_ID, "value ids");
    for (u32 i = 0; i < *count && !d->in.failed; i++) decode_push(d, &d->module->lists, reader_u32(&d->in));
    return start;
}

static u32 read_literal_number(Decoder *d) {
    u32 at = reader_offset(&d->in);
    u32 number = reader_u32(&d->in);
    if (number >= d->module->literals.count) {
        decode_fail_at(d, at, "literal number %u is not below the literal count %u", number, d->module->literals.count);
    }
    return number;
}

static u8 read_compare(Decoder *d, u32 op) {
    u32 at = reader_offset(&d->in);
    u8 compare = reader_u8(&d->in);
    if (compare > jsrs_compare_most(op)) decode_fail_at(d, at, "compare operation %u does not exist", (u32)compare);
    return compare;
}

static void read_operands(Decoder *d, JsrsInst *inst) {
    u32 operands = jsrs_ops[inst->op].operands;
    if (operands >= 1) inst->a = reader_u32(&d->in);
    if (operands >= 2) inst->b = reader_u32(&d->in);
    if (operands >= 3) inst->c = reader_u32(&d->in);
}

static void read_variant(Decoder *d, JsrsInst *inst) {
    inst->number = reader_u32(&d->in);
    inst->has_data = decode_bool(d, "an enum_create's presence byte");
    if (inst->has_data) inst->a = reader_u32(&d->in);
}

static void read_payload(Decoder *d, JsrsInst *inst) {
    bool v3 = d->module->version >= 3;
    JsrsShape shape = jsrs_ops[inst->op].shape;
    if (shape != SHAPE_VARIANT) read_operands(d, inst);
    switch (shape) {
    case SHAPE_NONE:
    case SHAPE_A:
    case SHAPE_AB:
    case SHAPE_ABC: break;
    case SHAPE_INT:
    case SHAPE_FLOAT: inst->immediate = reader_u64(&d->in); break;
    case SHAPE_BOOL: inst->immediate = decode_bool(d, "a boolean constant"); break;
    case SHAPE_COMPARE: inst->compare = read_compare(d, inst->op); break;
    case SHAPE_CAST:
    case SHAPE_STORE: inst->type2 = decode_type(d); break;
    case SHAPE_ALLOCA:
        inst->number = reader_u32(&d->in);
        if (v3) inst->type2 = decode_type(d);
        break;
    case SHAPE_CALL:
        inst->number = reader_u32(&d->in);
        inst->list = read_ids(d, &inst->list_count);
        break;
    case SHAPE_A_LIST:
    case SHAPE_LIST: inst->list = read_ids(d, &inst->list_count); break;
    case SHAPE_FIELD: inst->number = reader_u32(&d->in); break;
    case SHAPE_LITERAL: inst->number = read_literal_number(d); break;
    case SHAPE_VARIANT: read_variant(d, inst); break;
    case SHAPE_DATA:
        inst->number = reader_u32(&d->in);
        inst->index = reader_u32(&d->in);
        if (v3) inst->type2 = decode_type(d);
        break;
    }
}

static void read_instruction(Decoder *d) {
    JsrsInst inst = {.offset = reader_offset(&d->in)};
    inst.op = reader_u8(&d->in);
    if (inst.op >= JSRS_OP_COUNT || jsrs_ops[inst.op].first_version > d->module->version) {
        decode_fail_at(d, inst.offset, "opcode %u does not exist in version %u", (u32)inst.op, d->module->version);
        return;
    }
    inst.a = inst.b = inst.c = inst.type2 = NO_INDEX;
    inst.result = jsrs_ops[inst.op].has_result ? reader_u32(&d->in) : NO_INDEX;
    inst.type = decode_type(d);
    read_payload(d, &inst);
    decode_push(d, &d->module->insts, inst);
    if (inst.op != JSRS_CALL && inst.op != JSRS_CALL_DYN && inst.op != JSRS_STRUCT_CREATE) return;
    d->module->has_call_dyn |= inst.op == JSRS_CALL_DYN;
    decode_push(d, &d->module->landmarks, d->module->insts.count - 1);
}

static JsrsEdge read_edge(Decoder *d) {
    JsrsEdge edge = {.target = reader_u32(&d->in)};
    edge.args = read_ids(d, &edge.arg_count);
    return edge;
}

static void read_cases(Decoder *d, JsrsTerm *term) {
    term->case_count = decode_count(d, SMALLEST_CASE, "switch cases");
    term->cases = d->module->cases.count;
    for (u32 i = 0; i < term->case_count && !d->in.failed; i++) {
        JsrsCase item = {.value = reader_u64(&d->in)};
        item.edge = read_edge(d);
        decode_push(d, &d->module->cases, item);
    }
}

static JsrsTerm read_terminator(Decoder *d) {
    JsrsTerm term = {.offset = reader_offset(&d->in)};
    term.kind = reader_u8(&d->in);
    if (term.kind > JSRS_UNREACHABLE) {
        decode_fail_at(d, term.offset, "terminator tag %u does not exist", (u32)term.kind);
        term.kind = JSRS_UNREACHABLE;
    }
    term.has_value = term.kind == JSRS_BR_IF || term.kind == JSRS_SWITCH ||
                     (term.kind == JSRS_RET && decode_bool(d, "a ret's presence byte"));
    if (term.has_value) term.value = reader_u32(&d->in);
    if (term.kind == JSRS_SWITCH) read_cases(d, &term);
    if (term.kind == JSRS_BR || term.kind == JSRS_BR_IF) term.then = read_edge(d);
    if (term.kind == JSRS_BR_IF || term.kind == JSRS_SWITCH) term.other = read_edge(d);
    return term;
}

static void read_block(Decoder *d) {
    JsrsModule *module = d->module;
    JsrsBlock block = {.offset = reader_offset(&d->in)};
    block.id = reader_u32(&d->in);
    d->where.block = d->in.failed ? NO_INDEX : block.id;
    d->where.instruction = NO_INDEX;
    block.params = decode_params(d, "block parameters", &block.param_count);
    block.inst_count = decode_count(d, SMALLEST_INSTRUCTION, "instructions");
    block.insts = module->insts.count;
    block.landmarks = module->landmarks.count;
    for (u32 i = 0; i < block.inst_count && !d->in.failed; i++) {
        d->where.instruction = i;
        read_instruction(d);
    }
    if (d->in.failed) return;
    block.landmark_count = module->landmarks.count - block.landmarks;
    d->where.instruction = block.inst_count;
    block.term = read_terminator(d);
    block.site = module->site_count;
    module->site_count += block.inst_count + 2;
    decode_push(d, &module->blocks, block);
}

// The list of instructions is the bulk of a module: one guess for the whole section saves moving it as it grows.
static void reserve_instructions(Decoder *d) {
    u32 guess = (u32)reader_left(&d->in) / USUAL_INSTRUCTION + 1;
    if (!vec_reserve(d->arena, &d->module->insts, guess)) decode_out_of_memory(d);
}

u32 decode_blocks(Decoder *d, u32 *count) {
    u32 start = d->module->blocks.count;
    *count = decode_count(d, SMALLEST_BLOCK, "blocks");
    if (d->module->insts.capacity == 0) reserve_instructions(d);
    for (u32 i = 0; i < *count && !d->in.failed; i++) read_block(d);
    return start;
}
