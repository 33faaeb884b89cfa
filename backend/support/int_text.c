// Integers of every width to decimal text and back.
#include "support/text.h"

#include "support/wide.h"

static const char two_digits[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                                 "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                                 "8081828384858687888990919293949596979899";

u8 *text_before_u64(u8 *end, u64 value) {
    while (value >= 100) {
        end -= 2;
        mem_copy(end, two_digits + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10) {
        end -= 2;
        mem_copy(end, two_digits + value * 2, 2);
    } else {
        *--end = (u8)('0' + value);
    }
    return end;
}

u8 *text_before_u128(u8 *end, u128 value) {
    const u64 group = 10000000000000000000u; // 10^19, the largest power of ten in 64 bits
    while (value >> 64) {
        u128 low;
        value = wide_div_u(value, group, &low);
        u8 *group_start = end - 19;
        end = text_before_u64(end, (u64)low);
        while (end > group_start) *--end = '0';
    }
    // A quotient of 0 cannot be: value was at least 2^64 > 10^19.
    return text_before_u64(end, (u64)value);
}

static u32 copy_out(u8 *out, const u8 *from, const u8 *end) {
    u32 len = (u32)(end - from);
    mem_copy(out, from, len);
    return len;
}

u32 text_from_u64(u64 value, u8 *out) {
    u8 digits[INT_TEXT_MAX];
    u8 *end = digits + sizeof digits;
    return copy_out(out, text_before_u64(end, value), end);
}

u32 text_from_i64(i64 value, u8 *out) {
    if (value >= 0) return text_from_u64((u64)value, out);
    *out = '-';
    return 1 + text_from_u64(0 - (u64)value, out + 1);
}

u32 text_from_u128(u128 value, u8 *out) {
    u8 digits[INT_TEXT_MAX];
    u8 *end = digits + sizeof digits;
    return copy_out(out, text_before_u128(end, value), end);
}

u32 text_from_i128(i128 value, u8 *out) {
    if (value >= 0) return text_from_u128((u128)value, out);
    *out = '-';
    return 1 + text_from_u128(0 - (u128)value, out + 1);
}

static bool parse_digits(Str text, u32 at, u64 *out) {
    if (at == text.len) return false;
    u64 value = 0;
    for (; at < text.len; at++) {
        u8 digit = (u8)(text.data[at] - '0');
        if (digit > 9 || mul_overflows(value, (u64)10, &value) || add_overflows(value, (u64)digit, &value))
            return false;
    }
    *out = value;
    return true;
}

bool text_to_u64(Str text, u64 *out) { return parse_digits(text, text.len > 0 && text.data[0] == '+', out); }

bool text_to_i64(Str text, i64 *out) {
    bool negative = text.len > 0 && text.data[0] == '-';
    u64 magnitude;
    if (!parse_digits(text, negative || (text.len > 0 && text.data[0] == '+'), &magnitude)) return false;
    if (magnitude > (u64)INT64_MAX + negative) return false;
    *out = (i64)(negative ? 0 - magnitude : magnitude);
    return true;
}
