// What one instruction may become, given its operands: constants through ir/eval.h, identities, chains of constants,
// negated comparisons, conversions that undo each other. What may trap is only replaced when it does not.
// Afterwards a constant operand stands on the right, and `x - c` is `x + -c` (integers).
#ifndef OPT_FOLD_H
#define OPT_FOLD_H
#include "opt/pass.h"

typedef struct Folder {
    Pass *pass;
    IrFunction *function;
    bool changed; // the instruction became another one in place
} Folder;

// Whether the operation can become another one at all.
HOT_INLINE bool fold_has_rules(u32 op) { return op - IR_OP_ADD <= IR_OP_SELECT - IR_OP_ADD; }

// The value that stands for `value` from now on; 0 = it stays, perhaps in another form. A constant that the new form
// needs is inserted in front of it. GUARDs are left to the caller.
IrValue fold_value(Folder *f, IrValue value);

// True with the operand when `value` is the negation of a bool.
bool fold_is_not(const IrFunction *function, IrValue value, IrValue *operand);

#endif
