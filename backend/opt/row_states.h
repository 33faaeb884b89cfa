// In what state the rows of the heap are at each point of a function: the same state = no row was freed or moved between
// the two points. An index found in bounds in one state may be out of bounds in another, where its row is gone.
#ifndef OPT_ROW_STATES_H
#define OPT_ROW_STATES_H
#include "ir/cfg.h"
#include "opt/pass.h"

typedef struct RowStates {
    u32 *at_entry; // block -> the state in which every path enters it; NULL: there is one state only
    u32 *inside;   // block -> the state behind the first instruction that changes rows; each further one adds 1
} RowStates;

// Linear in instructions and edges. False = out of memory.
bool row_states_build(Pass *pass, const IrCfg *cfg, RowStates *states) MUST_CHECK;

bool changes_rows(const IrInst *inst);
#endif
