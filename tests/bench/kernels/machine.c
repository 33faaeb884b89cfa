#include "kernel.h"
void run(void) {
    static i32 code[16];
    for (i32 i = 0; i < 16; i++) code[i] = i * 7 % 5;
    i32 pc = 0, a = 1, b = 2;
    for (i32 i = 0; i < 3000000; i++) {
        switch (code[pc]) {
        case 0: a = a + b; break;
        case 1: b = b ^ a; break;
        case 2: a = a - 3; break;
        case 3: b = b * 5 + 1; break;
        default: {
            i32 t = a;
            a = b;
            b = t;
        }
        }
        pc = (pc + 1) & 15;
    }
    print_i64(a), print_i64(b), print_end();
}
