// Turns pieces of frame slots into values (nearly all that an interpreter gains). A piece is a range of bytes
// of a slot that is only ever loaded and stored as a whole, at a constant place; each becomes a variable and gets SSA form.
// Needs: addresses (opt/addresses.h). Keeps: blocks; in memory, slots that escape or are
// indexed by a variable, and pieces read at two sizes. Same-size accesses of another type are bit casts of the piece.
#include "opt/promote.h"

#include "opt/ssa.h"
#include "support/sort.h"

enum {
    FRONTIER_LIMIT = 1 << 22, // entries of dominance frontiers; a function beyond (deep nests of loops) stays as it is
    WORK_PER_INST = 16,       // frontier entries looked at, per instruction of the function
    FILL_PIECES = 64          // a slot of more pieces that a FILL writes is left alone
};

// ---- collecting ----

static bool find_stays(Promotion *p) {
    u32 slots = p->function->slots.count;
    p->stays = arena_new(p->pass->scratch, bool, slots);
    p->copies_of = arena_new(p->pass->scratch, u32, slots);
    if (!p->stays || !p->copies_of) return false;
    for (u32 slot = 0; slot < slots; slot++) {
        const SlotUse *use = &p->addresses.slots[slot];
        p->rest |= p->stays[slot] = use->escapes || use->indexed;
    }
    return true;
}

static IrType access_type(const Promotion *p, IrValue value) {
    const IrInst *inst = ir_inst(p->function, value);
    return (IrType)(inst->op == IR_OP_LOAD ? inst->type : inst->arg_type);
}

static bool collect_inst(Promotion *p, IrValue value) {
    const IrInst *inst = ir_inst(p->function, value);
    p->mixed |= inst->op == IR_OP_FILL;
    p->rest |= inst->op == IR_OP_COPY || (inst->op != IR_OP_SLOT_ADDR && p->addresses.of[value].slot);
    if (inst->op == IR_OP_COPY) return promote_note_copy(p, value);
    if (inst->op != IR_OP_LOAD && inst->op != IR_OP_STORE) return true;
    IrType type = access_type(p, value);
    u32 offset = inst->op == IR_OP_LOAD ? inst->args[1] : inst->args[2], size = ir_type_info[type].size;
    Address place = address_access(&p->addresses, inst->args[0], offset, size);
    if (!place.slot || p->stays[place.slot - 1]) return true;
    return vec_push(p->pass->scratch, &p->accesses, ((Access){place.slot - 1, place.offset, size, type, value}));
}

static bool collect(Promotion *p, const IrCfg *cfg) {
    for (u32 i = 0; i < cfg->rpo_count; i++)
        for (u32 v = ir_block(p->function, cfg->rpo[i])->first; v; v = ir_inst(p->function, v)->next)
            if (!collect_inst(p, v)) return false;
    // COPYs behind them may have made slots stay.
    if (!promote_spread_stays(p)) return false;
    u32 kept = 0;
    for (u32 i = 0; i < p->accesses.count; i++)
        if (!p->stays[p->accesses.items[i].slot]) p->accesses.items[kept++] = p->accesses.items[i];
    p->accesses.count = kept;
    return true;
}

static bool access_before(const void *first, const void *second) {
    const Access *a = first, *b = second;
    if (a->slot != b->slot) return a->slot < b->slot;
    if (a->offset != b->offset) return a->offset < b->offset;
    return a->inst < b->inst;
}

// ---- pieces ----

// True when a value of one type can be read as the other by a bit cast; bool and ptr have values that other types lack.
static bool types_agree(IrType a, IrType b) {
    if (a == b) return true;
    return a != IR_BOOL && b != IR_BOOL && a != IR_PTR && b != IR_PTR;
}

// Groups the sorted accesses into pieces; what overlaps in part is a piece that stays in memory.
static bool make_pieces(Promotion *p) {
    u32 slots = p->function->slots.count, next_slot = 0;
    p->first_piece = arena_new(p->pass->scratch, u32, slots + 1);
    p->value_count = p->function->insts.count;
    p->var_of = arena_new(p->pass->scratch, u32, p->value_count);
    if (!p->first_piece || !p->var_of) return false;
    for (u32 i = 0; i < p->accesses.count;) {
        const Access *first = &p->accesses.items[i];
        u32 end = first->offset + first->size, start = i;
        Piece piece = {first->slot, first->offset, first->size, first->type};
        while (next_slot <= piece.slot) p->first_piece[next_slot++] = p->pieces.count;
        for (; i < p->accesses.count; i++) {
            const Access *access = &p->accesses.items[i];
            if (access->slot != piece.slot || access->offset >= end) break;
            bool whole = access->offset == piece.offset && access->size == piece.size;
            if (!whole || !types_agree(piece.type, access->type)) piece.type = IR_VOID;
            p->mixed |= access->type != first->type;
            if (access->offset + access->size > end) end = access->offset + access->size;
        }
        piece.size = end - piece.offset;
        if (!vec_push(p->pass->scratch, &p->pieces, piece)) return false;
        for (u32 k = start; k < i && piece.type != IR_VOID; k++)
            if (p->accesses.items[k].inst) p->var_of[p->accesses.items[k].inst] = p->pieces.count;
    }
    while (next_slot <= slots) p->first_piece[next_slot++] = p->pieces.count;
    return true;
}

