#include "kernel.h"
void run(void) {
    static i32 v[2000];
    for (i32 i = 0; i < 2000; i++) v[i] = (i * 7919) % 2003;
    for (i32 i = 1999; i > 0; i--)
        for (i32 j = 0; j < i; j++)
            if (v[j] > v[j + 1]) {
                i32 t = v[j];
                v[j] = v[j + 1], v[j + 1] = t;
            }
    print_i64(v[0]), print_i64(v[1000]), print_i64(v[1999]), print_end();
}
