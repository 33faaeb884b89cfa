// Turns pieces of frame slots into values (design.md: nearly all that an interpreter gains). A piece is a range of bytes
// of a slot that is only ever loaded and stored as a whole, at a constant place; each becomes a variable and gets SSA form.
// Needs: addresses (opt/addresses.h), ssa (opt/ssa.h). Keeps: slots that escape or are indexed by a variable, and pieces
// read at two sizes, in memory. Same-size accesses of another type are bit casts of the piece.
#include "opt/addresses.h"
#include "opt/ssa.h"

enum {
    FRONTIER_LIMIT = 1 << 22, // entries of dominance frontiers; a function beyond (deep nests of loops) stays as it is
    WORK_PER_INST = 16,       // frontier entries looked at, per instruction of the function
    FILL_PIECES = 64          // a slot of more pieces that a FILL writes is left alone
};

typedef struct Access {
    u32 slot, offset, size;
    IrValue inst;
} Access;

typedef struct Piece {
    u32 slot, offset, size;
    IrType type; // of its first access; VOID = stays in memory
} Piece;

typedef struct Promotion {
    Pass *pass;
    IrFunction *function;
    Addresses addresses;
    VEC(Access) accesses; // LOADs and STOREs of slots that do not escape, by slot and offset once sorted
    VEC(Piece) pieces;    // by slot and offset
    u32 *first_piece;     // slot -> its first piece; first_piece[slot + 1] ends them
    VEC(u8) types;        // of the variables, one per promoted piece
    u32 *variable;        // piece -> variable + 1
    u32 *var_of;          // see Ssa; in here piece + 1 until variables are numbered
} Promotion;

static bool slot_may_split(const Promotion *p, u32 slot) {
    const SlotUse *use = &p->addresses.slots[slot];
    return !use->escapes && !use->indexed && !use->copied;
}

// ---- collecting ----

static bool collect_inst(Promotion *p, IrValue value) {
    const IrInst *inst = ir_inst(p->function, value);
    u32 offset, size;
    if (inst->op == IR_OP_LOAD) {
        offset = inst->args[1];
        size = ir_type_info[inst->type].size;
    } else if (inst->op == IR_OP_STORE) {
        offset = inst->args[2];
        size = ir_type_info[inst->arg_type].size;
    } else {
        return true;
    }
    Address place = address_access(&p->addresses, inst->args[0], offset, size);
    if (!place.slot || !slot_may_split(p, place.slot - 1)) return true;
    return vec_push(p->pass->scratch, &p->accesses, ((Access){place.slot - 1, place.offset, size, value}));
}

static bool collect(Promotion *p, const IrCfg *cfg) {
    for (u32 i = 0; i < cfg->rpo_count; i++)
        for (u32 v = ir_block(p->function, cfg->rpo[i])->first; v; v = ir_inst(p->function, v)->next)
            if (!collect_inst(p, v)) return false;
    return true;
}

static bool access_before(Access a, Access b) {
    if (a.slot != b.slot) return a.slot < b.slot;
    if (a.offset != b.offset) return a.offset < b.offset;
    return a.inst < b.inst;
}

// Bottom-up merge sort: n log n whatever the order of the input.
static bool sort_accesses(Promotion *p) {
    u32 count = p->accesses.count;
    Access *from = p->accesses.items, *to = arena_new(p->pass->scratch, Access, count + 1);
    if (!to) return false;
    for (u64 width = 1; width < count; width *= 2) {
        for (u64 start = 0; start < count; start += 2 * width) {
            u64 middle = start + width < count ? start + width : count;
            u64 end = start + 2 * width < count ? start + 2 * width : count;
            u64 a = start, b = middle;
            for (u64 i = start; i < end; i++)
                to[i] = a < middle && (b == end || !access_before(from[b], from[a])) ? from[a++] : from[b++];
        }
        Access *swap = from;
        from = to;
        to = swap;
    }
    p->accesses.items = from;
    return true;
}

// ---- pieces ----

