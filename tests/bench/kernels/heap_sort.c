#include "kernel.h"
void run(void) {
    static i32 v[20000];
    u32 seed = 1;
    i32 check = 0;
    for (i32 round = 0; round < 4; round++) {
        for (i32 i = 0; i < 20000; i++) seed = seed * 1664525 + 1013904223, v[i] = (i32)(seed >> 8);
        i32 start = 10000, end = 20000;
        while (end > 1) {
            if (start > 0) {
                start--;
            } else {
                end--;
                i32 last = v[end];
                v[end] = v[0], v[0] = last;
            }
            i32 root = start, child = root * 2 + 1;
            while (child < end) {
                if (child + 1 < end && v[child] < v[child + 1]) child++;
                if (v[root] >= v[child]) break;
                i32 t = v[root];
                v[root] = v[child], v[child] = t;
                root = child, child = root * 2 + 1;
            }
        }
        for (i32 i = 0; i < 20000; i += 50) check = check * 31 + v[i];
    }
    print_i64(check), print_end();
}
