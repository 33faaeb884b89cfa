#include "kernel.h"
void run(void) {
    static u32 table[256];
    static u8 data[4096];
    for (u32 i = 0; i < 256; i++) {
        u32 c = i;
        for (u32 k = 0; k < 8; k++) c = c & 1 ? c >> 1 ^ 3988292384u : c >> 1;
        table[i] = c;
    }
    for (u32 i = 0; i < 4096; i++) data[i] = (u8)(i * 31);
    u32 crc = 4294967295;
    for (u32 round = 0; round < 1000; round++)
        for (u32 i = 0; i < 4096; i++) crc = table[(crc ^ data[i]) & 255] ^ crc >> 8;
    print_u64(crc), print_end();
}
