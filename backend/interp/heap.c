// See heap.h.
#include "interp/heap.h"

enum { HEADER_CAPACITY = 16, HEADER_ELEMENT = 12, HEADER_NEXT = 8, HEADER_COUNT = 4, COUNT_MAX_BITS = 32 };

static u32 header_get(const Heap *heap, u32 row, u32 field) {
    u32 value;
    mem_copy(&value, heap->memory->bytes + row - field, 4);
    return value;
}
static void header_set(Heap *heap, u32 row, u32 field, u32 value) {
    mem_copy(heap->memory->bytes + row - field, &value, 4);
}

void heap_init(Heap *heap, GuestMemory *memory) {
    *heap = (Heap){.memory = memory, .base = (u32)memory->top};
    block_set_init(&heap->live);
}

void heap_free_all(Heap *heap) { block_set_free(&heap->live); }

static u32 granule(const Heap *heap, u32 row) { return (row - heap->base) / GUEST_ALIGN; }

// Rounds a block's size in granules up to its class: exact up to 8, then four classes per doubling.
static u32 size_class(u64 granules, u64 *rounded) {
    if (granules <= 8) {
        *rounded = granules;
        return (u32)granules;
    }
    u32 log = 63 - (u32)__builtin_clzll(granules - 1);
    u64 step = (u64)1 << (log - 2);
    *rounded = (granules + step - 1) & ~(step - 1);
    return 8 + (log - 3) * 4 + (u32)((*rounded - 1) >> (log - 2)) - 3;
}

// A free block of the class whose header still makes sense, or 0. Programs with stale pointers can overwrite headers.
static u32 take_free(Heap *heap, u32 class, u64 capacity) {
    u32 row = heap->free[class];
    if (row == 0) return 0;
    u32 next = header_get(heap, row, HEADER_NEXT);
    bool sane = next == 0 ||
                (next % GUEST_ALIGN == 0 && next >= heap->base + HEAP_HEADER && next < heap->memory->top &&
                 !block_set_has(&heap->live, granule(heap, next)) &&
                 header_get(heap, next, HEADER_CAPACITY) == capacity && memory_contains(heap->memory, next, capacity));
    heap->free[class] = sane ? next : 0;
    return row;
}

// A zeroed row of `count` elements. Counts here and below are at most 32 bits (bad_count), so that no product overflows.
static TrapKind new_row(Heap *heap, u64 count, u32 element, u32 *out) {
    u64 bytes = count * element, granules;
    if (bytes > GUEST_SIZE_MAX) return TRAP_MEMORY;
    u32 class = size_class((bytes + HEAP_HEADER + GUEST_ALIGN - 1) / GUEST_ALIGN, &granules);
    u64 capacity = granules * GUEST_ALIGN - HEAP_HEADER;
    u32 row = take_free(heap, class, capacity);
    if (row) {
        mem_zero(heap->memory->bytes + row, (size_t)bytes);
    } else {
        u32 block, end = (u32)((heap->memory->top - heap->base) / GUEST_ALIGN + granules);
        // The set may itself be taken at the top, below this block (codegen/runtime/heap.c): it is made wide enough for that.
        u32 wanted = end > heap->live.capacity ? end + end / 2 + 64 : heap->live.capacity;
        if (!block_set_reserve(&heap->live, wanted)) return TRAP_MEMORY;
        if (!memory_extend(heap->memory, granules * GUEST_ALIGN, &block)) return TRAP_MEMORY;
        row = block + HEAP_HEADER;
    }
    header_set(heap, row, HEADER_CAPACITY, (u32)capacity);
    header_set(heap, row, HEADER_ELEMENT, element);
    header_set(heap, row, HEADER_NEXT, 0);
    header_set(heap, row, HEADER_COUNT, (u32)count);
    block_set_add(&heap->live, granule(heap, row));
    *out = row;
    return TRAP_NONE;
}

static void release_row(Heap *heap, u32 row) {
    u64 granules, capacity = header_get(heap, row, HEADER_CAPACITY);
    u32 class = size_class((capacity + HEAP_HEADER) / GUEST_ALIGN, &granules);
    block_set_remove(&heap->live, granule(heap, row));
    // Only a block whose header was overwritten fails this; it is given up.
    if (granules * GUEST_ALIGN != capacity + HEAP_HEADER || !memory_contains(heap->memory, row, capacity)) return;
    header_set(heap, row, HEADER_NEXT, heap->free[class]);
    heap->free[class] = row;
}

typedef struct Range {
    u32 row;   // start of the live row
    u64 start; // bytes from there
} Range;

