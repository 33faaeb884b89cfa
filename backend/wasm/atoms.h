// Identifiers, strings and floats of the text format (core specification 6.3), whatever bytes they are made of.
#ifndef WASM_ATOMS_H
#define WASM_ATOMS_H

#include "support/buf.h"

// Bytes of a name and of a text; hostile ones are as large as a file. Engines refuse longer texts.
enum { ID_SHOWN = 200, STRING_SHOWN = 100000 };

// `$name`, quoted where it has characters that an identifier may not have; long ones are cut.
void text_put_id(Buf *out, Str name);
// The same without the remark that it is cut: what a reader of the text takes for the name.
void text_put_bare_id(Buf *out, Str name);

// `"text"`, escaped; long ones are cut.
void text_put_string(Buf *out, Str text);

// The float of these bits, so that it reads back to the same bits: `-0.1`, `1e+300`, `inf`, `nan:0x200000`.
void text_put_f32(Buf *out, u32 bits);
void text_put_f64(Buf *out, u64 bits);

#endif
