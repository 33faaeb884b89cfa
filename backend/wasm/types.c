// The type section, and value types wherever they stand.
#include "wasm/types.h"

// What the JavaScript API demands of engines; also what ValType has room for.
enum { TYPES_MOST = 1000000 };

// ---- what is not known ----

// `, of the proposal NAME` where a byte that begins a type is of one that no engine runs by itself yet.
static const char *of_proposal(u8 byte) {
    switch (byte) {
    case 0x4c:
    case 0x4d:
    case 0x62: return ", of the proposal custom-descriptors";
    case 0x5d:
    case 0x68:
    case 0x75: return ", of the proposal stack-switching";
    case 0x65: return ", of the proposal shared-everything-threads";
    case 0x67: return ", of the proposal stringref";
    default: return "";
    }
}

// ---- value types ----

static bool is_abstract_heap(u8 byte) { return byte >= 0x69 && byte <= 0x74; }

static void note_heap(WasmModule *m, u32 code, u32 heap, bool abstract) {
    bool nullable = code == WASM_REF_NULL;
    if (!abstract || !nullable) wasm_uses(m, FEATURE_FUNCTION_REFERENCES);
    if (!abstract) return;
    switch (heap) {
    case HEAP_FUNC: break; // of tables from the start
    case HEAP_EXTERN: wasm_uses(m, FEATURE_REFERENCE_TYPES); break;
    case HEAP_EXN:
    case HEAP_NOEXN: wasm_uses(m, FEATURE_EXCEPTIONS); break;
    default: wasm_uses(m, FEATURE_GC); break;
    }
}

ValType type_read_heap(Input *in, WasmModule *m, u32 code) {
    u32 at = input_offset(in);
    i64 heap = input_i33(in);
    if (in->failed) return 0;
    if (heap >= 0) {
        if (heap >= m->types.count)
            input_fail(in, at, "type %U does not exist: there are %u", (u64)heap, m->types.count);
        if (in->failed) return 0;
        note_heap(m, code, (u32)heap, false);
        return type_ref(code, (u32)heap, false);
    }
    u8 byte = heap >= -64 ? (u8)(heap & 0x7f) : 0;
    if (!is_abstract_heap(byte)) {
        input_fail(in, at, "unknown heap type %I%s", heap, of_proposal(byte));
        return 0;
    }
    note_heap(m, code, byte, true);
    return type_ref(code, byte, true);
}

ValType type_read(Input *in, WasmModule *m) {
    u32 at = input_offset(in);
    u8 byte = input_u8(in);
    switch (byte) {
    case WASM_V128: wasm_uses(m, FEATURE_SIMD); return byte;
    case WASM_I32:
    case WASM_I64:
    case WASM_F32:
    case WASM_F64: return byte;
    case WASM_REF:
    case WASM_REF_NULL: return type_read_heap(in, m, byte);
    }
    if (is_abstract_heap(byte)) {
        note_heap(m, WASM_REF_NULL, byte, true);
        return type_ref(WASM_REF_NULL, byte, true);
    }
    char hex[INPUT_HEX];
    input_fail(in, at, "unknown value type %s%s", input_hex(byte, hex), of_proposal(byte));
    return 0;
}

ValType type_read_reference(Input *in, WasmModule *m) {
    u32 at = input_offset(in);
    ValType type = type_read(in, m);
    if (!in->failed && type_code(type) != WASM_REF && type_code(type) != WASM_REF_NULL) {
        input_fail(in, at, "a reference type is wanted, this is a number's");
    }
    return type;
}

// ---- the type section ----

typedef struct TypeReader {
    Input *in;
    WasmModule *m;
    Arena *arena;
} TypeReader;

static void add_item(TypeReader *r, ValType type, bool is_mutable) {
    if (!vec_push(r->arena, &r->m->values, ((TypeItem){type, is_mutable}))) r->in->failed = true;
}

static u32 read_values(TypeReader *r, const char *of) {
    u32 count = input_count(r->in, of);
    for (u32 i = 0; i < count && !r->in->failed; i++) {
        ValType type = type_read(r->in, r->m);
        if (type == type_ref(WASM_REF_NULL, HEAP_FUNC, true)) wasm_uses(r->m, FEATURE_REFERENCE_TYPES);
        add_item(r, type, false);
    }
    return count;
}

