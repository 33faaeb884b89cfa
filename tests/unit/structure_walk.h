// Holds a structured function (codegen/structure.h) against its graph: as text, by walking both with the same random
// decisions, and for what is there but not needed.
#ifndef TESTS_STRUCTURE_WALK_H
#define TESTS_STRUCTURE_WALK_H

#include "codegen/structure.h"
#include "support/buf.h"

void structure_print(Buf *out, const Structure *structure, const IrFunction *function);

// Whether an edge has no arguments that could need moves; the `plain` of these tests.
bool structure_plain(void *function, u32 block, u32 edge);

// NULL, or what is wrong: nesting, depths, branches to what follows anyway, labels and arms without use.
const char *structure_check(const Structure *structure, const IrFunction *function);

// Takes at most `steps` items. NULL, or in what the walk differs from the graph's. Needs a list that structure_check
// passes.
const char *structure_walk(const Structure *structure, IrFunction *function, u64 seed, u32 steps);

#endif
