// Finds row indices that are always within bounds and addresses that are never null, and marks them (IrInst.flags), so
// that generated code does not check again, and signed divisions without negative operands; decides comparisons. What is known is a range for each value: from the operation that computes it, from
// conditions on the way to a block, and from checks that were passed before.
// Parameters of a loop's head start with the range of what enters the loop; when what a turn passes on leaves it, the
// bound concerned is given up and the walk is done again. When nothing leaves its range any more, one more walk changes the code.
// Needs: nothing. Keeps: blocks.
#include "opt/range.h"

#include "opt/pass.h"
#include "support/map.h"

enum {
    WALKS = 6, // the last of them takes nothing for granted
    DEPTH = 4  // operations looked back through
};

typedef struct Fact {
    u32 value, block;
    u32 below; // 0, or the fact is that `value` is not below this one
    Range before;
} Fact;

typedef struct Checks {
    Pass *pass;
    IrFunction *function;
    IrCfg cfg;
    u32 count;      // values before the pass
    Range *range;   // value -> what is known of it at the place of the walk
    Range *arrives; // parameter of a block -> all that its edges have passed so far in this walk
    bool *arrived;
    Range *assumed; // parameter of a loop's head -> what it is taken to be in this walk
    VEC(Fact) facts;
    Map orders; // a and b of the facts that a >= b + gap -> gap, 0 or 1; MAP_NONE where it is no fact now
    u32 block;
    bool blind;     // parameters of loops' heads may be anything
    bool last;      // the walk that changes the code
    bool useful;    // something to change was found in this walk
    bool hopeful;   // a walk that takes more for granted has found something, or a condition that never holds
    bool subtracts; // there are differences, which orders tell of
} Checks;

// ---- what is known ----

static bool is_ranged(u8 op) {
    return (op >= IR_OP_ADD && op <= IR_OP_SHR) || op == IR_OP_CONVERT || op == IR_OP_SELECT;
}

static Range const_range(const IrFunction *function, IrValue value, IrType type) {
    i128 number = (i128)opt_const_bits(function, value);
    bool fits = ir_is_int(type) && number < INT64_MAX && number > (ir_is_signed(type) ? INT64_MIN : -1);
    return fits ? (Range){(i64)number, (i64)number} : range_of_type(type);
}

static Range start_range(const Checks *c, IrValue value) {
    const IrInst *inst = ir_inst(c->function, value);
    IrType type = (IrType)inst->type;
    switch (inst->op) {
    case IR_OP_CONST: return const_range(c->function, value, type);
    case IR_OP_SLOT_ADDR:
    case IR_OP_DATA_ADDR:
    case IR_OP_INDEX:
    case IR_OP_FIELD_ADDR: return (Range){1, INT64_MAX};
    default: return range_of_type(type);
    }
}

static u64 order_key(IrValue above, IrValue below) { return (u64)above << 32 | below; }

// x - y, or (x - 1) - y, where a fact says that it does not fall below 0.
static Range difference(const Checks *c, const IrInst *inst, Range a, Range b, Range known) {
    IrType type = (IrType)inst->type;
    const IrInst *x = ir_inst(c->function, inst->args[0]);
    u32 gap = map_get(&c->orders, order_key(inst->args[0], inst->args[1]));
    if (gap == MAP_NONE && x->op == IR_OP_ADD && opt_is_const(c->function, x->args[1]) &&
        const_range(c->function, x->args[1], type).high == -1) {
        gap = map_get(&c->orders, order_key(x->args[0], inst->args[1]));
        gap = gap == 1 ? 0 : MAP_NONE;
    }
    // The true difference must fit, so that it did not wrap.
    i64 high;
    if (gap == MAP_NONE || a.high == INT64_MAX || b.low == INT64_MIN) return known;
    if (add_overflows(a.high, -b.low, &high) || high > range_of_type(type).high) return known;
    return range_meet(known, (Range){gap, high});
}

