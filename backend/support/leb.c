// See leb.h.
#include "support/leb.h"

u32 leb_length(u32 value) {
    u32 length = 1;
    for (; value >= 0x80; value >>= 7) length++;
    return length;
}

u8 *leb_write(u8 *out, u32 value) {
    for (; value >= 0x80; value >>= 7) *out++ = (u8)(value | 0x80);
    *out++ = (u8)value;
    return out;
}

void buf_leb(Buf *buf, u64 value) {
    for (; value >= 0x80; value >>= 7) buf_byte(buf, (u8)(value | 0x80));
    buf_byte(buf, (u8)value);
}

void buf_leb_signed(Buf *buf, i64 value) {
    for (; value < -0x40 || value >= 0x40; value >>= 7) buf_byte(buf, (u8)(value | 0x80));
    buf_byte(buf, (u8)value & 0x7f);
}

void buf_leb_str(Buf *buf, Str text) {
    buf_leb(buf, text.len);
    buf_str(buf, text);
}

void buf_leb_text(Buf *buf, const char *text) {
    u32 len = 0;
    while (text[len]) len++;
    buf_leb_str(buf, (Str){(const u8 *)text, len});
}
