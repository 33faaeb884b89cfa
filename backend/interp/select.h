// Shared by the files that choose instructions. Blocks are walked backwards, the function from its last block to its
// first, so that a value's users are seen before it: what nobody needs in a register is not made, and a user may do
// the work of an operand that only it has. Instructions are therefore appended in reverse.
#ifndef INTERP_SELECT_H
#define INTERP_SELECT_H

#include "interp/translate.h"

// An instruction being put together, with the constants that must be loaded right before it.
typedef struct Draft {
    Inst inst;
    Inst loads[INST_USES];
    u32 load_count;
} Draft;

static inline const IrInst *inst_of(const Translator *t, u32 value) { return ir_inst(t->function, value); }

u32 new_register(Translator *t, bool wide);
bool push_inst(Translator *t, const Inst *inst) MUST_CHECK; // before all pushed so far
bool push_draft(Translator *t, const Draft *draft) MUST_CHECK;
// The same, but the result goes through a register and is wrapped where the type has less than 32 bits.
bool push_wrapped(Translator *t, Draft *draft, u8 type) MUST_CHECK;

// A draft of `op` that stands where the IR instruction `value` does and writes its result, if it has one.
Draft draft_at(const Translator *t, Bytecode op, u32 value);
// Adds a register operand: the value itself, or a register with the constant. False when memory is out.
bool draft_use(Translator *t, Draft *draft, u32 value) MUST_CHECK;
// The same for a register that is at hand.
void draft_register(Draft *draft, u32 reg);
// Marks it as able to trap with the place of `origin`, which is the instruction's own or a folded address'.
void draft_observe(const Translator *t, Draft *draft, u32 origin);
// An instruction that is observed, with the first so many of its operation's operands and an immediate.
bool push_observed(Translator *t, Bytecode op, u32 value, u32 operands, u64 immediate) MUST_CHECK;

// The instruction that defines `value` if it has this operation, this use only, and stands in the block being selected.
const IrInst *sole_operand(const Translator *t, u32 value, IrOp op);
// A constant integer that fits in [min, max], extended as its type is.
bool small_constant(const Translator *t, u32 value, i64 min, i64 max, i64 *out);
static inline bool imm16(const Translator *t, u32 value, i64 *out) {
    return small_constant(t, value, INT16_MIN, INT16_MAX, out);
}
static inline bool imm32(const Translator *t, u32 value, i64 *out) {
    return small_constant(t, value, INT32_MIN, INT32_MAX, out);
}

// Additions and multiplications by constants summed up, as far as they are used here only: x * scale + y + add.
typedef struct Linear {
    u32 x, y; // y: 0 = none
    i64 scale, add;
    bool narrow; // wraps to i32
} Linear;
// A value whose lower `bits` are those of `value`: conversions that only change what lies above are left out.
u32 low_bits(const Translator *t, u32 value, u32 bits);
// An index that is such a sum with small numbers (y is never 0 here); false when it is none.
bool linear_index(const Translator *t, u32 value, Linear *out);

// Instructions for one IR instruction whose result is needed or that has effects.
bool select_arithmetic(Translator *t, u32 value) MUST_CHECK; // ADD .. SHR, NEG
bool select_any_binary(Translator *t, u32 value) MUST_CHECK; // the same on any type, slowly
bool select_float(Translator *t, u32 value) MUST_CHECK;      // the same on floats
bool select_convert(Translator *t, u32 value) MUST_CHECK;
bool select_compare(Translator *t, u32 value) MUST_CHECK; // EQ .. GE to bool
bool select_memory(Translator *t, u32 value) MUST_CHECK;  // addresses, loads, stores, copies
bool select_call(Translator *t, u32 value) MUST_CHECK;

// The branch that is taken when `condition` is true; edges are filled in later.
bool select_branch(Translator *t, u32 condition, Draft *out) MUST_CHECK;

// True if the IR instruction acts or may trap, so that it is kept even where nobody uses its result.
bool acts(const Translator *t, u32 value);
// True if it leaves something that can be seen after a trap, or takes steps elsewhere: no trap may be moved past it.
bool is_barrier(const Translator *t, u32 value);
// True when [offset, offset + size) lies in the frame slot.
static inline bool in_slot(const Translator *t, u32 slot, u64 offset, u64 size) {
    u64 length = t->function->slots.items[slot].size;
    return offset <= length && size <= length - offset;
}
// Finds the rows of frame arrays that the loops behind `block` do not change; the last instructions of the block.
bool select_rows(Translator *t, u32 block) MUST_CHECK;
// Decides which address computations are left to the loads and stores that use them (fills t->address, t->sunk).
bool fold_addresses(Translator *t) MUST_CHECK;
// A constant address within one frame slot of this activation; offset counts from the slot's start.
bool frame_address(const Translator *t, u32 value, u32 *slot, u64 *offset);

#endif
