// Sorting of numbers: what is to be sorted by stands in the upper bits, which item it is in the lower ones.
#ifndef SUPPORT_SORT_H
#define SUPPORT_SORT_H

#include "support/arena.h"

// Ascending. The scratch arena keeps as much as the keys take. False when memory is out.
bool sort_u64(Arena *scratch, u64 *keys, u32 count) MUST_CHECK;

#endif
