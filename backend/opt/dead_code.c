// Removes what nobody needs: pure values, parameters, stores to slots that are never read, the slots themselves.
// Liveness starts at what must happen (effects, terminators, operations that may trap) and runs backwards, so that cycles
// of parameters that only feed each other die too. A load or field address that nobody uses stays only while it may be
// the first to find its pointer null: after another access of the same pointer it can't trap any more.
// Needs: addresses (opt/addresses.h). Keeps: blocks.
#include "ir/arguments.h"
#include "opt/addresses.h"

// Numbers beyond which a function is renumbered: so many, and so many for each instruction.
enum { GAPS_BASE = 64, GAPS_SHARE = 2 };

typedef struct Checked {
    u32 pointer, block, before; // pointer was found good in block; `before` held until then
} Checked;

typedef struct Value {
    bool live;      // needed
    bool satisfied; // an access: a live one repeats its check
    u32 good;       // a pointer: the access that found it good on this path, 0 = none
    u32 group;      // an access: the access whose check it repeats at once (see below)
    u32 next_write; // a write to a slot: the one before it
} Value;

typedef struct SlotReads {
    bool live;      // something needed reads it
    u32 last_write; // linked through next_write
} SlotReads;

typedef struct Sweep {
    Pass *pass;
    IrFunction *function;
    IrCfg cfg;
    Addresses addresses;
    Value *values;
    u32 *work; // live values whose operands are not marked yet: each comes here once
    u32 work_count;
    IrArguments arguments;
    SlotReads *slots;
    VEC(Checked) log; // undoes `good` when the walk leaves a block
    VEC(u32) firsts;  // unused accesses that may be the first to find their pointer bad
    u32 kept;         // instructions left
} Sweep;

static void mark(Sweep *s, u32 value) {
    if (s->values[value].live) return;
    s->values[value].live = true;
    s->work[s->work_count++] = value;
}

// ---- which accesses may be dropped when unused ----

static bool set_good(Sweep *s, u32 pointer, u32 value, u32 block) {
    if (!vec_push(s->pass->scratch, &s->log, ((Checked){pointer, block, s->values[pointer].good}))) return false;
    s->values[pointer].good = value;
    return true;
}

// A field address only looks whether its pointer is null; loads and stores reach memory.
static bool covers(const IrFunction *function, u32 earlier, const IrInst *inst) {
    u8 op = function->insts.items[earlier].op;
    return inst->op == IR_OP_FIELD_ADDR || op == IR_OP_LOAD || op == IR_OP_STORE;
}

static bool note_access(Sweep *s, u32 value, u32 block, u32 *first_of_run) {
    IrFunction *function = s->function;
    const IrInst *inst = ir_inst(function, value);
    u32 pointer = inst->args[0], earlier = s->values[pointer].good;
    if (earlier && covers(function, earlier, inst)) {
        // The leaves of one aggregate, read by one instruction of the source: any of them may make the check, unless it is
        // known to need none.
        const IrInst *first = ir_inst(function, earlier);
        bool checks = first->op == inst->op && first->site == inst->site && !(inst->flags & INST_NOT_NULL);
        if (earlier == *first_of_run && checks) s->values[value].group = earlier;
        return true;
    }
    if (inst->op != IR_OP_STORE) {
        *first_of_run = value;
        if (!vec_push(s->pass->scratch, &s->firsts, value)) return false;
    }
    return set_good(s, pointer, value, block);
}

// A write to a slot that does not escape is needed only if the slot is read.
static u32 slot_written(const Sweep *s, const IrInst *inst) {
    u32 size, slot = address_written(&s->addresses, inst, &size).slot;
    return slot && !s->addresses.slots[slot - 1].escapes ? slot : 0;
}

static bool note_inst(Sweep *s, u32 value, u32 block, u32 *first_of_run) {
    const IrInst *inst = ir_inst(s->function, value);
    char effects = ir_op_info[inst->op].effects;
    if (effects == 'P') return true;
    u32 slot = slot_written(s, inst);
    if (slot) {
        s->values[value].next_write = s->slots[slot - 1].last_write;
        s->slots[slot - 1].last_write = value;
        // What is left of a COPY that nobody needs looks there.
        if (!address_cannot_trap(&s->addresses, s->function, inst)) mark(s, inst->args[1]);
        return true;
    }
    if (effects != 'W' && address_cannot_trap(&s->addresses, s->function, inst)) return true;
    bool access = inst->op == IR_OP_LOAD || inst->op == IR_OP_FIELD_ADDR || inst->op == IR_OP_STORE;
    if (access && !note_access(s, value, block, first_of_run)) return false;
    if (inst->op == IR_OP_LOAD || inst->op == IR_OP_FIELD_ADDR) return true;
    *first_of_run = 0;
    mark(s, value);
    return true;
}

static bool note_block(Sweep *s, u32 id) {
    while (s->log.count && !ir_dominates(&s->cfg, s->log.items[s->log.count - 1].block, id)) {
        const Checked *last = &s->log.items[--s->log.count];
        s->values[last->pointer].good = last->before;
    }
    u32 first_of_run = 0;
    const IrBlock *block = ir_block(s->function, id);
    for (u32 v = block->first; v; v = ir_inst(s->function, v)->next)
        if (!note_inst(s, v, id, &first_of_run)) return false;
    if (block->term.value) mark(s, block->term.value);
    return true;
}

