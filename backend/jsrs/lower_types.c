// The type graph of lowering: nodes, the parts of aggregates, and what is asked of them. See lower_types.h.
#include "jsrs/lower_types.h"

// The first types of a module: integers by width, floats, bool.
static const u8 first_types[] = {IR_I8,  IR_I16, IR_I32,  IR_I64, IR_I128, IR_I64, IR_U8,  IR_U16,
                                 IR_U32, IR_U64, IR_U128, IR_U64, IR_F32,  IR_F64, IR_BOOL};

IrType ty_ir_scalar(const JsrsModule *module, u32 type) {
    if (type < countof(first_types)) return (IrType)first_types[type];
    // A function value is its number (11.1).
    if (module->types.items[type].tag == TAG_FN) return IR_I64;
    return IR_VOID;
}

bool graph_init(TypeGraph *g, Arena *arena, const JsrsModule *module, const ShapeTable *shapes, Error *error) {
    *g = (TypeGraph){.module = module, .shapes = shapes, .arena = arena, .error = error, .where = NOWHERE};
    if (!vec_reserve(arena, &g->nodes, 64) || !vec_reserve(arena, &g->lists, 16)) return false;
    mem_zero(g->nodes.items, TY_FIXED_COUNT * sizeof(TyNode));
    g->nodes.count = TY_FIXED_COUNT;
    g->nodes.items[TY_UNIT_NODE].kind = TY_UNIT;
    for (u32 t = 0; t < IR_TYPE_COUNT; t++) {
        g->nodes.items[TY_SCALAR_NODES + t].kind = TY_SCALAR;
        g->nodes.items[TY_SCALAR_NODES + t].scalar = (u8)t;
    }
    return true;
}

// Most nodes represent themselves, and these two are called several times for each instruction.
Ty ty_find(TypeGraph *g, Ty t) {
    TyNode *nodes = g->nodes.items;
    for (Ty next; (next = nodes[t].link) != 0; t = next) {
        Ty behind = nodes[next].link;
        if (!behind) return next;
        nodes[t].link = behind;
    }
    return t;
}

TyNode *ty_node(TypeGraph *g, Ty t) {
    TyNode *node = &g->nodes.items[t];
    return node->link ? &g->nodes.items[ty_find(g, t)] : node;
}

Ty ty_new(TypeGraph *g, TyKind kind) {
    TyNode node = {.kind = (u8)kind};
    if (!vec_push(g->arena, &g->nodes, node)) return 0;
    return g->nodes.count - 1;
}

Ty ty_pointer(TypeGraph *g, u32 row, Ty target) {
    Ty t = ty_new(g, TY_PTR);
    if (!t) return 0;
    if (!target) target = ty_new(g, TY_VAR);
    g->nodes.items[t].row = (u8)row;
    g->nodes.items[t].target = target;
    return target ? t : 0;
}

static Ty new_aggregate(TypeGraph *g, TyKind kind, u32 shape, u32 name) {
    Ty t = ty_new(g, kind);
    if (!t) return 0;
    g->nodes.items[t].shape = shape;
    g->nodes.items[t].name = name;
    return t;
}

// Of a struct's shape or an enum's definition.
static Ty new_known(TypeGraph *g, TyKind kind, u32 number, u32 name) {
    const ShapeTable *table = g->shapes;
    bool is_enum = kind == TY_ENUM;
    if ((is_enum ? table->closed_enums[number] : table->shapes.items[number].closed) != CLOSED_YES)
        return new_aggregate(g, kind, number + 1, name);
    u32 key = is_enum ? table->shapes.count + number : number;
    u32 known = map_get(&g->closed, key);
    if (known != MAP_NONE) return known;
    Ty t = new_aggregate(g, kind, number + 1, name);
    if (t && !map_set(g->arena, &g->closed, key, t)) return 0;
    return t;
}

Ty ty_of_type(TypeGraph *g, u32 jsrs_type) {
    if (jsrs_type < countof(first_types)) return ty_scalar((IrType)first_types[jsrs_type]);
    IrType scalar = ty_ir_scalar(g->module, jsrs_type);
    if (scalar != IR_VOID) return ty_scalar(scalar);
    if (jsrs_type == TYPE_UNIT) return TY_UNIT_NODE;
    if (jsrs_type == TYPE_PTR) return ty_pointer(g, ROW_UNKNOWN, 0);
    const JsrsType *type = &g->module->types.items[jsrs_type];
    if (type->tag == TAG_ARRAY) {
        // Nesting is limited by the decoder (64), so this recursion is too.
        Ty element = ty_of_type(g, type->element);
        Ty t = element ? ty_pointer(g, ROW_YES, element) : 0;
        if (t) g->nodes.items[t].array = ARRAY_FIXED, g->nodes.items[t].length = type->count;
        return t;
    }
    if (type->tag == TAG_ENUM || type->is_enum) {
        // Without a definition, or one of several: whatever it meets says which variants it has.
        if (type->ambiguous || type->definition == NO_INDEX) return new_aggregate(g, TY_ENUM, 0, type->name);
        return new_known(g, TY_ENUM, type->definition, type->name);
    }
    if (type->definition != NO_INDEX) return new_known(g, TY_STRUCT, type->definition, type->name);
    // Without a definition: by its struct_create instructions, else erased.
    u32 shape = map_get(&g->shapes->by_name, type->name);
    if (shape == MAP_NONE || g->shapes->shapes.items[shape].broken) return ty_new(g, TY_VAR);
    return new_known(g, TY_STRUCT, shape, type->name);
}

