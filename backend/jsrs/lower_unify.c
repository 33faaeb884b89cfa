// Joining types of the graph: unification, and scalars that widen to hold what flows into them. See lower_types.h.
#include "jsrs/lower_types.h"

bool ty_mismatch(TypeGraph *g, Ty a, Ty b) {
    Buf text;
    buf_init(&text, 256);
    ty_text(g, a, &text);
    buf_text(&text, " and as ");
    ty_text(g, b, &text);
    Str s = {text.data, (u32)text.len};
    Str name = g->where.function == NO_INDEX ? STR("?") : jsrs_function_name(g->module, g->where.function);
    (void)error_set_rule(g->error, ERR_VALIDATE, "TypeMismatch", g->where,
                         "TypeMismatch: in function %S, block %u: one place or value is used as %S", &name,
                         g->where.block, &s);
    buf_free(&text);
    return false;
}

// --- scalars behind erased names -------------------------------------------------------------------------------------

static bool is_int(IrType t) { return ir_is_int(t); }

static bool int_holds(IrType t, i64 value) {
    u32 bits = ir_bits(t);
    if (ir_is_signed(t)) return bits >= 64 || (value >= -(1LL << (bits - 1)) && value < (1LL << (bits - 1)));
    return value >= 0 && (bits >= 64 || value < (1LL << bits));
}

// The smallest Int type that holds every number of both; an exact number converts to any width later with the same result (8.3).
static IrType int_join(IrType a, IrType b) {
    static const u8 signed_by_size[] = {IR_I8, IR_I16, IR_I32, IR_I64, IR_I128};
    if (a == b) return a;
    u32 bits_a = ir_bits(a), bits_b = ir_bits(b);
    if (ir_is_signed(a) == ir_is_signed(b)) return bits_a > bits_b ? a : b;
    u32 need_a = bits_a + (ir_is_signed(a) ? 0 : 1), need_b = bits_b + (ir_is_signed(b) ? 0 : 1);
    u32 need = need_a > need_b ? need_a : need_b;
    for (u32 i = 0; i < countof(signed_by_size); i++)
        if (ir_bits((IrType)signed_by_size[i]) >= need) return (IrType)signed_by_size[i];
    return IR_I128; // u128 with a signed type: no front end writes it; numbers are then kept modulo 2^128
}

static void bind_scalar(TyNode *node, IrType type, const i64 *constant) {
    node->kind = TY_SCALAR;
    node->scalar = (u8)type;
    node->joinable = true;
    node->weak = constant != NULL;
    node->least = node->most = constant ? *constant : 0;
}

// Widens `node` so that it holds values of `type` (or just the constant) too. False: they have nothing in common.
static bool join_scalar(TyNode *node, IrType type, const i64 *constant) {
    IrType own = (IrType)node->scalar;
    if (!is_int(own) || !is_int(type)) {
        if (own == type) return true;
        if (!ir_is_float(own) || !ir_is_float(type)) return false;
        node->scalar = IR_F64; // holds what an f32 does
        return true;
    }
    if (constant) {
        if (node->weak) {
            node->least = *constant < node->least ? *constant : node->least;
            node->most = *constant > node->most ? *constant : node->most;
        }
        if (!int_holds(own, *constant)) node->scalar = (u8)int_join(own, type);
        return true;
    }
    if (node->weak && int_holds(type, node->least) && int_holds(type, node->most)) node->scalar = (u8)type;
    else node->scalar = (u8)int_join(own, type);
    node->weak = false;
    return true;
}

static bool unify_scalars(TypeGraph *g, Ty a, Ty b) {
    TyNode *x = &g->nodes.items[a], *y = &g->nodes.items[b];
    if (!x->joinable && !y->joinable) return x->scalar == y->scalar || ty_mismatch(g, a, b);
    if (!x->joinable) {
        Ty t = a;
        a = b, b = t;
        x = &g->nodes.items[a], y = &g->nodes.items[b];
    }
    // x may widen. A declared place decides: what comes to it converts.
    if (y->joinable) {
        IrType type = (IrType)x->scalar;
        if (!join_scalar(y, type, x->weak ? &x->least : NULL) || (x->weak && !join_scalar(y, type, &x->most)))
            return ty_mismatch(g, a, b);
    } else if (ir_is_float((IrType)x->scalar) != ir_is_float((IrType)y->scalar)) { // as in ty_flow
        return ty_mismatch(g, a, b);
    }
    x->link = b;
    return true;
}

// --- unification -----------------------------------------------------------------------------------------------------

static bool defer(TypeGraph *g, Ty a, Ty b) {
    if (a == b) return true;
    return vec_push(g->arena, &g->work, a) && vec_push(g->arena, &g->work, b);
}

static bool merge_rows(TypeGraph *g, Ty into, Ty from) {
    TyNode *a = &g->nodes.items[into], *b = &g->nodes.items[from];
    if (a->row == ROW_UNKNOWN) a->row = b->row;
    else if (b->row != ROW_UNKNOWN && a->row != b->row) return ty_mismatch(g, from, into);
    if (a->array == ARRAY_UNKNOWN) a->array = b->array, a->length = b->length;
    else if (b->array != ARRAY_UNKNOWN && (a->array != b->array || a->length != b->length))
        return ty_mismatch(g, from, into);
    a->moved |= b->moved;
    return true;
}

