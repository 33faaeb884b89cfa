// A switch over neighbouring numbers all of which lead to one place, and only choose numbers for it, becomes arithmetic: a sum
// where the numbers grow by one, else a row of them in one constant, of which a shift gets one, or in constant data. Of
// many cases some neighbours may be missing: the bits of a constant tell which. What is left to be predicted is whether it
// is one of the cases, which it nearly always is.
// Needs: nothing. Keeps: blocks.
#include "opt/pass.h"

enum {
    ROW_BITS = 64,
    SPAN_MOST = ROW_BITS, // numbers from the least case to the largest
    GAPS_FROM = 4,        // cases
    BYTES_EACH = 8,       // of data for a case; its jump and constant take about as many
    DATA_START = 4,       // of a data item, which begins with its length
    CONSTS_MOST = 8
};

typedef struct Chooser {
    Pass *pass;
    IrBuilder b;
    IrTerm term;
    const IrCase *cases;
    u64 low;        // the least of them
    u64 seen;       // bit n: low + n is one
    u32 span;       // bits of these
    IrValue number; // the switch's own, counted from `low`
    IrType type;    // of that
} Chooser;

// How an argument comes about: it is always `same` (else 0), an `element` of data (else void), base + number (`bits` 0), or
// row >> number * bits.
typedef struct Formula {
    IrType type, element;
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

// Whether the cases, none of them twice, lead to one place, and are all numbers from `low` on or lie closely.
static bool is_row(Chooser *c) {
    u32 target = edge_of(c, 0)->target;
    c->low = ~(u64)0;
    for (u32 i = 0; i < c->term.case_count; i++)
        if (c->cases[i].low < c->low) c->low = c->cases[i].low;
    for (u32 i = 0; i < c->term.case_count; i++) {
        u64 number = c->cases[i].low - c->low;
        if (number >= SPAN_MOST || c->seen >> number & 1 || edge_of(c, i)->target != target) return false;
        c->seen |= (u64)1 << number;
        if (number >= c->span) c->span = (u32)number + 1;
    }
    return c->span == c->term.case_count || c->term.case_count >= GAPS_FROM;
}

static IrValue argument(const Chooser *c, u32 i, u32 index) {
    return c->b.function->lists.items[edge_of(c, i)->args + index];
}

static bool find_formula(const Chooser *c, u32 index, Formula *formula) {
    const IrFunction *function = c->b.function;
    IrValue first = argument(c, 0, index);
    IrType type = (IrType)ir_inst(function, first)->type;
    bool same = true, next = type != IR_BOOL, small = type == IR_BOOL || (ir_is_int(type) && ir_bits(type) <= 64);
    bool known = small || ir_is_float(type), is_byte = small, is_signed_byte = small && ir_is_signed(type);
    u64 all = 0;
    *formula = (Formula){.type = type};
    for (u32 i = 0; i < c->term.case_count; i++) {
        IrValue value = argument(c, i, index);
        known &= opt_is_const(function, value);
        small &= known;
        u64 number = (u64)opt_const_bits(function, value), base = number - (c->cases[i].low - c->low);
        same &= value == first || (small && number == (u64)opt_const_bits(function, first));
        if (i == 0) formula->base = base;
        next &= base == formula->base;
        all |= number;
        is_byte &= number <= UINT8_MAX;
        is_signed_byte &= number + 128 <= UINT8_MAX;
    }
    if (same) formula->same = first;
    if (same || (next && small)) return true;
    formula->bits = 1;
    while (formula->bits < 64 && all >> formula->bits) formula->bits *= 2;
    if (!small || formula->bits * c->span > ROW_BITS) {
        formula->element = is_byte ? IR_U8 : is_signed_byte ? IR_I8 : type;
        return known && c->span * ir_bits(formula->element) / 8 <= c->term.case_count * BYTES_EACH;
    }
    for (u32 i = 0; i < c->term.case_count; i++)
        formula->row |= (u64)opt_const_bits(function, argument(c, i, index))
                        << (c->cases[i].low - c->low) * formula->bits;
    return true;
}

// Nothing where it would change nothing.
static IrValue put_with(IrBuilder *b, IrOp op, IrType type, IrValue value, u64 number, u64 neutral) {
    return number == neutral ? value : ir_binary(b, op, type, value, ir_const(b, type, (i64)number));
}

static IrValue wide_number(Chooser *c) { return ir_convert(&c->b, IR_U64, c->type, c->number); }

// There are as many elements as bits tell, so that some element is loaded where the number is none of the cases.
static IrValue load_element(Chooser *c, const Formula *formula, u32 index) {
    IrBuilder *b = &c->b;
    u32 size = ir_bits(formula->element) / 8, count = 1;
    while (count < c->span) count *= 2;
    u8 *image = arena_new(c->pass->module->arena, u8, count * size);
    if (!image) return 0;
    for (u32 i = 0; i < c->term.case_count; i++) {
        u64 bits = (u64)opt_const_bits(b->function, argument(c, i, index));
        mem_copy(image + (c->cases[i].low - c->low) * size, &bits, size);
    }
    u32 item = ir_add_data(c->pass->module, (Str){image, count * size});
    IrValue row = ir_emit(b, IR_OP_DATA_ADDR, IR_PTR, IR_VOID, item, 0, 0, 0);
    IrValue at = ir_binary(b, IR_OP_AND, IR_U64, wide_number(c), ir_const(b, IR_U64, count - 1));
    IrValue address = ir_emit(b, IR_OP_INDEX, IR_PTR, IR_U64, row, at, size, count);
    IrValue value = ir_load(b, formula->element, address, DATA_START);
    if (!value) return 0;
    ir_inst(b->function, address)->flags = INST_NOT_NULL | INST_IN_BOUNDS;
    ir_inst(b->function, value)->flags = INST_NOT_NULL;
    return ir_convert(b, formula->type, formula->element, value);
}

static IrValue write_formula(Chooser *c, const Formula *formula, u32 index) {
    IrBuilder *b = &c->b;
    IrValue same = formula->same;
    if (same && !opt_is_const(b->function, same)) return same;
    if (same) return opt_entry_const(c->pass, formula->type, opt_const_bits(b->function, same));
    if (formula->element) return load_element(c, formula, index);
    IrType type = formula->bits ? IR_U64 : formula->type;
    IrValue value = ir_convert(b, type, c->type, c->number);
    if (!formula->bits) return put_with(b, IR_OP_ADD, type, value, formula->base, 0);
    value = put_with(b, IR_OP_MUL, type, value, formula->bits, 1);
    value = ir_binary(b, IR_OP_SHR, type, ir_const(b, type, (i64)formula->row), value);
    value = ir_binary(b, IR_OP_AND, type, value, ir_const(b, type, (i64)(~(u64)0 >> (64 - formula->bits))));
    return ir_convert(b, formula->type, type, value);
}

static void find_number(Chooser *c) {
    IrBuilder *b = &c->b;
    IrType given = (IrType)ir_inst(b->function, c->term.value)->type;
    c->type = ir_is_signed(given) ? given - IR_I8 + IR_U8 : given;
    c->number = put_with(b, IR_OP_SUB, c->type, ir_convert(b, c->type, given, c->term.value), c->low, 0);
}

static IrValue is_case(Chooser *c) {
    IrBuilder *b = &c->b;
    IrValue within = ir_compare(b, IR_OP_LT, c->type, c->number, ir_const(b, c->type, c->span));
    if (c->span == c->term.case_count) return within;
    IrValue bit = ir_binary(b, IR_OP_SHR, IR_U64, ir_const(b, IR_U64, (i64)c->seen), wide_number(c));
    bit = ir_binary(b, IR_OP_AND, IR_U64, bit, ir_const(b, IR_U64, 1));
    return ir_binary(b, IR_OP_AND, IR_BOOL, within, ir_convert(b, IR_BOOL, IR_U64, bit));
}

static bool write(Chooser *c, const Formula *formulas) {
    IrEdge then = *edge_of(c, 0);
    u32 *args = arena_room(c->pass->scratch, u32, then.arg_count + 1);
    if (!args) return false;
    find_number(c);
    for (u32 i = 0; i < then.arg_count; i++) args[i] = write_formula(c, &formulas[i], i);
    ir_branch(&c->b, is_case(c), ir_edge(&c->b, then.target, args, then.arg_count), c->term.other);
    return true;
}

static bool convert(Pass *pass, u32 block) {
    Chooser c = {.pass = pass, .term = ir_block(pass->function, block)->term};
    if (c.term.kind != TERM_SWITCH || c.term.case_count < 2 || c.term.case_count > SPAN_MOST) return true;
    if (ir_bits((IrType)ir_inst(pass->function, c.term.value)->type) > 64) return true;
    c.b = (IrBuilder){.module = pass->module, .function = pass->function, .block = block, .site = c.term.site};
    c.cases = pass->function->cases.items + c.term.first_case;
    if (!is_row(&c)) return true;
    u32 count = edge_of(&c, 0)->arg_count;
    Formula *formulas = arena_room(pass->scratch, Formula, count + 1);
    if (!formulas) return false;
    for (u32 i = 0; i < count; i++)
        if (!find_formula(&c, i, &formulas[i])) return true;
    pass->outcome = CHANGED;
    opt_graph_changed(pass);
    return write(&c, formulas) && pass_ok(pass);
}

bool opt_switch_values(Pass *pass) {
    pass->outcome = UNCHANGED;
    for (u32 b = 1; b < pass->function->blocks.count; b++)
        if (!convert(pass, b)) return false;
    return true;
}
