// What stands for other functions of the runtime where code is to be small: the same output by less code, digit by digit
// and without a table of them.
#include "codegen/runtime/runtime.h"
#include "support/text.h"

OFFERED(print_data_small) void print_data_small(const u8 *item) {
    u32 len;
    mem_copy(&len, item, 4);
    for (; len; len--) output_byte(*(item++ + 4));
}

OFFERED(print_u64_small) void print_u64_small(u64 value) {
    if (value >= 10) print_u64_small(value / 10);
    output_byte('0' + (u32)(value % 10));
}

OFFERED(print_i64_small) void print_i64_small(i64 value) {
    if (value < 0) {
        output_byte('-');
        value = (i64)(0 - (u64)value);
    }
    print_u64_small((u64)value);
}

OFFERED(text_before_u64_small) u8 *text_before_u64_small(u8 *end, u64 value) {
    do {
        *--end = (u8)('0' + value % 10);
        value /= 10;
    } while (value);
    return end;
}
