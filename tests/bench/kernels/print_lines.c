#include "kernel.h"
static char buffer[32];
static u32 used;
static void put(char byte) { buffer[used++] = byte; }
static void put_i32(i32 value) {
    char digits[12];
    u32 count = 0, rest = value < 0 ? 0 - (u32)value : (u32)value;
    do digits[count++] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0) put('-');
    while (count) put(digits[--count]);
}
void run(void) {
    for (i32 i = 0; i < 200000; i++) {
        put_i32(i), put(' '), put_i32(i * 7), put('\n');
        print_bytes(buffer, used), used = 0;
    }
}
