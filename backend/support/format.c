// Formats texts without libc: a handful of conversions, no widths. See format.h.
#include "support/format.h"

#include "support/error.h"
#include "support/text.h"

// Names from a file appear in messages; a hostile one must not fill the whole line.
enum { NAME_SHOWN = 80 };

static const char replacement[] = "\xef\xbf\xbd"; // U+FFFD

// ---- names ----

// Length of the control character or line separator that starts at `at`, 0 if another character does:
// C0, DEL, C1 (U+0080..9F), U+2028 and U+2029 would break the rule of one line.
static u32 control_length(Str text, u32 at) {
    u8 first = text.data[at];
    if (first < 0x20 || first == 0x7f) return 1;
    u32 left = text.len - at;
    if (first == 0xc2 && left >= 2 && text.data[at + 1] < 0xa0) return 2;
    if (first == 0xe2 && left >= 3 && text.data[at + 1] == 0x80 && (text.data[at + 2] & 0xfe) == 0xa8) return 3;
    return 0;
}

static void put_name(Buf *out, Str name) {
    bool cut = name.len > NAME_SHOWN;
    if (cut) {
        name.len = NAME_SHOWN;
        while (name.len > 0 && (name.data[name.len] & 0xc0) == 0x80) name.len--; // not in the middle of a character
    }
    for (u32 at = 0; at < name.len;) {
        u32 control = control_length(name, at);
        if (control) {
            buf_text(out, replacement);
            at += control;
        } else {
            buf_byte(out, name.data[at++]);
        }
    }
    if (cut) buf_text(out, "...");
}

// ---- JSON ----

static void put_json_escape(Buf *out, u8 byte) {
    static const char plain[] = "\"\\\n\r\t", letters[] = "\"\\nrt";
    for (u32 i = 0; plain[i]; i++) {
        if (byte != (u8)plain[i]) continue;
        buf_byte(out, '\\');
        buf_byte(out, (u8)letters[i]);
        return;
    }
    buf_text(out, byte < 0x10 ? "\\u000" : "\\u00");
    buf_hex(out, byte);
}

static void put_json(Buf *out, Str text) {
    if (!text.data) {
        buf_text(out, "null");
        return;
    }
    buf_byte(out, '"');
    for (u32 at = 0; at < text.len;) {
        u8 byte = text.data[at];
        u32 length = utf8_length(text, at);
        if (length == 0) {
            buf_text(out, replacement);
        } else if (byte < 0x20 || byte == 0x7f || byte == '"' || byte == '\\') {
            put_json_escape(out, byte);
        } else {
            buf_bytes(out, text.data + at, length);
        }
        at += length ? length : 1;
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
