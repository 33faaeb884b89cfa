// A JSRS file as written (spec jsrs.md 1-7): versions, cells and all. Filled by decode.c, checked and resolved by
// validate.c, written back by encode.c, listed by listing.c, lowered into ir by lower.c. Everything lives in one arena;
// the file's bytes must outlive it. "items + first" is a pointer also for an empty list: no list is without storage.
#ifndef JSRS_MODEL_H
#define JSRS_MODEL_H

#include "support/arena.h"
#include "support/error.h"
#include "support/vec.h"

typedef enum JsrsTag {
    TAG_INT,
    TAG_FLOAT,
    TAG_BOOL,
    TAG_PTR,
    TAG_UNIT,
    TAG_STRUCT,
    TAG_ENUM,
    TAG_ARRAY,
    TAG_FN
} JsrsTag;
typedef enum JsrsWidth {
    W_I8,
    W_I16,
    W_I32,
    W_I64,
    W_I128,
    W_ISIZE,
    W_U8,
    W_U16,
    W_U32,
    W_U64,
    W_U128,
    W_USIZE
} JsrsWidth;

typedef enum JsrsOp {
#define JSRS_OP(code, name, text, operands, first_version) JSRS_##name = code,
#include "jsrs/opcodes.def"
    JSRS_OP_COUNT
} JsrsOp;

enum { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE, CMP_ULT, CMP_ULE, CMP_UGT, CMP_UGE };

// Types are interned in JsrsModule.types: equal types have equal numbers. The first ones are fixed:
enum {
    TYPE_INT = 0, // + width: i8 .. usize
    TYPE_F32 = 12,
    TYPE_F64 = 13,
    TYPE_BOOL = 14,
    TYPE_PTR = 15,
    TYPE_UNIT = 16,
    TYPE_FIRST_OTHER = 17
};

typedef struct JsrsType {
    u8 tag, width;
    u32 name;       // STRUCT, ENUM: string id
    u32 definition; // STRUCT, ENUM: index in structs or enums, after the v3 alias rule of section 2; NO_INDEX = erased
    bool is_enum;   // definition is an index in enums: every defined ENUM, and STRUCT by the alias rule
    bool ambiguous; // STRUCT that may be several: `Self`, or an alias of a shared name (definition: the first)
    bool open;      // erased, an alias, or made of such parts: types that differ in nothing else fit each other
    u32 count;      // ARRAY: length; FN: parameter count
    u32 element;    // ARRAY: element type; FN: result type
    u32 list;       // FN: parameter types in JsrsModule.lists
} JsrsType;

typedef struct JsrsStruct {
    u32 name;
    u32 fields, field_count; // types in JsrsModule.lists
} JsrsStruct;

typedef struct JsrsVariant {
    u32 fields, field_count; // types in JsrsModule.lists
} JsrsVariant;

typedef struct JsrsEnum {
    u32 key, display;            // v1, v2: display = key
    u32 variants, variant_count; // in JsrsModule.variants
    u32 family;                  // index of the first enum with this display name
    u32 same;                    // index of the first whose variants are equal, too
    u32 any;                     // v3: the type of any enum with this display name; NO_INDEX if there is one only
} JsrsEnum;

typedef struct JsrsGlobal {
    u32 name, type;
    u8 has_init;
    u64 init;
} JsrsGlobal;

typedef struct JsrsParam {
    u32 type;
    u32 value; // raw id; after resolve the value index. A local keeps its id
} JsrsParam;

typedef struct JsrsInst {
    u64 immediate; // iconst, fconst (bits), bconst
    u8 op, compare, has_data;
    u32 result; // raw id; after resolve the value index; NO_INDEX for store and memcpy
    u32 type;
    u32 a, b, c;          // value operands in order of the spec's table; NO_INDEX where there is none
    u32 list, list_count; // call, call_dyn, struct_create, gep: operands in JsrsModule.lists
    // call: function number; struct_get: field; enum_create, enum_get_data: variant; sconst: literal; alloca: local id
    u32 number;
    u32 index; // enum_get_data: index
    // v3 alloca: the type; store: type of the value; trunc, sext, zext: source type; v3 enum_get_data: the enum's type;
    // else NO_INDEX
    u32 type2;
    u32 offset; // of its opcode byte in the file
} JsrsInst;

