#include "kernel.h"
void run(void) {
    static f64 a[14400], b[14400], c[14400];
    for (i32 i = 0; i < 14400; i++) a[i] = i % 17, b[i] = i % 13, c[i] = 0;
    for (i32 round = 0; round < 4; round++)
        for (i32 i = 0; i < 120; i++)
            for (i32 j = 0; j < 120; j++) {
                f64 sum = 0;
                for (i32 k = 0; k < 120; k++) sum += a[i * 120 + k] * b[k * 120 + j];
                c[i * 120 + j] = sum + c[i * 120 + j] * 0.5;
            }
    print_f64(c[7]), print_f64(c[14399]), print_end();
}
