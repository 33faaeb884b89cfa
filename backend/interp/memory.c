// See memory.h: the region, its growth under a limit, and the segmented guest stack.
#include "interp/memory.h"

#include "support/platform.h"

enum { FIRST_HEAP_BYTES = 64 * 1024 };

static u64 align_up(u64 value) { return (value + GUEST_ALIGN - 1) & ~(u64)(GUEST_ALIGN - 1); }

// A region of `size` bytes with the old content; false when memory is out.
static bool resize(GuestMemory *memory, u64 size) {
    if (size > SIZE_MAX - GUEST_SLACK) return false;
    u8 *bytes = platform_reserve((size_t)size + GUEST_SLACK);
    if (!bytes) return false;
    if (memory->bytes) {
        mem_copy(bytes, memory->bytes, (size_t)memory->top);
        platform_release(memory->bytes, (size_t)memory->size + GUEST_SLACK);
    }
    memory->bytes = bytes;
    memory->size = size;
    return true;
}

bool memory_init(GuestMemory *memory, const u8 *data, u32 data_size, u64 limit) {
    u64 stack = align_up((u64)NULL_GUARD + data_size);
    *memory = (GuestMemory){.limit = limit};
    if (!resize(memory, stack + STACK_FIRST_BYTES + FIRST_HEAP_BYTES)) return false;
    if (data_size) mem_copy(memory->bytes + NULL_GUARD, data, data_size);
    memory->top = stack + STACK_FIRST_BYTES;
    memory->segments[0] = (StackSegment){.base = stack, .end = memory->top};
    memory->segment_count = 1;
    memory->stack_next = stack;
    memory->stack_end = memory->top;
    return true;
}

void memory_free(GuestMemory *memory) {
    if (memory->bytes) platform_release(memory->bytes, (size_t)memory->size + GUEST_SLACK);
    *memory = (GuestMemory){0};
}

bool memory_extend(GuestMemory *memory, u64 bytes, u32 *address) {
    u64 room = memory->limit > memory->other ? memory->limit - memory->other : 0;
    if (room > GUEST_SIZE_MAX) room = GUEST_SIZE_MAX;
    if (bytes > room || memory->top > room - bytes) return false;
    u64 need = memory->top + bytes;
    if (need > memory->size) {
        u64 size = memory->size * 2 > need ? memory->size * 2 : need;
        if (size > room) size = room;
        // Where twice as much is not to be had, just enough may be.
        if (!resize(memory, size) && !resize(memory, need)) return false;
    }
    *address = (u32)memory->top;
    memory->top = need;
    return true;
}

bool memory_charge(GuestMemory *memory, u64 bytes) {
    u64 used = memory->top + memory->other;
    if (used > memory->limit || bytes > memory->limit - used) return false;
    memory->other += bytes;
    return true;
}

bool memory_push_segment(GuestMemory *memory, u64 bytes) {
    u32 next = memory->segment + 1;
    while (next < memory->segment_count && memory->segments[next].end - memory->segments[next].base < bytes) next++;
    if (next == memory->segment_count) {
        if (next == STACK_SEGMENTS_MAX) return false;
        u64 size = 2 * (memory->segments[next - 1].end - memory->segments[next - 1].base);
        if (size < bytes) size = align_up(bytes);
        u32 base;
        if (!memory_extend(memory, size, &base)) return false;
        memory->segments[next] = (StackSegment){.base = base, .end = base + size};
        memory->segment_count++;
    }
    StackSegment *segment = &memory->segments[next];
    segment->back = memory->segment;
    segment->back_next = memory->stack_next;
    memory->segment = next;
    memory->stack_next = segment->base;
    memory->stack_end = segment->end;
    return true;
}
