// Puts a WebAssembly module together from its parts: sections, types, imports, numbers of functions, data, names.
// Everything is as short as it can be: the types and functions that are used most get the low numbers.
#ifndef CODEGEN_MODULE_WRITER_H
#define CODEGEN_MODULE_WRITER_H

#include "codegen/code.h"
#include "codegen/codegen.h"
#include "codegen/runtime_link.h"
#include "codegen/trap_map.h"

// A function of the program (or glue made by codegen.c, with number >= the module's function count).
typedef struct WriterFunction {
    Symbol symbol;
    Str name; // for the name section
    Signature signature;
    Code *code;
    u32 ir_function; // for origins; 0 = glue
} WriterFunction;

typedef struct WriterData {
    u32 address;
    Str bytes;
} WriterData;

typedef struct WriterExport {
    const char *name;
    Symbol symbol;
} WriterExport;

// Both i32 and mutable; the trap number is exported as `jsrust_trap` but at the MVP level, whose globals are exported
// only if they never change. One that no linked code names is left out.
#define TRAP_EXPORT "jsrust_trap"
enum { GLOBAL_STACK_POINTER = 0, GLOBAL_TRAP = 1 };

typedef struct WriterInput {
    Arena *arena;
    const CodegenOptions *options;
    const IrModule *module; // for names
    const WriterFunction *functions;
    u32 function_count;
    const WriterExport *exports; // of functions; `memory` and the trap number are exported by the writer
    u32 export_count;
    const WriterData *data; // of the program, any order, not overlapping
    u32 data_count;
    u32 heap_base;    // first byte behind data and stack; memory's minimum reaches at least there
    u32 stack_top;    // initial stack pointer
    u64 memory_limit; // bytes: memory's maximum
    TrapMap *traps;   // gets the places of calls
} WriterInput;

// Adds the runtime functions that are reached from `functions` (and their data and cells), then writes the module.
bool module_write(const WriterInput *input, CodegenResult *result, Error *error) MUST_CHECK;

#endif
