// Growth of the typed arrays of vec.h: doubling, in place where the array is the last thing in its arena.
#include "support/vec.h"

enum { FIRST_CAPACITY = 8 };

// Every VEC has this layout, whatever its items are.
typedef VEC(void) __attribute__((may_alias)) AnyVec;

bool vec_grow(Arena *arena, void *vec, u32 extra, size_t item_size) {
    AnyVec *v = vec;
    u32 needed;
    if (add_overflows(v->count, extra, &needed)) {
        arena->failed = true;
        return false;
    }
    if (needed <= v->capacity) return true;
    u32 wanted = v->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : v->capacity;
    if (mul_overflows(wanted, 2u, &wanted) || wanted < needed) wanted = needed;
    size_t size;
    if (mul_overflows((size_t)wanted, item_size, &size)) {
        arena->failed = true;
        return false;
    }
    if (!arena_extend(arena, v->items, v->capacity * item_size, size)) {
        void *moved = arena_take(arena, wanted, item_size, 16);
        if (!moved) return false;
        if (v->count) mem_copy(moved, v->items, v->count * item_size);
        v->items = moved;
    }
    v->capacity = wanted;
    return true;
}

void *vec_add(Arena *arena, void *vec, size_t item_size) {
    AnyVec *v = vec;
    if (v->count == v->capacity && !vec_grow(arena, vec, 1, item_size)) return NULL;
    return (u8 *)v->items + v->count++ * item_size;
}
