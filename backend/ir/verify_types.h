// The verifier's second half: what each operation asks of the types and numbers it holds. Private to verify*.c.
#ifndef IR_VERIFY_TYPES_H
#define IR_VERIFY_TYPES_H
#include "ir/module.h"

// Where the verifier is, for the message of the first broken rule.
typedef struct Check {
    const IrModule *module;
    const IrFunction *function;
    Error *error;
    u32 number; // of the function
    IrBlockId block;
    IrValue value;
    u32 *place; // value -> 0 = in no list, 1 = parameter, above: order of the instruction in its function's lists
} Check;

// "IR: fn 1, block2, v3: what". Always false.
bool check_fail(const Check *c, const char *what);

// Operands are known to be values; an edge's target is a block and its arguments are values.
bool check_types(Check *c, const IrInst *inst) MUST_CHECK;
bool check_edge_types(Check *c, const IrEdge *edge) MUST_CHECK;
bool check_term_types(Check *c, const IrTerm *term) MUST_CHECK;
#endif
