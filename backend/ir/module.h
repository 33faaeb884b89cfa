// The internal IR: byte-addressed, width-exact SSA with block parameters. One module per loaded program.
// Everything refers by u32 index; 0 = none for values, blocks and sites; the numbers live in arenas and may grow.
// ops.def says what each operation holds, types.def the types, traps.def why a run can fail.
#ifndef IR_MODULE_H
#define IR_MODULE_H

#include "support/arena.h"
#include "support/error.h"
#include "support/vec.h"

typedef enum IrType {
#define IR_TYPE(name, text, size, class) IR_##name,
#include "ir/types.def"
    IR_TYPE_COUNT
} IrType;

typedef enum IrOp {
#define IR_OP(name, text, shape, result, effects, group) IR_OP_##name,
#include "ir/ops.def"
    IR_OP_COUNT
} IrOp;

typedef enum TrapKind {
#define TRAP(name, sentence) TRAP_##name,
#include "ir/traps.def"
    TRAP_COUNT
} TrapKind;

typedef enum IrShape {
    SHAPE_NONE,
    SHAPE_CONST,
    SHAPE_PARAM,
    SHAPE_V,
    SHAPE_VV,
    SHAPE_VVV,
    SHAPE_SLOT,
    SHAPE_DATA,
    SHAPE_LOAD,
    SHAPE_STORE,
    SHAPE_COPY,
    SHAPE_FILL,
    SHAPE_INDEX,
    SHAPE_FIELD,
    SHAPE_MOVE,
    SHAPE_ALLOC,
    SHAPE_REALLOC,
    SHAPE_FREE,
    SHAPE_HEAPCOPY,
    SHAPE_GUARD,
    SHAPE_CALL,
    SHAPE_COUNT,
    SHAPE_SITE,
    SHAPE_MARK
} IrShape;

typedef enum IrGroup {
    GROUP_NONE,
    GROUP_ARITHMETIC,
    GROUP_COMPARE,
    GROUP_CONVERT,
    GROUP_SELECT,
    GROUP_ADDRESS,
    GROUP_ACCESS,
    GROUP_HEAP,
    GROUP_GUARD,
    GROUP_CALL,
    GROUP_PRINT,
    GROUP_MARK
} IrGroup;

typedef struct IrOpInfo {
    u8 shape;     // IrShape
    char result;  // 'T', 'B', 'P', 'N'
    char effects; // 'P', 'R', 'W', 'X'
    u8 group;     // IrGroup
} IrOpInfo;
extern const IrOpInfo ir_op_info[IR_OP_COUNT];
// Apart, as what neither prints nor parses is linked without them.
const char *ir_op_text(u32 op);

static inline bool ir_is_compare(u32 op) { return op >= IR_OP_EQ && op <= IR_OP_GE; }

typedef struct IrTypeInfo {
    char text[6];
    u8 size;
    char class; // 'N', 'B', 'I', 'U', 'F', 'P'
} IrTypeInfo;
extern const IrTypeInfo ir_type_info[IR_TYPE_COUNT];

const char *trap_sentence(u32 kind); // TrapKind; they lie one behind the other, each with a zero behind it
const char *trap_name(u32 kind);     // "DIV_ZERO": for the text form and debug views

// How many of IrInst.args, from the first on, are operand values; a CALL's stand in IrFunction.lists instead.
extern const u8 ir_shape_operands[SHAPE_MARK + 1];

bool ir_is_signed(IrType t); // an integer with a sign
bool ir_is_int(IrType t);
bool ir_is_float(IrType t);
u32 ir_bits(IrType t);

typedef u32 IrValue;   // index into IrFunction.insts; 0 = none. A value is the instruction that defines it
typedef u32 IrBlockId; // index into IrFunction.blocks; 0 = none; the entry is block 1 and has no parameters of its own

// IrInst.flags: what is known of operands. Generated code does less with them. The operation stays right without them until
// opt/hoist.c has let addresses leave their loops.
enum {
    // INDEX with a constant element count: its row is not null, and args[1] is below the count wherever the address is
    // used, so that it need not trap unless the row was moved (PTR_MOVE). Where nobody uses it, it may be any sum.
    INST_IN_BOUNDS = 1,
    INST_NOT_NULL = 2,    // INDEX, FIELD_ADDR, LOAD, STORE, COPY, FILL: no address operand is null
    INST_NOT_NEGATIVE = 4 // DIV, REM of signed integers: neither operand is negative
};

// One instruction; also the home of its value. Instructions of a block are a doubly linked list.
typedef struct IrInst {
    u8 op, type, arg_type, flags;
    u32 args[4]; // by shape, see ops.def
    u32 site;    // where it comes from (IrModule.sites), 0 = nowhere
    u32 block;   // the block it stands in; 0 for function parameters and removed ones
    u32 prev, next;
} IrInst;

// The bits of a CONST, low word first: as they lie in memory, since every target is little-endian.
static inline u128 ir_const_bits(const IrInst *inst) {
    u128 bits;
    __builtin_memcpy(&bits, inst->args, sizeof bits);
    return bits;
}
static inline void ir_set_const_bits(IrInst *inst, u128 bits) { __builtin_memcpy(inst->args, &bits, sizeof bits); }

