#include "kernel.h"
void run(void) {
    i64 sum = 0;
    for (i64 i = 0; i < 1000000; i += 3)
        for (i64 n = i * 12345; n > 0; n /= 10) sum += n % 10;
    print_i64(sum), print_end();
}
