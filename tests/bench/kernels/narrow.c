#include "kernel.h"
void run(void) {
    int8_t a = 1;
    u8 b = 2;
    int16_t c = 3;
    for (i32 n = 0; n < 3000000; n++) {
        a = (int8_t)(a * 3 + (int8_t)b);
        b = (u8)((b ^ (u8)a) + 7);
        c = (int16_t)(c - (int16_t)a * (int16_t)b);
    }
    print_i64(a), print_i64(b), print_i64(c), print_end();
}
