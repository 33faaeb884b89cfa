// UTF-8 as Unicode defines it: no overlong forms, no surrogates, nothing above 0x10FFFF.
#include "support/text.h"

u32 utf8_encode(u32 code_point, u8 *out) {
    if (code_point < 0x80) {
        out[0] = (u8)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (u8)(0xc0 | code_point >> 6);
        out[1] = (u8)(0x80 | (code_point & 0x3f));
        return 2;
    }
    if (code_point < 0x10000) {
        if (code_point >= 0xd800 && code_point < 0xe000) return 0;
        out[0] = (u8)(0xe0 | code_point >> 12);
        out[1] = (u8)(0x80 | (code_point >> 6 & 0x3f));
        out[2] = (u8)(0x80 | (code_point & 0x3f));
        return 3;
    }
    if (code_point > 0x10ffff) return 0;
    out[0] = (u8)(0xf0 | code_point >> 18);
    out[1] = (u8)(0x80 | (code_point >> 12 & 0x3f));
    out[2] = (u8)(0x80 | (code_point >> 6 & 0x3f));
    out[3] = (u8)(0x80 | (code_point & 0x3f));
    return 4;
}

u32 utf8_length(Str text, u32 at) {
    const u8 *bytes = text.data + at;
    u32 left = text.len - at;
    u8 first = bytes[0];
    if (first < 0x80) return 1;
    u32 length = first >= 0xc2 && first < 0xe0 ? 2 : (first & 0xf0) == 0xe0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    if (length == 0 || left < length) return 0;
    for (u32 i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80) return 0;
    }
    // The second byte carries what the first can't exclude.
    if (first == 0xe0 && bytes[1] < 0xa0) return 0; // overlong
    if (first == 0xed && bytes[1] > 0x9f) return 0; // surrogate
    if (first == 0xf0 && bytes[1] < 0x90) return 0; // overlong
    if (first == 0xf4 && bytes[1] > 0x8f) return 0; // above 0x10FFFF
    return length;
}

u32 utf8_decode(Str text, u32 at, u32 *length) {
    static const u8 masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    u32 found = utf8_length(text, at);
    *length = found ? found : 1;
    if (!found) return 0xfffd;
    u32 code_point = text.data[at] & masks[found];
    for (u32 i = 1; i < found; i++) code_point = code_point << 6 | (text.data[at + i] & 0x3f);
    return code_point;
}

bool utf8_is_control(u32 code_point) {
    return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) || code_point == 0x2028 ||
           code_point == 0x2029;
}

bool utf8_valid(Str text, u32 *bad) {
    u32 at = 0;
    while (at < text.len) {
        u64 word;
        if (text.len - at >= 8) { // most text is ASCII: eight bytes at once
            mem_copy(&word, text.data + at, 8);
            if ((word & 0x8080808080808080u) == 0) {
                at += 8;
                continue;
            }
        }
        u32 length = utf8_length(text, at);
        if (length == 0) {
            *bad = at;
            return false;
        }
        at += length;
    }
    return true;
}
