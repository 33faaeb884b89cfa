// See block_set.h. Every operation looks at one word per level.
#include "interp/block_set.h"

#include "support/platform.h"

void block_set_init(BlockSet *set) { *set = (BlockSet){0}; }

void block_set_free(BlockSet *set) {
    platform_release(set->words, set->bytes);
    block_set_init(set);
}

bool block_set_reserve(BlockSet *set, u32 capacity) {
    if (capacity <= set->capacity) return true;
    BlockSet grown = {.capacity = capacity};
    u64 total = 0, words = capacity;
    do {
        words = (words + 63) / 64;
        grown.start[grown.levels++] = (u32)total;
        total += words;
    } while (words > 1);
    grown.bytes = total * 8;
    grown.words = platform_reserve(grown.bytes);
    if (!grown.words) return false;
    // The old members go over word by word; the upper levels follow from them.
    u32 old_words = (set->capacity + 63) / 64;
    for (u32 i = 0; i < old_words; i++) {
        u64 word = set->words[i];
        grown.words[i] = word;
        u32 index = i;
        for (u32 level = 1; word && level < grown.levels; level++, index /= 64)
            grown.words[grown.start[level] + index / 64] |= (u64)1 << (index % 64);
    }
    block_set_free(set);
    *set = grown;
    return true;
}

void block_set_add(BlockSet *set, u32 member) {
    for (u32 level = 0; level < set->levels; level++, member /= 64)
        set->words[set->start[level] + member / 64] |= (u64)1 << (member % 64);
}

void block_set_remove(BlockSet *set, u32 member) {
    for (u32 level = 0; level < set->levels; level++, member /= 64) {
        u64 *word = &set->words[set->start[level] + member / 64];
        *word &= ~((u64)1 << (member % 64));
        if (*word) return;
    }
}

bool block_set_has(const BlockSet *set, u32 member) {
    return member < set->capacity && set->words[member / 64] >> (member % 64) & 1;
}

static u32 highest_bit(u64 word) { return 63 - (u32)__builtin_clzll(word); }

u32 block_set_at_or_below(const BlockSet *set, u32 number) {
    if (set->capacity == 0) return BLOCK_SET_NONE;
    if (number >= set->capacity) number = set->capacity - 1;
    // Up until a level has something at or below, then down along its greatest.
    for (u32 level = 0; level < set->levels; level++) {
        u64 word = set->words[set->start[level] + number / 64] & (~(u64)0 >> (63 - number % 64));
        if (word) {
            u32 found = number / 64 * 64 + highest_bit(word);
            while (level--) found = found * 64 + highest_bit(set->words[set->start[level] + found]);
            return found;
        }
        if (number < 64) return BLOCK_SET_NONE;
        number = number / 64 - 1;
    }
    return BLOCK_SET_NONE;
}
