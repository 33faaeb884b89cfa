// Orders and dominance over one function's blocks, made on demand for one pass and dropped with its scratch arena.
#ifndef IR_CFG_H
#define IR_CFG_H
#include "ir/module.h"

typedef struct IrCfg {
    u32 *rpo; // reachable blocks in reverse postorder; rpo[0] = entry
    u32 rpo_count;
    u32 *order;      // block id -> its place in rpo; NO_INDEX = unreachable
    u32 *idom;       // block id -> immediate dominator's id; the entry's is 0
    u32 *pred_start; // block id -> first of its predecessors in preds; pred_start[id + 1] ends them. One entry per edge
                     // out of a reachable block
    u32 *preds;
    u32 *loop_head;  // block id -> innermost loop header it belongs to (a header belongs to its own loop), 0 = none
    u32 *loop_outer; // header's id -> header of the loop around its own, 0 = none; 0 for blocks that are no header
    u32 *loop_depth; // block id -> number of loops around it
    u32 *dom_in, *dom_out; // preorder interval in the dominator tree; an unreachable block is dominated by every block
} IrCfg;

// A loop has a header that dominates its back edges; a cycle with several entries (irreducible) is no loop here, but
// every cycle contains an edge whose target stands no later in rpo than its source.
// False when memory is out. No recursion: any shape of graph, irreducible ones included.
bool ir_cfg_build(IrCfg *cfg, Arena *arena, const IrFunction *function) MUST_CHECK;
static inline bool ir_dominates(const IrCfg *cfg, u32 a, u32 b) {
    return cfg->dom_in[a] <= cfg->dom_in[b] && cfg->dom_out[b] <= cfg->dom_out[a];
}
#endif
