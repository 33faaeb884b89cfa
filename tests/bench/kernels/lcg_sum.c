#include "kernel.h"
void run(void) {
    u32 x = 12345;
    i32 acc = 0;
    for (i32 i = 0; i < 10000000; i++) {
        x = x * 1103515245 + 12345;
        if ((i32)x % 16 == 7) acc += 3;
        acc++;
    }
    print_i64(acc), print_i64((i32)x), print_end();
}
