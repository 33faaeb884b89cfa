#include "kernel.h"
static f64 root(f64 x) {
    f64 y = x * 0.5 + 0.5;
    for (i32 i = 0; i < 6; i++) y = (y + x / y) * 0.5;
    return y;
}
void run(void) {
    f64 x[5], y[5], vx[5], vy[5], m[5];
    for (i32 i = 0; i < 5; i++) {
        x[i] = i * 1.5 - 2.0, y[i] = (f64)(i * i) * 0.25, vx[i] = 0.01 * i, vy[i] = 0.02 - 0.01 * i, m[i] = 1.0 + i;
    }
    for (i32 step = 0; step < 20000; step++) {
        for (i32 i = 0; i < 5; i++)
            for (i32 j = i + 1; j < 5; j++) {
                f64 dx = x[i] - x[j], dy = y[i] - y[j], d = dx * dx + dy * dy + 0.01, mag = 0.0001 / (d * root(d));
                vx[i] -= dx * m[j] * mag, vy[i] -= dy * m[j] * mag;
                vx[j] += dx * m[i] * mag, vy[j] += dy * m[i] * mag;
            }
        for (i32 i = 0; i < 5; i++) x[i] += 0.0001 * vx[i], y[i] += 0.0001 * vy[i];
    }
    print_f64(x[0]), print_f64(y[4]), print_end();
}
