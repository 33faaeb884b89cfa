// The walk over a function: see select.h. Also constants, calls and terminators.
#include "interp/select.h"

#include "ir/build.h"

enum { HOISTED_CONSTANTS_MAX = 1000 };

// ---- registers and drafts ----

u32 new_register(Translator *t, bool wide) {
    Register reg = {.wide = wide, .needed = true};
    u32 number = t->registers.count;
    return vec_push(t->scratch, &t->registers, reg) ? number : 0;
}

bool push_inst(Translator *t, const Inst *inst) { return vec_push(t->scratch, &t->insts, *inst); }

bool push_draft(Translator *t, const Draft *draft) {
    if (!push_inst(t, &draft->inst)) return false;
    for (u32 i = 0; i < draft->load_count; i++)
        if (!push_inst(t, &draft->loads[i])) return false;
    return true;
}

Draft draft_at(const Translator *t, Bytecode op, u32 value) {
    const IrInst *inst = inst_of(t, value);
    bool has_result = ir_op_info[inst->op].result != 'N' && inst->type != IR_VOID;
    return (Draft){.inst = {.op = op,
                            .dst = has_result ? value : 0,
                            .site = inst->site,
                            .steps = (i32)t->steps[value],
                            .value = value}};
}

void draft_register(Draft *draft, u32 reg) {
    ASSERT(draft->inst.uses < INST_USES);
    draft->inst.use[draft->inst.uses++] = reg;
}

void draft_observe(const Translator *t, Draft *draft, u32 origin) {
    Inst *inst = &draft->inst;
    inst->observable = true;
    inst->site = inst_of(t, origin)->site;
    inst->steps = (i32)t->steps[origin];
    SunkList sunk = t->sunk[inst->value];
    inst->sunk = sunk.start;
    while (inst->sunk_count < sunk.count &&
           t->order[t->sunk_checks.items[sunk.start + inst->sunk_count]] < t->order[origin])
        inst->sunk_count++;
}

static Inst load_constant(u32 reg, u64 bits) {
    bool small = (i64)bits >= INT32_MIN && (i64)bits <= INT32_MAX;
    return (Inst){.op = small ? BC_LOAD_I : BC_LOAD_K, .dst = reg, .imm = {bits}};
}

static bool push_constant(Translator *t, u32 reg, u64 bits) {
    Inst load = load_constant(reg, bits);
    return push_inst(t, &load);
}

bool constant_bits(const Translator *t, u32 value, u64 *low, u64 *high) {
    const IrInst *inst = inst_of(t, value);
    if (inst->op == IR_OP_DATA_ADDR) {
        *low = t->program->data_address[inst->args[0]];
        *high = 0;
        return true;
    }
    if (inst->op != IR_OP_CONST) return false;
    u128 bits = ir_const_bits(inst);
    *low = (u64)bits;
    *high = (u64)(bits >> 64);
    return true;
}

bool small_constant(const Translator *t, u32 value, i64 min, i64 max, i64 *out) {
    u64 low, high;
    value = value_of(t, value);
    if (inst_of(t, value)->op != IR_OP_CONST || type_is_wide(inst_of(t, value)->type)) return false;
    if (!constant_bits(t, value, &low, &high) || (i64)low < min || (i64)low > max) return false;
    *out = (i64)low;
    return true;
}

// A register with a constant: loaded at the function's entry when it is used in a loop, else right before the user.
static bool use_constant(Translator *t, Draft *draft, u32 value, u64 low) {
    Register *home = &t->registers.items[value];
    if (home->constant) return draft_register(draft, home->constant), true;
    u32 reg = new_register(t, false);
    if (!reg) return false;
    if (t->cfg.loop_depth[t->block] > 0 && t->constants.count < HOISTED_CONSTANTS_MAX) {
        t->registers.items[value].constant = reg;
        if (!vec_push(t->scratch, &t->constants, value)) return false;
    } else {
        draft->loads[draft->load_count++] = load_constant(reg, low);
    }
    draft_register(draft, reg);
    return true;
}

