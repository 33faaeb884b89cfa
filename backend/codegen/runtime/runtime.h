// What the files of the runtime share. They are compiled for WebAssembly 1.0 and linked with the interpreter's own files
// (Makefile: RUNTIME_SOURCES) into build/runtime.wasm; program addresses are addresses of the one memory. Unlike the rest
// of the backend they have mutable globals: an instance of a program is one run.
//
// No function pointers, no pointers in data: embed.c refuses them.
#ifndef CODEGEN_RUNTIME_RUNTIME_H
#define CODEGEN_RUNTIME_RUNTIME_H

#include "ir/module.h"

// A function of runtime.def. C names may differ from those there where the interpreter's headers have them.
#define OFFERED(name) __attribute__((export_name(#name)))
// What the module that is being made supplies.
#define IMPORTED(module, name) __attribute__((import_module(module), import_name(name)))

enum { NULL_END = 64 }; // addresses below are null (interp/memory.h: NULL_GUARD)

// Late-bound (runtime_link.h).
IMPORTED("late", "output") void output(const u8 *bytes, u32 len);
IMPORTED("late", "output_byte") void output_byte(u32 byte);

// The cells of runtime_link.h. Exported (--export-dynamic), so that the optimiser does not think it knows all uses.
#define CELL __attribute__((visibility("default")))
extern CELL u64 cell_high;
extern CELL u32 cell_heap_base, cell_places, cell_place_count, cell_memory_limit, cell_depth;

// Bytes that wait to be handed over: of output_block and output_wasi. With the rest of the runtime's data they end below
// 8192, so that addresses of a program's own data behind them take two bytes.
enum { BUFFER_BYTES = 4096 };
extern u8 buffer[BUFFER_BYTES];
extern u32 waiting;

// The result "out" of runtime.def.
static inline u64 pointer_or_trap(u64 address, TrapKind trap) { return address | (u64)trap << 32; }

static inline u64 memory_end(void) { return (u64)__builtin_wasm_memory_size(0) << 16; }

#endif
