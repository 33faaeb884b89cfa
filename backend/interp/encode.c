// Writes one function's code: instructions by their shapes, terminators as branches and falls, edges, places to trap.
#include "interp/encode.h"

#include "support/sort.h"

enum { CHAIN_CASES_MAX = 3, CHARGE_MAX = UINT16_MAX, UNCHECKED_STEPS = 256 };

// ---- instructions ----

bool push_word(Encoder *e, u64 word) {
    if (e->t->code.count >= PLACE_MASK)
        return error_set(e->t->error, ERR_EXECUTE, NOWHERE, "the program needs more than %u words of bytecode",
                         PLACE_MASK);
    return vec_push(e->t->arena, &e->t->code, word);
}

bool emit_word(Encoder *e, Bytecode op, u16 a, u16 b, u16 c) {
    e->last = e->t->code.count;
    return push_word(e, (u64)op | (u64)a << 16 | (u64)b << 32 | (u64)c << 48);
}

static void put(u16 *fields, u32 at, u64 value, u32 size) { mem_copy(fields + at, &value, size * 2); }

bool emit(Encoder *e, const Inst *inst) {
    u16 fields[16] = {inst->op};
    u32 at = 1, use = 0, immediate = 0;
    const Register *registers = e->t->registers.items;
    for (const char *shape = bytecode_shape((Bytecode)inst->op); *shape; shape++) {
        u32 size = bytecode_field_size(*shape);
        switch (*shape) {
        case 'd': fields[at] = (u16)registers[inst->dst].slot; break;
        case 'r': fields[at] = (u16)registers[inst->use[use++]].slot; break;
        case '_':
        case 'x':
        case 'o':
        case 'O':
        case 'C': break;
        default: put(fields, at, inst->imm[immediate++], size);
        }
        at += size;
    }
    e->last = e->t->code.count;
    for (u32 i = 0; i < (at + PC_STEP - 1) / PC_STEP; i++) {
        u64 word;
        mem_copy(&word, fields + i * PC_STEP, 8);
        if (!push_word(e, word)) return false;
    }
    return true;
}

bool emit_constant(Encoder *e, u32 slot, u64 bits) {
    if ((i64)bits == (i32)bits) return emit_word(e, BC_LOAD_I, (u16)slot, (u16)bits, (u16)(bits >> 16));
    return emit_word(e, BC_LOAD_K, (u16)slot, 0, 0) && push_word(e, bits);
}

static bool note_site(Encoder *e, u32 site, i32 steps, u32 sunk, u32 sunk_count) {
    Program *program = e->t->program;
    CodeSite entry = {.pc = e->t->code.count, .site = site, .steps = steps};
    // For now the checks by value; settle_sunk turns them into places.
    entry.sunk = program->sunk.count;
    entry.sunk_count = sunk_count;
    for (u32 i = 0; i < sunk_count; i++)
        if (!vec_push(e->t->arena, &program->sunk, e->t->sunk_checks.items[sunk + i])) return false;
    return vec_push(e->t->arena, &program->sites, entry);
}

// The checks noted since `first` are done by the first users of their addresses, which are written by now.
static void settle_sunk(Encoder *e, u32 first) {
    Program *program = e->t->program;
    for (u32 i = first; i < program->sunk.count; i++) {
        u32 *entry = &program->sunk.items[i];
        const AddressUse *use = &e->t->address[*entry];
        *entry = use->outside ? e->pc_of[*entry] | ROW_CHECK : e->pc_of[use->first_user];
    }
}

// From here on the instruction before must not be changed: others may come here.
static void label(Encoder *e) { e->last = NO_INDEX; }

// ---- offsets ----

static bool add_fixup(Encoder *e, const Fixup *fixup) { return vec_push(e->t->scratch, &e->fixups, *fixup); }

static bool add_stub(Encoder *e, const Stub *stub, u32 *number) {
    *number = e->stubs.count;
    return vec_push(e->t->scratch, &e->stubs, *stub);
}

// ---- branches ----

// What a branch goes to: a block, or a stub.
typedef struct Goal {
    u32 target;
    bool stub;
    bool back; // lies before: ends slices
    i32 charge;
} Goal;

