// One function as WebAssembly: walks its structure (structure.h) once and makes the code of each block, edge and terminator.
#include "codegen/gen.h"

#include "ir/eval.h"

enum {
    FUNCTION_BYTES_MOST = 7654321, // what engines take
    FUNCTION_LOCALS_MOST = 50000,
};

// ---- origins ----

// Asked for by debug views only: kept out of what is done for each instruction.
__attribute__((noinline)) static void add_origin(Gen *s, IrValue value) {
    CodeOrigin origin = {s->code->bytes.count, value, s->block};
    (void)vec_push(s->code->arena, &s->code->origins, origin);
}

HOT_INLINE void note_origin(Gen *s, IrValue value) {
    s->current = value;
    if (s->origins) add_origin(s, value);
}

// ---- values ----

WasmType gen_type(const Gen *s, IrType type) { return place_wasm_type(type, s->g->pointer); }

u64 gen_const(const Gen *s, IrValue value) {
    const u32 *word = gen_inst(s, value)->args;
    return (u64)word[1] << 32 | word[0];
}

static void push_const(Gen *s, const IrInst *inst) {
    u64 bits = (u64)inst->args[1] << 32 | inst->args[0];
    switch (gen_type(s, inst->type)) {
    case WASM_I32: code_i32_const(s->code, (i32)(u32)bits); break;
    case WASM_I64: code_i64_const(s->code, (i64)bits); break;
    case WASM_F32: code_f32_const(s->code, (u32)bits); break;
    case WASM_F64: code_f64_const(s->code, bits); break;
    }
}

static void instruction(Gen *s, IrValue value);

void gen_value(Gen *s, IrValue value) {
    const IrInst *inst = gen_inst(s, value);
    if (inst->op == IR_OP_CONST) {
        push_const(s, inst);
    } else if (s->places->place[value] == PLACE_LOCAL) {
        code_local_get(s->code, s->places->low[value]);
    } else if (s->places->place[value] == PLACE_REMAKE) {
        gen_address_value(s, inst);
    } else {
        IrValue user = s->current;
        instruction(s, value);
        note_origin(s, user);
    }
}

static bool is_wide(const Gen *s, IrValue value) { return place_is_wide(gen_inst(s, value)->type); }

void gen_low(Gen *s, IrValue value) {
    if (gen_is_const(s, value)) code_i64_const(s->code, (i64)gen_const(s, value));
    else code_local_get(s->code, s->places->low[value]);
}

void gen_high(Gen *s, IrValue value) {
    const u32 *word = gen_inst(s, value)->args;
    if (gen_is_const(s, value)) code_i64_const(s->code, (i64)((u64)word[3] << 32 | word[2]));
    else code_local_get(s->code, s->places->high[value]);
}

void gen_whole(Gen *s, IrValue value) {
    if (!is_wide(s, value)) {
        gen_value(s, value);
        return;
    }
    gen_low(s, value);
    gen_high(s, value);
}

void gen_both(Gen *s, const IrInst *inst) {
    gen_value(s, inst->args[0]);
    gen_value(s, inst->args[1]);
}

// ---- temporaries ----

static u8 type_of_temporary(const Gen *s, u32 local) {
    return s->temporaries.items[local - (s->local_count - s->temporaries.count)];
}

u32 gen_temporary(Gen *s, WasmType type) {
    for (u32 i = 0; i < s->spare.count; i++) {
        u32 local = s->spare.items[i];
        if (type_of_temporary(s, local) != type) continue;
        s->spare.items[i] = s->spare.items[--s->spare.count];
        return local;
    }
    if (!vec_push(s->g->scratch, &s->temporaries, (u8)type)) return 0;
    return s->local_count++;
}

void gen_release(Gen *s, u32 local) {
    if (!s->g->scratch->failed) (void)vec_push(s->g->scratch, &s->spare, local);
}

Held gen_hold(Gen *s, IrValue value) {
    Held held = {value, NO_LOCAL};
    if (gen_is_const(s, value) || s->places->place[value] != PLACE_TREE) return held;
    held.local = gen_temporary(s, gen_type(s, gen_inst(s, value)->type));
    gen_value(s, value);
    code_local_set(s->code, held.local);
    return held;
}

void gen_held(Gen *s, Held held) {
    if (held.local == NO_LOCAL) gen_value(s, held.value);
    else code_local_get(s->code, held.local);
}

void gen_drop(Gen *s, Held held) {
    if (held.local != NO_LOCAL) gen_release(s, held.local);
}

// ---- traps and calls ----

