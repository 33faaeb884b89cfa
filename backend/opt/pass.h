// What every pass is given and returns, and the small tools that passes share.
// A pass changes one function in place; one over the module (passes.def) any of them. It returns false only when memory is out; the function may then be half
// changed, and the caller drops the module.
#ifndef OPT_PASS_H
#define OPT_PASS_H
#include "ir/build.h"
#include "ir/call_graph.h"
#include "ir/eval.h"
#include "opt/graph_cache.h"
#include "opt/pipeline.h"

// What a pass says of its work, so that none is run for nothing (pipeline.c). Who says nothing has changed the function.
typedef enum PassOutcome {
    CHANGED,
    SETTLED,  // changed, but running the pass again at once would find nothing
    UNCHANGED // counts only when no block and no instruction was added or dropped
} PassOutcome;

// Instructions that may still be added to the module.
typedef struct Growth {
    u64 left;   // by inlining and unrolling
    u64 larger; // of these, by bodies that are not tiny where they are called more than once
} Growth;

typedef struct Pass {
    IrModule *module;
    IrFunction *function; // NULL in passes over the module
    u32 number;           // of the function
    Arena *scratch;       // temporaries; rewound after the pass
    GraphCache *graph;
    IrCallGraph *calls; // as they were before the stretch of passes; who was made a loop is no longer recursive
    Growth *growth;
    bool *unrolled;     // function number -> it was put into itself in this stretch
    const bool *traced; // function number -> it has marks of a traced run: such functions are left alone
    OptLevel level;
    PassOutcome outcome;
    // Passes over the module set changed[function] = place where they change it.
    u8 *changed, place;
} Pass;

typedef bool PassRun(Pass *pass);

#define PASS(name, run, over, levels, needs, keeps) bool run(Pass *pass) MUST_CHECK;
#include "opt/passes.def"

// True while neither arena has failed.
static inline bool pass_ok(const Pass *pass) { return !pass->module->arena->failed && !pass->scratch->failed; }

// ---- constants ----

static inline bool opt_is_const(const IrFunction *function, IrValue value) {
    return function->insts.items[value].op == IR_OP_CONST;
}
static inline u128 opt_const_bits(const IrFunction *function, IrValue value) {
    return ir_const_bits(&function->insts.items[value]);
}
// A new constant before the first instruction of the entry, where it dominates everything. 0 when memory is out.
IrValue opt_entry_const(Pass *pass, IrType type, u128 bits);
// Turns an instruction into a constant where it stands.
void opt_become_const(IrFunction *function, IrValue value, u128 bits);

// Whether operands may stand either way.
static inline bool opt_commutes(u8 op) {
    const u64 ops = (u64)1 << IR_OP_ADD | (u64)1 << IR_OP_MUL | (u64)1 << IR_OP_AND | (u64)1 << IR_OP_OR |
                    (u64)1 << IR_OP_XOR | (u64)1 << IR_OP_EQ | (u64)1 << IR_OP_NE;
    _Static_assert(IR_OP_COUNT <= 64, "a bit for each operation");
    return ops >> op & 1;
}

// For the visitors of ir/build.h: one more for the operand in a table of uses by value.
void opt_count_use(void *uses, IrValue *operand);

// ---- replacing values ----

// value -> what stands for it now; itself when nothing does. Values made after opt_forward_init stand for themselves.
typedef struct Forward {
    u32 *to;
    u32 count;
} Forward;

// Room for the function's values, in scratch memory. False when memory is out.
bool opt_forward_init(Pass *pass, Forward *forward) MUST_CHECK;
// What stands for it in the end: replacements may have been replaced.
IrValue opt_resolve(Forward *forward, IrValue value);
static inline void opt_replace(Forward *forward, IrValue value, IrValue by) { forward->to[value] = by; }
// Rewrites the operands of terminators, or of everything.
void opt_resolve_terms(IrFunction *function, Forward *forward);
void opt_resolve_all(IrFunction *function, Forward *forward);

// ---- the graph ----

// As it is now; its arrays stay until it is asked for again after a change.
bool opt_graph(Pass *pass, IrCfg *cfg) MUST_CHECK;
void opt_graph_changed(Pass *pass);

// ---- changing the shape: these say themselves that the graph has changed, when they can ----

void opt_become_jump(IrTerm *term, IrEdge edge);
// A branch or switch becomes the jump that it makes when its value has these bits.
void opt_choose_edge_by(const IrFunction *function, IrTerm *term, u128 bits);
// A branch or switch on a constant becomes a jump; false when it is none.
bool opt_choose_edge(const IrFunction *function, IrTerm *term);
// Gives a block that is entered again by a branch a fresh entry before it: afterwards block 1 has no predecessors.
bool opt_split_entry(Pass *pass) MUST_CHECK;
// Drops blocks that no path from the entry reaches and closes the gaps in the numbering.
bool opt_remove_unreachable(Pass *pass) MUST_CHECK;
// Drops the block parameters for which dropped[value] is set, with their arguments on every edge.
bool opt_drop_params(Pass *pass, const bool *dropped) MUST_CHECK;
// Appends arguments to an edge.
bool opt_extend_edge(Pass *pass, IrEdge *edge, const IrValue *args, u32 count) MUST_CHECK;
// Moves all instructions of `from` behind those of `to`.
void opt_move_insts(IrFunction *function, IrBlockId to, IrBlockId from);

// Blocks in preorder of the dominator tree, children in reverse postorder: a block comes after its dominator and after
// all its predecessors but those of back edges. cfg->rpo_count long; NULL when memory is out.
u32 *opt_dominator_preorder(const IrCfg *cfg, Arena *scratch, u32 block_count);

// A copy of the function whose lists lie in the arena; items NULL where memory is out (the arena remembers).
IrFunction opt_copy_function(const IrFunction *function, Arena *arena);

// Renumbers what the blocks hold without gaps, in the same order (compact.c).
bool opt_compact(Pass *pass) MUST_CHECK;

// Takes an instruction out of its block and puts it at the end of another.
void opt_move_inst(IrFunction *function, IrValue value, u32 to);

#endif