typedef struct IrEdge {
    IrBlockId target;
    u32 args, arg_count; // values in IrFunction.lists, one per parameter of the target
} IrEdge;

typedef enum IrTermKind { TERM_NONE, TERM_JUMP, TERM_BRANCH, TERM_SWITCH, TERM_RETURN, TERM_TRAP } IrTermKind;

typedef struct IrCase {
    u64 low, high; // the 128-bit value, in the selector's type (extended as that type is)
    IrEdge edge;
} IrCase;

typedef struct IrTerm {
    u8 kind;                    // IrTermKind
    u8 trap;                    // TERM_TRAP: TrapKind
    IrValue value;              // BRANCH: condition; SWITCH: selector (integer); RETURN: result or 0
    IrEdge then, other;         // JUMP: then; BRANCH: then, other; SWITCH: other = default
    u32 first_case, case_count; // SWITCH: in IrFunction.cases; duplicates: the first wins
    u32 site;
} IrTerm;

// A removed block keeps its number and is empty: no parameters, no instructions, TERM_NONE.
typedef struct IrBlock {
    u32 first, last;         // instruction list (block parameters are not in it)
    u32 params, param_count; // PARAM values, in IrFunction.lists
    IrTerm term;
    u32 source; // block id in the file, for people
} IrBlock;

// A frame slot: memory of one activation, zeroed at entry. Nobody reads what is not written before when `no_zero`: it may
// hold anything then.
typedef struct IrSlot {
    u32 size, align;
    bool no_zero;
} IrSlot;

typedef struct IrFunction {
    Str name;
    u32 source;              // index in the file's function list; NO_INDEX for helpers we made
    IrType result;           // VOID: none
    u32 params, param_count; // PARAM values, in lists; block = 0
    VEC(IrInst) insts;       // [0] unused
    VEC(IrBlock) blocks;     // [0] unused, [1] = entry
    VEC(IrSlot) slots;
    VEC(u32) lists; // operand lists
    VEC(IrCase) cases;
} IrFunction;

// Where an instruction comes from. Inlining makes new sites whose `inlined_at` is the site of the call.
typedef struct IrSite {
    u32 function;    // index in the file's function list
    u32 block;       // block id in the file
    u32 instruction; // index in the block; the block's instruction count = its terminator; NO_INDEX = the block's head
    u32 offset;      // byte offset in the file
    u32 inlined_at;  // site of the call this was inlined into, 0 = none
    u32 source;      // number of the instruction in the whole file (blocks and terminators counted), as in the listing
    bool terminator; // it is its block's terminator
} IrSite;

typedef struct IrModule {
    Arena *arena;              // owns everything below
    VEC(IrFunction) functions; // [0] unused
    VEC(IrSite) sites;         // [0] unused
    VEC(Str) data;             // constant data items (bytes); in guest memory each stands as u32 length + bytes
    VEC(Str) source_names;     // function names by index in the file
    u32 entry;                 // function number
    IrType entry_type;         // how the exit value is read: type of the entry's result; VOID = none
    bool unmarked;             // there are neither STEPS nor MARK_*
    bool moves_rows;           // there is a PTR_MOVE
    bool typed_memory;         // what is stored as a float is loaded as that float only, so that its bits stay unseen
} IrModule;

// These three are called in every pass for every instruction: compilers may put them in place, module.c has them too.
inline IrInst *ir_inst(const IrFunction *function, IrValue value) { return &function->insts.items[value]; }
inline IrBlock *ir_block(const IrFunction *function, IrBlockId id) { return &function->blocks.items[id]; }

// The operands of an instruction, in one row wherever they stand. Valid until something is added to the function.
HOT_INLINE u32 *ir_operands_in_place(const IrFunction *function, IrInst *inst, u32 *count) {
    *count = ir_shape_operands[ir_op_info[inst->op].shape];
    if (inst->op != IR_OP_CALL) return inst->args;
    *count = inst->args[2];
    return *count ? function->lists.items + inst->args[1] : inst->args; // lists may not exist yet
}
inline u32 *ir_operands(const IrFunction *function, IrInst *inst, u32 *count) {
    return ir_operands_in_place(function, inst, count);
}

// The functions below are in module.c, out of line: there are hundreds of calls, and none in a hot loop.

// The edges of a terminator by number, in the order then, cases, other.
u32 ir_edge_count(const IrTerm *term);
IrEdge *ir_edge_at(const IrFunction *function, IrTerm *term, u32 number);
// The same in place, for walks over all edges of a function.
HOT_INLINE IrEdge *ir_edge_in_place(const IrFunction *function, IrTerm *term, u32 number) {
    if (term->kind == TERM_SWITCH) return ir_edge_at(function, term, number);
    return number ? &term->other : &term->then;
}
// Whether two edges lead to one place with the same arguments.
bool ir_same_edge(const IrFunction *function, const IrEdge *a, const IrEdge *b);

#endif
