// Copies blocks of one function into another or into the same: new numbers for blocks and values, operands through a
// table. Inlining, jump threading and unrolling differ in which blocks they copy and where the copies' edges go.
#ifndef OPT_COPY_BLOCKS_H
#define OPT_COPY_BLOCKS_H
#include "opt/pass.h"
#include "support/map.h"

typedef struct BlockCopier {
    Pass *pass; // copies go into pass->function
    const IrFunction *from;
    u32 *values; // value of `from` -> what stands for it in the copy; outside the copied blocks: set by the caller
    u32 *blocks; // block of `from` -> target of the copies' edges to it
    u32 slot_base;
    u32 call_site;   // call that the copies are inlined at, 0 = none
    u32 rest;        // where copied returns jump to, 0 = they stay returns
    Map sites;       // site of `from` -> site of the copy
    u32 block_count; // of `from`, before the first copy
    // Copies within a function: values whose copies are further definitions of one variable.
    u32 value_count; // before the first copy
    u32 *variable;   // value -> variable + 1
    VEC(u8) types;
    VEC(u32) made; // pairs: value made, variable + 1
} BlockCopier;

// Ready to copy blocks of the pass's own function: every value and block stands for itself. Every block is reachable, the
// entry has no predecessors, and the graph is built.
bool copy_start_own(BlockCopier *c, Pass *pass, IrCfg *cfg) MUST_CHECK;
// The value has several definitions once its block is copied; all values of a block have.
bool copy_note_variable(BlockCopier *c, IrValue value) MUST_CHECK;
bool copy_note_block(BlockCopier *c, u32 id) MUST_CHECK;
// The block and its values stand for themselves again.
void copy_forget(BlockCopier *c, u32 id);
// One definition per use again (ssa.h), if there is any copy; else the function is unchanged. Drops unreachable blocks.
bool copy_repair(BlockCopier *c) MUST_CHECK;

// Makes the blocks with their parameters and instructions and enters them in the tables; then, after the caller has had
// the chance to turn edges, fills in operands, parameter lists and terminators of these blocks.
bool copy_make(BlockCopier *c, const u32 *ids, u32 count) MUST_CHECK;
bool copy_fill(BlockCopier *c, const u32 *ids, const u32 *copies, u32 count) MUST_CHECK;

// The copy of a site, with those it was itself inlined at; outermost at the call. 0 stays 0.
u32 copy_site(BlockCopier *c, u32 site);

#endif
