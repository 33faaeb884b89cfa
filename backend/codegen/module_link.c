// See module_link.h. Calls decide the numbers: a function below 128 is named by one byte, one below 16,384 by two.
#include "codegen/module_link.h"

#include "support/leb.h"
#include "support/map.h"
#include "support/sort.h"

// What engines take (https://webassembly.github.io/spec/js-api/#limits, and V8's own).
enum {
    FUNCTIONS_MOST = 1000000,
    PARAMETERS_MOST = 1000,
    LOCALS_MOST = 50000,
    BODY_MOST = 7654321,
};

static const u8 i32s[] = {WASM_I32, WASM_I32, WASM_I32, WASM_I32};
#define I32S(params, results) i32s, i32s, params, results
#define WASI "wasi_snapshot_preview1"
const LinkImport link_imports[IMPORT_COUNT] = {
    [IMPORT_WRITE_BYTE] = {"env", "jsrust_write_byte", {I32S(1, 1)}},
    [IMPORT_FLUSH] = {"env", "jsrust_flush", {I32S(0, 1)}},
    [IMPORT_WRITE] = {"env", "jsrust_write", {I32S(2, 1)}},
    [IMPORT_FD_WRITE] = {WASI, "fd_write", {I32S(4, 1)}},
    [IMPORT_PROC_EXIT] = {WASI, "proc_exit", {I32S(1, 0)}},
};

u32 link_item(const ModuleLink *link, Symbol symbol) {
    switch (symbol & SYMBOL_KIND) {
    case SYMBOL_RUNTIME: return link->in->function_count + runtime_bound(symbol - SYMBOL_RUNTIME, link->in->options);
    case SYMBOL_IMPORT: return link->first_import + symbol - SYMBOL_IMPORT;
    case SYMBOL_GLOBAL: return link->first_global + symbol - SYMBOL_GLOBAL;
    default: return link->item_of[symbol];
    }
}

// Where code is to be small, what clang's mem* functions do is one instruction.
static void use_bulk_memory(const ModuleLink *link, LinkBody *body) {
    static const u8 copy[] = {W_LOCAL_GET, 0, W_LOCAL_GET, 1, W_LOCAL_GET, 2, 0xfc, 10, 0, 0, W_LOCAL_GET, 0, W_END};
    static const u8 fill[] = {W_LOCAL_GET, 0, W_LOCAL_GET, 1, W_LOCAL_GET, 2, 0xfc, 11, 0, W_LOCAL_GET, 0, W_END};
    if (!link->in->options->small || link->in->options->mvp) return;
    if (str_equal(body->name, STR("memcpy")) || str_equal(body->name, STR("memmove")))
        body->bytes = copy, body->size = sizeof copy;
    else if (str_equal(body->name, STR("memset"))) body->bytes = fill, body->size = sizeof fill;
    else return;
    body->ref_count = body->locals_count = 0;
}

LinkBody link_body(const ModuleLink *link, u32 item) {
    if (item < link->in->function_count) {
        const WriterFunction *f = &link->in->functions[item];
        const Code *code = f->code;
        return (LinkBody){
            .name = f->name,
            .signature = f->signature,
            .bytes = code->bytes.items,
            .refs = code->refs.items,
            .locals = code->locals.items,
            .origins = code->origins.items,
            .calls = code->calls.items,
            .size = code->bytes.count,
            .ref_count = code->refs.count,
            .locals_count = code->locals.count,
            .origin_count = code->origins.count,
            .call_count = code->calls.count,
            .ir_function = f->ir_function,
        };
    }
    const RuntimeCode *code = &link->runtime.functions[item - link->in->function_count];
    LinkBody body = {
        .name = code->name,
        .signature = code->signature,
        .bytes = code->bytes,
        .refs = code->refs,
        .locals = code->locals,
        .size = code->size,
        .ref_count = code->ref_count,
        .locals_count = code->locals_count,
    };
    use_bulk_memory(link, &body);
    return body;
}

bool link_touches(const ModuleLink *link, u32 data) {
    for (u32 i = 0; i < link->runtime.function_count; i++) {
        const RuntimeCode *code = &link->runtime.functions[i];
        if (!link->items[link->in->function_count + i].linked) continue;
        for (u32 n = 0; n < code->data_count; n++)
            if (code->data[n] == data) return true;
    }
    return false;
}

// ---- what is reached ----

static bool reach(ModuleLink *link, u32 item) {
    LinkItem *at = &link->items[item];
    if (at->linked) return true;
    at->linked = true;
    if (item >= link->first_global) return true;
    if (item >= link->first_import) return link->import_count++, true;
    return vec_push(link->scratch, &link->functions, item);
}

static bool reach_all(ModuleLink *link) {
    const WriterInput *in = link->in;
    for (u32 i = 0; i < in->export_count; i++)
        if (!reach(link, link_item(link, in->exports[i].symbol))) return false;
    for (u32 i = 0; i < link->functions.count; i++) {
        LinkBody body = link_body(link, link->functions.items[i]);
        for (u32 ref = 0; ref < body.ref_count; ref++) {
            u32 item = link_item(link, body.refs[ref].symbol);
            link->items[item].uses++;
            if (!reach(link, item)) return false;
        }
    }
    return true;
}