// True for conversions that leave the canonical bits of every value of the source as they are.
static bool only_renames(const IrInst *inst) {
    IrType to = inst->type, from = inst->arg_type;
    if (inst->op == IR_OP_CONVERT) {
        if (ir_is_float(to) || ir_is_float(from) || to == IR_BOOL) return false;
        if (type_is_wide(to) || type_is_wide(from)) return type_is_wide(to) && type_is_wide(from);
        u32 width = ir_bits(to), source = ir_bits(from);
        if (width == 64) return true;
        if (ir_is_signed(from)) return ir_is_signed(to) && width >= source;
        return width > source || (width == source && !ir_is_signed(to));
    }
    if (inst->op != IR_OP_BITCAST) return false;
    return ir_bits(to) >= 64 || (to != IR_BOOL && ir_is_signed(to) == ir_is_signed(from));
}

u32 value_of(const Translator *t, u32 value) { return t->same[value]; }

bool draft_use(Translator *t, Draft *draft, u32 value) {
    u64 low, high;
    value = value_of(t, value);
    if (!type_is_wide(inst_of(t, value)->type) && constant_bits(t, value, &low, &high))
        return use_constant(t, draft, value, low);
    t->registers.items[value].needed = true;
    draft_register(draft, value);
    return true;
}

const IrInst *sole_operand(const Translator *t, u32 value, IrOp op) {
    if (t->program->traced) return NULL; // the traced loop has no fused operations
    value = value_of(t, value);
    const IrInst *inst = inst_of(t, value);
    return inst->op == op && t->uses[value] == 1 && inst->block == t->block ? inst : NULL;
}

// ---- single instructions ----

static bool select_select(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    Draft draft = draft_at(t, type_is_wide(inst->type) ? BC_SELECT_WIDE : BC_SELECT, value);
    return draft_use(t, &draft, inst->args[0]) && draft_use(t, &draft, inst->args[1]) &&
           draft_use(t, &draft, inst->args[2]) && push_draft(t, &draft);
}

// Traps when the condition is false: a branch around a trap, which encode.c puts behind the function's code.
static bool select_guard(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    Draft draft;
    if (!select_branch(t, inst->args[0], &draft)) return false;
    draft.inst.guard = (u8)inst->args[1];
    draft.inst.value = value;
    draft_observe(t, &draft, value);
    return push_draft(t, &draft);
}

bool push_observed(Translator *t, Bytecode op, u32 value, u32 operands, u64 immediate) {
    Draft draft = draft_at(t, op, value);
    draft.inst.imm[0] = immediate;
    draft_observe(t, &draft, value);
    for (u32 i = 0; i < operands; i++)
        if (!draft_use(t, &draft, inst_of(t, value)->args[i])) return false;
    return push_draft(t, &draft);
}

static bool select_print(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    switch (inst->op) {
    case IR_OP_PRINT_DATA: return push_observed(t, BC_PRINT_DATA, value, 0, t->program->data_address[inst->args[0]]);
    case IR_OP_PRINT_STR: return push_observed(t, BC_PRINT_STR, value, 1, 0);
    case IR_OP_PRINT_CHAR: return push_observed(t, BC_PRINT_CHAR, value, 1, 0);
    case IR_OP_PRINT_BYTE: return push_observed(t, BC_PRINT_BYTE, value, 1, 0);
    case IR_OP_FLUSH: return push_observed(t, BC_FLUSH, value, 0, 0);
    default: return push_observed(t, BC_PRINT_VALUE, value, 1, inst->arg_type);
    }
}

