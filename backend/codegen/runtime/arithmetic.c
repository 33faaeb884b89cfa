// 128-bit arithmetic and conversions that WebAssembly has no instructions for, over support/wide.c.
#include "codegen/runtime/runtime.h"
#include "support/wide.h"

static u128 join(u64 high, u64 low) { return (u128)high << 64 | low; }

static u64 give(u128 value) {
    cell_high = (u64)(value >> 64);
    return (u64)value;
}

OFFERED(mul_128) u64 mul_128(u64 a, u64 a_high, u64 b, u64 b_high) {
    u64 high, low = wide_mul_u64(a, b, &high);
    cell_high = high + a * b_high + a_high * b;
    return low;
}

OFFERED(div_u128) u64 div_u128(u64 a, u64 a_high, u64 b, u64 b_high) {
    return give(wide_div_u(join(a_high, a), join(b_high, b), NULL));
}
OFFERED(div_i128) u64 div_i128(u64 a, u64 a_high, u64 b, u64 b_high) {
    return give((u128)wide_div_s((i128)join(a_high, a), (i128)join(b_high, b), NULL));
}
OFFERED(rem_u128) u64 rem_u128(u64 a, u64 a_high, u64 b, u64 b_high) {
    u128 rest;
    wide_div_u(join(a_high, a), join(b_high, b), &rest);
    return give(rest);
}
OFFERED(rem_i128) u64 rem_i128(u64 a, u64 a_high, u64 b, u64 b_high) {
    i128 rest;
    wide_div_s((i128)join(a_high, a), (i128)join(b_high, b), &rest);
    return give((u128)rest);
}

OFFERED(shl_128) u64 shl_128(u64 low, u64 high, u32 by) { return give(join(high, low) << by); }
OFFERED(shr_u128) u64 shr_u128(u64 low, u64 high, u32 by) { return give(join(high, low) >> by); }
OFFERED(shr_i128) u64 shr_i128(u64 low, u64 high, u32 by) { return give((u128)((i128)join(high, low) >> by)); }

OFFERED(u128_to_f64) f64 u128_to_f64(u64 low, u64 high) { return wide_u_to_f64(join(high, low)); }
OFFERED(i128_to_f64) f64 i128_to_f64(u64 low, u64 high) { return wide_s_to_f64((i128)join(high, low)); }
OFFERED(u128_to_f32) f32 u128_to_f32(u64 low, u64 high) { return wide_u_to_f32(join(high, low)); }
OFFERED(i128_to_f32) f32 i128_to_f32(u64 low, u64 high) { return wide_s_to_f32((i128)join(high, low)); }
OFFERED(f64_to_u128) u64 f64_to_u128(f64 value) { return give(wide_f64_to_u(value)); }
OFFERED(f64_to_i128) u64 f64_to_i128(f64 value) { return give((u128)wide_f64_to_s(value)); }

// Saturating, NaN gives 0. The built-ins are the trapping instructions; a cast would guard them once more.
OFFERED(f64_to_i32) i32 f64_to_i32(f64 value) {
    if (value != value) return 0;
    if (value <= -0x1p31) return INT32_MIN;
    return value >= 0x1p31 ? INT32_MAX : __builtin_wasm_trunc_s_i32_f64(value);
}
OFFERED(f64_to_u32) u32 f64_to_u32(f64 value) {
    if (!(value > 0)) return 0;
    return value >= 0x1p32 ? UINT32_MAX : (u32)__builtin_wasm_trunc_u_i32_f64(value);
}
OFFERED(f64_to_i64) i64 f64_to_i64(f64 value) {
    if (value != value) return 0;
    if (value <= -0x1p63) return INT64_MIN;
    return value >= 0x1p63 ? INT64_MAX : __builtin_wasm_trunc_s_i64_f64(value);
}
OFFERED(f64_to_u64) u64 f64_to_u64(f64 value) {
    if (!(value > 0)) return 0;
    return value >= 0x1p64 ? UINT64_MAX : (u64)__builtin_wasm_trunc_u_i64_f64(value);
}
