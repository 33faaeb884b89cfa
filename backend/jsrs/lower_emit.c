// The IR of one inferred body: blocks in an order in which definitions come before their uses, instructions, terminators, edges.
#include "jsrs/lower_internal.h"

// --- edges ------------------------------------------------------------------------------------------------------------

// Structs and enums travel by copy into a slot of the target's parameter: the argument's own slot may be written again
// while the parameter lives. Everything else is an IR block parameter.
static bool copied(Body *body, Ty t) {
    const TyNode *node = ty_node(body->g, t);
    return node->kind == TY_STRUCT || node->kind == TY_ENUM;
}

static u32 param_value(const Body *body, u32 block, u32 i) {
    return body->l->m->params.items[body_block(body, block)->params + i].value;
}

static u32 copied_count(Body *body, const JsrsEdge *edge) {
    u32 count = 0;
    for (u32 i = 0; i < edge->arg_count; i++) count += copied(body, body->types[param_value(body, edge->target, i)]);
    return count;
}

// All arguments are read before any parameter is written: with several, through slots in between.
static void copy_arguments(Body *body, const JsrsEdge *edge, u32 count) {
    const u32 *args = body->l->m->lists.items + edge->args;
    IrValue *sources = arena_new(&body->l->body, IrValue, (size_t)edge->arg_count + 1);
    if (!sources) return;
    for (u32 i = 0; i < edge->arg_count; i++) {
        Ty t = body->types[param_value(body, edge->target, i)];
        if (!copied(body, t)) continue;
        sources[i] = value_as(body, args[i], t);
        if (count == 1) continue;
        IrValue between = place_new(body, t);
        place_copy(body, t, between, 0, sources[i], 0);
        sources[i] = between;
    }
    for (u32 i = 0; i < edge->arg_count; i++) {
        u32 param = param_value(body, edge->target, i);
        if (!copied(body, body->types[param])) continue;
        IrValue slot = ir_emit(&body->b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, body->slots[param], 0, 0, 0);
        place_copy(body, body->types[param], slot, 0, sources[i], 0);
    }
}

static IrEdge plain_edge(Body *body, const JsrsEdge *edge) {
    const u32 *args = body->l->m->lists.items + edge->args;
    IrValue *values = edge->arg_count ? arena_room(&body->l->body, IrValue, edge->arg_count) : NULL;
    u32 count = 0;
    if (!values && edge->arg_count) return (IrEdge){0};
    for (u32 i = 0; i < edge->arg_count; i++) {
        Ty t = body->types[param_value(body, edge->target, i)];
        if (!copied(body, t) && type_passed(body->g, t) != IR_VOID) values[count++] = value_as(body, args[i], t);
    }
    return ir_edge(&body->b, body->blocks[edge->target], values, count);
}

// An edge of a terminator with several: copies must happen on this one only, so it gets a block.
static IrEdge split_edge(Body *body, const JsrsEdge *edge) {
    u32 count = copied_count(body, edge);
    if (count == 0) return plain_edge(body, edge);
    IrBlockId from = body->b.block, between = ir_add_block(&body->b, body_block(body, body->block)->id);
    ir_at(&body->b, between);
    copy_arguments(body, edge, count);
    ir_jump(&body->b, plain_edge(body, edge));
    ir_at(&body->b, from);
    return ir_edge(&body->b, between, NULL, 0);
}

// --- terminators --------------------------------------------------------------------------------------------------------

static void emit_return(Body *body, const JsrsTerm *term) {
    IrType type = body->b.function->result;
    if (type_is_aggregate(body->g, body->result)) {
        if (!body->is_entry && term->has_value)
            place_copy(body, body->result, body->sret, 0, value_as(body, term->value, body->result), 0);
        ir_return(&body->b, 0);
        return;
    }
    IrValue v = 0;
    if (type != IR_VOID) v = term->has_value ? value_as(body, term->value, body->result) : ir_const(&body->b, type, 0);
    ir_return(&body->b, v);
}

