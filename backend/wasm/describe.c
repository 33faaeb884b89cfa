// The description: one function per list, each item a line of fields.
#include "wasm/describe.h"

#include "wasm/text.h"
#include "wasm/types.h"

enum {
    NAME_SHOWN = 100000,    // bytes; engines refuse longer ones
    EXPRESSION_SHOWN = 1000 // bytes of its text; those of objects can have thousands of instructions
};

static const char *const kind_text[] = {"function", "table", "memory", "global", "tag"};

typedef struct Describer {
    const WasmModule *m;
    Buf *out;
    Buf omitted; // members of the object of that name
} Describer;

// ---- lists ----

typedef void PutItem(Describer *d, u32 index);

// A member that is a list of `count` items, whose numbers start at `first`.
static void put_list(Describer *d, const char *name, u32 first, u32 count, u32 most, PutItem *put) {
    u32 shown = 0;
    buf_format(d->out, ",\"%s\":[", name);
    for (; shown < count && shown < most && d->out->len < DESCRIBE_BYTES; shown++) {
        if (shown) buf_byte(d->out, ',');
        put(d, first + shown);
    }
    buf_byte(d->out, ']');
    if (shown < count) buf_format(&d->omitted, "%s\"%s\":%u", d->omitted.len ? "," : "", name, count - shown);
}

static void put_string(Buf *out, Str text) {
    if (text.len > NAME_SHOWN) text.len = NAME_SHOWN;
    buf_json_string(out, text);
}

static void put_name(Describer *d, const char *member, Str name) {
    buf_format(d->out, "\"%s\":", member);
    put_string(d->out, name);
}

static void put_bool(Describer *d, const char *member, bool value) {
    buf_format(d->out, ",\"%s\":%s", member, value ? "true" : "false");
}

// Texts of ours have no character that JSON would escape.
static void put_type(Buf *out, ValType type) {
    buf_byte(out, '"');
    type_put(out, type);
    buf_byte(out, '"');
}

// An expression has names of the file in it, quoted.
static void put_expression(Describer *d, WasmExpression expression) {
    Buf text = {0};
    text_put_expression(&text, d->m, expression, EXPRESSION_SHOWN);
    put_string(d->out, (Str){text.data, (u32)text.len});
    if (text.failed) d->out->failed = true;
    buf_free(&text);
}

// ---- types of what is imported and exported ----

static void put_types(Describer *d, const char *member, const TypeItem *items, u32 count) {
    buf_format(d->out, ",\"%s\":[", member);
    for (u32 i = 0; i < count && i < TYPE_ITEMS_SHOWN; i++) {
        if (i) buf_byte(d->out, ',');
        put_type(d->out, items[i].type);
    }
    buf_byte(d->out, ']');
}

static void put_limits(Buf *out, const WasmLimits *limits) {
    buf_format(out, "%U..", limits->initial);
    if (limits->has_maximum) buf_u64(out, limits->maximum);
    if (limits->is64) buf_text(out, " i64");
    if (limits->shared) buf_text(out, " shared");
    if (limits->page_log2 != 16) buf_format(out, " pagesize %u", 1u << limits->page_log2);
}

static void put_global_type(Buf *out, const WasmGlobal *global) {
    if (global->is_mutable) buf_text(out, "mut ");
    type_put(out, global->type);
}

// `,"type":` and for functions their parameters and results.
static void put_extern_type(Describer *d, u32 kind, u32 index) {
    const WasmModule *m = d->m;
    buf_text(d->out, ",\"type\":\"");
    switch ((ExternKind)kind) {
    case KIND_FUNCTION: {
        u32 number = m->functions.items[index].type;
        const WasmType *type = &m->types.items[number];
        const TypeItem *items = m->values.items + type->first;
        type_put_signature(d->out, m, number);
        buf_byte(d->out, '"');
        put_types(d, "params", items, type->parameters);
        put_types(d, "results", items + type->parameters, type->results);
        return;
    }
    case KIND_TABLE:
        put_limits(d->out, &m->tables.items[index].limits);
        buf_byte(d->out, ' ');
        type_put(d->out, m->tables.items[index].type);
        break;
    case KIND_MEMORY: put_limits(d->out, &m->memories.items[index]); break;
    case KIND_GLOBAL: put_global_type(d->out, &m->globals.items[index]); break;
    case KIND_TAG: type_put_signature(d->out, m, m->tags.items[index]); break;
    case KIND_END: break;
    }
    buf_byte(d->out, '"');
}

// The end of an import or export.
static void put_extern(Describer *d, u32 kind, u32 index) {
    buf_format(d->out, ",\"kind\":\"%s\",\"index\":%u", kind_text[kind], index);
    put_extern_type(d, kind, index);
    buf_byte(d->out, '}');
}

