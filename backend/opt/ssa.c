// SSA construction after Cytron et al.: parameters on the iterated dominance frontier of the definitions, then renaming
// in one walk over the dominator tree with an undo log. Variables that no block reads before it writes get no parameters;
// parameters that turn out unused are left to dead_code.
#include "opt/ssa.h"

typedef struct Link {
    u32 item, next; // in Builder.links; next 0 = end
} Link;

typedef struct Undo {
    u32 var, value, block; // variable had `value` before `block` changed it
} Undo;

typedef struct Variable {
    u32 definitions; // list of blocks that define it
    u32 last_block;  // the last one seen defining it
    u32 current;     // its value here, 0 = zero
    bool exposed;    // some block reads it before writing it
    bool stays;      // left in memory, over the budget
} Variable;

typedef struct Builder {
    Pass *pass;
    IrFunction *function;
    const IrCfg *cfg;
    const Ssa *ssa;
    VEC(Link) links; // [0] unused
    Variable *vars;
    u32 *frontier_start; // block -> first of its dominance frontier in frontier
    u32 *frontier;
    u32 *params;       // block -> list of variables that get a parameter there
    u32 *param_values; // per link of `params`: the parameter
    VEC(Undo) undo;
    u32 zero[IR_TYPE_COUNT]; // constants made for variables never written
    Forward forward;         // removed LOADs
    VEC(u32) args;           // of one edge
    u32 scanned;             // block whose reads are being noted
} Builder;

static bool push_link(Builder *b, u32 *list, u32 item) {
    if (!vec_push(b->pass->scratch, &b->links, ((Link){item, *list}))) return false;
    *list = b->links.count - 1;
    return true;
}

// Variable + 1 of a value, 0 when it has none or stays in memory.
static u32 var_of(const Builder *b, u32 value) {
    u32 var = value < b->ssa->value_count ? b->ssa->var_of[value] : 0;
    return var && !b->vars[var - 1].stays ? var : 0;
}

// ---- which variables need parameters, and where they are defined ----

static void note_read(Builder *b, u32 var, u32 block) {
    if (var && b->vars[var - 1].last_block != block) b->vars[var - 1].exposed = true;
}

static bool note_definition(Builder *b, u32 var, u32 block) {
    if (!var || b->vars[var - 1].last_block == block) return true;
    b->vars[var - 1].last_block = block;
    return push_link(b, &b->vars[var - 1].definitions, block);
}

static void note_operand(void *context, IrValue *operand) {
    Builder *b = context;
    note_read(b, var_of(b, *operand), b->scanned);
}

// Of variables in memory only these have one.
HOT_INLINE bool is_access(const IrInst *inst) { return inst->op == IR_OP_LOAD || inst->op == IR_OP_STORE; }

static bool scan_block(Builder *b, u32 id) {
    IrFunction *function = b->function;
    IrBlock *block = ir_block(function, id);
    b->scanned = id;
    for (u32 i = 0; i < block->param_count; i++)
        if (!note_definition(b, var_of(b, function->lists.items[block->params + i]), id)) return false;
    for (u32 v = block->first; v; v = ir_inst(function, v)->next) {
        IrInst *inst = ir_inst(function, v);
        if (!b->ssa->in_memory) ir_each_operand(function, inst, note_operand, b);
        else if (!is_access(inst)) continue;
        if (b->ssa->in_memory && inst->op == IR_OP_LOAD) note_read(b, var_of(b, v), id);
        else if (!note_definition(b, var_of(b, v), id)) return false;
    }
    if (!b->ssa->in_memory) ir_each_term_operand(function, &block->term, note_operand, b);
    return true;
}

static bool scan(Builder *b) {
    u32 vars = b->ssa->var_count;
    b->vars = arena_new(b->pass->scratch, Variable, vars + 1);
    if (!b->vars || !vec_push(b->pass->scratch, &b->links, (Link){0})) return false;
    for (u32 i = 0; i < b->cfg->rpo_count; i++)
        if (!scan_block(b, b->cfg->rpo[i])) return false;
    return true;
}

// ---- dominance frontiers ----

u64 ssa_frontier_size(const IrCfg *cfg, u64 limit) {
    u64 size = 0;
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        u32 block = cfg->rpo[i];
        u32 first = cfg->pred_start[block], end = cfg->pred_start[block + 1];
        if (end - first < 2) continue;
        for (u32 p = first; p < end; p++)
            for (u32 runner = cfg->preds[p]; runner != cfg->idom[block]; runner = cfg->idom[runner])
                if (++size > limit) return size;
    }
    return size;
}

