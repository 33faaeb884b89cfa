// Which address computations are left to the loads and stores that use them, so that a bounds check, scaling and access
// are one instruction. A check may so come later than the source has it, and other instructions that may trap before it:
// these get a note of it, and when one of them traps, run.c looks first whether the check would have failed.
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

enum { SUNK_MAX = 4 };

// A use in another block only repeats a check that was passed: rows whose count is fixed allow that, and it is no loss
// where it does not happen more often.
static bool may_repeat(const Translator *t, const IrInst *index) {
    return index->op == IR_OP_INDEX && index->args[3] && index->block &&
           t->cfg.loop_depth[t->block] <= t->cfg.loop_depth[index->block];
}

static void note_use(Translator *t, u32 address, u32 user) {
    u32 value = value_of(t, address);
    const IrInst *inst = inst_of(t, value);
    if (inst->op != IR_OP_FIELD_ADDR && inst->op != IR_OP_INDEX) return;
    if (inst->block == t->block) t->address[value].first_user = user;
    else if (!may_repeat(t, inst)) return;
    t->address[value].uses++;
}

// Whether a check can be made before its access runs: constants may be loaded right before that only.
static bool in_registers(const Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    u64 low, high;
    if (constant_bits(t, value_of(t, inst->args[0]), &low, &high)) return false;
    return inst->op != IR_OP_INDEX || !constant_bits(t, value_of(t, inst->args[1]), &low, &high);
}

// Which instructions of the block may trap before a check that came before them in the source.
static bool note_sunk(Translator *t, u32 block) {
    u32 open[SUNK_MAX], count = 0;
    for (u32 value = ir_block(t->function, block)->first; value; value = inst_of(t, value)->next) {
        AddressUse *use = &t->address[value];
        u32 kept = 0;
        for (u32 i = 0; i < count; i++)
            if (t->address[open[i]].first_user != value) open[kept++] = open[i];
        count = kept;
        if (use->folded && acts(t, value)) {
            if (count < SUNK_MAX) open[count++] = value;
            else use->folded = false;
        } else if (count && acts(t, value)) {
            for (u32 i = kept = 0; i < count; i++) {
                t->address[open[i]].folded = in_registers(t, open[i]);
                if (t->address[open[i]].folded) open[kept++] = open[i];
            }
            count = kept;
            t->sunk[value] = (SunkList){t->sunk_checks.count, (u8)count};
            for (u32 i = 0; i < count; i++)
                if (!vec_push(t->scratch, &t->sunk_checks, open[i])) return false;
        }
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
        if ((inst->op != IR_OP_FIELD_ADDR && inst->op != IR_OP_INDEX) || use->first_user == 0) continue;
        if (use->uses != t->uses[value] || t->epoch[use->first_user] != t->epoch[value]) continue;
        if (use->depth > ADDRESS_DEPTH_MAX) continue;
        use->folded = any = true;
        if (inst->op == IR_OP_FIELD_ADDR) note_use(t, inst->args[0], use->first_user);
    }
    return !any || note_sunk(t, block);
}

bool fold_addresses(Translator *t) {
    if (t->program->traced) return true; // as in sole_operand
    for (u32 i = t->cfg.rpo_count; i-- > 0;)
        if (!fold_block(t, t->cfg.rpo[i])) return false;
    return true;
}
