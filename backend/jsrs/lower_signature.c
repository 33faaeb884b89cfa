// Parts of a type graph as canonical word streams, and back: how signatures travel between functions, and how equal ones are found.
// A reference is a fixed node's number, or TY_FIXED_COUNT + the node's place in the stream. Stream: the roots' references, then
// per node: word 0 = kind 0-3, row 4-5, array 6-7, joinable 8, weak 9, moved 10, open 11, expanded 12, scalar 16-23; then by kind
//   SCALAR: least, most (two words each)   PTR: length, target   STRUCT, ENUM: shape, name, word count, parts
#include "jsrs/lower_types.h"

static bool word(TypeGraph *g, TyWords *out, u32 value) { return vec_push(g->arena, out, value); }

static bool words64(TypeGraph *g, TyWords *out, u64 value) {
    return word(g, out, (u32)value) && word(g, out, (u32)(value >> 32));
}

// The reference of a node; first met, it joins the queue (g->work).
static bool reference(TypeGraph *g, Ty t, bool final, TyWords *out) {
    t = ty_find(g, t);
    TyNode *node = &g->nodes.items[t];
    if (t < TY_FIXED_COUNT) return word(g, out, t);
    if (final && node->kind == TY_SCALAR) return word(g, out, ty_scalar((IrType)node->scalar));
    if (!node->visit) {
        if (!vec_push(g->arena, &g->work, t)) return false;
        node->visit = g->work.count;
    }
    return word(g, out, TY_FIXED_COUNT + node->visit - 1);
}

static bool write_node(TypeGraph *g, Ty t, bool final, TyWords *out) {
    TyNode node = g->nodes.items[t];
    u32 head = node.kind | (u32)node.row << 4 | (u32)node.array << 6 | (u32)node.joinable << 8 | (u32)node.weak << 9 |
               (u32)node.moved << 10 | (u32)node.open << 11 | (u32)node.expanded << 12 | (u32)node.scalar << 16;
    if (!word(g, out, head)) return false;
    switch ((TyKind)node.kind) {
    case TY_VAR:
    case TY_UNIT: return true;
    case TY_SCALAR: return words64(g, out, (u64)node.least) && words64(g, out, (u64)node.most);
    case TY_PTR: return word(g, out, node.length) && reference(g, node.target, final, out);
    case TY_STRUCT:
    case TY_ENUM: break;
    }
    u32 step = node.kind == TY_ENUM ? 2 : 1, count = node.part_count * step;
    if (!word(g, out, node.shape) || !word(g, out, node.name) || !word(g, out, count)) return false;
    for (u32 i = 0; i < count; i++) {
        u32 part = g->lists.items[node.parts + i];
        bool plain = step == 2 && i % 2 == 0; // a variant number
        if (!(plain ? word(g, out, part) : reference(g, part, final, out))) return false;
    }
    return true;
}

bool ty_serialise(TypeGraph *g, const Ty *roots, u32 root_count, bool final, TyWords *out) {
    // Marks of the last stream end here, so that ty_reached can be asked until now.
    for (u32 i = 0; i < g->work.count; i++) g->nodes.items[g->work.items[i]].visit = 0;
    g->work.count = 0;
    for (u32 i = 0; i < root_count; i++)
        if (!reference(g, roots[i], final, out)) return false;
    for (u32 i = 0; i < g->work.count; i++)
        if (!write_node(g, g->work.items[i], final, out)) return false;
    return true;
}

bool ty_reached(TypeGraph *g, Ty t) { return ty_node(g, t)->visit != 0; }

bool ty_instantiate(TypeGraph *g, const u32 *words, u32 word_count, u32 root_count, Ty *roots) {
    u32 base = g->nodes.count;
    const u32 *at = words + root_count, *end = words + word_count;
#define RESOLVE(ref) ((ref) < TY_FIXED_COUNT ? (ref) : base - TY_FIXED_COUNT + (ref))
    while (at < end) {
        u32 head = *at++;
        TyNode node = {.kind = head & 15,
                       .row = head >> 4 & 3,
                       .array = head >> 6 & 3,
                       .joinable = head >> 8 & 1,
                       .weak = head >> 9 & 1,
                       .moved = head >> 10 & 1,
                       .open = head >> 11 & 1,
                       .expanded = head >> 12 & 1,
                       .scalar = (u8)(head >> 16)};
        if (node.kind == TY_SCALAR) {
            node.least = (i64)(at[0] | (u64)at[1] << 32);
            node.most = (i64)(at[2] | (u64)at[3] << 32);
            at += 4;
        } else if (node.kind == TY_PTR) {
            node.length = at[0];
            node.target = RESOLVE(at[1]);
            at += 2;
        } else if (node.kind == TY_STRUCT || node.kind == TY_ENUM) {
            u32 count = at[2], step = node.kind == TY_ENUM ? 2 : 1;
            node.shape = at[0], node.name = at[1];
            at += 3;
            if (!vec_reserve(g->arena, &g->lists, count)) return false;
            node.parts = g->lists.count, node.part_count = count / step;
            for (u32 i = 0; i < count; i++)
                g->lists.items[g->lists.count++] = step == 2 && i % 2 == 0 ? at[i] : RESOLVE(at[i]);
            at += count;
        }
        if (!vec_push(g->arena, &g->nodes, node)) return false;
    }
    for (u32 i = 0; i < root_count; i++) roots[i] = RESOLVE(words[i]);
#undef RESOLVE
    return true;
}

static const char *row_text(const TyNode *node) {
    if (node->row == ROW_STRING) return "string reference";
    if (node->row == ROW_YES) return node->array == ARRAY_FIXED ? "array of " : "ptr to row of ";
    return "ptr to ";
}

void ty_text(TypeGraph *g, Ty t, Buf *out) {
    enum { MOST_LEVELS = 6 }; // types may be cyclic
    for (u32 level = 0; level < MOST_LEVELS; level++) {
        const TyNode *node = ty_node(g, t);
        switch ((TyKind)node->kind) {
        case TY_VAR: buf_text(out, "anything"); return;
        case TY_UNIT: buf_text(out, "unit"); return;
        case TY_SCALAR: buf_text(out, ir_type_info[node->scalar].text); return;
        case TY_STRUCT:
        case TY_ENUM:
            buf_text(out, node->kind == TY_STRUCT ? "struct " : "enum ");
            if (node->name || node->shape) buf_str(out, g->module->strings.items[node->name]);
            return;
        case TY_PTR:
            buf_text(out, row_text(node));
            if (node->row == ROW_STRING) return;
            t = node->target;
        }
    }
    buf_text(out, "...");
}
