// The guest heap (spec jsrs.md 10.1, 11.2): rows of elements with their count, allocated, resized, freed and copied.
// Deterministic. A block is a 16-byte header and its row, which is what programs point to:
//
//     u32 capacity in bytes | u32 element bytes | u32 next free block | u32 count of elements | row ...
//
// so the count of a row lies 4 bytes before it, where INDEX reads it. Blocks come in size classes with one free list
// each. Which addresses are live rows is kept outside of guest memory, so a damaged header can harm the program only.
#ifndef INTERP_HEAP_H
#define INTERP_HEAP_H

#include "interp/block_set.h"
#include "interp/memory.h"

enum { HEAP_HEADER = 16, HEAP_CLASSES = 128 };

typedef struct Heap {
    GuestMemory *memory;
    u32 base;               // granules are counted from here
    u32 free[HEAP_CLASSES]; // row address of the first free block of a class, 0 = none
    BlockSet live;          // granules at which live rows start
} Heap;

void heap_init(Heap *heap, GuestMemory *memory);
void heap_free_all(Heap *heap);

// Pointers are IR pointers: address and, in the high half, elements moved. Counts as the program gave them (i64).
// All give TRAP_NONE or why they fail.
TrapKind heap_alloc(Heap *heap, u64 count, u32 element, u64 *out);
TrapKind heap_realloc(Heap *heap, u64 pointer, u64 old_count, u64 new_count, u32 element, u64 *out);
TrapKind heap_release(Heap *heap, u64 pointer, u64 count);
TrapKind heap_copy(Heap *heap, u64 source, u64 destination, u64 count, u32 element);

#endif
