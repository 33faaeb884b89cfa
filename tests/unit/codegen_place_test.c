// Places of values (backend/codegen/place*.c) checked against what they promise, by means of their own: each block's code is laid
// out as the generator would, effects must keep their order in it, and a data-flow proof follows which value each local holds,
// so that every read finds its value whatever path led there. Random modules, graphs made by hand, shapes of great size,
// memory that runs out. Arguments: first seed, number of modules.
#include "check.h"

#include <stdlib.h>
#include <time.h>

#include "codegen/place.h"
#include "ir/build.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "opt/pipeline.h"
#include "random_ir.h"

typedef struct Proof {
    IrFunction *function;
    IrCfg cfg;
    Places places;
    u32 locals;
    u32 *held;     // block * locals + local: the value there when the block begins, 0 = none
    bool *seen;    // blocks with a state
    u32 *state;    // of the place at hand
    u8 *emitted;   // value -> times its code was laid out
    u32 *sequence; // values as their code is laid out in a block
    u32 sequence_count;
    u32 *stands; // value -> its place in its block
    u32 wide;    // the root at hand, if its result has 128 bits: it must not share with what it reads
    u32 problems;
    bool checking; // the states are final: complain
} Proof;

static void problem(Proof *p, const char *what, u32 value) {
    if (!p->checking || p->problems++) return;
    fprintf(stderr, "  %s: v%u\n", what, value);
}

static IrInst *inst_of(const Proof *p, u32 value) { return &p->function->insts.items[value]; }

// ---- effects, told anew from ops.def ----

static bool never_traps(const Proof *p, const IrInst *inst) {
    const IrInst *at = inst_of(p, inst->args[0]);
    if (inst->op == IR_OP_INDEX && !(inst->flags & INST_IN_BOUNDS)) return false;
    if (inst->op == IR_OP_FIELD_ADDR || inst->op == IR_OP_INDEX)
        return (inst->op == IR_OP_FIELD_ADDR && inst->flags & INST_NOT_NULL) || at->op == IR_OP_SLOT_ADDR ||
               at->op == IR_OP_DATA_ADDR || at->op == IR_OP_FIELD_ADDR || at->op == IR_OP_INDEX;
    if (inst->op == IR_OP_DIV || inst->op == IR_OP_REM) {
        const IrInst *by = inst_of(p, inst->args[1]);
        bool zero = !(by->args[0] | by->args[1] | by->args[2] | by->args[3]);
        bool ones = !~(by->args[0] & by->args[1] & by->args[2] & by->args[3]);
        return ir_is_float(inst->type) || (by->op == IR_OP_CONST && !zero && !(ones && ir_is_signed(inst->type)));
    }
    if (inst->op != IR_OP_LOAD) return false;
    u64 offset = inst->args[1];
    for (; at->op == IR_OP_FIELD_ADDR; at = inst_of(p, at->args[0])) offset += at->args[1];
    return at->op == IR_OP_SLOT_ADDR &&
           offset + ir_type_info[inst->type].size <= p->function->slots.items[at->args[0]].size;
}

typedef struct Effects {
    bool writes, reads, traps;
} Effects;

static Effects effects_of(const Proof *p, u32 value) {
    const IrInst *inst = inst_of(p, value);
    char effects = ir_op_info[inst->op].effects;
    bool mark = inst->op == IR_OP_STEPS || inst->op == IR_OP_MARK_BLOCK || inst->op == IR_OP_MARK_INST ||
                inst->op == IR_OP_MARK_VALUE;
    if (mark || effects == 'P') return (Effects){0};
    if (inst->op == IR_OP_GUARD) return (Effects){.traps = true};
    if (effects == 'W') return (Effects){.writes = true, .reads = true, .traps = true};
    return (Effects){.reads = effects == 'R', .traps = !never_traps(p, inst)};
}

static bool may_swap(Effects a, Effects b) {
    if (a.writes) return !b.writes && !b.reads && !b.traps;
    if (b.writes) return !a.reads && !a.traps;
    return !(a.traps && b.traps);
}

