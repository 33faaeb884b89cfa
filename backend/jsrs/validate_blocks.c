// Blocks and edges of one function: DuplicateDefinition, MissingTerminator, UndefinedBlock, InvalidBlockArg (spec 15).
#include "jsrs/validate.h"

static bool collect_block_ids(Validator *v) {
    u32 count = v->f->block_count, least = NO_INDEX, most = 0;
    for (u32 b = 0; b < count; b++) {
        u32 id = v->blocks[b].id;
        if (id < least) least = id;
        if (id > most) most = id;
    }
    if (!id_table_begin(&v->block_ids, &v->scratch, least, most, count)) return false;
    for (u32 b = 0; b < count; b++) {
        if (id_table_get(&v->block_ids, v->blocks[b].id) != NO_INDEX) {
            v->block = b;
            return validate_fail(v, "DuplicateDefinition", "another block of the function has this id");
        }
        if (!id_table_set(&v->block_ids, &v->scratch, v->blocks[b].id, b)) return false;
    }
    return true;
}

static bool resolve_edge(Validator *v, const JsrsTerm *term, u32 number) {
    JsrsEdge *edge = (JsrsEdge *)jsrs_edge_at(v->module, term, number);
    u32 target = id_table_get(&v->block_ids, edge->target);
    if (target == NO_INDEX) return validate_fail(v, "UndefinedBlock", "block %u does not exist", edge->target);
    u32 wanted = v->blocks[target].param_count;
    if (edge->arg_count != wanted) {
        return validate_fail(v, "InvalidBlockArg", "the jump to block %u passes %u arguments, the block takes %u",
                             edge->target, edge->arg_count, wanted);
    }
    edge->target = target;
    return true;
}

// Also leaves the graph of the function in edge_start and edges. The last edge stands first there, so that the target of the
// first one follows its source in reverse postorder.
static bool resolve_terminators(Validator *v) {
    u32 count = v->f->block_count;
    v->edges.count = v->edge_start.count = 0;
    if (!vec_reserve(&v->scratch, &v->edge_start, count + 1)) return false;
    for (u32 b = 0; b < count; b++) {
        v->block = b;
        v->inst = v->blocks[b].inst_count;
        v->edge_start.items[b] = v->edges.count;
        const JsrsTerm *term = &v->blocks[b].term;
        u32 edges = jsrs_edge_count(term);
        if (!vec_reserve(&v->scratch, &v->edges, edges)) return false;
        for (u32 i = 0; i < edges; i++) {
            if (!resolve_edge(v, term, i)) return false;
            v->edges.items[v->edges.count + (i + 1) % edges] = jsrs_edge_at(v->module, term, i)->target;
        }
        v->edges.count += edges;
    }
    v->edge_start.items[count] = v->edges.count;
    return true;
}

static bool find_dominators(Validator *v) {
    Graph graph = {v->f->block_count, v->edge_start.items, v->edges.items};
    u64 results = (u64)graph.node_count * DOMINATORS_RESULTS;
    u64 words = results + dominators_work(graph.node_count, v->edges.count);
    v->work.count = 0;
    if (words > UINT32_MAX || !vec_reserve(&v->scratch, &v->work, (u32)words)) return false;
    dominators_find(&v->dominators, &graph, v->work.items, v->work.items + results);
    u32 next = NO_INDEX;
    for (u32 i = v->dominators.rpo_count; i-- > 0; next = v->dominators.rpo[i]) {
        JsrsBlock *block = &v->blocks[v->dominators.rpo[i]];
        block->reachable = true;
        block->next = next;
    }
    return true;
}

bool validate_blocks(Validator *v) {
    if (v->f->block_count == 0) return validate_fail(v, "MissingTerminator", "the function has no blocks");
    if (!collect_block_ids(v)) return false;
    if (v->blocks[0].param_count != 0) {
        v->block = 0;
        return validate_fail(v, "InvalidBlockArg", "the first block has parameters");
    }
    return resolve_terminators(v) && find_dominators(v);
}