static bool goal_of_edge(Encoder *e, const IrEdge *edge, u32 from, i32 pending, Goal *goal) {
    Translator *t = e->t;
    *goal = (Goal){.target = edge->target, .charge = pending - t->blocks[edge->target].pending};
    goal->back = e->place[edge->target] != NO_INDEX;
    if (!edge_has_moves(e, edge)) return true;
    *goal = (Goal){.stub = true};
    return add_stub(e, &(Stub){.edge = *edge, .pending = pending, .block = from}, &goal->target);
}

// A cycle without any steps must still use up fuel; one that has a step somewhere does so by itself.
static bool emit_tick(Encoder *e, u32 from, const Goal *goal) {
    if (goal->stub || !goal->back) return true;
    if (e->t->blocks[from].steps || e->t->blocks[goal->target].steps) return true;
    return emit_word(e, BC_TICK, 0, 0, 0);
}

static bool emit_charge(Encoder *e, i32 charge) {
    return emit_word(e, BC_CHARGE, 0, (u16)charge, (u16)((u32)charge >> 16));
}

// Changes the branch: its op may become the long form's.
static bool emit_branch(Encoder *e, Inst *branch, const Goal *goal) {
    bool is_long = e->far_mode || goal->back || goal->charge || (i64)branch->imm[0] != (i16)branch->imm[0];
    Fixup fixup = {0};
    if (is_long) branch->op++;
    bool fused = false;
    if (is_long && !fuse_add_branch(e, branch, goal->charge, &fused)) return false;
    if (fused) {
        bool up = branch->op != BC_J_GE_S_I_L && branch->op != BC_J_GE_U_I_L;
        if (up && goal->back && !goal->stub && !fuse_repeat(e, e->place[goal->target])) return false;
        fixup = (Fixup){.from = e->last, .field = e->last * PC_STEP + 4, .wide = true};
    } else {
        fixup = (Fixup){.from = e->t->code.count, .wide = is_long};
        if (!emit(e, branch)) return false;
        fixup.field = fixup.from * PC_STEP + (is_long ? 4 : 3);
        if (is_long) put_fields(e->t, fixup.field + 2, (u32)goal->charge);
    }
    fixup.stub = goal->stub;
    fixup.target = goal->target;
    return add_fixup(e, &fixup);
}

static bool emit_jump(Encoder *e, u32 from, const IrEdge *edge, i32 pending) {
    Goal goal = {.target = edge->target, .charge = pending - e->t->blocks[edge->target].pending};
    goal.back = e->place[edge->target] != NO_INDEX;
    if (!emit_edge_moves(e, edge) || !emit_tick(e, from, &goal)) return false;
    if (goal.charge < 0 || goal.charge > CHARGE_MAX) {
        if (!emit_charge(e, goal.charge)) return false;
        goal.charge = 0;
    }
    Fixup fixup = {
        .from = e->t->code.count, .field = e->t->code.count * PC_STEP + 2, .wide = true, .target = edge->target};
    return emit_word(e, BC_JUMP, (u16)goal.charge, 0, 0) && add_fixup(e, &fixup);
}

// The branch to one successor; the other is fallen into or jumped to.
static bool encode_branch(Encoder *e, u32 item, const IrTerm *term, i32 pending) {
    Translator *t = e->t;
    u32 block = t->layout.items[item].block;
    Inst branch = t->blocks[block].term;
    const IrEdge *taken = &term->then, *rest = &term->other;
    bool falls = falls_into(t, item);
    u32 next = falls ? t->layout.items[item + 1].block : 0;
    bool turn = falls ? rest->target != next : edge_has_moves(e, taken) && !edge_has_moves(e, rest);
    if (turn) {
        branch.op = (u16)inverse_branch((Bytecode)branch.op, branch.use);
        taken = &term->other;
        rest = &term->then;
    }
    Goal goal;
    if (!goal_of_edge(e, taken, block, pending, &goal) || !emit_tick(e, block, &goal) ||
        !emit_branch(e, &branch, &goal))
        return false;
    return falls ? emit_edge_moves(e, rest) : emit_jump(e, block, rest, pending);
}

// ---- switches ----

typedef struct Case {
    u64 low, high;
    u32 index; // NO_INDEX: the default
} Case;

