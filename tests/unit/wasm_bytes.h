// Modules as byte strings for the tests of backend/wasm: the header, sections, and one module that has an item of every
// index space.
#ifndef TESTS_WASM_BYTES_H
#define TESTS_WASM_BYTES_H

#include <stdio.h>
#include <string.h>

#include "support/base.h"

#define WASM_HEADER "\0asm\1\0\0\0"
// One type, [] -> [], and one function of it that has no code yet.
#define TYPE_SECTION "\x01\x04\x01\x60\0\0"
#define ONE_FUNCTION WASM_HEADER TYPE_SECTION "\x03\x02\x01\0"
#define BYTES(literal) ((Str){(const u8 *)("" literal), sizeof(literal) - 1})

typedef struct Bytes {
    u8 data[4096];
    u32 len;
} Bytes;

static inline void put_bytes(Bytes *out, const void *data, u32 len) {
    if (len) memcpy(out->data + out->len, data, len);
    out->len += len;
}
static inline void put_byte(Bytes *out, u32 byte) { out->data[out->len++] = (u8)byte; }

// A size that takes two bytes whatever it is, as a linker would leave it.
static inline void put_size(Bytes *out, u32 size) {
    put_byte(out, (size & 0x7f) | 0x80);
    put_byte(out, size >> 7);
}

// Types: 0 [] -> [], 1 a structure, 2 an array, 3 [i32] -> [i32]. One table, two memories (the second of 64 bits), global,
// tag, element segment, data segment. The function has type 0, one i32 local, and `body` in a block before its `end`.
static inline Bytes module_with_body(Str body) {
    Bytes out = {.len = 0};
    Str before = BYTES(WASM_HEADER "\x01\x10\x04\x60\0\0\x5f\x01\x7f\x01\x5e\x7f\x01\x60\x01\x7f\x01\x7f" // types
                                   "\x03\x02\x01\0"                                                       // function
                                   "\x04\x04\x01\x70\0\x01"                                               // table
                                   "\x05\x05\x02\0\x01\x04\x01"                                           // memories
                                   "\x0d\x03\x01\0\0"                                                     // tag
                                   "\x06\x06\x01\x7f\x01\x41\0\x0b"                                       // global
                                   "\x09\x05\x01\x03\0\x01\0"                                             // elements
                                   "\x0c\x01\x01");                                                       // data count
    put_bytes(&out, before.data, before.len);
    u32 size = body.len + 7; // one group of locals, block, its end, end
    put_byte(&out, 10);
    put_size(&out, size + 3);
    put_byte(&out, 1);
    put_size(&out, size);
    put_bytes(&out, "\x01\x01\x7f\x02\x40", 5);
    put_bytes(&out, body.data, body.len);
    put_bytes(&out, "\x0b\x0b", 2);
    put_bytes(&out, "\x0b\x03\x01\x01\0", 5); // data
    return out;
}

#endif
