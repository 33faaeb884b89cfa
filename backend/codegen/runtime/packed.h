// The runtime as the backend carries it: written by embed.c when the backend is built, read by runtime_link.c. Numbers are
// unsigned LEB128.
//
//     count of data, count of functions
//     each data: address, size, kind (DATA_*); the cells first, then the others by address
//     each function: length and bytes of the name
//         count and types of the parameters, of the results (one byte each)
//         count of runs of locals; each: count, type
//         count and numbers of the data it touches (one byte each)
//         count of refs; each: distance from the one before, symbol (number << 2 | REF_*)
//         size of the code, with holes; 0 for late-bound functions
//     the code of all functions
//     the bytes of the data of kind DATA_BYTES
#ifndef CODEGEN_RUNTIME_PACKED_H
#define CODEGEN_RUNTIME_PACKED_H

#include "codegen/runtime_link.h"

enum { DATA_ZERO, DATA_BYTES, DATA_SENTENCES }; // the last: those of ir/traps.def, each with a zero behind it
enum { REF_RUNTIME, REF_IMPORT, REF_GLOBAL, REF_KIND_BITS = 2 };

#endif
