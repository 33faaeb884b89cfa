// Bump arena over platform blocks. Chunks double from 16 KiB to 1 MiB, so that a small program costs little and a large
// one needs few blocks; what is larger gets a chunk of its own. What a rewind frees is kept for the next requests: whoever
// rewinds after each function would otherwise get, zero and give back whole chunks for each of them.
#include "support/arena.h"

#include "support/platform.h"

struct ArenaChunk {
    ArenaChunk *older;
    size_t size; // of the whole block, header included
    u8 *zero;    // bytes from here to the end have never been handed out and are zero
};

enum { CHUNK_FIRST = 16 << 10, CHUNK_LARGEST = 1 << 20, CHUNK_HEADER = (sizeof(ArenaChunk) + 15) & ~15 };

void arena_init(Arena *arena, size_t limit) { *arena = (Arena){.limit = limit}; }

static void release_all(ArenaChunk **list) {
    while (*list) {
        ArenaChunk *older = (*list)->older;
        platform_release(*list, (*list)->size);
        *list = older;
    }
}

void arena_free(Arena *arena) {
    release_all(&arena->current);
    release_all(&arena->spare);
    arena_init(arena, arena->limit);
}

static ArenaChunk *new_chunk(const Arena *arena, size_t needed) {
    size_t size = arena->current ? arena->current->size * 2 : CHUNK_FIRST;
    if (size > CHUNK_LARGEST) size = CHUNK_LARGEST;
    if (size < needed) size = needed;
    u8 *zero;
    ArenaChunk *chunk = platform_reserve_used(size, &zero);
    if (!chunk) return NULL;
    u8 *first = (u8 *)chunk + CHUNK_HEADER;
    chunk->size = size;
    chunk->zero = zero < first ? first : zero;
    return chunk;
}

static bool add_chunk(Arena *arena, size_t bytes) {
    size_t needed;
    if (add_overflows(bytes, (size_t)CHUNK_HEADER, &needed)) return false;
    ArenaChunk *chunk = arena->spare;
    if (chunk && chunk->size >= needed) {
        arena->spare = chunk->older;
    } else {
        release_all(&arena->spare); // so that no more is kept than was in use at a time
        chunk = new_chunk(arena, needed);
        if (!chunk) return false;
    }
    chunk->older = arena->current;
    arena->current = chunk;
    arena->next = (u8 *)chunk + CHUNK_HEADER;
    arena->end = (u8 *)chunk + chunk->size;
    return true;
}

static u8 *fail(Arena *arena) {
    arena->failed = true;
    return NULL;
}

static u8 *carve(Arena *arena, size_t count, size_t size, size_t align) {
    size_t bytes, used;
    if (mul_overflows(count, size, &bytes) || add_overflows(arena->used, bytes, &used)) return fail(arena);
    if (arena->limit && used > arena->limit) return fail(arena);
    size_t skip = -(size_t)arena->next & (align - 1), left = (size_t)(arena->end - arena->next);
    if (!arena->current || left < skip || left - skip < bytes) {
        if (!add_chunk(arena, bytes)) return fail(arena);
        skip = 0; // chunks start 16-aligned
    }
    u8 *block = arena->next + skip, *end = block + bytes, **zero = &arena->current->zero;
    arena->next = end;
    arena->used = used;
    arena->dirty = bytes;
    if (end > *zero) {
        arena->dirty = block < *zero ? (size_t)(*zero - block) : 0;
        *zero = end;
    }
    return block;
}

void *arena_alloc(Arena *arena, size_t count, size_t size, size_t align) {
    u8 *block = carve(arena, count, size, align);
    if (block) mem_zero(block, arena->dirty);
    return block;
}

void *arena_take(Arena *arena, size_t count, size_t size, size_t align) {
    u8 *block = carve(arena, count, size, align);
#ifdef TEST_BUILD
    // So that nobody comes to count on zeros.
    if (block) __builtin_memset(block, 0xa5, count * size);
#endif
    return block;
}

bool arena_extend(Arena *arena, void *block, size_t old_size, size_t new_size) {
    if (!block || (u8 *)block + old_size != arena->next) return false;
    size_t more = new_size - old_size;
    if (more > (size_t)(arena->end - arena->next)) return false;
    return arena_take(arena, more, 1, 1) != NULL;
}

ArenaMark arena_mark(const Arena *arena) { return (ArenaMark){arena->current, arena->next, arena->used}; }

void arena_rewind(Arena *arena, ArenaMark mark) {
    while (arena->current != mark.chunk) {
        ArenaChunk *chunk = arena->current;
        arena->current = chunk->older;
        chunk->older = arena->spare;
        arena->spare = chunk;
    }
    arena->next = mark.next;
    arena->end = mark.chunk ? (u8 *)mark.chunk + mark.chunk->size : NULL;
    arena->used = mark.used;
}