// ---- what is read where ----

static void read_local(Proof *p, u32 value) {
    u32 low = p->places.low[value], high = p->places.high[value];
    bool wide = place_is_wide(inst_of(p, value)->type);
    if (low >= p->locals || (wide ? high >= p->locals : high != NO_LOCAL)) problem(p, "read without a local", value);
    else if (p->state[low] != value || (wide && p->state[high] != value)) problem(p, "its local holds another", value);
    u32 to_low = p->wide ? p->places.low[p->wide] : NO_LOCAL, to_high = p->wide ? p->places.high[p->wide] : NO_LOCAL;
    if (to_low != NO_LOCAL && (low == to_low || low == to_high || high == to_low || high == to_high))
        problem(p, "shares with a 128-bit result", value);
}

static void emit(Proof *p, u32 value, u32 depth);

static void evaluate(Proof *p, u32 value, u32 depth) {
    switch ((Place)p->places.place[value]) {
    case PLACE_LOCAL: read_local(p, value); break;
    case PLACE_REMAKE: {
        u8 op = inst_of(p, value)->op;
        if (op == IR_OP_FIELD_ADDR) op = inst_of(p, inst_of(p, value)->args[0])->op;
        if (op != IR_OP_CONST && op != IR_OP_DATA_ADDR && op != IR_OP_SLOT_ADDR)
            problem(p, "not cheap to remake", value);
        break;
    }
    case PLACE_TREE:
        if (depth > PLACE_TREE_DEPTH) problem(p, "too deep", value);
        if (place_is_wide(inst_of(p, value)->type)) problem(p, "wide tree", value);
        emit(p, value, depth + 1);
        break;
    case PLACE_DROPPED: problem(p, "dropped but used", value); break;
    }
}

static void emit(Proof *p, u32 value, u32 depth) {
    IrInst *inst = inst_of(p, value);
    u32 count, *operands = ir_operands(p->function, inst, &count);
    for (u32 i = 0; i < count; i++) {
        u32 k = inst->op == IR_OP_SELECT ? (i + 1) % 3 : i;
        if (p->places.place[operands[k]] == PLACE_TREE && place_needs_twice(p->function, inst, k))
            problem(p, "tree needed twice", value);
        evaluate(p, operands[k], depth);
    }
    p->emitted[value]++;
    p->sequence[p->sequence_count++] = value;
}

static void set(Proof *p, u32 value) {
    u32 locals[] = {p->places.low[value], p->places.high[value]};
    for (u32 i = 0; i < 2; i++)
        if (locals[i] < p->locals) p->state[locals[i]] = value;
}

static void check_order(Proof *p) {
    for (u32 i = 0; p->checking && i < p->sequence_count; i++)
        for (u32 k = i + 1; k < p->sequence_count && k < i + 400; k++) {
            u32 a = p->sequence[i], b = p->sequence[k];
            if (p->stands[a] > p->stands[b] && !may_swap(effects_of(p, a), effects_of(p, b)))
                problem(p, "out of order", a);
        }
}

// ---- the proof ----

// State of a target: what all edges agree on. True when it changed.
static bool flow(Proof *p, u32 target, const u32 *state) {
    u32 *held = p->held + (size_t)target * p->locals;
    bool changed = !p->seen[target];
    for (u32 i = 0; i < p->locals; i++) {
        u32 value = !p->seen[target] || held[i] == state[i] ? state[i] : 0;
        changed |= value != held[i];
        held[i] = value;
    }
    p->seen[target] = true;
    return changed;
}

