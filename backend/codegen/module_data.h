// What lies in a module's memory when it starts. Shared by the files of the module writer.
#ifndef CODEGEN_MODULE_DATA_H
#define CODEGEN_MODULE_DATA_H

#include "codegen/module_link.h"

typedef struct DataSegment {
    u64 start, end; // addresses
} DataSegment;

typedef struct ModuleData {
    VEC(WriterData) pieces; // by address
    VEC(DataSegment) segments;
    u64 program; // address of the first piece of the program: what lies before is the runtime's
    u64 end;     // first byte behind all that has a fixed address
} ModuleData;

// Gathers data of the program and of the linked runtime, cells, and the place table of the wasi adapter, and finds the
// segments: without zeros at either end, split where that is shorter. False when memory is out.
bool data_gather(ModuleData *data, const ModuleLink *link) MUST_CHECK;
void data_write(const ModuleData *data, Buf *out); // contents of the section

#endif
