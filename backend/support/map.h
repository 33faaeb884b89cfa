// Hash map from u64 to u32 in an arena. No removal. Zero-initialised = empty. Look-up and insertion take a bounded
// number of steps whatever the keys: they come from hostile files, and a fixed hash without chance can be worked out by
// anybody.
#ifndef SUPPORT_MAP_H
#define SUPPORT_MAP_H

#include "support/arena.h"

typedef struct MapEntry {
    u64 key;
    u32 value;
    u32 filled_in; // in use if equal to the map's round
} MapEntry;

typedef struct MapNode MapNode;

typedef struct Map {
    MapEntry *entries; // power-of-two table, at most half full
    u32 count, capacity;
    u32 round;         // 1 + times cleared: clearing costs nothing, so one large function does not slow the next ones
    MapNode *overflow; // keys that found no place within the longest probe
} Map;

enum { MAP_NONE = 0xffffffffu };

// The value of `key`, or MAP_NONE.
u32 map_get(const Map *map, u64 key);
// Sets (or replaces) the value of `key`; false when memory is out.
bool map_set(Arena *arena, Map *map, u64 key, u32 value) MUST_CHECK;
// Empties the map and keeps its storage.
void map_clear(Map *map);

// A 64-bit hash of bytes, for keys made from text (compare the text on a hit). Colliding texts cannot be made cheaply.
u64 hash_bytes(const void *data, size_t len);

#endif
