// What every JSRS value and place is made of, found by unification (spec 20): JSRS pointers do not say what they point to,
// and v1/v2 aggregates and generics not what they hold. One graph per function instance; signatures are carried between
// functions as canonical word streams, so that a function is inferred again for each concrete use of it. Where one of
// these gives false or 0 without an error, memory is out.
#ifndef JSRS_LOWER_TYPES_H
#define JSRS_LOWER_TYPES_H

#include "ir/module.h"
#include "jsrs/model.h"
#include "support/buf.h"
#include "support/map.h"

typedef u32 Ty; // index of a node; 0 = none (memory was out)
typedef VEC(u32) TyWords;

typedef enum TyKind {
    TY_VAR, // nothing known yet (erased and never met a real type: takes no room)
    TY_UNIT,
    TY_SCALAR, // Int, Float, Bool, Fn
    TY_PTR,    // pointer to a place or a row, string reference, or (array FIXED) an array held by value
    TY_STRUCT,
    TY_ENUM
} TyKind;

enum { ROW_UNKNOWN, ROW_NO, ROW_YES, ROW_STRING }; // TY_PTR: points to one place, to a row, to a literal
enum { ARRAY_UNKNOWN, ARRAY_HEAP, ARRAY_FIXED };   // TY_PTR to a row: where the row lives
enum { TY_UNIT_NODE = 1, TY_SCALAR_NODES = 2, TY_FIXED_COUNT = TY_SCALAR_NODES + IR_TYPE_COUNT };

typedef struct TyNode {
    u8 kind;
    u8 scalar;     // SCALAR: IrType
    u8 row, array; // PTR
    bool joinable; // SCALAR behind an erased name: widens to hold every Int that flows in, see ty_flow
    bool weak;     // joinable, and only constants flowed in so far: least..most
    bool moved;    // PTR: some pointer of this class went through ptradd
    bool open;     // STRUCT: shape known only from field accesses; may get more fields
    bool expanded; // STRUCT, ENUM with a definition: parts have nodes
    Ty link;       // union-find parent; 0 = representative
    Ty target;     // PTR: content of the place, element of the row
    u32 length;    // PTR, FIXED: elements
    u32 shape;     // STRUCT: ShapeTable number + 1, ENUM: enum index + 1; 0 = none
    u32 name;      // STRUCT, ENUM: string id, for people
    u32 parts;     // STRUCT: field nodes; ENUM: (variant, payload) pairs, in TypeGraph.lists
    u32 part_count;
    u32 visit; // number in the stream being written + 1
    i64 least, most;
    // Memo of lower_layout.c, made once nothing is unified any more; align 0 = not computed.
    u32 size, align;
    u32 offsets; // STRUCT: one word per field in TypeGraph.lists
    bool apart;  // ENUM: payloads lie side by side
} TyNode;

// In place of a field's type: only literals of no type of their own came to it.
enum { FIELD_OF_LITERALS = NO_INDEX - 1 };

// Whether a struct or enum is made of scalars only, through all that it holds: all values of it share one node then.
enum { CLOSED_UNKNOWN, CLOSED_NO, CLOSED_YES };

// Field types of a struct name: from its definition (v3), or from the struct_create instructions of a file without definitions.
typedef struct Shape {
    u32 name;
    u32 fields, field_count; // JSRS types in ShapeTable.fields; NO_INDEX = differs from use to use (erased)
    bool broken;             // created with different field counts: nothing is known
    u8 closed;               // CLOSED_*
} Shape;

typedef struct ShapeTable {
    VEC(Shape) shapes; // the first are the module's struct definitions, in order
    VEC(u32) fields;
    Map by_name;      // string id -> shape, for names without a definition
    u8 *closed_enums; // CLOSED_* of the module's enum definitions
} ShapeTable;

