// Powers of ten as 128-bit numbers, for float_text.c and float_parse.c.
#ifndef SUPPORT_POWER_OF_TEN_H
#define SUPPORT_POWER_OF_TEN_H

#include "support/base.h"

enum { POWER_OF_TEN_MIN = -351, POWER_OF_TEN_MAX = 324 };

// floor(log2(10^k)), for |k| <= 1233.
static inline i32 log2_of_power_of_ten(i32 k) { return (i32)(((i64)k * 1741647) >> 19); }

// The number g with 2^127 <= g < 2^128 and 10^k <= g * 2^(log2_of_power_of_ten(k) - 127) <= 10^k * (1 + 2^-125).
typedef struct PowerOfTen {
    u64 high, low;
} PowerOfTen;
PowerOfTen power_of_ten(i32 k); // POWER_OF_TEN_MIN <= k <= POWER_OF_TEN_MAX

#endif