static void read_field(TypeReader *r) {
    ValType type;
    u8 first = r->in->next < r->in->end ? *r->in->next : 0;
    if (first == WASM_I8 || first == WASM_I16) {
        type = input_u8(r->in);
    } else {
        type = type_read(r->in, r->m);
    }
    u32 at = input_offset(r->in);
    u8 is_mutable = input_u8(r->in);
    if (is_mutable > 1) input_fail(r->in, at, "a field is constant (0) or mutable (1), not %u", (u32)is_mutable);
    add_item(r, type, is_mutable == 1);
}

// What a type is made of, after the form was read.
static void read_composite(TypeReader *r, WasmType *type, u8 form, u32 at) {
    type->form = form;
    type->first = r->m->values.count;
    switch (form) {
    case FORM_FUNCTION:
        type->parameters = read_values(r, "parameters");
        type->results = read_values(r, "results");
        if (type->results > 1) wasm_uses(r->m, FEATURE_MULTI_VALUE);
        break;
    case FORM_STRUCT:
        type->parameters = input_count(r->in, "fields");
        for (u32 i = 0; i < type->parameters && !r->in->failed; i++) read_field(r);
        wasm_uses(r->m, FEATURE_GC);
        break;
    case FORM_ARRAY:
        type->parameters = 1;
        read_field(r);
        wasm_uses(r->m, FEATURE_GC);
        break;
    default: {
        char hex[INPUT_HEX];
        input_fail(r->in, at, "unknown form of type: %s%s", input_hex(form, hex), of_proposal(form));
    }
    }
}

// One type, after its first byte. Its own index is already counted in `types`.
static void read_subtype(TypeReader *r, u8 form, u32 at, u32 index) {
    WasmType type = r->m->types.items[index];
    if (form == 0x50 || form == 0x4f) {
        wasm_uses(r->m, FEATURE_GC);
        type.open = form == 0x50;
        u32 count_at = input_offset(r->in), count = input_count(r->in, "supertypes");
        if (count > 1) input_fail(r->in, count_at, "a type extends %u others: one is the most", count);
        if (count == 1) {
            u32 super_at = input_offset(r->in);
            type.super = input_u32(r->in);
            if (type.super >= index)
                input_fail(r->in, super_at, "type %u extends type %u, which comes later", index, type.super);
        }
        at = input_offset(r->in);
        form = input_u8(r->in);
    }
    read_composite(r, &type, form, at);
    r->m->types.items[index] = type;
}

// Types of a group may name each other, so all of them count before the first is read.
static void read_group(TypeReader *r, u32 count, u8 form, u32 at, bool grouped) {
    WasmModule *m = r->m;
    u32 first = m->types.count;
    if (count > TYPES_MOST - first) {
        input_fail(r->in, at, "more than %u types", (u32)TYPES_MOST);
        return;
    }
    for (u32 i = 0; i < count && !r->in->failed; i++) {
        WasmType type = {.form = FORM_FUNCTION, .grouped = grouped, .group = first, .super = NO_INDEX};
        if (!vec_push(r->arena, &m->types, type)) r->in->failed = true;
    }
    for (u32 i = 0; i < count && !r->in->failed; i++) {
        if (grouped) at = input_offset(r->in), form = input_u8(r->in);
        read_subtype(r, form, at, first + i);
    }
}

bool types_decode(Input *in, WasmModule *m, Arena *arena) {
    TypeReader reader = {in, m, arena};
    u32 count = input_count(in, "types");
    // The empty list of a type then has an address too.
    if (!vec_reserve(arena, &m->values, 1)) in->failed = true;
    for (u32 i = 0; i < count && !in->failed; i++) {
        u32 at = input_offset(in);
        u8 form = input_u8(in);
        if (form == 0x4e) {
            wasm_uses(m, FEATURE_GC);
            u32 inside = input_count(in, "types in a group");
            read_group(&reader, inside, 0, at, true);
        } else if (!in->failed) {
            read_group(&reader, 1, form, at, false);
        }
    }
    return !in->failed;
}