static Ty field_node(TypeGraph *g, u32 jsrs_type) {
    return jsrs_type >= FIELD_OF_LITERALS ? ty_new(g, TY_VAR) : ty_of_type(g, jsrs_type);
}

u32 ty_new_list(TypeGraph *g, u32 count) {
    if (!vec_reserve(g->arena, &g->lists, count)) return NO_INDEX;
    u32 start = g->lists.count;
    g->lists.count += count;
    mem_zero(g->lists.items + start, (size_t)count * sizeof(u32));
    return start;
}

static bool expand_struct(TypeGraph *g, Ty t) {
    const Shape *shape = &g->shapes->shapes.items[g->nodes.items[t].shape - 1];
    u32 parts = ty_new_list(g, shape->field_count);
    if (parts == NO_INDEX) return false;
    for (u32 i = 0; i < shape->field_count; i++) {
        Ty field = field_node(g, g->shapes->fields.items[shape->fields + i]);
        if (!field) return false;
        g->lists.items[parts + i] = field;
    }
    TyNode *node = &g->nodes.items[t];
    node->parts = parts, node->part_count = shape->field_count, node->expanded = true;
    return true;
}

// A variant with one field holds that value; one with several holds a struct of them (10.4).
static Ty variant_payload(TypeGraph *g, const JsrsVariant *variant) {
    const u32 *fields = g->module->lists.items + variant->fields;
    if (variant->field_count == 1) return ty_of_type(g, fields[0]);
    Ty t = ty_new(g, TY_STRUCT);
    u32 parts = t ? ty_new_list(g, variant->field_count) : NO_INDEX;
    if (parts == NO_INDEX) return 0;
    for (u32 i = 0; i < variant->field_count; i++) {
        Ty field = ty_of_type(g, g->module->lists.items[variant->fields + i]);
        if (!field) return 0;
        g->lists.items[parts + i] = field;
    }
    TyNode *node = &g->nodes.items[t];
    node->parts = parts, node->part_count = variant->field_count, node->expanded = true;
    return t;
}

static bool expand_enum(TypeGraph *g, Ty t) {
    const JsrsEnum *definition = &g->module->enums.items[g->nodes.items[t].shape - 1];
    u32 with_data = 0;
    for (u32 v = 0; v < definition->variant_count; v++)
        if (g->module->variants.items[definition->variants + v].field_count > 0) with_data++;
    u32 parts = ty_new_list(g, 2 * with_data);
    if (parts == NO_INDEX) return false;
    u32 at = parts;
    for (u32 v = 0; v < definition->variant_count; v++) {
        const JsrsVariant *variant = &g->module->variants.items[definition->variants + v];
        if (variant->field_count == 0) continue;
        Ty payload = variant_payload(g, variant);
        if (!payload) return false;
        g->lists.items[at++] = v;
        g->lists.items[at++] = payload;
    }
    TyNode *node = &g->nodes.items[t];
    node->parts = parts, node->part_count = with_data, node->expanded = true;
    return true;
}

enum { MOST_FREE_NODES = 1 << 20, MOST_NODES_A_BYTE = 4 };

bool ty_expand(TypeGraph *g, Ty aggregate) {
    Ty t = ty_find(g, aggregate);
    const TyNode *node = &g->nodes.items[t];
    if (node->expanded || node->shape == 0) return true;
    // What holds pointers has nodes of its own in each value: structs of two of the one before double with each.
    u64 most = MOST_FREE_NODES + (u64)g->module->file.len * MOST_NODES_A_BYTE;
    if (g->nodes.count > most)
        return error_set(g->error, ERR_EXECUTE, g->where,
                         "the values of a function have more than %U parts (the limit)", most);
    return node->kind == TY_STRUCT ? expand_struct(g, t) : expand_enum(g, t);
}

