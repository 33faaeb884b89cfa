// Computes what is known now (fold.h), and the same value only once: a pure operation, or one that may trap, is replaced
// by an equal one that dominates it (which then has not trapped, and would not now: row_states.h). Loads give what was last
// stored to or loaded from the place. A condition is known where only one side of its branch, or only the way past a GUARD,
// leads. A branch whose condition is known becomes a jump at once, and the side not taken counts no more where paths meet: a
// parameter that gets one value from the others is it.
// One walk over the dominator tree; a block's predecessors come before it except along back edges.
// Needs: addresses (opt/addresses.h). Keeps: reachable blocks.
#include "opt/facts.h"
#include "opt/fold.h"
#include "opt/memory_state.h"
#include "opt/row_states.h"
#include "opt/value_table.h"

enum { MEETS = 8 }; // predecessors whose memory is compared

typedef struct Saved {
    MemoryEntry *entries;
    u32 count;
    bool walked;
    bool reached; // by an edge that may be taken
} Saved;

typedef struct Numbering {
    Pass *pass;
    IrFunction *function;
    IrCfg cfg;
    Addresses addresses;
    Forward forward;
    Folder folder;
    ValueTable table; // values of the dominators of the current block
    VEC(u32) scopes;  // blocks on the path from the entry with the entries made in them: block, first entry
    Facts facts;
    MemoryState memory;
    RowStates rows;
    Saved *saved;     // block -> memory at its end
    u32 preds[MEETS]; // of the current block: those whose edges may be taken
    u32 pred_count;   // NO_INDEX: too many, or one not walked yet (a loop's head)
    bool *dropped;    // parameters that another value stands for
    bool changed;     // anything but `truth` was
    bool turned;      // edges were
} Numbering;

static IrValue known(Numbering *n, IrValue value) {
    if (value < n->forward.count && n->forward.to[value]) value = opt_resolve(&n->forward, value);
    IrValue constant = value < n->facts.count ? n->facts.constant[value] : 0;
    return constant ? constant : value;
}

// ---- where paths meet ----

// True when the branch or jump at the end of a walked block may lead to `id`.
static bool leads_to(const IrTerm *term, u32 id) { return term->kind != TERM_JUMP || term->then.target == id; }

// False when no edge into the block may be taken.
static bool find_preds(Numbering *n, u32 id) {
    n->pred_count = 0;
    if (id == 1) return true;
    for (u32 p = n->cfg.pred_start[id]; p < n->cfg.pred_start[id + 1]; p++) {
        u32 pred = n->cfg.preds[p];
        const Saved *saved = &n->saved[pred];
        if (saved->walked && (!saved->reached || !leads_to(&ir_block(n->function, pred)->term, id))) continue;
        if (!saved->walked || n->pred_count == MEETS) {
            n->pred_count = NO_INDEX;
            return true;
        }
        n->preds[n->pred_count++] = pred;
    }
    return n->pred_count != 0;
}

// What the only edge into a block says.
static bool enter_by_edge(Numbering *n, u32 id) {
    return n->pred_count != 1 || facts_enter(&n->facts, &ir_block(n->function, n->preds[0])->term, id);
}

// The value that every edge which may be taken passes to the parameter, 0 = several.
static IrValue only_argument(Numbering *n, u32 id, u32 index) {
    IrValue only = 0;
    for (u32 i = 0; i < n->pred_count; i++) {
        IrTerm *term = &ir_block(n->function, n->preds[i])->term;
        if (term->kind == TERM_SWITCH) return 0;
        for (u32 e = 0; e < ir_edge_count(term); e++) {
            const IrEdge *edge = ir_edge_at(n->function, term, e);
            if (edge->target != id) continue;
            IrValue arg = n->function->lists.items[edge->args + index];
            if (only && arg != only) return 0;
            only = arg;
        }
    }
    return only;
}

