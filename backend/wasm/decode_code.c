// Segments and code. A body is followed for its nesting and its indices only; how deep it nests costs four bytes a level,
// and locals are counted, never listed.
#include "wasm/decode.h"

#include "wasm/types.h"

static bool going(const Decoder *d) { return !d->code.in.failed; }

// ---- segments ----

static const ValType FUNCREF = WASM_REF_NULL | HEAP_FUNC << 8 | TYPE_ABSTRACT;

static void read_element_type(Decoder *d, u32 flags, WasmElements *segment) {
    Input *in = &d->code.in;
    segment->type = FUNCREF;
    if (!(flags & 3)) return; // an active segment of the first table holds functions
    if (flags & 4) {
        segment->type = type_read_reference(in, d->m);
        return;
    }
    u32 at = input_offset(in), kind = input_u8(in);
    if (kind != 0) input_fail(in, at, "unknown kind of elements: %u", kind);
}

void decode_elements(Decoder *d, u32 count) {
    Input *in = &d->code.in;
    for (u32 i = 0; i < count && going(d); i++) {
        u32 at = input_offset(in), flags = input_u32(in);
        if (flags > 7) input_fail(in, at, "unknown flags of a segment: %u", flags);
        WasmElements segment = {.table = NO_INDEX};
        segment.mode = !(flags & 1) ? SEGMENT_ACTIVE : flags & 2 ? SEGMENT_DECLARED : SEGMENT_PASSIVE;
        if (segment.mode == SEGMENT_ACTIVE) {
            u32 table_at = input_offset(in);
            segment.table = flags & 2 ? instruction_index(&d->code, SPACE_TABLES) : 0;
            if (d->m->tables.count == 0) input_fail(in, table_at, "table 0 does not exist: there is none");
            segment.offset = instruction_constant(&d->code);
        }
        if (flags) wasm_uses(d->m, flags & 2 ? FEATURE_REFERENCE_TYPES : FEATURE_BULK_MEMORY);
        read_element_type(d, flags, &segment);
        segment.count = input_count(in, "elements");
        segment.expressions = flags & 4;
        segment.items = input_offset(in);
        for (u32 e = 0; e < segment.count && going(d); e++) {
            if (flags & 4) (void)instruction_constant(&d->code);
            else (void)instruction_index(&d->code, SPACE_FUNCTIONS);
        }
        decoder_push(d, &d->m->elements, segment);
    }
}

void decode_data(Decoder *d, u32 count) {
    Input *in = &d->code.in;
    for (u32 i = 0; i < count && going(d); i++) {
        u32 at = input_offset(in), flags = input_u32(in);
        if (flags > 2) input_fail(in, at, "unknown flags of a segment: %u", flags);
        WasmData segment = {.memory = NO_INDEX, .mode = flags == 1 ? SEGMENT_PASSIVE : SEGMENT_ACTIVE};
        if (flags == 1) {
            wasm_uses(d->m, FEATURE_BULK_MEMORY);
        } else {
            u32 memory_at = input_offset(in);
            segment.memory = flags == 2 ? instruction_index(&d->code, SPACE_MEMORIES) : 0;
            if (d->m->memories.count == 0) input_fail(in, memory_at, "memory 0 does not exist: there is none");
            segment.offset = instruction_constant(&d->code);
        }
        segment.size = input_u32(in);
        segment.bytes = input_offset(in);
        (void)!input_take(in, segment.size);
        decoder_push(d, &d->m->data, segment);
    }
}

// ---- bodies ----

static u32 read_locals(Decoder *d) {
    Input *in = &d->code.in;
    u64 total = 0;
    u32 groups = input_count(in, "groups of locals");
    for (u32 i = 0; i < groups && going(d); i++) {
        u32 at = input_offset(in);
        total += input_u32(in);
        if (total > UINT32_MAX) input_fail(in, at, "more than 2^32 - 1 locals");
        ValType type = type_read(in, d->m);
        if (type == FUNCREF) wasm_uses(d->m, FEATURE_REFERENCE_TYPES);
    }
    return (u32)total;
}

// The block that is open, by the op that opened or continued it. The function's own has OP_BLOCK.
static u32 *top(Decoder *d) { return &d->frames.items[d->frames.count - 1]; }

static void misplaced(Decoder *d, const Instruction *at, const char *belongs) {
    input_fail(&d->code.in, at->offset, "%s stands outside of %s", op_info[at->op].text, belongs);
}

// Follows the nesting.
static void nest(Decoder *d, const Instruction *at) {
    switch (at->op) {
    case OP_BLOCK:
    case OP_LOOP:
    case OP_IF:
    case OP_TRY:
    case OP_TRY_TABLE:
        if (!vec_push(&d->scratch, &d->frames, at->op)) d->code.in.failed = true;
        break;
    case OP_ELSE:
        if (*top(d) != OP_IF) misplaced(d, at, "an `if`");
        *top(d) = OP_ELSE;
        break;
    case OP_CATCH:
    case OP_CATCH_ALL:
        if (*top(d) != OP_TRY && *top(d) != OP_CATCH) misplaced(d, at, "a `try`, or behind its catch_all");
        *top(d) = at->op;
        break;
    case OP_DELEGATE:
        if (*top(d) != OP_TRY) misplaced(d, at, "a `try`");
        else if (at->index[0] + 1 >= d->frames.count) // labels count from outside of the try
            input_fail(&d->code.in, at->offset, "label %u does not exist outside of the `try`", at->index[0]);
        d->frames.count--;
        break;
    case OP_END: d->frames.count--; break;
    default: return;
    }
    d->code.depth = d->frames.count;
}

static void read_body(Decoder *d, WasmFunction *function) {
    Input *in = &d->code.in;
    function->locals = read_locals(d);
    d->code.locals = (u64)function->locals + d->m->types.items[function->type].parameters;
    d->frames.count = 0;
    if (!vec_push(&d->scratch, &d->frames, OP_BLOCK)) in->failed = true;
    d->code.depth = 1;
    u32 features = 0;
    while (d->frames.count > 0 && going(d)) {
        Instruction at;
        instruction_read(&d->code, &at);
        if (!going(d)) break;
        function->instructions++;
        if (at.op == OP_GLOBAL_SET && !d->m->globals.items[at.index[0]].is_mutable) {
            input_fail(in, at.offset, "global %u is constant, but is assigned", at.index[0]);
        }
        features |= 1u << op_info[at.op].feature;
        nest(d, &at);
    }
    function->instructions--;
    d->m->features |= features;
    if (in->next != in->end) input_fail(in, input_offset(in), "bytes behind the last `end`: %u", input_left(in));
}

void decode_bodies(Decoder *d, u32 count) {
    Input *in = &d->code.in;
    const u8 *section_end = in->end;
    WasmModule *m = d->m;
    u32 first = m->imported[KIND_FUNCTION];
    if (count != m->functions.count - first) {
        input_fail(in, input_offset(in), "functions declared: %u, with code: %u", m->functions.count - first, count);
    }
    for (u32 i = 0; i < count && going(d); i++) {
        WasmFunction *function = &m->functions.items[first + i];
        in->function = first + i;
        u32 at = input_offset(in);
        function->size = input_u32(in);
        function->offset = input_offset(in);
        if (function->size > input_left(in)) {
            input_fail(in, at, "its size, %u, is more than the bytes left, %u", function->size, input_left(in));
        }
        if (!going(d)) break;
        in->end = in->next + function->size;
        read_body(d, function);
        in->end = section_end;
        m->bodies++;
    }
    in->function = NO_INDEX;
}
