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

#endif
