// State shared by decode.c and decode_body.c. Sticky: after the first failure every read gives zero, so that lists end,
// nothing more is stored that matters, and one check per item is enough.
#ifndef JSRS_DECODER_H
#define JSRS_DECODER_H

#include "jsrs/types.h"
#include "support/reader.h"

typedef struct Decoder {
    JsrsModule *module;
    Arena *arena;        // of the module
    Arena scratch;       // dropped when decoding ends
    Reader in;           // in.end: end of the section being read
    const char *section; // its name, for messages
    Error *error;
    Where where; // function, block and instruction being read
    JsrsTypeTable types;
    VEC(u32) pending; // parameter types of function types that are being read
} Decoder;

// Sets the error at a byte offset and makes the reader sticky. Always false.
bool decode_fail_at(Decoder *d, u32 offset, const char *format, ...);
void decode_out_of_memory(Decoder *d);

// A list's count, refused when its items (of at least `smallest` bytes) can't fit into the section.
u32 decode_count(Decoder *d, u32 smallest, const char *items);
u8 decode_bool(Decoder *d, const char *what);
u32 decode_string_id(Decoder *d);
u32 decode_type(Decoder *d);
// list(type): the first of `count` in JsrsModule.lists.
u32 decode_fields(Decoder *d, u32 *count);
// list(type, id): the first of `count` in JsrsModule.params.
u32 decode_params(Decoder *d, const char *items, u32 *count);

// list(block): the first of `count` in JsrsModule.blocks.
u32 decode_blocks(Decoder *d, u32 *count);

// Appends to a list of the module; sticky when memory is out.
#define decode_push(d, vec, item) (void)(vec_push((d)->arena, (vec), (item)) || (decode_out_of_memory(d), false))

#endif
