// Random modules of the internal IR for differential tests: well-formed, ending, the same for the same seed on every
// machine. They print, trap, call, loop, go through memory and pointers, and hold much that an optimiser can take out.
#ifndef TESTS_RANDOM_IR_H
#define TESTS_RANDOM_IR_H

#include "ir/build.h"

// Makes a module with an entry that takes nothing and returns an i64. Every instruction has a site of its own.
void random_ir(IrModule *module, Arena *arena, u64 seed);

#endif
