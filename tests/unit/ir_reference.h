// A plain evaluator of the internal IR for differential tests: one instruction at a time, straight from ops.def and
// ir/eval.h, with no cleverness. It shares guest memory and heap with the interpreter, so that addresses agree.
#ifndef TESTS_IR_REFERENCE_H
#define TESTS_IR_REFERENCE_H

#include "ir/module.h"
#include "support/buf.h"

enum { REFERENCE_FRAMES = 64 };

typedef struct Reference {
    Buf output;
    TrapKind trap; // TRAP_NONE: it ended
    u64 steps;
    u64 result; // low 64 bits
    u32 frame_count;
    u32 frames[REFERENCE_FRAMES]; // sites, innermost first, inlined calls as frames of their own
    bool gave_up;                 // too many steps or calls for this
} Reference;

void reference_run(const IrModule *module, u64 step_limit, Reference *out);
void reference_free(Reference *reference);

#endif