static bool flow_edge(Proof *p, const IrEdge *edge, u32 *work) {
    if (!edge->arg_count) return flow(p, edge->target, p->state);
    const u32 *params = &p->function->lists.items[ir_block(p->function, edge->target)->params];
    const u32 *args = &p->function->lists.items[edge->args];
    for (u32 i = 0; i < edge->arg_count; i++)
        if (p->places.place[params[i]] != PLACE_DROPPED) evaluate(p, args[i], 1);
    u32 *before = p->state;
    memcpy(work, before, p->locals * sizeof(u32));
    p->state = work;
    for (u32 i = 0; i < edge->arg_count; i++) set(p, params[i]);
    // None may have taken another's.
    for (u32 i = 0; i < edge->arg_count; i++)
        if (p->places.low[params[i]] != NO_LOCAL) read_local(p, params[i]);
    p->state = before;
    return flow(p, edge->target, work);
}

static bool prove_block(Proof *p, u32 block, u32 *work) {
    IrBlock *b = ir_block(p->function, block);
    bool changed = false;
    memcpy(p->state, p->held + (size_t)block * p->locals, p->locals * sizeof(u32));
    p->sequence_count = 0;
    u32 position = 0;
    for (u32 v = b->first; v; v = inst_of(p, v)->next) p->stands[v] = position++;
    for (u32 v = b->first; v; v = inst_of(p, v)->next) {
        if (p->places.place[v] != PLACE_LOCAL) continue;
        p->wide = place_is_wide(inst_of(p, v)->type) ? v : 0;
        emit(p, v, 1);
        p->wide = 0;
        set(p, v);
    }
    if (b->term.value) evaluate(p, b->term.value, 1);
    for (u32 e = 0, edges = ir_edge_count(&b->term); e < edges; e++)
        changed |= flow_edge(p, ir_edge_at(p->function, &b->term, e), work);
    check_order(p);
    return changed;
}

static void check_emitted(Proof *p) {
    for (u32 i = 0; i < p->cfg.rpo_count; i++)
        for (u32 v = ir_block(p->function, p->cfg.rpo[i])->first; v; v = inst_of(p, v)->next) {
            Effects effects = effects_of(p, v);
            u8 place = p->places.place[v];
            if (p->emitted[v] != (place == PLACE_LOCAL || place == PLACE_TREE)) problem(p, "not laid out once", v);
            if (place == PLACE_DROPPED && (effects.writes || effects.traps)) problem(p, "dropped with its effect", v);
        }
}

static bool place(Proof *p, Arena *arena, Arena *scratch, IrFunction *function, WasmType pointer, u32 hidden) {
    *p = (Proof){.function = function};
    return ir_cfg_build(&p->cfg, scratch, function) && place_values(&p->places, arena, scratch, function, &p->cfg) &&
           place_locals(&p->places, arena, scratch, function, &p->cfg, pointer, hidden);
}

// Each local has the type of what it holds; parameters lie in order.
static void check_types(Proof *p, WasmType pointer, u32 hidden) {
    u32 params = 0;
    for (u32 i = 0; i < p->function->param_count; i++) {
        u32 value = p->function->lists.items[p->function->params + i];
        if (p->places.low[value] != params++) problem(p, "parameter out of order", value);
        if (place_is_wide(inst_of(p, value)->type) && p->places.high[value] != params++)
            problem(p, "parameter's half", value);
    }
    if (p->places.param_locals != params + hidden) problem(p, "locals of parameters", params);
    for (u32 v = 1; v < p->function->insts.count; v++) {
        u32 low = p->places.low[v];
        if (low == NO_LOCAL) continue;
        if (low < params) continue;
        if (low < params + hidden) problem(p, "in a hidden parameter", v);
        else if (p->places.types.items[low - params - hidden] != place_wasm_type(inst_of(p, v)->type, pointer))
            problem(p, "local of another type", v);
    }
}

