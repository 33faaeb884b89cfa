#include "kernel.h"
void run(void) {
    u32 best = 0;
    u64 at = 0;
    for (u64 i = 1; i < 60000; i++) {
        u64 n = i;
        u32 steps = 0;
        while (n != 1) {
            n = n % 2 == 0 ? n / 2 : n * 3 + 1;
            steps++;
        }
        if (steps > best) best = steps, at = i;
    }
    print_u64(best), print_u64(at), print_end();
}
