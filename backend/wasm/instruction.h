// One instruction of the binary format (core specification 5.4): read, its immediates checked against the module.
#ifndef WASM_INSTRUCTION_H
#define WASM_INSTRUCTION_H

#include "wasm/input.h"
#include "wasm/module.h"

// Where an instruction is read.
typedef struct Code {
    Input in;
    WasmModule *module;
    u64 locals; // parameters included
    u32 depth;  // labels in scope, the function's own included
    bool is_constant;
} Code;

// What a block takes and gives.
typedef enum BlockForm { BLOCK_EMPTY, BLOCK_RESULT, BLOCK_TYPE } BlockForm;

typedef struct Instruction {
    u32 op; // Op
    u32 offset;
    u32 index[2];      // in the order of the file
    u64 value;         // of a constant, its bits; an address's offset
    u32 memory, align; // of an address; log2
    u32 lane;
    u32 block;       // BlockForm; the type index is index[0]
    ValType type[2]; // block result, heap types, select's type
    u32 count;       // of the list
    const u8 *bytes; // the list, or sixteen bytes
} Instruction;

// What a try_table does with an exception.
typedef struct Catch {
    bool is_all, with_reference;
    u32 tag, label;
} Catch;

// Reads the next instruction. Nothing in it is to be used once code->in has failed.
void instruction_read(Code *code, Instruction *out);

// Reads an index and checks that the space has it.
u32 instruction_index(Code *code, Space space);

// Reads one item of a try_table's list. Labels count from outside of it.
Catch instruction_catch(Code *code);

// Reads a constant expression up to its `end`.
WasmExpression instruction_constant(Code *code);

#endif
