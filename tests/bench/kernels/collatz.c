#include "kernel.h"
static i32 steps(i32 n) {
    i32 c = 0;
    while (n != 1) {
        n = n % 2 == 0 ? n / 2 : (i32)(3 * (u32)n + 1);
        c++;
    }
    return c;
}
void run(void) {
    i32 best = 0, at = 1;
    for (i32 i = 1; i < 60000; i++) {
        i32 s = steps(i);
        if (s > best) best = s, at = i;
    }
    print_i64(at), print_i64(best), print_end();
}
