// The second half of structure_make: from labels by the item that opens them to depths.
#ifndef CODEGEN_STRUCTURE_LABELS_H
#define CODEGEN_STRUCTURE_LABELS_H

#include "codegen/structure.h"

// `depth` of EDGE (unless FALLS) and BR_IF, and `depths`, hold numbers of items that open labels; afterwards depths. Takes
// out BLOCKs without use, marks RETURNs that end the list. `deepest`: most labels open at once. Working memory stays in
// `scratch`; false when there is none.
bool structure_settle(Structure *structure, const IrFunction *function, Arena *scratch, u32 deepest,
                      bool *too_deep) MUST_CHECK;

#endif
