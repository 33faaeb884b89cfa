// JSRS into the internal IR (spec 20): cells become addresses, erased generics are copied per concrete type.
#ifndef JSRS_LOWER_H
#define JSRS_LOWER_H
#include "ir/module.h"
#include "jsrs/model.h"

typedef struct LowerOptions {
    bool traced;    // emit MARK_* for every block, instruction and value; otherwise only STEPS
    bool uncounted; // no STEPS either, for code that counts none; values have the same numbers as with them
} LowerOptions;

// Lowers the entry (ERR_EXECUTE when there is none or it takes parameters) and all it can reach. The module must be resolved.
// A pointer used as two types of different layout: ERR_VALIDATE, TypeMismatch. `scratch` is left as found.
bool jsrs_lower(IrModule *out, Arena *arena, Arena *scratch, const JsrsModule *module, Str entry, LowerOptions options,
                Error *error) MUST_CHECK;
#endif
