// Takes out of loops what is the same in every turn: pure operations on values from outside, and loads from frame slots
// that the loop does not write. Only from blocks that every turn passes, so that nothing is computed for nothing, and only
// where the interpreter gains: constants and addresses are part of the instructions that use them, a comparison part of
// its branch, a product often part of a sum. What may trap stays, except loads that cannot.
// Needs: addresses (opt/addresses.h). Keeps: reachable blocks; leaves empty blocks in front of loops to simplify_cfg.
#include "opt/addresses.h"
#include "opt/loops.h"

#include "support/map.h"

enum {
    DEPTH_MAX = 16, // loops around a block; what stands in more counts as part of all of them
    EDGES_MAX = 64, // into the head of a loop that something may leave: they are walked for each instruction
    GOOD = INST_IN_BOUNDS | INST_NOT_NULL
};

typedef struct Hoister {
    Pass *pass;
    IrFunction *function;
    IrCfg cfg;
    Addresses addresses;
    u32 *uses;        // value -> operands that mean it
    u32 *only_user;   // value -> the last instruction that uses it
    bool *writes_any; // loop's head -> writes to where slots that escape may be
    Map writes_slot;  // loop's head and slot -> 1
    bool writes_deep; // there are writes in more than DEPTH_MAX loops
} Hoister;

// ---- a block in front of each loop ----

static bool make_preheaders(Pass *pass, const IrCfg *cfg) {
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        u32 head = cfg->rpo[i];
        if (cfg->loop_head[head] != head || loop_way_in(pass->function, cfg, head, false)) continue;
        if (!loop_make_way_in(pass, cfg, head, false)) return false;
    }
    return true;
}

// ---- what loops write ----

static bool note_write(Hoister *h, u32 block, u32 slot) {
    h->writes_deep |= h->cfg.loop_depth[block] > DEPTH_MAX;
    if (h->writes_deep) return true;
    for (u32 head = h->cfg.loop_head[block]; head; head = h->cfg.loop_outer[head]) {
        if (!slot) h->writes_any[head] = true;
        else if (!map_set(h->pass->scratch, &h->writes_slot, (u64)head << 32 | slot, 1)) return false;
    }
    return true;
}

static bool note_inst(Hoister *h, u32 value, u32 block) {
    const IrInst *inst = ir_inst(h->function, value);
    switch (inst->op) {
    case IR_OP_STORE:
    case IR_OP_COPY:
    case IR_OP_FILL: {
        u32 slot = inst->args[0] < h->addresses.count ? h->addresses.of[inst->args[0]].slot : 0;
        // A write through a pointer may reach every slot that escapes.
        return note_write(h, block, slot);
    }
    case IR_OP_CALL:
    case IR_OP_HEAP_REALLOC:
    case IR_OP_HEAP_FREE:
    case IR_OP_HEAP_COPY: return note_write(h, block, 0);
    default: return true;
    }
}

static bool note_all(Hoister *h) {
    IrFunction *function = h->function;
    for (u32 i = 0; i < h->cfg.rpo_count; i++) {
        u32 id = h->cfg.rpo[i];
        for (u32 v = ir_block(function, id)->first; v; v = ir_inst(function, v)->next) {
            u32 count, *operands = ir_operands(function, ir_inst(function, v), &count);
            for (u32 k = 0; k < count; k++) {
                h->uses[operands[k]]++;
                h->only_user[operands[k]] = v;
            }
            if (h->cfg.loop_head[id] && !note_inst(h, v, id)) return false;
        }
        IrTerm *term = &ir_block(function, id)->term;
        for (u32 twice = 0; twice < 2; twice++) // never the only use
            ir_each_term_operand(function, term, opt_count_use, h->uses);
    }
    return true;
}

static bool loop_writes(const Hoister *h, u32 head, u32 slot) {
    if (h->writes_deep || (h->writes_any[head] && h->addresses.slots[slot - 1].escapes)) return true;
    return map_get(&h->writes_slot, (u64)head << 32 | slot) != MAP_NONE;
}

// ---- what may leave ----

// Could stand at any place; takes part in the instructions that use it.
static bool is_anywhere(const IrInst *inst) {
    return inst->op == IR_OP_CONST || inst->op == IR_OP_SLOT_ADDR || inst->op == IR_OP_DATA_ADDR;
}

static bool is_sum_of(const Hoister *h, IrValue value) {
    u8 op = ir_inst(h->function, h->only_user[value])->op;
    return h->uses[value] == 1 && (op == IR_OP_ADD || op == IR_OP_SUB);
}

// The elements of a row that was moved (PTR_MOVE) are found by the runtime.
static bool never_moved(const IrFunction *function, IrValue row) {
    u8 op = ir_inst(function, row)->op;
    return op == IR_OP_SLOT_ADDR || op == IR_OP_INDEX;
}

static bool is_worth_it(const Hoister *h, IrValue value) {
    const IrInst *inst = ir_inst(h->function, value);
    if (inst->op == IR_OP_CONST) return ir_bits((IrType)inst->type) > 64;
    if (is_anywhere(inst) || ir_is_compare(inst->op)) return false;
    if (inst->op == IR_OP_MUL && is_sum_of(h, value)) return false;
    if (ir_op_info[inst->op].effects == 'P') return true;
    // Divisions whose divisor is a constant that cannot trap count as pure; row elements are part of their loads, unless
    // they were found good (bounds_checks): then they are sums, harmless even where the loop has no turn.
    if (inst->op == IR_OP_INDEX) return (inst->flags & GOOD) == GOOD && never_moved(h->function, inst->args[0]);
    bool may = inst->op == IR_OP_LOAD || inst->op == IR_OP_DIV || inst->op == IR_OP_REM;
    return may && address_cannot_trap(&h->addresses, h->function, inst);
}

