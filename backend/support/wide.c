// 128-bit division and conversion by 64-bit steps, and on wasm the symbols that clang calls for wide * << >>.
#include "support/wide.h"

// Divides high:low by a divisor above high, giving 64 bits of quotient (Knuth 4.3.1 D with two 32-bit digits).
static u64 divide_step(u64 high, u64 low, u64 divisor, u64 *remainder) {
    u32 shift = (u32)__builtin_clzll(divisor);
    divisor <<= shift;
    if (shift) high = high << shift | low >> (64 - shift);
    low <<= shift;
    u64 divisor_high = divisor >> 32, divisor_low = divisor & 0xffffffffu;
    u64 rest = high, quotient = 0;
    for (u32 digit = 0; digit < 2; digit++) {
        u64 next = digit == 0 ? low >> 32 : low & 0xffffffffu;
        u64 guess = rest / divisor_high, left = rest % divisor_high;
        while (guess >> 32 || guess * divisor_low > (left << 32 | next)) {
            guess--;
            left += divisor_high;
            if (left >> 32) break;
        }
        rest = (rest << 32 | next) - guess * divisor;
        quotient = quotient << 32 | guess;
    }
    *remainder = rest >> shift;
    return quotient;
}

u128 wide_div_u(u128 a, u128 b, u128 *remainder) {
    u64 a_high = (u64)(a >> 64), a_low = (u64)a, b_high = (u64)(b >> 64), b_low = (u64)b;
    u128 quotient, rest;
    if (b > a) {
        quotient = 0;
        rest = a;
    } else if (a_high == 0) {
        quotient = a_low / b_low;
        rest = a_low % b_low;
    } else if (b_high == 0) {
        u64 high = a_high / b_low, left;
        u64 low = divide_step(a_high % b_low, a_low, b_low, &left);
        quotient = (u128)high << 64 | low;
        rest = left;
    } else {
        // The quotient has one 64-bit digit. Guess it from the divisor's top 64 bits; the guess is at most one too
        // large.
        u32 shift = (u32)__builtin_clzll(b_high);
        u64 top = (u64)((b << shift) >> 64), left;
        u64 guess = divide_step(a_high >> 1, a_high << 63 | a_low >> 1, top, &left) >> (63 - shift);
        if (guess) guess--;
        quotient = guess;
        rest = a - quotient * b;
        if (rest >= b) {
            quotient++;
            rest -= b;
        }
    }
    if (remainder) *remainder = rest;
    return quotient;
}

i128 wide_div_s(i128 a, i128 b, i128 *remainder) {
    u128 rest;
    u128 quotient = wide_div_u(a < 0 ? 0 - (u128)a : (u128)a, b < 0 ? 0 - (u128)b : (u128)b, &rest);
    if (remainder) *remainder = (i128)(a < 0 ? 0 - rest : rest);
    return (i128)((a < 0) != (b < 0) ? 0 - quotient : quotient);
}

// The top 64 bits of a value above 2^64, the lowest of them set also if anything below is: rounding that to 53 or 24
// bits rounds the whole. *exponent = bits cut off.
static u64 top_bits(u128 a, u32 *exponent) {
    u32 shift = (u32)__builtin_clzll((u64)(a >> 64));
    u64 high = (u64)(a >> 64), low = (u64)a;
    u64 top = shift ? high << shift | low >> (64 - shift) : high;
    *exponent = 64 - shift;
    return top | (low << shift != 0);
}

// 2^n for 0 <= n <= 64, exact in both formats.
static f64 power_of_two(u32 n) { return n == 64 ? 18446744073709551616.0 : (f64)((u64)1 << n); }

f64 wide_u_to_f64(u128 a) {
    if (a >> 64 == 0) return (f64)(u64)a;
    u32 exponent;
    u64 top = top_bits(a, &exponent);
    return (f64)top * power_of_two(exponent);
}

f32 wide_u_to_f32(u128 a) {
    if (a >> 64 == 0) return (f32)(u64)a;
    u32 exponent;
    u64 top = top_bits(a, &exponent);
    return (f32)top * (f32)power_of_two(exponent); // above f32's largest: infinity, as in Rust
}

f64 wide_s_to_f64(i128 a) { return a < 0 ? -wide_u_to_f64(0 - (u128)a) : wide_u_to_f64((u128)a); }

f32 wide_s_to_f32(i128 a) { return a < 0 ? -wide_u_to_f32(0 - (u128)a) : wide_u_to_f32((u128)a); }

// Magnitude of a finite value below 2^128, cut toward zero.
static u128 magnitude(f64 a) {
    u64 bits;
    mem_copy(&bits, &a, 8);
    i32 exponent = (i32)(bits >> 52 & 0x7ff) - 1075;
    u64 mantissa = (bits & 0xfffffffffffffu) | 0x10000000000000u;
    if (exponent <= -53) return 0;
    return exponent < 0 ? mantissa >> -exponent : (u128)mantissa << exponent;
}

u128 wide_f64_to_u(f64 a) {
    if (!(a > 0)) return 0; // NaN too
    if (a >= 0x1p128) return ~(u128)0;
    return magnitude(a);
}

i128 wide_f64_to_s(f64 a) {
    const u128 top = (u128)1 << 127;
    if (a != a) return 0;
    if (a >= 0x1p127) return (i128)(top - 1);
    if (a < -0x1p127) return (i128)top;
    return (i128)(a < 0 ? 0 - magnitude(a) : magnitude(a));
}

#ifdef __wasm__
// What a runtime library would supply. Written in halves: a wide operator here would call itself.
u128 __multi3(u128 a, u128 b);
u128 __ashlti3(u128 a, int by);
u128 __lshrti3(u128 a, int by);
i128 __ashrti3(i128 a, int by);

static u128 join(u64 high, u64 low) { return (u128)high << 64 | low; }

u128 __multi3(u128 a, u128 b) {
    u64 high, low = wide_mul_u64((u64)a, (u64)b, &high);
    return join(high + (u64)(a >> 64) * (u64)b + (u64)a * (u64)(b >> 64), low);
}

u128 __ashlti3(u128 a, int by) {
    u64 high = (u64)(a >> 64), low = (u64)a;
    if (by == 0) return a;
    return by < 64 ? join(high << by | low >> (64 - by), low << by) : join(low << (by - 64), 0);
}

u128 __lshrti3(u128 a, int by) {
    u64 high = (u64)(a >> 64), low = (u64)a;
    if (by == 0) return a;
    return by < 64 ? join(high >> by, low >> by | high << (64 - by)) : join(0, high >> (by - 64));
}

i128 __ashrti3(i128 a, int by) {
    u64 high = (u64)((u128)a >> 64), low = (u64)a;
    u64 sign = (u64)((i64)high >> 63);
    if (by == 0) return a;
    if (by < 64) return (i128)join((u64)((i64)high >> by), low >> by | high << (64 - by));
    return (i128)join(sign, (u64)((i64)high >> (by - 64)));
}
#endif
