#include "kernel.h"
static u64 power(u64 b, u64 e, u64 m) {
    u64 r = 1;
    for (b %= m; e > 0; e >>= 1) {
        if (e & 1) r = r * b % m;
        b = b * b % m;
    }
    return r;
}
void run(void) {
    u64 sum = 0;
    for (u64 i = 0; i < 20000; i++) sum += power(i, 1000003 + i, 1000000007);
    print_u64(sum), print_end();
}