// Cases that no value of the selector's type can be never match (5); an unsigned 64-bit selector goes by its bits.
static bool case_fits(IrType type, i64 value, u64 *high) {
    *high = value < 0 && ir_is_signed(type) ? ~(u64)0 : 0;
    u32 bits = ir_bits(type);
    if (type == IR_U64) return true;
    if (!ir_is_signed(type)) return value >= 0 && (bits >= 64 || value >> bits == 0);
    return bits >= 64 || (value >= -(1LL << (bits - 1)) && value < 1LL << (bits - 1));
}

static void emit_switch(Body *body, const JsrsTerm *term) {
    IrType type = type_passed(body->g, body->types[term->value]);
    if (type == IR_BOOL) type = IR_U8;
    if (!ir_is_int(type)) type = IR_I64;
    IrValue selector = value_as_scalar(body, term->value, type);
    // Edge blocks first: cases of one switch stand together.
    IrEdge *edges = arena_new(&body->l->body, IrEdge, (size_t)term->case_count + 1);
    if (!edges) return;
    for (u32 i = 0; i < term->case_count; i++)
        edges[i] = split_edge(body, &body->l->m->cases.items[term->cases + i].edge);
    ir_switch(&body->b, selector, split_edge(body, &term->other));
    for (u32 i = 0; i < term->case_count; i++) {
        u64 high;
        i64 value = (i64)body->l->m->cases.items[term->cases + i].value;
        if (case_fits(type, value, &high)) ir_case(&body->b, (u64)value, high, edges[i]);
    }
}

static void emit_term(Body *body, const JsrsTerm *term) {
    emit_steps(body);
    switch (term->kind) {
    case JSRS_RET: emit_return(body, term); break;
    case JSRS_BR: {
        u32 count = copied_count(body, &term->then);
        if (count) copy_arguments(body, &term->then, count);
        ir_jump(&body->b, plain_edge(body, &term->then));
        break;
    }
    case JSRS_BR_IF: {
        IrValue condition = value_as_scalar(body, term->value, IR_BOOL);
        IrEdge then = split_edge(body, &term->then), other = split_edge(body, &term->other);
        ir_branch(&body->b, condition, then, other);
        break;
    }
    case JSRS_SWITCH: emit_switch(body, term); break;
    default: ir_trap(&body->b, TRAP_UNREACHABLE); break;
    }
}

// --- instructions -------------------------------------------------------------------------------------------------------

static IrValue emit_alloca(Body *body, const JsrsInst *inst) {
    bool array = inst->type2 != NO_INDEX && body->l->m->types.items[inst->type2].tag == TAG_ARRAY;
    return place_new(body, array ? body->types[inst->result] : body_node(body, inst->result)->target);
}

static IrValue emit_constant(Body *body, const JsrsInst *inst) {
    IrType type = value_scalar(body, inst->result);
    if (type == IR_VOID) return 0;
    if (inst->op == JSRS_FCONST) {
        f64 value;
        mem_copy(&value, &inst->immediate, 8);
        return ir_is_float(type) ? ir_const_f64(&body->b, type, value) : ir_const(&body->b, type, 0);
    }
    u64 high = (i64)inst->immediate < 0 && ir_is_signed(type) ? ~(u64)0 : 0;
    return ir_is_float(type) ? ir_const(&body->b, type, 0) : ir_const128(&body->b, type, inst->immediate, high);
}

static IrValue emit_ptradd(Body *body, const JsrsInst *inst) {
    IrValue n = value_i64(body, inst->b, TRAP_BOUNDS);
    body->b.module->moves_rows = true;
    return ir_emit(&body->b, IR_OP_PTR_MOVE, IR_PTR, IR_I64, value_address(body, inst->a), n, 0, 0);
}

