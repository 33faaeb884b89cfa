// Formats texts without libc: a handful of conversions, no widths. See format.h.
#include "support/format.h"

#include "support/error.h"
#include "support/text.h"

// Names from a file appear in messages; a hostile one must not fill the whole line.
enum { NAME_SHOWN = 80, REPLACEMENT = 0xfffd };

static void put_character(Buf *out, u32 code_point) {
    u8 bytes[4];
    buf_bytes(out, bytes, utf8_encode(code_point, bytes));
}

// ---- names ----

static void put_name(Buf *out, Str name) {
    bool cut = name.len > NAME_SHOWN;
    if (cut) {
        name.len = NAME_SHOWN;
        while (name.len > 0 && (name.data[name.len] & 0xc0) == 0x80) name.len--; // not in the middle of a character
    }
    for (u32 at = 0, length; at < name.len; at += length) {
        u32 c = utf8_decode(name, at, &length);
        if (utf8_is_control(c)) c = REPLACEMENT;
        put_character(out, c);
    }
    if (cut) buf_text(out, "...");
}

// ---- JSON ----

static void put_json_escape(Buf *out, u32 code_point) {
    static const char plain[] = "\"\\\n\r\t", letters[] = "\"\\nrt";
    for (u32 i = 0; plain[i]; i++) {
        if (code_point != (u8)plain[i]) continue;
        buf_byte(out, '\\');
        buf_byte(out, (u8)letters[i]);
        return;
    }
    buf_text(out, code_point < 0x10 ? "\\u000" : code_point < 0x100 ? "\\u00" : "\\u");
    buf_hex(out, code_point);
}

static void put_json(Buf *out, Str text) {
    if (!text.data) {
        buf_text(out, "null");
        return;
    }
    buf_byte(out, '"');
    for (u32 at = 0, length; at < text.len; at += length) {
        u32 c = utf8_decode(text, at, &length);
        if (c == '"' || c == '\\' || utf8_is_control(c)) put_json_escape(out, c);
        else put_character(out, c);
    }
    buf_byte(out, '"');
}

// ---- conversions ----

static void put_or_null(Buf *out, u32 number) {
    if (number == NO_INDEX) {
        buf_text(out, "null");
    } else {
        buf_u64(out, number);
    }
}

void format_text(Buf *out, const char *format, FormatArgs *args, FormatOwn *own, void *context) {
    for (;; format++) {
        size_t plain = 0;
        while (format[plain] && format[plain] != '%') plain++;
        buf_bytes(out, format, plain);
        format += plain;
        if (!*format) return;
        switch (*++format) {
        case 's': buf_text(out, va_arg(args->list, const char *)); break;
        case 'S': put_name(out, *va_arg(args->list, const Str *)); break;
        case 'j': put_json(out, *va_arg(args->list, const Str *)); break;
        case 'u': buf_u64(out, va_arg(args->list, u32)); break;
        case 'n': put_or_null(out, va_arg(args->list, u32)); break;
        case 'd': buf_i64(out, va_arg(args->list, i32)); break;
        case 'U': buf_u64(out, va_arg(args->list, u64)); break;
        case 'I': buf_i64(out, va_arg(args->list, i64)); break;
        case '%': buf_byte(out, '%'); break;
        default:
            ASSERT(own); // a conversion that does not exist is our bug
            own(context, *format, args);
        }
    }
}