static bool make_items(ModuleLink *link) {
    const WriterInput *in = link->in;
    u32 symbols = 0;
    for (u32 i = 0; i < in->function_count; i++)
        if (in->functions[i].symbol >= symbols) symbols = in->functions[i].symbol + 1;
    link->first_import = in->function_count + link->runtime.function_count;
    link->first_global = link->first_import + IMPORT_COUNT;
    link->item_count = link->first_global + GLOBAL_TRAP + 1;
    link->item_of = arena_new(link->scratch, u32, symbols);
    link->items = arena_new(link->scratch, LinkItem, link->item_count);
    if (!link->item_of || !link->items) return false;
    for (u32 i = 0; i < in->function_count; i++) link->item_of[in->functions[i].symbol] = i;
    return true;
}

// ---- types ----

static bool same_signature(Signature a, Signature b) {
    return str_equal((Str){a.params, a.param_count}, (Str){b.params, b.param_count}) &&
           str_equal((Str){a.results, a.result_count}, (Str){b.results, b.result_count});
}

static bool add_type(ModuleLink *link, Map *seen, Signature signature, u32 *type) {
    u64 key = hash_bytes(signature.params, signature.param_count) ^
              hash_bytes(signature.results, signature.result_count) << 1;
    *type = map_get(seen, key);
    if (*type == MAP_NONE || !same_signature(link->types.items[*type].signature, signature)) {
        *type = link->types.count;
        LinkType added = {.signature = signature};
        if (!vec_push(link->scratch, &link->types, added) || !map_set(link->scratch, seen, key, *type)) return false;
    }
    link->types.items[*type].uses++;
    return true;
}

// The items that keys (see sort.h) name, those with the most uses first.
static bool order_by_use(ModuleLink *link, u64 *keys, u32 count, u32 *order) {
    if (!sort_u64(link->scratch, keys, count)) return false;
    for (u32 i = 0; i < count; i++) order[i] = (u32)keys[i];
    return true;
}

static u64 key_of(u32 uses, u32 item) { return (u64)~uses << 32 | item; }

static bool number_types(ModuleLink *link) {
    Map seen = {0};
    for (u32 i = 0; i < IMPORT_COUNT; i++) {
        LinkItem *item = &link->items[link->first_import + i];
        if (item->linked && !add_type(link, &seen, link_imports[i].signature, &item->type)) return false;
    }
    for (u32 i = 0; i < link->functions.count; i++) {
        u32 item = link->functions.items[i];
        if (!add_type(link, &seen, link_body(link, item).signature, &link->items[item].type)) return false;
    }
    u32 count = link->types.count;
    u64 *keys = arena_new(link->scratch, u64, count);
    link->type_order = arena_new(link->scratch, u32, count);
    if (!keys || !link->type_order) return false;
    for (u32 i = 0; i < count; i++) keys[i] = key_of(link->types.items[i].uses, i);
    if (!order_by_use(link, keys, count, link->type_order)) return false;
    for (u32 i = 0; i < count; i++) link->types.items[link->type_order[i]].number = i;
    return true;
}

// ---- functions ----

static void number_rest(ModuleLink *link, u32 first, u32 end) {
    for (u32 i = first, number = 0; i < end; i++)
        if (link->items[i].linked) link->items[i].number = number++;
}

static bool number_functions(ModuleLink *link) {
    u32 count = link->functions.count;
    u64 *keys = arena_new(link->scratch, u64, count);
    if (!keys) return false;
    for (u32 i = 0; i < count; i++) {
        u32 item = link->functions.items[i];
        keys[i] = key_of(link->items[item].uses, item);
    }
    if (!order_by_use(link, keys, count, link->functions.items)) return false;
    for (u32 i = 0; i < count; i++) link->items[link->functions.items[i]].number = link->import_count + i;
    return true;
}

bool link_too_large(Error *error, Str function, u64 has, const char *of, u32 most) {
    return error_set(error, ERR_EXECUTE, NOWHERE, "%s%S is too large for WebAssembly: it has %U %s, the limit is %u",
                     function.len ? "function " : "the program", &function, has, of, most);
}

static bool measure(ModuleLink *link, u32 item, Error *error) {
    LinkBody body = link_body(link, item);
    u64 locals = body.signature.param_count, size = (u64)body.size + leb_length(body.locals_count);
    if (locals > PARAMETERS_MOST) return link_too_large(error, body.name, locals, "parameters", PARAMETERS_MOST);
    for (u32 i = 0; i < body.locals_count; i++) {
        locals += body.locals[i].count;
        size += leb_length(body.locals[i].count) + 1;
    }
    if (locals > LOCALS_MOST) return link_too_large(error, body.name, locals, "locals", LOCALS_MOST);
    for (u32 i = 0; i < body.ref_count; i++)
        size += leb_length(link->items[link_item(link, body.refs[i].symbol)].number);
    if (size > BODY_MOST) return link_too_large(error, body.name, size, "bytes of code", BODY_MOST);
    link->items[item].size = (u32)size;
    return true;
}

bool link_module(ModuleLink *link, const WriterInput *in, Arena *scratch, Error *error) {
    *link = (ModuleLink){.in = in, .scratch = scratch};
    if (!runtime_unpack(scratch, &link->runtime) || !make_items(link) || !reach_all(link)) return false;
    u32 count = link->functions.count + link->import_count;
    if (count > FUNCTIONS_MOST) return link_too_large(error, (Str){0}, count, "functions", FUNCTIONS_MOST);
    if (!number_types(link) || !number_functions(link)) return false;
    number_rest(link, link->first_import, link->first_global);
    number_rest(link, link->first_global, link->item_count);
    for (u32 i = 0; i < link->functions.count; i++)
        if (!measure(link, link->functions.items[i], error)) return false;
    return true;
}