// Called twice: without `fill` to count, with it to write the entries.
static void walk_frontiers(Builder *b, u32 *fill) {
    const IrCfg *cfg = b->cfg;
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        u32 block = cfg->rpo[i];
        u32 first = cfg->pred_start[block], end = cfg->pred_start[block + 1];
        if (end - first < 2) continue;
        for (u32 p = first; p < end; p++)
            for (u32 runner = cfg->preds[p]; runner != cfg->idom[block]; runner = cfg->idom[runner]) {
                if (fill) b->frontier[fill[runner]++] = block;
                else b->frontier_start[runner + 1]++;
            }
    }
}

static bool build_frontiers(Builder *b) {
    u32 blocks = b->function->blocks.count;
    b->frontier_start = arena_new(b->pass->scratch, u32, blocks + 1);
    u32 *fill = arena_room(b->pass->scratch, u32, blocks + 1);
    if (!b->frontier_start || !fill) return false;
    walk_frontiers(b, NULL);
    for (u32 i = 1; i <= blocks; i++) b->frontier_start[i] += b->frontier_start[i - 1];
    mem_copy(fill, b->frontier_start, (blocks + 1) * sizeof(u32));
    b->frontier = arena_room(b->pass->scratch, u32, b->frontier_start[blocks] + 1);
    if (!b->frontier) return false;
    walk_frontiers(b, fill);
    return true;
}

// ---- parameters ----

static bool place_params(Builder *b) {
    u32 blocks = b->function->blocks.count;
    b->params = arena_new(b->pass->scratch, u32, (size_t)blocks * 4);
    if (!b->params) return false;
    u32 *placed = b->params + blocks, *work = placed + blocks, *found = work + blocks;
    u64 spent = 0;
    for (u32 var = 0; var < b->ssa->var_count; var++) {
        if (!b->vars[var].exposed) continue;
        u32 depth = 0, found_count = 0;
        // placed[block] = 2 * variable + 1: on the work list; + 2: has a parameter too.
        for (u32 link = b->vars[var].definitions; link; link = b->links.items[link].next) {
            u32 block = b->links.items[link].item;
            placed[block] = 2 * var + 1;
            work[depth++] = block;
        }
        while (depth) {
            u32 block = work[--depth];
            u32 first = b->frontier_start[block], end = b->frontier_start[block + 1];
            spent += 1 + end - first;
            for (u32 i = first; i < end; i++) {
                u32 join = b->frontier[i];
                if (placed[join] == 2 * var + 2) continue;
                if (placed[join] != 2 * var + 1) work[depth++] = join;
                placed[join] = 2 * var + 2;
                found[found_count++] = join;
            }
        }
        if (b->ssa->budget && spent > b->ssa->budget) {
            b->vars[var].stays = true;
            continue;
        }
        for (u32 i = 0; i < found_count; i++)
            if (!push_link(b, &b->params[found[i]], var)) return false;
    }
    return true;
}

static bool make_params(Builder *b) {
    Pass *pass = b->pass;
    IrFunction *function = b->function;
    b->param_values = arena_new(pass->scratch, u32, b->links.count);
    if (!b->param_values) return false;
    for (u32 i = 0; i < b->cfg->rpo_count; i++) {
        u32 id = b->cfg->rpo[i];
        u32 added = 0;
        for (u32 link = b->params[id]; link; link = b->links.items[link].next) added++;
        if (!added) continue;
        IrBlock *block = ir_block(function, id);
        u32 old = block->param_count;
        if (!vec_reserve(pass->module->arena, &function->lists, old + added)) return false;
        u32 start = function->lists.count;
        mem_copy(function->lists.items + start, function->lists.items + block->params, old * sizeof(u32));
        function->lists.count += old + added;
        u32 at = old;
        for (u32 link = b->params[id]; link; link = b->links.items[link].next, at++) {
            u8 type = b->ssa->types[b->links.items[link].item];
            IrInst inst = {.op = IR_OP_PARAM, .type = type, .args = {at}, .block = id};
            if (!vec_push(pass->module->arena, &function->insts, inst)) return false;
            function->lists.items[start + at] = b->param_values[link] = function->insts.count - 1;
        }
        block->params = start;
        block->param_count = at;
    }
    return true;
}

// ---- renaming ----

static bool define(Builder *b, u32 var, u32 value, u32 block) {
    if (!vec_push(b->pass->scratch, &b->undo, ((Undo){var, b->vars[var].current, block}))) return false;
    b->vars[var].current = value;
    return true;
}

