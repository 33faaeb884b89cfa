// What is known of each address in a function: which frame slot it lies in, where, and how slots are used.
// Relies on: an address derived from a slot by FIELD_ADDR or INDEX stays within that slot when the bounds recorded
// here say so; anything that does not fit is treated as escaping.
#ifndef OPT_ADDRESSES_H
#define OPT_ADDRESSES_H
#include "opt/pass.h"

typedef struct Address {
    u32 slot;   // slot number + 1; 0 = nothing is known
    u32 offset; // exact: bytes from the slot's start; else the start of the row it lies in
    u32 span;   // 0 = exact; else the bytes of that row
    u32 room;   // bytes from the address on that certainly belong to it
} Address;

typedef struct SlotUse {
    bool escapes; // its address goes where it cannot be followed
    bool indexed; // by a number that is no constant
} SlotUse;

typedef struct Addresses {
    Address *of; // value -> Address
    u32 count;   // values made later are unknown
    SlotUse *slots;
} Addresses;

// Gives the graph, too.
bool addresses_build(Pass *pass, IrCfg *cfg, Addresses *addresses) MUST_CHECK;

// The place that `size` bytes at address + offset take, when it lies within one slot; slot = 0 otherwise.
Address address_access(const Addresses *addresses, IrValue address, u32 offset, u32 size);
// The same of what a STORE, FILL or COPY writes, and how many bytes that are; slot = 0 for all else.
Address address_written(const Addresses *addresses, const IrInst *inst, u32 *size);
// True when an instruction that may trap by its operation cannot, by what is known of its operands.
bool address_cannot_trap(const Addresses *addresses, const IrFunction *function, const IrInst *inst);
// Removes an instruction that nobody needs. What is left of a COPY from where it may trap is a load of its last byte.
void address_drop(const Addresses *addresses, IrFunction *function, IrValue value);

#endif
