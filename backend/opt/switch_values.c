// A switch over neighbouring numbers all of which lead to one place, and only choose numbers for it, becomes arithmetic: a sum
// where the numbers grow by one, else a row of them in one constant, of which a shift gets one. What is left to be predicted
// is whether it is one of the cases, which it nearly always is.
// Needs: nothing. Keeps: blocks.
#include "opt/pass.h"

enum { ROW_BITS = 64, CASES_MOST = ROW_BITS, CONSTS_MOST = 8 };

typedef struct Chooser {
    Pass *pass;
    IrBuilder b;
    IrTerm term;
    const IrCase *cases;
    u64 low; // the least of them
} Chooser;

// How an argument comes about: it is always `same` (else 0), base + number (`bits` 0), or row >> number * bits.
typedef struct Formula {
    IrType type;
    IrValue same;
    u32 bits;
    u64 base, row;
} Formula;

// Where a case leads. A block on the way that only makes a few constants and jumps is looked through, if another case goes
// around it: then it dominates nothing, and its constants are seen behind it as arguments only.
static const IrEdge *edge_of(const Chooser *c, u32 i) {
    const IrFunction *function = c->b.function;
    const IrEdge *edge = &c->cases[i].edge;
    const IrBlock *block = ir_block(function, edge->target);
    u32 last = c->term.case_count - 1;
    bool shared = edge->target == c->cases[0].edge.target && edge->target == c->cases[last].edge.target;
    if (shared || block->term.kind != TERM_JUMP || edge->arg_count) return edge;
    u32 v = block->first;
    for (u32 left = CONSTS_MOST; v && left && ir_inst(function, v)->op == IR_OP_CONST; left--)
        v = ir_inst(function, v)->next;
    return v ? edge : &block->term.then;
}

// Whether all numbers from `low` on are cases, once each, and lead to one place.
static bool is_row(Chooser *c) {
    u64 seen = 0;
    u32 target = edge_of(c, 0)->target;
    c->low = ~(u64)0;
    for (u32 i = 0; i < c->term.case_count; i++)
        if (c->cases[i].low < c->low) c->low = c->cases[i].low;
    for (u32 i = 0; i < c->term.case_count; i++) {
        u64 number = c->cases[i].low - c->low;
        if (number >= c->term.case_count || edge_of(c, i)->target != target) return false;
        if (seen >> number & 1) return false;
        seen |= (u64)1 << number;
    }
    return true;
}

static IrValue argument(const Chooser *c, u32 i, u32 index) {
    return c->b.function->lists.items[edge_of(c, i)->args + index];
}

static bool find_formula(const Chooser *c, u32 index, Formula *formula) {
    const IrFunction *function = c->b.function;
    IrValue first = argument(c, 0, index);
    IrType type = (IrType)ir_inst(function, first)->type;
    bool same = true, next = type != IR_BOOL, small = type == IR_BOOL || (ir_is_int(type) && ir_bits(type) <= 64);
    u64 all = 0;
    *formula = (Formula){.type = type};
    for (u32 i = 0; i < c->term.case_count; i++) {
        IrValue value = argument(c, i, index);
        small &= opt_is_const(function, value);
        u64 number = (u64)opt_const_bits(function, value), base = number - (c->cases[i].low - c->low);
        same &= value == first || (small && number == (u64)opt_const_bits(function, first));
        if (i == 0) formula->base = base;
        next &= base == formula->base;
        all |= number;
    }
    if (same) formula->same = first;
    if (same || (next && small)) return true;
    formula->bits = 1;
    while (formula->bits < 64 && all >> formula->bits) formula->bits *= 2;
    if (!small || formula->bits * c->term.case_count > ROW_BITS) return false;
    for (u32 i = 0; i < c->term.case_count; i++)
        formula->row |= (u64)opt_const_bits(function, argument(c, i, index))
                        << (c->cases[i].low - c->low) * formula->bits;
    return true;
}

// Nothing where it would change nothing.
static IrValue put_with(IrBuilder *b, IrOp op, IrType type, IrValue value, u64 number, u64 neutral) {
    return number == neutral ? value : ir_binary(b, op, type, value, ir_const(b, type, (i64)number));
}

static IrValue write_formula(Chooser *c, const Formula *formula, IrType from, IrValue number) {
    IrBuilder *b = &c->b;
    IrValue same = formula->same;
    if (same && !opt_is_const(b->function, same)) return same;
    if (same) return opt_entry_const(c->pass, formula->type, opt_const_bits(b->function, same));
    IrType type = formula->bits ? IR_U64 : formula->type;
    IrValue value = ir_convert(b, type, from, number);
    if (!formula->bits) return put_with(b, IR_OP_ADD, type, value, formula->base, 0);
    value = put_with(b, IR_OP_MUL, type, value, formula->bits, 1);
    value = ir_binary(b, IR_OP_SHR, type, ir_const(b, type, (i64)formula->row), value);
    value = ir_binary(b, IR_OP_AND, type, value, ir_const(b, type, (i64)(~(u64)0 >> (64 - formula->bits))));
    return ir_convert(b, formula->type, type, value);
}

static bool write(Chooser *c) {
    IrBuilder *b = &c->b;
    IrType given = (IrType)ir_inst(b->function, c->term.value)->type;
    IrType type = ir_is_signed(given) ? given - IR_I8 + IR_U8 : given;
    IrEdge then = *edge_of(c, 0);
    IrValue number = ir_convert(b, type, given, c->term.value);
    number = put_with(b, IR_OP_SUB, type, number, c->low, 0);
    u32 *args = arena_room(c->pass->scratch, u32, then.arg_count + 1);
    if (!args) return false;
    for (u32 i = 0; i < then.arg_count; i++) {
        Formula formula;
        (void)find_formula(c, i, &formula);
        args[i] = write_formula(c, &formula, type, number);
    }
    IrValue among = ir_compare(b, IR_OP_LT, type, number, ir_const(b, type, c->term.case_count));
    ir_branch(b, among, ir_edge(b, then.target, args, then.arg_count), c->term.other);
    return true;
}

static bool convert(Pass *pass, u32 block) {
    Chooser c = {.pass = pass, .term = ir_block(pass->function, block)->term};
    if (c.term.kind != TERM_SWITCH || c.term.case_count < 2 || c.term.case_count > CASES_MOST) return true;
    if (ir_bits((IrType)ir_inst(pass->function, c.term.value)->type) > 64) return true;
    c.b = (IrBuilder){.module = pass->module, .function = pass->function, .block = block, .site = c.term.site};
    c.cases = pass->function->cases.items + c.term.first_case;
    if (!is_row(&c)) return true;
    Formula formula;
    for (u32 i = 0; i < edge_of(&c, 0)->arg_count; i++)
        if (!find_formula(&c, i, &formula)) return true;
    pass->outcome = CHANGED;
    opt_graph_changed(pass);
    return write(&c) && pass_ok(pass);
}

bool opt_switch_values(Pass *pass) {
    pass->outcome = UNCHANGED;
    for (u32 b = 1; b < pass->function->blocks.count; b++)
        if (!convert(pass, b)) return false;
    return true;
}
