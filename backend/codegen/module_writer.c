// See module_writer.h. Sections in the order of the core specification (5.5), the custom ones behind them.
#include "codegen/module_writer.h"

#include "codegen/module_custom.h"
#include "codegen/module_data.h"
#include "codegen/module_link.h"
#include "support/leb.h"

enum {
    SECTION_CUSTOM = 0,
    SECTION_TYPE = 1,
    SECTION_IMPORT = 2,
    SECTION_FUNCTION = 3,
    SECTION_MEMORY = 5,
    SECTION_GLOBAL = 6,
    SECTION_EXPORT = 7,
    SECTION_CODE = 10,
    SECTION_DATA = 11,

    KIND_FUNCTION = 0,
    KIND_MEMORY = 2,
    KIND_GLOBAL = 3,

    FORM_FUNCTION = 0x60,
    HAS_MAXIMUM = 1,
    PAGE_LOG2 = 16,
    PAGES_MOST = 65536,
    MODULE_MOST = 1 << 30, // what engines take
    HEADER_BYTES = 256,    // about what a small module has beside code and data
};

typedef struct Writer {
    const WriterInput *in;
    ModuleLink link;
    ModuleData data;
    Arena scratch;
    Buf *out;
    Buf section; // content of the one at work
    VEC(CodegenOrigin) origins;
    TrapCalls calls;
} Writer;

static void end_section(Writer *w, u8 id) {
    buf_byte(w->out, id);
    buf_leb(w->out, w->section.len);
    buf_bytes(w->out, w->section.data, w->section.len);
    w->out->failed |= w->section.failed;
    buf_clear(&w->section);
}

static const LinkItem *import_item(const Writer *w, u32 import) {
    return &w->link.items[w->link.first_import + import];
}
static const LinkItem *global_item(const Writer *w, u32 global) {
    return &w->link.items[w->link.first_global + global];
}
static u32 type_number(const Writer *w, const LinkItem *item) { return w->link.types.items[item->type].number; }

static void put_types(Writer *w) {
    Buf *out = &w->section;
    buf_leb(out, w->link.types.count);
    for (u32 i = 0; i < w->link.types.count; i++) {
        const Signature *signature = &w->link.types.items[w->link.type_order[i]].signature;
        buf_byte(out, FORM_FUNCTION);
        buf_leb_str(out, (Str){signature->params, signature->param_count});
        buf_leb_str(out, (Str){signature->results, signature->result_count});
    }
    end_section(w, SECTION_TYPE);
}

static void put_imports(Writer *w) {
    if (w->link.import_count == 0) return;
    Buf *out = &w->section;
    buf_leb(out, w->link.import_count);
    for (u32 i = 0; i < IMPORT_COUNT; i++) {
        if (!import_item(w, i)->linked) continue;
        buf_leb_text(out, link_imports[i].module);
        buf_leb_text(out, link_imports[i].name);
        buf_byte(out, KIND_FUNCTION);
        buf_leb(out, type_number(w, import_item(w, i)));
    }
    end_section(w, SECTION_IMPORT);
}

static void put_functions(Writer *w) {
    const ModuleLink *link = &w->link;
    buf_leb(&w->section, link->functions.count);
    for (u32 i = 0; i < link->functions.count; i++)
        buf_leb(&w->section, type_number(w, &link->items[link->functions.items[i]]));
    end_section(w, SECTION_FUNCTION);
}

// Its minimum holds everything that has an address before the program runs; none where nothing has.
static bool put_memory(Writer *w, Error *error) {
    u64 end = w->data.end <= RUNTIME_DATA_START ? 0 : w->data.end;
    u64 minimum = (end + (1 << PAGE_LOG2) - 1) >> PAGE_LOG2, maximum = w->in->memory_limit >> PAGE_LOG2;
    if (maximum > PAGES_MOST) maximum = PAGES_MOST;
    if (minimum > maximum)
        return error_set(error, ERR_EXECUTE, NOWHERE, "memory limit reached: the program starts with %U bytes", end);
    buf_byte(&w->section, 1);
    buf_byte(&w->section, HAS_MAXIMUM);
    buf_leb(&w->section, minimum);
    buf_leb(&w->section, maximum);
    end_section(w, SECTION_MEMORY);
    return true;
}

