// Which values a function computes at all, and which of them on the operand stack, as part of the instruction that uses them.
// Liveness starts at what must happen and runs backwards, counting uses. Then every block is walked from its end: an instruction
// takes the operands that only it uses into its tree, the one evaluated last first. Taking one moves it behind all that
// stood between it and the tree's root; that is allowed when whatever it must not pass has gone into the tree after it
// already. Effects are counted along each block, so that this takes a few comparisons for each operand.
#include "codegen/place.h"

#include "ir/arguments.h"

// What an instruction does that others may notice. A write keeps its place among writes, traps and reads; a trap among
// writes and traps; a read, if it cannot trap, among writes.
enum { WRITES = 1, TRAPS = 2, READS = 4, EFFECTS = 3 };

// Effects before an instruction, by kind.
typedef struct Count {
    u32 of[EFFECTS];
} Count;

typedef struct Operand {
    IrValue value;
    u32 depth;
} Operand;

typedef struct Placer {
    const IrFunction *function;
    IrInst *insts; // of it
    const IrCfg *cfg;
    Arena *scratch;
    u8 *place;
    IrArguments arguments;
    u32 *work; // live values whose operands are not marked yet: each comes here once
    u32 work_count;
    u8 *uses;          // value -> 0, 1, 2 = more
    u8 *effects;       // value -> WRITES | TRAPS | READS
    Count *before;     // value -> effects that stand before it in its block
    Operand *operands; // stack; each value comes here once
    u32 operand_count;
    // Of the tree at hand:
    Count root;  // what stands before its root
    Count taken; // how many of them it has taken in
    u32 block;
} Placer;

// ---- what an operation does ----

static bool is_const(const IrInst *inst, u32 word) {
    return inst->op == IR_OP_CONST && inst->args[0] == word && inst->args[1] == word && inst->args[2] == word &&
           inst->args[3] == word;
}

bool place_never_null(const IrFunction *function, IrValue value) {
    switch (ir_inst(function, value)->op) {
    case IR_OP_SLOT_ADDR:
    case IR_OP_DATA_ADDR:
    case IR_OP_FIELD_ADDR:
    case IR_OP_INDEX: return true;
    default: return false;
    }
}

static bool is_not_null(const IrFunction *function, const IrInst *inst, u32 operand) {
    return inst->flags & INST_NOT_NULL || place_never_null(function, inst->args[operand]);
}

// Integer division: whether the divisor may be 0, and whether it may be -1 where that matters.
static bool may_be_zero(const IrInst *divisor) { return divisor->op != IR_OP_CONST || is_const(divisor, 0); }
static bool may_overflow(const IrInst *inst, const IrInst *divisor) {
    return ir_is_signed(inst->type) && (divisor->op != IR_OP_CONST || is_const(divisor, ~0u));
}

bool place_needs_twice(const IrFunction *function, const IrInst *inst, u32 operand) {
    bool address = false;
    switch (inst->op) {
    case IR_OP_CALL: return false;
    case IR_OP_INDEX:
        if (operand == 1) return !(inst->flags & INST_IN_BOUNDS);
        address = true;
        break;
    case IR_OP_LOAD:
    case IR_OP_STORE:
    case IR_OP_FIELD_ADDR: address = operand == 0; break;
    case IR_OP_COPY:
    case IR_OP_FILL: address = true; break;
    case IR_OP_DIV:
    case IR_OP_REM: {
        const IrInst *divisor = ir_inst(function, inst->args[1]);
        if (ir_is_float(inst->type)) return false;
        if (operand == 0 ? may_overflow(inst, divisor) : may_be_zero(divisor)) return true;
        break;
    }
    case IR_OP_CONVERT:
        if (ir_is_float(inst->arg_type) && ir_type_info[inst->type].size < 4) return true;
        break;
    default: break;
    }
    if (address) return !is_not_null(function, inst, operand);
    return place_is_wide(inst->type) || place_is_wide(inst->arg_type);
}

// A load from within a frame slot.
static bool is_in_slot(const IrFunction *function, const IrInst *load) {
    u64 end = (u64)load->args[1] + ir_type_info[load->type].size;
    const IrInst *address = ir_inst(function, load->args[0]);
    if (address->op == IR_OP_FIELD_ADDR) {
        end += address->args[1];
        address = ir_inst(function, address->args[0]);
    }
    return address->op == IR_OP_SLOT_ADDR && end <= function->slots.items[address->args[0]].size;
}

