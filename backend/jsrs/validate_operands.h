// Operand checks shared by instructions and terminators. A failure is a TypeMismatch at the place in v.
#ifndef JSRS_VALIDATE_OPERANDS_H
#define JSRS_VALIDATE_OPERANDS_H

#include "jsrs/validate.h"

// A value (by index) must fit one of the classes.
bool operand_fits(Validator *v, u32 value, u32 classes) MUST_CHECK;
// A value must convert to a type (8.3); `what` names what has it.
bool operand_converts(Validator *v, u32 value, u32 type, const char *what) MUST_CHECK;

// The operand classes and counts of one instruction.
bool validate_operands(Validator *v, const JsrsInst *inst) MUST_CHECK;

#endif
