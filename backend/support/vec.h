// Typed growable array in an arena. Growing leaves the old storage to the arena (at most the same size again).
// Declare: `typedef VEC(Thing) ThingVec;`. Zero-initialised = empty.
#ifndef SUPPORT_VEC_H
#define SUPPORT_VEC_H

#include "support/arena.h"

#define VEC(Type)            \
    struct {                 \
        Type *items;         \
        u32 count, capacity; \
    }

// Makes room for `extra` more items; false when memory is out (arena->failed is set).
#define vec_reserve(arena, vec, extra) \
    vec_grow((arena), (void **)&(vec)->items, &(vec)->capacity, (vec)->count, (extra), sizeof(*(vec)->items))

// Appends one item; false when memory is out.
#define vec_push(arena, vec, item)                                      \
    (((vec)->count < (vec)->capacity || vec_reserve((arena), (vec), 1)) \
         ? ((vec)->items[(vec)->count++] = (item), true)                \
         : false)

bool vec_grow(Arena *arena, void **items, u32 *capacity, u32 count, u32 extra, size_t item_size) MUST_CHECK;

#endif
