// Sorting of items, in place; equal ones keep their order. The scratch arena keeps as much as the items take. False when
// memory is out.
#ifndef SUPPORT_SORT_H
#define SUPPORT_SORT_H

#include "support/arena.h"

typedef bool SortBefore(const void *a, const void *b);
bool sort_items(Arena *scratch, void *items, u32 count, size_t size, SortBefore *before) MUST_CHECK;

// Ascending: what is to be sorted by stands in the upper bits, which item it is in the lower ones.
bool sort_u64(Arena *scratch, u64 *keys, u32 count) MUST_CHECK;

#endif
