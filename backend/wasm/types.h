// Types in the binary format (core specification 5.3) and in the text format.
#ifndef WASM_TYPES_H
#define WASM_TYPES_H

#include "support/buf.h"
#include "wasm/input.h"
#include "wasm/module.h"

// Reads a value type; indices must be below the types known. Notes the features that it needs.
ValType type_read(Input *in, WasmModule *m);
// Reads a heap type, as a reference with this code (WASM_REF or WASM_REF_NULL).
ValType type_read_heap(Input *in, WasmModule *m, u32 code);
// Reads a reference type.
ValType type_read_reference(Input *in, WasmModule *m);

// Reads the content of the type section.
bool types_decode(Input *in, WasmModule *m, Arena *arena) MUST_CHECK;

// `i32`, `funcref`, `(ref null 3)`.
void type_put(Buf *out, ValType type);
// The heap type of a reference alone: `func`, `3`.
void type_put_heap(Buf *out, ValType type);

// Most value types of one list, and most fields of one structure, that are spelt out; engines take no more.
enum { TYPE_ITEMS_SHOWN = 1000, FIELDS_SHOWN = 10000 };

// `(i32, i64) -> (i32)` of a function type; its index in brackets if it is none.
void type_put_signature(Buf *out, const WasmModule *m, u32 type);
// `(func (param i32) (result i32))`, `(sub 1 (struct (field i8)))`.
void type_put_definition(Buf *out, const WasmModule *m, u32 type);

#endif
