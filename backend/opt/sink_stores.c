// Where all ways to a block end with a store to the same place, one store there takes the value of the way taken:
// if_convert can then choose between the values. Only stores that cannot trap; the address is computed anew where it
// has to be (not of rows that may have been moved: there it could trap).
// Needs: nothing. Keeps: blocks.
#include "opt/pass.h"

enum {
    ADDRESS_MOST = 8,                     // operations of an address that are compared
    STORES_MOST = 8,                      // to one block: each makes its edges longer
    GOOD = INST_IN_BOUNDS | INST_NOT_NULL // only an INDEX has both
};

typedef struct Sinker {
    Pass *pass;
    IrFunction *function;
    IrCfg cfg;
    u32 meet, left; // of ADDRESS_MOST
} Sinker;

// Of the block; what follows it touches no memory. 0 = there is none.
static IrValue last_store(const IrFunction *function, u32 id) {
    IrValue v = ir_block(function, id)->last;
    while (v && ir_op_info[ir_inst(function, v)->op].effects == 'P') v = ir_inst(function, v)->prev;
    const IrInst *inst = ir_inst(function, v);
    bool only = ir_block(function, id)->term.kind == TERM_JUMP;
    return only && inst->op == IR_OP_STORE && inst->flags & INST_NOT_NULL ? v : 0;
}

// Whether both are computed alike, and so can be at the block where they meet.
static bool same_value(Sinker *s, IrValue a, IrValue b) {
    const IrInst *x = ir_inst(s->function, a), *y = ir_inst(s->function, b);
    if (a == b) return true;
    bool pure = ir_op_info[x->op].effects == 'P' || (x->flags & GOOD) == GOOD;
    if (!pure || x->op == IR_OP_PARAM || x->op != y->op || x->type != y->type || x->arg_type != y->arg_type || !s->left)
        return false;
    s->left--;
    u32 count = ir_shape_operands[ir_op_info[x->op].shape];
    for (u32 i = 0; i < countof(x->args); i++)
        if (i < count ? !same_value(s, x->args[i], y->args[i]) : x->args[i] != y->args[i]) return false;
    return true;
}

// The value at the builder's place: what all ways have in common stands above it.
static IrValue compute(const Sinker *s, IrBuilder *builder, IrValue value) {
    IrInst inst = *ir_inst(s->function, value);
    if (inst.op == IR_OP_PARAM || ir_dominates(&s->cfg, inst.block, s->meet)) return value;
    for (u32 i = 0; i < ir_shape_operands[ir_op_info[inst.op].shape]; i++)
        inst.args[i] = compute(s, builder, inst.args[i]);
    return ir_emit_copy(builder, &inst);
}

// The store that ends the first way to the block, if all ways end with the same; else 0.
static IrValue common_store(Sinker *s) {
    const u32 *way = s->cfg.preds + s->cfg.pred_start[s->meet], *end = s->cfg.preds + s->cfg.pred_start[s->meet + 1];
    IrValue first = last_store(s->function, *way);
    if (end - way < 2) return 0;
    for (; way < end; way++) {
        const IrInst *x = ir_inst(s->function, first), *y = ir_inst(s->function, last_store(s->function, *way));
        s->left = ADDRESS_MOST;
        if (!first || ir_dominates(&s->cfg, s->meet, *way) || x->op != y->op || x->args[2] != y->args[2] ||
            x->arg_type != y->arg_type || !same_value(s, x->args[0], y->args[0]))
            return 0;
    }
    return first;
}

static bool sink(Sinker *s, IrValue first) {
    IrFunction *function = s->function;
    IrInst store = *ir_inst(function, first);
    IrBuilder builder = {.module = s->pass->module,
                         .function = function,
                         .block = s->meet,
                         .before = ir_block(function, s->meet)->first,
                         .site = store.site};
    store.args[0] = compute(s, &builder, store.args[0]);
    store.args[1] = ir_block_param(&builder, s->meet, (IrType)store.arg_type);
    ir_emit_copy(&builder, &store);
    for (u32 p = s->cfg.pred_start[s->meet]; p < s->cfg.pred_start[s->meet + 1]; p++) {
        u32 way = s->cfg.preds[p];
        IrValue old = last_store(function, way), value = ir_inst(function, old)->args[1];
        if (!opt_extend_edge(s->pass, &ir_block(function, way)->term.then, &value, 1)) return false;
        ir_remove(function, old);
    }
    s->pass->outcome = CHANGED;
    return pass_ok(s->pass);
}

bool opt_sink_stores(Pass *pass) {
    Sinker s = {.pass = pass, .function = pass->function};
    pass->outcome = UNCHANGED;
    if (pass->module->moves_rows) return true;
    if (!opt_graph(pass, &s.cfg)) return false;
    for (u32 i = 1; i < s.cfg.rpo_count; i++) {
        s.meet = s.cfg.rpo[i];
        for (u32 count = 0; count < STORES_MOST; count++) {
            IrValue store = common_store(&s);
            if (!store) break;
            if (!sink(&s, store)) return false;
        }
    }
    return true;
}
