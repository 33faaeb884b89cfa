#include "kernel.h"
void run(void) {
    static i32 d[100][100];
    u32 seed = 99;
    for (u32 i = 0; i < 100; i++)
        for (u32 j = 0; j < 100; j++) seed = seed * 1664525 + 1013904223, d[i][j] = (i32)(seed >> 20) + 1;
    for (u32 k = 0; k < 100; k++)
        for (u32 i = 0; i < 100; i++)
            for (u32 j = 0; j < 100; j++)
                if (d[i][k] + d[k][j] < d[i][j]) d[i][j] = d[i][k] + d[k][j];
    i32 sum = 0;
    for (u32 i = 0; i < 100; i++) sum += d[i][99 - i];
    print_i64(sum), print_end();
}
