// Division by a constant as a multiplication by its reciprocal (Warren, Hacker's Delight, chapter 10), 32 bits wide,
// computed in 64: translate.c makes the numbers, the loop uses them.
#ifndef INTERP_DIVIDE_H
#define INTERP_DIVIDE_H

#include "support/base.h"

typedef struct Reciprocal {
    u32 multiplier;
    u32 shift; // total right shift of the 64-bit product
} Reciprocal;

// Unsigned, any divisor above 1 that is no power of two. The true multiplier has 33 bits; its top bit is implied.
static inline Reciprocal reciprocal_u32(u32 divisor) {
    u32 log = 32 - (u32)__builtin_clz(divisor - 1); // 2^log >= divisor
    u64 multiplier = ((((u64)1 << log) - divisor) << 32) / divisor + 1;
    return (Reciprocal){(u32)multiplier, log};
}
static inline u32 divide_u32(u32 value, u32 multiplier, u32 shift) {
    u32 high = (u32)((u64)value * multiplier >> 32);
    return (((value - high) >> 1) + high) >> (shift - 1);
}

// Signed, any divisor above 1 that is no power of two. |value| <= 2^31 and the multiplier is below 2^32, so that the product fits 63 bits.
static inline Reciprocal reciprocal_s32(u32 divisor) {
    u32 log = 31 - (u32)__builtin_clz(divisor); // 2^log <= divisor
    u64 power = (u64)1 << (32 + log);
    return (Reciprocal){(u32)(power / divisor + 1), 32 + log};
}
static inline i32 divide_s32(i32 value, u32 multiplier, u32 shift) {
    return (i32)((i64)value * (i64)(u64)multiplier >> shift) + (value < 0);
}

#endif
