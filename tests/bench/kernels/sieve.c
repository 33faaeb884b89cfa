#include "kernel.h"
void run(void) {
    static u8 flags[100000];
    u32 count = 0;
    for (u32 round = 0; round < 20; round++) {
        for (u32 i = 0; i < 100000; i++) flags[i] = 1;
        count = 0;
        for (u32 i = 2; i < 100000; i++) {
            if (flags[i] == 1) {
                count++;
                for (u32 k = i + i; k < 100000; k += i) flags[k] = 0;
            }
        }
    }
    print_u64(count), print_end();
}
