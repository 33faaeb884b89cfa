#include "kernel.h"
static i32 odd(i32 n);
static i32 even(i32 n) { return n == 0 ? 1 : odd(n - 1); }
static i32 odd(i32 n) { return n == 0 ? 0 : even(n - 1); }
void run(void) {
    i32 count = 0;
    for (i32 i = 0; i < 3000; i++) count += even(i);
    print_i64(count), print_end();
}