static bool may_trap(const IrFunction *function, const IrInst *inst) {
    switch (inst->op) {
    case IR_OP_FIELD_ADDR: return !is_not_null(function, inst, 0);
    // A row from elsewhere may have been moved.
    case IR_OP_INDEX: return !(inst->flags & INST_IN_BOUNDS) || !place_never_null(function, inst->args[0]);
    case IR_OP_LOAD: return !is_in_slot(function, inst);
    case IR_OP_DIV:
    case IR_OP_REM: {
        const IrInst *divisor = ir_inst(function, inst->args[1]);
        return !ir_is_float(inst->type) && (may_be_zero(divisor) || may_overflow(inst, divisor));
    }
    default: return true;
    }
}

static u8 effects_of(const IrFunction *function, const IrInst *inst) {
    char effects = ir_op_info[inst->op].effects;
    if (effects == 'P') return 0;
    if (inst->op == IR_OP_GUARD) return TRAPS;
    if (inst->op >= IR_OP_STEPS) return 0; // steps and marks give no code
    if (effects == 'W') return WRITES;
    return (u8)((effects == 'R' ? READS : 0) | (may_trap(function, inst) ? TRAPS : 0));
}

// ---- what is needed ----

// A constant, or an address that is one or lies at a constant distance from the frame.
HOT_INLINE bool is_cheap(const IrInst *inst) {
    return inst->op == IR_OP_CONST || inst->op == IR_OP_SLOT_ADDR || inst->op == IR_OP_DATA_ADDR;
}

HOT_INLINE void mark(Placer *p, IrValue value) {
    if (p->place[value] != PLACE_DROPPED) return;
    if (is_cheap(&p->insts[value])) {
        p->place[value] = PLACE_REMAKE;
        return;
    }
    p->place[value] = PLACE_LOCAL;
    p->work[p->work_count++] = value;
}

HOT_INLINE void use(Placer *p, IrValue value) {
    if (p->uses[value] < 2) p->uses[value]++;
    mark(p, value);
}

// A certain element of a row in the frame is a field of it.
static void settle_element(const Placer *p, IrInst *inst) {
    if (inst->op != IR_OP_INDEX || p->insts[inst->args[0]].op != IR_OP_SLOT_ADDR) return;
    const IrInst *index = &p->insts[inst->args[1]];
    if (index->op != IR_OP_CONST || ir_const_bits(index) >= inst->args[3]) return;
    inst->op = IR_OP_FIELD_ADDR;
    inst->args[1] = (u32)ir_const_bits(index) * inst->args[2];
    inst->args[2] = inst->args[3] = 0;
}

static void use_operands(Placer *p, IrValue value) {
    IrInst *inst = &p->insts[value];
    settle_element(p, inst);
    if (inst->op == IR_OP_PARAM) {
        if (!inst->block) return;
        const IrIncoming *edges = p->arguments.edges.items;
        for (u32 e = p->arguments.first[inst->block]; e; e = edges[e].next)
            use(p, p->function->lists.items[edges[e].args + inst->args[0]]);
        return;
    }
    u32 count, *operands = ir_operands_in_place(p->function, inst, &count);
    for (u32 i = 0; i < count; i++) use(p, operands[i]);
    if (inst->op == IR_OP_FIELD_ADDR && p->insts[inst->args[0]].op == IR_OP_SLOT_ADDR) p->place[value] = PLACE_REMAKE;
}

static bool find_live(Placer *p) {
    const IrFunction *function = p->function;
    if (!ir_arguments_build(&p->arguments, p->scratch, function, p->cfg)) return false;
    for (u32 i = 0; i < function->param_count; i++) mark(p, function->lists.items[function->params + i]);
    for (u32 i = 0; i < p->cfg->rpo_count; i++) {
        const IrBlock *block = ir_block(function, p->cfg->rpo[i]);
        for (u32 v = block->first, next; v; v = next) {
            const IrInst *inst = &p->insts[v];
            next = inst->next;
            p->effects[v] = effects_of(function, inst);
            if (p->effects[v] & (WRITES | TRAPS)) mark(p, v);
        }
        if (block->term.value) use(p, block->term.value);
        while (p->work_count) use_operands(p, p->work[--p->work_count]);
    }
    return true;
}

static IrValue param_at(const Placer *p, const IrEdge *edge, u32 number) {
    return p->function->lists.items[ir_block(p->function, edge->target)->params + number];
}

// ---- trees ----

// Nothing else can go into a tree.
HOT_INLINE bool is_used_once(const Placer *p, IrValue value) {
    return p->place[value] == PLACE_LOCAL && p->uses[value] == 1;
}

