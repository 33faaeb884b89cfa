// The mechanics of inlining one call.
#ifndef OPT_INLINE_BODY_H
#define OPT_INLINE_BODY_H
#include "opt/pass.h"

// Replaces a CALL of the function by a copy of the callee's body. The block is split behind the call; the callee's slots
// become slots of the caller and are zeroed where the call stood. False when memory is out.
bool inline_call(Pass *pass, IrValue call, const IrFunction *callee) MUST_CHECK;

#endif