static IrType access_type(const Promotion *p, IrValue value) {
    const IrInst *inst = ir_inst(p->function, value);
    return (IrType)(inst->op == IR_OP_LOAD ? inst->type : inst->arg_type);
}

// True when a value of one type can be read as the other by a bit cast; bool and ptr have values that other types lack.
static bool types_agree(IrType a, IrType b) {
    if (a == b) return true;
    return a != IR_BOOL && b != IR_BOOL && a != IR_PTR && b != IR_PTR;
}

// Groups the sorted accesses into pieces; what overlaps in part is a piece that stays in memory.
static bool make_pieces(Promotion *p) {
    u32 slots = p->function->slots.count, next_slot = 0;
    p->first_piece = arena_new(p->pass->scratch, u32, slots + 1);
    p->var_of = arena_new(p->pass->scratch, u32, p->function->insts.count);
    if (!p->first_piece || !p->var_of) return false;
    for (u32 i = 0; i < p->accesses.count;) {
        const Access *first = &p->accesses.items[i];
        u32 end = first->offset + first->size, start = i;
        Piece piece = {first->slot, first->offset, first->size, access_type(p, first->inst)};
        while (next_slot <= piece.slot) p->first_piece[next_slot++] = p->pieces.count;
        for (; i < p->accesses.count; i++) {
            const Access *access = &p->accesses.items[i];
            if (access->slot != piece.slot || access->offset >= end) break;
            bool whole = access->offset == piece.offset && access->size == piece.size;
            if (!whole || !types_agree(piece.type, access_type(p, access->inst))) piece.type = IR_VOID;
            if (access->offset + access->size > end) end = access->offset + access->size;
        }
        piece.size = end - piece.offset;
        if (!vec_push(p->pass->scratch, &p->pieces, piece)) return false;
        for (u32 k = start; k < i && piece.type != IR_VOID; k++)
            p->var_of[p->accesses.items[k].inst] = p->pieces.count;
    }
    while (next_slot <= slots) p->first_piece[next_slot++] = p->pieces.count;
    return true;
}

// A FILL must cover each piece wholly or not at all; a piece it cuts stays in memory.
static bool fill_place(const Promotion *p, const IrInst *inst, Address *place) {
    if (inst->op != IR_OP_FILL) return false;
    *place = address_access(&p->addresses, inst->args[0], 0, inst->args[1]);
    return place->slot && slot_may_split(p, place->slot - 1);
}

static void check_fill(Promotion *p, u32 slot, u32 start, u32 end) {
    u32 first = p->first_piece[slot], last = p->first_piece[slot + 1];
    bool too_many = last - first > FILL_PIECES;
    if (too_many) p->addresses.slots[slot].copied = true;
    for (u32 k = first; k < last; k++) {
        Piece *piece = &p->pieces.items[k];
        u32 piece_end = piece->offset + piece->size;
        bool cut = piece->offset < end && piece_end > start && (piece->offset < start || piece_end > end);
        if (too_many || cut) piece->type = IR_VOID;
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
        if (p->pieces.items[i].type == IR_VOID) continue;
        if (!vec_push(p->pass->scratch, &p->types, (u8)p->pieces.items[i].type)) return false;
        p->variable[i] = p->types.count;
    }
    return true;
}

// ---- making every access one of the piece's type ----

// A LOAD of another type becomes a LOAD of the piece's and a bit cast that keeps the old value's number.
static IrValue retype_load(Promotion *p, IrValue value, IrType type) {
    IrInst load = *ir_inst(p->function, value);
    IrType wanted = (IrType)load.type;
    load.type = (u8)type;
    IrValue made = ir_insert_before(p->pass->module, p->function, value, load);
    if (!made) return 0;
    IrInst *inst = ir_inst(p->function, value);
    inst->op = IR_OP_BITCAST;
    inst->type = (u8)wanted;
    inst->arg_type = (u8)type;
    inst->args[0] = made;
    inst->args[1] = 0;
    return made;
}