bool ty_add_variant(TypeGraph *g, Ty t, u32 variant, Ty payload) {
    enum { MOST_OPEN_VARIANTS = 1024 }; // an enum without a definition grows by the variant numbers a file claims
    TyNode *node = &g->nodes.items[t];
    if (node->part_count >= MOST_OPEN_VARIANTS)
        return error_set_rule(g->error, ERR_VALIDATE, "InvalidOperand", g->where,
                              "InvalidOperand: an enum without a definition has more than %u variants",
                              MOST_OPEN_VARIANTS);
    u32 parts = ty_new_list(g, 2 * (node->part_count + 1));
    if (parts == NO_INDEX) return false;
    node = &g->nodes.items[t];
    u32 at = parts;
    bool placed = false;
    for (u32 i = 0; i < node->part_count; i++) {
        u32 number = g->lists.items[node->parts + 2 * i];
        if (!placed && number > variant) {
            g->lists.items[at++] = variant, g->lists.items[at++] = payload;
            placed = true;
        }
        g->lists.items[at++] = number, g->lists.items[at++] = g->lists.items[node->parts + 2 * i + 1];
    }
    if (!placed) g->lists.items[at++] = variant, g->lists.items[at++] = payload;
    node->parts = parts;
    node->part_count++;
    return true;
}

Ty ty_find_variant(const TypeGraph *g, const TyNode *node, u32 variant) {
    u32 low = 0, high = node->part_count;
    while (low < high) {
        u32 middle = (low + high) / 2, number = g->lists.items[node->parts + 2 * middle];
        if (number == variant) return g->lists.items[node->parts + 2 * middle + 1];
        if (number < variant) low = middle + 1;
        else high = middle;
    }
    return 0;
}

// --- questions that decide --------------------------------------------------------------------------------------------

Ty ty_target(TypeGraph *g, Ty pointer) {
    Ty t = ty_find(g, pointer);
    if (g->nodes.items[t].kind == TY_VAR) {
        Ty p = ty_pointer(g, ROW_UNKNOWN, 0);
        if (!p) return 0;
        g->nodes.items[t].link = p;
        t = p;
    }
    if (g->nodes.items[t].kind != TY_PTR) {
        Ty p = ty_pointer(g, ROW_UNKNOWN, 0);
        if (p) (void)ty_mismatch(g, t, p);
        return 0;
    }
    return g->nodes.items[t].target;
}

bool ty_set_row(TypeGraph *g, Ty pointer, u32 row, u32 array, u32 length) {
    if (!ty_target(g, pointer)) return false;
    Ty wanted = ty_pointer(g, row, 0);
    if (!wanted) return false;
    g->nodes.items[wanted].array = (u8)array;
    g->nodes.items[wanted].length = length;
    return ty_unify(g, pointer, wanted);
}

Ty ty_field(TypeGraph *g, Ty aggregate, u32 field) {
    Ty t = ty_find(g, aggregate);
    if (g->nodes.items[t].kind == TY_VAR) {
        Ty s = ty_new(g, TY_STRUCT);
        if (!s) return 0;
        g->nodes.items[s].open = true;
        g->nodes.items[t].link = s;
        t = s;
    }
    if (g->nodes.items[t].kind != TY_STRUCT) return TY_UNIT_NODE;
    if (!ty_expand(g, t)) return 0;
    enum { MOST_OPEN_FIELDS = 1024 }; // an open struct grows by the field numbers a file claims
    if (field >= g->nodes.items[t].part_count && g->nodes.items[t].open && field < MOST_OPEN_FIELDS) {
        u32 parts = ty_new_list(g, field + 1);
        if (parts == NO_INDEX) return 0;
        for (u32 i = 0; i <= field; i++) {
            Ty part = i < g->nodes.items[t].part_count ? g->lists.items[g->nodes.items[t].parts + i]
                                                       : ty_new(g, TY_VAR);
            if (!part) return 0;
            g->lists.items[parts + i] = part;
        }
        g->nodes.items[t].parts = parts, g->nodes.items[t].part_count = field + 1;
    }
    const TyNode *node = &g->nodes.items[t];
    return field < node->part_count ? g->lists.items[node->parts + field] : TY_UNIT_NODE;
}

Ty ty_payload(TypeGraph *g, Ty aggregate, u32 variant) {
    Ty t = ty_find(g, aggregate);
    if (g->nodes.items[t].kind == TY_VAR) {
        Ty e = ty_new(g, TY_ENUM);
        if (!e) return 0;
        g->nodes.items[t].link = e;
        t = e;
    }
    if (g->nodes.items[t].kind != TY_ENUM) return TY_UNIT_NODE;
    if (!ty_expand(g, t)) return 0;
    Ty payload = ty_find_variant(g, &g->nodes.items[t], variant);
    if (payload || g->nodes.items[t].shape) return payload ? payload : TY_UNIT_NODE;
    payload = ty_new(g, TY_VAR);
    return payload && ty_add_variant(g, t, variant, payload) ? payload : 0;
}

Ty ty_payload_part(TypeGraph *g, Ty aggregate, u32 variant, u32 index) {
    Ty t = ty_payload(g, aggregate, variant);
    if (!t || ty_node(g, t)->kind != TY_STRUCT) return t;
    u32 shape = ty_node(g, aggregate)->shape;
    bool whole = !shape ||
                 g->module->variants.items[g->module->enums.items[shape - 1].variants + variant].field_count == 1;
    return whole ? t : ty_field(g, t, index);
}
