// In what state the rows of the heap are at each point of a function: the same state = no row was made, freed or moved
// between the two points. An index found in bounds in one state may be out of bounds in another, where its row is gone or
// another.
#ifndef OPT_ROW_STATES_H
#define OPT_ROW_STATES_H
#include "ir/cfg.h"
#include "opt/pass.h"

typedef struct RowStates {
    const IrCfg *cfg;
    u32 *at_end;        // block -> the state behind its last instruction, 0 = not left yet
    bool *loop_changes; // loop's head -> something in the loop changes rows
    u32 now, last;      // the state here, and the newest
} RowStates;

// Linear in instructions. False = out of memory.
bool row_states_init(Pass *pass, const IrCfg *cfg, RowStates *states) MUST_CHECK;

// For a walk that comes to a block after its predecessors, but for those along back edges.
void row_states_enter(RowStates *states, u32 block);
void row_states_pass(RowStates *states, const IrInst *inst);
static inline void row_states_leave(RowStates *states, u32 block) { states->at_end[block] = states->now; }
#endif
