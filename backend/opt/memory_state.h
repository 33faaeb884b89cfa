// What is known of memory at one point: a short list of places and the values that a load from them would give, or the address
// that they hold a copy from.
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
    u32 type;   // VOID: the place, in a slot, holds what stands at the address `value`,
    u32 behind; // so many bytes on
} MemoryEntry;

typedef struct MemoryState {
    MemoryEntry entries[MEMORY_PLACES];
    u32 count;
} MemoryState;

MemoryPlace memory_place(const Addresses *addresses, IrValue address, u32 offset, u32 size);
// The value last stored to or loaded from exactly this place with this type; 0 = not known.
IrValue memory_find(const MemoryState *state, const MemoryPlace *place, u32 type);
void memory_add(MemoryState *state, const MemoryPlace *place, IrValue value, u32 type);
// The copy that these bytes are part of; NULL = none is known.
const MemoryEntry *memory_copy_of(const MemoryState *state, const MemoryPlace *place);
// Notes a COPY from so many bytes behind an address, once its write is noted.
void memory_add_copy(MemoryState *state, const Addresses *addresses, const MemoryPlace *to, IrValue from, u32 behind);
// Forgets what a write to this place may change.
void memory_write(MemoryState *state, const Addresses *addresses, const MemoryPlace *place);
// Forgets what code that cannot be seen may change.
void memory_clobber(MemoryState *state, const Addresses *addresses);
// Keeps what both states agree on.
void memory_meet(MemoryState *state, const MemoryEntry *other, u32 other_count);

#endif
