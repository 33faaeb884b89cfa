// From operations to WebAssembly, one function at a time: what gen*.c share. Values stand where place.h put them; those
// that are trees come onto the operand stack where they are used.
#ifndef CODEGEN_GEN_H
#define CODEGEN_GEN_H

#include "codegen/code.h"
#include "codegen/codegen.h"
#include "codegen/place.h"
#include "codegen/runtime_link.h"
#include "codegen/structure.h"
#include "codegen/trap_map.h"

// What the generator knows of a function before it makes code (codegen.c).
typedef struct FunctionPlan {
    bool reached;
    bool recursive; // it can call itself, directly or through others
    bool deep;      // it can reach one that is: it takes one more parameter where there is a gen_allowance
    bool narrow;    // it computes with integers of 8 or 16 bits
    bool once;      // the entry, which nobody calls: memory is still zero when it begins
    u32 frame_size; // of its slots, a multiple of 16
    u32 zero_size;  // bytes at its start that are zero when the function begins
    u32 frame;      // address of a frame that stands still (nobody recurs into it); 0 = it is on the stack
    u32 *slot_offset;
    IrCfg graph; // rpo_count = 0: not known
} FunctionPlan;

// Small functions that are made here and not in C (adapter.c).
typedef enum Glue {
    GLUE_TRAP,      // (i32 number): see trap_map.h; does not return
    GLUE_CHECK,     // (i32 kind, i32 place << 6): traps unless the kind is 0
    GLUE_CHECK_OUT, // (i64 out, i32 place << 6) -> i32: the pointer of an `out` of runtime.def, or a trap
    GLUE_MAIN,      // the exported entry
    GLUE_NUMBER,    // () -> i32: the trap's number, where no global that changes may be exported (mvp)
    GLUE_COUNT
} Glue;

typedef struct Generator {
    IrModule *module;
    const CodegenOptions *options;
    Arena *arena;   // code and tables
    Arena *scratch; // of one function
    Error *error;
    FunctionPlan *plans;             // by function number
    WasmType pointer;                // WASM_I64 where row pointers are moved
    bool exact_nan;                  // the bits of a NaN can be seen
    bool wide;                       // there are values of 128 bits
    bool needs[RUNTIME_NAMED_COUNT]; // functions of the runtime for output and heap that may be called
    u32 *data_address;               // by data item; 0 = not used
    u32 stack_base;                  // lowest address of the stack
    TrapMap traps;
    bool glue[GLUE_COUNT]; // which of them are called
    bool prints;
} Generator;

// What a call of the function from outside of any recursion passes on as left: calls or room for frames; 0 = nothing is counted.
static inline u32 gen_allowance(const Generator *g, u32 number) {
    const CodegenOptions *options = g->options;
    if (!g->plans[number].deep) return 0;
    return options->stack ? options->stack : options->depth;
}

typedef struct Gen {
    Generator *g;
    IrFunction *function;
    const FunctionPlan *plan;
    const Places *places;
    Code *code;
    u32 local_count;     // those of places, and temporaries behind them
    VEC(u8) temporaries; // their types
    VEC(u32) spare;      // locals of temporaries not in use
    u32 frame_local;     // holds the frame's address, NO_LOCAL = it stands still or there is none
    u32 depth_local;     // calls or room left, NO_LOCAL = not counted
    u32 cost;            // of one call of this function, in what is left
    bool origins;        // are asked for
    IrValue current;     // whose code is being made, for origins
    u32 block;
} Gen;

// ---- gen.c ----

static inline const IrInst *gen_inst(const Gen *s, IrValue value) { return &s->function->insts.items[value]; }

static inline bool gen_is_wide(const Gen *s, IrValue value) { return place_is_wide(gen_inst(s, value)->type); }

void gen_value(Gen *s, IrValue value); // onto the stack; not of 128 bits
void gen_low(Gen *s, IrValue value);   // halves of a value of 128 bits
void gen_high(Gen *s, IrValue value);
// Both halves of a 128-bit value, or any other value: as parameters are passed.
void gen_whole(Gen *s, IrValue value);
void gen_condition(Gen *s, IrValue value, bool negate);
// The code of an instruction where it stands: its result, if it has one, goes into its local.
void gen_root(Gen *s, IrValue value);
// The operands of inst in args[0], args[1].
void gen_both(Gen *s, const IrInst *inst);

