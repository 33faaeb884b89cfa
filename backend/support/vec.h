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
#define vec_reserve(arena, vec, extra) vec_grow((arena), (vec), (extra), sizeof(*(vec)->items))

// Appends one item; false when memory is out. The item is worked out after its place is made: it must not touch the
// array itself. Out of line, because there are a hundred of these.
#define vec_push(arena, vec, item)                                                           \
    __extension__({                                                                          \
        __typeof__((vec)->items) vec_place = vec_add((arena), (vec), sizeof(*(vec)->items)); \
        if (vec_place) *vec_place = (item);                                                  \
        vec_place != NULL;                                                                   \
    })

// The place of a new last item as vec_add gives it, without a call where there is room: for what is done per instruction.
#define vec_place(arena, vec)                                       \
    ((vec)->count < (vec)->capacity ? (vec)->items + (vec)->count++ \
                                    : (__typeof__((vec)->items))vec_add((arena), (vec), sizeof(*(vec)->items)))

// The functions behind the macros; `vec` is any VEC.
bool vec_grow(Arena *arena, void *vec, u32 extra, size_t item_size) MUST_CHECK;
void *vec_add(Arena *arena, void *vec, size_t item_size) MUST_CHECK; // the new last item's place, or NULL

#endif
