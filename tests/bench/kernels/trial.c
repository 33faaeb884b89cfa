#include "kernel.h"
void run(void) {
    i32 count = 0;
    for (i32 n = 3; n < 60000; n += 2) {
        i32 prime = 1;
        for (i32 d = 3; prime == 1; d += 2) {
            if (d * d > n) prime = 2;
            else if (n % d == 0) prime = 0;
        }
        count += prime;
    }
    print_i64(count), print_end();
}
