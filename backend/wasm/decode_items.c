// The sections that declare: imports, functions, tables, memories, tags, globals, exports.
#include "wasm/decode.h"

#include "support/map.h"
#include "wasm/types.h"

// Where a space of indices ends: sizes of memories and tables.
static const u64 PAGES_32 = 1 << 16, PAGES_64 = (u64)1 << 48;

static bool going(const Decoder *d) { return !d->code.in.failed; }

static u64 read_size(Input *in, bool is64) { return is64 ? input_u64(in) : input_u32(in); }

static WasmLimits read_limits(Decoder *d, u32 allowed) {
    Input *in = &d->code.in;
    u32 at = input_offset(in), flags = input_u8(in);
    WasmLimits limits = {.has_maximum = flags & 1, .shared = flags & 2, .is64 = flags & 4, .page_log2 = 16};
    if (flags & ~allowed) input_fail(in, at, "unknown flags of limits: %u", flags);
    u32 size_at = input_offset(in);
    limits.initial = read_size(in, limits.is64);
    if (limits.has_maximum) limits.maximum = read_size(in, limits.is64);
    if (limits.has_maximum && limits.maximum < limits.initial) {
        input_fail(in, size_at, "the maximum, %U, is less than the initial size, %U", limits.maximum, limits.initial);
    }
    return limits;
}

static void add_memory(Decoder *d) {
    Input *in = &d->code.in;
    u32 at = input_offset(in), flags = in->next < in->end ? *in->next : 0;
    WasmLimits limits = read_limits(d, 15);
    if (limits.shared && !limits.has_maximum) input_fail(in, at, "a shared memory needs a maximum");
    if (flags & 8) {
        u32 page_at = input_offset(in), log2 = input_u32(in);
        if (log2 != 0 && log2 != 16) input_fail(in, page_at, "a page has 1 or 65536 bytes, not 2^%u", log2);
        limits.page_log2 = (u8)log2;
        wasm_uses(d->m, FEATURE_CUSTOM_PAGE_SIZES); // which the flag alone is of
    }
    u64 most = (limits.is64 ? PAGES_64 : PAGES_32);
    if (limits.page_log2 == 0) most = limits.is64 ? UINT64_MAX : most << 16;
    if (limits.initial > most) input_fail(in, at, "%U pages are more than a memory can have, %U", limits.initial, most);
    if (limits.maximum > most)
        input_fail(in, at, "a maximum of %U pages is more than a memory can have, %U", limits.maximum, most);
    if (limits.shared) wasm_uses(d->m, FEATURE_THREADS);
    if (limits.is64) wasm_uses(d->m, FEATURE_MEMORY64);
    if (d->m->memories.count > 0) wasm_uses(d->m, FEATURE_MULTI_MEMORY);
    decoder_push(d, &d->m->memories, limits);
}

static void add_table(Decoder *d) {
    WasmTable table = {.type = type_read_reference(&d->code.in, d->m)};
    table.limits = read_limits(d, 5);
    if (table.limits.is64) wasm_uses(d->m, FEATURE_TABLE64);
    if (d->m->tables.count > 0) wasm_uses(d->m, FEATURE_REFERENCE_TYPES);
    decoder_push(d, &d->m->tables, table);
}

static WasmGlobal read_global(Decoder *d) {
    Input *in = &d->code.in;
    WasmGlobal global = {.type = type_read(in, d->m)};
    if (global.type == type_ref(WASM_REF_NULL, HEAP_FUNC, true)) wasm_uses(d->m, FEATURE_REFERENCE_TYPES);
    u32 at = input_offset(in);
    u8 is_mutable = input_u8(in);
    if (is_mutable > 1) input_fail(in, at, "a global is constant (0) or mutable (1), not %u", (u32)is_mutable);
    global.is_mutable = is_mutable == 1;
    return global;
}

static u32 read_tag(Decoder *d) {
    u32 at = input_offset(&d->code.in);
    if (input_u32(&d->code.in) != 0) input_fail(&d->code.in, at, "unknown attribute of a tag");
    wasm_uses(d->m, FEATURE_EXCEPTIONS);
    return instruction_index(&d->code, SPACE_FUNCTION_TYPES);
}

static void add_function(Decoder *d) {
    decoder_push(d, &d->m->functions, (WasmFunction){.type = instruction_index(&d->code, SPACE_FUNCTION_TYPES)});
}

