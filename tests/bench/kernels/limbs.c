#include "kernel.h"
void run(void) {
    static u32 a[64], b[64], r[128];
    u32 s = 12345, check = 0;
    for (u32 i = 0; i < 64; i++) {
        s = s * 1664525 + 1013904223, a[i] = s;
        s = s * 1664525 + 1013904223, b[i] = s;
    }
    for (u32 round = 0; round < 400; round++) {
        for (u32 i = 0; i < 128; i++) r[i] = 0;
        for (u32 i = 0; i < 64; i++) {
            u64 x = a[i], carry = 0;
            for (u32 j = 0; j < 64; j++) {
                u64 t = x * b[j] + r[i + j] + carry;
                r[i + j] = (u32)t, carry = t >> 32;
            }
            r[i + 64] = (u32)carry;
        }
        for (u32 i = 0; i < 64; i++) check ^= r[i], a[i] = r[i + 32];
    }
    print_u64(check), print_u64(r[100]), print_end();
}
