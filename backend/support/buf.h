// Bounded byte buffer that grows by platform blocks: output, traces, texts. What overflow means is its owner's choice.
// After the first piece that did not fit, all further ones are dropped too, so that the text has no holes.
#ifndef SUPPORT_BUF_H
#define SUPPORT_BUF_H

#include "support/base.h"

typedef struct Buf {
    u8 *data;
    size_t len, capacity;
    size_t limit;  // most bytes it may hold; 0 = no limit
    bool overflow; // sticky: something did not fit (limit) and was dropped
    bool failed;   // sticky: memory was out and something was dropped
} Buf;

void buf_init(Buf *buf, size_t limit);
void buf_free(Buf *buf);
void buf_clear(Buf *buf); // empties it and forgets overflow and failure, keeps storage and limit

// Room for `n` more bytes, or NULL; the caller fills it and adds to len.
u8 *buf_room(Buf *buf, size_t n);

void buf_byte(Buf *buf, u8 byte);
void buf_bytes(Buf *buf, const void *data, size_t len); // all of them or none
void buf_str(Buf *buf, Str text);
void buf_text(Buf *buf, const char *text); // NUL-terminated
void buf_u64(Buf *buf, u64 value);
void buf_i64(Buf *buf, i64 value);
void buf_hex(Buf *buf, u64 value);                  // lower case, no prefix, no leading zeros
void buf_format(Buf *buf, const char *format, ...); // conversions: see format.h
void buf_json_string(Buf *buf, Str text);           // %j of format.h

#endif
