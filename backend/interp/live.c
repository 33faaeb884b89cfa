// See live.h. One register at a time: from each use back through the predecessors until its definition.
#include "interp/live.h"

#include "ir/build.h"
#include "support/sort.h"

typedef struct Use {
    u32 block, position;
} Use;

typedef struct Builder {
    Translator *t;
    Liveness *out;
    u32 *first_use; // per register: start in uses; [register + 1] ends it
    Use *uses;
    u32 *def_block, *def_from;
    u32 *live_in, *touched; // per block: the register for which it was last marked
    u32 *until;             // per block: where the register's range in it ends, if touched
    u32 *work, *found;      // blocks to go on from; blocks touched
    u32 found_count;
    u64 budget;
    u32 block;
    bool counting;
} Builder;

static void add_use(Builder *b, u32 reg, u32 position) {
    if (b->counting) b->first_use[reg + 1]++;
    else b->uses[b->first_use[reg]++] = (Use){b->block, position};
}

static void add_edge_uses(void *context, IrEdge *edge) {
    Builder *b = context;
    u64 low, high;
    for (u32 i = 0; i < edge->arg_count; i++) {
        u32 value = value_of(b->t, b->t->function->lists.items[edge->args + i]);
        if (!b->t->registers.items[value].wide && constant_bits(b->t, value, &low, &high)) continue;
        add_use(b, value, b->t->blocks[b->block].end);
    }
}

static void add_inst_uses(Builder *b, const Inst *inst, u32 position) {
    for (u32 i = 0; i < inst->uses; i++) add_use(b, inst->use[i], position);
    for (u32 i = 0; i < inst->list_count; i++) add_use(b, b->t->lists.items[inst->list + i], position);
}

static void add_uses(Builder *b) {
    Translator *t = b->t;
    for (u32 i = 0; i < t->cfg.rpo_count; i++) {
        const BlockCode *code = &t->blocks[b->block = t->cfg.rpo[i]];
        for (u32 k = 0; k < code->count; k++) add_inst_uses(b, block_inst(t, code, k), code->begin + 1 + k);
        add_inst_uses(b, &code->term, code->end);
        // The frame is given back at a return, whatever else that reads.
        IrTerm *term = (IrTerm *)&ir_block(t->function, b->block)->term;
        if (term->kind == TERM_RETURN && t->frame) add_use(b, t->frame, code->end);
        ir_each_edge((IrFunction *)t->function, term, add_edge_uses, b);
    }
}

static bool collect_uses(Builder *b) {
    u32 registers = b->t->registers.count;
    b->first_use = arena_new(b->t->scratch, u32, registers + 2);
    if (!b->first_use) return false;
    b->first_use++; // while filling, [r] is the next free place of r; afterwards [r - 1] is its start
    b->counting = true;
    add_uses(b);
    b->first_use--;
    for (u32 i = 1; i <= registers + 1; i++) b->first_use[i] += b->first_use[i - 1];
    b->uses = arena_new(b->t->scratch, Use, b->first_use[registers + 1] + 1);
    if (!b->uses) return false;
    b->counting = false;
    b->first_use++;
    add_uses(b);
    b->first_use--;
    return true;
}

static bool number_positions(Builder *b) {
    Translator *t = b->t;
    u32 position = 0, calls = 0;
    for (u32 i = 0; i < t->cfg.rpo_count; i++) {
        BlockCode *code = &t->blocks[t->cfg.rpo[i]];
        code->begin = position;
        code->end = position + 1 + code->count;
        position = code->end + 1;
        for (u32 k = 0; k < code->count; k++) calls += block_inst(t, code, k)->op == BC_CALL;
    }
    b->out->positions = position;
    b->out->calls = arena_new(t->scratch, u32, calls + 1);
    return b->out->calls != NULL;
}

static void define_params(Builder *b, u32 params, u32 count, u32 block) {
    for (u32 i = 0; i < count; i++) {
        u32 value = b->t->function->lists.items[params + i];
        b->def_block[value] = block;
        b->def_from[value] = 2 * b->t->blocks[block].begin;
    }
}

static void find_definitions(Builder *b) {
    Translator *t = b->t;
    define_params(b, t->function->params, t->function->param_count, t->cfg.rpo[0]);
    for (u32 i = 0; i < t->cfg.rpo_count; i++) {
        u32 block = t->cfg.rpo[i];
        const BlockCode *code = &t->blocks[block];
        const IrBlock *ir = ir_block(t->function, block);
        define_params(b, ir->params, ir->param_count, block);
        for (u32 k = 0; k < code->count; k++) {
            const Inst *inst = block_inst(t, code, k);
            if (inst->op == BC_CALL) b->out->calls[b->out->call_count++] = code->begin + 1 + k;
            if (!inst->dst || inst->guard) continue;
            b->def_block[inst->dst] = block;
            b->def_from[inst->dst] = 2 * (code->begin + 1 + k) + 1;
        }
    }
}

