// Ranges of integers, for what can be said of a value before it is computed.
// A bound at INT64_MIN or INT64_MAX says nothing: there the value may lie anywhere further out (u64, 128 bits).
#ifndef OPT_RANGE_H
#define OPT_RANGE_H
#include "ir/eval.h"

typedef struct Range {
    i64 low, high; // both included
} Range;

// Every value of the type; pointers: 0 = may be null, above = is not. Other types count as unknown.
extern const Range range_by_type[IR_TYPE_COUNT];
static inline Range range_of_type(IrType type) { return range_by_type[type]; }
static inline bool range_within(Range a, Range b) { return a.low >= b.low && a.high <= b.high; }
Range range_join(Range a, Range b);
// What lies in both; `a` when that is nothing, which only code that never runs sees.
Range range_meet(Range a, Range b);

// The result of one operation with operands in these ranges: ADD .. SHR on integers, NEG (b unused).
Range range_binary(IrOp op, IrType type, Range a, Range b);
Range range_convert(IrType to, IrType from, Range a);
// Narrows both to what holds where `a op b` does; op is EQ .. GE. Works for the type's order, signed or not.
void range_compare(IrOp op, Range *a, Range *b);
// The comparison that holds where this one does not (integers).
IrOp range_negated(IrOp op);

#endif
