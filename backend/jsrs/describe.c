// A module's make-up as one JSON object for the page and the command line:
//   {version, size, headerSize, sections: [{name, offset, size, count}], strings: [text], literals: [text],
//    structs: [{name, fields: [type]}], enums: [{name, key, variants: [[type]]}], globals: [{name, type, init}],
//    functions: [{name, index, params: [{name, type}], result, blocks, instructions, offset, line, site, entry}],
//    omitted: {strings, literals, structs, enums, globals, functions}}
// `line` is the 0-based line of the function's header in the listing, `site` its first source number, `entry` true
// where it takes no parameters, `init` a decimal text or null. Lists stop after LIST_SHOWN items (types' parts after
// PARTS_SHOWN) and texts after TEXT_SHOWN bytes, so that the object stays small; `omitted` counts what was left out.
#include "jsrs/listing.h"
#include "jsrs/type_text.h"
#include "support/format.h"

enum { LIST_SHOWN = 2000, PARTS_SHOWN = 100, TEXT_SHOWN = 200, LISTS = 6 };

typedef struct Omitted {
    const char *name;
    u32 count;
} Omitted;

typedef struct Description {
    const JsrsModule *module;
    Buf *out;
    Omitted omitted[LISTS];
    u32 lists;      // written so far
    u32 line, site; // of the next function
} Description;

static u32 at_most(u32 count, u32 most) { return count < most ? count : most; }

static void put_comma(Description *d, u32 i) {
    if (i > 0) buf_byte(d->out, ',');
}

static void put_text(Description *d, Str text) { buf_json_string(d->out, jsrs_cut(text, TEXT_SHOWN)); }

static void put_type(Description *d, u32 type) {
    Buf text = {0};
    jsrs_type_text(d->module, type, &text);
    put_text(d, (Str){text.data, (u32)text.len});
    buf_free(&text);
}

static void put_types(Description *d, u32 first, u32 count) {
    buf_byte(d->out, '[');
    for (u32 i = 0; i < at_most(count, PARTS_SHOWN); i++) {
        put_comma(d, i);
        put_type(d, d->module->lists.items[first + i]);
    }
    buf_byte(d->out, ']');
}

// The letters of this file: %q string id, %t type, %T types (first, count).
static void put_own(void *context, char letter, FormatArgs *args) {
    Description *d = context;
    u32 number = va_arg(args->list, u32);
    switch (letter) {
    case 'q': put_text(d, d->module->strings.items[number]); break;
    case 't': put_type(d, number); break;
    case 'T': put_types(d, number, va_arg(args->list, u32)); break;
    }
}

static void say(Description *d, const char *format, ...) {
    FormatArgs args;
    va_start(args.list, format);
    format_text(d->out, format, &args, put_own, d);
    va_end(args.list);
}

static void put_sections(Description *d) {
    const JsrsModule *m = d->module;
    const struct {
        const char *name;
        const JsrsSection *at;
        u32 count;
    } sections[] = {{"strings", &m->strings_at, m->strings.count},
                    {"types", &m->types_at, m->structs.count + m->enums.count},
                    {"literals", &m->literals_at, m->literals.count},
                    {"globals", &m->globals_at, m->globals.count},
                    {"functions", &m->functions_at, m->functions.count}};
    buf_text(d->out, "\"sections\":[");
    for (u32 i = 0; i < countof(sections); i++) {
        if (m->version == 1 && sections[i].at == &m->literals_at) continue;
        put_comma(d, i);
        say(d, "{\"name\":\"%s\",\"offset\":%u,\"size\":%u,\"count\":%u}", sections[i].name, sections[i].at->offset,
            sections[i].at->size, sections[i].count);
    }
    buf_byte(d->out, ']');
}

