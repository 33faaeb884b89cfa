// Wrapping makes a range useless: whatever might leave the type's own range gives that.
#include "opt/range.h"

const Range range_by_type[IR_TYPE_COUNT] = {
    [IR_VOID] = {INT64_MIN, INT64_MAX}, [IR_BOOL] = {0, 1},
    [IR_I8] = {INT8_MIN, INT8_MAX},     [IR_I16] = {INT16_MIN, INT16_MAX},
    [IR_I32] = {INT32_MIN, INT32_MAX},  [IR_I64] = {INT64_MIN, INT64_MAX},
    [IR_I128] = {INT64_MIN, INT64_MAX}, [IR_U8] = {0, UINT8_MAX},
    [IR_U16] = {0, UINT16_MAX},         [IR_U32] = {0, UINT32_MAX},
    [IR_U64] = {0, INT64_MAX},          [IR_U128] = {0, INT64_MAX},
    [IR_F32] = {INT64_MIN, INT64_MAX},  [IR_F64] = {INT64_MIN, INT64_MAX},
    [IR_PTR] = {0, INT64_MAX},
};

Range range_join(Range a, Range b) { return (Range){a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high}; }

Range range_meet(Range a, Range b) {
    Range both = {a.low > b.low ? a.low : b.low, a.high < b.high ? a.high : b.high};
    return both.low <= both.high ? both : a;
}

// Both bounds are numbers, small enough for any arithmetic below.
static bool is_small(Range a) { return a.low > -((i64)1 << 31) && a.high < (i64)1 << 31; }
static bool is_known(Range a) { return a.low > INT64_MIN && a.high < INT64_MAX; }

static Range fit(IrType type, Range a) {
    Range all = range_of_type(type);
    return range_within(a, all) && is_known(a) ? a : all;
}

static Range add(IrType type, Range a, Range b) {
    Range sum, all = range_of_type(type);
    if (!is_known(a) || !is_known(b)) return all;
    if (add_overflows(a.low, b.low, &sum.low) || add_overflows(a.high, b.high, &sum.high)) return all;
    return fit(type, sum);
}

static Range multiply(IrType type, Range a, Range b) {
    if (!is_small(a) || !is_small(b)) return range_of_type(type);
    i64 corner[] = {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
    Range product = {corner[0], corner[0]};
    for (u32 i = 1; i < countof(corner); i++) product = range_join(product, (Range){corner[i], corner[i]});
    return fit(type, product);
}

// By a divisor above 0 results only come closer to 0.
static Range divide(IrType type, Range a, Range b) {
    Range all = range_of_type(type);
    if (b.low <= 0) return all;
    if (type == IR_U64 && a.high == INT64_MAX) return (Range){0, (i64)(UINT64_MAX / (u64)b.low >> (b.low == 1))};
    Range quotient = {a.low < 0 ? a.low / b.low : a.low / b.high, a.high < 0 ? a.high / b.high : a.high / b.low};
    return is_known(a) ? fit(type, quotient) : all;
}

static Range remainder(IrType type, Range a, Range b) {
    if (b.low <= 0 || b.high == INT64_MAX) return range_of_type(type);
    Range rest = {a.low < 0 ? -(b.high - 1) : 0, a.high > 0 ? b.high - 1 : 0};
    if (a.low >= 0 && a.high < rest.high) rest.high = a.high;
    return rest;
}

// Ones from the highest bit of either bound down.
static i64 mask_over(i64 a, i64 b) {
    u64 both = (u64)(a | b);
    return both ? (i64)(UINT64_MAX >> __builtin_clzll(both)) : 0;
}

static Range bitwise(IrOp op, IrType type, Range a, Range b) {
    Range all = range_of_type(type);
    if (op == IR_OP_AND && (a.low >= 0 || b.low >= 0)) {
        i64 most = a.low < 0 ? b.high : b.low < 0 ? a.high : a.high < b.high ? a.high : b.high;
        return range_meet(all, (Range){0, most});
    }
    if (op == IR_OP_AND || a.low < 0 || b.low < 0) return all;
    return range_meet(all, (Range){0, mask_over(a.high, b.high)});
}

static Range shift(IrOp op, IrType type, Range a, Range b) {
    Range all = range_of_type(type);
    if (b.low != b.high || b.low < 0 || b.low >= ir_bits(type) || b.low >= 62) return all;
    i64 power = (i64)1 << b.low;
    if (op == IR_OP_SHL) return power < (i64)1 << 31 ? multiply(type, a, (Range){power, power}) : all;
    if (type == IR_U64) return divide(type, a, (Range){power, power});
    return is_known(a) ? fit(type, (Range){a.low >> b.low, a.high >> b.low}) : all;
}

Range range_binary(IrOp op, IrType type, Range a, Range b) {
    switch (op) {
    case IR_OP_ADD: return add(type, a, b);
    case IR_OP_NEG: b = a, a = (Range){0, 0}; // fallthrough
    case IR_OP_SUB: return is_known(b) ? add(type, a, (Range){-b.high, -b.low}) : range_of_type(type);
    case IR_OP_MUL: return multiply(type, a, b);
    case IR_OP_DIV: return divide(type, a, b);
    case IR_OP_REM: return remainder(type, a, b);
    case IR_OP_AND:
    case IR_OP_OR:
    case IR_OP_XOR: return bitwise(op, type, a, b);
    case IR_OP_SHL:
    case IR_OP_SHR: return shift(op, type, a, b);
    default: return range_of_type(type);
    }
}

Range range_convert(IrType to, IrType from, Range a) {
    bool whole = ir_is_int(from) || from == IR_BOOL;
    if (!whole || !ir_is_int(to)) return range_of_type(to);
    // The bounds of i64 are numbers; to other types of 64 bits and more they carry over where they are lower bounds of 0.
    if (range_within(a, range_of_type(to)) && (is_known(a) || (from == IR_I64 && a.low >= 0))) return a;
    return range_of_type(to);
}

IrOp range_negated(IrOp op) {
    static const u8 negated[] = {IR_OP_NE, IR_OP_EQ, IR_OP_GE, IR_OP_GT, IR_OP_LE, IR_OP_LT};
    return (IrOp)negated[op - IR_OP_EQ];
}

// a <= b - gap.
static void order(Range *a, Range *b, i64 gap) {
    if (is_known(*b)) *a = range_meet(*a, (Range){INT64_MIN, b->high - gap});
    if (is_known(*a)) *b = range_meet(*b, (Range){a->low + gap, INT64_MAX});
}

// a != b where b is one number: an end that equals it goes.
static void differ(Range *a, Range b) {
    if (b.low != b.high || a->low == a->high) return;
    if (a->low == b.low && b.low != INT64_MIN) a->low++;
    else if (a->high == b.low && b.low != INT64_MAX) a->high--;
}

void range_compare(IrOp op, Range *a, Range *b) {
    switch (op) {
    case IR_OP_EQ: *a = *b = range_meet(*a, *b); return;
    case IR_OP_NE:
        differ(a, *b);
        differ(b, *a);
        return;
    case IR_OP_LT: order(a, b, 1); return;
    case IR_OP_LE: order(a, b, 0); return;
    case IR_OP_GT: order(b, a, 1); return;
    case IR_OP_GE: order(b, a, 0); return;
    default: return;
    }
}
