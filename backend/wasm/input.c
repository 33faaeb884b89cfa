// LEB128 and names.
#include "wasm/input.h"

#include "support/format.h"
#include "support/text.h"

bool input_fail(Input *in, u32 offset, const char *format, ...) {
    if (in->failed) return false;
    in->failed = true;
    Where where = NOWHERE;
    where.offset = offset;
    where.function = in->function;
    FormatArgs args;
    va_start(args.list, format);
    error_set_args(in->error, ERR_DESERIALIZE, in->section, &where, format, &args);
    va_end(args.list);
    return false;
}

const char *input_hex(u8 byte, char *out) {
    static const char digits[] = "0123456789abcdef";
    out[0] = '0', out[1] = 'x', out[2] = digits[byte >> 4], out[3] = digits[byte & 15], out[4] = 0;
    return out;
}

const u8 *input_take(Input *in, u32 n) {
    if (unlikely(in->failed)) return NULL;
    if (unlikely(input_left(in) < n)) {
        input_fail(in, input_offset(in), "it ends too soon: bytes wanted: %u, left: %u", n, input_left(in));
        return NULL;
    }
    const u8 *at = in->next;
    in->next += n;
    return at;
}

u8 input_u8(Input *in) {
    const u8 *p = input_take(in, 1);
    return p ? *p : 0;
}

// A number of at most `bits` bits. Bits of the last byte beyond them must be zeros, or copies of the sign.
static u64 leb(Input *in, u32 bits, bool is_signed) {
    if (in->failed) return 0;
    u32 start = input_offset(in);
    u64 value = 0;
    for (u32 shift = 0;; shift += 7) {
        if (in->next == in->end) {
            input_fail(in, start, "it ends within a number");
            return 0;
        }
        u8 byte = *in->next++;
        value |= (u64)(byte & 0x7f) << shift;
        if (shift + 7 >= bits) {     // the last byte there can be
            u32 used = bits - shift; // of its bits, the sign included
            u8 rest = (u8)((byte & 0x7f) >> (is_signed ? used - 1 : used));
            u8 ones = (u8)(0x7f >> (used - 1));
            bool fits = rest == 0 || (is_signed && rest == ones);
            if (byte & 0x80) input_fail(in, start, "a number of %u bits takes more bytes than it may", bits);
            else if (!fits) input_fail(in, start, "a number does not fit in %u bits", bits);
            if (in->failed) return 0;
            return is_signed && rest && shift + 7 < 64 ? value | ~(u64)0 << (shift + 7) : value;
        }
        if (byte & 0x80) continue;
        return is_signed && (byte & 0x40) ? value | ~(u64)0 << (shift + 7) : value;
    }
}

u32 input_u32_long(Input *in) { return (u32)leb(in, 32, false); }
u64 input_u64(Input *in) { return leb(in, 64, false); }
i32 input_i32(Input *in) { return (i32)leb(in, 32, true); }
i64 input_i64(Input *in) { return (i64)leb(in, 64, true); }
i64 input_i33(Input *in) { return (i64)leb(in, 33, true); }

u32 input_count(Input *in, const char *of) {
    u32 at = input_offset(in), count = input_u32(in);
    if (count <= input_left(in)) return count;
    input_fail(in, at, "the count of %s, %u, is more than the bytes left, %u", of, count, input_left(in));
    return 0;
}

Str input_name(Input *in, bool checked) {
    u32 length = input_u32(in), at = input_offset(in), bad;
    const u8 *bytes = input_take(in, length);
    if (!bytes) return (Str){0};
    Str name = {bytes, length};
    if (checked && !utf8_valid(name, &bad)) input_fail(in, at + bad, "a name is not UTF-8");
    return name;
}
