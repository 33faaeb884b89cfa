// Addresses, as gen_address.c makes them for gen_memory.c and gen_bytes.c. An address is a part that is computed, which goes
// onto the operand stack, and a constant part, which goes into the offset of the access: what pushes the first returns the
// second. Pointers that may be null are tested on the way, rows for their bounds.
#ifndef CODEGEN_GEN_ADDRESS_H
#define CODEGEN_GEN_ADDRESS_H

#include "codegen/gen.h"

// Pushes the computed part of a pointer's address; returns the constant part. `user` is the access or address that needs it:
// what the optimiser knows of its use stands there, and it is the place of a trap.
u32 gen_address(Gen *s, IrValue pointer, const IrInst *user);
// Whether the pointer itself is tested for null there, and not what it is made of.
bool gen_tests_null(const Gen *s, const IrInst *user, IrValue pointer);
// The sum of two constant parts; what is too far for an offset is added to what is on the stack.
u32 gen_fold_offset(Gen *s, u32 offset, u32 more);
// Adds to an i32 on the stack.
void gen_add_const(Gen *s, u32 value);

// An address that is evaluated once and used several times.
typedef struct Base {
    u32 local; // holds the computed part; NO_LOCAL: there is none
    u32 offset;
    bool temporary; // the local is released with the base
    bool wide;      // the local holds a 64-bit pointer
} Base;

// Evaluates a pointer; null is not tested. Pushes nothing.
Base gen_base(Gen *s, IrValue pointer);
// Pushes the computed part, a constant if there is none; returns what is left for the offset.
u32 gen_push_base(Gen *s, Base base);
void gen_drop_base(Gen *s, Base base);
// Tests a pointer that a base was made of.
void gen_check_base(Gen *s, const IrInst *user, IrValue pointer);

// Modules that move row pointers hold pointers in 64 bits.
static inline bool gen_pointers_are_wide(const Gen *s) { return s->g->pointer == WASM_I64; }
// Whether a value is computed where it is used.
static inline bool gen_is_tree(const Gen *s, IrValue value) {
    return s->places->place[value] != PLACE_LOCAL && !gen_is_const(s, value);
}

#endif
