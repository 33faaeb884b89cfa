// Checks of operands and of the types that instructions declare. A failure is an error at the place in v.
#ifndef JSRS_VALIDATE_OPERANDS_H
#define JSRS_VALIDATE_OPERANDS_H

#include "jsrs/validate.h"

// A value (by index) must fit one of the classes.
bool operand_fits(Validator *v, u32 value, u32 classes) MUST_CHECK;
// A value must convert to a type (8.3); `what` names what has it.
bool operand_converts(Validator *v, u32 value, u32 type, const char *what) MUST_CHECK;

// The type of the instruction itself must fit one of the classes.
bool instruction_fits(Validator *v, const JsrsInst *inst, u32 classes) MUST_CHECK;
// What an instruction makes must convert to a type.
bool instruction_converts(Validator *v, u32 from, u32 to, const char *what) MUST_CHECK;

// Everything section 15 says about the operands of one instruction.
bool validate_operands(Validator *v, const JsrsInst *inst) MUST_CHECK;

// Parts of it, for what the table of classes does not say.
bool validate_call(Validator *v, const JsrsInst *inst) MUST_CHECK;
bool validate_struct_create(Validator *v, const JsrsInst *inst) MUST_CHECK;
bool validate_struct_get(Validator *v, const JsrsInst *inst) MUST_CHECK;
bool validate_enum_create(Validator *v, const JsrsInst *inst) MUST_CHECK;
bool validate_enum_get_data(Validator *v, const JsrsInst *inst) MUST_CHECK;

#endif