static bool prove(IrFunction *function, WasmType pointer, u32 hidden) {
    Arena arena;
    arena_init(&arena, 0);
    Proof p;
    if (!CHECK(place(&p, &arena, &arena, function, pointer, hidden))) return false;
    p.locals = p.places.param_locals + p.places.types.count;
    u32 blocks = function->blocks.count, values = function->insts.count;
    p.held = arena_new(&arena, u32, (size_t)blocks * p.locals + 1);
    p.seen = arena_new(&arena, bool, blocks);
    p.state = arena_new(&arena, u32, p.locals + 1);
    p.emitted = arena_new(&arena, u8, values);
    p.sequence = arena_new(&arena, u32, values);
    p.stands = arena_new(&arena, u32, values);
    u32 *work = arena_new(&arena, u32, p.locals + 1);
    for (u32 i = 0; i < function->param_count; i++) set(&p, function->lists.items[function->params + i]);
    flow(&p, 1, p.state);
    for (bool changed = true; changed;) {
        changed = false;
        for (u32 i = 0; i < p.cfg.rpo_count; i++)
            if (p.seen[p.cfg.rpo[i]]) changed |= prove_block(&p, p.cfg.rpo[i], work);
    }
    p.checking = true;
    memset(p.emitted, 0, values);
    for (u32 i = 0; i < p.cfg.rpo_count; i++) prove_block(&p, p.cfg.rpo[i], work);
    check_emitted(&p);
    check_types(&p, pointer, hidden);
    arena_free(&arena);
    return CHECK(p.problems == 0);
}

static void prove_module(IrModule *module, const char *what, u64 seed) {
    bool ok = true;
    for (u32 f = 1; f < module->functions.count; f++)
        ok &= prove(&module->functions.items[f], f % 2 ? WASM_I32 : WASM_I64, f % 3 == 0);
    if (!ok) fprintf(stderr, "  %s %llu\n", what, (unsigned long long)seed);
}

static void test_random(u64 seed) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    Error error;
    error_clear(&error);
    random_ir(&module, &arena, seed);
    prove_module(&module, "seed", seed);
    OptOptions options = {0};
    if (CHECK(opt_run(&module, &options, &error))) prove_module(&module, "optimised seed", seed);
    arena_free(&arena);
}

// ---- by hand ----

static bool parse(IrModule *module, Arena *arena, Str text) {
    Error error;
    error_clear(&error);
    bool ok = ir_parse(module, arena, text, &error) && ir_verify(module, arena, &error);
    if (!CHECK(ok)) fprintf(stderr, "  %.*s\n", (int)error.message_len, error.message);
    return ok;
}

typedef struct Figures {
    u32 locals, moves, trees, dropped; // moves: halves of arguments that an edge has to copy
} Figures;

static Figures figures_of(const Proof *p) {
    Figures figures = {.locals = p->places.types.count};
    for (u32 v = 1; v < p->function->insts.count; v++) {
        figures.trees += p->places.place[v] == PLACE_TREE;
        figures.dropped += inst_of(p, v)->block && p->places.place[v] == PLACE_DROPPED;
    }
    for (u32 i = 0; i < p->cfg.rpo_count; i++) {
        IrTerm *term = &ir_block(p->function, p->cfg.rpo[i])->term;
        for (u32 e = 0, edges = ir_edge_count(term); e < edges; e++) {
            const IrEdge *edge = ir_edge_at(p->function, term, e);
            for (u32 k = 0; k < edge->arg_count; k++) {
                u32 param = p->function->lists.items[ir_block(p->function, edge->target)->params + k];
                u32 arg = p->function->lists.items[edge->args + k];
                if (p->places.place[arg] == PLACE_LOCAL && p->places.low[param] != NO_LOCAL)
                    figures.moves += p->places.low[arg] != p->places.low[param];
            }
        }
    }
    return figures;
}

