// A function that ends by calling itself goes back to its start instead. So does one whose last operation joins the call's
// result with another value, `return x + f(y)`, where the order of such operations does not matter (integers): what is
// still to be joined is carried in one more parameter of the loop, and joined at the returns.
// Calls that became turns are counted: recursion without an end must fail as it does where each call takes a frame.
// The slots of one activation serve the next, so none may escape; they are zeroed again.
// Needs: addresses (opt/addresses.h). Keeps: nothing.
#include "opt/addresses.h"

enum { TURNS_MOST = 200000 }; // the interpreter's limit of nested calls

typedef struct TailCall {
    u32 block;
    IrValue call, join; // join 0 = the call's result is returned as it is
} TailCall;

typedef VEC(IrValue) ValueList;

typedef struct Rewriter {
    Pass *pass;
    IrFunction *function;
    IrBuilder b;
    VEC(TailCall) tails;
    u32 self_calls;
    u8 join;            // the operation that joins, NOP = none
    IrType type;        // of the result
    u32 head;           // the loop's
    IrValue sum, turns; // parameters of the head behind those of the function; sum 0 = none
} Rewriter;

// ---- finding ----

static bool may_join(const IrInst *inst) {
    bool joins = inst->op == IR_OP_ADD || inst->op == IR_OP_MUL || inst->op == IR_OP_AND || inst->op == IR_OP_OR ||
                 inst->op == IR_OP_XOR;
    return joins && !ir_is_float((IrType)inst->type);
}

static bool is_self_call(const Rewriter *r, IrValue value) {
    const IrInst *inst = ir_inst(r->function, value);
    return inst->op == IR_OP_CALL && inst->args[0] == r->pass->number;
}

// The call whose result is one operand of the block's last operation, when nothing between the two has effects or uses
// it; 0 = none.
static IrValue joined_call(const Rewriter *r, IrValue join) {
    const IrInst *inst = ir_inst(r->function, join);
    for (IrValue v = inst->prev; v; v = ir_inst(r->function, v)->prev) {
        if (is_self_call(r, v)) return (inst->args[0] == v) != (inst->args[1] == v) ? v : 0;
        if (ir_op_info[ir_inst(r->function, v)->op].effects != 'P') return 0;
    }
    return 0;
}

static bool uses_between(const Rewriter *r, IrValue call, IrValue join) {
    for (IrValue v = ir_inst(r->function, call)->next; v != join; v = ir_inst(r->function, v)->next) {
        u32 count, *operands = ir_operands(r->function, ir_inst(r->function, v), &count);
        for (u32 i = 0; i < count; i++)
            if (operands[i] == call) return true;
    }
    return false;
}

static bool find_tail(Rewriter *r, u32 id) {
    const IrBlock *block = ir_block(r->function, id);
    IrValue last = block->last, call;
    if (block->term.kind != TERM_RETURN || !last) return true;
    if (is_self_call(r, last)) {
        if (block->term.value != last && block->term.value) return true;
        return vec_push(r->pass->scratch, &r->tails, ((TailCall){id, last, 0}));
    }
    const IrInst *inst = ir_inst(r->function, last);
    if (block->term.value != last || !may_join(inst) || (r->join && r->join != inst->op)) return true;
    call = joined_call(r, last);
    if (!call || uses_between(r, call, last)) return true;
    r->join = inst->op;
    return vec_push(r->pass->scratch, &r->tails, ((TailCall){id, call, last}));
}

static bool find_tails(Rewriter *r) {
    for (u32 b = 1; b < r->function->blocks.count; b++) {
        for (u32 v = ir_block(r->function, b)->first; v; v = ir_inst(r->function, v)->next)
            r->self_calls += is_self_call(r, v);
        if (!find_tail(r, b)) return false;
    }
    return true;
}

static bool slots_stay(Pass *pass, bool *stay) {
    IrCfg cfg;
    Addresses addresses;
    if (!addresses_build(pass, &cfg, &addresses)) return false;
    *stay = true;
    for (u32 slot = 0; slot < pass->function->slots.count; slot++) *stay &= !addresses.slots[slot].escapes;
    return true;
}

// ---- the loop ----

static IrValue add_arg(Rewriter *r, ValueList *args, IrValue value) {
    return vec_push(r->pass->scratch, args, value) ? value : 0;
}

static void jump_to_head(Rewriter *r, const ValueList *args) {
    ir_jump(&r->b, ir_edge(&r->b, r->head, args->items, args->count));
}