static IrValue emit_inst(Body *body, const JsrsInst *inst, u32 inst_index) {
    switch ((JsrsOp)inst->op) {
    case JSRS_ICONST:
    case JSRS_FCONST:
    case JSRS_BCONST: return emit_constant(body, inst);
    case JSRS_NULL:
        if (type_is_aggregate(body->g, body->types[inst->result])) return place_new(body, body->types[inst->result]);
        return ir_const(&body->b, IR_PTR, 0);
    case JSRS_IADD:
    case JSRS_FADD: return emit_binary(body, inst, IR_OP_ADD);
    case JSRS_ISUB:
    case JSRS_FSUB: return emit_binary(body, inst, IR_OP_SUB);
    case JSRS_IMUL:
    case JSRS_FMUL: return emit_binary(body, inst, IR_OP_MUL);
    case JSRS_IDIV:
    case JSRS_FDIV: return emit_binary(body, inst, IR_OP_DIV);
    case JSRS_IMOD: return emit_binary(body, inst, IR_OP_REM);
    case JSRS_IAND: return emit_binary(body, inst, IR_OP_AND);
    case JSRS_IOR: return emit_binary(body, inst, IR_OP_OR);
    case JSRS_IXOR: return emit_binary(body, inst, IR_OP_XOR);
    case JSRS_ISHL: return emit_binary(body, inst, IR_OP_SHL);
    case JSRS_ISHR: return emit_binary(body, inst, IR_OP_SHR);
    case JSRS_INEG:
    case JSRS_FNEG: return emit_negation(body, inst);
    case JSRS_ICMP:
    case JSRS_FCMP: return emit_compare(body, inst);
    case JSRS_ALLOCA: return emit_alloca(body, inst);
    case JSRS_LOAD: return emit_load(body, inst);
    case JSRS_STORE: return emit_store(body, inst), 0;
    case JSRS_MEMCPY: return emit_memcpy(body, inst), 0;
    case JSRS_GEP: return emit_gep(body, inst);
    case JSRS_PTRADD: return emit_ptradd(body, inst);
    case JSRS_TRUNC:
    case JSRS_SEXT:
    case JSRS_ZEXT:
    case JSRS_FPTOUI:
    case JSRS_FPTOSI:
    case JSRS_UITOFP:
    case JSRS_SITOFP:
    case JSRS_BITCAST: return emit_cast(body, inst);
    case JSRS_CALL: return emit_call(body, inst, inst_index);
    case JSRS_STRUCT_CREATE: return emit_struct_create(body, inst);
    case JSRS_STRUCT_GET: return emit_struct_get(body, inst);
    case JSRS_ENUM_CREATE: return emit_enum_create(body, inst);
    case JSRS_ENUM_GET_TAG: return emit_enum_get_tag(body, inst);
    case JSRS_ENUM_GET_DATA: return emit_enum_get_data(body, inst);
    case JSRS_SCONST: return emit_literal(body, inst->number);
    case JSRS_CALL_DYN: return emit_call_dyn(body, inst, inst_index);
    case JSRS_OP_COUNT: break;
    }
    return 0;
}

// --- marks of traced runs -------------------------------------------------------------------------------------------------

// What an instruction gave: the value, or the leaves of a small struct or enum.
static void mark_value(Body *body, u32 value) {
    IrType type = type_passed(body->g, body->types[value]);
    IrValue v = body->ir[value];
    if (type == IR_VOID || !v) return;
    if (!copied(body, body->types[value])) {
        ir_emit(&body->b, IR_OP_MARK_VALUE, IR_VOID, type, v, 0, 0, 0);
        return;
    }
    LeafList leaves = {.count = 0};
    if (!layout_leaves(body->g, body->types[value], 0, &leaves)) leaves.count = 0;
    for (u32 i = 0; i < leaves.count; i++) {
        IrValue leaf = ir_load(&body->b, leaves.leaves[i].type, v, leaves.leaves[i].offset);
        ir_emit(&body->b, IR_OP_MARK_VALUE, IR_VOID, leaves.leaves[i].type, leaf, i, 0, 0);
    }
}

