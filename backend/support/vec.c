// Growth of the typed arrays of vec.h: doubling, in place where the array is the last thing in its arena.
#include "support/vec.h"

enum { FIRST_CAPACITY = 8 };

bool vec_grow(Arena *arena, void **items, u32 *capacity, u32 count, u32 extra, size_t item_size) {
    u32 needed;
    if (add_overflows(count, extra, &needed)) {
        arena->failed = true;
        return false;
    }
    if (needed <= *capacity) return true;
    u32 wanted = *capacity < FIRST_CAPACITY ? FIRST_CAPACITY : *capacity;
    if (mul_overflows(wanted, 2u, &wanted) || wanted < needed) wanted = needed;
    size_t size;
    if (mul_overflows((size_t)wanted, item_size, &size)) {
        arena->failed = true;
        return false;
    }
    if (!arena_extend(arena, *items, *capacity * item_size, size)) {
        void *moved = arena_alloc(arena, wanted, item_size, 16);
        if (!moved) return false;
        if (count) mem_copy(moved, *items, count * item_size);
        *items = moved;
    }
    *capacity = wanted;
    return true;
}
