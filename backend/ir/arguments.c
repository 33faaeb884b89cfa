// See arguments.h.
#include "ir/arguments.h"

bool ir_arguments_build(IrArguments *arguments, Arena *arena, const IrFunction *function, const IrCfg *cfg) {
    *arguments = (IrArguments){.first = arena_new(arena, u32, function->blocks.count)};
    if (!arguments->first || !vec_push(arena, &arguments->edges, (IrIncoming){0})) return false;
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        IrTerm *term = &ir_block(function, cfg->rpo[i])->term;
        for (u32 e = 0, count = ir_edge_count(term); e < count; e++) {
            const IrEdge *edge = ir_edge_at(function, term, e);
            u32 *first = &arguments->first[edge->target];
            if (!edge->arg_count) continue;
            if (!vec_push(arena, &arguments->edges, ((IrIncoming){edge->args, *first}))) return false;
            *first = arguments->edges.count - 1;
        }
    }
    return true;
}
