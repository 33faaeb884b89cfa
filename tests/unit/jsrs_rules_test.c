// The rules of validation (spec jsrs.md 6, 8.2, 8.3, 9.2, 15), one small file per row: what breaks a rule and where,
// and what looks as if it did but is right. Rows are bytes of the functions section, written with the macros below.
#include "check.h"

#include "jsrs/jsrs.h"
#include "support/platform.h"

// ---- the format as macros: each gives bytes separated by commas, without a comma at the end ----

#define U32(x) (u8)(x), (u8)((u32)(x) >> 8), (u8)((u32)(x) >> 16), (u8)((u32)(x) >> 24)
#define I64(x) U32((u64)(x)), U32((u64)(x) >> 32)

#define T_I8 0, 0
#define T_I32 0, 2
#define T_I64 0, 3
#define T_U64 0, 9
#define T_F32 1, 0
#define T_F64 1, 1
#define T_BOOL 2
#define T_PTR 3
#define T_UNIT 4
#define T_STRUCT(name) 5, U32(name)
#define T_ENUM(name) 6, U32(name)
#define T_FN_I32 8, U32(1), T_I32, T_I32

// Strings of every file; the numbers are their ids.
enum { S_MODULE, S_MAIN, S_F, S_P, S_KEY, S_DISPLAY, S_KEY2, S_NOWHERE, S_AA, S_BB, S_ALLOC, S_LIKE_ALLOC, S_COUNT };
static const char *const strings[S_COUNT] = {"module", "main",    "f",  "P",  "key:1",          "Shape",
                                             "key:2",  "Nowhere", "Aa", "BB", "__jsrust_alloc", "__jsrust_allpD"};

#define FUNCTIONS(n) U32(n)
#define FUNCTION(name, result, blocks) U32(name), U32(0), result, U32(0), U32(blocks)
#define FUNCTION_1(name, param_type, param, result, blocks) \
    U32(name), U32(1), param_type, U32(param), result, U32(0), U32(blocks)
#define BLOCK(id, insts) U32(id), U32(0), U32(insts)
#define BLOCK_1(id, param_type, param, insts) U32(id), U32(1), param_type, U32(param), U32(insts)

// (No macro hands a type on to another one: its comma would make two arguments of it.)
#define ICONST(id, type, value) 0, U32(id), type, I64(value)
#define FCONST(id, type) 1, U32(id), type, I64(0)
#define BCONST(id, value) 2, U32(id), T_BOOL, value
#define NULL_PTR(id) 3, U32(id), T_PTR
#define OP1(op, id, type, a) op, U32(id), type, U32(a)
#define OP2(op, id, type, a, b) op, U32(id), type, U32(a), U32(b)
#define IADD 4
#define FADD 9
#define INEG 13
#define IAND 15
#define ISHL 18
#define LOAD 23
#define TAG 40
#define ICMP(id, a, b, compare) 20, U32(id), T_BOOL, U32(a), U32(b), compare
#define STORE(a, b, type) 24, T_UNIT, U32(a), U32(b), type
#define GEP(id, a, index) 26, U32(id), T_PTR, U32(a), U32(1), U32(index)
#define SEXT(id, type, a, source) 29, U32(id), type, U32(a), source
#define BITCAST 35
#define CALL(id, type, number) 36, U32(id), type, U32(number), U32(0)
#define CALL_1(id, type, number, a) 36, U32(id), type, U32(number), U32(1), U32(a)
#define STRUCT_1(id, name, a) 37, U32(id), T_STRUCT(name), U32(1), U32(a)
#define STRUCT_2(id, name, a, b) 37, U32(id), T_STRUCT(name), U32(2), U32(a), U32(b)
#define FIELD(id, type, a, number) 38, U32(id), type, U32(a), U32(number)
#define VARIANT(id, type, number) 39, U32(id), type, U32(number), 0
#define VARIANT_1(id, type, number, a) 39, U32(id), type, U32(number), 1, U32(a)
#define DATA(id, type, a, variant, index, enum_type) 41, U32(id), type, U32(a), U32(variant), U32(index), enum_type
#define CALL_DYN(id, type, a) 43, U32(id), type, U32(a), U32(0)

