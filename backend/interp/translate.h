// Inside the translator: one function of IR becomes a list of machine instructions over virtual registers (select.c),
// these get slots (live.c, slots.c), blocks get an order (layout.c), and code is written (encode.c). translate.c is the
// main path. Everything here lives in a scratch arena until the function is done.
#ifndef INTERP_TRANSLATE_H
#define INTERP_TRANSLATE_H

#include "interp/bytecode.h"
#include "ir/cfg.h"

enum { INST_USES = 4, INST_IMMEDIATES = 5 };

// A machine instruction before registers have slots. Fields in the order of the opcode's shape.
typedef struct Inst {
    u16 op;
    u8 uses;
    bool observable; // can trap, call or pause: gets a CodeSite
    u8 guard;        // a branch in a block's middle: the TrapKind when it is not taken
    u32 dst;         // virtual register, 0 = none
    u32 use[INST_USES];
    u64 imm[INST_IMMEDIATES];
    u32 list, list_count; // CALL: further uses in lists (argument registers)
    u32 site;
    i32 steps; // steps of its block that have begun by then
    u32 value; // the IR instruction that it does, 0 = none of its own
    u32 sunk;  // row checks that came first in the source and are done later: in sunk_users
    u8 sunk_count;
    u32 row; // the INDEX that it finds its row by, when that is done outside the loop: 0 = none
} Inst;

// Virtual registers are the function's IR values and, above those, temporaries.
typedef enum FixedKind { FIXED_NONE, FIXED_PARAM, FIXED_ARGUMENT } FixedKind;
typedef struct Register {
    u8 fixed; // FixedKind
    bool wide;
    bool needed;    // somebody reads it from a slot
    u16 fixed_slot; // PARAM: slot; ARGUMENT: slot in the window
    u32 slot;       // the result of slots.c
    u32 constant;   // register that holds the value of this constant, 0 = none
} Register;

typedef struct BlockCode {
    u32 first, count; // its instructions in Function.insts, last one first
    Inst term;        // branch op taken to `then`, RET_*, TRAP, SWITCH; JUMP
    u32 begin, end;   // positions of its head and terminator
    i32 steps;        // steps of the whole block
    i32 pending;      // steps not yet charged where others jump to it
    u32 rows;         // INDEX values that are found here, for the loops behind it
} BlockCode;

// A place in the code where a block's instructions are written. Short blocks may be written more than once.
typedef struct LayoutItem {
    u32 block;
    i32 pending; // steps not yet charged when it is entered
    bool copy;   // not the block's own place: nobody jumps here
} LayoutItem;

// Whether the loads and stores that use an address computation do its work themselves.
typedef struct AddressUse {
    u32 uses; // as the address of a load, a store or a folded address, in the block where it stands; of an outer row
              // also as the row of an INDEX
    u32 first_user; // the first of those
    u8 depth;       // links of FIELD_ADDR below it
    bool folded;
    u32 outside;  // of a row of the frame that a loop does not change: the block in front of it that finds it, 0 = none
    u32 next_row; // another one found there
} AddressUse;

// Checks that have been moved behind an instruction that may trap, in the order of the source.
typedef struct SunkList {
    u32 start; // in sunk_checks
    u8 count;
} SunkList;

typedef struct Translator {
    Arena *arena;   // of the program
    Arena *scratch; // of one function
    const IrModule *module;
    Program *program;
    Error *error;
    VEC(u64) code;
    VEC(u32) call_fixups; // pc of CALLs whose callee's entry is filled in at the end
    VEC(u32) queue;       // IR functions to translate, in order of discovery

    // One function.
    const IrFunction *function;
    u32 number;
    IrCfg cfg;
    VEC(Register) registers;
    u32 *same;            // per value: the value that it is only a new name of, or itself
    u32 *uses;            // per value: operands that mean it
    u32 *steps;           // per value: steps of its block that have begun at it
    u32 *epoch;           // per value: instructions before it in its block whose effects can be seen after a trap
    u32 *order;           // per value: its place in its block
    AddressUse *address;  // per value, for FIELD_ADDR and INDEX
    SunkList *sunk;       // per value that may trap
    VEC(u32) sunk_checks; // FIELD_ADDR and INDEX values
    u32 *slot_offset;     // frame slot -> offset in the guest frame
    u64 frame_bytes;
    u32 frame; // register that holds the guest frame's address
    VEC(Inst) insts;
    VEC(u32) lists;
    BlockCode *blocks;  // by block id
    u32 block;          // being selected
    VEC(u32) constants; // registers loaded at entry
    VEC(LayoutItem) layout;
    u32 window;       // first slot behind the function's own
    u32 window_slots; // most argument slots of a call in it
} Translator;

// Each gives false when memory is out or a limit is reached (translator->error is set).
bool select_function(Translator *t) MUST_CHECK; // fills blocks, insts, registers
void schedule_function(Translator *t);          // reorders insts within blocks
bool assign_slots(Translator *t) MUST_CHECK;    // fills registers[].slot, window
bool layout_function(Translator *t) MUST_CHECK; // fills layout
bool encode_function(Translator *t) MUST_CHECK; // appends to code and sites

// True if the code of a layout item runs on into the next one.
bool falls_into(const Translator *t, u32 item);

// A constant that needs no register of its own: its bits (low word), or false.
bool constant_bits(const Translator *t, u32 value, u64 *low, u64 *high);
// The value that another one is only a new name of (conversions that change no bits), or itself.
u32 value_of(const Translator *t, u32 value);

// The branch taken exactly when `op` is not; may swap the two operands.
Bytecode inverse_branch(Bytecode op, u32 *use);

static inline bool type_is_wide(u8 type) { return type == IR_I128 || type == IR_U128; }

#endif
