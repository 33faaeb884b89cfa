// What fits where (spec 8.3 and the operand classes of 15), apart from any instruction.
#ifndef JSRS_TYPE_RULES_H
#define JSRS_TYPE_RULES_H

#include "jsrs/model.h"

// Sets of classes, one bit each.
enum {
    CLASS_INT = 1 << 0,
    CLASS_FLOAT = 1 << 1,
    CLASS_BOOL = 1 << 2,
    CLASS_PTR = 1 << 3,
    CLASS_UNIT = 1 << 4,
    CLASS_STRUCT = 1 << 5,
    CLASS_ENUM = 1 << 6,
    CLASS_ARRAY = 1 << 7,
    CLASS_FN = 1 << 8,
    CLASS_ANY = (1 << 9) - 1 // an erased type fits every class
};

// The classes a type fits: one, or all for an erased type. An alias of an enum (section 2) is an Enum.
u32 jsrs_type_classes(const JsrsType *type);

static inline bool jsrs_type_erased(const JsrsType *type) {
    return (type->tag == TAG_STRUCT || type->tag == TAG_ENUM) && type->definition == NO_INDEX;
}

// Whether a value of type `from` may stand where `to` is declared (8.3).
bool jsrs_type_converts(const JsrsModule *module, u32 from, u32 to);

// Whether bitcast from `from` to `to` is possible (9.4).
bool jsrs_type_bitcasts(const JsrsModule *module, u32 from, u32 to);

// The type an iconst of this declared type and value has (8.2): i64 for a wide literal.
u32 jsrs_literal_type(u32 declared, u64 immediate);

#endif
