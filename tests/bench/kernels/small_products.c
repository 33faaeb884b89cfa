#include "kernel.h"
void run(void) {
    static i32 a[9], b[9], c[9];
    for (i32 i = 0; i < 9; i++) a[i] = i * 5 % 7, b[i] = i * 3 % 4;
    for (i32 round = 0; round < 100000; round++) {
        for (i32 i = 0; i < 3; i++)
            for (i32 j = 0; j < 3; j++) {
                i32 sum = 0;
                for (i32 k = 0; k < 3; k++) sum += a[i * 3 + k] * b[k * 3 + j];
                c[i * 3 + j] = sum % 1009;
            }
        for (i32 i = 0; i < 9; i++) b[i] = c[i] + i % 2;
    }
    print_i64(c[0]), print_i64(c[4]), print_i64(c[8]), print_end();
}
