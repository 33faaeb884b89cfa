// Growing bump arena: memory by lifetime. One per module, pass or run; no single frees.
#ifndef SUPPORT_ARENA_H
#define SUPPORT_ARENA_H

#include "support/base.h"

typedef struct ArenaChunk ArenaChunk;

typedef struct Arena {
    ArenaChunk *current; // newest chunk; older ones linked behind it
    ArenaChunk *spare;   // chunks that rewinds have freed, the one to be used next first
    u8 *next, *end;      // free part of the current chunk
    size_t used;         // bytes handed out and not rewound
    size_t limit;        // most bytes `used` may reach; 0 = no limit
    size_t dirty;        // bytes of the block handed out last that may hold anything; the rest of it is zero
    bool failed;         // sticky: a request failed since init
} Arena;

typedef struct ArenaMark {
    ArenaChunk *chunk;
    u8 *next;
    size_t used;
} ArenaMark;

void arena_init(Arena *arena, size_t limit);
void arena_free(Arena *arena); // all chunks back to the platform; usable again afterwards

// Zeroed, aligned to `align` (a power of two <= 16). NULL when memory or the limit is reached: sets failed.
void *arena_alloc(Arena *arena, size_t count, size_t size, size_t align) MUST_CHECK;
#define arena_new(arena, Type, count) ((Type *)arena_alloc((arena), (count), sizeof(Type), _Alignof(Type)))
#define arena_room(arena, Type, count) ((Type *)arena_take((arena), (count), sizeof(Type), _Alignof(Type)))

// The same, but it holds anything.
void *arena_take(Arena *arena, size_t count, size_t size, size_t align) MUST_CHECK;

// Makes the block that was allocated last larger in its place; false when it is not the last or the chunk has no room
// (nothing changed then). The new bytes hold anything.
bool arena_extend(Arena *arena, void *block, size_t old_size, size_t new_size) MUST_CHECK;

ArenaMark arena_mark(const Arena *arena);
void arena_rewind(Arena *arena, ArenaMark mark); // frees everything allocated since the mark, for this arena

#endif
