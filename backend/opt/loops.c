// The new block takes the head's parameters and passes them on.
#include "opt/loops.h"

u32 loop_from(const IrFunction *function, const IrCfg *cfg, u32 head, bool back) {
    u32 found = 0;
    for (u32 p = cfg->pred_start[head]; p < cfg->pred_start[head + 1]; p++) {
        u32 pred = cfg->preds[p];
        if (ir_dominates(cfg, head, pred) != back) continue;
        if (found) return 0;
        found = pred;
    }
    return found && ir_block(function, found)->term.kind <= TERM_BRANCH ? found : 0;
}

IrEdge *loop_edge(const IrFunction *function, u32 head, u32 from) {
    IrTerm *term = &ir_block(function, from)->term;
    return term->then.target == head ? &term->then : &term->other;
}

u32 loop_way_in(const IrFunction *function, const IrCfg *cfg, u32 head, bool back) {
    u32 from = loop_from(function, cfg, head, back);
    return ir_block(function, from)->term.kind == TERM_JUMP ? from : 0;
}

u32 loop_make_way_in(Pass *pass, const IrCfg *cfg, u32 head, bool back) {
    IrFunction *function = pass->function;
    IrModule *module = pass->module;
    u32 count = ir_block(function, head)->param_count;
    u32 *params = arena_new(pass->scratch, u32, count + 1);
    IrBlock block = {.source = ir_block(function, head)->source};
    if (!params || !vec_push(module->arena, &function->blocks, block)) return 0;
    u32 made = function->blocks.count - 1;
    opt_graph_changed(pass);
    for (u32 i = 0; i < count; i++) {
        IrInst param = *ir_inst(function, function->lists.items[ir_block(function, head)->params + i]);
        param.block = made;
        if (!vec_push(module->arena, &function->insts, param)) return 0;
        params[i] = function->insts.count - 1;
    }
    u32 own = ir_list(module, function, params, count), args = ir_list(module, function, params, count);
    ir_block(function, made)->params = own;
    ir_block(function, made)->param_count = count;
    ir_block(function, made)->term = (IrTerm){.kind = TERM_JUMP, .then = {head, args, count}};
    u32 last = 0; // edges of one predecessor stand together in preds
    for (u32 p = cfg->pred_start[head]; p < cfg->pred_start[head + 1]; p++) {
        u32 pred = cfg->preds[p];
        if (pred == last || ir_dominates(cfg, head, pred) != back) continue;
        last = pred;
        IrTerm *term = &ir_block(function, pred)->term;
        u32 edges = ir_edge_count(term);
        for (u32 e = 0; e < edges; e++) {
            IrEdge *edge = ir_edge_at(function, term, e);
            if (edge->target == head) edge->target = made;
        }
    }
    return pass_ok(pass) ? made : 0;
}
