// Which address computations are left to the loads and stores that use them, so that a bounds check, scaling and access
// are one instruction. A check may so come later than the source has it, and other instructions that may trap before it:
// these get a note of it, and when one of them traps, run.c looks first whether the check would have failed.
// A row of rows whose index a loop does not change is found in front of the loop (ROW), where nothing traps. Its check stays
// where it was: whoever uses the row first in a turn traps when it is none, and has a note of it like those others.
#include "interp/select.h"

enum { ADDRESS_DEPTH_MAX = 8 };

// ---- what an address is ----

bool frame_address(const Translator *t, u32 value, u32 *slot, u64 *offset) {
    u64 sum = 0;
    for (u32 depth = 0; depth <= ADDRESS_DEPTH_MAX; depth++) {
        const IrInst *inst = inst_of(t, value = value_of(t, value));
        i64 index;
        if (inst->op == IR_OP_SLOT_ADDR) {
            *slot = inst->args[0];
            *offset = sum;
            return sum <= UINT32_MAX;
        }
        if (inst->op == IR_OP_FIELD_ADDR) {
            sum += inst->args[1];
        } else if (inst->op == IR_OP_INDEX && small_constant(t, inst->args[1], 0, UINT32_MAX, &index) &&
                   (u64)index < inst->args[3] && inst->args[2] < UINT16_MAX) {
            sum += (u64)index * inst->args[2];
        } else {
            return false;
        }
        value = inst->args[0];
    }
    return false;
}

static bool is_frame_address(const Translator *t, u32 value) {
    u32 slot;
    u64 offset;
    return frame_address(t, value, &slot, &offset);
}

bool acts(const Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    char effects = ir_op_info[inst->op].effects;
    u64 low, high;
    switch (inst->op) {
    case IR_OP_STEPS: return false;
    case IR_OP_MARK_BLOCK:
    case IR_OP_MARK_INST:
    case IR_OP_MARK_VALUE: return t->program->traced;
    case IR_OP_FIELD_ADDR: {
        u8 base = inst_of(t, value_of(t, inst->args[0]))->op; // a part of something is never null
        return base != IR_OP_FIELD_ADDR && base != IR_OP_INDEX && base != IR_OP_SLOT_ADDR;
    }
    case IR_OP_INDEX: return !is_frame_address(t, value);
    case IR_OP_DIV:
    case IR_OP_REM:
        if (ir_is_float(inst->type)) return false;
        if (type_is_wide(inst->type) || !constant_bits(t, value_of(t, inst->args[1]), &low, &high)) return true;
        return low == 0 || low == ~(u64)0;
    default: return effects != 'P';
    }
}

bool is_barrier(const Translator *t, u32 value) {
    switch (inst_of(t, value)->op) {
    case IR_OP_LOAD:
    case IR_OP_STORE:
    case IR_OP_COPY:
    case IR_OP_FILL:
    case IR_OP_GUARD: return false; // what they leave in memory ends with the run
    default: return acts(t, value) && ir_op_info[inst_of(t, value)->op].effects == 'W';
    }
}

// ---- which computations are folded ----

enum { SUNK_MAX = 4, OUTSIDE_MAX = 16 };

// A use in another block only repeats a check that was passed: rows whose count is fixed allow that, and it is no loss
// where it does not happen more often.
static bool may_repeat(const Translator *t, const IrInst *index) {
    return index->op == IR_OP_INDEX && index->args[3] && index->block &&
           t->cfg.loop_depth[t->block] <= t->cfg.loop_depth[index->block];
}

static void note_use(Translator *t, u32 address, u32 user) {
    u32 value = value_of(t, address);
    const IrInst *inst = inst_of(t, value);
    AddressUse *use = &t->address[value];
    if (inst->op != IR_OP_FIELD_ADDR && inst->op != IR_OP_INDEX) return;
    if (inst->block == t->block) {
        if (!use->first_user || t->order[user] < t->order[use->first_user]) use->first_user = user;
    } else if (!use->outside && !may_repeat(t, inst)) {
        return;
    }
    use->uses++;
}

// ---- rows of arrays of arrays that a loop does not change ----

// True as well where the nest is too deep to look.
static bool loop_contains(const IrCfg *cfg, u32 head, u32 block) {
    u32 at = cfg->loop_head[block];
    if (cfg->loop_depth[block] > OUTSIDE_MAX) return true;
    while (at && at != head) at = cfg->loop_outer[at];
    return at == head;
}

