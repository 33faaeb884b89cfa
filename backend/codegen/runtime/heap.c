// The heap of compiled programs: interp/heap.c over the instance's own memory, from cell_heap_base up. What block_set.c
// asks for comes from the same place.
#include "interp/heap.h"
#include "codegen/runtime/runtime.h"
#include "support/platform.h"

static GuestMemory memory; // its bytes start at address 0, which is NULL
static Heap heap;

enum { PAGE_LOG2 = 16 };

// A quarter more than is needed now, if that is to be had.
static bool grow(u64 need) {
    u32 pages = (u32)__builtin_wasm_memory_size(0), more = (u32)((need + (1 << PAGE_LOG2) - 1) >> PAGE_LOG2) - pages;
    u32 wanted = more + pages / 4;
    if (__builtin_wasm_memory_grow(0, wanted) == (size_t)-1 && __builtin_wasm_memory_grow(0, more) == (size_t)-1)
        return false;
    memory.size = memory_end();
    return true;
}

bool memory_extend(GuestMemory *of, u64 bytes, u32 *address) {
    u64 need = of->top + bytes;
    if (need > GUEST_SIZE_MAX || (need > of->size && !grow(need))) return false;
    *address = (u32)of->top;
    of->top = need;
    return true;
}

void *platform_reserve(size_t size) {
    u32 address;
    return memory_extend(&memory, ((u64)size + GUEST_ALIGN - 1) & ~(u64)(GUEST_ALIGN - 1), &address) ? (void *)address
                                                                                                     : NULL;
}

// Sets grow by half, so that what is left behind never comes to more than twice what is in use.
void platform_release(void *block, size_t size) { (void)block, (void)size; }

static void begin(void) {
    if (memory.top) return;
    memory.top = cell_heap_base;
    memory.size = memory_end();
    heap_init(&heap, &memory);
}

OFFERED(heap_alloc) u64 program_alloc(u64 count, u32 element) {
    u64 row;
    begin();
    TrapKind trap = heap_alloc(&heap, count, element, &row);
    return pointer_or_trap(row, trap);
}

OFFERED(heap_realloc) u64 program_realloc(u64 pointer, u64 old_count, u64 new_count, u32 element) {
    u64 row;
    begin();
    TrapKind trap = heap_realloc(&heap, pointer, old_count, new_count, element, &row);
    return pointer_or_trap(row, trap);
}

OFFERED(heap_free) TrapKind program_free(u64 pointer, u64 count) { return heap_release(&heap, pointer, count); }

OFFERED(heap_copy) TrapKind program_copy(u64 source, u64 destination, u64 count, u32 element) {
    return heap_copy(&heap, source, destination, count, element);
}