static bool case_before(const void *a, const void *b) { return ((const Case *)a)->low < ((const Case *)b)->low; }

static const IrEdge *case_edge(const Encoder *e, const IrTerm *term, u32 index) {
    return index == NO_INDEX ? &term->other : &e->t->function->cases.items[term->first_case + index].edge;
}

// One word with offset and charge; offsets count from the switch.
static bool emit_switch_entry(Encoder *e, u32 from, u32 block, const IrEdge *edge, i32 pending) {
    Goal goal;
    if (!goal_of_edge(e, edge, block, pending, &goal)) return false;
    Fixup fixup = {
        .from = from, .field = e->t->code.count * PC_STEP, .wide = true, .stub = goal.stub, .target = goal.target};
    return push_word(e, (u64)(u32)goal.charge << 32) && add_fixup(e, &fixup);
}

// A handful of small cases: compare and branch one after the other.
static bool encode_case_chain(Encoder *e, u32 block, const IrTerm *term, const Case *cases, u32 count, i32 pending) {
    Inst compare = e->t->blocks[block].term;
    for (u32 i = 0; i < count; i++) {
        Goal goal;
        compare.op = BC_J_EQ_I;
        compare.imm[0] = cases[i].low;
        if (!goal_of_edge(e, case_edge(e, term, cases[i].index), block, pending, &goal)) return false;
        if (!emit_tick(e, block, &goal) || !emit_branch(e, &compare, &goal)) return false;
    }
    return emit_jump(e, block, &term->other, pending);
}

static bool encode_dense(Encoder *e, u32 block, const IrTerm *term, const Case *cases, u32 count, i32 pending) {
    Inst inst = e->t->blocks[block].term;
    u32 from = e->t->code.count, range = (u32)(cases[count - 1].low - cases[0].low) + 1;
    inst.imm[0] = range;
    inst.imm[1] = cases[0].low;
    if (!emit(e, &inst)) return false;
    for (u32 value = 0, at = 0; value < range; value++) {
        bool hit = cases[at].low - cases[0].low == value;
        if (!emit_switch_entry(e, from, block, case_edge(e, term, hit ? cases[at].index : NO_INDEX), pending))
            return false;
        if (hit) at++;
    }
    return emit_switch_entry(e, from, block, &term->other, pending);
}

static bool encode_search(Encoder *e, u32 block, const IrTerm *term, const Case *cases, u32 count, bool wide,
                          i32 pending) {
    Inst inst = e->t->blocks[block].term;
    u32 from = e->t->code.count;
    inst.op = wide ? BC_SEARCH_WIDE : BC_SEARCH;
    inst.imm[0] = count;
    if (!emit(e, &inst)) return false;
    for (u32 i = 0; i < count; i++) {
        if (!push_word(e, cases[i].low) || (wide && !push_word(e, cases[i].high))) return false;
        if (!emit_switch_entry(e, from, block, case_edge(e, term, cases[i].index), pending)) return false;
    }
    return emit_switch_entry(e, from, block, &term->other, pending);
}

static bool encode_switch(Encoder *e, u32 block, const IrTerm *term, i32 pending) {
    Translator *t = e->t;
    bool wide = t->registers.items[t->blocks[block].term.use[0]].wide, small = true;
    Case *cases = arena_new(t->scratch, Case, term->case_count + 1);
    if (!cases) return false;
    u32 count = term->case_count;
    for (u32 i = 0; i < count; i++) {
        const IrCase *c = &t->function->cases.items[term->first_case + i];
        cases[i] = (Case){c->low, c->high, i};
        small &= (i64)c->low == (i32)c->low;
    }
    if (!wide) {
        if (!sort_items(t->scratch, cases, count, sizeof *cases, case_before)) return false;
        u32 kept = 0;
        for (u32 i = 0; i < count; i++)
            if (i == 0 || cases[i].low != cases[kept - 1].low) cases[kept++] = cases[i];
        count = kept;
        if (count <= CHAIN_CASES_MAX && small) return encode_case_chain(e, block, term, cases, count, pending);
    }
    if (!t->blocks[block].steps && !emit_word(e, BC_TICK, 0, 0, 0)) return false; // some case may lead back here
    if (!wide && cases[count - 1].low - cases[0].low < (u64)4 * count)
        return encode_dense(e, block, term, cases, count, pending);
    return encode_search(e, block, term, cases, count, wide, pending);
}

