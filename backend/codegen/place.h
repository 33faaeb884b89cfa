// Where each value of a function lives: computed where it is used, remade at every use, or kept in wasm locals.
// Two steps: place_values decides which values are trees of the instruction that uses them; place_locals gives the others locals,
// shared by liveness. Between them, where there is arithmetic of narrow integers, place_narrow finds how much of each is needed.
#ifndef CODEGEN_PLACE_H
#define CODEGEN_PLACE_H

#include "codegen/code.h"
#include "ir/cfg.h"

typedef enum Place {
    PLACE_DROPPED, // pure and not used (parameters of blocks too: edges do without their arguments), or unreachable: no code
    PLACE_REMAKE, // constants, DATA_ADDR, SLOT_ADDR, FIELD_ADDR of a SLOT_ADDR: made anew at each use
    PLACE_TREE,   // used once, computed on the stack where it is used (its instruction gives no code where it stands)
    PLACE_LOCAL,  // computed where it stands, into low[v] (and high[v])
} Place;

enum { NO_LOCAL = 0xffffffffu, PLACE_TREE_DEPTH = 48 }; // deepest tree: gen.c walks it recursively

typedef struct Places {
    u8 *place;     // value -> Place. VOID instructions with effects: PLACE_LOCAL and no local. Parameters: PLACE_LOCAL
    u32 *low;      // value -> local, NO_LOCAL = none, also for a result that nobody uses
    u32 *high;     // 128-bit values: local of the high half; NO_LOCAL otherwise
    bool *whole;   // value -> its upper bits are needed, of narrow integers; NULL = those of all are
    VEC(u8) types; // of the locals behind the parameters, in order: WasmType
    u32 param_locals; // locals of the function's parameters (two for 128-bit ones), hidden ones (depth) included
} Places;

// The wasm type of a value of an IR type; 128-bit values are two WASM_I64. Pointers are `pointer`: WASM_I32, or WASM_I64 in modules that
// move row pointers (PTR_MOVE).
WasmType place_wasm_type(IrType type, WasmType pointer);
HOT_INLINE bool place_is_wide(IrType type) { return type == IR_I128 || type == IR_U128; }

// Whether code of the instruction may read that operand (by its number in ir_operands) several times: it is then no tree.
bool place_needs_twice(const IrFunction *function, const IrInst *inst, u32 operand);
// The pointer is known not to be null from its definition.
bool place_never_null(const IrFunction *function, IrValue value);

// Fills `place`. A tree keeps the order of everything that can be told apart: a trap stays before and behind the same
// traps and effects, a load before and behind the same stores. That holds when an instruction evaluates all its operands in
// order (SELECT: its condition last) before it makes its own checks. 128-bit values are never trees (they have two halves)
// but constants are REMADE.
// A value is a tree only within its block; the condition or selector of a terminator, its returned value and the arguments of
// its edges are uses at the end of the block (arguments of edges count as uses in a tree only of a JUMP's single edge).
bool place_values(Places *out, Arena *arena, Arena *scratch, const IrFunction *function, const IrCfg *cfg) MUST_CHECK;

// Of 8 or 16 bits: lies in an i32, which is wider.
bool place_is_narrow(IrType type);
// Whether the instruction looks at a narrow operand's own bits alone.
bool place_takes_own_bits(const IrInst *inst, u32 operand, IrType type);
// Fills `whole`, behind place_values.
bool place_narrow(Places *out, Arena *arena, Arena *scratch, const IrFunction *function, const IrCfg *cfg) MUST_CHECK;

// Fills the rest; `hidden`: extra i32 parameters behind the function's own, which nothing shares. Parameters of blocks share
// with the arguments that flow in wherever their lives allow (so that edges need no moves); locals are shared by liveness, where
// operands of trees live until the tree's root is computed. The result of an instruction may share a local with an operand that
// dies there; a 128-bit result does not, since its halves are written one after the other. Parameters of the function keep
// their own index but may be reused once dead. Linear in practice: no bit matrix over all values; what is alive in too many
// blocks of a huge function is not shared. The most used locals of the function come first within their type.
bool place_locals(Places *out, Arena *arena, Arena *scratch, const IrFunction *function, const IrCfg *cfg,
                  WasmType pointer, u32 hidden) MUST_CHECK;

#endif
