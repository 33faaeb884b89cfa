// One function as WebAssembly: walks its structure (structure.h) once and makes the code of each block, edge and terminator.
#include "codegen/gen.h"

enum { FRAME_COST_LEAST = 10 };

// ---- edges and terminators ----

// The operand list from there on; a function may have none at all.
static const u32 *list_at(const Gen *s, u32 start) {
    return start ? s->function->lists.items + start : s->function->lists.items;
}

static const u32 *params_of(const Gen *s, const IrEdge *edge) {
    return list_at(s, ir_block(s->function, edge->target)->params);
}

// Whether an argument has to be moved: its half is not where the parameter lives.
static bool must_move(const Gen *s, IrValue argument, IrValue param, bool high) {
    const u32 *of = high ? s->places->high : s->places->low;
    if (of[param] == NO_LOCAL) return false;
    return s->places->place[argument] != PLACE_LOCAL || of[argument] != of[param];
}

// An argument that is computed on this edge, for its effects alone if its parameter has no local. One that is not used is
// no tree of the edge, but perhaps of another user.
static bool is_computed_here(const Gen *s, u32 argument, u32 param) {
    return s->places->place[argument] == PLACE_TREE && s->places->place[param] != PLACE_DROPPED;
}

static bool is_plain(void *context, u32 block, u32 number) {
    Gen *s = context;
    const IrEdge *edge = ir_edge_at(s->function, &ir_block(s->function, block)->term, number);
    const u32 *params = params_of(s, edge), *arguments = list_at(s, edge->args);
    for (u32 i = 0; i < edge->arg_count; i++) {
        if (must_move(s, arguments[i], params[i], false) || must_move(s, arguments[i], params[i], true)) return false;
        if (is_computed_here(s, arguments[i], params[i])) return false;
    }
    return true;
}

// All arguments onto the stack, then from there into the parameters: they may depend on each other in any way.
static void edge_moves(Gen *s, u32 block, u32 number) {
    const IrEdge *edge = ir_edge_at(s->function, &ir_block(s->function, block)->term, number);
    const u32 *params = params_of(s, edge), *arguments = list_at(s, edge->args);
    for (u32 i = 0; i < edge->arg_count; i++) {
        bool wide = gen_is_wide(s, params[i]);
        if (must_move(s, arguments[i], params[i], false)) {
            if (wide) gen_low(s, arguments[i]);
            else gen_value(s, arguments[i]);
        } else if (is_computed_here(s, arguments[i], params[i])) {
            gen_value(s, arguments[i]);
            code_op(s->code, W_DROP);
        }
        if (must_move(s, arguments[i], params[i], true)) gen_high(s, arguments[i]);
    }
    for (u32 i = edge->arg_count; i-- > 0;) {
        if (must_move(s, arguments[i], params[i], true)) code_local_set(s->code, s->places->high[params[i]]);
        if (must_move(s, arguments[i], params[i], false)) code_local_set(s->code, s->places->low[params[i]]);
    }
}

static void leave_frame(Gen *s) {
    if (s->frame_local == NO_LOCAL) return;
    code_local_get(s->code, s->frame_local);
    code_i32_const(s->code, (i32)s->plan->frame_size);
    code_op(s->code, W_I32_ADD);
    code_global_set(s->code, 0);
}

static void return_value(Gen *s, const IrTerm *term, bool last) {
    if (term->value) {
        bool wide = gen_is_wide(s, term->value);
        if (wide && s->g->options->mvp) {
            code_i32_const(s->code, (i32)runtime_cell(RUNTIME_CELL_HIGH));
            gen_high(s, term->value);
            code_memory(s->code, W_I64_STORE, 3, 0);
            gen_low(s, term->value);
        } else {
            gen_whole(s, term->value);
        }
    }
    leave_frame(s);
    if (!last) code_op(s->code, W_RETURN);
}

static void block_code(Gen *s, u32 block) {
    s->block = block;
    const IrFunction *f = s->function;
    for (u32 at = f->blocks.items[block].first; at; at = f->insts.items[at].next)
        if (s->places->place[at] == PLACE_LOCAL) gen_root(s, at);
}

static void branch_table(Gen *s, const Structure *structure, const StructureItem *item) {
    const IrTerm *term = &ir_block(s->function, item->block)->term;
    gen_value(s, term->value);
    code_op(s->code, W_BR_TABLE);
    code_u32(s->code, term->case_count);
    for (u32 i = 0; i <= term->case_count; i++) code_u32(s->code, structure->depths.items[item->depth + i]);
}

