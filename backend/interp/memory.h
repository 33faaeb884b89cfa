// Guest memory: one growing region of bytes with 32-bit addresses, holding constant data, guest stack and heap.
//
//     0         64        data end       stack end                     top          size
//     | nothing | data    | guest stack  | heap blocks, stack segments | not in use | slack |
//
// Every address that a program may use lies in [NULL_GUARD, top). Growing moves the region, so that nothing keeps host
// pointers into it. Behind `size` lie GUEST_SLACK bytes more, so that a checked address plus a 16-bit offset stays in.
#ifndef INTERP_MEMORY_H
#define INTERP_MEMORY_H

#include "ir/module.h"

enum {
    NULL_GUARD = 64, // addresses below are never valid
    GUEST_ALIGN = 16,
    GUEST_SLACK = 65536 + 16, // bytes behind `size` that a checked base may reach by offset (u16) and width
    STACK_SEGMENTS_MAX = 34,
    STACK_FIRST_BYTES = 16 * 1024,
};
#define GUEST_SIZE_MAX ((u64)0xfffe0000u) // addresses plus slack fit 32 bits

// A piece of the guest stack. Frames of one activation never span two; later pieces lie in the heap and are kept.
typedef struct StackSegment {
    u64 base, end;
    u32 back;      // segment to return to
    u64 back_next; // and its fill
} StackSegment;

typedef struct GuestMemory {
    u8 *bytes;
    u64 size, top;
    u64 limit;                 // most bytes `size` and `other` together may reach
    u64 other;                 // bytes that count against the limit but lie elsewhere (registers, call records)
    u64 stack_next, stack_end; // free part of the current segment
    StackSegment segments[STACK_SEGMENTS_MAX];
    u32 segment, segment_count;
} GuestMemory;

// False when memory is out; a limit below what data and first stack need is no error here but TRAP_MEMORY later.
bool memory_init(GuestMemory *memory, const u8 *data, u32 data_size, u64 limit) MUST_CHECK;
void memory_free(GuestMemory *memory);
// Takes `bytes` (a multiple of GUEST_ALIGN) at the top; they are zero. False when the limit or memory does not allow it.
bool memory_extend(GuestMemory *memory, u64 bytes, u32 *address) MUST_CHECK;
// Counts `bytes` of other memory against the limit; false when they do not fit.
bool memory_charge(GuestMemory *memory, u64 bytes) MUST_CHECK;

// Moves to another stack segment with room for a frame of `bytes`; its address is the new stack_next.
bool memory_push_segment(GuestMemory *memory, u64 bytes) MUST_CHECK;
// Gives back the frame at `base`, the newest one.
static inline void memory_leave(GuestMemory *memory, u64 base) {
    StackSegment *segment = &memory->segments[memory->segment];
    memory->stack_next = base;
    if (unlikely(base == segment->base && memory->segment != 0)) {
        memory->stack_next = segment->back_next;
        memory->segment = segment->back;
        memory->stack_end = memory->segments[memory->segment].end;
    }
}

// True if [address, address + size) lies in memory that programs may use.
static inline bool memory_contains(const GuestMemory *memory, u64 address, u64 size) {
    return address >= NULL_GUARD && address <= memory->top && size <= memory->top - address;
}

#endif
