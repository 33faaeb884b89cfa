#include "kernel.h"
static i32 a(i32 x, i32 y) { return (i32)((u32)x * 3 + (u32)y); }
static i32 b(i32 x) { return (i32)((u32)a(x, 1) - (u32)a(1, x)); }
void run(void) {
    i32 s = 0;
    for (i32 i = 0; i < 3000000; i++) s = (i32)((u32)s + (u32)b(i)) % 1000003;
    print_i64(s), print_end();
}
