// The only way to add to a module. Sticky: when memory is out, arena->failed is set and calls yield 0.
// A function under construction has a current block and a current site; instructions are appended there.
#ifndef IR_BUILD_H
#define IR_BUILD_H

#include "ir/module.h"

typedef struct IrBuilder {
    IrModule *module;
    IrFunction *function; // re-fetch after ir_add_function: the list may move
    u32 function_number;
    IrBlockId block;
    IrValue before; // new instructions go in front of this one; 0 = to the block's end
    u32 site;
} IrBuilder;

void ir_module_init(IrModule *module, Arena *arena);
// A new empty function; returns its number (0 when memory is out).
u32 ir_add_function(IrModule *module, Str name, u32 source, IrType result);
u32 ir_add_site(IrModule *module, IrSite site);
u32 ir_add_data(IrModule *module, Str bytes);

void ir_begin(IrBuilder *b, IrModule *module, u32 function_number);
// Makes room at once for so much more of the function. Optional: growing step by step costs twice the memory.
void ir_reserve(IrBuilder *b, u32 insts, u32 blocks, u32 list_items);
IrValue ir_function_param(IrBuilder *b, IrType type);
IrBlockId ir_add_block(IrBuilder *b, u32 source);
IrValue ir_block_param(IrBuilder *b, IrBlockId block, IrType type); // cheap when added in a row
u32 ir_add_slot(IrBuilder *b, u32 size, u32 align);
void ir_at(IrBuilder *b, IrBlockId block); // append there from now on
// For passes: a builder that puts new instructions in front of this one, and says that they come from where it does.
IrBuilder ir_in_front_of(IrModule *module, IrFunction *function, IrValue before);

// Appends an instruction with the raw fields of ops.def; `type` counts only where the operation's result is T.
IrValue ir_emit(IrBuilder *b, IrOp op, IrType type, IrType arg_type, u32 a0, u32 a1, u32 a2, u32 a3);
IrValue ir_emit_copy(IrBuilder *b, const IrInst *inst); // with its flags and its site, which becomes the builder's
void ir_skip(IrBuilder *b);                             // leaves out the next value's number
IrValue ir_const(IrBuilder *b, IrType type, i64 value); // sign-extended to 128 bits, then cut to the type
IrValue ir_const128(IrBuilder *b, IrType type, u64 low, u64 high);
IrValue ir_const_f64(IrBuilder *b, IrType type, f64 value);                  // rounds to f32 when type is F32
IrValue ir_binary(IrBuilder *b, IrOp op, IrType type, IrValue x, IrValue y); // arithmetic: arg_type = type
IrValue ir_compare(IrBuilder *b, IrOp op, IrType arg_type, IrValue x, IrValue y);
IrValue ir_convert(IrBuilder *b, IrType to, IrType from, IrValue x); // x itself when to == from
IrValue ir_bitcast(IrBuilder *b, IrType to, IrType from, IrValue x); // x itself when to == from
IrValue ir_load(IrBuilder *b, IrType type, IrValue address, u32 offset);
IrValue ir_store(IrBuilder *b, IrType type, IrValue address, IrValue value, u32 offset);
IrValue ir_call(IrBuilder *b, IrType type, u32 function, const IrValue *args, u32 count);

IrEdge ir_edge(IrBuilder *b, IrBlockId target, const IrValue *args, u32 count);
void ir_jump(IrBuilder *b, IrEdge edge);
void ir_branch(IrBuilder *b, IrValue condition, IrEdge then, IrEdge other);
// Cases are appended right after with ir_case, in order.
void ir_switch(IrBuilder *b, IrValue selector, IrEdge other);
void ir_case(IrBuilder *b, u64 low, u64 high, IrEdge edge);
void ir_return(IrBuilder *b, IrValue value);
void ir_trap(IrBuilder *b, TrapKind kind);

// For passes.
void ir_remove(IrFunction *function, IrValue value); // unlinks; op becomes NOP
void ir_forget(IrFunction *function, IrValue param); // the same of a parameter, which is linked nowhere
IrValue ir_insert_before(IrModule *module, IrFunction *function, IrValue before, const IrInst *inst);
IrValue ir_append(IrModule *module, IrFunction *function, IrBlockId block, const IrInst *inst); // at the end of a block
u32 ir_list(IrModule *module, IrFunction *function, const u32 *items, u32 count);               // copies into lists

// Calls visit(context, &operand) for every value operand (not of NOP); the visitor may change it.
void ir_each_operand(IrFunction *function, IrInst *inst, void (*visit)(void *, IrValue *), void *context);
void ir_each_term_operand(IrFunction *function, IrTerm *term, void (*visit)(void *, IrValue *), void *context);
// Calls visit(context, &edge) for every edge of a terminator, in order then, cases, other.
void ir_each_edge(IrFunction *function, IrTerm *term, void (*visit)(void *, IrEdge *), void *context);

#endif
