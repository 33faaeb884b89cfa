// Sizes, offsets and leaves of types (spec 20.2): structs and enums as C lays them out, arrays held by value inline, pointers 8 bytes.
// An enum is u32 variant, u32 "has a payload", then the payloads of all variants: side by side where they are few and
// small, so that each is a value of its own once slots are promoted (bytes read at two sizes stay in memory), else over one
// another.
#include "jsrs/lower_layout.h"

static u32 round_up(u32 n, u32 align) { return (n + align - 1) & ~(align - 1); }

static bool too_large(TypeGraph *g, Ty t) {
    Buf text;
    buf_init(&text, 256);
    ty_text(g, t, &text);
    Str s = {text.data, (u32)text.len};
    (void)error_set(g->error, ERR_EXECUTE, g->where,
                    "memory limit: a value of type `%S` is larger than %u bytes or holds itself", &s, LAYOUT_SIZE_MAX);
    buf_free(&text);
    return false;
}

// A scalar is one type in whatever node it stands: those that might have widened have nodes of their own here, but not in the
// functions that an enum with two of them goes to.
static Ty one_of(TypeGraph *g, Ty t) {
    t = ty_find(g, t);
    const TyNode *node = &g->nodes.items[t];
    return node->kind == TY_SCALAR ? ty_scalar((IrType)node->scalar) : t;
}

// Values nest as deep as definitions do; a type that holds itself by value would never end.
enum { MOST_NESTING = 200 };

static bool layout(TypeGraph *g, Ty t, u32 depth, Layout *out);

static bool struct_layout(TypeGraph *g, Ty t, u32 depth, Layout *out) {
    u64 size = 0;
    u32 align = 1, parts = g->nodes.items[t].parts, count = g->nodes.items[t].part_count;
    if (!vec_reserve(g->arena, &g->lists, count)) return false;
    u32 offsets = g->lists.count;
    g->lists.count += count;
    g->nodes.items[t].offsets = offsets;
    for (u32 i = 0; i < count; i++) {
        Layout part;
        if (!layout(g, g->lists.items[parts + i], depth + 1, &part)) return false;
        size = (size + part.align - 1) / part.align * part.align;
        g->lists.items[offsets + i] = (u32)size;
        size += part.size;
        if (part.align > align) align = part.align;
        if (size > LAYOUT_SIZE_MAX) return too_large(g, t);
    }
    *out = (Layout){round_up((u32)size, align), align};
    return true;
}

enum { APART_VARIANTS = 16, APART_SIZE = 48 }; // enums of no more variants, and bytes of their payloads

// Where the payload lies among those of different types side by side; where all end when it is 0.
static u32 offset_apart(TypeGraph *g, Ty t, Ty payload) {
    const TyNode *node = &g->nodes.items[t];
    const u32 *parts = g->lists.items + node->parts;
    u32 at = node->align;
    for (u32 i = 0; i < node->part_count; i++) {
        Ty part = one_of(g, parts[2 * i + 1]);
        u32 first = 0;
        while (one_of(g, parts[2 * first + 1]) != part) first++;
        at = round_up(at, g->nodes.items[part].align);
        if (part == payload) return at;
        if (first == i) at += g->nodes.items[part].size;
    }
    return at;
}

static bool enum_layout(TypeGraph *g, Ty t, u32 depth, Layout *out) {
    u32 size = 0, align = 8, parts = g->nodes.items[t].parts, count = g->nodes.items[t].part_count;
    for (u32 i = 0; i < count; i++) {
        Layout part;
        if (!layout(g, g->lists.items[parts + 2 * i + 1], depth + 1, &part)) return false;
        if (part.size > size) size = part.size;
        if (part.align > align) align = part.align;
    }
    g->nodes.items[t].align = align;
    u32 end = count > APART_VARIANTS ? NO_INDEX : offset_apart(g, t, 0);
    bool apart = g->nodes.items[t].apart = end <= align + APART_SIZE;
    *out = (Layout){round_up(apart ? end : align + size, align), align};
    return true;
}