static void enter_params(Numbering *n, u32 id) {
    const IrBlock *block = ir_block(n->function, id);
    if (n->pred_count == NO_INDEX) return;
    for (u32 i = 0; i < block->param_count; i++) {
        IrValue param = n->function->lists.items[block->params + i], only = only_argument(n, id, i);
        if (!only) continue;
        opt_replace(&n->forward, param, only);
        n->dropped[param] = n->changed = true;
    }
}

// ---- memory ----

static void enter_memory(Numbering *n) {
    n->memory.count = 0;
    if (n->pred_count == 0 || n->pred_count == NO_INDEX) return;
    const Saved *start = &n->saved[n->preds[0]];
    if (start->count) mem_copy(n->memory.entries, start->entries, start->count * sizeof(MemoryEntry));
    n->memory.count = start->count;
    for (u32 i = 1; i < n->pred_count; i++)
        memory_meet(&n->memory, n->saved[n->preds[i]].entries, n->saved[n->preds[i]].count);
}

static bool leave_memory(Numbering *n, u32 id) {
    Saved *saved = &n->saved[id];
    saved->count = n->memory.count;
    if (!saved->count || !ir_edge_count(&ir_block(n->function, id)->term)) return true;
    saved->entries = arena_room(n->pass->scratch, MemoryEntry, saved->count);
    if (!saved->entries) return false;
    mem_copy(saved->entries, n->memory.entries, saved->count * sizeof(MemoryEntry));
    return true;
}

static void replace(Numbering *n, IrValue value, IrValue by) {
    opt_replace(&n->forward, value, by);
    ir_remove(n->function, value);
    n->changed = true;
}

// What a slot holds as a copy is read where it was copied from, which that COPY has found good: most slots are then read no
// more, and dead_stores drops their COPYs.
static MemoryPlace read_original(Numbering *n, IrInst *load) {
    u32 size = ir_type_info[load->type].size;
    MemoryPlace place = memory_place(&n->addresses, load->args[0], load->args[1], size);
    const MemoryEntry *copy = memory_copy_of(&n->memory, &place);
    if (!copy) return place;
    load->args[0] = copy->value;
    load->args[1] = copy->behind + place.offset - copy->place.offset;
    load->flags |= INST_NOT_NULL;
    n->changed = true;
    return memory_place(&n->addresses, load->args[0], load->args[1], size);
}

static bool number_copy(Numbering *n, IrValue value) {
    IrInst inst = *ir_inst(n->function, value);
    MemoryPlace to = memory_place(&n->addresses, inst.args[0], 0, inst.args[2]);
    MemoryPlace from = memory_place(&n->addresses, inst.args[1], 0, inst.args[2]);
    const MemoryEntry *earlier = memory_copy_of(&n->memory, &from);
    IrValue source = inst.args[1];
    u32 behind = 0;
    if (earlier) {
        IrValue address = source = earlier->value;
        behind = earlier->behind + from.offset - earlier->place.offset;
        if (behind) {
            IrBuilder b = ir_in_front_of(n->pass->module, n->function, value);
            address = ir_emit(&b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, source, behind, 0, 0);
            if (!address) return false;
            ir_inst(n->function, address)->flags = INST_NOT_NULL;
        }
        ir_inst(n->function, value)->args[1] = address;
        n->changed = true;
    }
    memory_write(&n->memory, &n->addresses, &to);
    memory_add_copy(&n->memory, &n->addresses, &to, source, behind);
    return true;
}

static void number_load(Numbering *n, IrValue value, IrInst *inst) {
    MemoryPlace place = read_original(n, inst);
    IrValue before = memory_find(&n->memory, &place, inst->type);
    if (before) replace(n, value, before);
    else memory_add(&n->memory, &place, value, inst->type);
}

static void number_store(Numbering *n, const IrInst *inst) {
    MemoryPlace place = memory_place(&n->addresses, inst->args[0], inst->args[2], ir_type_info[inst->arg_type].size);
    memory_write(&n->memory, &n->addresses, &place);
    memory_add(&n->memory, &place, inst->args[1], inst->arg_type);
}

