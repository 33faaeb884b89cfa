// What a value is when the parameters of one block are known, computed back through a few operations on constants.
#ifndef OPT_EVALUATE_H
#define OPT_EVALUATE_H
#include "opt/pass.h"

enum { KNOWN_PARAMS = 16 };

typedef struct Known {
    u32 block;
    bool is_known[KNOWN_PARAMS]; // parameters beyond the last are not
    u128 bits[KNOWN_PARAMS];
} Known;

// The parameters of an edge's target as far as `known`, which may be NULL, decides its arguments.
Known known_along(const IrFunction *function, const IrEdge *edge, const Known *known);
bool known_value(const IrFunction *function, IrValue value, const Known *known, u128 *bits);

#endif