static bool select_mark(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    if (!t->program->traced) return true;
    Bytecode op = inst->op == IR_OP_MARK_BLOCK  ? BC_MARK_BLOCK
                  : inst->op == IR_OP_MARK_INST ? BC_MARK_INST
                                                : BC_MARK_VALUE;
    Draft draft = draft_at(t, op, value);
    if (op != BC_MARK_VALUE) {
        draft.inst.imm[0] = t->module->sites.items[inst->args[0]].source;
        return push_draft(t, &draft);
    }
    draft.inst.imm[0] = inst->arg_type;
    draft.inst.imm[1] = inst->args[1];
    draft.inst.imm[2] = inst->site ? t->module->sites.items[inst->site].source : 0;
    return draft_use(t, &draft, inst->args[0]) && push_draft(t, &draft);
}

// Arguments go into registers of their own that have fixed slots behind the frame.
bool select_call(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    u32 first = inst->args[1], count = inst->args[2], slot = 0;
    Draft call = draft_at(t, BC_CALL, value);
    draft_observe(t, &call, value);
    call.inst.imm[0] = inst->args[0];
    call.inst.list = t->lists.count;
    call.inst.list_count = count;
    for (u32 i = 0; i < count; i++) {
        u32 reg = new_register(t, type_is_wide(inst_of(t, t->function->lists.items[first + i])->type));
        if (!reg || !vec_push(t->scratch, &t->lists, reg)) return false;
        Register *r = &t->registers.items[reg];
        if (slot > FRAME_SLOTS_MAX / 16)
            return error_set(t->error, ERR_EXECUTE, NOWHERE, "a call passes more than %u words", FRAME_SLOTS_MAX / 16);
        r->fixed = FIXED_ARGUMENT;
        r->fixed_slot = (u16)slot;
        slot += r->wide ? 2 : 1;
    }
    if (slot > t->window_slots) t->window_slots = slot;
    if (!push_draft(t, &call)) return false;
    for (u32 i = 0; i < count; i++) {
        u32 reg = t->lists.items[call.inst.list + i], arg = value_of(t, t->function->lists.items[first + i]);
        u64 low, high;
        bool wide = t->registers.items[reg].wide;
        if (!wide && constant_bits(t, arg, &low, &high)) {
            if (!push_constant(t, reg, low)) return false;
            continue;
        }
        t->registers.items[arg].needed = true;
        Inst move = {.op = wide ? BC_MOV_WIDE : BC_MOV, .uses = 1, .dst = reg, .use = {arg}};
        if (!push_inst(t, &move)) return false;
    }
    return true;
}

static bool select_inst(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    const Register *reg = &t->registers.items[value];
    bool needed = reg->needed && value_of(t, value) == value;
    switch ((IrGroup)ir_op_info[inst->op].group) {
    case GROUP_NONE:
        if (inst->op != IR_OP_CONST || !needed || !reg->wide) return true;
        return push_inst(t, &(Inst){.op = BC_LOAD_K_WIDE,
                                    .dst = value,
                                    .imm = {(u64)ir_const_bits(inst), (u64)(ir_const_bits(inst) >> 64)}});
    case GROUP_ARITHMETIC:
        if (!needed && !acts(t, value)) return true;
        if (t->program->traced) return select_any_binary(t, value);
        return ir_is_float(inst->type) ? select_float(t, value) : select_arithmetic(t, value);
    case GROUP_COMPARE: return !needed || select_compare(t, value);
    case GROUP_CONVERT: return !needed || select_convert(t, value);
    case GROUP_SELECT: return !needed || select_select(t, value);
    case GROUP_ADDRESS:
    case GROUP_ACCESS:
    case GROUP_HEAP: return select_memory(t, value);
    case GROUP_GUARD: return select_guard(t, value);
    case GROUP_CALL: return select_call(t, value);
    case GROUP_PRINT: return select_print(t, value);
    case GROUP_MARK: return select_mark(t, value);
    }
    return true;
}

// ---- blocks ----

static bool select_return(Translator *t, const IrTerm *term, Draft *draft) {
    if (t->frame && !push_inst(t, &(Inst){.op = BC_LEAVE, .uses = 1, .use = {t->frame}})) return false;
    draft->inst.op = BC_RET_VOID;
    if (!term->value) return true;
    draft->inst.op = type_is_wide(inst_of(t, value_of(t, term->value))->type) ? BC_RET_WIDE : BC_RET;
    return draft_use(t, draft, term->value);
}

