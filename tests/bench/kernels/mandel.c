#include "kernel.h"
static i32 escape(f64 cx, f64 cy) {
    f64 x = 0, y = 0, r = 0;
    i32 k = 0;
    while (k < 200 && r < 4.0) {
        f64 nx = x * x - y * y + cx;
        y = 2.0 * x * y + cy;
        x = nx;
        r = x * x + y * y;
        k++;
    }
    return k;
}
void run(void) {
    i32 sum = 0;
    for (f64 cy = 0.0 - 1.2; cy < 1.2; cy += 0.0125)
        for (f64 cx = 0.0 - 2.0; cx < 0.6; cx += 0.0125) sum += escape(cx, cy);
    print_i64(sum), print_end();
}