static u32 edges_into(const Hoister *h, u32 block) { return h->cfg.pred_start[block + 1] - h->cfg.pred_start[block]; }

// True when every turn of the block's innermost loop passes it.
static bool in_every_turn(const Hoister *h, u32 block) {
    u32 head = h->cfg.loop_head[block];
    if (edges_into(h, head) > EDGES_MAX) return false;
    for (u32 p = h->cfg.pred_start[head]; p < h->cfg.pred_start[head + 1]; p++) {
        u32 pred = h->cfg.preds[p];
        if (ir_dominates(&h->cfg, head, pred) && !ir_dominates(&h->cfg, block, pred)) return false;
    }
    return true;
}

static bool loop_contains(const Hoister *h, u32 head, u32 block) {
    u32 at = h->cfg.loop_head[block];
    for (u32 depth = 0; at && at != head && depth < DEPTH_MAX; depth++) at = h->cfg.loop_outer[at];
    return at != 0;
}

// The outermost loop that the instruction does not depend on, 0 = none.
static u32 loop_to_leave(const Hoister *h, const IrInst *inst, u32 block) {
    u32 leave = 0;
    u32 slot = inst->op == IR_OP_LOAD ? h->addresses.of[inst->args[0]].slot : 0;
    u32 count = ir_shape_operands[ir_op_info[inst->op].shape];
    for (u32 head = h->cfg.loop_head[block]; head; head = h->cfg.loop_outer[head]) {
        bool varies = (slot && loop_writes(h, head, slot)) || edges_into(h, head) > EDGES_MAX;
        for (u32 i = 0; i < count && !varies; i++) {
            const IrInst *operand = ir_inst(h->function, inst->args[i]);
            varies = !is_anywhere(operand) && operand->block && loop_contains(h, head, operand->block);
        }
        if (varies) break;
        leave = head;
    }
    return leave;
}

// ---- moving ----

// Constants and slot addresses that the instruction uses must stand before it too.
static void move_operands(IrFunction *function, const IrCfg *cfg, IrValue value, u32 to) {
    u32 count = ir_shape_operands[ir_op_info[ir_inst(function, value)->op].shape];
    for (u32 i = 0; i < count; i++) {
        IrValue operand = ir_inst(function, value)->args[i];
        const IrInst *inst = ir_inst(function, operand);
        if (is_anywhere(inst) && !ir_dominates(cfg, inst->block, to)) opt_move_inst(function, operand, to);
    }
}

// What may leave a loop does, or is only looked for: true when there is something.
static bool hoist_block(Hoister *h, u32 id, bool moves) {
    u32 depth = h->cfg.loop_depth[id];
    if (!depth || depth > DEPTH_MAX || !in_every_turn(h, id)) return false;
    bool any = false;
    for (u32 v = ir_block(h->function, id)->first, next; v; v = next) {
        next = ir_inst(h->function, v)->next;
        if (!is_worth_it(h, v)) continue;
        u32 head = loop_to_leave(h, ir_inst(h->function, v), id);
        any |= head != 0;
        u32 to = head && moves ? loop_way_in(h->function, &h->cfg, head, false) : 0;
        if (!to) continue;
        move_operands(h->function, &h->cfg, v, to);
        opt_move_inst(h->function, v, to);
        // Where no turn comes to it, what it is the address of may be none of the row's: nothing may be loaded there.
        if (v < h->addresses.count) h->addresses.of[v].slot = 0;
    }
    return any;
}

// Outer loops first, operands before their users: what has left a loop lets its users leave too.
static bool hoist_all(Hoister *h, bool moves) {
    bool any = false;
    for (u32 i = 0; i < h->cfg.rpo_count; i++) any |= hoist_block(h, h->cfg.rpo[i], moves);
    return any;
}

static bool look(Hoister *h, Pass *pass) {
    *h = (Hoister){.pass = pass, .function = pass->function};
    u32 values = pass->function->insts.count;
    if (!addresses_build(pass, &h->cfg, &h->addresses)) return false;
    h->uses = arena_new(pass->scratch, u32, values);
    h->only_user = arena_new(pass->scratch, u32, values);
    h->writes_any = arena_new(pass->scratch, bool, pass->function->blocks.count);
    return h->uses && h->only_user && h->writes_any && note_all(h);
}

// *loops: there are some. True when one has parameters and is entered from several places: those that no turn changes are
// settled in front of it, even when nothing leaves it.
static bool has_many_ways_in(const IrFunction *function, const IrCfg *cfg, bool *loops) {
    *loops = false;
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        u32 head = cfg->rpo[i], ways = 0;
        if (cfg->loop_head[head] != head) continue;
        *loops = true;
        if (!ir_block(function, head)->param_count) continue;
        for (u32 p = cfg->pred_start[head]; p < cfg->pred_start[head + 1]; p++)
            ways += !ir_dominates(cfg, head, cfg->preds[p]);
        if (ways > 1) return true;
    }
    return false;
}

bool opt_hoist(Pass *pass) {
    Hoister h;
    IrCfg cfg;
    pass->outcome = UNCHANGED;
    if (!opt_split_entry(pass) || !opt_remove_unreachable(pass) || !opt_graph(pass, &cfg)) return false;
    bool loops, settles = has_many_ways_in(pass->function, &cfg, &loops);
    if (!loops) return true;
    if (!settles) {
        if (!look(&h, pass)) return false;
        if (!hoist_all(&h, false)) return true;
    }
    pass->outcome = CHANGED;
    if (!make_preheaders(pass, &cfg) || !look(&h, pass)) return false;
    hoist_all(&h, true);
    return pass_ok(pass);
}
