// Open addressing with probes of at most PROBE_MOST entries. A key that finds no place within them, which only hostile
// keys bring about, goes to a tree that branches on the bits of the hash. The hash is a bijection of the key, so the
// tree is at most 32 deep and no file can make a look-up slow.
#include "support/map.h"

enum { PROBE_MOST = 32, FIRST_CAPACITY = 16 };

struct MapNode {
    u64 key;
    MapNode *children[4]; // by two bits of the hash per level
    u32 value;
};

// Finaliser of splitmix64: every input bit reaches every output bit, and it can be undone.
static u64 mix(u64 key) {
    key = (key ^ key >> 30) * 0xbf58476d1ce4e5b9u;
    key = (key ^ key >> 27) * 0x94d049bb133111ebu;
    return key ^ key >> 31;
}

// The entry that holds `key` or where it may be put; NULL if it is neither in reach nor has a place.
static MapEntry *find(const Map *map, u64 key, u64 hash) {
    u32 mask = map->capacity - 1;
    for (u32 probe = 0; probe < PROBE_MOST; probe++) {
        MapEntry *entry = &map->entries[((u32)(hash >> 32) + probe) & mask];
        if (entry->filled_in != map->round || entry->key == key) return entry;
    }
    return NULL;
}

static MapNode *find_overflow(const Map *map, u64 key, u64 hash) {
    MapNode *node = map->overflow;
    for (; node && node->key != key; hash >>= 2) node = node->children[hash & 3];
    return node;
}

u32 map_get(const Map *map, u64 key) {
    if (map->count == 0) return MAP_NONE;
    u64 hash = mix(key);
    MapEntry *entry = find(map, key, hash);
    if (entry && entry->filled_in == map->round) return entry->value;
    MapNode *node = find_overflow(map, key, hash);
    return node ? node->value : MAP_NONE;
}

static bool set_overflow(Arena *arena, Map *map, u64 key, u64 hash, u32 value) {
    MapNode **link = &map->overflow;
    for (; *link; hash >>= 2) link = &(*link)->children[hash & 3];
    MapNode *node = arena_new(arena, MapNode, 1);
    if (!node) return false;
    node->key = key;
    node->value = value;
    *link = node;
    return true;
}

static bool insert(Arena *arena, Map *map, u64 key, u32 value) {
    u64 hash = mix(key);
    MapEntry *entry = find(map, key, hash);
    if (!entry) return set_overflow(arena, map, key, hash, value);
    *entry = (MapEntry){key, value, map->round};
    return true;
}

static bool grow(Arena *arena, Map *map) {
    Map larger = {.round = 1, .count = map->count, .overflow = map->overflow};
    if (mul_overflows(map->capacity ? map->capacity : FIRST_CAPACITY / 2, 2u, &larger.capacity)) return false;
    larger.entries = arena_new(arena, MapEntry, larger.capacity);
    if (!larger.entries) return false;
    for (u32 i = 0; i < map->capacity; i++) {
        MapEntry *entry = &map->entries[i];
        if (entry->filled_in == map->round && !insert(arena, &larger, entry->key, entry->value)) return false;
    }
    *map = larger;
    return true;
}

bool map_set(Arena *arena, Map *map, u64 key, u32 value) {
    if (map->count >= map->capacity / 2 && !grow(arena, map)) return false;
    u64 hash = mix(key);
    MapEntry *entry = find(map, key, hash);
    if (entry && entry->filled_in == map->round) {
        entry->value = value;
        return true;
    }
    MapNode *node = find_overflow(map, key, hash);
    if (node) {
        node->value = value;
        return true;
    }
    if (entry) {
        *entry = (MapEntry){key, value, map->round};
    } else if (!set_overflow(arena, map, key, hash, value)) {
        return false;
    }
    map->count++;
    return true;
}

void map_clear(Map *map) {
    map->count = 0;
    map->overflow = NULL;
    if (++map->round == 0) {
        if (map->capacity) mem_zero(map->entries, map->capacity * sizeof(MapEntry));
        map->round = 1;
    }
}

HOT_INLINE u64 rotate(u64 x, u32 by) { return x << by | x >> (64 - by); }

static void sip_round(u64 v[4]) {
    v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
    v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
}

// SipHash-1-3 with a fixed key: texts that collide can't be worked out faster than by trying 2^32 of them each.
u64 hash_bytes(const void *data, size_t len) {
    u64 v[4] = {0x736f6d6570736575u, 0x646f72616e646f6du, 0x6c7967656e657261u, 0x7465646279746573u};
    const u8 *bytes = data;
    u64 last = (u64)len << 56;
    for (; len >= 8; len -= 8, bytes += 8) {
        u64 word;
        mem_copy(&word, bytes, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    for (size_t i = 0; i < len; i++) last |= (u64)bytes[i] << (8 * i);
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (u32 i = 0; i < 3; i++) sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
