// The four mem* functions that clang calls behind our back, for WebAssembly: the backend's own and compiled programs'.
#include "support/base.h"

// The attribute keeps clang from recognising these loops and calling the functions from themselves.
#define LOOP __attribute__((no_builtin))

// One 64-bit word at any address.
typedef u64 Word __attribute__((aligned(1), may_alias));

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

LOOP void *memcpy(void *restrict to, const void *restrict from, size_t n) {
    u8 *out = to;
    const u8 *in = from;
    for (; n >= 8; n -= 8, out += 8, in += 8) *(Word *)out = *(const Word *)in;
    for (; n; n--) *out++ = *in++;
    return to;
}

LOOP void *memmove(void *to, const void *from, size_t n) {
    u8 *out = to;
    const u8 *in = from;
    if ((size_t)out - (size_t)in >= n) { // in order: the part not yet read is never written
        for (; n >= 8; n -= 8, out += 8, in += 8) *(Word *)out = *(const Word *)in;
        for (; n; n--) *out++ = *in++;
    } else {
        for (; n >= 8; n -= 8) *(Word *)(out + n - 8) = *(const Word *)(in + n - 8);
        for (; n; n--) out[n - 1] = in[n - 1];
    }
    return to;
}

LOOP void *memset(void *to, int byte, size_t n) {
    u8 *out = to;
    u64 word = (u8)byte * (u64)0x0101010101010101u;
    for (; n >= 8; n -= 8, out += 8) *(Word *)out = word;
    for (; n; n--) *out++ = (u8)byte;
    return to;
}

LOOP int memcmp(const void *a, const void *b, size_t n) {
    const u8 *x = a, *y = b;
    for (; n >= 8 && *(const Word *)x == *(const Word *)y; n -= 8, x += 8, y += 8) {}
    for (; n; n--, x++, y++) {
        if (*x != *y) return *x < *y ? -1 : 1;
    }
    return 0;
}
