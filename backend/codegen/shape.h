// What the graph of a function needs before it can be structured. Both rewrite the IR in place; it verifies before and
// after. `scratch` is rewound: it must not be the module's own arena.
#ifndef CODEGEN_SHAPE_H
#define CODEGEN_SHAPE_H

#include "ir/cfg.h"

// Gives every cycle a single entry (irreducible.c): a cycle with several gets a dispatch block, a SWITCH over a u32
// block parameter, through which all edges into its entries go. Growth is linear; nested irreducible cycles are done
// from the outside in. To come first: lists of arguments must not be shared by edges. False when memory is out. The graph
// that comes out is left in `cfg`, in the module's arena.
bool shape_make_reducible(IrModule *module, IrFunction *function, IrCfg *cfg, Arena *scratch) MUST_CHECK;

// Leaves only switches that are one br_table (lower_switch.c): a u32 selector, case i has the value i, holes are cases
// with the default's edge. All others (sparse, 64 and 128 bits, negative) become tests: ranges split in the middle,
// dense parts become such a switch behind a subtraction and, past 32 bits, a comparison. Duplicates: the first wins.
// Tables have at least three ranges of cases that go one way, at most 16,384 cases, and at least half of them filled.
bool shape_lower_switches(IrModule *module, IrFunction *function, Arena *scratch) MUST_CHECK;

#endif
