// What a module consists of, as one JSON object; runner/module/info.js says what is in it.
#ifndef WASM_DESCRIBE_H
#define WASM_DESCRIBE_H

#include "support/buf.h"
#include "wasm/module.h"

// Most items of one list, of imports and exports; and when the text is this long, all lists end.
enum { DESCRIBE_ITEMS = 5000, DESCRIBE_EXTERNS = 100000, DESCRIBE_BYTES = 64 << 20 };

void wasm_describe(const WasmModule *m, Buf *out);

// The list of functions with a body, from the `first` of them on.
void wasm_describe_functions(const WasmModule *m, u32 first, Buf *out);

#endif
