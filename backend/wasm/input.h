// Bounds-checked bytes of a module with LEB128 (core specification 5.2.2). Sticky: after the first fault every read
// yields zero, so that decoding reads straight and is checked once per item. A fault knows section, offset and function.
#ifndef WASM_INPUT_H
#define WASM_INPUT_H

#include "support/error.h"

typedef struct Input {
    const u8 *start; // of the file
    const u8 *next;
    const u8 *end; // of the section or body being read
    bool failed;   // sticky
    Error *error;  // its rule is the section's name
    const char *section;
    u32 function; // whose code is read; NO_INDEX = none
} Input;

static inline u32 input_offset(const Input *in) { return (u32)(in->next - in->start); }
static inline u32 input_left(const Input *in) { return (u32)(in->end - in->next); }

// Sets the fault if there is none. Always false. Format: see support/format.h.
bool input_fail(Input *in, u32 offset, const char *format, ...);

// A byte as `0x0f`, for messages.
enum { INPUT_HEX = 5 };
const char *input_hex(u8 byte, char *out);

// The next n bytes, or NULL.
const u8 *input_take(Input *in, u32 n);
u8 input_u8(Input *in);

u32 input_u32_long(Input *in);
static inline u32 input_u32(Input *in) {
    if (likely(in->next < in->end && *in->next < 0x80 && !in->failed)) return *in->next++;
    return input_u32_long(in);
}
u64 input_u64(Input *in);
i32 input_i32(Input *in);
i64 input_i64(Input *in);
i64 input_i33(Input *in); // of block and heap types

// A count of items that take at least one byte each: larger ones are a fault.
u32 input_count(Input *in, const char *of);

// A name: a length and bytes. `checked`: they must be UTF-8.
Str input_name(Input *in, bool checked);

#endif
