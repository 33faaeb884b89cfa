// What operations, types and traps are called and made of: the tables that ops.def, types.def and traps.def expand to.
#include "ir/module.h"

const IrOpInfo ir_op_info[IR_OP_COUNT] = {
#define IR_OP(name, text, shape, result, effects, group) {SHAPE_##shape, #result[0], #effects[0], GROUP_##group},
#include "ir/ops.def"
};

// One text behind the other: a table of pointers to them would be as large again.
static const char *text_at(const char *texts, u32 number) {
    while (number--)
        while (*texts++) {}
    return texts;
}

const char *ir_op_text(u32 op) {
#define IR_OP(name, text, shape, result, effects, group) text "\0"
    return text_at(
#include "ir/ops.def"
        , op);
}

const IrTypeInfo ir_type_info[IR_TYPE_COUNT] = {
#define IR_TYPE(name, text, size, class) {text, size, #class[0]},
#include "ir/types.def"
};

const char *trap_sentence(u32 kind) {
#define TRAP(name, sentence) sentence "\0"
    return text_at(
#include "ir/traps.def"
        , kind);
}

const char *trap_name(u32 kind) {
#define TRAP(name, sentence) #name "\0"
    return text_at(
#include "ir/traps.def"
        , kind);
}

const u8 ir_shape_operands[SHAPE_MARK + 1] = {
    [SHAPE_V] = 1,    [SHAPE_VV] = 2,       [SHAPE_VVV] = 3,   [SHAPE_LOAD] = 1, [SHAPE_STORE] = 2, [SHAPE_COPY] = 2,
    [SHAPE_FILL] = 1, [SHAPE_INDEX] = 2,    [SHAPE_FIELD] = 1, [SHAPE_MOVE] = 2, [SHAPE_ALLOC] = 1, [SHAPE_REALLOC] = 3,
    [SHAPE_FREE] = 2, [SHAPE_HEAPCOPY] = 3, [SHAPE_GUARD] = 1, [SHAPE_MARK] = 1,
};
