// Identifiers, strings and floats of the text format.
#include "wasm/atoms.h"

#include "support/text.h"

// ---- identifiers ----

static bool is_id_char(u8 c) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
    static const char others[] = "!#$%&'*+-./:<=>?@\\^_`|~";
    for (u32 i = 0; i < sizeof others - 1; i++) {
        if (c == (u8)others[i]) return true;
    }
    return false;
}

// Characters that are not seen, or that turn the direction of the text around them.
static bool is_hidden(u32 c) {
    return utf8_is_control(c) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb);
}

static void put_quoted(Buf *out, Str name) {
    buf_byte(out, '"');
    for (u32 i = 0, length; i < name.len; i += length) {
        u32 code_point = utf8_decode(name, i, &length);
        if (code_point == '"' || code_point == '\\') {
            buf_byte(out, '\\');
            buf_byte(out, (u8)code_point);
        } else if (is_hidden(code_point)) {
            buf_text(out, "\\u{");
            buf_hex(out, code_point);
            buf_byte(out, '}');
        } else {
            u8 bytes[4];
            buf_bytes(out, bytes, utf8_encode(code_point, bytes));
        }
    }
    buf_byte(out, '"');
}

// At most `most` bytes, whole characters.
static Str cut(Str name, u32 most) {
    if (name.len <= most) return name;
    name.len = most;
    while (name.len > 0 && (name.data[name.len] & 0xc0) == 0x80) name.len--;
    return name;
}

static void put_cut_mark(Buf *out, u32 len, u32 most) {
    if (len > most) buf_text(out, " (; cut ;)");
}

void text_put_string(Buf *out, Str text) {
    put_quoted(out, cut(text, STRING_SHOWN));
    put_cut_mark(out, text.len, STRING_SHOWN);
}

void text_put_bare_id(Buf *out, Str whole) {
    Str name = cut(whole, ID_SHOWN);
    bool plain = name.len > 0;
    for (u32 i = 0; i < name.len && plain; i++) plain = is_id_char(name.data[i]);
    buf_byte(out, '$');
    if (plain) buf_str(out, name);
    else put_quoted(out, name);
}

void text_put_id(Buf *out, Str name) {
    text_put_bare_id(out, name);
    put_cut_mark(out, name.len, ID_SHOWN);
}

// ---- numbers ----

// Digits without exponent, as text_from_f64 makes them, with an exponent where there would be a row of zeros.
static void put_digits(Buf *out, const u8 *digits, u32 len) {
    enum { ZEROS_MOST = 6, WHOLE_MOST = 21 };
    u32 point = 0;
    while (point < len && digits[point] != '.') point++;
    if (point == len && len > WHOLE_MOST) { // a whole number: zeros at its end go into the exponent
        u32 end = len;
        while (end > 1 && digits[end - 1] == '0') end--;
        buf_byte(out, digits[0]);
        if (end > 1) buf_byte(out, '.');
        buf_bytes(out, digits + 1, end - 1);
        buf_format(out, "e+%u", len - 1);
        return;
    }
    u32 first = 2;
    while (first < len && digits[0] == '0' && digits[first] == '0') first++;
    if (point < len && digits[0] == '0' && first - 2 >= ZEROS_MOST) {
        buf_byte(out, digits[first]);
        if (first + 1 < len) buf_byte(out, '.');
        buf_bytes(out, digits + first + 1, len - first - 1);
        buf_format(out, "e-%u", first - 1);
        return;
    }
    buf_bytes(out, digits, len);
}

static void put_float(Buf *out, bool negative, u64 magnitude, u64 infinity, u64 quiet, const u8 *digits, u32 len) {
    if (negative) buf_byte(out, '-');
    if (magnitude < infinity) {
        put_digits(out, digits + negative, len - negative);
    } else if (magnitude == infinity) {
        buf_text(out, "inf");
    } else {
        buf_text(out, "nan");
        if (magnitude == (infinity | quiet)) return;
        buf_text(out, ":0x");
        buf_hex(out, magnitude & (2 * quiet - 1));
    }
}

void text_put_f32(Buf *out, u32 bits) {
    u8 digits[FLOAT_TEXT_MAX];
    f32 value;
    mem_copy(&value, &bits, 4);
    u32 len = text_from_f32(value, digits);
    put_float(out, bits >> 31, bits & 0x7fffffff, 0x7f800000, 1u << 22, digits, len);
}

void text_put_f64(Buf *out, u64 bits) {
    u8 digits[FLOAT_TEXT_MAX];
    f64 value;
    mem_copy(&value, &bits, 8);
    u32 len = text_from_f64(value, digits);
    put_float(out, bits >> 63, bits & (((u64)1 << 63) - 1), (u64)0x7ff << 52, (u64)1 << 51, digits, len);
}
