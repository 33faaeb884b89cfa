// One function in the text format (core specification 6), one instruction a line.
#ifndef WASM_DISASSEMBLE_H
#define WASM_DISASSEMBLE_H

#include "support/buf.h"
#include "wasm/module.h"

// What a text may have; where it would have more, a last line says so.
enum { DISASSEMBLY_BYTES = 64 << 20, DISASSEMBLY_LINES = 2000000 };

// Writes the function into `text`, and into `lines` a u32 for each line: the offset in the file of what stands there. An
// imported function gives the line of its import. Both must be empty and without limit.
bool wasm_disassemble(const WasmModule *m, u32 function, Buf *text, Buf *lines, Error *error) MUST_CHECK;

// One function of several: what finding takes a pass over the module for, its caller has found.
typedef struct WasmFunctionText {
    u32 index;
    const WasmImport *import;     // of an imported one
    Str local_names, label_names; // of this function: entries of the subsections of names by function
} WasmFunctionText;

// The same behind what the buffers hold already; their bounds count for the whole.
bool wasm_disassemble_item(const WasmModule *m, WasmFunctionText item, Buf *text, Buf *lines, Error *error) MUST_CHECK;

// The entry of each function in such a subsection, by its index.
bool wasm_names_by_function(Arena *scratch, const WasmModule *m, Str subsection, Str **entries) MUST_CHECK;

// Takes from items the names that stood before: what they are called by must be unique. Length 0 = no name.
void wasm_drop_repeated(Arena *scratch, Str *names, u32 count);

#endif
