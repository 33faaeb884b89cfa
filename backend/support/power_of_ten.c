// 10^k = 10^(multiple of 27) * 10^(0..26): 640 bytes of tables in place of the ten thousand of a full one.
#include "support/power_of_ten.h"

#include "support/wide.h"

enum { STRIDE = 27 };

// Rounded up to 128 bits; 10^0 is exact.
static const PowerOfTen bases[] = {
    {0x8049a4ac0c5811aeu, 0x205b896d777d6279u}, // 10^-351
    {0xcf42894a5dce35eau, 0x52064cac828675bau}, // 10^-324
    {0xa76c582338ed2621u, 0xaf2af2b80af6f24fu}, // 10^-297
    {0x873e4f75e2224e68u, 0x5a7744a6e804a292u}, // 10^-270
    {0xda7f5bf590966848u, 0xaf39a475506a899fu}, // 10^-243
    {0xb080392cc4349decu, 0xbd8d794d96aacfb4u}, // 10^-216
    {0x8e938662882af53eu, 0x547eb47b7282ee9du}, // 10^-189
    {0xe65829b3046b0afau, 0x0cb4a5a3112a5113u}, // 10^-162
    {0xba121a4650e4ddebu, 0x92f34d62616ce414u}, // 10^-135
    {0x964e858c91ba2655u, 0x3a6a07f8d510f870u}, // 10^-108
    {0xf2d56790ab41c2a2u, 0xfae27299423fb9c4u}, // 10^-81
    {0xc428d05aa4751e4cu, 0xaa97e14c3c26b887u}, // 10^-54
    {0x9e74d1b791e07e48u, 0x775ea264cf55347eu}, // 10^-27
    {0x8000000000000000u, 0x0000000000000000u}, // 10^0
    {0xcecb8f27f4200f3au, 0x0000000000000000u}, // 10^27
    {0xa70c3c40a64e6c51u, 0x999090b65f67d924u}, // 10^54
    {0x86f0ac99b4e8dafdu, 0x69a028bb3ded71a4u}, // 10^81
    {0xda01ee641a708de9u, 0xe80e6f4820cc9496u}, // 10^108
    {0xb01ae745b101e9e4u, 0x5ec05dcff72e7f90u}, // 10^135
    {0x8e41ade9fbebc27du, 0x14588f13be847308u}, // 10^162
    {0xe5d3ef282a242e81u, 0x8f1668c8a86da5fbu}, // 10^189
    {0xb9a74a0637ce2ee1u, 0x6d953e2bd7173693u}, // 10^216
    {0x95f83d0a1fb69cd9u, 0x4abdaf101564f98fu}, // 10^243
    {0xf24a01a73cf2dccfu, 0xbc633b39673c8cedu}, // 10^270
    {0xc3b8358109e84f07u, 0x0a862f80ec4700c9u}, // 10^297
    {0x9e19db92b4e31ba9u, 0x6c07a2c26a8346d2u}, // 10^324
};

static const u64 powers_of_five[STRIDE] = {
    1u,
    5u,
    25u,
    125u,
    625u,
    3125u,
    15625u,
    78125u,
    390625u,
    1953125u,
    9765625u,
    48828125u,
    244140625u,
    1220703125u,
    6103515625u,
    30517578125u,
    152587890625u,
    762939453125u,
    3814697265625u,
    19073486328125u,
    95367431640625u,
    476837158203125u,
    2384185791015625u,
    11920928955078125u,
    59604644775390625u,
    298023223876953125u,
    1490116119384765625u,
};

PowerOfTen power_of_ten(i32 k) {
    u32 from_first = (u32)(k - POWER_OF_TEN_MIN);
    PowerOfTen base = bases[from_first / STRIDE];
    u64 five = powers_of_five[from_first % STRIDE];
    if (five == 1) return base;
    // 192-bit product, then its top 128 bits. A base is at most 1 too large, which the shift makes less than 2;
    // rounding up adds at most 1. Rounding up an exact product too is within the bound and saves the question.
    u64 carry, top, low = wide_mul_u64(base.low, five, &carry);
    u64 middle = wide_mul_u64(base.high, five, &top);
    if (add_overflows(middle, carry, &middle)) top++;
    u32 shift = (u32)__builtin_clzll(top); // five >= 5, so top is not 0
    u128 g = (u128)(top << shift | middle >> (64 - shift)) << 64 | (middle << shift | low >> (64 - shift));
    g++;
    return (PowerOfTen){(u64)(g >> 64), (u64)g};
}
