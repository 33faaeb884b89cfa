// A set of small numbers that finds the greatest member not above a number: which heap block an address lies in.
// A tree of 64-bit words, each bit of a level saying that a word of the level below is not empty.
#ifndef INTERP_BLOCK_SET_H
#define INTERP_BLOCK_SET_H

#include "support/base.h"

enum { BLOCK_SET_LEVELS = 6, BLOCK_SET_NONE = 0xffffffffu };

typedef struct BlockSet {
    u64 *words;   // all levels in one block, the lowest first
    size_t bytes; // of `words`
    u32 start[BLOCK_SET_LEVELS];
    u32 levels;
    u32 capacity; // members are below this
} BlockSet;

void block_set_init(BlockSet *set);
void block_set_free(BlockSet *set);
// Makes room for members below `capacity`; false when memory is out (the set is unchanged).
bool block_set_reserve(BlockSet *set, u32 capacity) MUST_CHECK;
void block_set_add(BlockSet *set, u32 member);
void block_set_remove(BlockSet *set, u32 member);
bool block_set_has(const BlockSet *set, u32 member);
// The greatest member <= `number`, or BLOCK_SET_NONE.
u32 block_set_at_or_below(const BlockSet *set, u32 number);

#endif
