#include "kernel.h"
void run(void) {
    static u32 keys[65536], counts[65536];
    u32 seed = 7, probes = 0, most = 0;
    for (u32 i = 0; i < 1000000; i++) {
        seed = seed * 1103515245 + 12345;
        u32 key = (seed >> 12) % 40000 + 1, at = (key * 2654435769u) >> 16;
        while (keys[at] != key) {
            if (keys[at] == 0) keys[at] = key;
            else at = (at + 1) & 65535, probes++;
        }
        counts[at]++;
    }
    for (u32 i = 0; i < 65536; i++) {
        if (counts[i] > most) most = counts[i];
        counts[i] = keys[i] = 0;
    }
    print_u64(probes), print_u64(most), print_end();
}
