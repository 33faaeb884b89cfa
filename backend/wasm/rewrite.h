// A module as it is run here: its memories capped, its start function an export.
#ifndef WASM_REWRITE_H
#define WASM_REWRITE_H

#include "support/buf.h"
#include "wasm/module.h"

// Engines give a table its whole initial size at once; Chrome takes no more than this.
enum { TABLE_ITEMS_MOST = 10000000 };

// Writes the file into `out` with two changes; all other bytes are kept. ERR_VALIDATE when a memory or a table starts out
// larger than it may be.
//
// Each memory that the module defines gets a maximum, so that together they never have more than `pages` of 64 KiB: what
// they have at first, and an equal share of the rest for each that can grow; what it had where that is less. Imported
// memories stay as they are, as their limits must match what is given.
//
// A start section becomes the last export, under a name that no other export has: the host calls it first, when it has
// the memory that its imports read, which an engine hands out only after the start function has run. Being exported,
// the function may be named by `ref.func`, which engines else refuse. A module with a million exports has no room
// for one more.
bool wasm_rewrite(const WasmModule *m, u32 pages, Buf *out, Error *error) MUST_CHECK;

#endif
