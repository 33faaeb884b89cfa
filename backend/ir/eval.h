// What every pure operation means on bits: the one truth for interpreter, constant folder and tests (spec jsrs.md 9).
//
// A value of at most 64 bits is carried in a u64 slot: integers extended to 64 bits as their type's signedness says,
// bool 0 or 1, f32 its bits in the low half with zeros above, f64 its bits, ptr as it is. Operands must have that form
// and results do. Called with a constant type, each inline function folds to a few machine instructions; eval.c offers
// every operation over types known only at run time, on values carried as u128, and the loop's own forms of the integer
// operations are held against it by the tests.
//
// NaN: one made by arithmetic or conversion is the positive quiet NaN without payload, on every machine. Moves,
// bitcast, load, store and select keep bits; neg flips the sign bit of any NaN.
#ifndef IR_EVAL_H
#define IR_EVAL_H

#include "ir/module.h"
#include "support/wide.h"

#define EVAL_INLINE static inline __attribute__((always_inline))

// ---- bits ----

EVAL_INLINE f64 eval_f64(u64 bits) {
    f64 value;
    mem_copy(&value, &bits, 8);
    return value;
}
EVAL_INLINE u64 eval_bits_of_f64(f64 value) {
    u64 bits;
    mem_copy(&bits, &value, 8);
    return bits;
}
EVAL_INLINE f32 eval_f32(u64 bits) {
    u32 low = (u32)bits;
    f32 value;
    mem_copy(&value, &low, 4);
    return value;
}
EVAL_INLINE u64 eval_bits_of_f32(f32 value) {
    u32 bits;
    mem_copy(&bits, &value, 4);
    return bits;
}

// The result of arithmetic as bits: hardware may give any NaN, we give one.
EVAL_INLINE u64 eval_result_f64(f64 value) { return value != value ? 0x7ff8000000000000u : eval_bits_of_f64(value); }
EVAL_INLINE u64 eval_result_f32(f32 value) { return value != value ? 0x7fc00000u : eval_bits_of_f32(value); }

// Cuts any 64 bits to a type's canonical form.
EVAL_INLINE u64 eval_wrap(IrType type, u64 bits) {
    switch (type) {
    case IR_BOOL: return bits & 1;
    case IR_I8: return (u64)(i64)(i8)bits;
    case IR_I16: return (u64)(i64)(i16)bits;
    case IR_I32: return (u64)(i64)(i32)bits;
    case IR_U8: return (u8)bits;
    case IR_U16: return (u16)bits;
    case IR_U32:
    case IR_F32: return (u32)bits;
    case IR_I64:
    case IR_U64:
    case IR_I128:
    case IR_U128:
    case IR_F64:
    case IR_PTR: return bits;
    case IR_VOID:
    case IR_TYPE_COUNT: break;
    }
    return 0;
}

EVAL_INLINE bool eval_is_signed(IrType type) { return type >= IR_I8 && type <= IR_I128; }
EVAL_INLINE u64 eval_width(IrType type) {
    return type == IR_I8 || type == IR_U8     ? 8
           : type == IR_I16 || type == IR_U16 ? 16
           : type == IR_I32 || type == IR_U32 ? 32
                                              : 64;
}

// ---- arithmetic, at most 64 bits ----

#define EVAL_ARITHMETIC(name, op)                                               \
    EVAL_INLINE u64 name(IrType type, u64 a, u64 b) {                           \
        if (type == IR_F64) return eval_result_f64(eval_f64(a) op eval_f64(b)); \
        if (type == IR_F32) return eval_result_f32(eval_f32(a) op eval_f32(b)); \
        return eval_wrap(type, a op b);                                         \
    }
EVAL_ARITHMETIC(eval_add, +)
EVAL_ARITHMETIC(eval_sub, -)
EVAL_ARITHMETIC(eval_mul, *)
#undef EVAL_ARITHMETIC

EVAL_INLINE u64 eval_neg(IrType type, u64 a) {
    if (type == IR_F64) return a ^ (u64)1 << 63;
    if (type == IR_F32) return a ^ (u64)1 << 31;
    return eval_wrap(type, 0 - a);
}