// Rows: a function, and what may be left of it at most (locals, moves) and must be there exactly (trees, dropped).
static const struct {
    const char *name;
    Str text;
    Figures want;
} cases[] = {
    {"a loop's counter and sum stay where they are",
     STR("fn 1 \"f\" -> i64 { block1: v1 = const i64 0 v2 = const i64 1 v9 = const i64 100 jump block2(v1, v1)\n"
         "block2(v3 i64, v4 i64): v5 = add i64 v3, v2 v6 = add i64 v4, v5 v7 = lt i64 v5, v9\n"
         "branch v7, block2(v5, v6), block3() block3: return v6 }"),
     {2, 0, 1, 0}},
    {"an addition on the back edge is part of the jump",
     STR("fn 1 \"f\" -> i64 { block1: v1 = const i64 0 v2 = const i64 1 v9 = const i64 100 jump block2(v1)\n"
         "block2(v3 i64): v7 = lt i64 v3, v9 branch v7, block3(), block4() block3: v5 = add i64 v3, v2 jump "
         "block2(v5)\n"
         "block4: return v3 }"),
     {1, 0, 2, 0}},
    {"a merge of two arms costs no move",
     STR("fn 1 \"f\"(v1 i64, v2 i64) -> i64 { block1: v3 = lt i64 v1, v2 branch v3, block2(), block3()\n"
         "block2: v4 = add i64 v1, v2 jump block4(v4) block3: v5 = sub i64 v1, v2 jump block4(v5)\n"
         "block4(v6 i64): v7 = mul i64 v6, v6 return v7 }"),
     {0, 0, 4, 0}},
    {"swapping two takes two moves",
     STR("fn 1 \"f\" -> i64 { block1: v1 = const i64 0 v2 = const i64 1 jump block2(v1, v2)\n"
         "block2(v3 i64, v4 i64): v5 = lt i64 v3, v4 branch v5, block2(v4, v3), block3() block3: return v3 }"),
     {2, 2, 1, 0}},
    {"a select's condition comes last",
     STR("fn 1 \"f\"(v1 i64, v2 i64) -> i64 { block1: v3 = div i64 v1, v2 v4 = rem i64 v1, v2 v6 = div i64 v2, v1\n"
         "v7 = lt i64 v6, v1 v8 = select i64 v7, v3, v4 return v8 }"),
     {0, 0, 5, 0}},
    {"a load passes no store, a trap no other",
     STR("fn 1 \"f\"(v1 i64, v2 ptr) -> i64 { slot 0 = 8 align 8 block1: v3 = slot 0 store i64 v3, v1 v4 = load i64 "
         "v3\n"
         "store i64 v3, v1 v5 = load i64 v2 v6 = div i64 v1, v1 v7 = sub i64 v6, v5 v8 = add i64 v7, v4 return v8 "
         "}"),
     {2, 0, 3, 0}},
    {"a certain element of a row in the frame takes no local",
     STR("fn 1 \"f\"(v1 i64) -> i64 { slot 0 = 800 align 8 block1: v2 = const i64 7 v3 = slot 0 v4 = index v3, v2, 80, "
         "10\n"
         "v5 = index v4, v1, 8, 10 v6 = load i64 v5 v7 = index v4, v6, 8, 10 store i64 v7, v6 return v6 }"),
     {0, 0, 2, 1}},
    {"parameters that only feed each other are dropped",
     STR("fn 1 \"f\" -> i64 { block1: v1 = const i64 0 v2 = const i64 1 jump block2(v1, v2)\n"
         "block2(v3 i64, v4 i64): v5 = add i64 v4, v2 v6 = lt i64 v3, v2 branch v6, block2(v3, v5), block3() block3: "
         "return v3 }"),
     {1, 0, 1, 2}},
};

static void test_case(u32 number) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    if (parse(&module, &arena, cases[number].text)) {
        prove_module(&module, cases[number].name, number);
        Proof p;
        Figures want = cases[number].want;
        CHECK(place(&p, &arena, &arena, &module.functions.items[1], WASM_I32, 0));
        Figures got = figures_of(&p);
        bool small = got.locals <= want.locals && got.moves <= want.moves;
        if (!CHECK(small && got.dropped == want.dropped && got.trees == want.trees))
            fprintf(stderr, "  %s: %u locals, %u moves, %u trees, %u dropped\n", cases[number].name, got.locals,
                    got.moves, got.trees, got.dropped);
    }
    arena_free(&arena);
}