// A constant that is added to an unsigned number, as what it takes away: x - 1 is x + (2^bits - 1) here.
static Range step_back(const IrFunction *function, IrValue value, IrType type) {
    u128 least = (u128)1 << (ir_bits(type) - 1), bits = opt_const_bits(function, value);
    bool back = opt_is_const(function, value) && !ir_is_signed(type) && ir_bits(type) <= 64 && bits > least;
    i64 step = back ? -(i64)(2 * least - bits) : 0;
    return (Range){step, step};
}

// What the operation says, with operands as they are known here. No deeper than `depth` operations.
static Range range_at(const Checks *c, IrValue value, u32 depth) {
    const IrInst *inst = ir_inst(c->function, value);
    Range known = c->range[value];
    if (depth == 0 || !is_ranged(inst->op) || !ir_is_int((IrType)inst->type)) return known;
    bool select = inst->op == IR_OP_SELECT;
    Range a = range_at(c, inst->args[select], depth - 1);
    if (inst->op == IR_OP_CONVERT)
        return range_meet(known, range_convert((IrType)inst->type, (IrType)inst->arg_type, a));
    Range b = inst->op == IR_OP_NEG ? a : range_at(c, inst->args[1 + select], depth - 1);
    known = range_meet(known, select ? range_join(a, b) : range_binary((IrOp)inst->op, (IrType)inst->type, a, b));
    // Without a carry or with one, both of which tell only where all of `a` fits.
    if (inst->op == IR_OP_ADD) {
        b = step_back(c->function, inst->args[1], (IrType)inst->type);
        if (b.low) known = range_meet(known, range_binary(IR_OP_ADD, (IrType)inst->type, a, b));
    }
    return inst->op == IR_OP_SUB ? difference(c, inst, a, b, known) : known;
}

// `known`: what range_at says of it.
static bool learn(Checks *c, IrValue value, Range known, Range range, u32 depth) {
    if (opt_is_const(c->function, value)) return true;
    Range before = c->range[value], now = range_meet(known, range);
    c->hopeful |= known.low > range.high || known.high < range.low;
    if (!vec_push(c->pass->scratch, &c->facts, ((Fact){value, c->block, 0, before}))) return false;
    c->range[value] = now;
    const IrInst *inst = ir_inst(c->function, value);
    if (depth == 0 || !ir_is_int((IrType)inst->type)) return true;
    // Back through what keeps the number, or moves it without a carry. (In 128 bits it may lie beyond what ranges tell.)
    if (inst->op == IR_OP_CONVERT && ir_is_int((IrType)inst->arg_type)) {
        Range from = range_at(c, inst->args[0], DEPTH),
              to = range_convert((IrType)inst->type, (IrType)inst->arg_type, from);
        if (ir_bits((IrType)inst->arg_type) <= 64 && to.low == from.low && to.high == from.high)
            return learn(c, inst->args[0], from, now, depth - 1);
    }
    if (inst->op == IR_OP_ADD && opt_is_const(c->function, inst->args[1])) {
        Range x = range_at(c, inst->args[0], DEPTH), step = range_at(c, inst->args[1], 0), sum;
        Range all = range_of_type((IrType)inst->type);
        Range back = step_back(c->function, inst->args[1], (IrType)inst->type);
        if (back.low) step = back;
        if (add_overflows(x.low, step.low, &sum.low) || add_overflows(x.high, step.low, &sum.high)) return true;
        if (step.low != step.high || !range_within(sum, all)) return true;
        return learn(c, inst->args[0], x, range_binary(IR_OP_SUB, (IrType)inst->type, now, step), depth - 1);
    }
    return true;
}

// a >= b + gap.
static bool learn_order(Checks *c, IrValue a, IrValue b, u32 gap) {
    if (!c->subtracts) return true;
    u32 before = map_get(&c->orders, order_key(a, b));
    if (before != MAP_NONE && before >= gap) return true;
    return vec_push(c->pass->scratch, &c->facts, ((Fact){a, c->block, b, {before, 0}})) &&
           map_set(c->pass->scratch, &c->orders, order_key(a, b), gap);
}