static bool retype_store(Promotion *p, IrValue value, IrType type) {
    const IrInst *store = ir_inst(p->function, value);
    IrInst cast = {.op = IR_OP_BITCAST, .type = (u8)type, .arg_type = store->arg_type, .args = {store->args[1]}};
    IrValue made = ir_insert_before(p->pass->module, p->function, value, cast);
    if (!made) return false;
    ir_inst(p->function, value)->arg_type = (u8)type;
    ir_inst(p->function, value)->args[1] = made;
    return true;
}

// var_of for instructions made here: the table grows with the function.
static bool set_variable(Promotion *p, Ssa *ssa, IrValue value, u32 variable) {
    if (value >= ssa->value_count) {
        u32 count = value + value / 2 + 16;
        u32 *grown = arena_new(p->pass->scratch, u32, count);
        if (!grown) return false;
        mem_copy(grown, ssa->var_of, ssa->value_count * sizeof(u32));
        ssa->var_of = grown;
        ssa->value_count = count;
    }
    ssa->var_of[value] = variable;
    return true;
}

static bool unify_access(Promotion *p, Ssa *ssa, IrValue value) {
    u32 piece = ssa->var_of[value];
    if (!piece) return true;
    u32 variable = p->variable[piece - 1];
    IrType type = p->pieces.items[piece - 1].type, seen = access_type(p, value);
    ssa->var_of[value] = variable;
    if (!variable || seen == type) return true;
    if (ir_inst(p->function, value)->op == IR_OP_STORE) return retype_store(p, value, type);
    ssa->var_of[value] = 0;
    IrValue load = retype_load(p, value, type);
    return load && set_variable(p, ssa, load, variable);
}

// A FILL stores zero to each promoted piece it covers; it stays for what else it covers.
static bool expand_fill(Promotion *p, Ssa *ssa, IrValue value, Address place) {
    IrInst fill = *ir_inst(p->function, value);
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
        IrValue zero = ir_insert_before(p->pass->module, p->function, value, opt_const(piece->type, 0));
        IrInst store = {.op = IR_OP_STORE, .arg_type = (u8)piece->type, .site = fill.site,
                        .args = {fill.args[0], zero, piece->offset - place.offset}};
        IrValue made = zero ? ir_insert_before(p->pass->module, p->function, value, store) : 0;
        if (!made || !set_variable(p, ssa, made, p->variable[k])) return false;
    }
    if (!stays) ir_remove(p->function, value);
    return true;
}

static bool unify(Promotion *p, Ssa *ssa, const IrCfg *cfg) {
    for (u32 i = 0; i < cfg->rpo_count; i++)
        for (u32 v = ir_block(p->function, cfg->rpo[i])->first, next; v; v = next) {
            next = ir_inst(p->function, v)->next;
            Address place;
            bool ok = fill_place(p, ir_inst(p->function, v), &place) ? expand_fill(p, ssa, v, place)
                                                                     : unify_access(p, ssa, v);
            if (!ok) return false;
        }
    return true;
}

// ---- the pass ----

bool opt_promote(Pass *pass) {
    IrFunction *function = pass->function;
    if (!function->slots.count) return true;
    if (!opt_split_entry(pass) || !opt_remove_unreachable(pass)) return false;
    IrCfg cfg;
    Promotion p = {.pass = pass, .function = function};
    if (!ir_cfg_build(&cfg, pass->scratch, function) || !addresses_build(pass, &cfg, &p.addresses)) return false;
    if (!collect(&p, &cfg)) return false;
    if (!p.accesses.count || ssa_frontier_size(&cfg, FRONTIER_LIMIT) > FRONTIER_LIMIT) return true;
    if (!sort_accesses(&p) || !make_pieces(&p)) return false;
    check_fills(&p, &cfg);
    if (!number_variables(&p)) return false;

    Ssa ssa = {.var_of = p.var_of,
               .value_count = function->insts.count,
               .budget = (u64)function->insts.count * WORK_PER_INST + FRONTIER_LIMIT};
    if (!unify(&p, &ssa, &cfg)) return false;
    ssa.types = p.types.items;
    ssa.var_count = p.types.count;
    return ssa_construct(pass, &cfg, &ssa);
}
