// Cycles with several entries. Without the edges to dominators (those of natural loops) what is left of a reducible
// graph has no cycle; every strongly connected component of it that has two blocks or more gets a dispatch block,
// through which all other edges into its entries go. That opens the component; what still is cyclic inside is done in
// the next round. Few rounds are ever needed: in the last one all blocks of a component count as entries, which leaves
// no cycle.
//
// Values: what an entry's parameters get travels in parameters of the dispatch block, shared by type among the entries,
// or in frame slots where they would be many. Dominance holds: a definition inside a component dominates none of its
// entries but its own block, one outside dominates all of them or none, since from any entry a path within leads to any
// other. Only the last round's entries are no such entries: values that no longer dominate their uses then go through
// frame slots, too.
#include "codegen/shape.h"

#include "ir/build.h"
#include "ir/cfg.h"

enum {
    ROUNDS = 3,
    CARRIED_MOST = 8,      // parameters of a dispatch block besides the selector: each of its edges gives them all
    IN_SLOT = 0x80000000u, // + slot; else the number of a dispatch block's parameter
};

typedef struct Work {
    IrModule *module;
    IrFunction *function;
    IrBuilder b;
    Arena *scratch;
    IrCfg cfg;
    bool last; // round
    // By block, as there were at the start of the round.
    u32 *component; // a block of its component
    u32 *number;    // of an entry in its component, from 1 on
    u32 *dispatch;  // of an entry: the dispatch block
    u32 *carrier;   // by value: how a parameter of an entry gets there
} Work;

// An edge within the graph that is searched: not one that closes a natural loop.
static bool is_forward(const Work *w, u32 from, u32 to) { return !ir_dominates(&w->cfg, to, from); }

static bool is_reducible(const Work *w) {
    const IrCfg *cfg = &w->cfg;
    for (u32 i = 0; i < cfg->rpo_count; i++)
        for (u32 to = cfg->rpo[i], p = cfg->pred_start[to]; p < cfg->pred_start[to + 1]; p++)
            if (cfg->order[cfg->preds[p]] >= i && is_forward(w, cfg->preds[p], to)) return false;
    return true;
}

static u32 *params_of(const Work *w, u32 block) {
    u32 start = ir_block(w->function, block)->params; // a function may have no lists at all
    return start ? w->function->lists.items + start : w->function->lists.items;
}

static u32 add_slot(Work *w, u8 type) {
    u32 size = ir_type_info[type].size, slot = ir_add_slot(&w->b, size, size);
    if (slot < w->function->slots.count) w->function->slots.items[slot].no_zero = true; // stored before it is loaded
    return slot;
}

static u32 slot_address(Work *w, u32 slot) { return ir_emit(&w->b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, slot, 0, 0, 0); }

// ---- dispatch blocks ----

// The entry's parameters get their carriers: parameters of the dispatch block that it has not used yet, of their type.
static void choose_carriers(Work *w, u32 entry, u32 dispatch) {
    u32 taken = 0;
    for (u32 i = 0, count = ir_block(w->function, entry)->param_count; i < count; i++) {
        u32 param = params_of(w, entry)[i], have = ir_block(w->function, dispatch)->param_count, at = 1;
        u8 type = ir_inst(w->function, param)->type;
        while (at < have && (taken >> at & 1 || ir_inst(w->function, params_of(w, dispatch)[at])->type != type)) at++;
        if (at > CARRIED_MOST) {
            w->carrier[param] = IN_SLOT | add_slot(w, type);
            continue;
        }
        if (at == have) ir_block_param(&w->b, dispatch, (IrType)type);
        w->carrier[param] = at;
        taken |= 1u << at;
    }
}

// The block between the dispatch block and an entry.
static IrEdge landing(Work *w, u32 entry, u32 dispatch) {
    u32 count = ir_block(w->function, entry)->param_count, block = ir_add_block(&w->b, 0);
    u32 *args = arena_new(w->scratch, u32, count + 1);
    if (!block || !args) return (IrEdge){0};
    ir_at(&w->b, block);
    for (u32 i = 0; i < count; i++) {
        u32 param = params_of(w, entry)[i], carrier = w->carrier[param];
        u8 type = ir_inst(w->function, param)->type;
        args[i] = carrier & IN_SLOT ? ir_load(&w->b, (IrType)type, slot_address(w, carrier & ~IN_SLOT), 0)
                                    : params_of(w, dispatch)[carrier];
    }
    ir_jump(&w->b, ir_edge(&w->b, entry, args, count));
    return ir_edge(&w->b, block, NULL, 0);
}