u32 gen_place(Gen *s, u32 site) {
    Generator *g = s->g;
    return g->options->map ? trap_map_place(&g->traps, g->module, site) << TRAP_KIND_BITS : 0;
}

void gen_glue(Gen *s, Glue glue) {
    s->g->glue[glue] = true;
    code_call(s->code, glue_symbol(s->g, glue));
}

void gen_runtime(Gen *s, RuntimeFunction function) { code_call(s->code, SYMBOL_RUNTIME + function); }

void gen_trap(Gen *s, TrapKind kind, u32 site) {
    code_i32_const(s->code, (i32)(gen_place(s, site) | kind));
    gen_glue(s, GLUE_TRAP);
    code_op(s->code, W_UNREACHABLE);
}

void gen_trap_if(Gen *s, TrapKind kind, u32 site) {
    code_block(s->code, W_IF, WASM_NO_RESULT);
    gen_trap(s, kind, site);
    code_end(s->code);
}

// A trap kind is on the stack: traps unless it is 0.
static void check(Gen *s, u32 site) {
    code_i32_const(s->code, (i32)gen_place(s, site));
    gen_glue(s, GLUE_CHECK);
}

// The calls that are left to a callee that can come to recur.
static void pass_depth(Gen *s, const FunctionPlan *callee, u32 site) {
    if (s->depth_local == NO_LOCAL) {
        code_i32_const(s->code, (i32)s->g->options->depth);
        return;
    }
    if (callee->recursive) {
        code_local_get(s->code, s->depth_local);
        code_op(s->code, W_I32_EQZ);
        gen_trap_if(s, TRAP_STACK, site);
    }
    code_local_get(s->code, s->depth_local);
    code_i32_const(s->code, 1);
    code_op(s->code, W_I32_SUB);
}

// What stands next is a call that the map is to know. Places are given numbers when all code is made: those in the code are
// shorter so.
static void note_call(Gen *s, u32 site) {
    CodeCall here = {s->code->bytes.count, site};
    if (s->g->options->map) (void)vec_push(s->code->arena, &s->code->calls, here);
}

static void call(Gen *s, IrValue value, const IrInst *inst) {
    const FunctionPlan *callee = &s->g->plans[inst->args[0]];
    for (u32 i = 0; i < inst->args[2]; i++) gen_whole(s, s->function->lists.items[inst->args[1] + i]);
    if (callee->deep && s->g->options->depth) pass_depth(s, callee, inst->site);
    note_call(s, inst->site);
    code_call(s->code, SYMBOL_FUNCTION + inst->args[0]);
    if (!place_is_wide(inst->type)) return;
    if (s->g->options->mvp) gen_load_high(s);
    gen_set_wide(s, value);
}

// ---- output ----

static void as_i64(Gen *s, IrValue value) {
    IrType type = gen_inst(s, value)->type;
    gen_value(s, value);
    if (gen_type(s, type) == WASM_I32) code_op(s->code, ir_is_signed(type) ? W_I64_EXTEND_I32_S : W_I64_EXTEND_I32_U);
}

// Where the host can end the program.
static void output(Gen *s, const IrInst *inst, RuntimeFunction function) {
    if (s->g->options->adapter == ADAPTER_JSRUST) note_call(s, inst->site);
    gen_runtime(s, function);
}

static void print_value(Gen *s, const IrInst *inst) {
    static const u8 by_type[IR_TYPE_COUNT] = {
        [IR_BOOL] = RUNTIME_print_bool, [IR_I8] = RUNTIME_print_i64,    [IR_I16] = RUNTIME_print_i64,
        [IR_I32] = RUNTIME_print_i64,   [IR_I64] = RUNTIME_print_i64,   [IR_U8] = RUNTIME_print_u64,
        [IR_U16] = RUNTIME_print_u64,   [IR_U32] = RUNTIME_print_u64,   [IR_U64] = RUNTIME_print_u64,
        [IR_I128] = RUNTIME_print_i128, [IR_U128] = RUNTIME_print_u128, [IR_F32] = RUNTIME_print_f32,
        [IR_F64] = RUNTIME_print_f64,   [IR_PTR] = RUNTIME_print_u64,
    };
    IrType type = inst->arg_type;
    if (type == IR_BOOL || ir_is_float(type) || place_is_wide(type)) gen_whole(s, inst->args[0]);
    else as_i64(s, inst->args[0]);
    output(s, inst, (RuntimeFunction)by_type[type]);
}

