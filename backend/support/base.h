// Fixed-width types, strings, checked arithmetic: what every file of the backend starts from.
// Relies on compiler built-ins only; the library is built with -ffreestanding -nostdlibinc.
#ifndef SUPPORT_BASE_H
#define SUPPORT_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t i8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;
typedef float f32;
typedef double f64;
typedef __int128 i128;
typedef unsigned __int128 u128;

// Bytes with a length; not NUL-terminated; never owned.
typedef struct Str {
    const u8 *data;
    u32 len;
} Str;

#define MUST_CHECK __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))
// For what is one or two instructions long and called for each instruction of a program: the wasm build inlines nothing else.
#define HOT_INLINE static inline __attribute__((always_inline))
#define countof(array) (sizeof(array) / sizeof((array)[0]))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

// A string literal as Str.
#define STR(literal) ((Str){(const u8 *)("" literal), sizeof(literal) - 1})

// memcpy, memmove, memset, memcmp: the built-ins; platform_bytes.c defines the symbols.
#define mem_copy(dst, src, n) __builtin_memcpy((dst), (src), (n))
#define mem_move(dst, src, n) __builtin_memmove((dst), (src), (n))
#define mem_zero(dst, n) __builtin_memset((dst), 0, (n))
#define mem_equal(a, b, n) (__builtin_memcmp((a), (b), (n)) == 0)

static inline bool str_equal(Str a, Str b) {
    return a.len == b.len && (a.len == 0 || mem_equal(a.data, b.data, a.len));
}

// Each returns true when the result does not fit; *out is then meaningless.
#define add_overflows(a, b, out) __builtin_add_overflow((a), (b), (out))
#define mul_overflows(a, b, out) __builtin_mul_overflow((a), (b), (out))

// For our own bugs, never for input; stays on in release. On wasm nobody could read what was wrong.
#ifdef __wasm__
#define platform_panic(file, line, what) __builtin_trap()
#else
NORETURN void platform_panic(const char *file, int line, const char *what);
#endif
#define ASSERT(condition)                                                           \
    do {                                                                            \
        if (unlikely(!(condition))) platform_panic(__FILE__, __LINE__, #condition); \
    } while (0)
#define UNREACHABLE() platform_panic(__FILE__, __LINE__, "unreachable")

#endif