typedef struct TypeGraph {
    const JsrsModule *module;
    const ShapeTable *shapes;
    Arena *arena;
    Error *error;
    Where where; // of the instruction whose constraints are being added, for messages
    VEC(TyNode) nodes;
    VEC(u32) lists;
    VEC(u32) work; // scratch of unify and serialise
    Map closed;    // closed shape, or behind all of these closed enum -> its node
} TypeGraph;

// Finds the shapes of all struct names. False when memory is out.
bool shapes_build(ShapeTable *table, Arena *arena, const JsrsModule *module) MUST_CHECK;

bool graph_init(TypeGraph *g, Arena *arena, const JsrsModule *module, const ShapeTable *shapes,
                Error *error) MUST_CHECK;

Ty ty_find(TypeGraph *g, Ty t);
TyNode *ty_node(TypeGraph *g, Ty t); // of the representative
static inline Ty ty_scalar(IrType t) { return TY_SCALAR_NODES + (Ty)t; }
HOT_INLINE bool ty_is_declared_scalar(Ty t) { return t - TY_SCALAR_NODES < IR_TYPE_COUNT; }
IrType ty_ir_scalar(const JsrsModule *module, u32 type); // IrType of an Int, Float, Bool or Fn type; VOID for others

Ty ty_new(TypeGraph *g, TyKind kind);
Ty ty_of_type(TypeGraph *g, u32 jsrs_type);      // a fresh node for a declared type
Ty ty_pointer(TypeGraph *g, u32 row, Ty target); // a fresh pointer node

// lower_unify.c. The two become one. False (TypeMismatch) when they contradict each other.
bool ty_unify(TypeGraph *g, Ty a, Ty b) MUST_CHECK;
// A value of type `from` comes to a place or value of type `to` (8.3): scalars convert, the rest is unified.
// `constant` (may be NULL): the value is this constant, which fits wherever it is representable.
bool ty_flow(TypeGraph *g, Ty from, Ty to, const i64 *constant) MUST_CHECK;

// Makes the node a pointer (struct, enum) if it is still open, and returns what is asked; 0 with an error otherwise.
Ty ty_target(TypeGraph *g, Ty pointer);
bool ty_set_row(TypeGraph *g, Ty pointer, u32 row, u32 array, u32 length) MUST_CHECK;
Ty ty_field(TypeGraph *g, Ty aggregate, u32 field);     // TY_UNIT_NODE when a known struct has no such field
Ty ty_payload(TypeGraph *g, Ty aggregate, u32 variant); // the variant's one payload value; TY_UNIT_NODE if it has none
// The same, or a field of it if the variant is defined with several (10.4).
Ty ty_payload_part(TypeGraph *g, Ty aggregate, u32 variant, u32 index);
bool ty_expand(TypeGraph *g, Ty aggregate) MUST_CHECK; // gives a defined struct or enum its parts

// The part of the graph that `roots` reach as a canonical word stream: equal streams = equal types. `final`: scalars lose
// their freedom to widen. Appends to `out` (u32 words): root references, then nodes.
bool ty_serialise(TypeGraph *g, const Ty *roots, u32 root_count, bool final, TyWords *out) MUST_CHECK;
// True if the last ty_serialise reached the node.
bool ty_reached(TypeGraph *g, Ty t);
// Adds the nodes of a stream to the graph and stores the roots.
bool ty_instantiate(TypeGraph *g, const u32 *words, u32 word_count, u32 root_count, Ty *roots) MUST_CHECK;

void ty_text(TypeGraph *g, Ty t, Buf *out); // for messages: "ptr to row of i32"

// Within the graph. `ty_mismatch`: the TypeMismatch of these two; false. `ty_new_list`: reserves words of the list pool,
// zeroed; NO_INDEX when memory is out. A variant's payload, 0 = the enum has no such variant yet, which may then be added.
bool ty_mismatch(TypeGraph *g, Ty a, Ty b);
u32 ty_new_list(TypeGraph *g, u32 count);
Ty ty_find_variant(const TypeGraph *g, const TyNode *node, u32 variant);
bool ty_add_variant(TypeGraph *g, Ty t, u32 variant, Ty payload) MUST_CHECK;

#endif
