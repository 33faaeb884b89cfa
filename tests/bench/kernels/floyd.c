#include "kernel.h"
void run(void) {
    static i32 d[14400];
    u32 seed = 99;
    for (u32 i = 0; i < 14400; i++) seed = seed * 1664525 + 1013904223, d[i] = (i32)(seed >> 20) + 1;
    for (u32 k = 0; k < 120; k++)
        for (u32 i = 0; i < 120; i++)
            for (u32 j = 0; j < 120; j++) {
                i32 through = d[i * 120 + k] + d[k * 120 + j];
                if (through < d[i * 120 + j]) d[i * 120 + j] = through;
            }
    i32 sum = 0;
    for (u32 i = 0; i < 14400; i++) sum += d[i];
    print_i64(sum), print_end();
}
