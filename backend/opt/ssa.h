// Gives variables with several definitions their place in SSA form again: block parameters where paths meet, and the
// reaching definition at every read. Promotion uses it for pieces of frame slots, duplication for the values of blocks
// that now exist twice.
#ifndef OPT_SSA_H
#define OPT_SSA_H
#include "opt/pass.h"

typedef struct Ssa {
    // True: variables are places in memory; a LOAD with a variable reads it, a STORE writes it. False: they are values
    // with several definitions (LOADs among them); an instruction with a variable defines it, to use its value is to
    // read the variable.
    bool in_memory;
    u8 *types; // variable -> IrType
    u32 var_count;
    u32 *var_of;     // value -> variable + 1, 0 = none
    u32 value_count; // length of var_of
    u64 budget;      // most work (frontier entries visited) before variables in memory stay there; 0 = no limit
} Ssa;

// Needs: every block reachable, the entry without predecessors. Never written = zero. Reads and writes that were
// turned into values are removed. False when memory is out.
bool ssa_construct(Pass *pass, const IrCfg *cfg, const Ssa *ssa) MUST_CHECK;

// Entries that the dominance frontiers of all blocks hold together; stops counting past `limit`.
u64 ssa_frontier_size(const IrCfg *cfg, u64 limit);

#endif
