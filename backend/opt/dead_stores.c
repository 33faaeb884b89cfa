// Removes writes to frame slots that no path reads before it writes there again, and finds the slots that need no zeroing
// when the function is entered (IrSlot.no_zero). Liveness of the bytes of slots, backwards over the graph: a slot is one
// word, whose bits stand for its 64th parts, or for its bytes where they are fewer. What cannot be followed (calls, loads
// through pointers) reads every slot that escapes, and so does the caller after a return.
// Needs: addresses (opt/addresses.h). Keeps: reachable blocks; leaves values that nobody uses to dead_code.
#include "opt/addresses.h"

enum {
    ROUNDS = 12,          // over the graph; what has not settled then stays as it is
    WORDS_BASE = 1 << 16, // slots times blocks, beyond which a function stays as it is
    WORDS_PER_INST = 16
};

typedef struct Stores {
    Pass *pass;
    IrFunction *function;
    IrCfg cfg;
    Addresses addresses;
    u32 count;  // of slots
    u64 *in;    // block * count + slot: parts that are read before they are written, from the block's start on
    u64 *live;  // slot -> the same from where the walk stands; not valid for slots that escape whose stamp is not `now`
    u32 *stamp; // slot -> the last read of everything when `live` was set
    u32 now;    // reads of everything so far
} Stores;

// Bytes [start, end) of a slot, or of a row of which they are some element.
typedef struct Range {
    u32 slot; // + 1; 0 = elsewhere
    u32 start, end;
    bool exact;
} Range;

// ---- parts ----

static u64 low_bits(u32 count) { return count >= 64 ? ~(u64)0 : ((u64)1 << count) - 1; }

static u32 part_shift(const IrSlot *slot) {
    u32 shift = 0;
    while (slot->size && (slot->size - 1) >> shift >= 64) shift++;
    return shift;
}

// The parts that a range touches; only those that it covers wholly when `wholly`.
static u64 parts(const Stores *s, u32 slot, u32 start, u32 end, bool wholly) {
    const IrSlot *of = &s->function->slots.items[slot];
    u32 shift = part_shift(of), up = (1u << shift) - 1;
    u64 first = (u64)start + (wholly ? up : 0), last = (u64)end + (wholly && end != of->size ? 0 : up);
    return low_bits((u32)(last >> shift)) & ~low_bits((u32)(first >> shift));
}

static u64 all_parts(const Stores *s, u32 slot) {
    return parts(s, slot, 0, s->function->slots.items[slot].size, false);
}

static u64 get_live(const Stores *s, u32 slot) {
    bool read = s->addresses.slots[slot].escapes && s->stamp[slot] != s->now;
    return read ? all_parts(s, slot) : s->live[slot];
}

static void set_live(Stores *s, u32 slot, u64 live) {
    s->live[slot] = live;
    s->stamp[slot] = s->now;
}

// ---- what instructions do ----

static Range range_of(Address place, u32 size) {
    return (Range){place.slot, place.offset, place.offset + (place.span ? place.span : size), !place.span};
}

static Range range_read(const Stores *s, IrValue address, u32 offset, u32 size) {
    return range_of(address_access(&s->addresses, address, offset, size), size);
}

// False when the write is not needed.
static bool note_write(Stores *s, Range range) {
    u32 slot = range.slot - 1;
    u64 live = get_live(s, slot), needed = live & parts(s, slot, range.start, range.end, false);
    if (!needed) return false;
    if (range.exact) set_live(s, slot, live & ~parts(s, slot, range.start, range.end, true));
    return true;
}

static void note_read(Stores *s, Range range) {
    u32 slot = range.slot - 1;
    if (range.slot) set_live(s, slot, get_live(s, slot) | parts(s, slot, range.start, range.end, false));
    else s->now++;
}

// False when the instruction is not needed.
static bool note_inst(Stores *s, const IrInst *inst) {
    u32 size;
    Address place = address_written(&s->addresses, inst, &size);
    Range range = range_of(place, size);
    if (range.slot && !note_write(s, range)) return false;
    switch (inst->op) {
    case IR_OP_LOAD: note_read(s, range_read(s, inst->args[0], inst->args[1], ir_type_info[inst->type].size)); break;
    case IR_OP_COPY: note_read(s, range_read(s, inst->args[1], 0, inst->args[2])); break;
    case IR_OP_CALL:
    case IR_OP_PRINT_STR:
    case IR_OP_HEAP_REALLOC:
    case IR_OP_HEAP_FREE:
    case IR_OP_HEAP_COPY: s->now++; break;
    default: break; // touches no slot
    }
    return true;
}

// ---- walking ----

// Stands at the end of a block: what its successors read.
static void leave_block(Stores *s, u32 id) {
    IrTerm *term = &ir_block(s->function, id)->term;
    u32 edges = ir_edge_count(term);
    s->now = term->kind == TERM_RETURN;
    mem_zero(s->live, s->count * sizeof(u64));
    mem_zero(s->stamp, s->count * sizeof(u32));
    for (u32 e = 0; e < edges; e++) {
        const u64 *in = s->in + (size_t)ir_edge_at(s->function, term, e)->target * s->count;
        for (u32 slot = 0; slot < s->count; slot++) s->live[slot] |= in[slot];
    }
}

static bool walk_block(Stores *s, u32 id) {
    bool changed = false;
    leave_block(s, id);
    for (u32 v = ir_block(s->function, id)->last; v; v = ir_inst(s->function, v)->prev)
        note_inst(s, ir_inst(s->function, v));
    u64 *in = s->in + (size_t)id * s->count;
    for (u32 slot = 0; slot < s->count; slot++) {
        u64 live = get_live(s, slot);
        changed |= live != in[slot];
        in[slot] = live;
    }
    return changed;
}

static bool settle(Stores *s) {
    bool changed = true;
    for (u32 round = 0; round < ROUNDS && changed; round++) {
        changed = false;
        for (u32 i = s->cfg.rpo_count; i-- > 0;) changed |= walk_block(s, s->cfg.rpo[i]);
    }
    return !changed;
}

static void sweep_block(Stores *s, u32 id) {
    leave_block(s, id);
    for (u32 v = ir_block(s->function, id)->last, prev; v; v = prev) {
        prev = ir_inst(s->function, v)->prev;
        if (note_inst(s, ir_inst(s->function, v))) continue;
        address_drop(&s->addresses, s->function, v);
        s->pass->outcome = CHANGED;
    }
}

bool opt_dead_stores(Pass *pass) {
    IrFunction *function = pass->function;
    Stores s = {.pass = pass, .function = function, .count = function->slots.count};
    u64 words = (u64)s.count * function->blocks.count;
    pass->outcome = UNCHANGED;
    if (!s.count || words > WORDS_BASE + (u64)function->insts.count * WORDS_PER_INST) return true;
    if (!addresses_build(pass, &s.cfg, &s.addresses)) return false;
    s.in = arena_new(pass->scratch, u64, (size_t)words);
    s.live = arena_new(pass->scratch, u64, s.count);
    s.stamp = arena_new(pass->scratch, u32, s.count);
    if (!pass_ok(pass)) return false;
    if (!settle(&s)) return true;
    for (u32 i = 0; i < s.cfg.rpo_count; i++) sweep_block(&s, s.cfg.rpo[i]);
    for (u32 slot = 0; slot < s.count; slot++) {
        bool no_zero = s.in[s.count + slot] == 0;
        if (no_zero != function->slots.items[slot].no_zero) pass->outcome = CHANGED;
        function->slots.items[slot].no_zero = no_zero;
    }
    return true;
}