#define RET 0, 0
#define RET_VALUE(a) 0, 1, U32(a)
#define TO(block) U32(block), U32(0)
#define TO_1(block, a) U32(block), U32(1), U32(a)
#define BR(edge) 1, edge
#define BR_IF(a, then, other) 2, U32(a), then, other
#define SWITCH_2(a, value1, edge1, value2, edge2, other) \
    3, U32(a), U32(2), I64(value1), edge1, I64(value2), edge2, other
#define UNREACHABLE_END 4

#define NUMBER_MAIN 343801
#define NUMBER_F 102
#define NUMBER_ALLOC 81923

// clang-format off
static const u8 types_v3[] = {
    U32(1), U32(S_P), U32(2), T_I32, T_F64,                      // struct P { i32, f64 }
    U32(2),
    U32(S_KEY), U32(S_DISPLAY),                                  // enum Shape (key:1) { 0, 1(i32), 2(i32, bool) }
    U32(3), U32(0), U32(1), T_I32, U32(2), T_I32, T_BOOL,
    U32(S_KEY2), U32(S_DISPLAY), U32(1), U32(1), T_PTR,          // enum Shape (key:2) { 0(ptr) }
};
// clang-format on
static const u8 types_none[] = {U32(0), U32(0)};

// ---- rows ----

enum { IN_FUNCTION = -1, AT_HEAD = -1 }; // block and instruction of an error that has none

typedef struct Row {
    const char *name;
    u8 version;
    const char *rule;       // NULL: valid
    i32 block, instruction; // where; block id
    const u8 *functions;
    u32 size;
} Row;

#define BYTES(...) (const u8[]){__VA_ARGS__}, sizeof((const u8[]){__VA_ARGS__})
#define MAIN(blocks) FUNCTIONS(1), FUNCTION(S_MAIN, T_UNIT, blocks)
#define MAIN_I32(blocks) FUNCTIONS(1), FUNCTION(S_MAIN, T_I32, blocks)

