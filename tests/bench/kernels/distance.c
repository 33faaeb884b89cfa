#include "kernel.h"
void run(void) {
    static u8 a[1000], b[1000];
    static u32 row[1001];
    for (u32 i = 0; i < 1000; i++) a[i] = i * 7 % 26, b[i] = i * 11 % 26;
    for (u32 round = 0; round < 3; round++) {
        for (u32 j = 0; j <= 1000; j++) row[j] = j;
        for (u32 i = 0; i < 1000; i++) {
            u32 corner = row[0];
            row[0] = i + 1;
            for (u32 j = 0; j < 1000; j++) {
                u32 least = corner + (a[i] != b[j]);
                corner = row[j + 1];
                if (corner + 1 < least) least = corner + 1;
                if (row[j] + 1 < least) least = row[j] + 1;
                row[j + 1] = least;
            }
        }
    }
    print_u64(row[1000]), print_end();
}