static void put_import(Describer *d, u32 i) {
    const WasmImport *import = &d->m->imports.items[i];
    buf_byte(d->out, '{');
    put_name(d, "module", import->module);
    buf_byte(d->out, ',');
    put_name(d, "name", import->name);
    put_extern(d, import->kind, import->index);
}

static void put_export(Describer *d, u32 i) {
    const WasmExport *item = &d->m->exports.items[i];
    buf_byte(d->out, '{');
    put_name(d, "name", item->name);
    put_extern(d, item->kind, item->index);
}

// ---- the other lists ----

static void put_section(Describer *d, u32 i) {
    const WasmSection *section = &d->m->sections.items[i];
    buf_format(d->out, "{\"id\":%u,", section->id);
    put_name(d, "name", section->name);
    buf_format(d->out, ",\"offset\":%u,\"size\":%u,\"count\":%n}", section->offset, section->size, section->count);
}

static void put_type_definition(Describer *d, u32 i) {
    buf_byte(d->out, '"');
    type_put_definition(d->out, d->m, i);
    buf_byte(d->out, '"');
}

// `{"index":..,"imported":..,"name":..`
static void put_head(Describer *d, ExternKind kind, Space space, u32 index) {
    buf_format(d->out, "{\"index\":%u", index);
    put_bool(d, "imported", index < d->m->imported[kind]);
    buf_byte(d->out, ',');
    put_name(d, "name", wasm_name_of(d->m, space, index));
}

static void put_sizes(Describer *d, const WasmLimits *limits) {
    buf_format(d->out, ",\"initial\":%U,\"maximum\":", limits->initial);
    if (limits->has_maximum) buf_u64(d->out, limits->maximum);
    else buf_text(d->out, "null");
    put_bool(d, "is64", limits->is64);
}

static void put_memory(Describer *d, u32 i) {
    const WasmLimits *memory = &d->m->memories.items[i];
    put_head(d, KIND_MEMORY, SPACE_MEMORIES, i);
    put_sizes(d, memory);
    put_bool(d, "shared", memory->shared);
    if (memory->page_log2 != 16) buf_format(d->out, ",\"pageSize\":%u", 1u << memory->page_log2);
    buf_byte(d->out, '}');
}

static void put_table(Describer *d, u32 i) {
    const WasmTable *table = &d->m->tables.items[i];
    put_head(d, KIND_TABLE, SPACE_TABLES, i);
    buf_text(d->out, ",\"type\":");
    put_type(d->out, table->type);
    put_sizes(d, &table->limits);
    buf_byte(d->out, '}');
}

static void put_global(Describer *d, u32 i) {
    const WasmGlobal *global = &d->m->globals.items[i];
    put_head(d, KIND_GLOBAL, SPACE_GLOBALS, i);
    buf_text(d->out, ",\"type\":");
    put_type(d->out, global->type);
    put_bool(d, "mutable", global->is_mutable);
    buf_text(d->out, ",\"init\":");
    if (i < d->m->imported[KIND_GLOBAL]) buf_text(d->out, "null");
    else put_expression(d, global->init);
    buf_byte(d->out, '}');
}

static void put_tag(Describer *d, u32 i) {
    put_head(d, KIND_TAG, SPACE_TAGS, i);
    put_extern_type(d, KIND_TAG, i);
    buf_byte(d->out, '}');
}

static void put_function(Describer *d, u32 i) {
    const WasmFunction *function = &d->m->functions.items[i];
    buf_format(d->out, "{\"index\":%u,", i);
    put_name(d, "name", wasm_name_of(d->m, SPACE_FUNCTIONS, i));
    buf_text(d->out, ",\"type\":\"");
    type_put_signature(d->out, d->m, function->type);
    buf_format(d->out, "\",\"offset\":%u,\"size\":%u,\"locals\":%u,\"instructions\":%u}", function->offset,
               function->size, function->locals, function->instructions);
}

static const char *const mode_text[] = {"active", "passive", "declared"};

static void put_segment(Describer *d, u32 mode, const char *into, u32 index, WasmExpression offset) {
    buf_format(d->out, "{\"mode\":\"%s\",\"%s\":%n,\"offset\":", mode_text[mode], into, index);
    if (mode == SEGMENT_ACTIVE) put_expression(d, offset);
    else buf_text(d->out, "null");
}

static void put_elements(Describer *d, u32 i) {
    const WasmElements *segment = &d->m->elements.items[i];
    put_segment(d, segment->mode, "table", segment->table, segment->offset);
    buf_text(d->out, ",\"type\":");
    put_type(d->out, segment->type);
    buf_format(d->out, ",\"count\":%u}", segment->count);
}