// ---- imports ----

static u32 read_kind(Input *in) {
    u32 at = input_offset(in), kind = input_u8(in);
    if (kind >= KIND_END) input_fail(in, at, "unknown kind of import or export: %u", kind);
    return kind;
}

static void add_imported(Decoder *d, u32 kind) {
    switch ((ExternKind)kind) {
    case KIND_FUNCTION: add_function(d); break;
    case KIND_TABLE: add_table(d); break;
    case KIND_MEMORY: add_memory(d); break;
    case KIND_GLOBAL: {
        WasmGlobal global = read_global(d);
        if (global.is_mutable) wasm_uses(d->m, FEATURE_MUTABLE_GLOBALS);
        decoder_push(d, &d->m->globals, global);
        break;
    }
    case KIND_TAG: decoder_push(d, &d->m->tags, read_tag(d)); break;
    case KIND_END: break;
    }
}

void decode_imports(Decoder *d, u32 count) {
    Input *in = &d->code.in;
    for (u32 i = 0; i < count && going(d); i++) {
        WasmImport import = {.module = input_name(in, true)};
        import.name = input_name(in, true);
        import.kind = read_kind(in);
        if (!going(d)) return;
        import.index = d->m->imported[import.kind]++;
        add_imported(d, import.kind);
        decoder_push(d, &d->m->imports, import);
    }
}

// ---- declarations ----

void decode_functions(Decoder *d, u32 count) {
    for (u32 i = 0; i < count && going(d); i++) add_function(d);
}

void decode_tables(Decoder *d, u32 count) {
    Input *in = &d->code.in;
    for (u32 i = 0; i < count && going(d); i++) {
        bool has_init = in->next < in->end && *in->next == 0x40;
        if (has_init) {
            in->next++;
            u32 at = input_offset(in);
            if (input_u8(in) != 0) input_fail(in, at, "a table with an initial value starts with 0x40 0x00");
            wasm_uses(d->m, FEATURE_FUNCTION_REFERENCES);
        }
        add_table(d);
        if (!has_init) continue;
        WasmExpression init = instruction_constant(&d->code);
        if (going(d)) d->m->tables.items[d->m->tables.count - 1].init = init;
    }
}

void decode_memories(Decoder *d, u32 count) {
    for (u32 i = 0; i < count && going(d); i++) add_memory(d);
}

void decode_tags(Decoder *d, u32 count) {
    for (u32 i = 0; i < count && going(d); i++) decoder_push(d, &d->m->tags, read_tag(d));
}

void decode_globals(Decoder *d, u32 count) {
    for (u32 i = 0; i < count && going(d); i++) {
        WasmGlobal global = read_global(d);
        global.init = instruction_constant(&d->code);
        decoder_push(d, &d->m->globals, global);
    }
}

// ---- exports ----

// Whether an export of this name was there before; notes it under the number that it will have.
static bool is_taken(Decoder *d, Map *numbers, Str name) {
    u64 key = hash_bytes(name.data, name.len);
    u32 number = map_get(numbers, key);
    if (number != MAP_NONE && str_equal(d->m->exports.items[number].name, name)) return true;
    if (!map_set(&d->scratch, numbers, key, d->m->exports.count)) d->code.in.failed = true;
    return false;
}

void decode_exports(Decoder *d, u32 count) {
    static const Space spaces[] = {SPACE_FUNCTIONS, SPACE_TABLES, SPACE_MEMORIES, SPACE_GLOBALS, SPACE_TAGS};
    Input *in = &d->code.in;
    Map numbers = {0};
    for (u32 i = 0; i < count && going(d); i++) {
        u32 at = input_offset(in);
        WasmExport item = {.name = input_name(in, true)};
        if (going(d) && is_taken(d, &numbers, item.name)) input_fail(in, at, "two exports are called `%S`", &item.name);
        item.kind = read_kind(in);
        if (!going(d)) return;
        item.index = instruction_index(&d->code, spaces[item.kind]);
        if (!going(d)) return;
        if (item.kind == KIND_GLOBAL && d->m->globals.items[item.index].is_mutable) {
            wasm_uses(d->m, FEATURE_MUTABLE_GLOBALS);
        }
        decoder_push(d, &d->m->exports, item);
    }
}
