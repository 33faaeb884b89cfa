// The operations of eval.h over types and operations known only at run time: for the constant folder and tests.
#include "ir/eval.h"

static u128 binary128(IrOp op, bool is_signed, u128 a, u128 b, TrapKind *trap) {
    u128 out = 0;
    switch (op) {
    case IR_OP_ADD: return a + b;
    case IR_OP_SUB: return a - b;
    case IR_OP_MUL: return a * b;
    case IR_OP_AND: return a & b;
    case IR_OP_OR: return a | b;
    case IR_OP_XOR: return a ^ b;
    case IR_OP_SHL: return eval_shl128(a, b);
    case IR_OP_SHR: return eval_shr128(is_signed, a, b);
    case IR_OP_DIV: *trap = eval_div128(is_signed, a, b, &out); return out;
    case IR_OP_REM: *trap = eval_rem128(is_signed, a, b, &out); return out;
    default: UNREACHABLE();
    }
}

static u64 binary64(IrOp op, IrType type, u64 a, u64 b, TrapKind *trap) {
    u64 out = 0;
    switch (op) {
    case IR_OP_ADD: return eval_add(type, a, b);
    case IR_OP_SUB: return eval_sub(type, a, b);
    case IR_OP_MUL: return eval_mul(type, a, b);
    case IR_OP_AND: return eval_and(a, b);
    case IR_OP_OR: return eval_or(a, b);
    case IR_OP_XOR: return eval_xor(a, b);
    case IR_OP_SHL: return eval_shl(type, a, b);
    case IR_OP_SHR: return eval_shr(type, a, b);
    case IR_OP_DIV: *trap = eval_div(type, a, b, &out); return out;
    case IR_OP_REM: *trap = eval_rem(type, a, b, &out); return out;
    default: UNREACHABLE();
    }
}

static bool is_wide(IrType type) { return type == IR_I128 || type == IR_U128; }

u128 eval_binary(IrOp op, IrType type, u128 a, u128 b, TrapKind *trap) {
    *trap = TRAP_NONE;
    if (is_wide(type)) return binary128(op, type == IR_I128, a, b, trap);
    return eval_wrap128(type, binary64(op, type, (u64)a, (u64)b, trap));
}

u128 eval_unary(IrOp op, IrType type, u128 a) {
    ASSERT(op == IR_OP_NEG);
    return is_wide(type) ? 0 - a : eval_wrap128(type, eval_neg(type, (u64)a));
}

// Canonical 128-bit forms order as their type does, so integers of every width share these two lines per comparison.
static bool compare_ints(IrOp op, bool is_signed, u128 a, u128 b) {
    switch (op) {
    case IR_OP_EQ: return a == b;
    case IR_OP_NE: return a != b;
    case IR_OP_LT: return eval_lt128(is_signed, a, b);
    case IR_OP_LE: return !eval_lt128(is_signed, b, a);
    case IR_OP_GT: return eval_lt128(is_signed, b, a);
    case IR_OP_GE: return !eval_lt128(is_signed, a, b);
    default: UNREACHABLE();
    }
}

bool eval_compare(IrOp op, IrType type, u128 a, u128 b) {
    if (!ir_is_float(type)) return compare_ints(op, ir_is_signed(type), a, b);
    u64 x = (u64)a, y = (u64)b;
    switch (op) {
    case IR_OP_EQ: return eval_eq(type, x, y);
    case IR_OP_NE: return eval_ne(type, x, y);
    case IR_OP_LT: return eval_lt(type, x, y);
    case IR_OP_LE: return eval_le(type, x, y);
    case IR_OP_GT: return eval_gt(type, x, y);
    case IR_OP_GE: return eval_ge(type, x, y);
    default: UNREACHABLE();
    }
}

u128 eval_convert_any(IrType to, IrType from, u128 a) {
    if (is_wide(from)) return is_wide(to) ? a : eval_wrap128(to, eval_convert_from128(to, from, a));
    if (is_wide(to)) return eval_convert_to128(to, from, (u64)a);
    return eval_wrap128(to, eval_convert(to, from, (u64)a));
}
