#include "kernel.h"
static u32 place(u32 all, u32 columns, u32 left, u32 right) {
    if (columns == all) return 1;
    u32 free = all & ~(columns | left | right), count = 0;
    while (free != 0) {
        u32 bit = free & -free;
        free ^= bit;
        count += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return count;
}
void run(void) { print_u64(place(1023, 0, 0, 0)), print_end(); }
