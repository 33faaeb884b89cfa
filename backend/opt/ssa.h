// Gives variables with several definitions their place in SSA form again: block parameters where paths meet, and the
// reaching definition at every read. Promotion uses it for pieces of frame slots, duplication for the values of blocks
// that now exist twice.
#ifndef OPT_SSA_H
#define OPT_SSA_H
#include "opt/pass.h"

typedef struct Ssa {
    u8 *types; // variable -> IrType
    u32 var_count;
    u32 *var_of;     // value -> variable + 1, 0 = none. LOAD: reads it; STORE: writes it; any other value: is a
    u32 value_count; // definition of it, and to use the value is to read the variable. Length of var_of
    u64 budget;      // most work (frontier entries visited) before variables stay as they are; 0 = no limit. Only
                     // LOAD/STORE variables may stay
} Ssa;

// Needs: every block reachable, the entry without predecessors. Never written = zero. Reads and writes that were
// turned into values are removed. False when memory is out.
bool ssa_construct(Pass *pass, const IrCfg *cfg, const Ssa *ssa) MUST_CHECK;

// Entries that the dominance frontiers of all blocks hold together; stops counting past `limit`.
u64 ssa_frontier_size(const IrCfg *cfg, u64 limit);

#endif
