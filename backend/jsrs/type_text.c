// See type_text.h. Nothing a file repeats for a few bytes is shown in full each time, so texts stay a small multiple
// of it.
#include "jsrs/type_text.h"

#include "support/text.h"

enum { LIST_SHOWN = 200 }; // operands, fields or cases in one line

Str jsrs_cut(Str text, u32 most) {
    if (text.len <= most) return text;
    while (most > 0 && (text.data[most] & 0xc0) == 0x80) most--;
    return (Str){text.data, most};
}

void jsrs_name_text(const JsrsModule *module, u32 string, Buf *out) {
    buf_format(out, "%S", &module->strings.items[string]);
}

bool jsrs_next_item(Buf *out, u32 i, u32 count) {
    if (i > 0) buf_text(out, ", ");
    if (i < LIST_SHOWN) return true;
    buf_format(out, "... %u more", count - i);
    return false;
}

void jsrs_types_text(const JsrsModule *module, u32 first, u32 count, Buf *out) {
    for (u32 i = 0; i < count && jsrs_next_item(out, i, count); i++) {
        jsrs_type_text(module, module->lists.items[first + i], out);
    }
}

// Recursion is bounded by the depth that the decoder allows.
void jsrs_type_text(const JsrsModule *module, u32 number, Buf *out) {
    static const char *const ints[] = {"i8", "i16", "i32", "i64", "i128", "isize",
                                       "u8", "u16", "u32", "u64", "u128", "usize"};
    const JsrsType *type = &module->types.items[number];
    switch ((JsrsTag)type->tag) {
    case TAG_INT: buf_text(out, ints[type->width]); break;
    case TAG_FLOAT: buf_text(out, type->width == 0 ? "f32" : "f64"); break;
    case TAG_BOOL: buf_text(out, "bool"); break;
    case TAG_PTR: buf_text(out, "ptr"); break;
    case TAG_UNIT: buf_text(out, "unit"); break;
    case TAG_STRUCT: jsrs_name_text(module, type->name, out); break;
    case TAG_ENUM:
        jsrs_name_text(module, type->is_enum ? module->enums.items[type->definition].display : type->name, out);
        break;
    case TAG_ARRAY:
        buf_byte(out, '[');
        jsrs_type_text(module, type->element, out);
        buf_format(out, "; %u]", type->count);
        break;
    case TAG_FN:
        buf_text(out, "fn(");
        jsrs_types_text(module, type->list, type->count, out);
        buf_text(out, ") -> ");
        jsrs_type_text(module, type->element, out);
        break;
    }
}

static void put_float(bool single, u64 bits, Buf *out) {
    u8 text[FLOAT_TEXT_MAX];
    f64 value;
    mem_copy(&value, &bits, sizeof value);
    buf_bytes(out, text, single ? text_from_f32((f32)value, text) : text_from_f64(value, text));
}

void jsrs_constant_text(const JsrsModule *module, u32 number, u64 immediate, Buf *out) {
    const JsrsType *type = &module->types.items[number];
    bool unsigned_bits = number == TYPE_INT + W_U64 ||
                         number == TYPE_INT + W_USIZE; // a negative one is the same bits (8.2)
    if (type->tag == TAG_BOOL) {
        buf_text(out, immediate ? "true" : "false");
    } else if (type->tag == TAG_FLOAT) {
        put_float(type->width == 0, immediate, out);
    } else if (unsigned_bits) {
        buf_u64(out, immediate);
    } else {
        buf_i64(out, (i64)immediate);
    }
}
