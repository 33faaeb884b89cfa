// See graph_cache.h.
#include "opt/graph_cache.h"

bool graph_cache_get(GraphCache *cache, u32 number, const IrFunction *function, IrCfg *cfg) {
    if (cache->number != number) {
        cache->number = 0;
        arena_rewind(&cache->arena, (ArenaMark){0});
        if (!ir_cfg_build(&cache->cfg, &cache->arena, function)) return false;
        cache->number = number;
    }
    *cfg = cache->cfg;
    return true;
}

bool graph_cache_holds(const GraphCache *cache, const IrModule *module, Arena *scratch) {
    if (!cache->number) return true;
    const IrFunction *function = &module->functions.items[cache->number];
    const IrCfg *kept = &cache->cfg;
    u32 blocks = function->blocks.count;
    ArenaMark mark = arena_mark(scratch);
    IrCfg now;
    bool same = ir_cfg_build(&now, scratch, function) && now.rpo_count == kept->rpo_count;
    // All else follows from the order and from who comes before whom.
    same = same && mem_equal(now.order, kept->order, blocks * sizeof(u32)) &&
           mem_equal(now.pred_start, kept->pred_start, (blocks + 1) * sizeof(u32)) &&
           mem_equal(now.preds, kept->preds, now.pred_start[blocks] * sizeof(u32));
    arena_rewind(scratch, mark);
    return same;
}