// A random graph of any shape, irreducible ones too: values cross blocks by being in slots of none; every block's parameters
// get what dominates it. 128-bit values, floats and pointers take part.
typedef struct Maker {
    IrBuilder b;
    u64 random;
} Maker;

static u32 any(Maker *m, u32 below) {
    m->random = m->random * 6364136223846793005u + 1442695040888963407u;
    return (u32)((m->random >> 33) % below);
}

static const IrType types[] = {IR_I64, IR_I128, IR_F64, IR_BOOL, IR_U8, IR_F32, IR_U128};

static void make_graph(IrModule *module, Arena *arena, u64 seed, u32 blocks, u32 width) {
    Maker m = {.random = seed};
    ir_module_init(module, arena);
    u32 number = ir_add_function(module, STR("f"), 0, IR_I64);
    ir_begin(&m.b, module, number);
    m.b.site = 0;
    enum { OWN = 16, MOST = 64 };
    IrValue own[OWN], entry[OWN];
    u32 ids[MOST];
    for (u32 i = 0; i < OWN; i++) entry[i] = ir_function_param(&m.b, types[i % countof(types)]);
    for (u32 i = 0; i < blocks; i++) ids[i] = ir_add_block(&m.b, i);
    IrValue params[MOST][OWN];
    for (u32 i = 1; i < blocks; i++)
        for (u32 k = 0; k < width; k++) params[i][k] = ir_block_param(&m.b, ids[i], types[k % countof(types)]);
    for (u32 i = 0; i < blocks; i++) {
        ir_at(&m.b, ids[i]);
        for (u32 k = 0; k < OWN; k++) own[k] = i && k < width ? params[i][k] : entry[k];
        for (u32 n = any(&m, 12); n; n--) {
            u32 x = any(&m, OWN), y = any(&m, OWN);
            IrType type = types[x % countof(types)];
            while (types[y % countof(types)] != type) y = any(&m, OWN);
            IrOp op = type == IR_BOOL ? IR_OP_XOR : any(&m, 3) ? IR_OP_ADD : ir_is_float(type) ? IR_OP_MUL : IR_OP_DIV;
            own[any(&m, 2) ? x : y] = ir_binary(&m.b, op, type, own[x], own[y]);
        }
        IrValue args[2][OWN];
        for (u32 e = 0; e < 2; e++)
            for (u32 k = 0; k < width; k++) {
                u32 from = any(&m, 4) ? k : any(&m, OWN);
                while (types[from % countof(types)] != types[k % countof(types)]) from = any(&m, OWN);
                args[e][k] = own[from];
            }
        u32 next = ids[i + 1 < blocks ? i + 1 : 1], other = ids[1 + any(&m, blocks - 1)];
        if (any(&m, 8) == 0) ir_return(&m.b, own[0]);
        else if (any(&m, 3) == 0) ir_jump(&m.b, ir_edge(&m.b, other, args[0], width));
        else ir_branch(&m.b, own[3], ir_edge(&m.b, next, args[0], width), ir_edge(&m.b, other, args[1], width));
    }
    module->entry = 0;
}

static void test_graph(u64 seed) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    make_graph(&module, &arena, seed, 2 + (u32)(seed % 30), (u32)(seed % 13));
    CHECK(!arena.failed);
    prove_module(&module, "graph", seed);
    arena_free(&arena);
}

// ---- great size ----

// One block: sums of all that went before, or one long chain.
static void make_block(IrBuilder *b, u32 count, bool chain) {
    ir_at(b, ir_add_block(b, 0));
    IrValue first = ir_function_param(b, IR_I64), x = first, y = first;
    for (u32 i = 0; i < count; i++) {
        IrValue sum = ir_binary(b, IR_OP_ADD, IR_I64, x, chain ? first : y);
        x = y = sum;
    }
    ir_return(b, x);
}

