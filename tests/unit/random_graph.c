// The graph is drawn first; its dominators then say which values each block may use.
#include "random_graph.h"

#include "ir/cfg.h"

enum { FUEL = 60, EDGES = 6, PARAMS = 16 };

static const IrType types[] = {IR_U32, IR_I64, IR_BOOL, IR_I128, IR_F64, IR_I8};

typedef struct Plan {
    u32 count, target[EDGES]; // edges out
    u32 param_count;
    IrType param[PARAMS];
} Plan;

typedef struct Maker {
    u64 state;
    IrBuilder b;
    IrCfg cfg;
    u32 blocks;
    Plan plan[RANDOM_GRAPH_BLOCKS + 1];
    IrValue params[RANDOM_GRAPH_BLOCKS + 1][PARAMS];
    IrValue made[RANDOM_GRAPH_BLOCKS + 1]; // a u32 of each block
} Maker;

static u32 below(Maker *m, u32 limit) { // splitmix64
    u64 z = m->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (u32)(z >> 33) % limit;
}

static IrEdge plain_edge(IrBuilder *b, u32 target) { return ir_edge(b, target, NULL, 0); }

static void draw(Maker *m, u32 params) {
    u32 style = below(m, 4); // how far edges reach: anywhere, or near by, which gives nests
    for (u32 b = 1; b <= m->blocks; b++) {
        Plan *plan = &m->plan[b];
        u32 draw = below(m, 20);
        plan->count = b == m->blocks || draw == 0 ? 0 : draw < 5 ? 1 : draw < 17 ? 2 : 2 + below(m, EDGES - 2);
        for (u32 e = 0; e < plan->count; e++) {
            u32 reach = style < 2 ? m->blocks : 2 + style, low = b > reach ? b - reach : 0;
            u32 target = e == 0 && style ? b + 1 : 1 + low + below(m, 2 * reach);
            plan->target[e] = target < 2 ? 2 : target > m->blocks ? 2 + below(m, m->blocks - 1) : target;
        }
        plan->param_count = b == 1 || below(m, 2) ? 0 : below(m, params + 1);
        for (u32 i = 0; i < plan->param_count; i++) plan->param[i] = types[below(m, countof(types))];
    }
}

// A function of the same graph and nothing else, for its dominators.
static bool find_dominators(Maker *m, Arena *arena) {
    IrModule module;
    ir_module_init(&module, arena);
    IrBuilder b;
    ir_begin(&b, &module, ir_add_function(&module, STR("graph"), 0, IR_VOID));
    for (u32 i = 1; i <= m->blocks; i++) ir_add_block(&b, 0);
    for (u32 i = 1; i <= m->blocks; i++) {
        const Plan *plan = &m->plan[i];
        ir_at(&b, i);
        if (plan->count == 0) {
            ir_return(&b, 0);
            continue;
        }
        ir_switch(&b, 0, plain_edge(&b, plan->target[0]));
        for (u32 e = 1; e < plan->count; e++) ir_case(&b, e, 0, plain_edge(&b, plan->target[e]));
    }
    return !arena->failed && ir_cfg_build(&m->cfg, arena, b.function);
}

// A value of the type from this block or one that dominates it, or a constant.
static IrValue pick(Maker *m, u32 block, IrType type) {
    for (u32 at = block, tries = below(m, 10); at && tries; at = m->cfg.idom[at], tries--) {
        const Plan *plan = &m->plan[at];
        if (below(m, 3) == 0) continue;
        if (type == IR_U32 && m->made[at] && below(m, 2)) return m->made[at];
        for (u32 i = 0; i < plan->param_count; i++)
            if (plan->param[i] == type && below(m, 2)) return m->params[at][i];
    }
    return type == IR_F64 ? ir_const_f64(&m->b, type, below(m, 9)) : ir_const(&m->b, type, below(m, 99));
}

static IrEdge edge(Maker *m, u32 from, u32 e) {
    const Plan *target = &m->plan[m->plan[from].target[e]];
    IrValue args[PARAMS];
    for (u32 i = 0; i < target->param_count; i++) args[i] = pick(m, from, target->param[i]);
    return ir_edge(&m->b, m->plan[from].target[e], args, target->param_count);
}

