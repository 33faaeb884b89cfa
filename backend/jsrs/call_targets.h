// The functions of a module by their call numbers. jsrs_call_target in jsrs.h asks it.
#ifndef JSRS_CALL_TARGETS_H
#define JSRS_CALL_TARGETS_H

#include "jsrs/jsrs.h"
#include "support/map.h"

// Fills JsrsModule.call_targets and the functions' numbers. False when memory is out.
bool jsrs_call_targets_build(JsrsModule *module, Arena *scratch) MUST_CHECK;

// DuplicateDefinition where two functions, or a function and a builtin of another name, share a number.
bool jsrs_check_names(const JsrsModule *module, Error *error) MUST_CHECK;

Str jsrs_builtin_name(JsrsBuiltin builtin);

#endif