// Sites of the block's head, its instructions and its terminator, one behind the other: the first of them, 0 without memory.
static u32 add_sites(Body *body, const JsrsBlock *block) {
    IrModule *out = body->l->out;
    const JsrsInst *insts = body->l->m->insts.items + block->insts;
    u32 first = out->sites.count, count = block->inst_count;
    if (!vec_reserve(out->arena, &out->sites, count + 2)) return 0;
    out->sites.count = first + count + 2;
    IrSite *sites = out->sites.items + first;
    for (u32 i = 0; i < count + 2; i++) {
        sites[i] = (IrSite){.function = body->index,
                            .block = block->id,
                            .instruction = i - 1, // of the head: NO_INDEX
                            .source = block->site + i,
                            .terminator = i > count};
        sites[i].offset = i == 0 ? block->offset : i > count ? block->term.offset : insts[i - 1].offset;
    }
    return first;
}

// What comes next is of that instruction.
HOT_INLINE void set_site(Body *body, u32 site, u32 instruction, u32 offset) {
    body->b.site = site;
    body->g->where.instruction = instruction;
    body->g->where.offset = offset;
}

// --- blocks -------------------------------------------------------------------------------------------------------------

static void begin_block(Body *body, u32 index) {
    const JsrsBlock *block = body_block(body, index);
    u32 site = add_sites(body, block);
    body->block = index;
    body->g->where.block = block->id;
    set_site(body, site, NO_INDEX, block->offset);
    ir_at(&body->b, body->blocks[index]);
    for (u32 i = 0; i < block->param_count; i++) {
        u32 value = param_value(body, index, i);
        if (copied(body, body->types[value]))
            body->ir[value] = ir_emit(&body->b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, body->slots[value], 0, 0, 0);
    }
    if (!body->l->options.traced) return;
    ir_emit(&body->b, IR_OP_MARK_BLOCK, IR_VOID, IR_VOID, body->b.site, 0, 0, 0);
    for (u32 i = 0; i < block->param_count; i++) mark_value(body, param_value(body, index, i));
    for (u32 i = 0; index == 0 && i < body->f->param_count; i++)
        mark_value(body, body->l->m->params.items[body->f->params + i].value);
}

// What stands for a value that an instruction could not give (it failed before, or nothing was ever written there).
static IrValue no_value(Body *body, Ty t) {
    IrType type = type_passed(body->g, t);
    if (type == IR_VOID) return 0;
    return type_is_aggregate(body->g, t) ? place_new(body, t) : ir_const(&body->b, type, 0);
}

// Whether the count of steps can be seen while the instruction runs: it may trap, call or print.
static bool shows_steps(const Body *body, const JsrsInst *inst) {
    const JsrsInst *place = inst->op == JSRS_LOAD || inst->op == JSRS_STORE ? body_definition(body, inst->a) : NULL;
    bool variable = place && place->op == JSRS_ALLOCA; // never traps, and is what most instructions are about
    const u64 shown = 1ull << JSRS_IDIV | 1ull << JSRS_IMOD | 1ull << JSRS_LOAD | 1ull << JSRS_STORE |
                      1ull << JSRS_MEMCPY | 1ull << JSRS_GEP | 1ull << JSRS_PTRADD | 1ull << JSRS_CALL |
                      1ull << JSRS_ENUM_GET_DATA | 1ull << JSRS_CALL_DYN;
    return !variable && (shown >> inst->op & 1);
}

