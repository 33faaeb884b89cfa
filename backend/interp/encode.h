// Shared by encode.c (blocks and terminators) and moves.c (edges): code being written for one function.
#ifndef INTERP_ENCODE_H
#define INTERP_ENCODE_H

#include "interp/translate.h"

// An offset to fill in once its target's place is known.
typedef struct Fixup {
    u32 from;  // pc of the instruction that offsets count from
    u32 field; // index of the offset's first u16 in the code
    bool wide; // 32 bits
    bool stub; // target is a stub's number, else a block
    u32 target;
} Fixup;

// Code behind the function's own: moves of an edge that a branch takes, or the trap of a guard.
typedef struct Stub {
    IrEdge edge;
    i32 pending;
    u32 block; // where the edge leaves
    u8 trap;   // TrapKind of a guard, 0 = an edge
    u32 site;
    u32 sunk; // as in Inst
    u8 sunk_count;
    u32 place; // pc, once written
} Stub;

typedef struct Encoder {
    Translator *t;
    u32 *place; // per block: pc, NO_INDEX = not written yet
    VEC(Fixup) fixups;
    VEC(Stub) stubs;
    bool far_mode; // offsets do not fit 16 bits
    u32 last;      // pc of the instruction before, NO_INDEX = none that may be changed (a label stands here)
    u32 *pc_of;    // per value: pc of the instruction that does it, in the block being written
    u32 *reads;    // per slot: moves of the edge at hand that read it
    u32 *source;   // per slot: 1 + slot that is to be moved into it
} Encoder;

// Appends an instruction with its fields in order of the opcode's shape; offsets are left 0. False when memory is out.
bool emit(Encoder *e, const Inst *inst) MUST_CHECK;
// The same from slots: up to three fields of the first word.
bool emit_word(Encoder *e, Bytecode op, u16 a, u16 b, u16 c) MUST_CHECK;
bool emit_constant(Encoder *e, u32 slot, u64 bits) MUST_CHECK;
bool push_word(Encoder *e, u64 word) MUST_CHECK;

// Moves the arguments of an edge into its target's parameters, all read before any is written.
bool emit_edge_moves(Encoder *e, const IrEdge *edge) MUST_CHECK;
// True if that takes any instruction.
bool edge_has_moves(const Encoder *e, const IrEdge *edge);

// Where the instruction before is part of it, a branch, call or return takes that one over (fuse.c).
// `fused` tells; the branch then stands at e->last with its offset still to fill in.
bool fuse_add_branch(Encoder *e, const Inst *branch, i32 charge, bool *fused) MUST_CHECK;
// Where that branch goes back to a loop that repeat.c can do in one go, puts a REPEAT in front of it.
bool fuse_repeat(Encoder *e, u32 target) MUST_CHECK;
// For a call the instruction before is taken away again, and what it gave the first argument told: CALL when it is none of the kind.
Bytecode fuse_call(Encoder *e, u16 *source, u16 *added);
bool fuse_return(Encoder *e, const Inst *ret);

// The code by fields. It is written by words too, hence may_alias.
typedef u16 __attribute__((may_alias)) CodeField;
static inline CodeField *code_fields(const Translator *t) { return (CodeField *)t->code.items; }
static inline CodeField *code_at(const Translator *t, u32 pc) { return code_fields(t) + (size_t)pc * PC_STEP; }
static inline void put_fields(const Translator *t, u32 field, u32 value) {
    mem_copy(code_fields(t) + field, &value, 4);
}

#endif
