// The platform over memory.grow: blocks of whole 4 KiB units from a list of free ones, kept in order of address so that
// neighbours join again; memory therefore does not grow from run to run. Blocks are few and large, so the list is
// short.
#include "support/platform.h"

typedef struct FreeBlock FreeBlock;
struct FreeBlock {
    FreeBlock *next; // at a higher address
    size_t size;
};

enum { UNIT = 4096, PAGE = 65536 };
// The last page stays unused: the address behind it does not fit in 32 bits.
static const size_t MEMORY_END = (size_t)0xffff * PAGE;

extern u8 __heap_base; // by the linker: the first byte behind data and stack

static FreeBlock *free_list;
static size_t reserved, peak;
static u64 refusals;
static size_t known_end;  // end of the memory that is in the list or was handed out; 0 before the first call
static size_t high_water; // memory from here on has never been handed out and holds zeros

static size_t round_up(size_t size, size_t unit) { return (size + unit - 1) & ~(unit - 1); }

// Puts a block in its place in the list and joins it with its neighbours. A header that ends up inside a block is
// wiped, because memory above high_water counts as zero.
static void give(u8 *start, size_t size) {
    FreeBlock *before = NULL, *after = free_list;
    while (after && (u8 *)after < start) before = after, after = after->next;
    FreeBlock *block = (FreeBlock *)start;
    *block = (FreeBlock){after, size};
    if (after && start + size == (u8 *)after) {
        block->next = after->next;
        block->size += after->size;
        *after = (FreeBlock){0};
    }
    if (!before) {
        free_list = block;
    } else if ((u8 *)before + before->size == start) {
        before->next = block->next;
        before->size += block->size;
        *block = (FreeBlock){0};
    } else {
        before->next = block;
    }
}

// Unlinks the first block that is large enough, cut to size.
static u8 *take(size_t size) {
    for (FreeBlock **link = &free_list; *link; link = &(*link)->next) {
        FreeBlock *block = *link;
        if (block->size < size) continue;
        if (block->size == size) {
            *link = block->next;
        } else {
            FreeBlock *rest = (FreeBlock *)((u8 *)block + size);
            *rest = (FreeBlock){block->next, block->size - size};
            *link = rest;
        }
        *block = (FreeBlock){0};
        return (u8 *)block;
    }
    return NULL;
}

// Makes the list hold a block of at least `size` at its end.
static bool grow(size_t size) {
    size_t end = __builtin_wasm_memory_size(0) * (size_t)PAGE;
    if (known_end == 0) {
        known_end = high_water = round_up((size_t)&__heap_base, UNIT);
        if (end > MEMORY_END) end = MEMORY_END;
        if (end > known_end) give((u8 *)known_end, end - known_end);
        known_end = end;
    }
    FreeBlock *last = free_list;
    while (last && last->next) last = last->next;
    size_t at_end = last && (size_t)last + last->size == known_end ? last->size : 0;
    if (at_end >= size) return true;
    size_t more = round_up(size - at_end, PAGE);
    if (more > MEMORY_END - known_end) return false;
    if (__builtin_wasm_memory_grow(0, more / PAGE) == (size_t)-1) return false;
    give((u8 *)known_end, more);
    known_end += more;
    return true;
}

// A block of whole units, NULL if there is none.
static u8 *find_block(size_t size) {
    u8 *block = take(size);
    return block || !grow(size) ? block : take(size);
}

void *platform_reserve_used(size_t size, u8 **zero) {
    bool fits = size <= MEMORY_END;
    size = round_up(size ? size : 1, UNIT);
    u8 *block = fits ? find_block(size) : NULL;
    if (!block) {
        refusals++;
        return NULL;
    }
    size_t end = (size_t)block + size, used = (size_t)block < high_water ? high_water : (size_t)block;
    *zero = (u8 *)(end < used ? end : used);
    if (end > high_water) high_water = end;
    reserved += size;
    if (reserved > peak) peak = reserved;
    return block;
}

void *platform_reserve(size_t size) {
    u8 *zero, *block = platform_reserve_used(size, &zero);
    if (block) mem_zero(block, (size_t)(zero - block));
    return block;
}

void platform_release(void *block, size_t size) {
    if (!block) return;
    size = round_up(size ? size : 1, UNIT);
    reserved -= size;
    give(block, size);
}

size_t platform_reserved(void) { return reserved; }

size_t platform_peak(void) { return peak; }

u64 platform_refusals(void) { return refusals; }

bool platform_contains(const void *start, size_t size) {
    if (size == 0) return true;
    u64 end = (u64)(size_t)start + size;
    return start != NULL && end <= (u64)__builtin_wasm_memory_size(0) * PAGE;
}
