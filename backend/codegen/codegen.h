// The internal IR compiled to a WebAssembly module: the whole of it, at any level, for either adapter.
// Reproducible: the same module and options give the same bytes.
#ifndef CODEGEN_CODEGEN_H
#define CODEGEN_CODEGEN_H

#include "ir/module.h"
#include "support/buf.h"

typedef enum CodegenAdapter { ADAPTER_JSRUST, ADAPTER_WASI } CodegenAdapter;

typedef struct CodegenOptions {
    CodegenAdapter adapter;
    bool block_write; // jsrust: env.jsrust_write (address, length) -> i32 instead of write_byte and flush
    bool names;       // a name section: functions and globals
    bool map;         // the custom section `jsrust.map`: places of traps (trap_map.h)
    bool mvp;         // WebAssembly 1.0 alone: no bulk memory, sign extension, saturating conversion
    bool small;       // -Os: the runtime's shortest functions, not its fastest
    bool origins;     // keep CodegenResult.origins
    u64 memory_limit; // bytes the module's memory may reach; 0 = 256 MiB
    // At most one of both: how many nested calls functions that can recur may make, or what room their frames may take on the
    // engine's stack, in parts (frame_cost of gen_function.c); up to INT32_MAX. Both 0: the engine's own stack is the limit.
    u32 depth, stack;
} CodegenOptions;

// Which bytes of the module come from which instruction of the IR as it was given to codegen_module, in order of
// offset. For views that show both side by side.
typedef struct CodegenOrigin {
    u32 offset;   // in the module
    u32 function; // IR function number
    u32 value;    // instruction, 0 = the terminator of `block`
    u32 block;
} CodegenOrigin;

typedef struct CodegenResult {
    Buf wasm;
    const CodegenOrigin *origins; // in the arena given
    u32 origin_count;
} CodegenResult;

// Changes the module: unstructured switches and irreducible cycles are rewritten before code is made. STEPS and MARK_*
// mean nothing here. False with an error when memory is out, or when a limit of WebAssembly or of engines is reached (each
// named in the error: 50,000 locals of a function, 7,654,321 bytes of a function, 1,000 parameters, 1 GiB of module).
bool codegen_module(IrModule *module, const CodegenOptions *options, Arena *arena, CodegenResult *result,
                    Error *error) MUST_CHECK;

#endif
