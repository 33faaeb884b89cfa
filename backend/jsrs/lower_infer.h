// What the files of inference share. All give false when memory is out, or with an error that says what does not go together.
#ifndef JSRS_LOWER_INFER_H
#define JSRS_LOWER_INFER_H

#include "jsrs/lower_internal.h"

// A value is used as that type: scalars convert, all else is of it.
bool infer_flow(Body *body, u32 value, Ty to) MUST_CHECK;
// A result is of that type; false for t = 0, no memory.
bool infer_type(Body *body, u32 value, Ty t) MUST_CHECK;

// lower_infer_places.c
bool infer_alloca(Body *body, const JsrsInst *inst) MUST_CHECK;
bool infer_store(Body *body, const JsrsInst *inst) MUST_CHECK;
bool infer_gep(Body *body, const JsrsInst *inst) MUST_CHECK;

// lower_infer_calls.c. inst_index: in the function; number: of the callee, as in the file; group: see infer_constraints.
bool infer_call(Body *body, const JsrsInst *inst, u32 inst_index, u64 number, Body *const *group,
                u32 group_count) MUST_CHECK;
bool infer_call_dyn(Body *body, const JsrsInst *inst, u32 inst_index, Body *const *group, u32 group_count) MUST_CHECK;

#endif
