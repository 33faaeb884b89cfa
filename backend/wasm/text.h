// The text format (core specification 6.5) of single things: indices, labels, instructions, constant expressions.
#ifndef WASM_TEXT_H
#define WASM_TEXT_H

#include "wasm/atoms.h"
#include "wasm/instruction.h"

// `$name` of an item of the module, `5` where it has none.
void text_put_index(Buf *out, const WasmModule *m, Space space, u32 index);

// Names that are in force while a function is printed. All zeros: there are none.
typedef struct TextScope {
    const Str *locals; // names by index, no data where there is none
    u32 local_count;
    const Str *labels; // names of all blocks of the function, by the order in which they open
    u32 label_count;
    const u32 *open; // the blocks in scope, outermost first, as numbers of blocks; the first is the function
    u32 depth;
} TextScope;

// The label of a block: its name, else `$l` and its number.
void text_put_block_label(Buf *out, const TextScope *scope, u32 block);

// The instruction with its immediates, without line end. `block`: the number of the block that it opens, NO_INDEX = none.
void text_put_instruction(Buf *out, const Code *code, const Instruction *at, const TextScope *scope, u32 block);

// `i32.const 5`; several instructions with blanks between. Begins none, and says `...`, once `out` has `most` bytes.
void text_put_expression(Buf *out, const WasmModule *m, WasmExpression expression, size_t most);

#endif
