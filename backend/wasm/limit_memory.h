// A module with a cap on its memories.
#ifndef WASM_LIMIT_MEMORY_H
#define WASM_LIMIT_MEMORY_H

#include "support/buf.h"
#include "wasm/module.h"

// Engines give a table its whole initial size at once; Chrome takes no more than this.
enum { TABLE_ITEMS_MOST = 10000000 };

// Writes the file into `out` with a maximum for each memory that the module defines: what it had, or `pages` of 64 KiB
// where that is less. The cap holds for each memory by itself. All bytes but the memory section are kept; imported
// memories too, as their limits must match what is given. ERR_VALIDATE when a memory or a table starts out larger.
bool wasm_limit_memory(const WasmModule *m, u32 pages, Buf *out, Error *error) MUST_CHECK;

#endif