static bool add_dispatch(Work *w, const u32 *entries, u32 count) {
    u32 dispatch = ir_add_block(&w->b, 0), selector = ir_block_param(&w->b, dispatch, IR_U32);
    IrEdge *edges = arena_new(w->scratch, IrEdge, count);
    if (!selector || !edges) return false;
    for (u32 i = 0; i < count; i++) {
        w->number[entries[i]] = i + 1;
        w->dispatch[entries[i]] = dispatch;
        choose_carriers(w, entries[i], dispatch);
    }
    for (u32 i = 0; i < count; i++)
        if (!(edges[i] = landing(w, entries[i], dispatch)).target) return false;
    ir_at(&w->b, dispatch);
    ir_switch(&w->b, selector, edges[count - 1]);
    for (u32 i = 0; i + 1 < count; i++) ir_case(&w->b, i, 0, edges[i]);
    return !w->module->arena->failed;
}

// ---- edges into entries ----

// A new block on the way from `from` to an entry: stores, and the parameters of the dispatch block. What is not meant
// for the entry stays as it is within the component, where the dispatch block dominates; from outside it is zero.
static bool redirect(Work *w, u32 from, IrEdge *edge) {
    IrFunction *function = w->function;
    u32 entry = edge->target, dispatch = w->dispatch[entry], args[CARRIED_MOST + 1] = {0};
    bool inside = w->component[from] == w->component[entry];
    IrEdge old = *edge;
    u32 block = ir_add_block(&w->b, 0), count = ir_block(function, dispatch)->param_count;
    if (!block) return false;
    ir_at(&w->b, block);
    args[0] = ir_const(&w->b, IR_U32, w->number[entry] - 1);
    for (u32 i = 0; i < old.arg_count; i++) {
        u32 carrier = w->carrier[params_of(w, entry)[i]], arg = function->lists.items[old.args + i];
        if (!(carrier & IN_SLOT)) args[carrier] = arg;
        else ir_store(&w->b, (IrType)ir_inst(function, arg)->type, slot_address(w, carrier & ~IN_SLOT), arg, 0);
    }
    for (u32 i = 1; i < count; i++) {
        u32 param = params_of(w, dispatch)[i];
        if (!args[i]) args[i] = inside ? param : ir_const(&w->b, (IrType)ir_inst(function, param)->type, 0);
    }
    ir_jump(&w->b, ir_edge(&w->b, dispatch, args, count));
    *edge = ir_edge(&w->b, block, NULL, 0);
    return edge->target != 0;
}

static bool redirect_all(Work *w) {
    IrFunction *function = w->function;
    for (u32 i = 0; i < w->cfg.rpo_count; i++) {
        u32 from = w->cfg.rpo[i], edges = ir_edge_count(&ir_block(function, from)->term);
        for (u32 e = 0; e < edges; e++) {
            IrEdge edge = *ir_edge_at(function, &ir_block(function, from)->term, e);
            if (!w->dispatch[edge.target] || !is_forward(w, from, edge.target)) continue;
            if (!redirect(w, from, &edge)) return false;
            *ir_edge_at(function, &ir_block(function, from)->term, e) = edge;
        }
    }
    return true;
}

// ---- components ----

static bool is_entry(const Work *w, u32 block) {
    const IrCfg *cfg = &w->cfg;
    for (u32 i = cfg->pred_start[block]; i < cfg->pred_start[block + 1]; i++) {
        u32 pred = cfg->preds[i];
        if (is_forward(w, pred, block) && (w->last || w->component[pred] != w->component[block])) return true;
    }
    return false;
}

// Kosaraju: backwards from each block that belongs to none yet, in reverse postorder. The edges left out are retreating
// ones, so the order is one of the graph without them, too.
static bool open_components(Work *w) {
    const IrCfg *cfg = &w->cfg;
    u32 *members = arena_new(w->scratch, u32, w->function->blocks.count);
    if (!members) return false;
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        u32 root = cfg->rpo[i], count = 1, entries = 0;
        if (w->component[root]) continue;
        w->component[root] = members[0] = root;
        for (u32 done = 0; done < count; done++) {
            u32 at = members[done];
            for (u32 p = cfg->pred_start[at]; p < cfg->pred_start[at + 1]; p++) {
                u32 pred = cfg->preds[p];
                if (w->component[pred] || !is_forward(w, pred, at)) continue;
                w->component[pred] = root;
                members[count++] = pred;
            }
        }
        if (count == 1) continue;
        for (u32 k = 0; k < count; k++)
            if (is_entry(w, members[k])) members[entries++] = members[k];
        if (!add_dispatch(w, members, entries)) return false;
    }
    return redirect_all(w);
}

