// What the files of the decoder share: the state, and which file reads which section.
#ifndef WASM_DECODE_H
#define WASM_DECODE_H

#include "wasm/instruction.h"

typedef struct Decoder {
    Code code; // its input is the section at work
    WasmModule *m;
    Arena *arena;
    Arena scratch;   // freed when decoding ends
    VEC(u32) frames; // open blocks of the body at work, by their op
} Decoder;

// Adds an item to a list of the module; out of memory fails the input without a message.
#define decoder_push(d, vec, item)                                            \
    do {                                                                      \
        if (!vec_push((d)->arena, (vec), (item))) (d)->code.in.failed = true; \
    } while (0)

// The content of one section each; the input ends where the section does.
void decode_imports(Decoder *d, u32 count);
void decode_functions(Decoder *d, u32 count);
void decode_tables(Decoder *d, u32 count);
void decode_memories(Decoder *d, u32 count);
void decode_tags(Decoder *d, u32 count);
void decode_globals(Decoder *d, u32 count);
void decode_exports(Decoder *d, u32 count);
void decode_elements(Decoder *d, u32 count);
void decode_data(Decoder *d, u32 count);
void decode_bodies(Decoder *d, u32 count);

// A custom section with its name read. What is wrong in it is no fault of the module: the rest of it is passed over.
void decode_custom(Decoder *d, Str name);

#endif
