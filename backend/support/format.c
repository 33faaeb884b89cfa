// Formats messages without libc: six conversions, no widths. See format.h.
#include "support/format.h"

#include "support/text.h"

typedef struct Sink {
    void (*put)(void *context, const u8 *bytes, size_t len);
    void *context;
} Sink;

static void put_text(Sink sink, const char *text) {
    size_t len = 0;
    while (text[len]) len++;
    sink.put(sink.context, (const u8 *)text, len);
}

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

static void put_name(Sink sink, Str name, u32 limit) {
    bool cut = limit != 0 && name.len > limit;
    if (cut) {
        name.len = limit;
        while (name.len > 0 && (name.data[name.len] & 0xc0) == 0x80) name.len--;
    }
    u32 plain = 0; // start of the run that needs no change
    for (u32 at = 0; at < name.len;) {
        u32 control = control_length(name, at);
        if (control == 0) {
            at++;
            continue;
        }
        if (at > plain) sink.put(sink.context, name.data + plain, at - plain);
        put_text(sink, "\xef\xbf\xbd");
        at += control;
        plain = at;
    }
    if (name.len > plain) sink.put(sink.context, name.data + plain, name.len - plain);
    if (cut) put_text(sink, "...");
}

void format_text(void (*put)(void *context, const u8 *bytes, size_t len), void *context, u32 name_limit,
                 const char *format, va_list args) {
    Sink sink = {put, context};
    u8 digits[INT_TEXT_MAX];
    while (*format) {
        size_t plain = 0;
        while (format[plain] && format[plain] != '%') plain++;
        if (plain) sink.put(sink.context, (const u8 *)format, plain);
        format += plain;
        if (!*format) break;
        switch (format[1]) {
        case 's': put_text(sink, va_arg(args, const char *)); break;
        case 'S': put_name(sink, *va_arg(args, const Str *), name_limit); break;
        case 'u': sink.put(context, digits, text_from_u64(va_arg(args, u32), digits)); break;
        case 'd': sink.put(context, digits, text_from_i64(va_arg(args, i32), digits)); break;
        case 'U': sink.put(context, digits, text_from_u64(va_arg(args, u64), digits)); break;
        case 'I': sink.put(context, digits, text_from_i64(va_arg(args, i64), digits)); break;
        case '%': put_text(sink, "%"); break;
        default: UNREACHABLE(); // a conversion that does not exist is our bug
        }
        format += 2;
    }
}
