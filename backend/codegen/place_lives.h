// Where the values of a function that need locals are alive, and which of them would best share one: what place_locals.c
// knows before it hands out locals.
#ifndef CODEGEN_PLACE_LIVES_H
#define CODEGEN_PLACE_LIVES_H

#include "codegen/place.h"

// A value that lives in a local (two, when it has 128 bits). Residents refer to each other by number; 0 = none.
typedef struct Resident {
    IrValue value;
    u32 block;     // where it is defined; 0 = it is a parameter of the function
    u32 uses;      // blocks other than its own that use it, in Lives.users
    u32 weight;    // how often code gets or sets it; 0 = nobody uses it
    u32 web;       // values joined by edges, as union-find: itself = it stands for its web
    u32 into;      // the parameter that it is passed to: of those, the one in the earliest block
    u32 from;      // a parameter's argument that has its local already
    u32 last;      // position of its last use in the block at hand; NO_INDEX = it is alive at the end
    u32 local[2];  // low and high half; NO_LOCAL = none yet
    u32 shared[2]; // what the last of its web was given
    u8 type;       // IrType
    bool alone;    // following it through the graph took too long: it shares its local with nobody
} Resident;

// That a resident is alive at the beginning of a block, at its end, or both.
typedef struct Live {
    u32 resident;
    u32 block;
    u32 next; // of the same block, 0 = none
    bool in, out;
} Live;

typedef struct BlockUse {
    u32 block, next;
} BlockUse;

typedef struct Lives {
    const IrFunction *function;
    const IrCfg *cfg;
    const u8 *place;
    Arena *scratch;
    u32 *resident_of; // value -> its resident
    VEC(Resident) residents;
    VEC(BlockUse) users;
    VEC(Live) lives;
    u32 *first_live; // block -> its first in lives
    VEC(u32) work;   // blocks
    // What reads residents: instructions that give code where they stand, and terminators, both called roots here. They are
    // numbered in reverse postorder of the blocks.
    VEC(u32) leaves;     // residents that a root reads, in its trees too; may repeat. One root behind the other
    VEC(u32) leaves_end; // root -> where its own end
    u32 *term_root;      // block -> number of its terminator
} Lives;

// `resident_of` is given zeroed, the rest is filled. False when memory is out.
bool lives_find(Lives *lives) MUST_CHECK;

// The first leaf of a root.
static inline u32 lives_leaves_start(const Lives *lives, u32 root) {
    return root ? lives->leaves_end.items[root - 1] : 0;
}
// An instruction that gives code where it stands.
HOT_INLINE bool lives_is_root(const Lives *lives, IrValue value) { return lives->place[value] == PLACE_LOCAL; }

// The parameter that an edge's argument flows into, by number.
IrValue lives_param(const Lives *lives, const IrEdge *edge, u32 number);

// The resident that stands for a resident's web.
u32 lives_web(Lives *lives, u32 resident);

#endif
