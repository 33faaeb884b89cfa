// What decoder, encoder, resolver and listing need to know about an instruction: the rows of opcodes.def as data.
#ifndef JSRS_OPCODES_H
#define JSRS_OPCODES_H

#include "jsrs/model.h"

typedef enum JsrsShape {
    SHAPE_NONE,
    SHAPE_INT,
    SHAPE_FLOAT,
    SHAPE_BOOL,
    SHAPE_A,
    SHAPE_AB,
    SHAPE_ABC,
    SHAPE_COMPARE,
    SHAPE_CAST,
    SHAPE_STORE,
    SHAPE_ALLOCA,
    SHAPE_A_LIST,
    SHAPE_LIST,
    SHAPE_CALL,
    SHAPE_FIELD,
    SHAPE_LITERAL,
    SHAPE_VARIANT,
    SHAPE_DATA
} JsrsShape;

typedef struct JsrsOpInfo {
    const char *text;
    u8 shape;
    u8 first_version;
    u8 operands;     // how many of a, b, c are used; VARIANT: at most
    bool has_result; // a result id is written and defined
} JsrsOpInfo;

extern const JsrsOpInfo jsrs_ops[JSRS_OP_COUNT];

// How many of a, b, c this instruction uses.
static inline u32 jsrs_operand_count(const JsrsInst *inst) {
    return inst->op == JSRS_ENUM_CREATE ? inst->has_data : jsrs_ops[inst->op].operands;
}

extern const char *const jsrs_compare_texts[10]; // by CMP_*: "eq", ..., "uge"

// Highest compare byte of icmp and fcmp.
static inline u32 jsrs_compare_most(u32 op) { return op == JSRS_ICMP ? CMP_UGE : CMP_GE; }

#endif