static void touch(Builder *b, u32 reg, u32 block, u32 to) {
    if (b->touched[block] != reg) {
        b->touched[block] = reg;
        b->until[block] = 0;
        b->found[b->found_count++] = block;
    }
    if (b->until[block] < to) b->until[block] = to;
}

// Marks every block where the register is live; false when the budget is spent.
static bool walk_back(Builder *b, u32 reg) {
    Translator *t = b->t;
    u32 home = b->def_block[reg], work = 0;
    b->found_count = 0;
    for (u32 i = b->first_use[reg]; i < b->first_use[reg + 1]; i++) {
        Use use = b->uses[i];
        touch(b, reg, use.block, 2 * use.position + 1);
        if (use.block == home || b->live_in[use.block] == reg) continue;
        b->live_in[use.block] = reg;
        b->work[work++] = use.block;
    }
    while (work) {
        u32 block = b->work[--work];
        u32 start = t->cfg.pred_start[block], end = t->cfg.pred_start[block + 1];
        if (b->budget < end - start + 1) return false;
        b->budget -= end - start + 1;
        for (u32 i = start; i < end; i++) {
            u32 pred = t->cfg.preds[i];
            touch(b, reg, pred, 2 * t->blocks[pred].end + 2);
            if (pred == home || b->live_in[pred] == reg) continue;
            b->live_in[pred] = reg;
            b->work[work++] = pred;
        }
    }
    return true;
}

static bool range_before(const void *a, const void *b) { return ((const Range *)a)->from < ((const Range *)b)->from; }

static bool build_ranges(Builder *b, u32 reg) {
    Translator *t = b->t;
    RangeList *list = &b->out->ranges[reg];
    u32 home = b->def_block[reg];
    if (!home) return true; // never written: dead, folded or a constant
    bool complete = walk_back(b, reg);
    u32 count = complete && b->found_count ? b->found_count : 1;
    list->items = arena_new(t->scratch, Range, count);
    if (!list->items) return false;
    if (!complete) {
        list->items[list->count++] = (Range){0, 2 * b->out->positions};
        return true;
    }
    if (b->found_count == 0) {
        list->items[list->count++] = (Range){b->def_from[reg], b->def_from[reg] + 1};
        return true;
    }
    for (u32 i = 0; i < b->found_count; i++) {
        u32 block = b->found[i];
        u32 from = block == home ? b->def_from[reg] : 2 * t->blocks[block].begin, to = b->until[block];
        list->items[list->count++] = (Range){from, to > from ? to : from + 1};
    }
    if (!sort_items(t->scratch, list->items, list->count, sizeof(Range), range_before)) return false;
    u32 last = 0;
    for (u32 i = 1; i < list->count; i++) {
        if (list->items[i].from <= list->items[last].to) {
            if (list->items[i].to > list->items[last].to) list->items[last].to = list->items[i].to;
        } else {
            list->items[++last] = list->items[i];
        }
    }
    list->count = last + 1;
    return true;
}

bool live_build(Translator *t, Liveness *out) {
    u32 registers = t->registers.count, blocks = t->function->blocks.count;
    *out = (Liveness){.ranges = arena_new(t->scratch, RangeList, registers)};
    Builder b = {.t = t, .out = out};
    b.def_block = arena_new(t->scratch, u32, registers);
    b.def_from = arena_new(t->scratch, u32, registers);
    b.live_in = arena_new(t->scratch, u32, blocks);
    b.touched = arena_new(t->scratch, u32, blocks);
    b.until = arena_new(t->scratch, u32, blocks);
    b.work = arena_new(t->scratch, u32, blocks);
    b.found = arena_new(t->scratch, u32, blocks);
    if (!out->ranges || !b.def_block || !b.def_from || !b.live_in || !b.touched || !b.until || !b.work || !b.found)
        return false;
    if (!number_positions(&b) || !collect_uses(&b)) return false;
    find_definitions(&b);
    b.budget = 1000000 + (u64)32 * (t->insts.count + blocks);
    for (u32 reg = 1; reg < registers; reg++)
        if (!build_ranges(&b, reg)) return false;
    return true;
}
