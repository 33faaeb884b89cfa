// The table of opcodes.def as data.
#include "jsrs/opcodes.h"

// Value operands beside the list, by shape.
enum {
    OPERANDS_NONE = 0,
    OPERANDS_INT = 0,
    OPERANDS_FLOAT = 0,
    OPERANDS_BOOL = 0,
    OPERANDS_A = 1,
    OPERANDS_AB = 2,
    OPERANDS_ABC = 3,
    OPERANDS_COMPARE = 2,
    OPERANDS_CAST = 1,
    OPERANDS_STORE = 2,
    OPERANDS_ALLOCA = 0,
    OPERANDS_A_LIST = 1,
    OPERANDS_LIST = 0,
    OPERANDS_CALL = 0,
    OPERANDS_FIELD = 1,
    OPERANDS_LITERAL = 0,
    OPERANDS_VARIANT = 1,
    OPERANDS_DATA = 1
};

const JsrsOpInfo jsrs_ops[JSRS_OP_COUNT] = {
#define JSRS_OP(code, name, text, shape, first_version) \
    [code] = {text, SHAPE_##shape, first_version, OPERANDS_##shape, (code) != JSRS_STORE && (code) != JSRS_MEMCPY},
#include "jsrs/opcodes.def"
};

const char *const jsrs_compare_texts[10] = {"eq", "ne", "lt", "le", "gt", "ge", "ult", "ule", "ugt", "uge"};