// A FILL must cover each piece wholly or not at all; a piece it cuts stays in memory.
static bool fill_place(const Promotion *p, const IrInst *inst, Address *place) {
    if (inst->op != IR_OP_FILL) return false;
    *place = address_access(&p->addresses, inst->args[0], 0, inst->args[1]);
    return place->slot && !p->stays[place->slot - 1];
}

static void check_fill(Promotion *p, u32 slot, u32 start, u32 end) {
    u32 first = p->first_piece[slot], last = p->first_piece[slot + 1];
    if (last - first > FILL_PIECES) p->stays[slot] = true;
    for (u32 k = first; k < last && !p->stays[slot]; k++) {
        Piece *piece = &p->pieces.items[k];
        u32 piece_end = piece->offset + piece->size;
        if (piece->offset < end && piece_end > start && (piece->offset < start || piece_end > end))
            piece->type = IR_VOID;
    }
}

static void check_fills(Promotion *p, const IrCfg *cfg) {
    for (u32 i = 0; i < cfg->rpo_count; i++)
        for (u32 v = ir_block(p->function, cfg->rpo[i])->first; v; v = ir_inst(p->function, v)->next) {
            const IrInst *inst = ir_inst(p->function, v);
            Address place;
            if (!fill_place(p, inst, &place)) continue;
            check_fill(p, place.slot - 1, place.offset, place.offset + inst->args[1]);
        }
}

static bool number_variables(Promotion *p) {
    p->variable = arena_new(p->pass->scratch, u32, p->pieces.count + 1);
    if (!p->variable) return false;
    for (u32 i = 0; i < p->pieces.count; i++) {
        if (p->pieces.items[i].type == IR_VOID || p->stays[p->pieces.items[i].slot]) continue;
        if (!vec_push(p->pass->scratch, &p->types, (u8)p->pieces.items[i].type)) return false;
        p->variable[i] = p->types.count;
    }
    return true;
}

// ---- making every access one of the piece's type ----

// A LOAD of another type becomes a LOAD of the piece's and a bit cast that keeps the old value's number.
static IrValue retype_load(Promotion *p, IrValue value, IrType type) {
    IrInst *inst = ir_inst(p->function, value);
    IrType wanted = (IrType)inst->type;
    IrBuilder builder = ir_in_front_of(p->pass->module, p->function, value);
    IrValue made = ir_load(&builder, type, inst->args[0], inst->args[1]);
    if (!made) return 0;
    inst = ir_inst(p->function, value);
    ir_inst(p->function, made)->flags = inst->flags;
    inst->op = IR_OP_BITCAST;
    inst->flags = 0;
    inst->type = (u8)wanted;
    inst->arg_type = (u8)type;
    inst->args[0] = made;
    inst->args[1] = 0;
    return made;
}

static bool retype_store(Promotion *p, IrValue value, IrType type) {
    const IrInst *store = ir_inst(p->function, value);
    IrBuilder builder = ir_in_front_of(p->pass->module, p->function, value);
    IrValue made = ir_bitcast(&builder, type, (IrType)store->arg_type, store->args[1]);
    if (!made) return false;
    ir_inst(p->function, value)->arg_type = (u8)type;
    ir_inst(p->function, value)->args[1] = made;
    return true;
}

// The table grows with the function.
bool promote_set_variable(Promotion *p, IrValue value, u32 variable) {
    if (value >= p->value_count) {
        u32 count = value + value / 2 + 16;
        u32 *grown = arena_new(p->pass->scratch, u32, count);
        if (!grown) return false;
        mem_copy(grown, p->var_of, p->value_count * sizeof(u32));
        p->var_of = grown;
        p->value_count = count;
    }
    p->var_of[value] = variable;
    return true;
}

