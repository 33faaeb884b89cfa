// The operations of eval.h over types and operations known only at run time, for the constant folder, the loop's rare
// cases and tests. Canonical integers of every width are the same numbers in 128 bits, so one way of computing serves
// them all: work there, then cut to the type.
#include "ir/eval.h"

u128 eval_wrap128(IrType type, u128 bits) {
    u32 width = ir_bits(type);
    if (width == 128) return bits;
    if (width == 0) return 0;
    u32 above = 64 - width;
    u64 low = (u64)bits << above;
    return ir_is_signed(type) ? (u128)(i128)((i64)low >> above) : low >> above;
}

// ---- floats: f32 is worked out in f64 only where that is exact ----

// The number of an f32 or f64.
static f64 float_value(IrType type, u128 bits) {
    return type == IR_F64 ? eval_f64((u64)bits) : (f64)eval_f32((u64)bits);
}

static u64 binary_f64(IrOp op, f64 a, f64 b) {
    return eval_result_f64(op == IR_OP_ADD ? a + b : op == IR_OP_SUB ? a - b : op == IR_OP_MUL ? a * b : a / b);
}

static u64 binary_f32(IrOp op, f32 a, f32 b) {
    return eval_result_f32(op == IR_OP_ADD ? a + b : op == IR_OP_SUB ? a - b : op == IR_OP_MUL ? a * b : a / b);
}

// ---- arithmetic ----

static u128 divide(IrOp op, IrType type, u128 a, u128 b, TrapKind *trap) {
    bool is_signed = ir_is_signed(type), is_rem = op == IR_OP_REM;
    u128 quotient, rest, least = (u128)(i128)-1 << (ir_bits(type) - 1);
    if (b == 0) return *trap = is_rem ? TRAP_REM_ZERO : TRAP_DIV_ZERO, (u128)0;
    if (is_signed && b == ~(u128)0 && a == least)
        return *trap = is_rem ? TRAP_REM_OVERFLOW : TRAP_DIV_OVERFLOW, (u128)0;
    if (is_signed) {
        quotient = (u128)wide_div_s((i128)a, (i128)b, (i128 *)&rest);
    } else {
        quotient = wide_div_u(a, b, &rest);
    }
    return is_rem ? rest : quotient;
}

static u128 binary_int(IrOp op, IrType type, u128 a, u128 b, TrapKind *trap) {
    u32 amount = (u32)b & (ir_bits(type) - 1);
    switch (op) {
    case IR_OP_ADD: return a + b;
    case IR_OP_SUB: return a - b;
    case IR_OP_MUL: return a * b;
    case IR_OP_AND: return a & b;
    case IR_OP_OR: return a | b;
    case IR_OP_XOR: return a ^ b;
    case IR_OP_SHL: return a << amount;
    case IR_OP_SHR: return ir_is_signed(type) ? (u128)((i128)a >> amount) : a >> amount;
    default: return divide(op, type, a, b, trap);
    }
}

u128 eval_binary(IrOp op, IrType type, u128 a, u128 b, TrapKind *trap) {
    *trap = TRAP_NONE;
    if (type == IR_F64) return binary_f64(op, eval_f64((u64)a), eval_f64((u64)b));
    if (type == IR_F32) return binary_f32(op, eval_f32((u64)a), eval_f32((u64)b));
    return eval_wrap128(type, binary_int(op, type, a, b, trap));
}

// NEG flips the sign bit of floats, of a NaN too.
u128 eval_unary(IrOp op, IrType type, u128 a) {
    if (op == IR_OP_ONES) return (u32)__builtin_popcountll((u64)a << (64 - ir_bits(type)));
    ASSERT(op == IR_OP_NEG);
    return ir_is_float(type) ? a ^ (u128)1 << (ir_bits(type) - 1) : eval_wrap128(type, 0 - a);
}

// ---- comparison ----

// Canonical forms order as their type does. NaN is in no relation to anything but `ne`.
bool eval_compare(IrOp op, IrType type, u128 a, u128 b) {
    bool equal, less, greater;
    if (ir_is_float(type)) {
        f64 x = float_value(type, a), y = float_value(type, b);
        equal = x == y, less = x<y, greater = x> y;
    } else {
        equal = a == b;
        less = ir_is_signed(type) ? (i128)a < (i128)b : a < b;
        greater = !equal && !less;
    }
    switch (op) {
    case IR_OP_EQ: return equal;
    case IR_OP_NE: return !equal;
    case IR_OP_LT: return less;
    case IR_OP_LE: return less | equal;
    case IR_OP_GT: return greater;
    case IR_OP_GE: return greater | equal;
    default: UNREACHABLE();
    }
}

// ---- conversion ----

static u128 float_to_int(IrType to, f64 a) {
    u32 above = 128 - ir_bits(to);
    if (ir_is_signed(to)) {
        i128 value = wide_f64_to_s(a), most = (i128)(~(u128)0 >> 1) >> above, least = -most - 1;
        return (u128)(value < least ? least : value > most ? most : value);
    }
    u128 value = wide_f64_to_u(a), most = ~(u128)0 >> above;
    return value > most ? most : value;
}

u128 eval_convert_any(IrType to, IrType from, u128 a) {
    if (to == from) return a;
    if (ir_is_float(from)) {
        f64 value = float_value(from, a);
        if (to == IR_F64) return eval_result_f64(value);
        return to == IR_F32 ? eval_result_f32((f32)value) : float_to_int(to, value);
    }
    bool is_signed = ir_is_signed(from);
    // Straight to f32: by way of f64 it would round twice.
    if (to == IR_F64) return eval_bits_of_f64(is_signed ? wide_s_to_f64((i128)a) : wide_u_to_f64(a));
    if (to == IR_F32) return eval_bits_of_f32(is_signed ? wide_s_to_f32((i128)a) : wide_u_to_f32(a));
    return to == IR_BOOL ? a != 0 : eval_wrap128(to, a);
}