// All of the entry moves into the loop's head; the entry starts the first turn.
static bool make_head(Rewriter *r) {
    IrFunction *function = r->function;
    r->head = ir_add_block(&r->b, ir_block(function, 1)->source);
    if (!r->head) return false;
    opt_move_insts(function, r->head, 1);
    ir_block(function, r->head)->term = ir_block(function, 1)->term;

    u32 first = function->insts.count; // the parameters of the head stand in a row
    for (u32 i = 0; i < function->param_count; i++) {
        IrValue param = function->lists.items[function->params + i];
        ir_block_param(&r->b, r->head, (IrType)ir_inst(function, param)->type);
    }
    if (r->join) r->sum = ir_block_param(&r->b, r->head, r->type);
    r->turns = ir_block_param(&r->b, r->head, IR_U32);
    Forward forward;
    if (!r->turns || !opt_forward_init(r->pass, &forward)) return false;
    ValueList args = {0};
    for (u32 i = 0; i < function->param_count; i++) {
        IrValue param = add_arg(r, &args, function->lists.items[function->params + i]);
        opt_replace(&forward, param, first + i);
    }
    opt_resolve_all(function, &forward);
    ir_at(&r->b, 1);
    if (r->join) add_arg(r, &args, ir_const(&r->b, r->type, r->join == IR_OP_MUL ? 1 : r->join == IR_OP_AND ? -1 : 0));
    add_arg(r, &args, ir_const(&r->b, IR_U32, TURNS_MOST));
    jump_to_head(r, &args);
    return pass_ok(r->pass);
}

static IrValue join(Rewriter *r, IrValue value) { return ir_binary(&r->b, (IrOp)r->join, r->type, r->sum, value); }

static void join_returns(Rewriter *r) {
    for (u32 b = 1; b < r->function->blocks.count && r->join; b++) {
        IrValue value = ir_block(r->function, b)->term.value;
        if (ir_block(r->function, b)->term.kind != TERM_RETURN) continue;
        ir_at(&r->b, b);
        value = join(r, value);
        ir_block(r->function, b)->term.value = value;
    }
}

static void zero_slots(Rewriter *r) {
    for (u32 slot = 0; slot < r->function->slots.count; slot++) {
        IrSlot of = r->function->slots.items[slot];
        if (of.no_zero || !of.size) continue;
        IrValue at = ir_emit(&r->b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, slot, 0, 0, 0);
        ir_emit(&r->b, IR_OP_FILL, IR_VOID, IR_VOID, at, of.size, 0, 0);
    }
}

// The block's call and return become the next turn.
static bool go_back(Rewriter *r, const TailCall *tail) {
    IrFunction *function = r->function;
    IrInst call = *ir_inst(function, tail->call);
    ir_at(&r->b, tail->block);
    ValueList args = {0};
    for (u32 i = 0; i < call.args[2]; i++) add_arg(r, &args, function->lists.items[call.args[1] + i]);
    if (tail->join) {
        const u32 *operands = ir_inst(function, tail->join)->args;
        IrValue other = operands[operands[0] == tail->call];
        ir_remove(function, tail->join);
        add_arg(r, &args, join(r, other));
    } else if (r->join) {
        add_arg(r, &args, r->sum);
    }
    ir_remove(function, tail->call);
    IrValue left = add_arg(r, &args, ir_binary(&r->b, IR_OP_ADD, IR_U32, r->turns, ir_const(&r->b, IR_U32, -1)));
    IrValue goes_on = ir_compare(&r->b, IR_OP_NE, IR_U32, left, ir_const(&r->b, IR_U32, 0));
    r->b.site = call.site;
    ir_emit(&r->b, IR_OP_GUARD, IR_VOID, IR_VOID, goes_on, TRAP_STACK, 0, 0);
    zero_slots(r);
    jump_to_head(r, &args);
    r->b.site = 0;
    return pass_ok(r->pass);
}

bool opt_tail_recursion(Pass *pass) {
    pass->outcome = UNCHANGED;
    if (!pass->calls->recursive[pass->number]) return true;
    Rewriter r = {.pass = pass, .function = pass->function, .type = pass->function->result};
    bool stay;
    if (!opt_split_entry(pass) || !find_tails(&r)) return false;
    if (!r.tails.count) return true;
    if (!slots_stay(pass, &stay)) return false;
    if (!stay) return true;
    pass->outcome = CHANGED;
    opt_graph_changed(pass);
    ir_begin(&r.b, pass->module, pass->number);
    if (!make_head(&r)) return false;
    // What the entry held stands in the head now.
    for (u32 i = 0; i < r.tails.count; i++) {
        TailCall *tail = &r.tails.items[i];
        if (tail->block == 1) tail->block = r.head;
        if (!go_back(&r, tail)) return false;
    }
    join_returns(&r);
    // It is like any other function now, if it was in no larger cycle.
    if (r.tails.count == r.self_calls && pass->calls->direct[pass->number])
        pass->calls->recursive[pass->number] = false;
    return pass_ok(pass);
}
