// Growth of the byte buffer and the few forms of text that go into it.
#include "support/buf.h"

#include "support/format.h"
#include "support/platform.h"
#include "support/text.h"

enum { FIRST_CAPACITY = 4096 };

void buf_init(Buf *buf, size_t limit) { *buf = (Buf){.limit = limit}; }

void buf_free(Buf *buf) {
    platform_release(buf->data, buf->capacity);
    buf_init(buf, buf->limit);
}

void buf_clear(Buf *buf) {
    buf->len = 0;
    buf->overflow = buf->failed = false;
}

static bool grow(Buf *buf, size_t needed) {
    size_t capacity = buf->capacity < FIRST_CAPACITY / 2 ? FIRST_CAPACITY : buf->capacity;
    if (buf->capacity && mul_overflows(capacity, (size_t)2, &capacity)) capacity = needed;
    if (capacity < needed) capacity = needed;
    u8 *data = platform_reserve(capacity);
    if (!data) return false;
    if (buf->len) mem_copy(data, buf->data, buf->len);
    platform_release(buf->data, buf->capacity);
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

u8 *buf_room(Buf *buf, size_t n) {
    if (n <= buf->capacity - buf->len && !buf->limit && !buf->failed) return buf->data + buf->len;
    if (buf->overflow || buf->failed) return NULL;
    size_t needed;
    if (add_overflows(buf->len, n, &needed)) {
        buf->failed = true;
        return NULL;
    }
    if (buf->limit && needed > buf->limit) {
        buf->overflow = true;
        return NULL;
    }
    if ((needed > buf->capacity || !buf->data) && !grow(buf, needed)) {
        buf->failed = true;
        return NULL;
    }
    return buf->data + buf->len;
}

void buf_byte(Buf *buf, u8 byte) {
    u8 *room = buf_room(buf, 1);
    if (!room) return;
    *room = byte;
    buf->len++;
}

void buf_bytes(Buf *buf, const void *data, size_t len) {
    if (len == 0) return;
    u8 *room = buf_room(buf, len);
    if (!room) return;
    mem_copy(room, data, len);
    buf->len += len;
}

void buf_str(Buf *buf, Str text) { buf_bytes(buf, text.data, text.len); }

void buf_text(Buf *buf, const char *text) {
    size_t len = 0;
    while (text[len]) len++;
    buf_bytes(buf, text, len);
}

void buf_u64(Buf *buf, u64 value) {
    u8 digits[INT_TEXT_MAX];
    buf_bytes(buf, digits, text_from_u64(value, digits));
}

void buf_i64(Buf *buf, i64 value) {
    u8 digits[INT_TEXT_MAX];
    buf_bytes(buf, digits, text_from_i64(value, digits));
}

void buf_hex(Buf *buf, u64 value) {
    u8 digits[16];
    u32 at = sizeof digits;
    do {
        digits[--at] = (u8) "0123456789abcdef"[value & 15];
        value >>= 4;
    } while (value);
    buf_bytes(buf, digits + at, sizeof digits - at);
}

void buf_format(Buf *buf, const char *format, ...) {
    FormatArgs args;
    va_start(args.list, format);
    format_text(buf, format, &args, NULL, NULL);
    va_end(args.list);
}

void buf_json_string(Buf *buf, Str text) { buf_format(buf, "%j", &text); }
