// The types of one file, interned: equal types have equal numbers (spec 2). Used by the decoder only; afterwards the
// table JsrsModule.types stands alone.
#ifndef JSRS_TYPES_H
#define JSRS_TYPES_H

#include "jsrs/model.h"
#include "support/map.h"

enum { JSRS_TYPE_DEPTH_MOST = 64 }; // the outermost type has depth 0

typedef struct JsrsTypeTable {
    JsrsModule *module;
    Arena *scratch;       // lives as long as this table
    u32 *structs, *enums; // string id -> type number + 1, 0 = not yet seen
    u64 *name_keys;       // string id -> hash of its text, 0 = not yet worked out
    Map arrays;           // (element, length) -> type
    Map functions;        // hash of parameters and result -> type
    Map struct_names, enum_keys, enum_displays, shared_displays; // hash of the name -> index of its definition
    bool linked; // the definitions are known: each new type is bound to its own at once
} JsrsTypeTable;

// All false when memory is out.
bool jsrs_types_init(JsrsTypeTable *table, JsrsModule *module, Arena *scratch) MUST_CHECK; // strings must be read
bool jsrs_type_named(JsrsTypeTable *table, JsrsTag tag, u32 string, u32 *type) MUST_CHECK;
bool jsrs_type_array(JsrsTypeTable *table, u32 element, u32 length, u32 *type) MUST_CHECK;
bool jsrs_type_function(JsrsTypeTable *table, const u32 *parameters, u32 count, u32 result, u32 *type) MUST_CHECK;

// Binds names to definitions once structs and enums are read, by the names' text (section 2, "names").
bool jsrs_types_link(JsrsTypeTable *table) MUST_CHECK;

#endif
