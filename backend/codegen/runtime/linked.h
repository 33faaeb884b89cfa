// The linked runtime as embed.c reads it: a module with the linker's symbols and relocations (tool-conventions
// Linking.md). Part of the build; what is not as expected ends it.
#ifndef CODEGEN_RUNTIME_LINKED_H
#define CODEGEN_RUNTIME_LINKED_H

#include "support/base.h"

enum { SYMBOLS_MOST = 1024, FUNCTIONS_MOST = 256, RELOCS_MOST = 4096, NONE = 0xffffffffu };

typedef struct Input {
    const u8 *next, *end;
} Input;

typedef struct Type {
    Input params, results;
} Type;

typedef struct Function {
    const char *name; // of an import; else the exported one, or the linker's
    const char *module;
    u32 type;
    Input body;
    bool offered; // exported
    u32 number;   // in the table; NONE = not reached
} Function;

enum { SYMBOL_OF_FUNCTION, SYMBOL_OF_DATA, SYMBOL_OF_GLOBAL, SYMBOL_OF_SECTION };
typedef struct LinkSymbol {
    u32 kind, index;
    const char *name;
    u32 size, address; // of data; the address is 0 until a use tells
    u32 number;        // of data in the table
} LinkSymbol;

enum { RELOC_FUNCTION = 0, RELOC_ADDRESS = 3, RELOC_ADDRESS_SIGNED = 4, RELOC_GLOBAL = 7 };
typedef struct Reloc {
    u32 kind, symbol;
    const u8 *at; // a LEB128 of five bytes
    i32 addend;
} Reloc;

typedef struct Linked {
    Type types[FUNCTIONS_MOST];
    Function functions[FUNCTIONS_MOST]; // imports first
    LinkSymbol symbols[SYMBOLS_MOST];
    Reloc relocs[RELOCS_MOST]; // in order of `at`
    u32 type_count, import_count, function_count, symbol_count, reloc_count;
    Input code, data; // the data's first byte is at `data_address`
} Linked;

// Data must start at `data_address`.
void linked_read(Linked *linked, Input file, u32 data_address);

u8 read_byte(Input *in);
u32 read_u32(Input *in); // LEB128

NORETURN void fail(const char *what, const char *which);
void need(bool holds, const char *what);

#endif