// ---- text ----

// Abstract heap types by their byte, from 0x69; the short name of the nullable reference behind it.
static const char *const heap_text[][2] = {
    {"exn", "exnref"},         {"array", "arrayref"},
    {"struct", "structref"},   {"i31", "i31ref"},
    {"eq", "eqref"},           {"any", "anyref"},
    {"extern", "externref"},   {"func", "funcref"},
    {"none", "nullref"},       {"noextern", "nullexternref"},
    {"nofunc", "nullfuncref"}, {"noexn", "nullexnref"},
};

void type_put_heap(Buf *out, ValType type) {
    if (type_is_abstract(type)) {
        buf_text(out, heap_text[type_heap(type) - 0x69][0]);
    } else {
        buf_u64(out, type_heap(type));
    }
}

void type_put(Buf *out, ValType type) {
    switch (type_code(type)) {
    case WASM_I32: buf_text(out, "i32"); return;
    case WASM_I64: buf_text(out, "i64"); return;
    case WASM_F32: buf_text(out, "f32"); return;
    case WASM_F64: buf_text(out, "f64"); return;
    case WASM_V128: buf_text(out, "v128"); return;
    case WASM_I8: buf_text(out, "i8"); return;
    case WASM_I16: buf_text(out, "i16"); return;
    }
    bool nullable = type_code(type) == WASM_REF_NULL;
    if (nullable && type_is_abstract(type)) {
        buf_text(out, heap_text[type_heap(type) - 0x69][1]);
        return;
    }
    buf_text(out, nullable ? "(ref null " : "(ref ");
    type_put_heap(out, type);
    buf_byte(out, ')');
}

static void put_list(Buf *out, const TypeItem *items, u32 count) {
    buf_byte(out, '(');
    for (u32 i = 0; i < count && i < TYPE_ITEMS_SHOWN; i++) {
        if (i) buf_text(out, ", ");
        type_put(out, items[i].type);
    }
    if (count > TYPE_ITEMS_SHOWN) buf_format(out, ", ... %u more", count - TYPE_ITEMS_SHOWN);
    buf_byte(out, ')');
}

void type_put_signature(Buf *out, const WasmModule *m, u32 index) {
    const WasmType *type = &m->types.items[index];
    const TypeItem *items = m->values.items + type->first;
    put_list(out, items, type->parameters);
    buf_text(out, " -> ");
    put_list(out, items + type->parameters, type->results);
}

static void put_clause(Buf *out, const char *word, const TypeItem *items, u32 count, u32 most) {
    if (count == 0) return;
    buf_format(out, " (%s", word);
    for (u32 i = 0; i < count && i < most; i++) {
        buf_byte(out, ' ');
        if (items[i].is_mutable) buf_text(out, "(mut ");
        type_put(out, items[i].type);
        if (items[i].is_mutable) buf_byte(out, ')');
    }
    if (count > most) buf_format(out, " (; %u more ;)", count - most);
    buf_byte(out, ')');
}

void type_put_definition(Buf *out, const WasmModule *m, u32 index) {
    const WasmType *type = &m->types.items[index];
    const TypeItem *items = m->values.items + type->first;
    bool sub = type->open || type->super != NO_INDEX;
    if (sub) {
        buf_text(out, type->open ? "(sub " : "(sub final ");
        if (type->super != NO_INDEX) buf_format(out, "%u ", type->super);
    }
    switch ((TypeForm)type->form) {
    case FORM_FUNCTION:
        buf_text(out, "(func");
        put_clause(out, "param", items, type->parameters, TYPE_ITEMS_SHOWN);
        put_clause(out, "result", items + type->parameters, type->results, TYPE_ITEMS_SHOWN);
        break;
    case FORM_STRUCT:
        buf_text(out, "(struct");
        put_clause(out, "field", items, type->parameters, FIELDS_SHOWN);
        break;
    case FORM_ARRAY:
        buf_text(out, "(array ");
        if (items->is_mutable) buf_text(out, "(mut ");
        type_put(out, items->type);
        if (items->is_mutable) buf_byte(out, ')');
        break;
    }
    buf_text(out, sub ? "))" : ")");
}
