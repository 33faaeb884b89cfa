#include "kernel.h"
static u64 gcd(u64 a, u64 b) {
    while (b != 0) {
        u64 t = a % b;
        a = b, b = t;
    }
    return a;
}
void run(void) {
    u64 sum = 0;
    for (u64 i = 1; i < 600; i++)
        for (u64 j = 1; j < 300; j++) sum += gcd(i * 7919, j * 104729);
    print_u64(sum), print_end();
}