// A local of its own until it is released. Which one it is means nothing when memory is out, which the scratch arena knows.
u32 gen_temporary(Gen *s, WasmType type);
void gen_release(Gen *s, u32 local);

// A value that is needed several times: pushes nothing.
typedef struct Held {
    IrValue value;
    u32 local; // a temporary, or NO_LOCAL: the value is remade or in a local of its own
} Held;
Held gen_hold(Gen *s, IrValue value);
void gen_held(Gen *s, Held held); // onto the stack
void gen_drop(Gen *s, Held held); // releases the temporary

WasmType gen_type(const Gen *s, IrType type); // not of 128 bits
static inline bool gen_is_const(const Gen *s, IrValue value) { return gen_inst(s, value)->op == IR_OP_CONST; }
u64 gen_const(const Gen *s, IrValue value); // low 64 bits, extended as the type is

// Calls of what the module then carries along.
void gen_runtime(Gen *s, RuntimeFunction function);
void gen_glue(Gen *s, Glue glue);
// The trap with that kind at that place: does not come back.
void gen_trap(Gen *s, TrapKind kind, u32 site);
// With a condition on the stack: traps when it holds.
void gen_trap_if(Gen *s, TrapKind kind, u32 site);
// With a trap kind on the stack: traps unless it is 0.
void gen_check(Gen *s, u32 site);
u32 gen_place(Gen *s, u32 site); // its number, shifted to where trap_map.h wants it
// What stands next is a call that the map is to know.
void gen_note_call(Gen *s, u32 site);

void gen_add_origin(Gen *s, IrValue value);

// Whose code comes from here on; 0 = the block's own.
HOT_INLINE void gen_note_origin(Gen *s, IrValue value) {
    s->current = value;
    if (s->origins) gen_add_origin(s, value);
}

// ---- operations; each pushes its result. 128-bit results go into the value's locals instead ----

void gen_arithmetic(Gen *s, const IrInst *inst);
void gen_compare(Gen *s, const IrInst *inst, bool negate);
void gen_convert(Gen *s, const IrInst *inst);
void gen_extended(Gen *s, IrValue value);    // a value whose bits above its own are looked at (place_narrow)
void gen_extend(Gen *s, IrType type);        // cuts an i32 on the stack to a narrow type
void gen_canonical_nan(Gen *s, IrType type); // a float on the stack, if its bits can be seen

void gen_wide(Gen *s, IrValue value, const IrInst *inst); // operations with a 128-bit result
void gen_wide_compare(Gen *s, const IrInst *inst);        // of 128-bit operands
void gen_wide_to_float(Gen *s, const IrInst *inst);
// Takes low (below) and high (on top) from the stack into a value's locals.
void gen_set_wide(Gen *s, IrValue value);
void gen_load_high(Gen *s); // pushes RUNTIME_CELL_HIGH

void gen_address_value(Gen *s, const IrInst *inst);
void gen_access(Gen *s, IrValue value, const IrInst *inst);
void gen_copy(Gen *s, const IrInst *inst);
void gen_fill(Gen *s, const IrInst *inst);
void gen_clear_frame(Gen *s); // as much of it as plan->zero_size says
void gen_heap(Gen *s, const IrInst *inst);

void gen_print(Gen *s, const IrInst *inst);

// Whether a PRINT_DATA is shorter as the byte itself, which then needs no data.
static inline bool gen_prints_byte(const Generator *g, const IrInst *inst) {
    return g->options->small && inst->op == IR_OP_PRINT_DATA && g->module->data.items[inst->args[0]].len == 1;
}

// ---- gen_function.c ----

// Code of one whole function; false when memory is out or a limit is reached (g->error).
bool gen_function(Generator *g, u32 number, Code *code) MUST_CHECK;

// ---- adapter.c ----

Symbol glue_symbol(const Generator *g, Glue glue);
void glue_code(Generator *g, Glue glue, Code *code);
Signature glue_signature(const Generator *g, Glue glue);
Signature gen_signature(Generator *g, u32 function);
bool glue_main_needed(const Generator *g); // the entry cannot be exported as it is

#endif