static bool unify_pointers(TypeGraph *g, Ty a, Ty b) {
    if (!merge_rows(g, b, a)) return false;
    Ty x = g->nodes.items[a].target, y = g->nodes.items[b].target;
    g->nodes.items[a].link = b;
    return defer(g, x, y);
}

// Which of two struct (or enum) nodes stays: one with a definition, else the one with more parts.
static bool prefer_first(const TyNode *a, const TyNode *b) {
    if ((a->shape != 0) != (b->shape != 0)) return a->shape != 0;
    if (a->expanded != b->expanded) return a->expanded;
    return a->part_count > b->part_count;
}

static bool unify_structs(TypeGraph *g, Ty a, Ty b) {
    if (prefer_first(&g->nodes.items[a], &g->nodes.items[b])) {
        Ty t = a;
        a = b, b = t;
    }
    const TyNode *x = &g->nodes.items[a], *y = &g->nodes.items[b];
    if (x->shape && y->shape && x->shape != y->shape) return ty_mismatch(g, a, b);
    // Without parts of its own, x only names what y is.
    if (x->shape && !x->expanded) {
        g->nodes.items[a].link = b;
        return true;
    }
    if (!ty_expand(g, b)) return false;
    x = &g->nodes.items[a], y = &g->nodes.items[b];
    if (x->part_count > y->part_count || (x->part_count < y->part_count && !x->open)) return ty_mismatch(g, a, b);
    if (x->part_count < y->part_count || !x->open) g->nodes.items[b].open = false;
    for (u32 i = 0; i < x->part_count; i++)
        if (!defer(g, g->lists.items[x->parts + i], g->lists.items[y->parts + i])) return false;
    g->nodes.items[a].link = b;
    return true;
}

static bool unify_enums(TypeGraph *g, Ty a, Ty b) {
    if (prefer_first(&g->nodes.items[a], &g->nodes.items[b])) {
        Ty t = a;
        a = b, b = t;
    }
    const TyNode *x = &g->nodes.items[a], *y = &g->nodes.items[b];
    if (x->shape && y->shape && x->shape != y->shape) return ty_mismatch(g, a, b);
    g->nodes.items[a].link = b;
    if (x->shape && !x->expanded) return true;
    if (!ty_expand(g, b)) return false;
    u32 parts = g->nodes.items[a].parts, count = g->nodes.items[a].part_count;
    for (u32 i = 0; i < count; i++) {
        u32 variant = g->lists.items[parts + 2 * i];
        Ty payload = g->lists.items[parts + 2 * i + 1];
        Ty other = ty_find_variant(g, &g->nodes.items[b], variant);
        if (other) {
            if (!defer(g, payload, other)) return false;
        } else if (g->nodes.items[b].shape) {
            return ty_mismatch(g, a, b);
        } else if (!ty_add_variant(g, b, variant, payload)) {
            return false;
        }
    }
    return true;
}

static bool unify_pair(TypeGraph *g, Ty a, Ty b) {
    a = ty_find(g, a), b = ty_find(g, b);
    if (a == b) return true;
    u8 kind_a = g->nodes.items[a].kind, kind_b = g->nodes.items[b].kind;
    if (kind_a == TY_VAR) return g->nodes.items[a].link = b, true;
    if (kind_b == TY_VAR) return g->nodes.items[b].link = a, true;
    if (kind_a != kind_b) return ty_mismatch(g, a, b);
    switch ((TyKind)kind_a) {
    case TY_VAR:
    case TY_UNIT: return true;
    case TY_SCALAR: return unify_scalars(g, a, b);
    case TY_PTR: return unify_pointers(g, a, b);
    case TY_STRUCT: return unify_structs(g, a, b);
    case TY_ENUM: return unify_enums(g, a, b);
    }
    return false;
}

bool ty_unify(TypeGraph *g, Ty a, Ty b) {
    u32 base = g->work.count;
    if (!unify_pair(g, a, b)) return false;
    while (g->work.count > base) {
        Ty y = g->work.items[--g->work.count], x = g->work.items[--g->work.count];
        if (!unify_pair(g, x, y)) return false;
    }
    return true;
}

bool ty_flow(TypeGraph *g, Ty from, Ty to, const i64 *constant) {
    from = ty_find(g, from), to = ty_find(g, to);
    if (from == to) return true;
    TyNode *a = &g->nodes.items[from], *b = &g->nodes.items[to];
    if (b->kind == TY_UNIT) return true; // dropped
    if (a->kind == TY_SCALAR && b->kind == TY_SCALAR) {
        if (a->joinable && b->joinable) return unify_scalars(g, from, to);
        if (b->joinable) return join_scalar(b, (IrType)a->scalar, constant) || ty_mismatch(g, from, to);
        // What is read as a declared type was meant as one: constants alone do not decide an erased type.
        if (a->joinable && a->weak) return join_scalar(a, (IrType)b->scalar, NULL) || ty_mismatch(g, from, to);
        // It converts: Int and Bool among themselves, f32 and f64.
        return ir_is_float((IrType)a->scalar) == ir_is_float((IrType)b->scalar) || ty_mismatch(g, from, to);
    }
    if (a->kind == TY_SCALAR && b->kind == TY_VAR && !a->joinable)
        return bind_scalar(b, (IrType)a->scalar, constant), true;
    if (a->kind == TY_VAR && b->kind == TY_SCALAR && !b->joinable) return bind_scalar(a, (IrType)b->scalar, NULL), true;
    return ty_unify(g, from, to);
}