// The block in front of the outermost loop around `inst` that does not change `index`; 0 = none.
static u32 block_outside(const Translator *t, const IrInst *inst, u32 index) {
    const IrCfg *cfg = &t->cfg;
    u32 made = inst_of(t, value_of(t, index))->block, left = 0;
    if (cfg->loop_depth[inst->block] > OUTSIDE_MAX) return 0;
    for (u32 head = cfg->loop_head[inst->block]; head; head = cfg->loop_outer[head]) {
        if (made && loop_contains(cfg, head, made)) break;
        left = head;
    }
    if (!left) return 0;
    u32 block = cfg->idom[left];
    for (u32 i = 0; block && cfg->loop_depth[block] >= cfg->loop_depth[left]; i++) // behind another loop
        block = i < OUTSIDE_MAX ? cfg->idom[block] : 0;
    return block && (!made || ir_dominates(cfg, made, block)) ? block : 0;
}

// `value` looks into a row: whether that may be found outside is seen before any use is counted.
static void look_at_row(Translator *t, u32 value) {
    u32 row = value_of(t, inst_of(t, value)->args[0]), slot;
    const IrInst *inst = inst_of(t, row);
    u64 offset, bytes;
    if (inst->op != IR_OP_INDEX || !inst->args[3] || !inst_of(t, value)->args[3] || t->address[row].outside) return;
    if (!frame_address(t, inst->args[0], &slot, &offset) || is_frame_address(t, row)) return;
    if (mul_overflows((u64)inst->args[3], (u64)inst->args[2], &bytes) || !in_slot(t, slot, offset, bytes)) return;
    t->address[row].outside = block_outside(t, inst, inst->args[1]);
}

// Whether a check can be made before its access runs: constants may be loaded right before that only.
static bool in_registers(const Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    u64 low, high;
    if (t->address[value].outside) return true;
    if (constant_bits(t, value_of(t, inst->args[0]), &low, &high)) return false;
    return inst->op != IR_OP_INDEX || !constant_bits(t, value_of(t, inst->args[1]), &low, &high);
}

// Which instructions of the block may trap before a check that came before them in the source. The first user of a row that is
// found outside is one of them, also where it is an address.
static bool note_sunk(Translator *t, u32 block) {
    u32 open[SUNK_MAX], count = 0;
    for (u32 value = ir_block(t->function, block)->first; value; value = inst_of(t, value)->next) {
        AddressUse *use = &t->address[value];
        u32 kept = 0, start = t->sunk_checks.count;
        bool may_trap = acts(t, value), folds = use->folded && may_trap;
        for (u32 i = 0; i < count; i++) {
            AddressUse *due = &t->address[open[i]];
            bool later = due->first_user != value;
            if (may_trap && !folds && later) due->folded = in_registers(t, open[i]);
            if (!due->folded) continue;
            if (may_trap && (due->outside || (!folds && later)) && !vec_push(t->scratch, &t->sunk_checks, open[i]))
                return false;
            if (later) open[kept++] = open[i];
        }
        count = kept;
        if (may_trap) t->sunk[value] = (SunkList){start, (u8)(t->sunk_checks.count - start)};
        if (!folds) continue;
        if (count < SUNK_MAX) open[count++] = value;
        else use->folded = false, use->outside = 0;
    }
    return true;
}

static bool fold_block(Translator *t, u32 block) {
    bool any = false;
    t->block = block;
    for (u32 value = ir_block(t->function, block)->last; value; value = inst_of(t, value)->prev) {
        const IrInst *inst = inst_of(t, value);
        AddressUse *use = &t->address[value];
        if (inst->op == IR_OP_LOAD || inst->op == IR_OP_STORE) {
            note_use(t, inst->args[0], value);
            continue;
        }
        if (inst->op != IR_OP_FIELD_ADDR && inst->op != IR_OP_INDEX) continue;
        use->folded = use->first_user && use->uses == t->uses[value] && t->epoch[use->first_user] == t->epoch[value] &&
                      use->depth <= ADDRESS_DEPTH_MAX;
        any |= use->folded;
        if (!use->folded) use->outside = 0;
        if (use->outside) {
            u32 *first = &t->blocks[use->outside].rows;
            use->next_row = *first;
            *first = value;
        }
        bool looks_into_row = inst->op == IR_OP_INDEX && inst->args[3] &&
                              t->address[value_of(t, inst->args[0])].outside;
        if (looks_into_row || (use->folded && inst->op == IR_OP_FIELD_ADDR))
            note_use(t, inst->args[0], use->folded ? use->first_user : value);
    }
    return !any || note_sunk(t, block);
}

bool fold_addresses(Translator *t) {
    if (t->program->traced) return true; // as in sole_operand
    for (u32 i = 0; i < t->cfg.rpo_count; i++)
        for (u32 value = ir_block(t->function, t->cfg.rpo[i])->first; value; value = inst_of(t, value)->next)
            if (inst_of(t, value)->op == IR_OP_INDEX && t->cfg.loop_depth[t->cfg.rpo[i]]) look_at_row(t, value);
    for (u32 i = t->cfg.rpo_count; i-- > 0;)
        if (!fold_block(t, t->cfg.rpo[i])) return false;
    return true;
}