// -1 when the ranges do not tell whether `a op b` holds.
static i32 decide(IrOp op, Range a, Range b) {
    switch (op) {
    case IR_OP_EQ:
        if (a.low == a.high && b.low == b.high && a.low == b.low && a.low != INT64_MIN && a.low != INT64_MAX) return 1;
        return a.high < b.low || b.high < a.low ? 0 : -1;
    case IR_OP_LT: return a.high < b.low ? 1 : a.low >= b.high && b.high != INT64_MAX && a.low != INT64_MIN ? 0 : -1;
    case IR_OP_GT: return decide(IR_OP_LT, b, a);
    default: {
        i32 negated = decide(range_negated(op), a, b);
        return negated < 0 ? negated : !negated;
    }
    }
}

static bool learn_condition(Checks *c, IrValue condition, bool holds, u32 depth) {
    const IrInst *inst = ir_inst(c->function, condition);
    IrValue left = inst->args[0], right = inst->args[1];
    if (depth == 0) return true;
    if (inst->op == (holds ? IR_OP_AND : IR_OP_OR))
        return learn_condition(c, left, holds, depth - 1) && learn_condition(c, right, holds, depth - 1);
    if (!ir_is_compare(inst->op) || !ir_is_int((IrType)inst->arg_type)) return true;
    Range a = range_at(c, left, DEPTH), b = range_at(c, right, DEPTH), known = a;
    IrOp op = holds ? (IrOp)inst->op : range_negated((IrOp)inst->op);
    c->hopeful |= decide(op, a, b) == 0;
    range_compare(op, &a, &b);
    bool greater = op == IR_OP_GE || op == IR_OP_GT, less = op == IR_OP_LE || op == IR_OP_LT;
    if ((greater || less) &&
        !learn_order(c, less ? right : left, less ? left : right, op == IR_OP_LT || op == IR_OP_GT))
        return false;
    if (!learn(c, left, known, a, DEPTH)) return false;
    return opt_is_const(c->function, right) || learn(c, right, range_at(c, right, DEPTH), b, DEPTH);
}

static void forget(Checks *c, u32 kept) {
    while (c->facts.count > kept) {
        const Fact *fact = &c->facts.items[--c->facts.count];
        if (!fact->below) c->range[fact->value] = fact->before;
        else if (!map_set(c->pass->scratch, &c->orders, order_key(fact->value, fact->below), (u32)fact->before.low))
            return; // memory is out, which the arena remembers
    }
}

// ---- what it is good for ----

static void decide_comparison(Checks *c, IrValue value) {
    const IrInst *inst = ir_inst(c->function, value);
    if (!ir_is_compare(inst->op) || !ir_is_int((IrType)inst->arg_type)) return;
    i32 holds = decide((IrOp)inst->op, range_at(c, inst->args[0], DEPTH), range_at(c, inst->args[1], DEPTH));
    if (holds < 0) return;
    c->useful = c->hopeful = true;
    if (c->last) opt_become_const(c->function, value, (u32)holds);
}

static bool not_null(Checks *c, u8 *flags, IrValue address) {
    if (c->range[address].low > 0) return true;
    *flags &= (u8)~INST_NOT_NULL;
    return learn(c, address, c->range[address], (Range){1, INT64_MAX}, 0);
}

// A row that was moved (PTR_MOVE) is indexed from where it stands: then passing the check says nothing of the index alone.
static bool never_moved(u8 op) { return op == IR_OP_SLOT_ADDR || op == IR_OP_INDEX || op == IR_OP_HEAP_ALLOC; }

// The instruction's flags by what is known before it; then it has passed its own checks.
static bool find_flags(Checks *c, const IrInst *inst, u8 *flags) {
    switch (ir_op_info[inst->op].shape) {
    case SHAPE_INDEX: {
        Range index = range_at(c, inst->args[1], DEPTH), row = {0, inst->args[3] ? (i64)inst->args[3] - 1 : UINT32_MAX};
        *flags = INST_NOT_NULL;
        if (!not_null(c, flags, inst->args[0])) return false;
        if (inst->args[3] && *flags && range_within(index, row)) *flags |= INST_IN_BOUNDS;
        return !never_moved(ir_inst(c->function, inst->args[0])->op) || learn(c, inst->args[1], index, row, DEPTH);
    }
    case SHAPE_FIELD:
    case SHAPE_LOAD:
    case SHAPE_STORE:
    case SHAPE_FILL: *flags = INST_NOT_NULL; return not_null(c, flags, inst->args[0]);
    case SHAPE_COPY:
        *flags = INST_NOT_NULL;
        return not_null(c, flags, inst->args[0]) && not_null(c, flags, inst->args[1]);
    case SHAPE_VV:
        if ((inst->op != IR_OP_DIV && inst->op != IR_OP_REM) || !ir_is_signed((IrType)inst->type)) return true;
        *flags = range_at(c, inst->args[0], DEPTH).low >= 0 && range_at(c, inst->args[1], DEPTH).low >= 0
                     ? INST_NOT_NEGATIVE
                     : 0;
        return true;
    default: return true;
    }
}