// clang-format off
static const Row rows[] = {
    // DuplicateDefinition
    {"two functions of one name", 3, "DuplicateDefinition", IN_FUNCTION, AT_HEAD,
        BYTES(FUNCTIONS(2), FUNCTION(S_F, T_UNIT, 1), BLOCK(0, 0), RET, FUNCTION(S_F, T_UNIT, 1), BLOCK(0, 0), RET)},
    {"two functions whose names make one call number", 3, "DuplicateDefinition", IN_FUNCTION, AT_HEAD,
        BYTES(FUNCTIONS(2), FUNCTION(S_AA, T_UNIT, 1), BLOCK(0, 0), RET, FUNCTION(S_BB, T_UNIT, 1), BLOCK(0, 0), RET)},
    {"a function with a builtin's call number", 3, "DuplicateDefinition", IN_FUNCTION, AT_HEAD,
        BYTES(FUNCTIONS(1), FUNCTION(S_LIKE_ALLOC, T_UNIT, 1), BLOCK(0, 0), RET)},
    {"two blocks of one id", 3, "DuplicateDefinition", 7, AT_HEAD,
        BYTES(MAIN(2), BLOCK(7, 0), BR(TO(7)), BLOCK(7, 0), RET)},
    {"two results of one id", 3, "DuplicateDefinition", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), BCONST(5, 0), BCONST(5, 1), RET)},
    {"a result with a parameter's id", 3, "DuplicateDefinition", 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_I32, 5, T_UNIT, 1), BLOCK(0, 1), BCONST(5, 0), RET)},
    {"v1: two results of one id, a parameter has it too", 1, "DuplicateDefinition", 0, 1,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_I32, 5, T_UNIT, 1), BLOCK(0, 2), BCONST(5, 0), BCONST(5, 0), RET)},
    {"v1: two parameters of one id", 1, "DuplicateDefinition", 1, AT_HEAD,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_I32, 5, T_UNIT, 2), BLOCK(0, 0), BR(TO_1(1, 5)),
              BLOCK_1(1, T_I32, 5, 0), RET)},
    {"a function with a builtin's name replaces it", 3, NULL, 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION(S_ALLOC, T_UNIT, 1), BLOCK(0, 1), CALL(0, T_UNIT, NUMBER_ALLOC), RET)},

    // MissingTerminator, InvalidBlockArg, UndefinedBlock
    {"no blocks", 3, "MissingTerminator", IN_FUNCTION, AT_HEAD, BYTES(MAIN(0))},
    {"the first block has a parameter", 3, "InvalidBlockArg", 0, AT_HEAD,
        BYTES(MAIN(1), BLOCK_1(0, T_I32, 1, 0), RET)},
    {"too few arguments on an edge", 3, "InvalidBlockArg", 0, 0,
        BYTES(MAIN(2), BLOCK(0, 0), BR(TO(1)), BLOCK_1(1, T_I32, 1, 0), RET)},
    {"too many arguments on a switch's default edge", 3, "InvalidBlockArg", 0, 1,
        BYTES(MAIN(2), BLOCK(0, 1), ICONST(0, T_I32, 1), SWITCH_2(0, 1, TO(1), 2, TO(1), TO_1(1, 0)),
              BLOCK(1, 0), RET)},
    {"br to nowhere", 3, "UndefinedBlock", 0, 0, BYTES(MAIN(1), BLOCK(0, 0), BR(TO(9)))},
    {"a switch case to nowhere", 3, "UndefinedBlock", 0, 1,
        BYTES(MAIN(2), BLOCK(0, 1), ICONST(0, T_I32, 1), SWITCH_2(0, 1, TO(1), 2, TO(9), TO(1)), BLOCK(1, 0), RET)},
    {"blocks in any order, huge ids", 3, NULL, 0, 0,
        BYTES(MAIN(3), BLOCK(0xffffffff, 0), BR(TO(0x80000000)), BLOCK(3, 0), RET, BLOCK(0x80000000, 0), BR(TO(3)))},
    {"duplicate switch cases", 3, NULL, 0, 0,
        BYTES(MAIN(2), BLOCK(0, 1), BCONST(0, 1), SWITCH_2(0, 1, TO(1), 1, TO(1), TO(1)), BLOCK(1, 0), RET)},

    // UndefinedValue, DominanceViolation
    {"an operand nobody defines", 3, "UndefinedValue", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), ICONST(0, T_I32, 1), OP2(IADD, 1, T_I32, 0, 77), RET)},
    {"an operand nobody defines, in an unreachable block", 3, "UndefinedValue", 1, 0,
        BYTES(MAIN(2), BLOCK(0, 0), RET, BLOCK(1, 1), OP1(INEG, 1, T_I32, 77), RET)},
    {"the other function's value", 3, "UndefinedValue", 0, 0,
        BYTES(FUNCTIONS(2), FUNCTION(S_MAIN, T_UNIT, 1), BLOCK(0, 1), BCONST(4, 0), RET,
              FUNCTION(S_F, T_BOOL, 1), BLOCK(0, 0), RET_VALUE(4))},
    {"used before it is defined", 3, "DominanceViolation", 0, 0,
        BYTES(MAIN(1), BLOCK(0, 2), OP1(INEG, 1, T_I32, 0), ICONST(0, T_I32, 1), RET)},
    {"used by itself", 3, "DominanceViolation", 0, 0, BYTES(MAIN(1), BLOCK(0, 1), OP1(INEG, 1, T_I32, 1), RET)},
    {"defined in one arm, used after both", 3, "DominanceViolation", 3, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_BOOL, 0, T_I32, 4), BLOCK(0, 0), BR_IF(0, TO(1), TO(2)),
              BLOCK(1, 1), ICONST(1, T_I32, 1), BR(TO(3)), BLOCK(2, 0), BR(TO(3)), BLOCK(3, 0), RET_VALUE(1))},
    {"defined in an unreachable block", 3, "DominanceViolation", 0, 0,
        BYTES(MAIN_I32(2), BLOCK(0, 0), RET_VALUE(1), BLOCK(1, 1), ICONST(1, T_I32, 1), BR(TO(0)))},
    {"an edge argument not yet defined", 3, "DominanceViolation", 0, 0,
        BYTES(MAIN(2), BLOCK(0, 0), BR(TO_1(1, 5)), BLOCK_1(1, T_I32, 5, 0), RET)},
    {"an unreachable block may use what does not dominate it", 3, NULL, 0, 0,
        BYTES(MAIN(2), BLOCK(0, 0), RET, BLOCK(1, 2), OP1(INEG, 1, T_I32, 2), OP1(INEG, 2, T_I32, 1), RET)},
    {"a value of a dominating block later in the list", 3, NULL, 0, 0,
        BYTES(MAIN_I32(3), BLOCK(0, 0), BR(TO(2)), BLOCK(1, 0), RET_VALUE(9),
              BLOCK(2, 1), ICONST(9, T_I32, 1), BR(TO(1)))},
    {"value ids far apart", 3, NULL, 0, 0,
        BYTES(MAIN_I32(1), BLOCK(0, 2), ICONST(0xffffffff, T_I32, 1), OP1(INEG, 0, T_I32, 0xffffffff), RET_VALUE(0))},

    // MissingReturn
    {"ret without a value", 3, "MissingReturn", 0, 0, BYTES(MAIN_I32(1), BLOCK(0, 0), RET)},
    {"ret with an Int in a unit function", 3, NULL, 0, 0,
        BYTES(MAIN(1), BLOCK(0, 1), ICONST(0, T_I8, 0), RET_VALUE(0))},

    // UndefinedFunction, InvalidOperand
    {"a call of nobody", 3, "UndefinedFunction", 0, 0, BYTES(MAIN(1), BLOCK(0, 1), CALL(0, T_UNIT, 1), RET)},
    {"too many arguments in a call", 3, "InvalidOperand", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), BCONST(0, 1), CALL_1(1, T_UNIT, NUMBER_MAIN, 0), RET)},
    {"a builtin without its argument", 3, "InvalidOperand", 0, 0,
        BYTES(MAIN(1), BLOCK(0, 1), CALL(0, T_PTR, NUMBER_ALLOC), RET)},
    {"struct_create with a field missing", 3, "InvalidOperand", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), ICONST(0, T_I32, 1), STRUCT_1(1, S_P, 0), RET)},
    {"struct_get of a field past the end", 3, "InvalidOperand", 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_STRUCT(S_P), 0, T_UNIT, 1), BLOCK(0, 1), FIELD(1, T_I32, 0, 2), RET)},
    {"enum_create of a variant past the end", 3, "InvalidOperand", 0, 0,
        BYTES(MAIN(1), BLOCK(0, 1), VARIANT(0, T_ENUM(S_KEY), 3), RET)},
    {"enum_create without the payload", 3, "InvalidOperand", 0, 0,
        BYTES(MAIN(1), BLOCK(0, 1), VARIANT(0, T_ENUM(S_KEY), 1), RET)},
    {"enum_create with a payload too many", 3, "InvalidOperand", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), ICONST(0, T_I32, 1), VARIANT_1(1, T_ENUM(S_KEY), 0, 0), RET)},
    {"enum_get_data with an index past the end", 3, "InvalidOperand", 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_ENUM(S_KEY), 0, T_UNIT, 1),
              BLOCK(0, 1), DATA(1, T_I32, 0, 1, 1, T_ENUM(S_KEY)), RET)},
    {"enum_get_data index 0 of a variant without fields fails only when it runs", 3, NULL, 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_ENUM(S_KEY), 0, T_UNIT, 1),
              BLOCK(0, 1), DATA(1, T_I32, 0, 0, 0, T_ENUM(S_KEY)), RET)},

    // TypeMismatch: classes
    {"iconst of a Float type", 3, "TypeMismatch", 0, 0, BYTES(MAIN(1), BLOCK(0, 1), ICONST(0, T_F64, 1), RET)},
    {"fconst of an Int type", 3, "TypeMismatch", 0, 0, BYTES(MAIN(1), BLOCK(0, 1), FCONST(0, T_I32), RET)},
    {"iadd of Floats", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), FCONST(0, T_F64), OP2(IADD, 1, T_I32, 0, 0), RET)},
    {"fadd of Ints", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), ICONST(0, T_I32, 1), OP2(FADD, 1, T_F64, 0, 0), RET)},
    {"icmp of an Int and a Ptr", 3, "TypeMismatch", 0, 2,
        BYTES(MAIN(1), BLOCK(0, 3), ICONST(0, T_I32, 1), NULL_PTR(1), ICMP(2, 0, 1, 0), RET)},
    {"icmp of structs", 3, "TypeMismatch", 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_STRUCT(S_P), 0, T_UNIT, 1), BLOCK(0, 1), ICMP(1, 0, 0, 0), RET)},
    {"load through an Int", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), ICONST(0, T_I32, 1), OP1(LOAD, 1, T_I32, 0), RET)},
    {"gep with a Bool index", 3, "TypeMismatch", 0, 2,
        BYTES(MAIN(1), BLOCK(0, 3), NULL_PTR(0), BCONST(1, 0), GEP(2, 0, 1), RET)},
    {"struct_get of an enum", 3, "TypeMismatch", 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_ENUM(S_KEY), 0, T_UNIT, 1), BLOCK(0, 1), FIELD(1, T_I32, 0, 0), RET)},
    {"enum_get_tag of a struct", 3, "TypeMismatch", 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_STRUCT(S_P), 0, T_UNIT, 1), BLOCK(0, 1), OP1(TAG, 1, T_U64, 0), RET)},
    {"br_if on an Int", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(2), BLOCK(0, 1), ICONST(0, T_I32, 1), BR_IF(0, TO(1), TO(1)), BLOCK(1, 0), RET)},
    {"switch on a Float", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(2), BLOCK(0, 1), FCONST(0, T_F64), SWITCH_2(0, 1, TO(1), 2, TO(1), TO(1)), BLOCK(1, 0), RET)},
    {"call_dyn of a Ptr", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), NULL_PTR(0), CALL_DYN(1, T_UNIT, 0), RET)},
    {"a builtin's count that is a Ptr", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), NULL_PTR(0), CALL_1(1, T_PTR, NUMBER_ALLOC, 0), RET)},
    {"sext from a Float type", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), ICONST(0, T_I32, 1), SEXT(1, T_I64, 0, T_F64), RET)},
    {"bitcast to another size", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), ICONST(0, T_I32, 1), OP1(BITCAST, 1, T_F64, 0), RET)},
    {"bitcast of an Int to a Float of its size", 3, NULL, 0, 0,
        BYTES(MAIN(1), BLOCK(0, 2), ICONST(0, T_I32, 1), OP1(BITCAST, 1, T_F32, 0), RET)},

    // TypeMismatch: conversions (8.3)
    {"a Float argument for an Int parameter", 3, "TypeMismatch", 0, 1,
        BYTES(FUNCTIONS(2), FUNCTION_1(S_F, T_I32, 0, T_UNIT, 1), BLOCK(0, 0), RET,
              FUNCTION(S_MAIN, T_UNIT, 1), BLOCK(0, 2), FCONST(0, T_F64), CALL_1(1, T_UNIT, NUMBER_F, 0), RET)},
    {"a Ptr returned as an Int", 3, "TypeMismatch", 0, 1, BYTES(MAIN_I32(1), BLOCK(0, 1), NULL_PTR(0), RET_VALUE(0))},
    {"a Bool for a Float block parameter", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(2), BLOCK(0, 1), BCONST(0, 1), BR(TO_1(1, 0)), BLOCK_1(1, T_F64, 1, 0), RET)},
    {"an Int stored as a Float", 3, "TypeMismatch", 0, 2,
        BYTES(MAIN(1), BLOCK(0, 3), ICONST(0, T_I32, 1), NULL_PTR(1), STORE(1, 0, T_F64), RET)},
    {"a Float in an Int field", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), FCONST(0, T_F64), STRUCT_2(1, S_P, 0, 0), RET)},
    {"a field read as another class", 3, "TypeMismatch", 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_STRUCT(S_P), 0, T_UNIT, 1), BLOCK(0, 1), FIELD(1, T_I32, 0, 1), RET)},
    {"a payload of another class", 3, "TypeMismatch", 0, 1,
        BYTES(MAIN(1), BLOCK(0, 2), FCONST(0, T_F64), VARIANT_1(1, T_ENUM(S_KEY), 1, 0), RET)},
    {"an enum of another key", 3, "TypeMismatch", 0, 1,
        BYTES(FUNCTIONS(1), FUNCTION(S_F, T_ENUM(S_KEY2), 1), BLOCK(0, 1), VARIANT(0, T_ENUM(S_KEY), 0), RET_VALUE(0))},
    {"an Int for an Fn parameter, a Bool for an Int one", 3, NULL, 0, 0,
        BYTES(FUNCTIONS(2), FUNCTION_1(S_F, T_FN_I32, 0, T_I32, 1), BLOCK(0, 1), BCONST(1, 1), RET_VALUE(1),
              FUNCTION(S_MAIN, T_UNIT, 1), BLOCK(0, 2), ICONST(0, T_I64, 1), CALL_1(1, T_I32, NUMBER_F, 0), RET)},

    // What is erased fits every class (2), and so does an alias of its enum.
    {"v2: names without definitions", 2, NULL, 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_STRUCT(S_NOWHERE), 0, T_I32, 1), BLOCK(0, 3),
              FIELD(1, T_F64, 0, 9), OP2(IADD, 2, T_I32, 0, 0), OP1(TAG, 3, T_U64, 0), RET_VALUE(0))},
    {"v3: a name without a definition", 3, NULL, 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_ENUM(S_NOWHERE), 0, T_F64, 1), BLOCK(0, 1), FIELD(1, T_F64, 0, 9),
              RET_VALUE(0))},
    {"v3: the display name as a struct means the enum", 3, NULL, 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_STRUCT(S_DISPLAY), 0, T_ENUM(S_KEY2), 1), BLOCK(0, 1),
              DATA(1, T_I32, 0, 1, 0, T_ENUM(S_KEY)), RET_VALUE(0))},
    {"v3: the display name is not a struct", 3, "TypeMismatch", 0, 0,
        BYTES(FUNCTIONS(1), FUNCTION_1(S_F, T_STRUCT(S_DISPLAY), 0, T_UNIT, 1),
              BLOCK(0, 1), FIELD(1, T_I32, 0, 0), RET)},

    // Logical operations (9.2)
    {"and of two Bools is a Bool, whatever its type", 3, NULL, 0, 0,
        BYTES(MAIN(2), BLOCK(0, 2), BCONST(0, 1), OP2(IAND, 1, T_I8, 0, 0), BR_IF(1, TO(1), TO(1)), BLOCK(1, 0), RET)},
    {"and of a Bool and an Int is not", 3, "TypeMismatch", 0, 3,
        BYTES(MAIN(2), BLOCK(0, 3), BCONST(0, 1), ICONST(1, T_I8, 1), OP2(IAND, 2, T_I8, 0, 1),
              BR_IF(2, TO(1), TO(1)), BLOCK(1, 0), RET)},
    {"a shift is never logical", 3, "TypeMismatch", 0, 2,
        BYTES(MAIN(2), BLOCK(0, 2), BCONST(0, 1), OP2(ISHL, 1, T_I8, 0, 0), BR_IF(1, TO(1), TO(1)), BLOCK(1, 0), RET)},
    {"and across blocks listed in reverse", 3, NULL, 0, 0,
        BYTES(MAIN(3), BLOCK(0, 1), BCONST(0, 1), BR(TO(2)), BLOCK(1, 1), OP2(IAND, 2, T_I8, 1, 0),
              BR_IF(2, TO(2), TO(2)), BLOCK(2, 1), OP2(IAND, 1, T_I8, 0, 0), BR(TO(1)))},

    // Unreachable blocks are no error.
    {"an unreachable block", 3, NULL, 0, 0, BYTES(MAIN(2), BLOCK(0, 0), RET, BLOCK(1, 0), UNREACHABLE_END)},
};
// clang-format on