static bool select_term(Translator *t, u32 block) {
    const IrTerm *term = &ir_block(t->function, block)->term;
    BlockCode *code = &t->blocks[block];
    Draft draft = {0};
    switch ((IrTermKind)term->kind) {
    case TERM_NONE:
    case TERM_TRAP:
        draft.inst.op = BC_TRAP;
        draft.inst.imm[0] = term->kind == TERM_TRAP ? term->trap : TRAP_UNREACHABLE;
        draft.inst.observable = true;
        break;
    case TERM_JUMP: draft.inst.op = BC_JUMP; break;
    case TERM_BRANCH:
        if (!select_branch(t, term->value, &draft)) return false;
        break;
    case TERM_SWITCH:
        draft.inst.op = BC_SWITCH;
        if (!draft_use(t, &draft, term->value)) return false;
        break;
    case TERM_RETURN:
        if (!select_return(t, term, &draft)) return false;
        break;
    }
    draft.inst.site = term->site;
    draft.inst.steps = code->steps;
    code->term = draft.inst;
    for (u32 i = 0; i < draft.load_count; i++)
        if (!push_inst(t, &draft.loads[i])) return false;
    return true;
}

static void need_value(void *context, IrValue *operand) {
    Translator *t = context;
    u64 low, high;
    u32 value = value_of(t, *operand);
    if (type_is_wide(inst_of(t, value)->type) || !constant_bits(t, value, &low, &high))
        t->registers.items[value].needed = true;
}

static void need_edge_arguments(void *context, IrEdge *edge) {
    Translator *t = context;
    for (u32 i = 0; i < edge->arg_count; i++) need_value(t, &t->function->lists.items[edge->args + i]);
}

static bool select_block(Translator *t, u32 block) {
    const IrBlock *b = ir_block(t->function, block);
    BlockCode *code = &t->blocks[block];
    t->block = block;
    code->first = t->insts.count;
    ir_each_edge((IrFunction *)t->function, (IrTerm *)&b->term, need_edge_arguments, t);
    if (!select_term(t, block) || !select_rows(t, block)) return false;
    for (u32 value = b->last; value; value = inst_of(t, value)->prev)
        if (!select_inst(t, value)) return false;
    code->count = t->insts.count - code->first;
    return true;
}

// ---- the function ----

static void count_use(void *context, IrValue *operand) {
    Translator *t = context;
    t->uses[value_of(t, *operand)]++;
}

// Uses, steps and the order of effects, one walk forwards. The visitors of build.h may change operands; ours do not.
static void survey_block(Translator *t, u32 block) {
    IrFunction *function = (IrFunction *)t->function;
    IrBlock *b = ir_block(function, block);
    u32 steps = 0, epoch = 0, order = 0;
    for (u32 value = b->first; value; value = inst_of(t, value)->next) {
        IrInst *inst = ir_inst(function, value);
        if (only_renames(inst)) t->same[value] = t->same[inst->args[0]];
        if (inst->op == IR_OP_STEPS) steps += inst->args[0];
        t->steps[value] = steps;
        t->epoch[value] = epoch;
        t->order[value] = order++;
        if (is_barrier(t, value)) epoch++;
        if (inst->op == IR_OP_FIELD_ADDR) {
            u8 below = t->address[value_of(t, inst->args[0])].depth;
            t->address[value].depth = (u8)(below + (below < 255));
        }
        bool skipped = !t->program->traced && inst->op == IR_OP_MARK_VALUE;
        bool renames = value_of(t, value) != value;
        if (!skipped && !renames) ir_each_operand(function, inst, count_use, t);
    }
    ir_each_term_operand(function, &b->term, count_use, t);
    t->blocks[block].steps = (i32)steps;
}

