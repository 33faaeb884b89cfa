// A whole module in the text format (core specification 6): what other tools read back as the same module, custom
// sections apart.
#ifndef WASM_MODULE_TEXT_H
#define WASM_MODULE_TEXT_H

#include "support/buf.h"
#include "wasm/module.h"

// Writes into `text`, and into `lines` a u32 for each line: the offset in the file of what stands there. Both must be
// empty and without limit. The bounds of disassemble.h hold for the whole.
bool wasm_module_text(const WasmModule *m, Buf *text, Buf *lines, Error *error) MUST_CHECK;

#endif
