// What the files of lowering share: the whole lowering, and the one function instance under work. Where they give false
// (0, NO_INDEX) without an error, memory is out; the arenas remember it.
#ifndef JSRS_LOWER_INTERNAL_H
#define JSRS_LOWER_INTERNAL_H

#include "ir/build.h"
#include "jsrs/jsrs.h"
#include "jsrs/lower.h"
#include "jsrs/lower_layout.h"

// A gep whose meaning (field or element, 10.3) waits for the type of its base.
typedef struct PendingGep {
    Ty base, result;
    u32 index; // the one constant index, NO_INDEX = not a constant
    bool done;
} PendingGep;

// Settling one gep can settle others; in the order of the file nearly all fall in the first round.
enum { MOST_ROUNDS = 64 };

// What a function's signature demands of its callers, as a stream (lower_signature.c): the roots are the parameters,
// the result, then base and result of each pending gep.
typedef struct Scheme {
    const u32 *words;
    u32 word_count, root_count;
    const u32 *gep_indices; // PendingGep.index of each
    u32 gep_count;
} Scheme;

// A function for one concrete signature.
typedef struct Instance {
    u32 function;    // in the file
    u32 ir_function; // in the IR
    bool is_entry;   // an aggregate result has nowhere to go
    const u32 *words;
    u32 word_count;
    u32 next; // instance with the same hash + 1, 0 = none
} Instance;

typedef struct Lowering {
    const JsrsModule *m;
    IrModule *out;
    Arena *arena; // of this lowering
    Arena body;   // of the function (or group of functions) under work; rewound after each
    Error *error;
    LowerOptions options;
    ShapeTable shapes;
    u8 *reached;          // per function
    VEC(u32) order;       // reached functions
    VEC(u32) dynamic;     // those whose number appears as a constant, all if none does: what call_dyn may call
    u32 dynamic_builtins; // bit per JsrsBuiltin: the same
    bool reaches_call_dyn;
    Scheme *schemes; // per function; words NULL = not made
    VEC(Instance) instances;
    u32 *only_instance; // per function without a scheme, which has but one: 1 + its instance, 0 = not made
    Map by_signature;   // hash of a signature -> first instance
    Map literal_data;   // literal -> data item
    Map templates;      // literal and whether a line ends behind it -> its pieces (lower_print.c)
    VEC(u32) pieces;
    VEC(u8) text; // scratch for print pieces
    u64 arms;     // of all call_dyn switches so far
} Lowering;

// One callee of a call or call_dyn with its types at this place: parameters, then the result.
typedef struct CallUse {
    u32 function;
    u32 roots; // in Body.roots
} CallUse;

typedef struct Body {
    Lowering *l;
    TypeGraph *g;
    const JsrsFunction *f;
    u32 index; // of f
    const JsrsValue *values;
    Ty *types;  // per value
    Ty *params; // signature
    Ty result;
    VEC(PendingGep) geps;
    VEC(CallUse) uses;
    VEC(u32) roots;
    u32 first_inst, inst_count; // instructions of a function are consecutive
    u32 *use_of;                // per instruction: first CallUse of a call
    u32 *use_count;

    // Emission.
    IrBuilder b;
    bool is_entry;
    u32 sret;          // parameter that says where an aggregate result goes
    IrValue *ir;       // per value
    u32 *slots;        // per value: frame slot of a block parameter that is a struct or enum
    IrBlockId *blocks; // per block
    u32 block;         // the one being emitted
    u32 steps;         // not yet emitted
} Body;

static inline const JsrsBlock *body_block(const Body *body, u32 block) {
    return &body->l->m->blocks.items[body->f->blocks + block];
}
// The type of a value while its body is emitted, when all types are settled.
static inline const TyNode *body_node(const Body *body, u32 value) { return &body->g->nodes.items[body->types[value]]; }
// VOID when it is none.
HOT_INLINE IrType value_scalar(const Body *body, u32 value) {
    const TyNode *node = body_node(body, value);
    return node->kind == TY_SCALAR ? (IrType)node->scalar : IR_VOID;
}
// The instruction that defines a value; NULL for parameters.
const JsrsInst *body_definition(const Body *body, u32 value);
// The constant of a value defined by iconst.
bool body_constant(const Body *body, u32 value, i64 *constant);

