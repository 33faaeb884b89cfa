// What is known of values by the way that leads to a block: conditions of branches and guards, numbers that a switch went by.
#ifndef OPT_FACTS_H
#define OPT_FACTS_H
#include "opt/pass.h"

typedef struct Fact {
    u32 value, before, block; // `value` stood for `before` until `block`
} Fact;

// A switch went by this number, in the blocks that `block` dominates.
typedef struct Selected {
    IrValue value;
    u32 block;
    u128 bits;
} Selected;

typedef struct Facts {
    Pass *pass;
    IrFunction *function;
    u32 *constant; // value -> constant that it equals here, 0 = unknown
    u32 count;     // of the values that the function had
    VEC(Fact) log;
    VEC(Selected) selected;
    IrValue truth[2]; // constants false and true; 0 = not needed so far
} Facts;

bool facts_init(Facts *facts, Pass *pass) MUST_CHECK;
// The condition holds, or does not, from the block on.
bool facts_set_condition(Facts *facts, IrValue condition, bool holds, u32 block) MUST_CHECK;
// What the terminator says of a block that one of its edges alone leads to.
bool facts_enter(Facts *facts, const IrTerm *term, u32 block) MUST_CHECK;
// What a comparison gives after the switches that lead here; 0 = unknown, or memory is out.
IrValue facts_compare(Facts *facts, const IrInst *inst);
// Forgets what held in blocks that do not dominate this one.
void facts_leave(Facts *facts, const IrCfg *cfg, u32 block);

#endif