static bool layout(TypeGraph *g, Ty t, u32 depth, Layout *out) {
    t = one_of(g, t);
    TyNode *node = &g->nodes.items[t];
    if (node->align) return *out = (Layout){node->size, node->align}, true;
    if (depth > MOST_NESTING) return too_large(g, t);
    *out = (Layout){0, 1};
    if (node->kind == TY_SCALAR) {
        *out = (Layout){ir_type_info[node->scalar].size, ir_type_info[node->scalar].size};
    } else if (node->kind == TY_PTR && node->array == ARRAY_FIXED) {
        u32 length = node->length;
        Layout element;
        if (!layout(g, node->target, depth + 1, &element)) return false;
        u64 size = (u64)length * element.size;
        if (size > LAYOUT_SIZE_MAX) return too_large(g, t);
        *out = (Layout){(u32)size, element.align};
    } else if (node->kind == TY_PTR) {
        *out = (Layout){8, 8};
    } else if (node->kind == TY_STRUCT || node->kind == TY_ENUM) {
        if (!ty_expand(g, t)) return false;
        bool ok = node->kind == TY_STRUCT ? struct_layout(g, t, depth, out) : enum_layout(g, t, depth, out);
        if (!ok) return false;
    }
    g->nodes.items[t].size = out->size;
    g->nodes.items[t].align = out->align;
    return true;
}

bool layout_of(TypeGraph *g, Ty t, Layout *out) { return layout(g, t, 0, out); }

bool layout_field(TypeGraph *g, Ty aggregate, u32 field, u32 *offset) {
    Layout whole;
    if (!layout_of(g, aggregate, &whole)) return false;
    *offset = g->lists.items[ty_node(g, aggregate)->offsets + field];
    return true;
}

bool layout_payload(TypeGraph *g, Ty aggregate, Ty payload, u32 *offset) {
    Layout whole;
    if (!layout_of(g, aggregate, &whole)) return false;
    Ty t = ty_find(g, aggregate);
    *offset = g->nodes.items[t].apart ? offset_apart(g, t, one_of(g, payload))
                                      : whole.align; // header, padded to the strictest payload
    return true;
}

// Leaves of an enum: its header, and its payload if only one variant has any (Option and the like).
static bool enum_leaves(TypeGraph *g, Ty t, u32 offset, LeafList *out) {
    u32 parts = g->nodes.items[t].parts, count = g->nodes.items[t].part_count, payload_at;
    if (out->count + 2 > countof(out->leaves)) return false;
    out->leaves[out->count++] = (Leaf){IR_U32, offset};
    out->leaves[out->count++] = (Leaf){IR_U32, offset + 4};
    if (count == 0) return true;
    if (count > 1 || !layout_payload(g, t, g->lists.items[parts + 1], &payload_at)) return false;
    return layout_leaves(g, g->lists.items[parts + 1], offset + payload_at, out);
}

bool layout_leaves(TypeGraph *g, Ty t, u32 offset, LeafList *out) {
    t = ty_find(g, t);
    TyNode node = g->nodes.items[t];
    Layout size;
    if (!layout_of(g, t, &size)) return false;
    if (size.size == 0) return true;
    if (node.kind == TY_SCALAR || (node.kind == TY_PTR && node.array != ARRAY_FIXED)) {
        if (out->count == countof(out->leaves)) return false;
        out->leaves[out->count++] = (Leaf){node.kind == TY_PTR ? IR_PTR : (IrType)node.scalar, offset};
        return true;
    }
    if (node.kind == TY_ENUM) return enum_leaves(g, t, offset, out);
    u32 count = node.kind == TY_PTR ? node.length : node.part_count;
    for (u32 i = 0; i < count; i++) {
        Ty part = node.kind == TY_PTR ? node.target : g->lists.items[node.parts + i];
        u32 at = 0;
        Layout part_size;
        if (!layout_of(g, part, &part_size)) return false;
        if (node.kind == TY_PTR) at = i * part_size.size;
        else if (!layout_field(g, t, i, &at)) return false;
        // Parts without room could make a list of any length.
        if (part_size.size && !layout_leaves(g, part, offset + at, out)) return false;
        if (node.kind == TY_PTR && part_size.size == 0) break;
    }
    return true;
}
