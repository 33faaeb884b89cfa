// Printing, as interp/intrinsics.c does it: values become text here, `output` takes it on.
#include "codegen/runtime/runtime.h"
#include "support/text.h"

// Not on the stack: so most programs that print need no stack in memory.
static u8 text[FLOAT_TEXT_MAX];

OFFERED(print_data) void print_data(const u8 *item) {
    u32 len;
    mem_copy(&len, item, 4);
    output(item + 4, len);
}

OFFERED(print_str) TrapKind print_str(u32 address) {
    u64 end = memory_end();
    if (address < NULL_END) return TRAP_NULL_POINTER;
    u32 len = 0;
    if (address + (u64)4 <= end) mem_copy(&len, (const u8 *)address, 4);
    if (address + (u64)4 + len > end) return TRAP_BAD_POINTER;
    output((const u8 *)address + 4, len);
    return TRAP_NONE;
}

// Integers are written from the end of `text` down.
static u8 *const text_end = text + sizeof text;

static void print_from(u8 *start, bool negative) {
    if (negative) *--start = '-';
    output(start, (u32)(text_end - start));
}

OFFERED(print_u64) void print_u64(u64 value) { print_from(text_before_u64(text_end, value), false); }

OFFERED(print_i64) void print_i64(i64 value) {
    print_from(text_before_u64(text_end, value < 0 ? 0 - (u64)value : (u64)value), value < 0);
}

OFFERED(print_u128) void print_u128(u64 low, u64 high) {
    print_from(text_before_u128(text_end, (u128)high << 64 | low), false);
}

OFFERED(print_i128) void print_i128(u64 low, u64 high) {
    u128 value = (u128)high << 64 | low;
    bool negative = high >> 63;
    print_from(text_before_u128(text_end, negative ? 0 - value : value), negative);
}

OFFERED(print_f32) void print_f32(f32 value) { output(text, text_from_f32(value, text)); }

OFFERED(print_f64) void print_f64(f64 value) { output(text, text_from_f64(value, text)); }

OFFERED(print_bool) void print_bool(u32 value) {
    if (value) output((const u8 *)"true", 4);
    else output((const u8 *)"false", 5);
}

OFFERED(print_char) TrapKind print_char(u64 value) {
    if (value > 0x10ffff || value >> 11 == 0xd800 >> 11) return TRAP_PRINT_CHAR;
    u32 c = (u32)value, more = (c >= 0x80) + (c >= 0x800) + (c >= 0x10000); // bytes behind the first
    output_byte((u8)(0xf0e0c000 >> 8 * more | c >> 6 * more));
    while (more) output_byte(0x80 | (c >> 6 * --more & 0x3f));
    return TRAP_NONE;
}

OFFERED(print_byte) TrapKind print_byte(u64 value) {
    if (value > 255) return TRAP_PRINT_BYTE;
    output_byte((u32)value);
    return TRAP_NONE;
}