// ---- running them ----

static void put_u32(Buf *out, u32 value) { buf_bytes(out, &value, sizeof value); }

static Buf make_file(u8 version, const u8 *functions, u32 size) {
    Buf texts, file;
    buf_init(&texts, 0);
    put_u32(&texts, S_COUNT);
    for (u32 i = 0; i < S_COUNT; i++) {
        put_u32(&texts, (u32)strlen(strings[i]));
        buf_text(&texts, strings[i]);
    }
    u32 header = version == 1 ? 28 : 32, types = version == 3 ? sizeof types_v3 : sizeof types_none;
    u32 at[6] = {header, header + (u32)texts.len};
    at[2] = at[1] + types;
    at[3] = at[2] + (version == 1 ? 0 : 4);
    at[4] = at[3] + 4;
    buf_init(&file, 0);
    put_u32(&file, 0x52534A53);
    put_u32(&file, version);
    put_u32(&file, 0);
    for (u32 i = 0; i < 5; i++) {
        if (version != 1 || i != 2) put_u32(&file, at[i]);
    }
    buf_bytes(&file, texts.data, texts.len);
    buf_bytes(&file, version == 3 ? types_v3 : types_none, types);
    if (version != 1) put_u32(&file, 0); // literals
    put_u32(&file, 0);                   // globals
    buf_bytes(&file, functions, size);
    buf_free(&texts);
    return file;
}