static void number_write(Numbering *n, const IrInst *inst) {
    switch (inst->op) {
    case IR_OP_FILL: {
        MemoryPlace place = memory_place(&n->addresses, inst->args[0], 0, inst->args[1]);
        memory_write(&n->memory, &n->addresses, &place);
        return;
    }
    case IR_OP_CALL:
    case IR_OP_HEAP_ALLOC: // zeroes a row that was freed, which a pointer may still lead to
    case IR_OP_HEAP_REALLOC:
    case IR_OP_HEAP_FREE:
    case IR_OP_HEAP_COPY: memory_clobber(&n->memory, &n->addresses); return;
    default: return; // output, counts and checks leave memory alone
    }
}

// ---- the walk ----

// Bytes that an address adds to another one that is certainly good: a field address has found its own pointer good, and
// a constant place in a row of a frame slot needs no check.
static bool is_constant_step(const Numbering *n, const IrInst *address, u32 *bytes) {
    if (address->op == IR_OP_FIELD_ADDR) {
        *bytes = address->args[1];
        return true;
    }
    if (address->op != IR_OP_INDEX || !address_cannot_trap(&n->addresses, n->function, address)) return false;
    return !mul_overflows((u32)opt_const_bits(n->function, address->args[1]), address->args[2], bytes);
}

static void fold_address(Numbering *n, IrInst *inst) {
    u32 *offset = inst->op == IR_OP_STORE ? &inst->args[2] : &inst->args[1];
    u32 step, sum;
    while (is_constant_step(n, ir_inst(n->function, inst->args[0]), &step) && !add_overflows(*offset, step, &sum) &&
           sum <= INT32_MAX) {
        *offset = sum;
        inst->flags &= ir_inst(n->function, inst->args[0])->flags;
        inst->args[0] = ir_inst(n->function, inst->args[0])->args[0];
    }
}

// The element at x + c is so many bytes behind that at x, when both are known to be in the row, and no row is moved: of one
// that is, both may lie outside.
static void fold_element(const Numbering *n, IrInst *inst) {
    IrInst key = *inst, index = *ir_inst(n->function, inst->args[1]), sum = index;
    u32 bytes;
    if (!(inst->flags & INST_IN_BOUNDS) || n->pass->module->moves_rows) return;
    if (index.op == IR_OP_CONVERT) sum = *ir_inst(n->function, index.args[0]);
    // In 8 or 16 bits x + c may begin anew at the row's start (in 32 no row is long enough); a float's bits are no number.
    if (ir_type_info[sum.type].size < 4 || ir_is_float((IrType)sum.type) || sum.op != IR_OP_ADD ||
        !opt_is_const(n->function, sum.args[1]))
        return;
    u64 c = (u64)opt_const_bits(n->function, sum.args[1]); // the index is of 64 bits too
    if (c > INT32_MAX || mul_overflows((u32)c, inst->args[2], &bytes) || bytes > INT32_MAX) return;
    key.args[1] = sum.args[0];
    if (index.op == IR_OP_CONVERT) {
        index.args[0] = sum.args[0];
        key.args[1] = value_table_find(&n->table, &index);
    }
    IrValue element = key.args[1] ? value_table_find(&n->table, &key) : 0;
    if (!element || !(ir_inst(n->function, element)->flags & INST_IN_BOUNDS)) return;
    inst->op = IR_OP_FIELD_ADDR;
    inst->flags = INST_NOT_NULL;
    inst->args[0] = element;
    inst->args[1] = bytes;
    inst->args[2] = inst->args[3] = 0;
}

