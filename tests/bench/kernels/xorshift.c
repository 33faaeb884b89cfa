#include "kernel.h"
void run(void) {
    u64 s = 881726454633;
    u32 low = 0;
    for (u32 i = 0; i < 5000000; i++) {
        s ^= s << 13, s ^= s >> 7, s ^= s << 17;
        if ((s & 1023) < 100) low++;
    }
    print_u64(low), print_u64(s), print_end();
}
