#include "kernel.h"
static f64 entry(i32 i, i32 j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }
void run(void) {
    f64 u[100], v[100];
    for (i32 i = 0; i < 100; i++) u[i] = 1.0;
    for (i32 round = 0; round < 100; round++) {
        for (i32 i = 0; i < 100; i++) {
            f64 sum = 0;
            for (i32 j = 0; j < 100; j++) sum += entry(i, j) * u[j];
            v[i] = sum;
        }
        for (i32 i = 0; i < 100; i++) {
            f64 sum = 0;
            for (i32 j = 0; j < 100; j++) sum += entry(j, i) * v[j];
            u[i] = sum * 0.6;
        }
    }
    print_f64(u[0]), print_f64(v[99]), print_end();
}