static bool number_guard(Numbering *n, IrValue value, u32 block) {
    const IrInst *inst = ir_inst(n->function, value);
    IrValue condition = inst->args[0];
    if (opt_is_const(n->function, condition)) {
        if (!opt_const_bits(n->function, condition)) return true;
        ir_remove(n->function, value);
        n->changed = true;
        return true;
    }
    return facts_set_condition(&n->facts, condition, true, block);
}

// Folds; constants that folding made are shared like all others.
static IrValue fold(Numbering *n, IrValue value) {
    u32 before = n->function->insts.count;
    IrValue by = fold_value(&n->folder, value);
    if (by || n->function->insts.count == before) return by;
    IrInst *inst = ir_inst(n->function, value);
    u32 count, *operands = ir_operands(n->function, inst, &count);
    for (u32 i = 0; i < count; i++) {
        if (operands[i] < before) continue;
        IrValue shared = value_table_add(&n->table, operands[i]);
        if (shared) operands[i] = shared;
    }
    return 0;
}

static void number_operand(void *context, IrValue *operand) {
    Numbering *n = context;
    IrValue now = known(n, *operand);
    n->changed |= now != *operand;
    *operand = now;
}

static bool may_share(const IrInst *inst) {
    char effects = ir_op_info[inst->op].effects;
    return (effects == 'P' || effects == 'X') && inst->op != IR_OP_PARAM;
}

static bool number_inst(Numbering *n, IrValue value, u32 block) {
    IrInst *inst = ir_inst(n->function, value);
    u32 count, *operands = ir_operands_in_place(n->function, inst, &count);
    for (u32 i = 0; i < count; i++) {
        u32 operand = operands[i];
        if (operand >= n->facts.count || n->forward.to[operand] || n->facts.constant[operand])
            number_operand(n, &operands[i]);
    }
    u32 op = inst->op, a = inst->args[0], b = inst->args[1], c = inst->args[2];
    IrValue folded = fold_has_rules(op) ? fold(n, value) : 0;
    if (!folded && n->facts.selected.count) folded = facts_compare(&n->facts, ir_inst(n->function, value));
    if (folded) {
        replace(n, value, folded);
        return true;
    }
    inst = ir_inst(n->function, value); // folding may have added instructions
    if (inst->op == IR_OP_INDEX) fold_element(n, inst);
    if (inst->op == IR_OP_LOAD || inst->op == IR_OP_STORE || inst->op == IR_OP_FIELD_ADDR) fold_address(n, inst);
    n->changed |= op != inst->op || a != inst->args[0] || b != inst->args[1] || c != inst->args[2];
    if (may_share(inst)) {
        IrValue equal = value_table_add(&n->table, value);
        if (!equal) return true;
        // if_convert may have moved it to where less is known than where that was found out.
        ir_inst(n->function, equal)->flags &= inst->flags;
        replace(n, value, equal);
        return true;
    }
    row_states_pass(&n->rows, inst);
    if (inst->op == IR_OP_LOAD) number_load(n, value, inst);
    else if (inst->op == IR_OP_STORE) number_store(n, inst);
    else if (inst->op == IR_OP_COPY) return number_copy(n, value);
    else if (inst->op == IR_OP_GUARD) return number_guard(n, value, block);
    else number_write(n, inst);
    return true;
}

// The condition without the negations around it; each turns the branch round.
static void fold_branch(Numbering *n, IrTerm *term) {
    IrValue operand;
    while (fold_is_not(n->function, term->value, &operand)) {
        n->turned = true;
        IrEdge then = term->then;
        term->value = operand;
        term->then = term->other;
        term->other = then;
    }
}

// The selector as it was before it was made wider, where it could be any of the cases then, too.
static void fold_switch(Numbering *n, IrTerm *term) {
    const IrInst *inst = ir_inst(n->function, term->value);
    IrType from = (IrType)inst->arg_type;
    if (inst->op != IR_OP_CONVERT || !ir_is_int(from) || ir_bits(from) >= ir_bits((IrType)inst->type)) return;
    for (u32 i = 0; i < term->case_count; i++) {
        const IrCase *each = &n->function->cases.items[term->first_case + i];
        u128 bits = (u128)each->high << 64 | each->low;
        if (eval_wrap128(from, bits) != bits) return;
    }
    term->value = inst->args[0];
    n->turned = true;
}