static void structure_item(Gen *s, const Structure *structure, u32 number) {
    const StructureItem *item = &structure->items.items[number];
    const IrTerm *term = item->block ? &ir_block(s->function, item->block)->term : NULL;
    if (item->kind != STRUCTURE_CODE && item->block) {
        s->block = item->block;
        gen_note_origin(s, 0);
    }
    switch ((StructureKind)item->kind) {
    case STRUCTURE_BLOCK: code_block(s->code, W_BLOCK, WASM_NO_RESULT); break;
    case STRUCTURE_LOOP: code_block(s->code, W_LOOP, WASM_NO_RESULT); break;
    case STRUCTURE_END: code_end(s->code); break;
    case STRUCTURE_CODE: block_code(s, item->block); break;
    case STRUCTURE_IF:
        gen_condition(s, term->value, item->negate);
        code_block(s->code, W_IF, WASM_NO_RESULT);
        break;
    case STRUCTURE_ELSE:
        code_op(s->code, W_ELSE);
        code_label(s->code);
        break;
    case STRUCTURE_EDGE:
        edge_moves(s, item->block, item->edge);
        if (item->depth != STRUCTURE_FALLS) code_branch(s->code, W_BR, item->depth);
        break;
    case STRUCTURE_BR_IF:
        gen_condition(s, term->value, item->negate);
        code_branch(s->code, W_BR_IF, item->depth);
        break;
    case STRUCTURE_BR_TABLE: branch_table(s, structure, item); break;
    case STRUCTURE_DROP:
        gen_value(s, term->value);
        code_op(s->code, W_DROP);
        break;
    case STRUCTURE_RETURN: {
        // Without a result the end of the function is as good.
        bool falls = item->depth == STRUCTURE_FALLS && s->function->result == IR_VOID;
        return_value(s, term, falls || number + 1 == structure->items.count);
        break;
    }
    case STRUCTURE_TRAP: gen_trap(s, (TrapKind)term->trap, term->site); break;
    }
}

// ---- functions ----

static void enter_frame(Gen *s) {
    const FunctionPlan *plan = s->plan;
    if (plan->frame_size == 0) return;
    if (!plan->frame) {
        u32 local = gen_temporary(s, WASM_I32);
        code_global_get(s->code, 0);
        code_i32_const(s->code, (i32)plan->frame_size);
        code_op(s->code, W_I32_SUB);
        code_local_tee(s->code, local);
        code_i32_const(s->code, (i32)s->g->stack_base);
        // A frame that may end below 0 is compared as signed: no stack begins above 2 GiB then that would hold it.
        code_op(s->code, plan->frame_size > s->g->stack_base ? W_I32_LT_S : W_I32_LT_U);
        gen_trap_if(s, TRAP_STACK, 0);
        code_local_get(s->code, local);
        code_global_set(s->code, 0);
        s->frame_local = local;
    }
    if (!plan->once) gen_clear_frame(s);
}

static bool declare_locals(Gen *s) {
    u32 count = s->places->types.count + s->temporaries.count;
    for (u32 i = 0; i < count; i++) {
        u32 own = s->places->types.count;
        u8 type = i < own ? s->places->types.items[i] : s->temporaries.items[i - own];
        u32 runs = s->code->locals.count;
        if (runs && s->code->locals.items[runs - 1].type == type) {
            s->code->locals.items[runs - 1].count++;
            continue;
        }
        CodeLocals run = {1, type};
        if (!vec_push(s->code->arena, &s->code->locals, run)) return false;
    }
    return true;
}

// What engines may take for a frame and the arguments in it, as measured, in parts of the stack (WASI_STACK of api/compile.c
// is all of it): the greater of V8's share of its 984 KB and Cranelift's of 512 KB.
static u32 frame_cost(u32 locals, u32 params) {
    u32 cost = 3 * locals + (params > 2 ? 3 * (params - 2) : 0);
    return cost > FRAME_COST_LEAST ? cost : FRAME_COST_LEAST;
}

bool gen_function(Generator *g, u32 number, Code *code) {
    IrFunction *function = &g->module->functions.items[number];
    const FunctionPlan *plan = &g->plans[number];
    IrCfg *cfg = &g->plans[number].graph;
    Places places = {0};
    Structure structure = {0};
    bool hidden = gen_allowance(g, number) != 0;
    if (!cfg->rpo_count && !ir_cfg_build(cfg, g->scratch, function)) return false;
    if (!place_values(&places, g->scratch, g->scratch, function, cfg)) return false;
    if (plan->narrow && !place_narrow(&places, g->scratch, g->scratch, function, cfg)) return false;
    if (!place_locals(&places, g->scratch, g->scratch, function, cfg, g->pointer, hidden)) return false;
    Gen s = {.g = g, .function = function, .plan = plan, .places = &places, .code = code};
    s.origins = g->options->origins;
    s.local_count = places.param_locals + places.types.count;
    s.frame_local = NO_LOCAL;
    s.depth_local = hidden ? places.param_locals - 1 : NO_LOCAL;
    s.cost = g->options->stack ? frame_cost(s.local_count, places.param_locals) : 1;
    bool too_deep = false;
    if (!structure_make(&structure, g->scratch, g->scratch, function, cfg, is_plain, &s, &too_deep)) {
        if (!too_deep) return false;
        return error_set(g->error, ERR_EXECUTE, NOWHERE,
                         "a function nests more than %u blocks, the limit of WebAssembly engines",
                         (u32)STRUCTURE_DEPTH_MOST);
    }
    code_label(code);
    enter_frame(&s);
    for (u32 i = 0; i < structure.items.count; i++) structure_item(&s, &structure, i);
    bool returned = structure.items.count && structure.items.items[structure.items.count - 1].kind == STRUCTURE_RETURN;
    // Control does not get here, but the validator wants the results.
    if (!returned && function->result != IR_VOID) code_op(code, W_UNREACHABLE);
    code_op(code, W_END);
    return declare_locals(&s) && !code->arena->failed && !g->scratch->failed;
}