// ---- blocks ----

static bool encode_guard(Encoder *e, const Inst *inst, i32 pending) {
    Inst branch = *inst;
    Goal goal = {.stub = true};
    Stub stub = {.pending = pending + inst->steps, .trap = inst->guard, .site = inst->site};
    stub.sunk = e->t->program->sunk.count;
    stub.sunk_count = inst->sunk_count;
    for (u32 i = 0; i < inst->sunk_count; i++)
        if (!vec_push(e->t->arena, &e->t->program->sunk, e->t->sunk_checks.items[inst->sunk + i])) return false;
    branch.op = (u16)inverse_branch((Bytecode)branch.op, branch.use);
    return add_stub(e, &stub, &goal.target) && emit_branch(e, &branch, &goal);
}

static bool encode_inst(Encoder *e, const Inst *inst, i32 pending) {
    const Register *registers = e->t->registers.items;
    bool moves = inst->op == BC_MOV || inst->op == BC_MOV_WIDE;
    if (moves && registers[inst->dst].slot == registers[inst->use[0]].slot) return true;
    if (inst->observable && !note_site(e, inst->site, pending + inst->steps, inst->sunk, inst->sunk_count))
        return false;
    if (inst->value) e->pc_of[inst->value] = e->t->code.count;
    if (!emit(e, inst)) return false;
    if (!inst->row) return true;
    // No instruction begins at its second word, so that is the place of the row's check.
    CodeSite check = {.pc = e->last + 1, .site = ir_inst(e->t->function, inst->row)->site};
    check.steps = pending + (i32)e->t->steps[inst->row];
    e->pc_of[inst->row] = e->last;
    return vec_push(e->t->arena, &e->t->program->sites, check);
}

// How many calls of the source are inlined at a site.
static u32 calls_inlined(const Encoder *e, u32 site) {
    const IrSite *sites = e->t->module->sites.items;
    u32 count = 0;
    while (count < INLINED_MAX && (site = sites[site].inlined_at)) count++;
    return count;
}

// The window is the same for all calls of a function; the callee's entry and size are filled in at the end.
static bool encode_call(Encoder *e, const Inst *inst, i32 pending) {
    Translator *t = e->t;
    u16 source, added, result = (u16)t->registers.items[inst->dst].slot;
    Bytecode op = fuse_call(e, &source, &added);
    if (!note_site(e, inst->site, pending + inst->steps, 0, 0)) return false;
    if (!vec_push(t->arena, &t->call_fixups, t->code.count)) return false;
    return emit_word(e, op, result, source, added) &&
           push_word(e, (u32)inst->imm[0] | (u64)calls_inlined(e, inst->site) << 32 | (u64)t->window << 48);
}

static bool encode_return(Encoder *e, const Inst *ret, i32 pending) {
    Inst inst = *ret;
    if (pending == 0 && !emit_word(e, BC_TICK, 0, 0, 0)) return false;
    if (pending < 0 || pending > CHARGE_MAX) {
        if (!emit_charge(e, pending)) return false;
        pending = 0;
    }
    inst.imm[0] = (u64)pending;
    return fuse_return(e, &inst) || emit(e, &inst);
}

// What a host sees stands behind a test of the fuel when many steps are not charged yet, as after an unrolled loop: a run
// past its step limit prints nothing more. Charges for the test only, and for one
// step less: the last step of the limit may still be taken.
static bool emit_check(Encoder *e, const Inst *inst, i32 steps) {
    bool visible = inst->op == BC_CALL || (inst->op >= BC_PRINT_DATA && inst->op <= BC_PRINT_BYTE);
    if (!visible || steps < UNCHECKED_STEPS) return true;
    u16 charge = (u16)(steps > CHARGE_MAX ? CHARGE_MAX : steps - 1);
    return emit_word(e, BC_JUMP, charge, 1, 0) && emit_charge(e, -(i32)charge);
}

static bool encode_any(Encoder *e, const Inst *inst, i32 pending) {
    if (!emit_check(e, inst, pending + inst->steps)) return false;
    if (inst->guard) return encode_guard(e, inst, pending);
    return inst->op == BC_CALL ? encode_call(e, inst, pending) : encode_inst(e, inst, pending);
}

