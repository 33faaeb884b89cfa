// Reading, checking, writing and listing JSRS files: the functions over model.h.
#ifndef JSRS_JSRS_H
#define JSRS_JSRS_H

#include "jsrs/model.h"
#include "support/buf.h"

// Reads a whole file (spec 1-5). Errors: ERR_DESERIALIZE, ERR_VERSION, ERR_INTERNAL, with offset (and function, block,
// instruction where known).
bool jsrs_decode(JsrsModule *module, Arena *arena, Str file, Error *error) MUST_CHECK;

// Checks the rules of section 15 (ERR_VALIDATE, rule = kind name) and resolves ids: operands become value indices, edge
// targets block indices, values[] is filled, v1's colliding ids go to their nearest dominating definition (6).
// check_types = false (--no-validate) leaves out TypeMismatch, MissingReturn, InvalidOperand: lower.c must then turn
// what does not fit into traps. What resolving needs (ids, blocks, edge counts, dominance, call targets) is always
// checked. After a failure the module is as decoded, so that it can still be listed; without content if memory is out.
bool jsrs_validate(JsrsModule *module, bool check_types, Error *error) MUST_CHECK;

// |h| mod 1000000 of a name (11.1).
u32 jsrs_function_number(Str name);

// Who a function number means: a function of the file, a builtin, or nobody.
typedef struct JsrsCallTarget {
    u32 function; // index, or NO_INDEX
    int builtin;  // JsrsBuiltin, or -1
} JsrsCallTarget;
JsrsCallTarget jsrs_call_target(const JsrsModule *module, u64 number);

// Bytes again; a decoded file gives back exactly its bytes, resolved or not.
bool jsrs_encode(const JsrsModule *module, Buf *out, Error *error) MUST_CHECK;

// The file's own instructions as text, one line per source number plus headers. line_of_source (may be NULL) gets one
// u32 per source number: the 0-based line it is on. Stops soon after `out` is full.
void jsrs_listing(const JsrsModule *module, Buf *out, Buf *line_of_source);
// Its line of one source number of a function, without indentation and end; nothing if the function has no such number.
void jsrs_listing_line(const JsrsModule *module, u32 function, u32 source, Buf *out);
// "i32", "ptr", "Point", "[i32; 4]", "fn(i32) -> bool".
void jsrs_type_text(const JsrsModule *module, u32 type, Buf *out);
// Header, sections, strings, literals, types, globals, functions as one JSON object (fields in describe.c).
void jsrs_describe(const JsrsModule *module, Buf *out);

#endif
