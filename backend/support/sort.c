// Bottom-up merge sort: n log n whatever the order of the input, and one look at what is sorted already.
#include "support/sort.h"

bool sort_items(Arena *scratch, void *items, u32 count, size_t size, SortBefore *before) {
    u32 sorted = 1;
    u8 *from = items;
    while (sorted < count && !before(from + sorted * size, from + (sorted - 1) * size)) sorted++;
    if (sorted >= count) return true;
    u8 *to = arena_take(scratch, count, size, 16);
    if (!to) return false;
    for (u64 width = 1; width < count; width *= 2) {
        for (u64 start = 0; start < count; start += 2 * width) {
            u64 middle = start + width < count ? start + width : count;
            u64 end = middle + width < count ? middle + width : count;
            u64 a = start, b = middle;
            for (u64 i = start; i < end; i++) {
                bool first = a < middle && (b == end || !before(from + b * size, from + a * size));
                mem_copy(to + i * size, from + (first ? a++ : b++) * size, size);
            }
        }
        u8 *swap = from;
        from = to;
        to = swap;
    }
    if (from != items) mem_copy(items, from, count * size);
    return true;
}

static bool is_less(const void *a, const void *b) { return *(const u64 *)a < *(const u64 *)b; }

bool sort_u64(Arena *scratch, u64 *keys, u32 count) { return sort_items(scratch, keys, count, sizeof *keys, is_less); }
