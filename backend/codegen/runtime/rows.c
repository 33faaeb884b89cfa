// Rows reached by pointers that were moved by elements (as interp/loop_support.c), and block copies without bulk memory.
#include "codegen/runtime/runtime.h"

static u64 find_element(u64 pointer, u64 index, bool heap, u32 count, u32 size) {
    u64 row = (u32)pointer, end = memory_end();
    if (row < NULL_END) return pointer_or_trap(0, TRAP_NULL_POINTER);
    if (row > end) return pointer_or_trap(0, TRAP_BAD_POINTER);
    if (heap) mem_copy(&count, (const u8 *)(u32)row - 4, 4);
    // An index of 2^63 and more has left the range of counts; below that the sum cannot wrap as unsigned.
    u64 moved = (u64)(i64)(i32)(pointer >> 32), total = index + moved;
    if (index >> 63 || total >= count) return pointer_or_trap(0, TRAP_BOUNDS);
    u64 address = row + total * size;
    return address < end ? address : pointer_or_trap(0, TRAP_BAD_POINTER);
}

OFFERED(row_element) u64 row_element(u64 pointer, u64 index, u32 count, u32 size) {
    return find_element(pointer, index, false, count, size);
}

OFFERED(heap_row_element) u64 heap_row_element(u64 pointer, u64 index, u32 size) {
    return find_element(pointer, index, true, 0, size);
}

OFFERED(moved_pointer) u64 moved_pointer(u64 pointer, u64 elements) {
    i64 moved = (i32)(pointer >> 32), sum;
    if (__builtin_add_overflow(moved, (i64)elements, &sum)) sum = (i64)elements;
    i32 kept = sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : (i32)sum;
    return (u32)pointer | (u64)(u32)kept << 32;
}

OFFERED(copy) void copy(u8 *destination, const u8 *source, u32 bytes) { mem_move(destination, source, bytes); }

OFFERED(fill) void fill(u8 *destination, u32 bytes) { mem_zero(destination, bytes); }