static bool emit_block(Body *body, u32 index) {
    const JsrsBlock *block = body_block(body, index);
    const JsrsInst *insts = body->l->m->insts.items + block->insts;
    begin_block(body, index);
    u32 site = body->b.site;
    for (u32 i = 0; i < block->inst_count; i++) {
        const JsrsInst *inst = &insts[i];
        set_site(body, ++site, i, inst->offset);
        if (body->l->options.traced) ir_emit(&body->b, IR_OP_MARK_INST, IR_VOID, IR_VOID, body->b.site, 0, 0, 0);
        body->steps++;
        if (shows_steps(body, inst)) emit_steps(body);
        IrValue v = emit_inst(body, inst, block->insts + i - body->first_inst);
        if (inst->result != NO_INDEX) {
            body->ir[inst->result] = v ? v : no_value(body, body->types[inst->result]);
            if (body->l->options.traced) mark_value(body, inst->result);
        }
    }
    set_site(body, site + 1, block->inst_count, block->term.offset);
    emit_term(body, &block->term);
    const Lowering *l = body->l;
    return l->error->code == ERR_OK && !l->out->arena->failed && !l->arena->failed && !l->body.failed;
}

// Nothing is unified any more: types by their representatives are found at once.
static void settle_types(Body *body) {
    TypeGraph *g = body->g;
    for (u32 i = 0; i < body->f->value_count; i++) {
        if (ty_is_declared_scalar(body->types[i])) continue;
        Ty t = body->types[i] = ty_find(g, body->types[i]);
        TyNode *node = &g->nodes.items[t];
        if (node->kind == TY_PTR) node->target = ty_find(g, node->target);
    }
}

static bool begin_body(Body *body) {
    Lowering *l = body->l;
    settle_types(body);
    body->ir = arena_new(&l->body, IrValue, (size_t)body->f->value_count + 1);
    body->slots = arena_new(&l->body, u32, (size_t)body->f->value_count + 1);
    body->blocks = arena_new(&l->body, IrBlockId, body->f->block_count);
    if (!body->ir || !body->slots || !body->blocks) return false;
    // What constants take that are made where they are used, and steps, is a guess.
    ir_reserve(&body->b, body->inst_count + body->inst_count / 4 + 2 * body->f->block_count + 1,
               body->f->block_count + 1, 0);
    // The entry has no predecessors: the file's first block may be the target of a loop.
    IrBlockId entry = ir_add_block(&body->b, body_block(body, 0)->id);
    for (u32 b = 0; b < body->f->block_count; b++) {
        const JsrsBlock *block = body_block(body, b);
        if (!block->reachable) continue;
        body->blocks[b] = ir_add_block(&body->b, block->id);
        for (u32 i = 0; i < block->param_count; i++) {
            u32 value = param_value(body, b, i);
            Ty t = body->types[value];
            Layout layout = body_layout(body, t);
            if (copied(body, t))
                body->slots[value] = ir_add_slot(&body->b, layout.size ? layout.size : 1, layout.align);
            else if (type_passed(body->g, t) != IR_VOID)
                body->ir[value] = ir_block_param(&body->b, body->blocks[b], type_passed(body->g, t));
        }
    }
    if (l->out->arena->failed) return false;
    ir_at(&body->b, entry);
    IrFunction *function = body->b.function;
    u32 at = 0;
    if (type_is_aggregate(body->g, body->result) && !body->is_entry)
        body->sret = function->lists.items[function->params + at++];
    for (u32 i = 0; i < body->f->param_count; i++) {
        u32 value = l->m->params.items[body->f->params + i].value;
        IrType type = type_passed(body->g, body->params[i]), to = type_passed(body->g, body->types[value]);
        if (type == IR_VOID) continue;
        IrValue v = function->lists.items[function->params + at++];
        body->ir[value] = type == IR_PTR || to == IR_VOID ? v : value_converted(body, v, type, to);
    }
    ir_jump(&body->b, ir_edge(&body->b, body->blocks[0], NULL, 0));
    return true;
}

bool emit_body(Body *body) {
    if (!begin_body(body)) return false;
    for (u32 b = 0; b != NO_INDEX; b = body_block(body, b)->next)
        if (!emit_block(body, b)) return false;
    return true;
}
