// LEB128 in its shortest form (WebAssembly core specification 5.2.2).
#ifndef SUPPORT_LEB_H
#define SUPPORT_LEB_H

#include "support/buf.h"

// How many bytes a number takes.
u32 leb_length(u32 value);
// Writes it; returns what comes behind.
u8 *leb_write(u8 *out, u32 value);

void buf_leb(Buf *buf, u64 value);
void buf_leb_signed(Buf *buf, i64 value);
// A length and the bytes.
void buf_leb_str(Buf *buf, Str text);
void buf_leb_text(Buf *buf, const char *text); // NUL-terminated

#endif