// A ladder of loops whose headers have parameters, with as many values alive from end to end.
static void make_ladder(IrBuilder *b, u32 blocks, u32 alive) {
    IrValue x = ir_function_param(b, IR_I64), *through = calloc(alive + 1, sizeof *through);
    ir_at(b, ir_add_block(b, 0));
    for (u32 i = 0; i < alive; i++) through[i] = x = ir_binary(b, IR_OP_MUL, IR_I64, x, x);
    for (u32 i = 0; i < blocks; i++) {
        IrBlockId head = ir_add_block(b, i);
        IrValue param = ir_block_param(b, head, IR_I64);
        ir_jump(b, ir_edge(b, head, &x, 1));
        ir_at(b, head);
        IrValue next = ir_binary(b, IR_OP_ADD, IR_I64, param, param);
        IrBlockId after = ir_add_block(b, i);
        ir_branch(b, ir_compare(b, IR_OP_LT, IR_I64, next, param), ir_edge(b, head, &next, 1),
                  ir_edge(b, after, NULL, 0));
        ir_at(b, after);
        x = next;
    }
    for (u32 i = 0; i < alive; i++) x = ir_binary(b, IR_OP_ADD, IR_I64, x, through[i]);
    ir_return(b, x);
    free(through);
}

static double seconds(void) { return (double)clock() / CLOCKS_PER_SEC; }

enum { PROVED = 3000 }; // largest size for which the proof is not too slow

static void test_size(const char *what, u32 shape, u32 size, u32 most_locals) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    IrBuilder b;
    ir_module_init(&module, &arena);
    ir_begin(&b, &module, ir_add_function(&module, STR("f"), 0, IR_I64));
    b.site = 0;
    if (shape == 0) make_block(&b, size, false);
    else if (shape == 1) make_block(&b, size, true);
    else make_ladder(&b, size, shape == 2 ? 10 : 2000);
    CHECK(!arena.failed);
    Proof p;
    double start = seconds();
    CHECK(place(&p, &arena, &arena, &module.functions.items[1], WASM_I32, 0));
    CHECK(seconds() - start < 5); // a hundredth of it without sanitisers
    if (!CHECK(p.places.types.count <= most_locals)) fprintf(stderr, "  %s: %u\n", what, p.places.types.count);
    if (getenv("FIGURES")) printf("%s: %.3f s, %u locals\n", what, seconds() - start, p.places.types.count);
    if (size <= PROVED) prove(p.function, WASM_I32, 0);
    arena_free(&arena);
}

// ---- memory that runs out ----

static void test_full_arena(u64 seed) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    make_graph(&module, &arena, seed, 12, 9);
    IrFunction *function = &module.functions.items[1];
    bool done = false;
    for (size_t room = 0; !done; room += 64) {
        Arena small;
        arena_init(&small, 0);
        small.limit = small.used + room + 1;
        Proof p;
        done = place(&p, &small, &small, function, WASM_I32, 1);
        CHECK(done || small.failed);
        arena_free(&small);
    }
    arena_free(&arena);
}

int main(int argc, char **argv) {
    u64 first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    u64 count = argc > 2 ? strtoull(argv[2], NULL, 10) : argc > 1 ? 1 : 150;
    for (u64 i = 0; i < count; i++) {
        test_random(first + i);
        test_graph(first + i);
    }
    if (argc > 1) return CHECK_DONE();
    for (u32 i = 0; i < countof(cases); i++) test_case(i);
    test_size("one block", 0, 100000, 2);
    test_size("one chain", 1, 100000, 2);
    test_size("50,000 loops", 2, 50000, 12);
    test_size("more alive than is followed", 3, 20000, 2100);
    test_size("a chain, proved", 1, PROVED, 2);
    test_size("loops, proved", 2, 500, 12);
    test_size("values that share with nobody, proved", 3, 1000, 2100);
    for (u64 seed = 1; seed <= 4; seed++) test_full_arena(seed);
    return CHECK_DONE();
}