typedef struct Loaded {
    Arena arena;
    JsrsModule module;
    Error error;
    Buf file;
    bool valid;
} Loaded;

static void load(Loaded *l, u8 version, const u8 *functions, u32 size, bool check_types) {
    l->file = make_file(version, functions, size);
    arena_init(&l->arena, 0);
    error_clear(&l->error);
    bool decoded = jsrs_decode(&l->module, &l->arena, (Str){l->file.data, (u32)l->file.len}, &l->error);
    if (!CHECK(decoded)) fprintf(stderr, "  %.*s\n", (int)l->error.message_len, l->error.message);
    l->valid = decoded && jsrs_validate(&l->module, check_types, &l->error);
}

static void unload(Loaded *l) {
    arena_free(&l->arena);
    buf_free(&l->file);
}

static bool starts_with(const Error *error, const char *rule) {
    size_t len = strlen(rule);
    return error->message_len > len && memcmp(error->message, rule, len) == 0 && error->message[len] == ':';
}

static void run_row(const Row *row) {
    Loaded l;
    load(&l, row->version, row->functions, row->size, true);
    const Error *e = &l.error;
    bool good = l.valid == (row->rule == NULL);
    if (!l.valid && row->rule) {
        good = e->code == ERR_VALIDATE && strcmp(e->rule, row->rule) == 0 && starts_with(e, row->rule) &&
               e->where.block == (u32)row->block && e->where.instruction == (u32)row->instruction &&
               e->where.offset < l.file.len && e->where.function != NO_INDEX;
    }
    if (!CHECK(good)) {
        fprintf(stderr, "  %s: got %.*s (block %d, instruction %d)\n", row->name, (int)e->message_len, e->message,
                (int)e->where.block, (int)e->where.instruction);
    }
    unload(&l);
}

