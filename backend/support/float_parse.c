// Decimal text to the nearest float, ties to even. The first 19 digits times a 128-bit power of ten give an interval
// that holds the value; where both its ends round alike, that is the answer, otherwise big integers decide between the
// two.
#include "support/power_of_ten.h"
#include "support/text.h"
#include "support/wide.h"

enum {
    WORD_DIGITS = 19,  // decimal digits that always fit in 64 bits
    DIGITS_MOST = 800, // an f64 and the middle between two have at most 768; what follows matters only by not being 0
    BIG_WORDS = 160    // 5120 bits; the largest product below has less than 4300
};

typedef struct Format {
    u32 mantissa_bits;   // stored ones
    i32 least_exponent;  // of the last bit of the smallest number
    u32 infinity_biased; // biased exponent of infinity
} Format;

// digits * 10^exponent, digits after the 19th left out of `head`.
typedef struct Decimal {
    Str digits; // significant ones as text, a point may stand among them; starts with a digit that is not 0
    u64 head;
    i32 exponent; // of `head`
    bool cut;     // there are more digits than `head` has
} Decimal;

// --- Rounding -------------------------------------------------------------------------------------------------------

// The bits (without sign) of the float nearest to mantissa * 2^exponent; mantissa != 0.
static u64 round_to_format(u128 mantissa, i32 exponent, Format format) {
    u32 lead = mantissa >> 64 ? (u32)__builtin_clzll((u64)(mantissa >> 64)) : 64 + (u32)__builtin_clzll((u64)mantissa);
    mantissa <<= lead;
    exponent -= (i32)lead;
    i32 drop = 127 - (i32)format.mantissa_bits;
    if (exponent + drop < format.least_exponent) drop = format.least_exponent - exponent;
    if (drop > 128) return 0;
    u128 kept = drop == 128 ? 0 : mantissa >> drop, half = (u128)1 << (drop - 1);
    u128 rest = drop == 128 ? mantissa : mantissa & ((half << 1) - 1);
    if (rest > half || (rest == half && (kept & 1))) kept++;
    // A carry out of the mantissa goes on into the exponent, which is what is wanted.
    u64 hidden = (u64)1 << format.mantissa_bits;
    u64 biased = (u64)kept >= hidden ? (u64)(exponent + drop - format.least_exponent + 1) : 0;
    u64 bits = biased ? ((biased - 1) << format.mantissa_bits) + (u64)kept : (u64)kept;
    u64 infinity = (u64)format.infinity_biased << format.mantissa_bits;
    return bits < infinity ? bits : infinity;
}

// --- Big integers, just enough to compare ---------------------------------------------------------------------------

typedef struct Big {
    u32 words[BIG_WORDS];
    u32 count;
} Big;

static void big_multiply_add(Big *big, u32 factor, u32 plus) {
    u64 carry = plus;
    for (u32 i = 0; i < big->count; i++) {
        carry += (u64)big->words[i] * factor;
        big->words[i] = (u32)carry;
        carry >>= 32;
    }
    if (carry) {
        ASSERT(big->count < BIG_WORDS);
        big->words[big->count++] = (u32)carry;
    }
}

static void big_multiply_power_of_five(Big *big, u32 power) {
    for (; power >= 13; power -= 13) big_multiply_add(big, 1220703125u, 0); // 5^13
    u32 factor = 1;
    for (; power; power--) factor *= 5;
    big_multiply_add(big, factor, 0);
}

static void big_shift_left(Big *big, u32 bits) {
    u32 words = bits / 32;
    ASSERT(big->count + words <= BIG_WORDS);
    mem_move(big->words + words, big->words, big->count * sizeof(u32));
    mem_zero(big->words, words * sizeof(u32));
    big->count += words;
    big_multiply_add(big, 1u << bits % 32, 0);
}

static int big_compare(const Big *a, const Big *b) {
    if (a->count != b->count) return a->count < b->count ? -1 : 1;
    for (u32 i = a->count; i-- > 0;) {
        if (a->words[i] != b->words[i]) return a->words[i] < b->words[i] ? -1 : 1;
    }
    return 0;
}

// All digits of the text as a number times 10^(returned exponent).
static i32 big_from_digits(Big *big, const Decimal *decimal) {
    u32 taken = 0;
    bool rest = false;
    for (u32 i = 0; i < decimal->digits.len; i++) {
        u8 c = decimal->digits.data[i];
        if (c == '.') continue;
        if (taken < DIGITS_MOST) {
            big_multiply_add(big, 10, c - '0');
            taken++;
        } else if (c != '0') {
            rest = true;
            break;
        }
    }
    i32 exponent = decimal->exponent + WORD_DIGITS - (i32)taken;
    if (rest) {
        big_multiply_add(big, 10, 1);
        exponent--;
    }
    return exponent;
}

