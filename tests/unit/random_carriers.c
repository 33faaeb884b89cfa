// Random stories of cycles with several entries whose blocks have many parameters, of all types, which change places
// from turn to turn.
#include "random_maker.h"

enum { BLOCKS = 4, MANY = 14, TURNS = 9 };

typedef struct Cycle {
    IrBlockId blocks[BLOCKS + 1]; // the last is the exit
    IrType types[BLOCKS + 1][MANY];
    IrValue params[BLOCKS + 1][MANY];
    u32 param_count[BLOCKS + 1], count;
    IrValue fuel[BLOCKS + 1];
} Cycle;

static const IrType types[] = {IR_I32, IR_I32, IR_I32, IR_I64, IR_I64, IR_F64, IR_BOOL, IR_I128, IR_U8, IR_F32};

static void add_block(Maker *m, Cycle *c, u32 at) {
    IrType mostly = types[random_below(m, countof(types))];
    c->blocks[at] = ir_add_block(&m->b, 0);
    c->fuel[at] = ir_block_param(&m->b, c->blocks[at], IR_I32);
    c->param_count[at] = random_one_in(m, 3) ? random_below(m, 4) : random_below(m, MANY + 1);
    for (u32 i = 0; i < c->param_count[at]; i++) {
        c->types[at][i] = random_one_in(m, 3) ? types[random_below(m, countof(types))] : mostly;
        c->params[at][i] = ir_block_param(&m->b, c->blocks[at], c->types[at][i]);
    }
}

// From block `from`, NO_INDEX: from outside.
static IrEdge edge(Maker *m, const Cycle *c, u32 from, u32 to, IrValue fuel) {
    IrValue args[MANY + 1] = {fuel};
    for (u32 i = 0; i < c->param_count[to]; i++) {
        IrType type = c->types[to][i];
        args[1 + i] = random_one_in(m, 4) || type == IR_BOOL ? random_pick(m, type) : random_unknown(m, type);
        for (u32 tries = from == NO_INDEX || !c->param_count[from] ? 0 : 4; tries > 0; tries--) {
            u32 k = random_below(m, c->param_count[from]);
            if (c->types[from][k] == type) args[1 + i] = c->params[from][k];
        }
    }
    return ir_edge(&m->b, c->blocks[to], args, 1 + c->param_count[to]);
}

static void fan(Maker *m, const Cycle *c, u32 from, IrValue fuel) {
    IrValue any = random_unknown(m, IR_U32);
    if (from != NO_INDEX) any = ir_binary(&m->b, IR_OP_ADD, IR_U32, any, ir_convert(&m->b, IR_U32, IR_I32, fuel));
    any = ir_binary(&m->b, IR_OP_AND, IR_U32, any, ir_const(&m->b, IR_U32, 3));
    IrEdge edges[BLOCKS];
    for (u32 i = 0; i < c->count; i++) edges[i] = edge(m, c, from, i, fuel);
    ir_switch(&m->b, any, edges[0]);
    for (u32 i = 1; i < c->count; i++) ir_case(&m->b, i, 0, edges[i]);
}

static void fill(Maker *m, const Cycle *c, u32 at) {
    ir_at(&m->b, c->blocks[at]);
    ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
    for (u32 i = 0; i < c->param_count[at]; i++) {
        random_keep(m, c->types[at][i], c->params[at][i]);
        if (random_one_in(m, 3)) ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, c->types[at][i], c->params[at][i], 0, 0, 0);
    }
    random_work(m, 3);
    if (at == c->count) return;
    IrValue left = ir_compare(&m->b, IR_OP_GT, IR_I32, c->fuel[at], ir_const(&m->b, IR_I32, 0));
    IrValue paid = ir_binary(&m->b, IR_OP_SUB, IR_I32, c->fuel[at], ir_const(&m->b, IR_I32, 1));
    if (random_one_in(m, 3)) {
        IrBlockId on = ir_add_block(&m->b, 0);
        ir_branch(&m->b, left, ir_edge(&m->b, on, NULL, 0), edge(m, c, at, c->count, paid));
        ir_at(&m->b, on);
        fan(m, c, at, paid);
        return;
    }
    IrEdge back = edge(m, c, at, random_below(m, c->count), paid), out = edge(m, c, at, c->count, paid);
    ir_branch(&m->b, left, back, out);
}

void random_carriers(Maker *m) {
    Cycle c = {.count = 2 + random_below(m, BLOCKS - 1)};
    for (u32 i = 0; i <= c.count; i++) add_block(m, &c, i);
    fan(m, &c, NO_INDEX, ir_const(&m->b, IR_I32, 1 + random_below(m, TURNS)));
    Pools outside = m->pools;
    for (u32 i = 0; i <= c.count; i++) {
        m->pools = outside;
        fill(m, &c, i);
    }
}