// Finds the live row that a pointer points into and checks that `count` elements from there lie in it.
static TrapKind find_range(const Heap *heap, u64 pointer, u64 count, u32 element, Range *out) {
    u32 address = (u32)pointer;
    i64 moved = (i32)(pointer >> 32);
    u32 found = BLOCK_SET_NONE;
    if (address >= heap->base) found = block_set_at_or_below(&heap->live, granule(heap, address));
    if (found == BLOCK_SET_NONE) return TRAP_NOT_A_HEAP_POINTER;
    u32 row = heap->base + found * GUEST_ALIGN;
    u64 length = (u64)header_get(heap, row, HEADER_COUNT) * header_get(heap, row, HEADER_ELEMENT);
    u64 capacity = header_get(heap, row, HEADER_CAPACITY);
    if (length > capacity || !memory_contains(heap->memory, row, capacity) || address - row > length)
        return TRAP_NOT_A_HEAP_POINTER;
    i64 start = (i64)(address - row) + moved * (i64)element;
    if (start < 0 || (u64)start > length || count * element > length - (u64)start) return TRAP_HEAP_RANGE;
    *out = (Range){row, (u64)start};
    return TRAP_NONE;
}

static bool bad_count(u64 count) { return count >> COUNT_MAX_BITS != 0; }

TrapKind heap_alloc(Heap *heap, u64 count, u32 element, u64 *out) {
    *out = 0;
    if (bad_count(count)) return TRAP_ALLOC_COUNT;
    if (count == 0) return TRAP_NONE;
    u32 row;
    TrapKind trap = new_row(heap, count, element, &row);
    if (trap == TRAP_NONE) *out = row;
    return trap;
}

// True when the row can take the new count where it is; its elements from `kept` on are zeroed.
static bool resize_in_place(Heap *heap, u32 row, u64 kept, u64 count, u32 element) {
    if (count * element > header_get(heap, row, HEADER_CAPACITY)) return false;
    if (header_get(heap, row, HEADER_ELEMENT) != element) return false;
    if (count > kept) mem_zero(heap->memory->bytes + row + kept * element, (size_t)((count - kept) * element));
    header_set(heap, row, HEADER_COUNT, (u32)count);
    return true;
}

TrapKind heap_realloc(Heap *heap, u64 pointer, u64 old_count, u64 new_count, u32 element, u64 *out) {
    *out = 0;
    if (bad_count(new_count) || bad_count(old_count)) return TRAP_ALLOC_COUNT;
    if (pointer == 0 || old_count == 0) return heap_alloc(heap, new_count, element, out);
    Range range;
    TrapKind trap = find_range(heap, pointer, old_count, element, &range);
    if (trap != TRAP_NONE) return trap;
    if (new_count == 0) {
        release_row(heap, range.row);
        return TRAP_NONE;
    }
    u64 kept = old_count < new_count ? old_count : new_count;
    if (range.start == 0 && resize_in_place(heap, range.row, kept, new_count, element)) {
        *out = range.row;
        return TRAP_NONE;
    }
    u32 row;
    trap = new_row(heap, new_count, element, &row);
    if (trap != TRAP_NONE) return trap;
    u8 *bytes = heap->memory->bytes;
    mem_move(bytes + row, bytes + range.row + range.start, (size_t)(kept * element));
    release_row(heap, range.row);
    *out = row;
    return TRAP_NONE;
}

TrapKind heap_release(Heap *heap, u64 pointer, u64 count) {
    if (pointer == 0 || count == 0) return TRAP_NONE;
    if (bad_count(count)) return TRAP_ALLOC_COUNT;
    u32 row = (u32)pointer, element = 0;
    u32 found = row >= heap->base ? block_set_at_or_below(&heap->live, granule(heap, row)) : BLOCK_SET_NONE;
    if (found != BLOCK_SET_NONE) element = header_get(heap, heap->base + found * GUEST_ALIGN, HEADER_ELEMENT);
    Range range;
    TrapKind trap = find_range(heap, pointer, count, element, &range);
    if (trap == TRAP_NONE) release_row(heap, range.row);
    return trap;
}

TrapKind heap_copy(Heap *heap, u64 source, u64 destination, u64 count, u32 element) {
    if (count == 0) return TRAP_NONE;
    if (bad_count(count)) return TRAP_HEAP_RANGE;
    Range from, to;
    TrapKind trap = find_range(heap, source, count, element, &from);
    if (trap == TRAP_NONE) trap = find_range(heap, destination, count, element, &to);
    if (trap != TRAP_NONE) return trap;
    u8 *bytes = heap->memory->bytes;
    mem_move(bytes + to.row + to.start, bytes + from.row + from.start, (size_t)(count * element));
    return TRAP_NONE;
}