// Without the type rules, their rows load and the others still fail.
static void run_row_unchecked(const Row *row) {
    Loaded l;
    load(&l, row->version, row->functions, row->size, false);
    bool left_out = row->rule == NULL || strcmp(row->rule, "TypeMismatch") == 0 ||
                    strcmp(row->rule, "MissingReturn") == 0 || strcmp(row->rule, "InvalidOperand") == 0;
    if (!CHECK(l.valid == left_out)) fprintf(stderr, "  %s, types unchecked\n", row->name);
    unload(&l);
}

static void test_call_numbers(void) {
    CHECK(jsrs_function_number((Str){(const u8 *)"main", 4}) == NUMBER_MAIN);
    CHECK(jsrs_function_number((Str){(const u8 *)"f", 1}) == NUMBER_F);
    for (u32 i = S_ALLOC; i <= S_LIKE_ALLOC; i++) {
        CHECK(jsrs_function_number((Str){(const u8 *)strings[i], (u32)strlen(strings[i])}) == NUMBER_ALLOC);
    }
    static const struct {
        const char *name;
        u32 number;
    } builtins[] = {
#define JSRS_BUILTIN(name, text, number, fixed, repeated, result) {text, number},
#include "jsrs/builtins.def"
    };
    for (u32 i = 0; i < countof(builtins); i++) {
        Str name = {(const u8 *)builtins[i].name, (u32)strlen(builtins[i].name)};
        CHECK(jsrs_function_number(name) == builtins[i].number);
    }
}