// ---- the walk ----

static bool is_head(const Checks *c, u32 block) { return c->cfg.loop_head[block] == block; }

// Adds what an edge passes to what arrives at its target.
static void pass_on(Checks *c, const IrEdge *edge) {
    const u32 *lists = c->function->lists.items, *params = lists + ir_block(c->function, edge->target)->params;
    for (u32 i = 0; i < edge->arg_count; i++) {
        Range range = range_at(c, lists[edge->args + i], DEPTH);
        c->arrives[params[i]] = c->arrived[params[i]] ? range_join(c->arrives[params[i]], range) : range;
        c->arrived[params[i]] = true;
    }
}

static bool leave_block(Checks *c, u32 id) {
    IrTerm *term = &ir_block(c->function, id)->term;
    u32 edges = ir_edge_count(term), kept = c->facts.count;
    for (u32 e = 0; e < edges; e++) {
        const IrEdge *edge = ir_edge_at(c->function, term, e);
        if (edge->arg_count == 0) continue;
        if (term->kind == TERM_BRANCH && !learn_condition(c, term->value, e == 0, DEPTH)) return false;
        pass_on(c, edge);
        forget(c, kept);
    }
    return true;
}

static void enter_params(Checks *c, u32 id) {
    const IrBlock *block = ir_block(c->function, id);
    bool irregular = false; // an edge that comes later in the walk, but not from within a loop of this head
    for (u32 p = c->cfg.pred_start[id]; p < c->cfg.pred_start[id + 1]; p++)
        irregular |= c->cfg.order[c->cfg.preds[p]] >= c->cfg.order[id] && !ir_dominates(&c->cfg, id, c->cfg.preds[p]);
    for (u32 i = 0; i < block->param_count; i++) {
        IrValue param = c->function->lists.items[block->params + i];
        Range range = c->arrived[param] && !irregular ? c->arrives[param] : start_range(c, param);
        if (is_head(c, id)) {
            range = c->blind ? start_range(c, param) : range_join(range, c->assumed[param]);
            c->assumed[param] = range;
        }
        c->range[param] = range;
    }
}

// What the only edge into a block says; those of its own loop come back with that still true.
static bool enter_by_branch(Checks *c, u32 id) {
    u32 only = 0;
    for (u32 p = c->cfg.pred_start[id]; p < c->cfg.pred_start[id + 1]; p++) {
        u32 pred = c->cfg.preds[p];
        if (ir_dominates(&c->cfg, id, pred)) continue;
        if (only) return true;
        only = pred;
    }
    const IrTerm *term = &ir_block(c->function, only)->term;
    if (!only || term->kind != TERM_BRANCH || term->then.target == term->other.target) return true;
    return learn_condition(c, term->value, term->then.target == id, DEPTH);
}

static bool walk_block(Checks *c, u32 id) {
    u32 kept = c->facts.count;
    while (kept && !ir_dominates(&c->cfg, c->facts.items[kept - 1].block, id)) kept--;
    forget(c, kept);
    c->block = id;
    enter_params(c, id);
    if (!enter_by_branch(c, id)) return false;
    for (u32 v = ir_block(c->function, id)->first; v; v = ir_inst(c->function, v)->next) {
        IrInst *inst = ir_inst(c->function, v);
        if (inst->op == IR_OP_CONST) continue; // stays as it was at the start
        c->range[v] = start_range(c, v);
        if (is_ranged(inst->op)) c->range[v] = range_at(c, v, 1);
        decide_comparison(c, v);
        u8 flags = inst->flags;
        bool is_guard = inst->op == IR_OP_GUARD;
        if (is_guard ? !learn_condition(c, inst->args[0], true, DEPTH) : !find_flags(c, inst, &flags)) return false;
        c->hopeful |= flags != 0;
        if (flags == inst->flags) continue;
        c->useful = c->hopeful = true;
        if (c->last) inst->flags = flags;
    }
    return leave_block(c, id);
}

