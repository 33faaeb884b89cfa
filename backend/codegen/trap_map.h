// How compiled programs tell why and where they failed (one scheme for both adapters and every engine).
//
// A trap is a call of the module's trap function with one number: TrapKind in the low 6 bits, above them the number of
// the place (0 = unknown), counted from 1 in the custom section `jsrust.map`.
//   jsrust: the number is stored in the exported mutable global `jsrust_trap` (i32, 0 = none), then `unreachable`.
//   wasi:   waiting output is written, then `error[execute-error]: SENTENCE in `FUNCTION`, block B, instruction I` and a
//           newline on descriptor 2 (what stands behind the sentence only with the map), then proc_exit(40). The number is
//           in the exported global, too.
// At the MVP level no global that changes can be exported: there `jsrust_trap` is a function () -> i32.
// What engines notice themselves: their stack exhausted (TRAP_STACK), an access outside memory (TRAP_BAD_POINTER).
//
// Section `jsrust.map`, all numbers unsigned LEB128:
//   version (1)
//   count of function names; each: index in the file's function list, length, UTF-8 bytes
//   count of places; each:
//     number of the name in the list above
//     block id * 2, one more if it is the block's terminator
//     instruction index + 1 in the block (0 = the block's head; the instruction count = the terminator)
//     byte offset in the file + 1 (0 = unknown), as the difference to the place before, signed LEB128
//     source number (IrSite.source) likewise a signed difference
//     place that this one was inlined at, 0 = none
//   count of calls: of the program's functions, and under the jsrust adapter of what prints; each, in order of offset:
//     offset in the module, as the difference to the one before; its place
//   So the stack that an engine names by offsets tells the callers, the innermost call where that stack is exhausted, and
//   the print call that the host ended.
#ifndef CODEGEN_TRAP_MAP_H
#define CODEGEN_TRAP_MAP_H

#include "ir/module.h"
#include "support/buf.h"
#include "support/map.h"

enum { TRAP_KIND_BITS = 6 };

typedef struct TrapCall {
    u32 offset; // in the module
    u32 place;
} TrapCall;
typedef VEC(TrapCall) TrapCalls;

// Places in the order in which they were first asked for.
typedef struct TrapMap {
    Arena *arena;
    Map place_of;   // site -> place
    VEC(u32) sites; // [0] unused
} TrapMap;

// The place number of a site (0 for site 0), with the places it was inlined at.
u32 trap_map_place(TrapMap *map, const IrModule *module, u32 site);
// Name of the function that a site is in; no data where it is not known.
Str trap_map_function(const IrModule *module, u32 site);
// Contents of the section; false when memory for the work is out.
bool trap_map_write(const TrapMap *map, const IrModule *module, const TrapCalls *calls, Arena *scratch,
                    Buf *out) MUST_CHECK;

#endif