static bool find_roots(Sweep *s) {
    u32 *order = opt_dominator_preorder(&s->cfg, s->pass->scratch, s->function->blocks.count);
    if (!order) return false;
    for (u32 i = 0; i < s->cfg.rpo_count; i++)
        if (!note_block(s, order[i])) return false;
    return true;
}

// ---- marking ----

static void mark_slot(Sweep *s, u32 pointer) {
    u32 slot = pointer < s->addresses.count ? s->addresses.of[pointer].slot : 0;
    if (!slot || s->slots[slot - 1].live) return;
    s->slots[slot - 1].live = true;
    for (u32 write = s->slots[slot - 1].last_write; write; write = s->values[write].next_write) mark(s, write);
}

static void mark_args(Sweep *s, const IrInst *param) {
    const IrIncoming *edges = s->arguments.edges.items;
    for (u32 e = s->arguments.first[param->block]; e; e = edges[e].next)
        mark(s, s->function->lists.items[edges[e].args + param->args[0]]);
}

static void mark_from(Sweep *s) {
    while (s->work_count) {
        u32 value = s->work[--s->work_count];
        IrInst *inst = ir_inst(s->function, value);
        if (inst->op == IR_OP_PARAM) {
            if (inst->block) mark_args(s, inst);
            continue;
        }
        u32 count, *operands = ir_operands_in_place(s->function, inst, &count);
        for (u32 i = 0; i < count; i++) mark(s, operands[i]);
        if (inst->op == IR_OP_LOAD) mark_slot(s, inst->args[0]);
        if (inst->op == IR_OP_COPY) mark_slot(s, inst->args[1]);
        if (s->values[value].group) s->values[s->values[value].group].satisfied = true;
    }
}

static void mark_all(Sweep *s) {
    mark_from(s);
    for (u32 i = 0; i < s->firsts.count; i++) {
        u32 first = s->firsts.items[i];
        if (s->values[first].satisfied) continue;
        mark(s, first);
        mark_from(s);
    }
}

// ---- sweeping ----

static bool remove_dead(Sweep *s) {
    IrFunction *function = s->function;
    bool *dropped = arena_new(s->pass->scratch, bool, function->insts.count);
    if (!dropped) return false;
    bool any = false;
    for (u32 b = 1; b < function->blocks.count; b++) {
        const IrBlock *block = ir_block(function, b);
        for (u32 v = block->first, next; v; v = next) {
            next = ir_inst(function, v)->next;
            s->kept += s->values[v].live;
            if (s->values[v].live) continue;
            address_drop(&s->addresses, function, v);
            s->pass->outcome = CHANGED;
        }
        for (u32 i = 0; i < block->param_count; i++) {
            u32 param = function->lists.items[block->params + i];
            if (!s->values[param].live) dropped[param] = any = true;
        }
    }
    if (!any) return true;
    s->pass->outcome = CHANGED;
    return opt_drop_params(s->pass, dropped);
}

static bool remove_slots(Sweep *s) {
    IrFunction *function = s->function;
    if (!function->slots.count) return true;
    u32 *number = arena_new(s->pass->scratch, u32, function->slots.count + 1);
    if (!number) return false;
    for (u32 pass = 0; pass < 2; pass++) {
        for (u32 b = 1; b < function->blocks.count; b++)
            for (u32 v = ir_block(function, b)->first; v; v = ir_inst(function, v)->next) {
                IrInst *inst = ir_inst(function, v);
                if (inst->op != IR_OP_SLOT_ADDR) continue;
                if (pass == 0) number[inst->args[0]] = 1;
                else inst->args[0] = number[inst->args[0]] - 1;
            }
        if (pass == 1) break;
        u32 kept = 0;
        for (u32 slot = 0; slot < function->slots.count; slot++) {
            if (!number[slot]) continue;
            function->slots.items[kept] = function->slots.items[slot];
            number[slot] = ++kept;
        }
        if (kept != function->slots.count) s->pass->outcome = CHANGED;
        function->slots.count = kept;
    }
    return true;
}

// Whether fewer uses could make more of what is left unneeded.
static bool is_settled(const Sweep *s) {
    for (u32 slot = 0; slot < s->function->slots.count; slot++)
        if (s->addresses.slots[slot].escapes) return false;
    return !s->firsts.count;
}

bool opt_dead_code(Pass *pass) {
    IrFunction *function = pass->function;
    if (!opt_remove_unreachable(pass)) return false;
    Sweep s = {.pass = pass, .function = function};
    u32 values = function->insts.count, slots = function->slots.count + 1;
    if (!addresses_build(pass, &s.cfg, &s.addresses)) return false;
    s.values = arena_new(pass->scratch, Value, values);
    s.work = arena_room(pass->scratch, u32, values);
    s.slots = arena_new(pass->scratch, SlotReads, slots);
    if (!pass_ok(pass) || !ir_arguments_build(&s.arguments, pass->scratch, function, &s.cfg)) return false;
    pass->outcome = UNCHANGED;
    if (!find_roots(&s)) return false;
    mark_all(&s);
    bool settled = is_settled(&s);
    if (!remove_dead(&s) || !remove_slots(&s)) return false;
    if (settled && pass->outcome == CHANGED) pass->outcome = SETTLED;
    return values < GAPS_BASE + GAPS_SHARE * s.kept || opt_compact(pass);
}