static bool place_frame_slots(Translator *t) {
    u64 bytes = 0;
    for (u32 i = 0; i < t->function->slots.count; i++) {
        IrSlot slot = t->function->slots.items[i];
        u64 align = slot.align ? slot.align : 1;
        bytes = (bytes + align - 1) & ~(align - 1);
        t->slot_offset[i] = (u32)bytes;
        bytes += slot.size;
        if (bytes > GUEST_SIZE_MAX / 2)
            return error_set(t->error, ERR_EXECUTE, NOWHERE, "the variables of a function need more than %u bytes",
                             (u32)(GUEST_SIZE_MAX / 2));
    }
    t->frame_bytes = (bytes + GUEST_ALIGN - 1) & ~(u64)(GUEST_ALIGN - 1);
    if (bytes == 0) return true;
    t->frame = new_register(t, false);
    return t->frame != 0;
}

static bool start_registers(Translator *t) {
    const IrFunction *f = t->function;
    if (!vec_reserve(t->scratch, &t->registers, f->insts.count + 16)) return false;
    mem_zero(t->registers.items, sizeof(Register) * f->insts.count);
    t->registers.count = f->insts.count;
    for (u32 i = 1; i < f->insts.count; i++) t->registers.items[i].wide = type_is_wide(f->insts.items[i].type);
    u32 slot = 0;
    for (u32 i = 0; i < f->param_count; i++) {
        Register *reg = &t->registers.items[f->lists.items[f->params + i]];
        if (slot > FRAME_SLOTS_MAX / 16)
            return error_set(t->error, ERR_EXECUTE, NOWHERE, "a function takes more than %u words",
                             FRAME_SLOTS_MAX / 16);
        reg->fixed = FIXED_PARAM;
        reg->fixed_slot = (u16)slot;
        slot += reg->wide ? 2 : 1;
    }
    return true;
}

// Constants that loops use and the guest frame: pushed last, so they come first.
static bool select_entry(Translator *t) {
    for (u32 i = 0; i < t->constants.count; i++) {
        u64 low, high;
        u32 value = t->constants.items[i];
        if (!constant_bits(t, value, &low, &high)) continue;
        if (!push_constant(t, t->registers.items[value].constant, low)) return false;
    }
    if (!t->frame) return true;
    return push_inst(t, &(Inst){.op = BC_ENTER, .dst = t->frame, .imm = {t->frame_bytes}, .observable = true});
}

bool select_function(Translator *t) {
    const IrFunction *f = t->function;
    u32 values = f->insts.count;
    t->same = arena_new(t->scratch, u32, values);
    t->uses = arena_new(t->scratch, u32, values);
    t->steps = arena_new(t->scratch, u32, values);
    t->epoch = arena_new(t->scratch, u32, values);
    t->order = arena_new(t->scratch, u32, values);
    t->address = arena_new(t->scratch, AddressUse, values);
    t->sunk = arena_new(t->scratch, SunkList, values);
    t->slot_offset = arena_new(t->scratch, u32, f->slots.count + 1);
    t->blocks = arena_new(t->scratch, BlockCode, f->blocks.count);
    if (!t->same || !t->uses || !t->steps || !t->epoch || !t->order || !t->address || !t->sunk || !t->slot_offset ||
        !t->blocks)
        return false;
    if (!start_registers(t) || !place_frame_slots(t)) return false;
    for (u32 i = 0; i < values; i++) t->same[i] = i;
    for (u32 i = 0; i < t->cfg.rpo_count; i++) survey_block(t, t->cfg.rpo[i]);
    if (!fold_addresses(t)) return false;
    for (u32 i = t->cfg.rpo_count; i-- > 0;) {
        u32 block = t->cfg.rpo[i];
        if (!select_block(t, block)) return false;
    }
    if (!select_entry(t)) return false;
    BlockCode *entry = &t->blocks[t->cfg.rpo[0]];
    entry->count = t->insts.count - entry->first;
    return true;
}
