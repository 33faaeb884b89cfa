// Bottom-up merge sort: n log n whatever the order of the input, and one look at what is sorted already.
#include "support/sort.h"

static bool is_sorted(const u64 *keys, u32 count) {
    for (u32 i = 1; i < count; i++)
        if (keys[i - 1] > keys[i]) return false;
    return true;
}

bool sort_u64(Arena *scratch, u64 *keys, u32 count) {
    if (is_sorted(keys, count)) return true;
    u64 *from = keys, *to = arena_new(scratch, u64, count);
    if (!to) return false;
    for (u64 width = 1; width < count; width *= 2) {
        for (u64 start = 0; start < count; start += 2 * width) {
            u64 middle = start + width < count ? start + width : count;
            u64 end = middle + width < count ? middle + width : count;
            u64 a = start, b = middle;
            for (u64 i = start; i < end; i++)
                to[i] = a < middle && (b == end || from[a] <= from[b]) ? from[a++] : from[b++];
        }
        u64 *swap = from;
        from = to;
        to = swap;
    }
    if (from != keys) mem_copy(keys, from, count * sizeof *keys);
    return true;
}
