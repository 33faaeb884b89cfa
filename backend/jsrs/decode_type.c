// Bytes to types (spec 2).
#include "jsrs/decoder.h"

enum { SMALLEST_TYPE = 1 };

static u32 read_type(Decoder *d, u32 depth);

static u32 read_function_type(Decoder *d, u32 depth) {
    u32 start = d->pending.count;
    u32 count = decode_count(d, SMALLEST_TYPE, "parameter types");
    for (u32 i = 0; i < count && !d->in.failed; i++) {
        u32 parameter = read_type(d, depth + 1);
        if (!vec_push(&d->scratch, &d->pending, parameter)) decode_out_of_memory(d);
    }
    u32 result = read_type(d, depth + 1);
    u32 type = TYPE_UNIT;
    if (!d->in.failed && !jsrs_type_function(&d->types, d->pending.items + start, count, result, &type)) {
        decode_out_of_memory(d);
    }
    d->pending.count = start;
    return type;
}

static u32 read_array_type(Decoder *d, u32 depth) {
    u32 length = reader_u32(&d->in);
    u32 element = read_type(d, depth + 1);
    u32 type = TYPE_UNIT;
    if (!d->in.failed && !jsrs_type_array(&d->types, element, length, &type)) decode_out_of_memory(d);
    return type;
}

static u32 read_named_type(Decoder *d, JsrsTag tag) {
    u32 string = decode_string_id(d);
    u32 type = TYPE_UNIT;
    if (!d->in.failed && !jsrs_type_named(&d->types, tag, string, &type)) decode_out_of_memory(d);
    return type;
}

static u32 read_width(Decoder *d, u32 first, u32 widths, const char *class) {
    u32 at = reader_offset(&d->in);
    u32 width = reader_u8(&d->in);
    if (likely(width < widths)) return first + width;
    decode_fail_at(d, at, "%s width %u does not exist", class, width);
    return first;
}

// Recursion is bounded by JSRS_TYPE_DEPTH_MOST.
static u32 read_type(Decoder *d, u32 depth) {
    u32 at = reader_offset(&d->in);
    if (depth > JSRS_TYPE_DEPTH_MOST) {
        decode_fail_at(d, at, "types nest deeper than %u", (u32)JSRS_TYPE_DEPTH_MOST);
        return TYPE_UNIT;
    }
    u8 tag = reader_u8(&d->in);
    switch (tag) {
    case TAG_INT: return read_width(d, TYPE_INT, 12, "integer");
    case TAG_FLOAT: return read_width(d, TYPE_F32, 2, "float");
    case TAG_BOOL: return TYPE_BOOL;
    case TAG_PTR: return TYPE_PTR;
    case TAG_UNIT: return TYPE_UNIT;
    case TAG_STRUCT:
    case TAG_ENUM: return read_named_type(d, tag);
    case TAG_ARRAY: return read_array_type(d, depth);
    case TAG_FN: return read_function_type(d, depth);
    }
    decode_fail_at(d, at, "type tag %u does not exist", (u32)tag);
    return TYPE_UNIT;
}

u32 decode_type(Decoder *d) { return read_type(d, 0); }

// Function types among them append to the lists too, so the numbers
// are collected first.
u32 decode_fields(Decoder *d, u32 *count) {
    JsrsModule *module = d->module;
    u32 waiting = d->pending.count;
    *count = decode_count(d, SMALLEST_TYPE, "field types");
    for (u32 i = 0; i < *count && !d->in.failed; i++) {
        u32 type = decode_type(d);
        if (!vec_push(&d->scratch, &d->pending, type)) decode_out_of_memory(d);
    }
    u32 start = module->lists.count;
    for (u32 i = waiting; i < d->pending.count && !d->in.failed; i++) {
        decode_push(d, &module->lists, d->pending.items[i]);
    }
    d->pending.count = waiting;
    return start;
}
