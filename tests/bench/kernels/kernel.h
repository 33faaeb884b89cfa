// What the C twins of the benchmark kernels share: types by their width, and printing by the host, a line of values.
#include <stdint.h>

typedef uint8_t u8;
typedef int32_t i32;
typedef uint32_t u32;
typedef int64_t i64;
typedef uint64_t u64;
typedef double f64;

#define HOST(name) __attribute__((import_module("host"), import_name(#name)))
HOST(print_i64) void print_i64(i64 value);
HOST(print_u64) void print_u64(u64 value);
HOST(print_f64) void print_f64(f64 value);
HOST(print_bytes) void print_bytes(const char *bytes, u32 length);
HOST(print_end) void print_end(void);
