// A WebAssembly module as written: what its sections declare, with offsets in the file, code left as bytes. Made by
// wasm_decode, read by the description, the disassembler and the memory rewriter.
//
// Decoding checks structure: sections and their sizes, numbers, bounds of every index, nesting of blocks, immediates,
// alignment. The types of operands are not followed; engines do that.
#ifndef WASM_MODULE_H
#define WASM_MODULE_H

#include "support/error.h"
#include "support/vec.h"
#include "wasm/opcodes.h"

typedef enum SectionId {
#define SECTION(name, id, text) SECTION_##name = id,
#include "wasm/sections.def"
    SECTION_ID_END = 14
} SectionId;

// The kind of an import or export, as encoded.
typedef enum ExternKind { KIND_FUNCTION, KIND_TABLE, KIND_MEMORY, KIND_GLOBAL, KIND_TAG, KIND_END } ExternKind;

// ---- types ----

// A value or heap type, packed:
//
//     31   30 ........ 8   7 ..... 0
//     abs  heap type       code
//
// The code is the byte of the binary format; references always have the long form, REF or REF_NULL, whose heap type is
// an index of a type, or with `abs` the byte of an abstract one.
typedef u32 ValType;
enum {
    WASM_I32 = 0x7f,
    WASM_I64 = 0x7e,
    WASM_F32 = 0x7d,
    WASM_F64 = 0x7c,
    WASM_V128 = 0x7b,
    WASM_I8 = 0x78,
    WASM_I16 = 0x77,
    WASM_REF = 0x64,
    WASM_REF_NULL = 0x63,
    HEAP_FUNC = 0x70,
    HEAP_EXTERN = 0x6f,
    HEAP_EXN = 0x69,
    HEAP_NOEXN = 0x74
};
#define TYPE_ABSTRACT 0x80000000u
static inline u32 type_code(ValType type) { return type & 0xff; }
static inline u32 type_heap(ValType type) { return (type & ~TYPE_ABSTRACT) >> 8; }
static inline bool type_is_abstract(ValType type) { return (type & TYPE_ABSTRACT) != 0; }
static inline ValType type_ref(u32 code, u32 heap, bool abstract) {
    return code | heap << 8 | (abstract ? TYPE_ABSTRACT : 0);
}

typedef enum TypeForm { FORM_FUNCTION = 0x60, FORM_STRUCT = 0x5f, FORM_ARRAY = 0x5e } TypeForm;

typedef struct WasmType {
    u8 form;
    bool open;      // other types may extend it
    bool grouped;   // in an explicit group of recursive types, which starts at `group`
    u32 group;      // index of the group's first type
    u32 super;      // NO_INDEX = none
    u32 first;      // in `values`: parameters, then results; or fields
    u32 parameters; // or fields
    u32 results;
} WasmType;

// One value type of a type's list. `is_mutable` is for fields.
typedef struct TypeItem {
    ValType type;
    bool is_mutable;
} TypeItem;

// ---- what the index spaces hold, imported items first ----

typedef struct WasmLimits {
    u64 initial, maximum;
    bool has_maximum, shared, is64;
    u8 page_log2; // of memories; 16 unless it says otherwise
} WasmLimits;

// Code that yields one value, as its bytes in the file without the closing `end`.
typedef struct WasmExpression {
    u32 offset, size;
} WasmExpression;

typedef struct WasmFunction {
    u32 type;
    u32 offset, size; // of the body; 0 for imported ones
    u32 locals;       // declared ones
    u32 instructions; // without the last `end`
} WasmFunction;

typedef struct WasmTable {
    ValType type;
    WasmLimits limits;
    WasmExpression init; // size 0: there is none
} WasmTable;

typedef struct WasmGlobal {
    ValType type;
    bool is_mutable;
    WasmExpression init;
} WasmGlobal;

typedef struct WasmImport {
    Str module, name;
    u32 kind, index;
} WasmImport;

typedef struct WasmExport {
    Str name;
    u32 kind, index;
} WasmExport;

typedef enum SegmentMode { SEGMENT_ACTIVE, SEGMENT_PASSIVE, SEGMENT_DECLARED } SegmentMode;

typedef struct WasmElements {
    u32 mode, table, count;
    ValType type;
    WasmExpression offset;
    bool expressions; // the items are expressions, not indices of functions
    u32 items;        // offset of the first
} WasmElements;

typedef struct WasmData {
    u32 mode, memory, size;
    WasmExpression offset;
    u32 bytes; // offset of its content
} WasmData;

typedef struct WasmSection {
    u32 id;
    Str name;         // of a custom section its own
    u32 header;       // offset of the id byte
    u32 offset, size; // of the content
    u32 count;        // of items, NO_INDEX = not a list
    u32 payload;      // of a custom section: where its content behind the name lies
} WasmSection;

// Names of the name section, per index space; those of locals and labels are looked up when they are needed.
typedef struct NameList {
    Str *items; // NULL = no names; an item without data has none
    u32 count;
} NameList;

typedef struct Producer {
    Str field, name, version;
} Producer;

typedef struct WasmModule {
    Str file;
    VEC(WasmSection) sections;
    VEC(WasmType) types;
    VEC(TypeItem) values;
    VEC(WasmImport) imports;
    VEC(WasmFunction) functions;
    VEC(WasmTable) tables;
    VEC(WasmLimits) memories;
    VEC(WasmGlobal) globals;
    VEC(u32) tags; // types
    VEC(WasmExport) exports;
    VEC(WasmElements) elements;
    VEC(WasmData) data;
    u32 imported[KIND_END]; // how many of each kind
    u32 start;              // function, NO_INDEX = none
    u32 data_count;         // NO_INDEX = no such section
    u32 bodies;             // functions whose code was seen
    u32 features;           // bits of Feature
    Str name;               // of the module; no data = none
    NameList names[SPACE_FUNCTION_TYPES];
    Str local_names, label_names, field_names; // subsections as bytes
    VEC(Producer) producers;
    VEC(Str) target_features;
} WasmModule;

static inline void wasm_uses(WasmModule *m, Feature feature) { m->features |= 1u << feature; }

// Decodes a file that must outlive the module. False: the error's rule is the section's name, its place the offset and
// the function. ERR_DESERIALIZE for what the file does wrong, ERR_INTERNAL when memory is out.
bool wasm_decode(WasmModule *module, Arena *arena, Str file, Error *error) MUST_CHECK;

// Whether bytes are a component of the component model, which is no module.
bool wasm_is_component(Str file);

// How many items an index space has.
u32 wasm_space_count(const WasmModule *m, Space space);

// The name of an item, no data where there is none.
static inline Str wasm_name_of(const WasmModule *m, Space space, u32 index) {
    return index < m->names[space].count ? m->names[space].items[index] : (Str){0};
}

// A section that can occur once, NULL if it is not there.
const WasmSection *wasm_section(const WasmModule *m, SectionId id);

#endif
