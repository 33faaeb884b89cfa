// What is known of memory at one point: a short list of places and the values that a load from them would give.
// Relies on: addresses (opt/addresses.h). Two slots never share bytes; a slot that does not escape shares none with
// anything else.
#ifndef OPT_MEMORY_STATE_H
#define OPT_MEMORY_STATE_H
#include "opt/addresses.h"

enum { MEMORY_PLACES = 32 }; // known at once; the oldest goes when another comes

typedef struct MemoryPlace {
    u32 slot; // slot + 1 when it certainly lies in that slot; 0 = somewhere
    u32 base; // 0 = exactly at `offset` in the slot; else the address that `offset` counts from
    u32 offset, size;
    u32 row, row_size; // where in the slot it may lie
} MemoryPlace;

typedef struct MemoryEntry {
    MemoryPlace place;
    IrValue value;
    u32 type;
} MemoryEntry;

typedef struct MemoryState {
    MemoryEntry entries[MEMORY_PLACES];
    u32 count;
} MemoryState;

MemoryPlace memory_place(const Addresses *addresses, IrValue address, u32 offset, u32 size);
// The value last stored to or loaded from exactly this place with this type; 0 = not known.
IrValue memory_find(const MemoryState *state, MemoryPlace place, u32 type);
void memory_add(MemoryState *state, MemoryPlace place, IrValue value, u32 type);
// Forgets what a write to this place may change.
void memory_write(MemoryState *state, const Addresses *addresses, MemoryPlace place);
// Forgets what code that cannot be seen may change.
void memory_clobber(MemoryState *state, const Addresses *addresses);
// Keeps what both states agree on.
void memory_meet(MemoryState *state, const MemoryEntry *other, u32 other_count);

#endif
