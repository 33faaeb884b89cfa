// 128-bit division and float conversion written out, because wasm-ld has no runtime library (__udivti3, __floattidf,
// ...). + - & | ^ << >> and comparison of i128/u128 compile inline; multiplication too once __multi3 is provided here.
#ifndef SUPPORT_WIDE_H
#define SUPPORT_WIDE_H

#include "support/base.h"

// The whole product of two 64-bit numbers; returns the low half. Inline where the target has no instruction for it.
static inline u64 wide_mul_u64(u64 a, u64 b, u64 *high) {
#ifdef __wasm__
    u64 a0 = (u32)a, a1 = a >> 32, b0 = (u32)b, b1 = b >> 32;
    u64 low = a0 * b0;
    u64 middle = a1 * b0 + (low >> 32);
    u64 other = a0 * b1 + (u32)middle;
    *high = a1 * b1 + (middle >> 32) + (other >> 32);
    return other << 32 | (u32)low;
#else
    u128 product = (u128)a * b;
    *high = (u64)(product >> 64);
    return (u64)product;
#endif
}

u128 wide_div_u(u128 a, u128 b, u128 *remainder); // b != 0; remainder may be NULL
i128 wide_div_s(i128 a, i128 b, i128 *remainder); // b != 0 and not MIN / -1; truncates toward zero

// Nearest even.
f64 wide_u_to_f64(u128 a);
f64 wide_s_to_f64(i128 a);
f32 wide_u_to_f32(u128 a);
f32 wide_s_to_f32(i128 a);

// Toward zero, saturating, NaN gives 0 (Rust `as`).
u128 wide_f64_to_u(f64 a);
i128 wide_f64_to_s(f64 a);

#endif