// The static type of a literal (8.2).
static void test_literals(void) {
    static const struct {
        u8 width;
        i64 value;
        u32 type;
    } cases[] = {
        {W_I8, 127, TYPE_INT + W_I8},          {W_I8, 128, TYPE_INT + W_I64},
        {W_I8, -128, TYPE_INT + W_I8},         {W_U8, 255, TYPE_INT + W_U8},
        {W_U8, -1, TYPE_INT + W_I64},          {W_I32, 3000000000000, TYPE_INT + W_I64},
        {W_U32, 4294967295, TYPE_INT + W_U32}, {W_U64, -1, TYPE_INT + W_U64},
        {W_USIZE, -1, TYPE_INT + W_USIZE},     {W_U128, -1, TYPE_INT + W_I64},
        {W_I128, -1, TYPE_INT + W_I128},       {W_I16, 32768, TYPE_INT + W_I64},
    };
    for (u32 i = 0; i < countof(cases); i++) {
        const u8 bytes[] = {MAIN(1), BLOCK(0, 1), 0, U32(0), 0, cases[i].width, I64(cases[i].value), RET};
        Loaded l;
        load(&l, 3, bytes, sizeof bytes, true);
        CHECK(l.valid && l.module.values.items[0].type == cases[i].type);
        unload(&l);
    }
}

