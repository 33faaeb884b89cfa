// Checks a module: structure, types of operands and results, edge arguments, dominance. For test builds and --print-after.
// Nothing in a module is trusted but that its arrays have the lengths they claim.
#ifndef IR_VERIFY_H
#define IR_VERIFY_H
#include "ir/module.h"
// False with an ERR_INTERNAL naming function, block and value. `scratch` is rewound before returning.
bool ir_verify(const IrModule *module, Arena *scratch, Error *error) MUST_CHECK;
#endif
