// The arguments that reach each block: what its parameters may be, edge by edge.
#ifndef IR_ARGUMENTS_H
#define IR_ARGUMENTS_H
#include "ir/cfg.h"

typedef struct IrIncoming {
    u32 args; // where an edge's arguments start in IrFunction.lists
    u32 next; // in `edges`: the next edge to the same block, 0 = none
} IrIncoming;

typedef struct IrArguments {
    u32 *first;            // block -> in `edges`, 0 = none
    VEC(IrIncoming) edges; // [0] unused; those out of reachable blocks that have arguments
} IrArguments;

// False when memory is out.
bool ir_arguments_build(IrArguments *arguments, Arena *arena, const IrFunction *function, const IrCfg *cfg) MUST_CHECK;

#endif
