// Sizes, offsets and leaves of types in the byte-addressed memory of the IR.
#ifndef JSRS_LOWER_LAYOUT_H
#define JSRS_LOWER_LAYOUT_H

#include "jsrs/lower_types.h"

enum { LAYOUT_SIZE_MAX = 1 << 30 }; // bytes of one value

typedef struct Layout {
    u32 size, align;
} Layout;

typedef struct Leaf {
    IrType type;
    u32 offset;
} Leaf;
// The scalars and pointers that a small value consists of.
typedef struct LeafList {
    Leaf leaves[8];
    u32 count;
} LeafList;

// False (with an error) when the type holds itself by value, is too large, or memory is out.
bool layout_of(TypeGraph *g, Ty t, Layout *out) MUST_CHECK;
bool layout_field(TypeGraph *g, Ty aggregate, u32 field, u32 *offset) MUST_CHECK;    // field < part_count
bool layout_payload(TypeGraph *g, Ty aggregate, Ty payload, u32 *offset) MUST_CHECK; // payload: that of a variant
// Appends the leaves of a value at `offset`. False when it has more than fit or overlapping ones: copy it as bytes then.
bool layout_leaves(TypeGraph *g, Ty t, u32 offset, LeafList *out) MUST_CHECK;

#endif