// ---- values whose definitions no longer dominate all uses ----

typedef struct Repair {
    Work *w;
    u32 count;  // of values before
    u32 *slot;  // value -> 1 + slot it goes through
    u32 *block; // value -> block it was last loaded in
    u32 *load;  // value -> that load
} Repair;

// The value to use in `block`, at `before` (0 = its end), in place of `value`.
static u32 reaching(Repair *r, u32 value, u32 block, u32 before) {
    Work *w = r->w;
    if (value >= r->count) return value;
    u32 home = ir_inst(w->function, value)->block;
    if (home == 0 || home == block || ir_dominates(&w->cfg, home, block)) return value;
    u8 type = ir_inst(w->function, value)->type;
    if (!r->slot[value]) r->slot[value] = add_slot(w, type) + 1;
    if (r->block[value] == block) return r->load[value];
    ir_at(&w->b, block);
    w->b.before = before;
    r->block[value] = block;
    return r->load[value] = ir_load(&w->b, (IrType)type, slot_address(w, r->slot[value] - 1), 0);
}

static void repair_block(Repair *r, u32 block) {
    IrFunction *function = r->w->function;
    for (u32 v = ir_block(function, block)->first; v; v = ir_inst(function, v)->next) {
        u32 count, *operands = ir_operands(function, ir_inst(function, v), &count);
        for (u32 i = 0; i < count; i++) {
            u32 now = reaching(r, operands[i], block, v);
            operands = ir_operands(function, ir_inst(function, v), &count); // instructions may have moved
            operands[i] = now;
        }
    }
    IrTerm *term = &ir_block(function, block)->term;
    if (term->value) term->value = reaching(r, term->value, block, 0);
    for (u32 e = 0, edges = ir_edge_count(term); e < edges; e++) {
        const IrEdge *edge = ir_edge_at(function, term, e);
        for (u32 i = 0; i < edge->arg_count; i++) {
            u32 *arg = &function->lists.items[edge->args + i];
            *arg = reaching(r, *arg, block, 0);
        }
    }
}

static void store_behind(Repair *r, u32 value) {
    Work *w = r->w;
    const IrInst *inst = ir_inst(w->function, value);
    u8 type = inst->type;
    u32 block = inst->block, next = inst->op == IR_OP_PARAM ? ir_block(w->function, block)->first : inst->next;
    ir_at(&w->b, block);
    w->b.before = next;
    ir_store(&w->b, (IrType)type, slot_address(w, r->slot[value] - 1), value, 0);
}

static bool repair(Work *w) {
    u32 count = w->function->insts.count;
    Repair r = {.w = w,
                .count = count,
                .slot = arena_new(w->scratch, u32, count),
                .block = arena_new(w->scratch, u32, count),
                .load = arena_new(w->scratch, u32, count)};
    if (!r.slot || !r.block || !r.load) return false;
    for (u32 i = 0; i < w->cfg.rpo_count; i++) repair_block(&r, w->cfg.rpo[i]);
    for (u32 value = 1; value < count; value++)
        if (r.slot[value]) store_behind(&r, value);
    return !w->module->arena->failed;
}

static bool open_round(Work *w) {
    Arena *scratch = w->scratch;
    u32 blocks = w->function->blocks.count;
    w->component = arena_new(scratch, u32, blocks);
    w->number = arena_new(scratch, u32, blocks);
    w->dispatch = arena_new(scratch, u32, blocks);
    w->carrier = arena_new(scratch, u32, w->function->insts.count);
    return w->component && w->number && w->dispatch && w->carrier && open_components(w);
}

bool shape_make_reducible(IrModule *module, IrFunction *function, IrCfg *cfg, Arena *scratch) {
    Work w = {
        .module = module, .function = function, .b = {.module = module, .function = function}, .scratch = scratch};
    ArenaMark mark = arena_mark(scratch);
    bool ok;
    for (u32 round = 1;; round++) {
        w.last = round == ROUNDS;
        ok = ir_cfg_build(&w.cfg, module->arena, function);
        if (!ok) break;
        if (is_reducible(&w)) {
            ok = round <= ROUNDS || repair(&w);
            break;
        }
        if (!(ok = open_round(&w))) break;
        arena_rewind(scratch, mark);
    }
    arena_rewind(scratch, mark);
    *cfg = w.cfg;
    return ok;
}
