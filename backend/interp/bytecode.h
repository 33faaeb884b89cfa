// Layout of translated programs: what translate.c writes, disassemble.c prints and loop.inc runs.
//
// An instruction word, and a program counter that counts u16 from the start of the code:
//
//     +--------+--------+--------+--------+   +----------------- ... --+
//     | opcode |   a    |   b    |   c    |   | further words by shape |
//     +--------+--------+--------+--------+   +----------------- ... --+
//
// Frames lie in one array of u64 slots; a callee's frame begins inside its caller's, at the slots of the arguments.
#ifndef INTERP_BYTECODE_H
#define INTERP_BYTECODE_H

#include "interp/memory.h"
#include "interp/run.h"

typedef enum Bytecode {
#define BC(name, text, shape) BC_##name,
#define BC_BRANCH(name, text, shape) BC_##name, BC_##name##_L,
#include "interp/bytecode.def"
    BC_COUNT
} Bytecode;

// Shape of an instruction, as in bytecode.def: the first word's fields and then the further words'.
const char *bytecode_shape(Bytecode op);

// u16 that a field of a shape takes.
u32 bytecode_field_size(char field);
// Words of an instruction with its fixed operands (the tables of SWITCH and SEARCH come on top).
u32 bytecode_words(Bytecode op);

enum {
    PC_STEP = 4,             // u16 per word
    HALT_PC = 2,             // word that the entry's return lands at, behind a call that nobody makes
    FRAME_SLOTS_MAX = 60000, // register slots of one function; the rest of the u16 is left to argument windows
    PLACE_BITS = 29,         // of the number of a callee's first word
    PLACE_MASK = (1 << PLACE_BITS) - 1,
    INLINED_MAX = 7 // that a call counts
};

// Where something can be observed: a trap, a call, a pause. Sorted by pc.
typedef struct CodeSite {
    u32 pc;               // in words
    u32 site;             // IrModule.sites
    i32 steps;            // steps of this activation not yet charged when this instruction has begun
    u32 sunk, sunk_count; // in Program.sunk: checks done later in the code that came first in the source
} CodeSite;

// What ROW gives for an index that is out of bounds: no address. Who uses it traps, and finds ROW_CHECK in its sunk list.
#define NO_ROW (~(u64)0)
// In Program.sunk: the row of the access at the rest of the entry has been found before; the place of that check is the word
// behind the access' first.
#define ROW_CHECK ((u32)1 << 31)

typedef struct CodeFunction {
    u32 entry;    // pc in words
    u32 slots;    // register slots from its frame base, its outgoing arguments included
    u32 source;   // index in the file's function list, NO_INDEX for helpers
    u32 function; // IrModule.functions
} CodeFunction;

struct Program {
    const IrModule *module;
    bool traced;
    u64 *code;
    u32 code_words;
    VEC(CodeSite) sites;
    VEC(u32) sunk;               // pc of accesses: where a trap is found, an earlier one may turn out to be due there
    VEC(CodeFunction) functions; // in order of entry
    u32 *function_of;            // IR function number -> index in functions, NO_INDEX = not reachable
    u8 *data;                    // image of the constant data, from guest address NULL_GUARD on
    u32 data_size;
    u32 *data_address; // guest address of each data item
};

// The site entry of an instruction, or NULL.
const CodeSite *program_site(const Program *program, u32 pc);
// The first place with a known source from `pc` on, else the last before it, of the same function; 0 = the function has
// none. For pauses, which may come anywhere.
u32 program_place_near(const Program *program, u32 pc);
// The function that an instruction belongs to, or NULL (before the first).
const CodeFunction *program_function_at(const Program *program, u32 pc);

static inline u32 code_u32(const u16 *at) {
    u32 value;
    mem_copy(&value, at, 4);
    return value;
}
static inline i32 code_i32(const u16 *at) { return (i32)code_u32(at); }
static inline u64 code_u64(const u16 *at) {
    u64 value;
    mem_copy(&value, at, 8);
    return value;
}

#endif