static u32 current(Builder *b, u32 var) {
    if (b->vars[var].current) return b->vars[var].current;
    IrType type = (IrType)b->ssa->types[var];
    if (!b->zero[type]) b->zero[type] = opt_entry_const(b->pass, type, 0);
    return b->zero[type];
}

static u32 renamed(Builder *b, u32 value) {
    if (value < b->forward.count && b->forward.to[value]) value = opt_resolve(&b->forward, value);
    u32 var = b->ssa->in_memory ? 0 : var_of(b, value);
    return var ? current(b, var - 1) : value;
}

static bool rename_inst(Builder *b, u32 value, u32 block) {
    IrFunction *function = b->function;
    u32 count, *operands = ir_operands_in_place(function, ir_inst(function, value), &count);
    for (u32 i = 0; i < count; i++) {
        u32 operand = operands[i];
        if (b->ssa->in_memory && (operand >= b->forward.count || !b->forward.to[operand])) continue;
        u32 now = renamed(b, operand);
        if (now == operand) continue;
        operands = ir_operands(function, ir_inst(function, value), &count); // a new constant may have moved the list
        operands[i] = now;
    }
    if (b->ssa->in_memory && !is_access(ir_inst(function, value))) return true;
    u32 var = var_of(b, value);
    if (!var) return true;
    if (!b->ssa->in_memory) return define(b, var - 1, value, block);
    if (ir_inst(function, value)->op == IR_OP_LOAD) {
        u32 now = current(b, var - 1);
        opt_replace(&b->forward, value, now);
        ir_remove(function, value);
        return now != 0;
    }
    u32 stored = ir_inst(function, value)->args[1];
    ir_remove(function, value);
    return define(b, var - 1, stored, block);
}

static bool rename_term(Builder *b, u32 id) {
    IrFunction *function = b->function;
    u32 value = ir_block(function, id)->term.value;
    if (value) {
        value = renamed(b, value);
        ir_block(function, id)->term.value = value;
    }
    u32 edges = ir_edge_count(&ir_block(function, id)->term);
    for (u32 e = 0; e < edges; e++) {
        IrEdge edge = *ir_edge_at(function, &ir_block(function, id)->term, e);
        for (u32 i = 0; i < edge.arg_count; i++) {
            u32 now = renamed(b, function->lists.items[edge.args + i]);
            function->lists.items[edge.args + i] = now;
        }
        b->args.count = 0;
        for (u32 link = b->params[edge.target]; link; link = b->links.items[link].next)
            if (!vec_push(b->pass->scratch, &b->args, current(b, b->links.items[link].item))) return false;
        if (!opt_extend_edge(b->pass, &edge, b->args.items, b->args.count)) return false;
        *ir_edge_at(function, &ir_block(function, id)->term, e) = edge;
    }
    return true;
}

static bool rename_block(Builder *b, u32 id) {
    IrFunction *function = b->function;
    IrBlock *block = ir_block(function, id);
    for (u32 link = b->params[id]; link; link = b->links.items[link].next)
        if (!define(b, b->links.items[link].item, b->param_values[link], id)) return false;
    // Behind the new ones: a parameter that defines a variable itself is what is read here, also where paths meet that
    // come from other definitions (cycles with several entries).
    for (u32 i = 0; i < block->param_count; i++) {
        u32 param = function->lists.items[block->params + i], var = var_of(b, param);
        if (var && !define(b, var - 1, param, id)) return false;
    }
    for (u32 v = block->first, next; v; v = next) {
        next = ir_inst(function, v)->next;
        if (!rename_inst(b, v, id)) return false;
    }
    return rename_term(b, id);
}

static bool rename_all(Builder *b) {
    u32 *order = opt_dominator_preorder(b->cfg, b->pass->scratch, b->function->blocks.count);
    if (!order || !opt_forward_init(b->pass, &b->forward)) return false;
    for (u32 i = 0; i < b->cfg->rpo_count; i++) {
        // What blocks outside the path from the entry to this one defined does not hold here.
        while (b->undo.count && !ir_dominates(b->cfg, b->undo.items[b->undo.count - 1].block, order[i])) {
            const Undo *last = &b->undo.items[--b->undo.count];
            b->vars[last->var].current = last->value;
        }
        if (!rename_block(b, order[i])) return false;
    }
    return true;
}

bool ssa_construct(Pass *pass, const IrCfg *cfg, const Ssa *ssa) {
    Builder b = {.pass = pass, .function = pass->function, .cfg = cfg, .ssa = ssa};
    return scan(&b) && build_frontiers(&b) && place_params(&b) && make_params(&b) && rename_all(&b) && pass_ok(pass);
}
