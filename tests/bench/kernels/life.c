#include "kernel.h"
void run(void) {
    static u8 now[4096], next[4096];
    u32 seed = 3;
    for (u32 i = 0; i < 4096; i++) seed = seed * 1664525 + 1013904223, now[i] = (seed >> 16) & 1;
    for (u32 turn = 0; turn < 150; turn++) {
        for (u32 y = 0; y < 64; y++)
            for (u32 x = 0; x < 64; x++) {
                u32 up = ((y + 63) & 63) * 64, down = ((y + 1) & 63) * 64, row = y * 64;
                u32 left = (x + 63) & 63, right = (x + 1) & 63;
                u8 n = (u8)(now[up + left] + now[up + x] + now[up + right] + now[row + left] + now[row + right] +
                            now[down + left] + now[down + x] + now[down + right]);
                next[row + x] = n == 3 ? 1 : n == 2 ? now[row + x] : 0;
            }
        for (u32 i = 0; i < 4096; i++) now[i] = next[i];
    }
    u32 alive = 0;
    for (u32 i = 0; i < 4096; i++) alive += now[i];
    print_u64(alive), print_end();
}