static void number_term(Numbering *n, u32 id) {
    IrTerm *term = &ir_block(n->function, id)->term;
    if (term->value) number_operand(n, &term->value);
    if (term->kind == TERM_BRANCH) fold_branch(n, term);
    if (term->kind == TERM_SWITCH) fold_switch(n, term);
    n->turned |= opt_choose_edge(n->function, term);
    ir_each_term_operand(n->function, term, number_operand, n);
}

// Forgets what blocks off the path to this one have entered.
static void leave_scopes(Numbering *n, u32 id) {
    while (n->scopes.count && !ir_dominates(&n->cfg, n->scopes.items[n->scopes.count - 2], id)) {
        value_table_forget(&n->table, n->scopes.items[n->scopes.count - 1]);
        n->scopes.count -= 2;
    }
    facts_leave(&n->facts, &n->cfg, id);
}

static bool number_block(Numbering *n, u32 id) {
    leave_scopes(n, id);
    // Not walked while its own edges are looked at: a block may lead to itself.
    bool entered = find_preds(n, id);
    n->saved[id].walked = true;
    if (!entered) return true;
    n->saved[id].reached = true;
    Arena *scratch = n->pass->scratch;
    if (!vec_push(scratch, &n->scopes, id) || !vec_push(scratch, &n->scopes, n->table.entries.count)) return false;
    if (!enter_by_edge(n, id)) return false;
    enter_params(n, id);
    enter_memory(n);
    row_states_enter(&n->rows, id);
    for (u32 v = ir_block(n->function, id)->first, next; v; v = next) {
        next = ir_inst(n->function, v)->next;
        if (!number_inst(n, v, id)) return false;
    }
    number_term(n, id);
    row_states_leave(&n->rows, id);
    return leave_memory(n, id);
}

// The constants that nothing came to use, so that the function is as it was.
static void drop_truths(Numbering *n) {
    for (u32 i = 0; i < 2; i++)
        if (n->facts.truth[i]) ir_remove(n->function, n->facts.truth[i]);
    n->function->insts.count = n->facts.count;
}

bool opt_value_number(Pass *pass) {
    IrFunction *function = pass->function;
    if (!opt_remove_unreachable(pass)) return false;
    Numbering n = {.pass = pass, .function = function, .folder = {pass, function, false}};
    if (!facts_init(&n.facts, pass) || !addresses_build(pass, &n.cfg, &n.addresses) ||
        !row_states_init(pass, &n.cfg, &n.rows) || !value_table_init(&n.table, pass, &n.rows))
        return false;
    n.saved = arena_new(pass->scratch, Saved, function->blocks.count);
    n.dropped = arena_new(pass->scratch, bool, function->insts.count);
    u32 *order = opt_dominator_preorder(&n.cfg, pass->scratch, function->blocks.count);
    if (!n.saved || !n.dropped || !order || !opt_forward_init(pass, &n.forward)) return false;
    for (u32 i = 0; i < n.cfg.rpo_count; i++)
        if (!number_block(&n, order[i])) return false;
    u32 truths = (n.facts.truth[0] != 0) + (n.facts.truth[1] != 0);
    if (n.turned) opt_graph_changed(pass);
    if (!n.changed && !n.turned && function->insts.count == n.facts.count + truths) {
        drop_truths(&n);
        pass->outcome = UNCHANGED;
        return pass_ok(pass);
    }
    // Arguments of back edges were passed by before what they name was replaced.
    opt_resolve_terms(function, &n.forward);
    return opt_remove_unreachable(pass) && opt_drop_params(pass, n.dropped) && pass_ok(pass);
}
