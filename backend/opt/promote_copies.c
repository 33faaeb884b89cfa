// COPYs in promotion. Enums are copied whole; a match then reads the tag and one payload. Two slots joined by COPYs get
// the same pieces, by spreading each access over all COPYs that carry its bytes, and a COPY becomes one load and store per
// piece. Bytes that no access of the joined slots names carry nothing that could be seen.
#include "opt/promote.h"

#include "support/map.h"

enum {
    PIECES_MAX = 64,    // of one COPY; one instruction for many bytes beats many for few
    SPREAD_BASE = 4096, // accesses that spreading may add, and per access found
    SPREAD_SHARE = 8,
    NUMBER_MAX = 1 << 28 // slots and offsets that fit the key of an access
};

// ---- finding ----

// The next COPY that this slot is part of.
static u32 next_copy(const SlotCopy *copy, u32 slot) { return copy->to == slot ? copy->next_to : copy->next_from; }

static void keep_whole(Promotion *p, IrValue address) {
    u32 slot = address < p->addresses.count ? p->addresses.of[address].slot : 0;
    if (slot) p->stays[slot - 1] = true;
}

bool promote_note_copy(Promotion *p, IrValue value) {
    const IrInst *inst = ir_inst(p->function, value);
    Address to = address_access(&p->addresses, inst->args[0], 0, inst->args[2]);
    Address from = address_access(&p->addresses, inst->args[1], 0, inst->args[2]);
    if (!to.slot || !from.slot || to.span || from.span || to.slot == from.slot) {
        keep_whole(p, inst->args[0]);
        keep_whole(p, inst->args[1]);
        return true;
    }
    SlotCopy copy = {.inst = value,
                     .to = to.slot - 1,
                     .to_offset = to.offset,
                     .from = from.slot - 1,
                     .from_offset = from.offset,
                     .size = inst->args[2]};
    copy.next_to = p->copies_of[copy.to];
    copy.next_from = p->copies_of[copy.from];
    if (!vec_push(p->pass->scratch, &p->copies, copy)) return false;
    p->copies_of[copy.to] = p->copies_of[copy.from] = p->copies.count;
    return true;
}

bool promote_spread_stays(Promotion *p) {
    u32 *stack = arena_new(p->pass->scratch, u32, p->function->slots.count), depth = 0;
    if (!stack) return false;
    for (u32 slot = 0; slot < p->function->slots.count; slot++)
        if (p->stays[slot]) stack[depth++] = slot;
    while (depth) {
        u32 slot = stack[--depth];
        for (u32 link = p->copies_of[slot]; link;) {
            const SlotCopy *copy = &p->copies.items[link - 1];
            u32 other = copy->to == slot ? copy->from : copy->to;
            if (!p->stays[other]) {
                p->stays[other] = true;
                stack[depth++] = other;
            }
            link = next_copy(copy, slot);
        }
    }
    return true;
}

// ---- spreading accesses ----

static bool add_access(Promotion *p, Map *seen, Access access) {
    if (access.slot >= NUMBER_MAX || access.offset >= NUMBER_MAX) {
        p->stays[access.slot] = true;
        return true;
    }
    u64 key = (u64)access.slot << 36 | (u64)access.offset << 8 | (u64)access.type;
    if (map_get(seen, key) != MAP_NONE) return true;
    return map_set(p->pass->scratch, seen, key, 1) && vec_push(p->pass->scratch, &p->accesses, access);
}

// What an access of one end of a COPY means at the other end.
static bool carry(Promotion *p, Map *seen, Access access, const SlotCopy *copy) {
    bool forwards = copy->from == access.slot;
    u32 start = forwards ? copy->from_offset : copy->to_offset;
    u64 end = (u64)start + copy->size;
    if (access.offset + access.size <= start || access.offset >= end) return true;
    if (access.offset < start || access.offset + access.size > end) {
        p->stays[access.slot] = true;
        return true;
    }
    access.inst = 0;
    access.slot = forwards ? copy->to : copy->from;
    access.offset = access.offset - start + (forwards ? copy->to_offset : copy->from_offset);
    return add_access(p, seen, access);
}