// Which of the float `bits` and the next larger one is nearest.
static u64 decide(u64 bits, const Decimal *decimal, Format format) {
    u64 hidden = (u64)1 << format.mantissa_bits;
    u64 biased = bits >> format.mantissa_bits;
    u64 mantissa = biased ? (bits & (hidden - 1)) | hidden : bits;
    i32 middle_exponent = format.least_exponent + (i32)(biased ? biased - 1 : 0) - 1;
    u64 middle = 2 * mantissa + 1;

    Big value = {{0}, 0}, between = {{(u32)middle, (u32)(middle >> 32)}, middle >> 32 ? 2 : 1};
    i32 exponent = big_from_digits(&value, decimal);
    big_multiply_power_of_five(exponent >= 0 ? &value : &between, (u32)(exponent >= 0 ? exponent : -exponent));
    i32 shift = exponent - middle_exponent;
    big_shift_left(shift >= 0 ? &value : &between, (u32)(shift >= 0 ? shift : -shift));
    int order = big_compare(&value, &between);
    return bits + (order > 0 || (order == 0 && (mantissa & 1)));
}

// --- The value ------------------------------------------------------------------------------------------------------

static u64 nearest(const Decimal *decimal, Format format) {
    if (decimal->head == 0 || decimal->exponent < -343) return 0; // below 10^19 * 10^-344
    if (decimal->exponent > 308) return (u64)format.infinity_biased << format.mantissa_bits;
    u32 lead = (u32)__builtin_clzll(decimal->head);
    u64 head = decimal->head << lead, high;
    PowerOfTen power = power_of_ten(decimal->exponent);
    u64 low = wide_mul_u64(head, power.high, &high);
    i32 exponent = log2_of_power_of_ten(decimal->exponent) - 63 - (i32)lead;
    // The power is at most 4 units of its low half too large, and that half was left out; so were the digits cut off.
    u128 least = ((u128)high << 64 | low) - 1, most = least + head + 1;
    bool cut_fits = !decimal->cut || !add_overflows(most, (u128)power.high << lead, &most);
    u64 bits = round_to_format(least, exponent, format);
    if (cut_fits && bits == round_to_format(most, exponent, format)) return bits;
    return decide(bits, decimal, format);
}

static bool same_letters(Str text, u32 at, const char *lower) {
    for (; at < text.len && *lower; at++, lower++) {
        if ((text.data[at] | 0x20) != (u8)*lower) return false;
    }
    return at == text.len && !*lower;
}

// Reads the exponent after `e`; large ones are capped far outside of any format, but beyond what a long text can
// offset.
static bool parse_exponent(Str text, u32 at, i64 *exponent) {
    bool negative = at < text.len && text.data[at] == '-';
    if (negative || (at < text.len && text.data[at] == '+')) at++;
    if (at == text.len) return false;
    i64 value = 0;
    for (; at < text.len; at++) {
        u8 digit = (u8)(text.data[at] - '0');
        if (digit > 9) return false;
        if (value < (i64)1 << 40) value = value * 10 + digit;
    }
    *exponent = negative ? -value : value;
    return true;
}

static bool parse_decimal(Str text, u32 at, Decimal *out) {
    u32 digits = 0, taken = 0, first = 0, end = 0;
    i64 exponent = 0, written = 0;
    bool point = false, significant = false;
    *out = (Decimal){0};
    for (; at < text.len; at++) {
        u8 c = text.data[at];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        u8 digit = (u8)(c - '0');
        if (digit > 9) break;
        digits++;
        if (digit != 0 && !significant) significant = true, first = at;
        if (significant && taken < WORD_DIGITS) {
            out->head = out->head * 10 + digit;
            taken++;
            exponent -= point;
        } else if (significant) {
            out->cut |= digit != 0;
            exponent += !point;
        } else {
            exponent -= point;
        }
        end = at + 1;
    }
    if (digits == 0) return false;
    if (at < text.len && ((text.data[at] | 0x20) != 'e' || !parse_exponent(text, at + 1, &written))) return false;
    for (; significant && taken < WORD_DIGITS; taken++) { // `head` always counts 19 digits
        out->head *= 10;
        exponent--;
    }
    exponent += written;
    out->exponent = (i32)(exponent > 100000 ? 100000 : exponent < -100000 ? -100000 : exponent);
    out->digits = (Str){text.data + first, significant ? end - first : 0};
    return true;
}

static bool parse(Str text, Format format, u64 *bits, bool *negative) {
    *negative = text.len > 0 && text.data[0] == '-';
    u32 at = *negative || (text.len > 0 && text.data[0] == '+');
    u64 infinity = (u64)format.infinity_biased << format.mantissa_bits;
    Decimal decimal;
    if (same_letters(text, at, "inf") || same_letters(text, at, "infinity")) {
        *bits = infinity;
    } else if (same_letters(text, at, "nan")) {
        *bits = infinity | (u64)1 << (format.mantissa_bits - 1);
    } else if (parse_decimal(text, at, &decimal)) {
        *bits = nearest(&decimal, format);
    } else {
        return false;
    }
    return true;
}

bool text_to_f64(Str text, f64 *out) {
    Format format = {.mantissa_bits = 52, .least_exponent = -1074, .infinity_biased = 0x7ff};
    u64 bits;
    bool negative;
    if (!parse(text, format, &bits, &negative)) return false;
    bits |= (u64)negative << 63;
    mem_copy(out, &bits, 8);
    return true;
}

bool text_to_f32(Str text, f32 *out) {
    Format format = {.mantissa_bits = 23, .least_exponent = -149, .infinity_biased = 0xff};
    u64 bits;
    bool negative;
    if (!parse(text, format, &bits, &negative)) return false;
    u32 narrow = (u32)bits | (u32)negative << 31;
    mem_copy(out, &narrow, 4);
    return true;
}
