// Names, types and constants of a file as text, shared by listing, description and messages.
#ifndef JSRS_TYPE_TEXT_H
#define JSRS_TYPE_TEXT_H

#include "jsrs/jsrs.h"

// At most `most` bytes of a text, whole characters.
Str jsrs_cut(Str text, u32 most);

// A string of the file, cut where it is long, control characters replaced.
void jsrs_name_text(const JsrsModule *module, u32 string, Buf *out);

// A comma before all items but the first; false, with a note instead, where the rest of a long list is left out.
bool jsrs_next_item(Buf *out, u32 i, u32 count);

// Types from JsrsModule.lists, separated by commas.
void jsrs_types_text(const JsrsModule *module, u32 first, u32 count, Buf *out);

// The immediate of a constant of an Int, Float or Bool type; other types are shown as an Int.
void jsrs_constant_text(const JsrsModule *module, u32 type, u64 immediate, Buf *out);

#endif