static void put_list(Description *d, const char *name, u32 count, void (*put_item)(Description *d, u32 i)) {
    u32 shown = at_most(count, LIST_SHOWN);
    say(d, ",\"%s\":[", name);
    for (u32 i = 0; i < shown; i++) {
        put_comma(d, i);
        put_item(d, i);
    }
    buf_byte(d->out, ']');
    d->omitted[d->lists++] = (Omitted){name, count - shown};
}

static void put_string(Description *d, u32 i) { put_text(d, d->module->strings.items[i]); }
static void put_literal(Description *d, u32 i) { put_text(d, d->module->literals.items[i]); }

static void put_struct(Description *d, u32 i) {
    const JsrsStruct *definition = &d->module->structs.items[i];
    say(d, "{\"name\":%q,\"fields\":%T}", definition->name, definition->fields, definition->field_count);
}

static void put_enum(Description *d, u32 i) {
    const JsrsEnum *definition = &d->module->enums.items[i];
    say(d, "{\"name\":%q,\"key\":%q,\"variants\":[", definition->display, definition->key);
    for (u32 v = 0; v < at_most(definition->variant_count, PARTS_SHOWN); v++) {
        const JsrsVariant *variant = &d->module->variants.items[definition->variants + v];
        put_comma(d, v);
        put_types(d, variant->fields, variant->field_count);
    }
    buf_text(d->out, "]}");
}

static void put_global(Description *d, u32 i) {
    const JsrsGlobal *global = &d->module->globals.items[i];
    const char *quotes = global->has_init ? "\"" : "";
    say(d, "{\"name\":%q,\"type\":%t,\"init\":%s", global->name, global->type, quotes);
    if (global->has_init) {
        jsrs_constant_text(d->module, global->type, global->init, d->out);
    } else {
        buf_text(d->out, "null");
    }
    say(d, "%s}", quotes);
}

static u32 count_instructions(const JsrsModule *module, const JsrsFunction *f) {
    u32 count = 0;
    for (u32 b = 0; b < f->block_count; b++) count += module->blocks.items[f->blocks + b].inst_count;
    return count;
}

static void put_function(Description *d, u32 index) {
    const JsrsModule *m = d->module;
    const JsrsFunction *f = &m->functions.items[index];
    u32 instructions = count_instructions(m, f);
    say(d, "{\"name\":%q,\"index\":%u,\"params\":[", f->name, index);
    for (u32 i = 0; i < at_most(f->param_count, PARTS_SHOWN); i++) {
        const JsrsParam *param = &m->params.items[f->params + i];
        put_comma(d, i);
        say(d, "{\"name\":\"v%u\",\"type\":%t}", jsrs_value_id(m, f, param->value), param->type);
    }
    say(d, "],\"result\":%t,\"blocks\":%u,\"instructions\":%u,\"offset\":%u,\"line\":%u,\"site\":%u,\"entry\":%s}",
        f->result, f->block_count, instructions, f->offset, d->line, d->site, f->param_count == 0 ? "true" : "false");
    d->line += jsrs_listing_function_lines(m, f);
    d->site += instructions + 2 * f->block_count;
}

void jsrs_describe(const JsrsModule *m, Buf *out) {
    Description d = {.module = m, .out = out, .line = jsrs_listing_head_lines(m)};
    say(&d, "{\"version\":%u,\"size\":%u,\"headerSize\":%u,", m->version, m->file.len, m->header_size);
    put_sections(&d);
    put_list(&d, "strings", m->strings.count, put_string);
    put_list(&d, "literals", m->literals.count, put_literal);
    put_list(&d, "structs", m->structs.count, put_struct);
    put_list(&d, "enums", m->enums.count, put_enum);
    put_list(&d, "globals", m->globals.count, put_global);
    put_list(&d, "functions", m->functions.count, put_function);
    buf_text(out, ",\"omitted\":{");
    for (u32 i = 0; i < LISTS; i++) {
        put_comma(&d, i);
        say(&d, "\"%s\":%u", d.omitted[i].name, d.omitted[i].count);
    }
    buf_text(out, "}}");
}
