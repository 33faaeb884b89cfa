#include "kernel.h"
void run(void) {
    static u8 text[20000];
    u8 word[12];
    i32 fail[13];
    u32 s = 3;
    for (i32 i = 0; i < 20000; i++) {
        s = s * 1664525u + 1013904223u;
        text[i] = (u8)((s >> 28) % 2);
    }
    for (i32 i = 0; i < 12; i++) word[i] = text[i + 100];
    i32 k = 0;
    fail[0] = 0;
    for (i32 i = 1; i < 12; i++) {
        while (k > 0 && word[i] != word[k]) k = fail[k - 1];
        if (word[i] == word[k]) k++;
        fail[i] = k;
    }
    i32 found = 0;
    for (i32 r = 0; r < 20; r++) {
        k = 0;
        for (i32 i = 0; i < 20000; i++) {
            while (k > 0 && text[i] != word[k]) k = fail[k - 1];
            if (text[i] == word[k]) k++;
            if (k == 12) {
                found++;
                k = fail[11];
            }
        }
    }
    print_i64(found), print_end();
}