static void put_globals(Writer *w) {
    const u32 initial[] = {[GLOBAL_STACK_POINTER] = w->in->stack_top, [GLOBAL_TRAP] = 0};
    u32 count = 0;
    for (u32 i = 0; i < countof(initial); i++) count += global_item(w, i)->linked;
    if (count == 0) return;
    buf_leb(&w->section, count);
    for (u32 i = 0; i < countof(initial); i++) {
        if (!global_item(w, i)->linked) continue;
        buf_byte(&w->section, WASM_I32);
        buf_byte(&w->section, true); // mutable
        buf_byte(&w->section, W_I32_CONST);
        buf_leb_signed(&w->section, (i32)initial[i]);
        buf_byte(&w->section, W_END);
    }
    end_section(w, SECTION_GLOBAL);
}

static void put_export(Writer *w, const char *name, u8 kind, u32 number) {
    buf_leb_text(&w->section, name);
    buf_byte(&w->section, kind);
    buf_leb(&w->section, number);
}

static void put_exports(Writer *w) {
    bool traps = global_item(w, GLOBAL_TRAP)->linked && !w->in->options->mvp;
    buf_leb(&w->section, w->in->export_count + 1 + traps);
    put_export(w, "memory", KIND_MEMORY, 0);
    for (u32 i = 0; i < w->in->export_count; i++) {
        const WriterExport *export = &w->in->exports[i];
        put_export(w, export->name, KIND_FUNCTION, w->link.items[link_item(&w->link, export->symbol)].number);
    }
    if (traps) put_export(w, TRAP_EXPORT, KIND_GLOBAL, global_item(w, GLOBAL_TRAP)->number);
    end_section(w, SECTION_EXPORT);
}

// ---- code ----

// One body where `out` stands, of the size that it was measured to have.
static u8 *write_body(Writer *w, u8 *out, const LinkBody *body) {
    out = leb_write(out, body->locals_count);
    for (u32 i = 0; i < body->locals_count; i++) {
        out = leb_write(out, body->locals[i].count);
        *out++ = body->locals[i].type;
    }
    u32 at = 0;
    for (u32 i = 0; i < body->ref_count; i++) {
        const CodeRef *ref = &body->refs[i];
        u32 plain = ref->at - at;
        mem_copy(out, body->bytes + at, plain);
        out = leb_write(out + plain, w->link.items[link_item(&w->link, ref->symbol)].number);
        at = ref->at;
    }
    mem_copy(out, body->bytes + at, body->size - at);
    return out + (body->size - at);
}

// Offsets in the module of places in a function, asked for in order: its first instruction's, and what the holes before
// them took.
typedef struct Offsets {
    const LinkBody *body;
    u32 start, ref;
} Offsets;

static u32 offset_of(const Writer *w, Offsets *o, u32 at) {
    for (; o->ref < o->body->ref_count && o->body->refs[o->ref].at <= at; o->ref++)
        o->start += leb_length(w->link.items[link_item(&w->link, o->body->refs[o->ref].symbol)].number);
    return o->start + at;
}

static bool add_origins(Writer *w, const LinkBody *body, u32 start) {
    Offsets offsets = {body, start, 0};
    for (u32 i = 0; i < body->origin_count; i++) {
        const CodeOrigin *origin = &body->origins[i];
        CodegenOrigin found = {offset_of(w, &offsets, origin->at), body->ir_function, origin->value, origin->block};
        if (!vec_push(w->in->arena, &w->origins, found)) return false;
    }
    return true;
}