// ---- comparison, at most 64 bits: by the operands' type; ne is true on NaN, the others are false ----

#define EVAL_COMPARISON(name, op)                                \
    EVAL_INLINE bool name(IrType type, u64 a, u64 b) {           \
        if (type == IR_F64) return eval_f64(a) op eval_f64(b);   \
        if (type == IR_F32) return eval_f32(a) op eval_f32(b);   \
        return eval_is_signed(type) ? (i64)a op(i64) b : a op b; \
    }
EVAL_COMPARISON(eval_eq, ==)
EVAL_COMPARISON(eval_ne, !=)
EVAL_COMPARISON(eval_lt, <)
EVAL_COMPARISON(eval_le, <=)
#undef EVAL_COMPARISON

// ---- conversion, Rust's `as`: modulo between integers, saturating from floats (NaN gives 0), nearest even to floats ----

EVAL_INLINE i64 eval_f64_to_i64(f64 a) {
    if (a != a) return 0;
    return a < -0x1p63 ? INT64_MIN : a >= 0x1p63 ? INT64_MAX : (i64)a;
}
EVAL_INLINE u64 eval_f64_to_u64(f64 a) {
    if (!(a > 0)) return 0;
    return a >= 0x1p64 ? UINT64_MAX : (u64)a;
}
// To a type with so many bits less than 64.
EVAL_INLINE u64 eval_f64_to_s(f64 a, u64 less) {
    i64 value = eval_f64_to_i64(a), min = INT64_MIN >> less, max = INT64_MAX >> less;
    return (u64)(value < min ? min : value > max ? max : value);
}
EVAL_INLINE u64 eval_f64_to_u(f64 a, u64 less) {
    u64 value = eval_f64_to_u64(a), max = UINT64_MAX >> less;
    return value > max ? max : value;
}
EVAL_INLINE u64 eval_float_to_int(IrType to, f64 a) {
    u64 less = 64 - (to == IR_BOOL ? 1 : eval_width(to));
    return eval_is_signed(to) ? eval_f64_to_s(a, less) : eval_f64_to_u(a, less);
}

EVAL_INLINE u64 eval_convert(IrType to, IrType from, u64 a) {
    if (from == IR_F64 || from == IR_F32) {
        if (to == from) return a;
        if (to == IR_F64) return eval_result_f64((f64)eval_f32(a));
        if (to == IR_F32) return eval_result_f32((f32)eval_f64(a));
        return eval_float_to_int(to, from == IR_F64 ? eval_f64(a) : (f64)eval_f32(a)); // f32 to f64 is exact
    }
    // Straight to f32: by way of f64 it would round twice.
    if (to == IR_F64) return eval_bits_of_f64(eval_is_signed(from) ? (f64)(i64)a : (f64)a);
    if (to == IR_F32) return eval_bits_of_f32(eval_is_signed(from) ? (f32)(i64)a : (f32)a);
    return to == IR_BOOL ? a != 0 : eval_wrap(to, a);
}

// ---- any type, values carried in u128 (eval.c) ----

// Cuts any 128 bits to a type's canonical form: integers extended to 128 as their signedness says, everything else with
// zeros above. This is the form of IrInst.args of a CONST and of IrCase, and what the functions below take and give.
u128 eval_wrap128(IrType type, u128 bits);

// ADD .. SHR. When *trap is set to anything but TRAP_NONE the result is 0.
u128 eval_binary(IrOp op, IrType type, u128 a, u128 b, TrapKind *trap);
u128 eval_unary(IrOp op, IrType type, u128 a);                                     // NEG, ONES
bool eval_compare(IrOp op, IrType type, u128 a, u128 b);                           // EQ .. GE
u128 eval_convert_any(IrType to, IrType from, u128 a);                             // CONVERT
static inline u128 eval_bitcast(IrType to, u128 a) { return eval_wrap128(to, a); } // BITCAST: types of one size

#endif
