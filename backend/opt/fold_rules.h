// The rules of fold: what one instruction may become, given its operands. Each rule stands for itself.
#ifndef OPT_FOLD_RULES_H
#define OPT_FOLD_RULES_H
#include "opt/pass.h"

typedef struct Folder {
    Pass *pass;
    IrFunction *function;
    Forward forward;
    bool changed; // the instruction became another one in place
} Folder;

// The value that stands for `value` from now on; 0 = it stays (changed or not).
IrValue fold_inst(Folder *f, IrValue value);

// True with the operand when `value` is the negation of a bool.
bool fold_is_not(const IrFunction *function, IrValue value, IrValue *operand);

#endif
