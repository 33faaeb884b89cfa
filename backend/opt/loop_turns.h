// Copies of a loop's turns: what unroll.c and repeat_turns.c share. A round finds loops, none of which has a block of another,
// and then copies their turns.
#ifndef OPT_LOOP_TURNS_H
#define OPT_LOOP_TURNS_H
#include "opt/copy_blocks.h"
#include "opt/ssa.h"

enum {
    TURN_BLOCKS_LIMIT = 64, // of one loop
    TURNS_FRONTIER_LIMIT = 1 << 20
};

typedef struct TurnLoop {
    u32 head;
    u32 entry, latch; // blocks with the only edge to the head from outside, and the only jump there from inside
    u32 first, count; // its blocks in ids, the head first
    u32 size;         // instructions of one turn, constants and counts apart, and one more
    u32 turns;
    bool stays; // the condition's value while the loop goes on
} TurnLoop;

typedef struct TurnCopier {
    BlockCopier copier;
    IrFunction *function;
    IrCfg cfg;
    VEC(TurnLoop) loops; // to be copied in this round
    VEC(u32) ids;
    u32 *loop_of; // block -> the loop of this round that it belongs to, + 1
    u32 growth;
} TurnCopier;

// Ready for a round over the pass's function (copy_start_own).
bool turns_start(TurnCopier *u, Pass *pass) MUST_CHECK;
bool blocks_contain(const u32 *items, u32 count, u32 item);
// The blocks from which the latch is reached without passing the head, at the end of ids. False when there are too many,
// when one belongs to a loop that goes in this round, or memory is out.
bool turns_find_blocks(TurnCopier *u, TurnLoop *loop) MUST_CHECK;
// Whether a loop with such an operation may have copies of its turns: no calls, no prints.
bool turns_may_repeat(u8 op);
// One turn whose end goes to `next`; the head alone when there is none. Returns its head, 0 when memory is out.
u32 turns_copy(TurnCopier *u, const TurnLoop *loop, u32 next);

#endif
