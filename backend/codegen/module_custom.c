// See module_custom.h.
#include "codegen/module_custom.h"

#include "support/leb.h"
#include "support/version.h"

enum { NAMES_MODULE = 0, NAMES_FUNCTIONS = 1, NAMES_GLOBALS = 7, NAMES_DATA = 9 };

// Puts the content behind its number and size, and empties it.
static void put_part(Buf *out, u8 number, Buf *content) {
    buf_byte(out, number);
    buf_leb(out, content->len);
    buf_bytes(out, content->data, content->len);
    out->failed |= content->failed;
    buf_clear(content);
}

static void put_name(Buf *out, u32 number, Str name) {
    buf_leb(out, number);
    buf_leb_str(out, name);
}

// Segments are named after what they start with, and numbered, so that no two have one name.
static void put_data_names(const ModuleLink *link, const ModuleData *data, Buf *part) {
    Buf name = {0};
    buf_leb(part, data->segments.count);
    for (u32 i = 0; i < data->segments.count; i++) {
        u64 start = data->segments.items[i].start;
        buf_format(&name, "%s.%u",
                   start < data->program         ? "runtime"
                   : start < link->in->heap_base ? "constants"
                                                 : "places",
                   i);
        put_name(part, i, (Str){name.data, (u32)name.len});
        part->failed |= name.failed;
        buf_clear(&name);
    }
    buf_free(&name);
}

void custom_names(const ModuleLink *link, const ModuleData *data, Buf *out) {
    static const Str globals[] = {[GLOBAL_STACK_POINTER] = STR("stack_pointer"), [GLOBAL_TRAP] = STR("trap")};
    Buf part = {0};
    const IrModule *m = link->in->module;
    buf_leb_str(&part, m->functions.items[m->entry].name);
    put_part(out, NAMES_MODULE, &part);

    buf_leb(&part, link->import_count + link->functions.count);
    for (u32 i = 0; i < IMPORT_COUNT; i++) {
        const LinkItem *item = &link->items[link->first_import + i];
        if (!item->linked) continue;
        buf_leb(&part, item->number);
        buf_leb_text(&part, link_imports[i].name);
    }
    for (u32 i = 0; i < link->functions.count; i++)
        put_name(&part, link->import_count + i, link_body(link, link->functions.items[i]).name);
    put_part(out, NAMES_FUNCTIONS, &part);

    u32 count = 0;
    for (u32 i = 0; i < countof(globals); i++) count += link->items[link->first_global + i].linked;
    buf_leb(&part, count);
    for (u32 i = 0; i < countof(globals); i++) {
        const LinkItem *item = &link->items[link->first_global + i];
        if (item->linked) put_name(&part, item->number, globals[i]);
    }
    if (count) put_part(out, NAMES_GLOBALS, &part);
    buf_clear(&part);

    put_data_names(link, data, &part);
    if (data->segments.count) put_part(out, NAMES_DATA, &part);
    buf_free(&part);
}

void custom_producers(Buf *out) {
    buf_leb(out, 1);
    buf_leb_str(out, STR("processed-by"));
    buf_leb(out, 1);
    buf_leb_str(out, STR(PROJECT_NAME));
    buf_leb_str(out, STR(PROJECT_VERSION));
}