typedef struct JsrsEdge {
    u32 target;          // block id; after resolve the block's index in its function
    u32 args, arg_count; // in JsrsModule.lists
} JsrsEdge;

typedef struct JsrsCase {
    u64 value;
    JsrsEdge edge;
} JsrsCase;

enum { JSRS_RET, JSRS_BR, JSRS_BR_IF, JSRS_SWITCH, JSRS_UNREACHABLE };
typedef struct JsrsTerm {
    u8 kind;
    bool has_value;        // br_if, switch: always
    u32 value;             // ret: value; br_if: condition; switch: selector
    JsrsEdge then, other;  // br: then; br_if: then, other; switch: other = default
    u32 cases, case_count; // in JsrsModule.cases
    u32 offset;
} JsrsTerm;

typedef struct JsrsBlock {
    u32 id;
    u32 params, param_count;       // in JsrsModule.params
    u32 insts, inst_count;         // in JsrsModule.insts
    u32 landmarks, landmark_count; // of them, in JsrsModule.landmarks
    JsrsTerm term;
    u32 offset;
    u32 site; // source number of the block's head; instruction i has site + 1 + i, the terminator site + 1 + inst_count
    // After resolve:
    bool reachable;
    u32 next; // in reverse postorder of the reachable blocks, which begins with the first block; NO_INDEX = none
} JsrsBlock;

// A value after resolve. Value indices count from 0 in each function: values.items[function.values + index].
typedef struct JsrsValue {
    u32 id;   // as in the file
    u32 type; // the type conversions see: i64 for a wide literal (8.2), Bool for a logical operation on two Bools (9.2)
    u32 block; // index of the block that defines it; NO_INDEX: function parameter
    u32 inst;  // that defines it, in JsrsModule.insts; NO_INDEX: parameter
} JsrsValue;

typedef struct JsrsFunction {
    u32 name;                // string id
    u32 number;              // function number of the name (11.1)
    u32 params, param_count; // in JsrsModule.params
    u32 result;
    u32 locals, local_count; // in JsrsModule.params
    u32 blocks, block_count; // in JsrsModule.blocks
    u32 values, value_count; // in JsrsModule.values, after resolve
    u32 offset;
} JsrsFunction;

// Builtins of 11.2.
typedef enum JsrsBuiltin {
#define JSRS_BUILTIN(name, text, number, fixed, repeated, result) BUILTIN_##name,
#include "jsrs/builtins.def"
    BUILTIN_COUNT
} JsrsBuiltin;

typedef struct JsrsSection {
    u32 offset, size;
} JsrsSection;

typedef struct JsrsModule {
    Arena *arena;
    Str file;
    u32 version;
    u32 header_size;
    JsrsSection strings_at, types_at, literals_at, globals_at, functions_at;
    VEC(Str) strings;
    VEC(Str) literals;
    VEC(JsrsType) types;
    VEC(JsrsStruct) structs;
    VEC(JsrsEnum) enums;
    VEC(JsrsVariant) variants;
    VEC(JsrsGlobal) globals;
    VEC(JsrsFunction) functions;
    VEC(JsrsBlock) blocks;
    VEC(JsrsParam) params;
    VEC(JsrsInst) insts;
    VEC(u32) landmarks; // call, call_dyn, struct_create, which are looked for in all functions: by number in insts
    VEC(JsrsCase) cases;
    VEC(u32) lists;
    VEC(JsrsValue) values;
    u32 site_count; // source numbers in the whole file
    bool has_call_dyn;
    bool resolved;
    struct JsrsCallTargets *call_targets; // made by the decoder; ask jsrs_call_target
} JsrsModule;

static inline Str jsrs_function_name(const JsrsModule *m, u32 f) {
    return m->strings.items[m->functions.items[f].name];
}

// The id of a value as in the file: validation makes it an index of the function.
u32 jsrs_value_id(const JsrsModule *module, const JsrsFunction *f, u32 value);

// The edges of a terminator by number, in the order of the file: then, other; a switch's cases, then its default.
u32 jsrs_edge_count(const JsrsTerm *term);
const JsrsEdge *jsrs_edge_at(const JsrsModule *module, const JsrsTerm *term, u32 number);

#endif
