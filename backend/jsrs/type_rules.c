// Conversions at boundaries, bit casts and literals (spec 8.2, 8.3, 9.4).
#include "jsrs/type_rules.h"

u32 jsrs_type_classes(const JsrsType *type) {
    static const u16 by_tag[] = {[TAG_INT] = CLASS_INT,   [TAG_FLOAT] = CLASS_FLOAT, [TAG_BOOL] = CLASS_BOOL,
                                 [TAG_PTR] = CLASS_PTR,   [TAG_UNIT] = CLASS_UNIT,   [TAG_STRUCT] = CLASS_STRUCT,
                                 [TAG_ENUM] = CLASS_ENUM, [TAG_ARRAY] = CLASS_ARRAY, [TAG_FN] = CLASS_FN};
    if (jsrs_type_erased(type)) return CLASS_ANY;
    if (type->is_enum) return CLASS_ENUM;
    return by_tag[type->tag];
}

// An alias names any enum of its display name; a key names one.
static bool enums_agree(const JsrsModule *module, const JsrsType *from, const JsrsType *to) {
    if (from->tag == TAG_ENUM && to->tag == TAG_ENUM) return from->definition == to->definition;
    const JsrsEnum *enums = module->enums.items;
    return enums[from->definition].family == enums[to->definition].family;
}

bool jsrs_type_converts(const JsrsModule *module, u32 from_number, u32 to_number) {
    if (from_number == to_number) return true;
    const JsrsType *from = &module->types.items[from_number], *to = &module->types.items[to_number];
    u32 class = jsrs_type_classes(from);
    if (class == CLASS_ANY) return true;
    switch (jsrs_type_classes(to)) {
    case CLASS_ANY: return true;
    case CLASS_INT: return (class & (CLASS_INT | CLASS_BOOL | CLASS_FN)) != 0;
    case CLASS_FLOAT: return class == CLASS_FLOAT;
    case CLASS_BOOL: return class == CLASS_INT;
    case CLASS_UNIT: return class == CLASS_INT;
    case CLASS_STRUCT: return class == CLASS_STRUCT && from->definition == to->definition;
    case CLASS_ENUM: return class == CLASS_ENUM && enums_agree(module, from, to);
    case CLASS_ARRAY: return class == CLASS_ARRAY && (from->open || to->open);
    case CLASS_FN: return class == CLASS_INT || (class == CLASS_FN && (from->open || to->open));
    }
    return false; // CLASS_PTR: only from itself
}

// Bits of an Int or Float; 0 for any other type.
static u32 type_bits(const JsrsType *type) {
    static const u8 int_bits[] = {8, 16, 32, 64, 128, 64, 8, 16, 32, 64, 128, 64};
    if (type->tag == TAG_INT) return int_bits[type->width];
    if (type->tag == TAG_FLOAT) return type->width == 0 ? 32 : 64;
    return 0;
}

bool jsrs_type_bitcasts(const JsrsModule *module, u32 from_number, u32 to_number) {
    if (from_number == to_number) return true;
    const JsrsType *from = &module->types.items[from_number], *to = &module->types.items[to_number];
    if (jsrs_type_classes(from) == CLASS_ANY || jsrs_type_classes(to) == CLASS_ANY) return true;
    if (type_bits(from) != 0) return type_bits(from) == type_bits(to);
    return from->tag == to->tag && jsrs_type_converts(module, from_number, to_number);
}

u32 jsrs_literal_type(u32 declared, u64 immediate) {
    i64 value = (i64)immediate;
    bool fits = false;
    switch (declared) {
    case TYPE_INT + W_I8: fits = value == (i8)value; break;
    case TYPE_INT + W_I16: fits = value == (i16)value; break;
    case TYPE_INT + W_I32: fits = value == (i32)value; break;
    case TYPE_INT + W_U8: fits = value == (u8)value; break;
    case TYPE_INT + W_U16: fits = value == (u16)value; break;
    case TYPE_INT + W_U32: fits = value == (u32)value; break;
    case TYPE_INT + W_U128: fits = value >= 0; break;
    case TYPE_INT + W_I64:
    case TYPE_INT + W_I128:
    case TYPE_INT + W_ISIZE:
    case TYPE_INT + W_U64: // a negative value means the same 64 bits
    case TYPE_INT + W_USIZE: fits = true; break;
    }
    return fits ? declared : TYPE_INT + W_I64;
}