// v1: a use means the nearest dominating definition of its id (6). Parameter 5 of the function; results 5 and 6:
//   block 0: 6 = neg 5 (the parameter); 5 = neg 5 (the parameter); br_if .. block 1, block 2
//   block 1: 7 = neg 5 (the result);    br block 3(5: the result)
//   block 3 takes parameter 6:          ret 6 (the block's parameter, nearer than result 6 of block 0)
static void test_twins(void) {
    static const u8 bytes[] = {FUNCTIONS(1),
                               FUNCTION_1(S_F, T_I32, 5, T_I32, 3),
                               BLOCK(0, 3),
                               OP1(INEG, 6, T_I32, 5),
                               OP1(INEG, 5, T_I32, 5),
                               BCONST(9, 1),
                               BR_IF(9, TO(1), TO_1(3, 5)),
                               BLOCK(1, 1),
                               OP1(INEG, 7, T_I32, 5),
                               BR(TO_1(3, 5)),
                               BLOCK_1(3, T_I32, 6, 0),
                               RET_VALUE(6)};
    Loaded l;
    load(&l, 1, bytes, sizeof bytes, true);
    if (CHECK(l.valid)) {
        const JsrsModule *m = &l.module;
        const JsrsValue *values = m->values.items;
        const JsrsInst *insts = m->insts.items;
        const JsrsBlock *blocks = m->blocks.items;
        CHECK(values[insts[0].a].block == NO_INDEX);
        CHECK(values[insts[1].a].block == NO_INDEX);
        CHECK(values[insts[3].a].block == 0 && values[insts[3].a].inst == 1);
        CHECK(values[m->lists.items[blocks[1].term.then.args]].inst == 1);
        CHECK(values[blocks[2].term.value].block == 2 && values[blocks[2].term.value].inst == NO_INDEX);
    }
    Buf out;
    buf_init(&out, 0);
    CHECK(jsrs_encode(&l.module, &out, &l.error) && out.len == l.file.len && mem_equal(out.data, l.file.data, out.len));
    buf_free(&out);
    unload(&l);
}

int main(void) {
    for (u32 i = 0; i < countof(rows); i++) run_row(&rows[i]);
    for (u32 i = 0; i < countof(rows); i++) run_row_unchecked(&rows[i]);
    test_call_numbers();
    test_literals();
    test_twins();
    CHECK(platform_reserved() == 0);
    return CHECK_DONE();
}
