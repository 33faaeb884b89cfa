// Shortest decimal text of a float (spec jsrs.md 12.2) by Giulietti's Schubfach: the interval of decimals that read
// back is scaled by a power of ten so that the shortest one is among four candidates around its middle, and everything
// is decided on integers that are rounded to odd, so that comparisons are exact.
#include "support/power_of_ten.h"
#include "support/text.h"
#include "support/wide.h"

// digits * 10^exponent
typedef struct Decimal {
    u64 digits;
    i32 exponent;
} Decimal;

// What one format needs: bits of the stored mantissa, and the exponent of its last bit for a biased exponent of 0.
typedef struct Format {
    u32 mantissa_bits;
    i32 exponent_bias;
    bool narrow; // 32 bits: 64 bits of the power of ten do
} Format;

// floor(g * c / 2^128), with the power's top half alone for narrow formats, whose products have 32 bits less. The
// lowest bit is set also if anything was cut off; one unit of the cut-off part may come from g being too large, more
// can't.
static u64 scale(PowerOfTen g, u64 c, bool narrow) {
    if (narrow) {
        u64 high, low = wide_mul_u64(g.high + (g.low != 0), c, &high);
        return high | (low >> 32 > 1);
    }
    u64 carry, high;
    wide_mul_u64(g.low, c, &carry);
    u64 low = wide_mul_u64(g.high, c, &high);
    if (add_overflows(low, carry, &low)) high++;
    return high | (low > 1);
}

static Decimal shortest(u64 bits, Format format) {
    u64 hidden = (u64)1 << format.mantissa_bits;
    u64 fraction = bits & (hidden - 1);
    u32 biased = (u32)(bits >> format.mantissa_bits);
    u64 mantissa = biased ? fraction | hidden : fraction;
    i32 exponent = (i32)(biased ? biased : 1) - format.exponent_bias;

    if (exponent <= 0 && -exponent <= (i32)format.mantissa_bits && (mantissa & (((u64)1 << -exponent) - 1)) == 0) {
        return (Decimal){mantissa >> -exponent, 0}; // a small whole number
    }

    // At a power of two the lower neighbour is only half as far away.
    bool lower_closer = fraction == 0 && biased > 1;
    u64 even = 1 - (mantissa & 1); // the ends of the interval round to an even mantissa: then they belong to it
    // k = floor(log10(width of the interval))
    i32 k = (i32)(lower_closer ? ((i64)exponent * 1262611 - 524031) >> 22 : ((i64)exponent * 1262611) >> 22);
    i32 shift = exponent + log2_of_power_of_ten(-k) + 1;
    PowerOfTen g = power_of_ten(-k);
    u64 lower = scale(g, (4 * mantissa - 2 + lower_closer) << shift, format.narrow) + (1 - even);
    u64 value = scale(g, (4 * mantissa) << shift, format.narrow);
    u64 upper = scale(g, (4 * mantissa + 2) << shift, format.narrow) - (1 - even);

    u64 s = value / 4;
    if (s >= 10) { // one digit fewer, if just one such decimal lies in the interval
        u64 tens = s / 10;
        bool down = lower <= 40 * tens, up = 40 * tens + 40 <= upper;
        if (down != up) return (Decimal){tens + up, k + 1};
    }
    bool down = lower <= 4 * s, up = 4 * s + 4 <= upper;
    if (down != up) return (Decimal){s + up, k};
    return (Decimal){s + (value >= 4 * s + 2), k}; // the nearer one; in the middle the larger, as Rust does
}

static u32 put(u8 *out, const char *text, u32 len) {
    mem_copy(out, text, len);
    return len;
}

static u32 put_zeros(u8 *out, u32 count) {
    __builtin_memset(out, '0', count);
    return count;
}

// Places the point among the digits, or zeros around them: never an exponent.
static u32 write_decimal(Decimal decimal, u8 *out) {
    u8 digits[INT_TEXT_MAX];
    while (decimal.exponent < 0 && decimal.digits % 10 == 0) decimal.digits /= 10, decimal.exponent++;
    u32 count = text_from_u64(decimal.digits, digits);
    if (decimal.exponent >= 0) {
        mem_copy(out, digits, count);
        return count + put_zeros(out + count, (u32)decimal.exponent);
    }
    u32 decimals = (u32)-decimal.exponent;
    if (decimals < count) {
        u32 whole = count - decimals;
        mem_copy(out, digits, whole);
        out[whole] = '.';
        mem_copy(out + whole + 1, digits + whole, decimals);
        return count + 1;
    }
    u32 len = put(out, "0.", 2);
    len += put_zeros(out + len, decimals - count);
    mem_copy(out + len, digits, count);
    return len + count;
}

// `bits` without the sign.
static u32 write_float(bool negative, u64 bits, Format format, u64 infinity, u8 *out) {
    if (bits > infinity) return put(out, "NaN", 3);
    u32 len = negative ? put(out, "-", 1) : 0;
    if (bits == infinity) return len + put(out + len, "inf", 3);
    if (bits == 0) return len + put(out + len, "0", 1);
    return len + write_decimal(shortest(bits, format), out + len);
}

u32 text_from_f64(f64 value, u8 *out) {
    u64 bits;
    mem_copy(&bits, &value, 8);
    Format format = {.mantissa_bits = 52, .exponent_bias = 1075};
    return write_float(bits >> 63, bits & ~((u64)1 << 63), format, (u64)0x7ff << 52, out);
}

u32 text_from_f32(f32 value, u8 *out) {
    u32 bits;
    mem_copy(&bits, &value, 4);
    Format format = {.mantissa_bits = 23, .exponent_bias = 150, .narrow = true};
    return write_float(bits >> 31, bits & 0x7fffffffu, format, (u64)0xff << 23, out);
}
