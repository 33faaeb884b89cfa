// What a module consists of, and under which numbers: functions, imports and globals that the exports reach, their types.
// Shared by the files of the module writer.
#ifndef CODEGEN_MODULE_LINK_H
#define CODEGEN_MODULE_LINK_H

#include "codegen/module_writer.h"

// What code can refer to. In this order: functions of the program, of the runtime, imports, globals.
typedef struct LinkItem {
    u32 uses;   // refs in linked code
    u32 number; // in its index space of the module
    u32 type;   // functions and imports: number of the type
    u32 size;   // functions: of the body
    bool linked;
} LinkItem;

typedef struct LinkType {
    Signature signature;
    u32 uses;
    u32 number; // in the module
} LinkType;

typedef struct ModuleLink {
    const WriterInput *in;
    Arena *scratch;
    Runtime runtime;
    u32 *item_of; // SYMBOL_FUNCTION + n -> item
    LinkItem *items;
    u32 first_import, first_global, item_count;
    VEC(u32) functions;  // linked items with code: in the order in which they are found, later by number
    VEC(LinkType) types; // in the order in which they are found
    u32 *type_order;     // number in the module -> type
    u32 import_count;
} ModuleLink;

// Either kind of function seen alike.
typedef struct LinkBody {
    Str name;
    Signature signature;
    const u8 *bytes;
    const CodeRef *refs;
    const CodeLocals *locals;
    const CodeOrigin *origins;
    const CodeCall *calls;
    u32 size, ref_count, locals_count, origin_count, call_count;
    u32 ir_function;
} LinkBody;

typedef struct LinkImport {
    const char *module, *name;
    Signature signature;
} LinkImport;
extern const LinkImport link_imports[IMPORT_COUNT];

// Follows the refs from the exports, then gives everything its number. The scratch arena keeps the result.
bool link_module(ModuleLink *link, const WriterInput *in, Arena *scratch, Error *error) MUST_CHECK;
LinkBody link_body(const ModuleLink *link, u32 item);
u32 link_item(const ModuleLink *link, Symbol symbol);
// Sets the error about a program, or about its function of the name, that has more of something than engines take; false.
bool link_too_large(Error *error, Str function, u64 has, const char *of, u32 most);
bool link_touches(const ModuleLink *link, u32 data); // whether a linked function of the runtime touches that data

#endif