// lower_reach.c: entry, functions it can reach, what call_dyn may call.
bool lower_reach(Lowering *l, u32 entry) MUST_CHECK;
// True if the signature has anything but scalars, so that callers and callee must agree on layouts.
bool lower_needs_scheme(const Lowering *l, u32 function);

// lower_schemes.c: schemes of all reached functions, callees first.
bool lower_schemes(Lowering *l) MUST_CHECK;

// lower_infer.c, lower_infer_places.c, lower_infer_calls.c: constraints of one function.
bool infer_begin(Body *body, Lowering *l, TypeGraph *g, u32 function) MUST_CHECK; // allocates, types of all values
bool infer_signature(Body *body) MUST_CHECK; // fresh nodes for parameters and result
// `group` (may be NULL): bodies of functions inferred together, whose signatures are used as they are.
bool infer_constraints(Body *body, Body *const *group, u32 group_count) MUST_CHECK;
bool infer_settle(Body *body) MUST_CHECK;   // resolves geps as far as known
bool infer_defaults(Body *body) MUST_CHECK; // resolves the rest by default

// lower_instance.c: the instance of a function for the types at hand, made if new.
u32 instance_of(Body *body, u32 function, const Ty *roots, bool is_entry); // index, NO_INDEX on error
bool type_is_aggregate(TypeGraph *g, Ty t); // lives behind an address: struct, enum, array held by value
IrType type_passed(TypeGraph *g, Ty t);     // how it is passed and held in an IR value; VOID: takes no room

// lower_emit.c: the IR of one inferred body.
bool emit_body(Body *body) MUST_CHECK;

// lower_values.c: IR for values and memory.
IrValue value_as(Body *body, u32 value, Ty to); // converted to a type, as conversions at boundaries are (8.3)
IrValue value_as_scalar(Body *body, u32 value, IrType to);            // traps at run time when it is none
IrValue value_changed(Body *body, IrValue v, IrType from, IrType to); // into another type
HOT_INLINE IrValue value_converted(Body *body, IrValue v, IrType from, IrType to) {
    return from == to ? v : value_changed(body, v, from, to);
}
IrValue value_address(Body *body, u32 value);                      // of a pointer value
IrValue value_i64(Body *body, u32 value, TrapKind kind);           // an index or count; out of i64's range: traps
IrValue place_new(Body *body, Ty t);                               // a frame slot for a value
IrValue place_load(Body *body, Ty t, IrValue address, u32 offset); // scalars: the value; aggregates: the address
void place_store(Body *body, Ty t, IrValue address, u32 offset, IrValue v);
void place_copy(Body *body, Ty t, IrValue to, u32 to_offset, IrValue from, u32 from_offset);
IrValue place_offset(Body *body, IrValue address, u32 offset);
void emit_trap(Body *body, TrapKind kind); // a guard that always fails: what follows in the block never runs
void emit_steps(Body *body);               // the steps counted so far
Layout body_layout(Body *body, Ty t);
u32 element_size(Body *body, Ty pointer);

// lower_call.c, lower_print.c, lower_memory.c
IrValue emit_call(Body *body, const JsrsInst *inst, u32 inst_index);
IrValue emit_call_dyn(Body *body, const JsrsInst *inst, u32 inst_index);
IrValue emit_builtin(Body *body, JsrsBuiltin builtin, const u32 *args, u32 count, Ty result);
void emit_print_format(Body *body, const u32 *args, u32 count, bool newline);
void emit_print_bytes(Body *body, const u32 *args, u32 count, bool newline);
IrValue emit_literal(Body *body, u32 literal);
IrValue emit_gep(Body *body, const JsrsInst *inst);
IrValue emit_load(Body *body, const JsrsInst *inst);
void emit_store(Body *body, const JsrsInst *inst);
void emit_memcpy(Body *body, const JsrsInst *inst);

// lower_arith.c
IrValue emit_binary(Body *body, const JsrsInst *inst, IrOp op);
IrValue emit_negation(Body *body, const JsrsInst *inst);
IrValue emit_compare(Body *body, const JsrsInst *inst);
IrValue emit_cast(Body *body, const JsrsInst *inst);

// lower_aggregate.c
IrValue emit_struct_create(Body *body, const JsrsInst *inst);
IrValue emit_struct_get(Body *body, const JsrsInst *inst);
IrValue emit_enum_create(Body *body, const JsrsInst *inst);
IrValue emit_enum_get_tag(Body *body, const JsrsInst *inst);
IrValue emit_enum_get_data(Body *body, const JsrsInst *inst);

#endif
