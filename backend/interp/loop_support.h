// What the loop's cases use beside ir/eval.h: access to guest bytes, and the rare operations, kept out of line.
#ifndef INTERP_LOOP_SUPPORT_H
#define INTERP_LOOP_SUPPORT_H

#include "interp/divide.h"
#include "interp/run_state.h"
#include "ir/eval.h"

#define ACCESS(Type)                             \
    EVAL_INLINE Type read_##Type(const u8 *at) { \
        Type value;                              \
        mem_copy(&value, at, sizeof(Type));      \
        return value;                            \
    }                                            \
    EVAL_INLINE void write_##Type(u8 *at, Type value) { mem_copy(at, &value, sizeof(Type)); }
ACCESS(u8)
ACCESS(u16)
ACCESS(i32)
ACCESS(u32)
ACCESS(u64)
#undef ACCESS

#define NAN_BITS eval_result_f64(__builtin_nan(""))

EVAL_INLINE bool type_is_wide_value(u16 type) { return type == IR_I128 || type == IR_U128; }

// INDEX, and an access with an index, where the short way did not do: null, rows moved by elements, anything else.
TrapKind far_access(const Run *run, u64 *r, const u16 *at);
// An access with an index reaches 1 << so many bytes.
u32 access_shift(u16 op);
u64 moved_pointer(u64 pointer, u64 elements);

// BINARY, COMPARE and CONVERT, over types known only at run time.
TrapKind rare_binary(u64 *registers, const u16 *pc);
u64 rare_compare(const u64 *registers, const u16 *pc);
void rare_convert(u64 *registers, const u16 *pc);
// The table entry (offset, charge) for the selector of a SEARCH or SEARCH_WIDE.
const u16 *search_case(const u16 *pc, const u64 *registers);

#endif