bool promote_spread_accesses(Promotion *p) {
    if (!p->copies.count) return true;
    Map seen = {0};
    u32 found = p->accesses.count;
    u64 budget = SPREAD_BASE + (u64)found * SPREAD_SHARE;
    for (u32 i = 0; i < p->accesses.count; i++) {
        Access access = p->accesses.items[i];
        if (i < found) { // the first of its kind spreads for the others
            u64 key = (u64)access.slot << 36 | (u64)access.offset << 8 | (u64)access.type;
            if (map_get(&seen, key) != MAP_NONE) continue;
            if (!map_set(p->pass->scratch, &seen, key, 1)) return false;
        }
        for (u32 link = p->copies_of[access.slot]; link;) {
            const SlotCopy *copy = &p->copies.items[link - 1];
            if (!budget) { // too much to follow: every slot of this COPY stays
                p->stays[access.slot] = true;
                break;
            }
            budget--;
            if (!carry(p, &seen, access, copy)) return false;
            link = next_copy(copy, access.slot);
        }
    }
    return promote_spread_stays(p);
}

// ---- pieces ----

// The first piece of the slot that ends behind `offset`.
static u32 piece_at(const Promotion *p, u32 slot, u32 offset) {
    u32 low = p->first_piece[slot], high = p->first_piece[slot + 1];
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        const Piece *piece = &p->pieces.items[middle];
        if ((u64)piece->offset + piece->size <= offset) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool ends_match(const Promotion *p, const SlotCopy *copy, u32 *count) {
    u32 a = piece_at(p, copy->from, copy->from_offset), b = piece_at(p, copy->to, copy->to_offset);
    for (*count = 0; *count <= PIECES_MAX; ++*count, a++, b++) {
        bool more_a = a < p->first_piece[copy->from + 1] && p->pieces.items[a].offset - copy->from_offset < copy->size;
        bool more_b = b < p->first_piece[copy->to + 1] && p->pieces.items[b].offset - copy->to_offset < copy->size;
        if (!more_a && !more_b) return true;
        if (!more_a || !more_b) return false;
        const Piece *from = &p->pieces.items[a], *to = &p->pieces.items[b];
        if (from->type == IR_VOID || to->type == IR_VOID || from->size != to->size) return false;
        if (from->offset - copy->from_offset != to->offset - copy->to_offset) return false;
    }
    return false;
}

bool promote_check_copies(Promotion *p) {
    u32 count;
    for (u32 i = 0; i < p->copies.count; i++) {
        const SlotCopy *copy = &p->copies.items[i];
        if (p->stays[copy->to] || p->stays[copy->from] || ends_match(p, copy, &count)) continue;
        p->stays[copy->to] = true;
    }
    return promote_spread_stays(p);
}

// ---- expanding ----

static bool expand(Promotion *p, const SlotCopy *copy) {
    IrInst inst = *ir_inst(p->function, copy->inst);
    IrBuilder builder = ir_in_front_of(p->pass->module, p->function, copy->inst);
    u32 count;
    if (!ends_match(p, copy, &count)) return true;
    u32 a = piece_at(p, copy->from, copy->from_offset), b = piece_at(p, copy->to, copy->to_offset);
    for (u32 i = 0; i < count; i++, a++, b++) {
        Piece from = p->pieces.items[a], to = p->pieces.items[b];
        IrValue value = ir_load(&builder, from.type, inst.args[1], from.offset - copy->from_offset);
        if (!value || !promote_set_variable(p, value, p->variable[a])) return false;
        value = ir_bitcast(&builder, to.type, from.type, value);
        IrValue made = ir_store(&builder, to.type, inst.args[0], value, to.offset - copy->to_offset);
        if (!made || !promote_set_variable(p, made, p->variable[b])) return false;
    }
    ir_remove(p->function, copy->inst);
    p->changed = true;
    return true;
}

bool promote_expand_copies(Promotion *p) {
    for (u32 i = 0; i < p->copies.count; i++) {
        const SlotCopy *copy = &p->copies.items[i];
        if (p->stays[copy->to] || p->stays[copy->from]) continue;
        if (!expand(p, copy)) return false;
    }
    return true;
}
