#include "kernel.h"
void run(void) {
    static i32 v[4096];
    for (i32 i = 0; i < 4096; i++) v[i] = i * 3;
    i32 found = 0;
    u32 seed = 1;
    for (i32 i = 0; i < 500000; i++) {
        seed = seed * 1664525 + 1013904223;
        i32 key = (i32)(seed >> 16 & 16383), low = 0, high = 4095;
        while (low <= high) {
            i32 middle = (low + high) / 2;
            if (v[middle] == key) found++, low = high + 1;
            else if (v[middle] < key) low = middle + 1;
            else high = middle - 1;
        }
    }
    print_i64(found), print_end();
}
