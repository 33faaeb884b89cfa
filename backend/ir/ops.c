// What operations, types and traps are called and made of: the tables that ops.def, types.def and traps.def expand to.
#include "ir/module.h"

const IrOpInfo ir_op_info[IR_OP_COUNT] = {
#define IR_OP(name, text, shape, result, effects, group) {SHAPE_##shape, #result[0], #effects[0], GROUP_##group},
#include "ir/ops.def"
};

const char *const ir_op_text[IR_OP_COUNT] = {
#define IR_OP(name, text, shape, result, effects, group) text,
#include "ir/ops.def"
};

const IrTypeInfo ir_type_info[IR_TYPE_COUNT] = {
#define IR_TYPE(name, text, size, class) {text, size, #class[0]},
#include "ir/types.def"
};

const char *const trap_sentence[TRAP_COUNT] = {
#define TRAP(name, sentence) sentence,
#include "ir/traps.def"
};

const char *const trap_name[TRAP_COUNT] = {
#define TRAP(name, sentence) #name,
#include "ir/traps.def"
};

const u8 ir_shape_operands[SHAPE_MARK + 1] = {
    [SHAPE_V] = 1,    [SHAPE_VV] = 2,       [SHAPE_VVV] = 3,   [SHAPE_LOAD] = 1, [SHAPE_STORE] = 2, [SHAPE_COPY] = 2,
    [SHAPE_FILL] = 1, [SHAPE_INDEX] = 2,    [SHAPE_FIELD] = 1, [SHAPE_MOVE] = 2, [SHAPE_ALLOC] = 1, [SHAPE_REALLOC] = 3,
    [SHAPE_FREE] = 2, [SHAPE_HEAPCOPY] = 3, [SHAPE_GUARD] = 1, [SHAPE_MARK] = 1,
};
