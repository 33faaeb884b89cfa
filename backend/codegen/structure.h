// A function's graph as nested blocks, loops and ifs, after Ramsey, "Beyond Relooper" (ICFP 2022): recovered from the
// dominator tree, without code being copied. The result is a flat list that gen_function.c walks once.
#ifndef CODEGEN_STRUCTURE_H
#define CODEGEN_STRUCTURE_H

#include "ir/cfg.h"

typedef enum StructureKind {
    STRUCTURE_BLOCK,    // block ... end
    STRUCTURE_LOOP,     // loop ... end
    STRUCTURE_END,      // closes a BLOCK, LOOP or IF
    STRUCTURE_CODE,     // the instructions of `block`, without its terminator
    STRUCTURE_IF,       // if on the condition of `block`'s BRANCH, eqz before it when `negate`
    STRUCTURE_ELSE,     // no fields
    STRUCTURE_EDGE,     // the moves of edge `edge` of `block`, then br `depth`; FALLS: it goes where the list goes on
    STRUCTURE_BR_IF,    // condition of `block`'s BRANCH, eqz when `negate`, br_if `depth`: its edge needs no moves
    STRUCTURE_DROP,     // condition of `block`'s BRANCH, dropped: both its edges go to one place without moves
    STRUCTURE_BR_TABLE, // selector of `block`'s SWITCH, br_table: depths[first] for each case in order, then the default
    STRUCTURE_RETURN,   // the terminator of `block` (RETURN); FALLS: behind it are only ENDs up to the end of the list
    STRUCTURE_TRAP,     // the terminator of `block` (TRAP)
} StructureKind;

enum { STRUCTURE_FALLS = 0xffffffffu };

typedef struct StructureItem {
    u8 kind;
    bool negate;
    u32 block; // IR block
    u32 edge;  // number of the edge, as ir_edge_at counts: then, cases, other
    u32 depth; // labels to leave, or STRUCTURE_FALLS; BR_TABLE: first of its depths
} StructureItem;

// Items come in the order of the code; every BLOCK, LOOP and IF is of type void. CODE of a block without instructions
// and an EDGE that falls without moves are left out. What follows CODE is what its block ends in, with nothing between.
// Control never runs off the end of the list: where the last item is an END, a function with a result needs
// `unreachable` there, and nowhere else is one needed.
typedef struct Structure {
    VEC(StructureItem) items;
    VEC(u32) depths;
} Structure;

// Needs: a reducible graph (irreducible.c), switches as lower_switch.c leaves them. `plain(context, block, edge)` says
// whether an edge needs no moves. Results lie in `arena`; what else is needed stays in `scratch` (the same, if you
// like) until you rewind it. Linear (but for a logarithm on nested loops); no recursion, whatever the shape. Nesting
// above STRUCTURE_DEPTH_MOST labels is refused (engines' limits and stacks): *too_deep is then set.
enum { STRUCTURE_DEPTH_MOST = 50000 };
bool structure_make(Structure *out, Arena *arena, Arena *scratch, IrFunction *function, const IrCfg *cfg,
                    bool (*plain)(void *context, u32 block, u32 edge), void *context, bool *too_deep) MUST_CHECK;

#endif
