#include "kernel.h"
void run(void) {
    static i64 best[10001];
    for (i32 round = 0; round < 3; round++) {
        for (i32 w = 0; w <= 10000; w++) best[w] = 0;
        for (i32 item = 0; item < 100; item++) {
            i32 weight = item * 7 % 53 + 5;
            i64 value = item * 13 % 101 + 3;
            for (i32 w = 10000; w >= weight; w--) {
                i64 with = best[w - weight] + value;
                if (with > best[w]) best[w] = with;
            }
        }
    }
    print_i64(best[10000]), print_end();
}