static void put_data(Describer *d, u32 i) {
    const WasmData *segment = &d->m->data.items[i];
    put_segment(d, segment->mode, "memory", segment->memory, segment->offset);
    buf_format(d->out, ",\"size\":%u}", segment->size);
}

static void put_custom(Describer *d, u32 wanted) {
    const WasmSection *section = d->m->sections.items;
    for (u32 seen = 0;; section++) {
        if (section->id == SECTION_CUSTOM && seen++ == wanted) break;
    }
    buf_byte(d->out, '{');
    put_name(d, "name", section->name);
    u32 size = section->offset + section->size - section->payload;
    buf_format(d->out, ",\"offset\":%u,\"size\":%u}", section->payload, size);
}

static void put_producer(Describer *d, u32 i) {
    const Producer *producer = &d->m->producers.items[i];
    buf_byte(d->out, '{');
    put_name(d, "field", producer->field);
    buf_byte(d->out, ',');
    put_name(d, "name", producer->name);
    buf_byte(d->out, ',');
    put_name(d, "version", producer->version);
    buf_byte(d->out, '}');
}

static void put_target_feature(Describer *d, u32 i) { put_string(d->out, d->m->target_features.items[i]); }

static void put_features(Describer *d) {
    bool any = false;
    buf_text(d->out, ",\"features\":[");
    for (u32 i = FEATURE_MVP + 1; i < feature_count; i++) {
        if (!(d->m->features >> i & 1)) continue;
        buf_format(d->out, "%s\"%s\"", any ? "," : "", feature_text[i]);
        any = true;
    }
    buf_byte(d->out, ']');
}

void wasm_describe(const WasmModule *m, Buf *out) {
    Describer describer = {.m = m, .out = out}, *d = &describer;
    u32 customs = 0;
    for (u32 i = 0; i < m->sections.count; i++) customs += m->sections.items[i].id == SECTION_CUSTOM;
    u32 first = m->imported[KIND_FUNCTION];
    buf_format(out, "{\"version\":1,\"size\":%u,", m->file.len);
    put_name(d, "moduleName", m->name);
    buf_format(out, ",\"start\":%n,\"dataCount\":%n,\"importedFunctions\":%u", m->start, m->data_count, first);
    put_features(d);
    put_list(d, "imports", 0, m->imports.count, DESCRIBE_EXTERNS, put_import);
    put_list(d, "exports", 0, m->exports.count, DESCRIBE_EXTERNS, put_export);
    put_list(d, "sections", 0, m->sections.count, DESCRIBE_ITEMS, put_section);
    put_list(d, "custom", 0, customs, DESCRIBE_ITEMS, put_custom);
    put_list(d, "memories", 0, m->memories.count, DESCRIBE_ITEMS, put_memory);
    put_list(d, "tables", 0, m->tables.count, DESCRIBE_ITEMS, put_table);
    put_list(d, "globals", 0, m->globals.count, DESCRIBE_ITEMS, put_global);
    put_list(d, "tags", 0, m->tags.count, DESCRIBE_ITEMS, put_tag);
    put_list(d, "functions", first, m->functions.count - first, DESCRIBE_ITEMS, put_function);
    put_list(d, "types", 0, m->types.count, DESCRIBE_ITEMS, put_type_definition);
    put_list(d, "elements", 0, m->elements.count, DESCRIBE_ITEMS, put_elements);
    put_list(d, "data", 0, m->data.count, DESCRIBE_ITEMS, put_data);
    put_list(d, "producers", 0, m->producers.count, DESCRIBE_ITEMS, put_producer);
    put_list(d, "targetFeatures", 0, m->target_features.count, DESCRIBE_ITEMS, put_target_feature);
    buf_text(out, ",\"omitted\":{");
    buf_bytes(out, d->omitted.data, d->omitted.len);
    buf_text(out, "}}");
    if (d->omitted.failed) out->failed = true;
    buf_free(&d->omitted);
}

void wasm_describe_functions(const WasmModule *m, u32 first, Buf *out) {
    Describer describer = {.m = m, .out = out}, *d = &describer;
    u32 imported = m->imported[KIND_FUNCTION], count = m->functions.count - imported;
    if (first > count) first = count;
    buf_format(out, "{\"first\":%u", first);
    put_list(d, "functions", imported + first, count - first, DESCRIBE_ITEMS, put_function);
    buf_byte(out, '}');
    if (d->omitted.failed) out->failed = true;
    buf_free(&d->omitted);
}
