#include "kernel.h"
void run(void) {
    static i32 v[50000], lows[64], highs[64];
    u32 seed = 42, check = 0;
    for (i32 round = 0; round < 5; round++) {
        for (i32 i = 0; i < 50000; i++) seed = seed * 1664525 + 1013904223, v[i] = (i32)(seed >> 8);
        i32 top = 1;
        lows[0] = 0, highs[0] = 49999;
        while (top > 0) {
            top--;
            i32 low = lows[top], high = highs[top];
            while (low < high) {
                i32 pivot = v[(low + high) / 2], a = low, b = high;
                while (a <= b) {
                    while (v[a] < pivot) a++;
                    while (v[b] > pivot) b--;
                    if (a <= b) {
                        i32 t = v[a];
                        v[a] = v[b], v[b] = t;
                        a++, b--;
                    }
                }
                if (b - low < high - a) lows[top] = a, highs[top] = high, high = b;
                else lows[top] = low, highs[top] = b, low = a;
                top++;
            }
        }
        for (i32 i = 0; i < 50000; i += 100) check = check * 31 + (u32)v[i];
    }
    print_u64(check), print_end();
}