static void print(Maker *m, u32 block) {
    for (u32 n = below(m, 4); n > 0; n--) {
        IrType type = types[below(m, countof(types))];
        ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, pick(m, block, type), 0, 0, 0);
        ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, 0, 0, 0, 0);
    }
}

static void end(Maker *m, u32 block, IrValue chance) {
    const Plan *plan = &m->plan[block];
    IrBuilder *b = &m->b;
    if (plan->count == 0) {
        ir_return(b, pick(m, block, IR_I64));
    } else if (plan->count == 1) {
        ir_jump(b, edge(m, block, 0));
    } else if (plan->count == 2) {
        IrValue bit = ir_binary(b, IR_OP_AND, IR_U32, chance, ir_const(b, IR_U32, 1));
        IrEdge then = edge(m, block, 0), other = edge(m, block, 1);
        ir_branch(b, ir_compare(b, IR_OP_EQ, IR_U32, bit, ir_const(b, IR_U32, 0)), then, other);
    } else {
        IrEdge edges[EDGES];
        for (u32 e = 0; e < plan->count; e++) edges[e] = edge(m, block, e);
        IrValue some = ir_binary(b, IR_OP_AND, IR_U32, chance, ir_const(b, IR_U32, 7));
        u32 spread = below(m, 3) ? 1 : 2; // dense and less so
        ir_switch(b, some, edges[0]);
        for (u32 e = 1; e < plan->count; e++) ir_case(b, e * spread, 0, edges[e]);
    }
}

static void fill(Maker *m, u32 block) {
    IrBuilder *b = &m->b;
    ir_at(b, block);
    IrValue slot = ir_emit(b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, 0, 0, 0, 0), fuel;
    if (block == 1) {
        fuel = ir_const(b, IR_U32, FUEL);
    } else {
        fuel = ir_load(b, IR_U32, slot, 0);
        IrValue left = ir_compare(b, IR_OP_NE, IR_U32, fuel, ir_const(b, IR_U32, 0));
        ir_emit(b, IR_OP_GUARD, IR_VOID, IR_VOID, left, TRAP_ASSERT, 0, 0);
    }
    fuel = ir_binary(b, IR_OP_SUB, IR_U32, fuel, ir_const(b, IR_U32, 1));
    ir_store(b, IR_U32, slot, fuel, 0);
    IrValue chance = ir_binary(b, IR_OP_MUL, IR_U32, fuel, ir_const(b, IR_U32, 0x9e3779b1u + 2 * below(m, 99)));
    chance = ir_binary(b, IR_OP_SHR, IR_U32, chance, ir_const(b, IR_U32, 8 + below(m, 16)));
    print(m, block);
    m->made[block] = ir_binary(b, IR_OP_ADD, IR_U32, chance, pick(m, block, IR_U32));
    print(m, block);
    end(m, block, chance);
}

void random_graph(IrModule *module, Arena *arena, u64 seed, u32 blocks, u32 params) {
    static Maker m;
    m = (Maker){.state = seed, .blocks = blocks};
    ir_module_init(module, arena);
    ir_add_data(module, STR(" "));
    draw(&m, params);
    if (!find_dominators(&m, arena)) return;
    ir_begin(&m.b, module, ir_add_function(module, STR("graph"), 0, IR_I64));
    ir_add_slot(&m.b, 4, 4);
    for (u32 i = 1; i <= blocks; i++) {
        ir_add_block(&m.b, i);
        for (u32 k = 0; k < m.plan[i].param_count; k++) m.params[i][k] = ir_block_param(&m.b, i, m.plan[i].param[k]);
    }
    // In reverse postorder dominators come first; what is unreachable is left to return.
    for (u32 i = 0; i < m.cfg.rpo_count; i++) fill(&m, m.cfg.rpo[i]);
    for (u32 i = 1; i <= blocks; i++) {
        if (m.cfg.order[i] != NO_INDEX) continue;
        ir_at(&m.b, i);
        ir_return(&m.b, ir_const(&m.b, IR_I64, 0));
    }
    module->entry = 1;
    module->entry_type = IR_I64;
}