static bool add_calls(Writer *w, const LinkBody *body, u32 start) {
    Offsets offsets = {body, start, 0};
    for (u32 i = 0; i < body->call_count; i++) {
        u32 place = trap_map_place(w->in->traps, w->in->module, body->calls[i].site);
        TrapCall call = {offset_of(w, &offsets, body->calls[i].at), place};
        if (!vec_push(&w->scratch, &w->calls, call)) return false;
    }
    return true;
}

static u32 declaration_size(const LinkBody *body) {
    u32 size = leb_length(body->locals_count);
    for (u32 i = 0; i < body->locals_count; i++) size += leb_length(body->locals[i].count) + 1;
    return size;
}

static u64 code_size(const ModuleLink *link) {
    u64 size = leb_length(link->functions.count);
    for (u32 i = 0; i < link->functions.count; i++) {
        u32 body = link->items[link->functions.items[i]].size;
        size += (u64)leb_length(body) + body;
    }
    return size;
}

// Written in its place at once: it is most of the module.
static bool put_code(Writer *w) {
    const ModuleLink *link = &w->link;
    u64 size = code_size(link);
    buf_byte(w->out, SECTION_CODE);
    buf_leb(w->out, size);
    buf_leb(w->out, link->functions.count);
    u8 *start = buf_room(w->out, size), *out = start;
    if (!start) return false;
    for (u32 i = 0; i < link->functions.count; i++) {
        LinkBody body = link_body(link, link->functions.items[i]);
        out = leb_write(out, link->items[link->functions.items[i]].size);
        u32 offset = (u32)(w->out->len + (size_t)(out - start));
        u32 first = offset + declaration_size(&body);
        if (!add_origins(w, &body, first) || !add_calls(w, &body, first)) return false;
        out = write_body(w, out, &body);
    }
    w->out->len += (size_t)(out - start);
    return true;
}

// ---- all of it ----

static bool put_custom(Writer *w) {
    const CodegenOptions *options = w->in->options;
    if (options->names) {
        buf_leb_text(&w->section, "name");
        custom_names(&w->link, &w->data, &w->section);
        end_section(w, SECTION_CUSTOM);
    }
    buf_leb_text(&w->section, "producers");
    custom_producers(&w->section);
    end_section(w, SECTION_CUSTOM);
    if (!options->map) return true;
    buf_leb_text(&w->section, "jsrust.map");
    if (!trap_map_write(w->in->traps, w->in->module, &w->calls, &w->scratch, &w->section)) return false;
    end_section(w, SECTION_CUSTOM);
    return true;
}

static bool fits(u64 size, Error *error) {
    return size <= MODULE_MOST || link_too_large(error, (Str){0}, size, "bytes", MODULE_MOST);
}

static bool write_module(Writer *w, Error *error) {
    if (!link_module(&w->link, w->in, &w->scratch, error) || !data_gather(&w->data, &w->link)) return false;
    u64 code = code_size(&w->link);
    if (!fits(code, error)) return false;
    if (!buf_room(w->out, (size_t)code + HEADER_BYTES)) return false;
    buf_bytes(w->out, "\0asm\1\0\0", 8);
    put_types(w);
    put_imports(w);
    put_functions(w);
    if (!put_memory(w, error)) return false;
    put_globals(w);
    put_exports(w);
    if (!put_code(w)) return false;
    if (w->data.segments.count) {
        data_write(&w->data, &w->section);
        end_section(w, SECTION_DATA);
    }
    if (!put_custom(w) || w->out->failed) return false;
    return fits(w->out->len, error);
}

bool module_write(const WriterInput *in, CodegenResult *result, Error *error) {
    *result = (CodegenResult){0};
    Writer w = {.in = in, .out = &result->wasm};
    arena_init(&w.scratch, 0);
    bool ok = write_module(&w, error);
    result->origins = w.origins.items;
    result->origin_count = w.origins.count;
    buf_free(&w.section);
    arena_free(&w.scratch);
    if (ok) return true;
    buf_free(&result->wasm);
    // What fails without a word lacks memory.
    return error->code == ERR_OK ? error_out_of_memory(error) : false;
}
