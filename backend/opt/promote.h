// Inside promotion: accesses to slots become pieces, pieces become variables (promote.c); COPYs between slots are made of
// loads and stores of pieces (promote_copies.c).
#ifndef OPT_PROMOTE_H
#define OPT_PROMOTE_H
#include "opt/addresses.h"

// A range of a slot that is loaded or stored as one value.
typedef struct Access {
    u32 slot, offset, size;
    IrType type;
    IrValue inst; // 0: the other end of a COPY is accessed so
} Access;

typedef struct Piece {
    u32 slot, offset, size;
    IrType type; // of its first access; VOID = stays in memory
} Piece;

// A COPY between two slots that may be split.
typedef struct SlotCopy {
    IrValue inst;
    u32 to, to_offset, from, from_offset, size; // slots
    u32 next_to, next_from;                     // the next COPY of the slot `to`, of the slot `from`; position + 1
} SlotCopy;

typedef struct Promotion {
    Pass *pass;
    IrFunction *function;
    Addresses addresses;
    bool *stays;          // slot -> it stays in memory as a whole
    VEC(Access) accesses; // of slots that may be split; by slot and offset once sorted
    VEC(Piece) pieces;    // by slot and offset
    u32 *first_piece;     // slot -> its first piece; first_piece[slot + 1] ends them
    VEC(u8) types;        // of the variables, one per promoted piece
    u32 *variable;        // piece -> variable + 1
    u32 *var_of;          // see Ssa; piece + 1 until variables are numbered
    u32 value_count;      // length of var_of
    VEC(SlotCopy) copies;
    u32 *copies_of; // slot -> its first COPY, position + 1
    bool rest;      // something is done with slots but to load and store pieces
    bool mixed;     // there are FILLs, or pieces that are accessed as two types
    bool changed;   // a FILL or COPY is gone
} Promotion;

// Makes var_of hold this variable (or piece + 1) for a value made meanwhile.
bool promote_set_variable(Promotion *p, IrValue value, u32 variable) MUST_CHECK;

// Takes in a COPY; slots whose bytes also come from or go to memory stay whole.
bool promote_note_copy(Promotion *p, IrValue value) MUST_CHECK;
// A slot that stays holds bytes that its pieces do not name, so what is copied from or to it stays too.
bool promote_spread_stays(Promotion *p) MUST_CHECK;
// Adds to each slot the accesses of the slots that it is copied from and to, so that both ends have the same pieces.
bool promote_spread_accesses(Promotion *p) MUST_CHECK;
// Once pieces are made: slots whose COPYs do not consist of a few whole pieces stay, with those they are copied with.
bool promote_check_copies(Promotion *p) MUST_CHECK;
// Writes each COPY as loads and stores of its pieces.
bool promote_expand_copies(Promotion *p) MUST_CHECK;

#endif
