// Loops that fill a row, copy one or sum one up, done in one go. Their turns are code like any other:
//
//     T:  storex value          T:  loadx x          T:  loadx x
//         repeat                    storex x             add sum, x
//         add i, step; branch T     repeat               repeat
//                                   add; branch T        add; branch T
//
// REPEAT comes after the work of a turn and does that of those which follow, as many as surely lie in their rows, are paid by
// the fuel and are not the last: what is left, with its traps, pauses and end, is for the code itself. So nobody can tell how
// many turns were done here.
#include "interp/encode.h"
#include "interp/loop_support.h"

enum { KIND_FORMS = 5, FORM_FRAME = 2, FORM_ROW, FORM_HEAP, LOADS = 5 * KIND_FORMS, STORES = 4 * KIND_FORMS };
enum { DISTANCE_LEAST = 16 }; // of the counter to its limit
_Static_assert(BC_LOAD_X_F_U8 == BC_LOAD_U8 + FORM_FRAME && BC_LOAD_X_H_64 == BC_LOAD_U8 + LOADS - 1,
               "loads by kind, then form");
_Static_assert(BC_STORE_X_F_8 == BC_STORE_8 + FORM_FRAME && BC_STORE_X_H_64 == BC_STORE_8 + STORES - 1,
               "stores by kind, then form");

static bool is_element(u16 op, u16 first, u32 ops) {
    u32 at = (u32)op - first;
    return at < ops && at % KIND_FORMS >= FORM_FRAME;
}

// The step and the limit of a fused branch: registers or numbers.
static bool adds_register(u32 op) { return op >= BC_SUM_J_LT_S_I_I32; }
static bool has_number(u32 op) { return op >= BC_ADD_J_LT_S_I_I32 && op < BC_SUM_J_LT_S_I32; }

// ---- which loops ----

bool fuse_repeat(Encoder *e, u32 target) {
    const CodeField *branch = code_at(e->t, e->last), *body = code_at(e->t, target), *then = body + 2 * PC_STEP;
    u32 words = e->last - target;
    u32 op = branch[0], counter = branch[1], x = counter, row = body[1], other = body[3]; // a store's fields
    if (words == 2) {
        if (!is_element(body[0], BC_STORE_8, STORES) || body[2] != counter) return true;
    } else {
        if (words < 2 || words > 4 || !is_element(body[0], BC_LOAD_U8, LOADS) || other != counter) return true;
        x = row;
        row = body[2];
        other = then[1]; // the sum, or the other row
        if (words == 3 ? then[0] < BC_ADD_64 || then[0] > BC_ADD_U32
                       : !is_element(then[0], BC_STORE_8, STORES) || access_shift(then[0]) != access_shift(body[0]))
            return true;
        if (code_u32(then + 2) != (x << 16 | (words == 3 ? other : counter)) || x == counter) return true;
    }
    // What else a turn reads is the same in the next.
    u32 limit = has_number(op) ? row : branch[2], step = adds_register(op) ? branch[6] : row;
    if (other == x || other == counter || row == x || limit == x || step == x) return true;
    if (words == 3 && (other == row || other == limit || other == step)) return true;
    u64 *code = e->t->code.items + e->last, second = code[1];
    code[1] = code[0];
    code[0] = (u64)BC_REPEAT | (u64)words << 16;
    e->last++;
    return push_word(e, second);
}

// ---- doing it ----

// The address of the first element, 0 when it or the last lies outside.
static u64 first_of(const Run *run, const u64 *r, const u16 *access, u64 first, u64 last, u32 size) {
    return run_element(run, r, access, last, size) ? run_element(run, r, access, first, size) : 0;
}

#define COPY(Type) \
    for (; count; count--, to += stride, from += from_stride) write_##Type(to, read_##Type(from))

i64 run_repeat(const Run *run, u64 *r, const u16 *pc, i64 fuel) {
    const u16 *branch = pc + PC_STEP, *body = pc - pc[1] * PC_STEP, *last = pc - 2 * PC_STEP;
    i64 limit = has_number(branch[0]) ? code_i32(branch + 2) : (i64)r[branch[2]];
    i64 step = adds_register(branch[0]) ? (i64)r[branch[6]] : (i16)branch[6];
    i64 at = (i64)r[branch[1]], charge = branch[7];
    if ((at | limit) < 0 || limit - at < DISTANCE_LEAST || step <= 0 || charge == 0) return 0;
    i64 turns = (limit - 1 - at) / step - 1, paid = (fuel - 1) / charge;
    if (turns > paid) turns = paid;
    if (turns <= 0) return 0;

    u32 shift = access_shift(body[0]), size = 1u << shift;
    u64 begin = (u64)(at + step), end = (u64)(at + turns * step);
    u64 source = first_of(run, r, body, begin, end, size);
    u64 target = pc[1] == 4 ? first_of(run, r, last, begin, end, size) : source;
    if (source == 0 || target == 0) return 0;
    r[branch[1]] = end;
    size_t count = (size_t)turns, stride = (size_t)step << shift, from_stride = stride;
    const u8 *from = run->memory.bytes + source;
    u8 *to = run->memory.bytes + target;
    if (pc[1] == 2) {
        from = (const u8 *)&r[last[3]];
        from_stride = 0;
    } else if (pc[1] == 3) { // the last turn keeps the sum to its type
        u64 mask = ~(u64)0 >> (64 - 8 * size), sign = 0;
        if (body[0] >= BC_LOAD_S32 && body[0] < BC_LOAD_U32) sign = (mask >> 1) + 1;
        // An element x with a sign is (x ^ sign) - sign.
        u64 total = r[last[1 + PC_STEP]] - count * sign;
        for (; count; count--, from += stride) total += (read_u64(from) & mask) ^ sign;
        r[last[1 + PC_STEP]] = total;
    }
    switch (shift) {
    case 0: COPY(u8); break;
    case 1: COPY(u16); break;
    case 2: COPY(u32); break;
    default: COPY(u64);
    }
    return turns * charge;
}
