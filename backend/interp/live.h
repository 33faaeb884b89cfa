// Where registers are live: for each a sorted list of ranges of positions. Blocks are numbered in reverse postorder;
// an instruction at position p reads at 2p and writes at 2p + 1, so that a result may take a dying operand's slot.
#ifndef INTERP_LIVE_H
#define INTERP_LIVE_H

#include "interp/translate.h"

typedef struct Range {
    u32 from, to; // [from, to)
} Range;

typedef struct RangeList {
    Range *items;
    u32 count; // 0 = the register is nowhere live
} RangeList;

typedef struct Liveness {
    RangeList *ranges; // per register
    u32 *calls;        // positions of calls, rising
    u32 call_count;
    u32 positions; // number of positions
} Liveness;

// Fills BlockCode.begin and end too. Registers beyond a budget of work count as live everywhere, so that the time
// stays linear in the size of the function. False when memory is out.
bool live_build(Translator *t, Liveness *out) MUST_CHECK;

// The k-th instruction of a block in the order in which it runs.
static inline Inst *block_inst(const Translator *t, const BlockCode *code, u32 k) {
    return &t->insts.items[code->first + code->count - 1 - k];
}

#endif