// True when every parameter of a loop's head was given only what it was taken for; gives up bounds otherwise.
static bool is_stable(Checks *c) {
    bool stable = true;
    for (u32 i = 0; i < c->cfg.rpo_count; i++) {
        const IrBlock *block = ir_block(c->function, c->cfg.rpo[i]);
        for (u32 k = 0; is_head(c, c->cfg.rpo[i]) && k < block->param_count; k++) {
            IrValue param = c->function->lists.items[block->params + k];
            Range all = start_range(c, param), came = c->arrives[param], *assumed = &c->assumed[param];
            if (range_within(came, *assumed)) continue;
            if (came.low < assumed->low) assumed->low = came.low >= 0 ? 0 : all.low;
            if (came.high > assumed->high) assumed->high = all.high;
            stable = false;
        }
    }
    return stable;
}

// Takes parameters of loops' heads for no more than what they were given; true when that is less than before.
static bool narrow(Checks *c) {
    bool narrowed = false;
    for (u32 i = 0; i < c->cfg.rpo_count; i++) {
        const IrBlock *block = ir_block(c->function, c->cfg.rpo[i]);
        for (u32 k = 0; is_head(c, c->cfg.rpo[i]) && k < block->param_count; k++) {
            IrValue param = c->function->lists.items[block->params + k];
            narrowed |= !range_within(c->assumed[param], c->arrives[param]);
            c->assumed[param] = c->arrives[param];
        }
    }
    return narrowed;
}

static bool walk(Checks *c, const u32 *order) {
    forget(c, 0);
    c->useful = false;
    mem_zero(c->arrived, c->count * sizeof(bool));
    for (u32 i = 0; i < c->cfg.rpo_count; i++)
        if (!walk_block(c, order[i])) return false;
    return true;
}

bool opt_bounds_checks(Pass *pass) {
    IrFunction *function = pass->function;
    Checks c = {.pass = pass, .function = function};
    if (!opt_graph(pass, &c.cfg)) return false;
    u32 count = c.count = function->insts.count;
    c.range = arena_room(pass->scratch, Range, count);
    c.arrives = arena_new(pass->scratch, Range, count);
    c.assumed = arena_room(pass->scratch, Range, count);
    c.arrived = arena_new(pass->scratch, bool, count);
    u32 *order = opt_dominator_preorder(&c.cfg, pass->scratch, function->blocks.count);
    if (!c.range || !c.arrives || !c.assumed || !c.arrived || !order) return false;
    for (u32 i = 0; i < count; i++) {
        u8 op = ir_inst(function, i)->op;
        c.subtracts |= op == IR_OP_SUB;
        if (op != IR_OP_CONST && op != IR_OP_PARAM) continue; // the walk finds what is computed before what uses it
        c.range[i] = start_range(&c, i);
        c.assumed[i] = (Range){INT64_MAX, INT64_MIN}; // nothing yet
    }
    bool stable = false, narrowed = false;
    for (u32 i = 1; i < WALKS && !stable; i++) {
        if (!walk(&c, order)) return false;
        // Parameters of loops' heads are more from here on, so that there is less to know.
        if (!c.hopeful) {
            pass->outcome = UNCHANGED;
            return pass_ok(pass);
        }
        stable = is_stable(&c);
        if (stable && !narrowed && i + 1 < WALKS) stable = !(narrowed = narrow(&c));
    }
    // What was walked through last is what would be again.
    if (!stable || c.useful) {
        c.blind = !stable;
        c.last = true;
        if (!walk(&c, order)) return false;
    }
    if (!c.useful) pass->outcome = UNCHANGED;
    return pass_ok(pass);
}