static void print(Gen *s, const IrInst *inst) {
    switch (inst->op) {
    case IR_OP_PRINT_DATA:
        if (gen_prints_byte(s->g, inst)) {
            code_i32_const(s->code, s->g->module->data.items[inst->args[0]].data[0]);
            output(s, inst, RUNTIME_output_byte);
        } else {
            code_i32_const(s->code, (i32)s->g->data_address[inst->args[0]]);
            output(s, inst, RUNTIME_print_data);
        }
        break;
    case IR_OP_PRINT_STR:
        gen_value(s, inst->args[0]);
        if (s->g->pointer == WASM_I64) code_op(s->code, W_I32_WRAP_I64);
        output(s, inst, RUNTIME_print_str);
        check(s, inst->site);
        break;
    case IR_OP_PRINT_VALUE: print_value(s, inst); break;
    case IR_OP_PRINT_CHAR:
        as_i64(s, inst->args[0]);
        output(s, inst, RUNTIME_print_char);
        check(s, inst->site);
        break;
    case IR_OP_PRINT_BYTE:
        as_i64(s, inst->args[0]);
        output(s, inst, RUNTIME_print_byte);
        check(s, inst->site);
        break;
    default: output(s, inst, RUNTIME_flush); break;
    }
}

// ---- instructions ----

static void choose(Gen *s, const IrInst *inst) {
    gen_value(s, inst->args[1]);
    gen_value(s, inst->args[2]);
    gen_condition(s, inst->args[0], false);
    code_op(s->code, W_SELECT);
}

// Where the result of an operation goes.
typedef enum Result { RESULT_NONE, RESULT_STACK, RESULT_LOCALS } Result;

static Result operation(Gen *s, IrValue value, const IrInst *inst) {
    bool wide = place_is_wide(inst->type);
    switch ((IrOp)inst->op) {
    case IR_OP_NOP:
    case IR_OP_CONST:
    case IR_OP_PARAM:
    case IR_OP_STEPS:
    case IR_OP_MARK_BLOCK:
    case IR_OP_MARK_INST:
    case IR_OP_MARK_VALUE: return RESULT_NONE;
    case IR_OP_EQ:
    case IR_OP_NE:
    case IR_OP_LT:
    case IR_OP_LE:
    case IR_OP_GT:
    case IR_OP_GE: gen_compare(s, inst, false); return RESULT_STACK;
    case IR_OP_SLOT_ADDR:
    case IR_OP_DATA_ADDR:
    case IR_OP_FIELD_ADDR:
    case IR_OP_INDEX:
    case IR_OP_PTR_MOVE: gen_address_value(s, inst); return RESULT_STACK;
    case IR_OP_STORE: gen_store(s, inst); return RESULT_NONE;
    case IR_OP_COPY: gen_copy(s, inst); return RESULT_NONE;
    case IR_OP_FILL: gen_fill(s, inst); return RESULT_NONE;
    case IR_OP_HEAP_ALLOC:
    case IR_OP_HEAP_REALLOC: gen_heap(s, inst); return RESULT_STACK;
    case IR_OP_HEAP_FREE:
    case IR_OP_HEAP_COPY:
        gen_heap(s, inst);
        check(s, inst->site);
        return RESULT_NONE;
    case IR_OP_GUARD:
        gen_condition(s, inst->args[0], true);
        gen_trap_if(s, (TrapKind)inst->args[1], inst->site);
        return RESULT_NONE;
    case IR_OP_CALL:
        call(s, value, inst);
        return inst->type == IR_VOID ? RESULT_NONE : wide ? RESULT_LOCALS : RESULT_STACK;
    case IR_OP_PRINT_DATA:
    case IR_OP_PRINT_STR:
    case IR_OP_PRINT_VALUE:
    case IR_OP_PRINT_CHAR:
    case IR_OP_PRINT_BYTE:
    case IR_OP_FLUSH: print(s, inst); return RESULT_NONE;
    case IR_OP_LOAD:
        if (wide) gen_load_wide(s, value, inst);
        else gen_load(s, inst);
        return wide ? RESULT_LOCALS : RESULT_STACK;
    case IR_OP_ADD:
    case IR_OP_SUB:
    case IR_OP_MUL:
    case IR_OP_DIV:
    case IR_OP_REM:
    case IR_OP_NEG:
    case IR_OP_AND:
    case IR_OP_OR:
    case IR_OP_XOR:
    case IR_OP_SHL:
    case IR_OP_SHR:
        if (!wide) gen_arithmetic(s, inst);
        else gen_wide(s, value, inst);
        return wide ? RESULT_LOCALS : RESULT_STACK;
    case IR_OP_ONES:
        gen_value(s, inst->args[0]);
        code_op(s->code, ir_bits(inst->type) == 64 ? W_I64_POPCNT : W_I32_POPCNT);
        return RESULT_STACK;
    case IR_OP_CONVERT:
    case IR_OP_BITCAST:
        if (!wide) gen_convert(s, inst);
        else gen_wide(s, value, inst);
        return wide ? RESULT_LOCALS : RESULT_STACK;
    case IR_OP_SELECT:
        if (!wide) choose(s, inst);
        else gen_wide(s, value, inst);
        return wide ? RESULT_LOCALS : RESULT_STACK;
    case IR_OP_COUNT: break;
    }
    return RESULT_NONE;
}