static bool encode_term(Encoder *e, u32 item, i32 pending) {
    Translator *t = e->t;
    u32 block = t->layout.items[item].block;
    const IrTerm *term = &ir_block(t->function, block)->term;
    const Inst *inst = &t->blocks[block].term;
    switch ((IrTermKind)term->kind) {
    case TERM_JUMP:
        return falls_into(t, item) ? emit_edge_moves(e, &term->then) : emit_jump(e, block, &term->then, pending);
    case TERM_BRANCH: return encode_branch(e, item, term, pending);
    case TERM_SWITCH: return encode_switch(e, block, term, pending);
    case TERM_RETURN: return encode_return(e, inst, pending);
    case TERM_NONE:
    case TERM_TRAP: break;
    }
    return note_site(e, inst->site, pending, 0, 0) && emit(e, inst);
}

static bool encode_stub(Encoder *e, u32 number) {
    Stub stub = e->stubs.items[number];
    label(e);
    e->stubs.items[number].place = e->t->code.count;
    if (!stub.trap) return emit_jump(e, stub.block, &stub.edge, stub.pending);
    if (!note_site(e, stub.site, stub.pending, 0, 0)) return false;
    CodeSite *site = &e->t->program->sites.items[e->t->program->sites.count - 1];
    site->sunk = stub.sunk;
    site->sunk_count = stub.sunk_count;
    return emit_word(e, BC_TRAP, stub.trap, 0, 0);
}

// Fills in the offsets; false in *fits when one is too far for its field.
static void resolve_fixups(Encoder *e, bool *fits) {
    *fits = true;
    for (u32 i = 0; i < e->fixups.count; i++) {
        Fixup f = e->fixups.items[i];
        i64 offset = (i64)(f.stub ? e->stubs.items[f.target].place : e->place[f.target]) - f.from;
        if (f.wide) put_fields(e->t, f.field, (u32)(i32)offset);
        else if (offset == (i16)offset) code_fields(e->t)[f.field] = (u16)offset;
        else *fits = false;
    }
}

static bool encode_once(Encoder *e) {
    Translator *t = e->t;
    e->fixups.count = e->stubs.count = 0;
    for (u32 i = 0; i < t->function->blocks.count; i++) e->place[i] = NO_INDEX;
    for (u32 i = 0; i < t->layout.count; i++) {
        LayoutItem item = t->layout.items[i];
        const BlockCode *code = &t->blocks[item.block];
        if (!item.copy) {
            label(e);
            e->place[item.block] = t->code.count;
        }
        u32 sunk = t->program->sunk.count;
        for (u32 k = code->count; k-- > 0;)
            if (!encode_any(e, &t->insts.items[code->first + k], item.pending)) return false;
        settle_sunk(e, sunk);
        if (!encode_term(e, i, item.pending + code->steps)) return false;
    }
    for (u32 i = 0; i < e->stubs.count; i++)
        if (!encode_stub(e, i)) return false;
    return true;
}

bool encode_function(Translator *t) {
    Encoder e = {.t = t, .far_mode = t->program->traced}; // the traced loop has no short branches
    u32 start = t->code.count;
    u32 sites = t->program->sites.count, sunk = t->program->sunk.count, calls = t->call_fixups.count;
    e.place = arena_new(t->scratch, u32, t->function->blocks.count);
    e.pc_of = arena_new(t->scratch, u32, t->function->insts.count);
    e.reads = arena_new(t->scratch, u32, t->window + t->window_slots + 2);
    e.source = arena_new(t->scratch, u32, t->window + t->window_slots + 2);
    if (!e.place || !e.pc_of || !e.reads || !e.source) return false;
    bool fits = false;
    if (!encode_once(&e)) return false;
    resolve_fixups(&e, &fits);
    if (fits) return true;
    // Once more with 32-bit offsets everywhere.
    t->code.count = start;
    t->program->sites.count = sites;
    t->program->sunk.count = sunk;
    t->call_fixups.count = calls;
    e.far_mode = true;
    if (!encode_once(&e)) return false;
    resolve_fixups(&e, &fits);
    ASSERT(fits);
    return true;
}
