// Lists of at most MEMORY_PLACES entries, searched in full: cheap enough, and no structure to keep in step.
#include "opt/memory_state.h"

MemoryPlace memory_place(const Addresses *addresses, IrValue address, u32 offset, u32 size) {
    Address place = address_access(addresses, address, offset, size);
    if (!place.slot) {
        u32 slot = address < addresses->count ? addresses->of[address].slot : 0;
        return (MemoryPlace){slot, address, offset, size, 0, NO_INDEX};
    }
    if (!place.span) return (MemoryPlace){place.slot, 0, place.offset, size, place.offset, size};
    return (MemoryPlace){place.slot, address, offset, size, place.offset, place.span};
}

static bool disjoint(u32 a, u32 a_size, u32 b, u32 b_size) { return (u64)a + a_size <= b || (u64)b + b_size <= a; }

static bool slot_escapes(const Addresses *addresses, u32 slot) { return !slot || addresses->slots[slot - 1].escapes; }

static bool may_overlap(const Addresses *addresses, const MemoryPlace *a, const MemoryPlace *b) {
    if (a->slot && b->slot && a->slot != b->slot) return false;
    if (a->base && a->base == b->base) return !disjoint(a->offset, a->size, b->offset, b->size);
    if (a->slot && b->slot) return !disjoint(a->row, a->row_size, b->row, b->row_size);
    return slot_escapes(addresses, a->slot) && slot_escapes(addresses, b->slot);
}

static bool same_place(const MemoryPlace *a, const MemoryPlace *b) {
    return a->base == b->base && a->slot == b->slot && a->offset == b->offset && a->size == b->size;
}

IrValue memory_find(const MemoryState *state, const MemoryPlace *place, u32 type) {
    for (u32 i = state->count; i-- > 0;) {
        const MemoryEntry *entry = &state->entries[i];
        if (entry->type == type && same_place(&entry->place, place)) return entry->value;
    }
    return 0;
}

const MemoryEntry *memory_copy_of(const MemoryState *state, const MemoryPlace *place) {
    if (!place->slot || place->base) return NULL;
    for (u32 i = state->count; i-- > 0;) {
        const MemoryEntry *entry = &state->entries[i];
        if (entry->type == IR_VOID && entry->place.slot == place->slot && place->offset >= entry->place.offset &&
            place->offset + place->size <= entry->place.offset + entry->place.size)
            return entry;
    }
    return NULL;
}

static void add(MemoryState *state, const MemoryPlace *place, IrValue value, u32 type, u32 behind) {
    if (state->count == MEMORY_PLACES) {
        mem_move(state->entries, state->entries + 1, (MEMORY_PLACES - 1) * sizeof(MemoryEntry));
        state->count--;
    }
    state->entries[state->count++] = (MemoryEntry){*place, value, type, behind};
}

void memory_add(MemoryState *state, const MemoryPlace *place, IrValue value, u32 type) {
    add(state, place, value, type, 0);
}

void memory_add_copy(MemoryState *state, const Addresses *addresses, const MemoryPlace *to, IrValue from, u32 behind) {
    MemoryPlace source = memory_place(addresses, from, behind, to->size);
    if (to->slot && !to->base && !may_overlap(addresses, to, &source)) add(state, to, from, IR_VOID, behind);
}

// Whether it holds after a write to the place; NULL: to every place that escapes.
static bool outlives(const Addresses *addresses, const MemoryEntry *entry, const MemoryPlace *written) {
    MemoryPlace place = entry->place;
    for (bool original = false;; original = true) {
        if (written ? may_overlap(addresses, &place, written) : slot_escapes(addresses, place.slot)) return false;
        if (original || entry->type != IR_VOID) return true;
        place = memory_place(addresses, entry->value, entry->behind, place.size);
    }
}

void memory_write(MemoryState *state, const Addresses *addresses, const MemoryPlace *place) {
    u32 kept = 0;
    for (u32 i = 0; i < state->count; i++) {
        if (!outlives(addresses, &state->entries[i], place)) continue;
        if (kept != i) state->entries[kept] = state->entries[i];
        kept++;
    }
    state->count = kept;
}

void memory_clobber(MemoryState *state, const Addresses *addresses) { memory_write(state, addresses, NULL); }

void memory_meet(MemoryState *state, const MemoryEntry *other, u32 other_count) {
    u32 kept = 0;
    for (u32 i = 0; i < state->count; i++) {
        const MemoryEntry *entry = &state->entries[i];
        bool agreed = false;
        for (u32 k = 0; k < other_count && !agreed; k++)
            agreed = other[k].value == entry->value && other[k].type == entry->type &&
                     other[k].behind == entry->behind && same_place(&other[k].place, &entry->place);
        if (agreed) state->entries[kept++] = *entry;
    }
    state->count = kept;
}