HOT_INLINE void push_operand(Placer *p, IrValue value, u32 depth) {
    p->operands[p->operand_count++] = (Operand){value, depth};
}

// In the order in which they are evaluated.
static void push_operands(Placer *p, IrInst *inst, u32 depth) {
    u32 count, *operands = ir_operands_in_place(p->function, inst, &count);
    for (u32 i = 0; i < count; i++) {
        u32 k = inst->op == IR_OP_SELECT ? (i + 1) % 3 : i; // its condition comes last
        if (!is_used_once(p, operands[k]) || place_needs_twice(p->function, inst, k)) continue;
        push_operand(p, operands[k], depth);
    }
}

// Whether all effects of a kind that stand between the value and the root went into the tree.
static bool keeps_behind(const Placer *p, IrValue value, u32 kind) {
    return p->taken.of[kind] == p->root.of[kind] - p->before[value].of[kind] - (p->effects[value] >> kind & 1);
}

// Whether all that must stay behind the value, of what stands between it and the root, went into the tree. Of what stands before
// it nothing did that it must not pass: when that was looked at, the value stood in its way.
static bool keeps_order(const Placer *p, IrValue value) {
    u32 effects = p->effects[value];
    return keeps_behind(p, value, 0) && (!(effects & (WRITES | TRAPS)) || keeps_behind(p, value, 1)) &&
           (!(effects & WRITES) || keeps_behind(p, value, 2));
}

static bool fits(const Placer *p, const Operand *operand) {
    const IrInst *inst = &p->insts[operand->value];
    if (inst->block != p->block || inst->op == IR_OP_PARAM || place_is_wide(inst->type) ||
        operand->depth > PLACE_TREE_DEPTH)
        return false;
    return !p->effects[operand->value] || keeps_order(p, operand->value);
}

HOT_INLINE void add_effects(Count *count, u32 effects) {
    if (!effects) return;
    count->of[0] += effects & 1;
    count->of[1] += effects >> 1 & 1;
    count->of[2] += effects >> 2;
}

// Grows a tree from the operands that were pushed for its root.
static void grow(Placer *p, const Count *root) {
    p->root = *root;
    p->taken = (Count){0};
    while (p->operand_count) {
        Operand operand = p->operands[--p->operand_count];
        if (!fits(p, &operand)) continue;
        p->place[operand.value] = PLACE_TREE;
        add_effects(&p->taken, p->effects[operand.value]);
        push_operands(p, &p->insts[operand.value], operand.depth + 1);
    }
}

static void place_terminator(Placer *p, const IrTerm *term, const Count *end) {
    if (term->value && is_used_once(p, term->value)) push_operand(p, term->value, 1);
    for (u32 i = 0; term->kind == TERM_JUMP && i < term->then.arg_count; i++) {
        u32 argument = p->function->lists.items[term->then.args + i];
        if (p->place[param_at(p, &term->then, i)] == PLACE_DROPPED || !is_used_once(p, argument)) continue;
        push_operand(p, argument, 1);
    }
    grow(p, end);
}

static void place_block(Placer *p) {
    const IrBlock *block = ir_block(p->function, p->block);
    Count seen = {0};
    for (u32 v = block->first; v; v = p->insts[v].next) {
        if (p->place[v] != PLACE_LOCAL) continue;
        p->before[v] = seen;
        add_effects(&seen, p->effects[v]);
    }
    const Count end = seen;
    place_terminator(p, &block->term, &end);
    for (u32 v = block->last; v; v = p->insts[v].prev) {
        if (p->place[v] != PLACE_LOCAL) continue;
        push_operands(p, &p->insts[v], 1);
        if (p->operand_count) grow(p, &p->before[v]);
    }
}

bool place_values(Places *out, Arena *arena, Arena *scratch, const IrFunction *function, const IrCfg *cfg) {
    Placer p = {.function = function, .insts = function->insts.items, .cfg = cfg, .scratch = scratch};
    u32 values = function->insts.count;
    p.place = out->place = arena_new(arena, u8, values + 1);
    p.work = arena_room(scratch, u32, values + 1);
    p.uses = arena_new(scratch, u8, values + 1);
    p.effects = arena_new(scratch, u8, values + 1);
    p.before = arena_room(scratch, Count, values + 1);
    p.operands = arena_room(scratch, Operand, values + 1);
    if (scratch->failed || arena->failed || !find_live(&p)) return false;
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        p.block = cfg->rpo[i];
        place_block(&p);
    }
    return true;
}