static Result run_instruction(Gen *s, IrValue value) {
    note_origin(s, value);
    return operation(s, value, gen_inst(s, value));
}

static void instruction(Gen *s, IrValue value) { (void)run_instruction(s, value); }

// An instruction where it stands.
static void root(Gen *s, IrValue value) {
    if (run_instruction(s, value) != RESULT_STACK) return;
    u32 local = s->places->low[value];
    if (local == NO_LOCAL) code_op(s->code, W_DROP);
    else code_local_set(s->code, local);
}

// x != 0 of 32 bits: as a condition x itself will do.
static bool is_zero_test(const Gen *s, const IrInst *inst, bool negate) {
    if (inst->op != (negate ? IR_OP_EQ : IR_OP_NE)) return false;
    IrType type = gen_inst(s, inst->args[0])->type;
    return !place_is_wide(type) && gen_type(s, type) == WASM_I32 && gen_is_const(s, inst->args[1]) &&
           gen_const(s, inst->args[1]) == 0;
}

void gen_condition(Gen *s, IrValue value, bool negate) {
    const IrInst *inst = gen_inst(s, value);
    bool compare = inst->op >= IR_OP_EQ && inst->op <= IR_OP_GE;
    if (compare && s->places->place[value] == PLACE_TREE) {
        IrValue user = s->current;
        note_origin(s, value);
        if (is_zero_test(s, inst, negate)) gen_value(s, inst->args[0]);
        else gen_compare(s, inst, negate);
        note_origin(s, user);
        return;
    }
    gen_value(s, value);
    if (negate) code_op(s->code, W_I32_EQZ);
}

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
        bool wide = is_wide(s, params[i]);
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
        bool wide = is_wide(s, term->value);
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
        if (s->places->place[at] == PLACE_LOCAL) root(s, at);
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
        note_origin(s, 0);
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
        if (plan->recursive) {
            code_i32_const(s->code, (i32)s->g->stack_base);
            code_op(s->code, W_I32_LT_S);
            gen_trap_if(s, TRAP_STACK, 0);
            code_local_get(s->code, local);
        }
        code_global_set(s->code, 0);
        s->frame_local = local;
    }
    if (!plan->once) gen_clear(s, s->frame_local, plan->frame, plan->zero_size);
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

static bool check_limits(Gen *s) {
    Generator *g = s->g;
    if (s->places->param_locals + s->places->types.count + s->temporaries.count > FUNCTION_LOCALS_MOST)
        return error_set(g->error, ERR_EXECUTE, NOWHERE,
                         "a function has more than %u values at a time, the limit of WebAssembly engines",
                         (u32)FUNCTION_LOCALS_MOST);
    if (s->code->bytes.count > FUNCTION_BYTES_MOST)
        return error_set(g->error, ERR_EXECUTE, NOWHERE,
                         "a function becomes more than %u bytes, the limit of WebAssembly engines",
                         (u32)FUNCTION_BYTES_MOST);
    return true;
}

bool gen_function(Generator *g, u32 number, Code *code) {
    IrFunction *function = &g->module->functions.items[number];
    const FunctionPlan *plan = &g->plans[number];
    IrCfg *cfg = &g->plans[number].graph;
    Places places = {0};
    Structure structure = {0};
    bool hidden = plan->deep && g->options->depth;
    if (!cfg->rpo_count && !ir_cfg_build(cfg, g->scratch, function)) return false;
    if (!place_values(&places, g->scratch, g->scratch, function, cfg)) return false;
    if (!place_locals(&places, g->scratch, g->scratch, function, cfg, g->pointer, hidden)) return false;
    Gen s = {.g = g, .function = function, .plan = plan, .places = &places, .code = code};
    s.origins = g->options->origins;
    s.local_count = places.param_locals + places.types.count;
    s.frame_local = NO_LOCAL;
    s.depth_local = hidden ? places.param_locals - 1 : NO_LOCAL;
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
    return declare_locals(&s) && !code->arena->failed && !g->scratch->failed && check_limits(&s);
}