static bool unify_access(Promotion *p, IrValue value) {
    u32 piece = p->var_of[value];
    if (!piece) return true;
    u32 variable = p->variable[piece - 1];
    IrType type = p->pieces.items[piece - 1].type, seen = access_type(p, value);
    p->var_of[value] = variable;
    if (!variable || seen == type) return true;
    if (ir_inst(p->function, value)->op == IR_OP_STORE) return retype_store(p, value, type);
    p->var_of[value] = 0;
    IrValue load = retype_load(p, value, type);
    return load && promote_set_variable(p, load, variable);
}

// A FILL stores zero to each promoted piece it covers; it stays for what else it covers.
static bool expand_fill(Promotion *p, IrValue value, Address place) {
    IrInst fill = *ir_inst(p->function, value);
    IrBuilder builder = ir_in_front_of(p->pass->module, p->function, value);
    u32 end = place.offset + fill.args[1];
    bool stays = false;
    for (u32 k = p->first_piece[place.slot - 1]; k < p->first_piece[place.slot]; k++) {
        const Piece *piece = &p->pieces.items[k];
        if (piece->offset >= end) break;
        if (piece->offset + piece->size <= place.offset) continue;
        if (!p->variable[k]) {
            stays = true;
            continue;
        }
        IrValue zero = ir_const(&builder, piece->type, 0);
        IrValue made = ir_store(&builder, piece->type, fill.args[0], zero, piece->offset - place.offset);
        if (!made || !promote_set_variable(p, made, p->variable[k])) return false;
    }
    if (stays) return true;
    ir_remove(p->function, value);
    p->changed = true;
    return true;
}

static bool unify(Promotion *p, const IrCfg *cfg) {
    for (u32 i = 0; i < p->accesses.count && !p->mixed; i++) {
        u32 *piece = &p->var_of[p->accesses.items[i].inst];
        if (*piece) *piece = p->variable[*piece - 1];
    }
    for (u32 i = 0; i < cfg->rpo_count && p->mixed; i++)
        for (u32 v = ir_block(p->function, cfg->rpo[i])->first, next; v; v = next) {
            next = ir_inst(p->function, v)->next;
            Address place;
            bool ok = fill_place(p, ir_inst(p->function, v), &place) ? expand_fill(p, v, place) : unify_access(p, v);
            if (!ok) return false;
        }
    return true;
}

// ---- the pass ----

// Slots that were only loaded and stored, and are now all values, go at once: of a function without slots other passes need
// not find out where addresses go.
static void drop_slots(Promotion *p) {
    IrFunction *function = p->function;
    for (u32 i = 0; i < p->accesses.count; i++) p->rest |= ir_inst(function, p->accesses.items[i].inst)->block;
    if (p->rest || p->mixed) return;
    for (u32 i = 1; i < function->insts.count; i++)
        if (ir_inst(function, i)->op == IR_OP_SLOT_ADDR && ir_inst(function, i)->block) ir_remove(function, i);
    function->slots.count = 0;
}

bool opt_promote(Pass *pass) {
    IrFunction *function = pass->function;
    pass->outcome = UNCHANGED;
    if (!function->slots.count) return true;
    if (!opt_split_entry(pass) || !opt_remove_unreachable(pass)) return false;
    IrCfg cfg;
    Promotion p = {.pass = pass, .function = function};
    if (!addresses_build(pass, &cfg, &p.addresses)) return false;
    if (!find_stays(&p) || !collect(&p, &cfg)) return false;
    if (!p.accesses.count || ssa_frontier_size(&cfg, FRONTIER_LIMIT) > FRONTIER_LIMIT) return true;
    if (!promote_spread_accesses(&p) ||
        !sort_items(pass->scratch, p.accesses.items, p.accesses.count, sizeof(Access), access_before) ||
        !make_pieces(&p))
        return false;
    if (p.mixed) check_fills(&p, &cfg);
    if (!promote_check_copies(&p) || !number_variables(&p)) return false;
    if (!unify(&p, &cfg) || !promote_expand_copies(&p)) return false;
    if (p.types.count || p.changed) pass->outcome = CHANGED;
    if (!p.types.count) return true;
    Ssa ssa = {.in_memory = true,
               .types = p.types.items,
               .var_count = p.types.count,
               .var_of = p.var_of,
               .value_count = p.value_count,
               .budget = (u64)function->insts.count * WORK_PER_INST + FRONTIER_LIMIT};
    if (!ssa_construct(pass, &cfg, &ssa)) return false;
    drop_slots(&p);
    return true;
}
