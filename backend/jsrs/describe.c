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

enum { LIST_SHOWN = 2000, PARTS_SHOWN = 100, TEXT_SHOWN = 200 };

typedef struct Description {
    const JsrsModule *module;
    Buf *out;
} Description;

static void put_text(Buf *out, Str text) { buf_json_string(out, jsrs_cut(text, TEXT_SHOWN)); }

static void put_string(Description *d, u32 string) { put_text(d->out, d->module->strings.items[string]); }

static void put_type(Description *d, u32 type) {
    Buf text;
    buf_init(&text, 0);
    jsrs_type_text(d->module, type, &text);
    put_text(d->out, (Str){text.data, (u32)text.len});
    buf_free(&text);
}

static u32 at_most(u32 count, u32 most) { return count < most ? count : most; }

static void put_comma(Description *d, u32 i) {
    if (i > 0) buf_byte(d->out, ',');
}

static void put_section(Description *d, const char *name, JsrsSection section, u32 count) {
    buf_format(d->out, "{\"name\":\"%s\",\"offset\":%u,\"size\":%u,\"count\":%u}", name, section.offset, section.size,
               count);
}

static void put_sections(Description *d) {
    const JsrsModule *m = d->module;
    buf_text(d->out, "\"sections\":[");
    put_section(d, "strings", m->strings_at, m->strings.count);
    buf_byte(d->out, ',');
    put_section(d, "types", m->types_at, m->structs.count + m->enums.count);
    buf_byte(d->out, ',');
    if (m->version >= 2) {
        put_section(d, "literals", m->literals_at, m->literals.count);
        buf_byte(d->out, ',');
    }
    put_section(d, "globals", m->globals_at, m->globals.count);
    buf_byte(d->out, ',');
    put_section(d, "functions", m->functions_at, m->functions.count);
    buf_byte(d->out, ']');
}

static void put_texts(Description *d, const char *name, const Str *texts, u32 count) {
    buf_format(d->out, ",\"%s\":[", name);
    for (u32 i = 0; i < at_most(count, LIST_SHOWN); i++) {
        put_comma(d, i);
        put_text(d->out, texts[i]);
    }
    buf_byte(d->out, ']');
}

static void put_types(Description *d, u32 first, u32 count) {
    buf_byte(d->out, '[');
    for (u32 i = 0; i < at_most(count, PARTS_SHOWN); i++) {
        put_comma(d, i);
        put_type(d, d->module->lists.items[first + i]);
    }
    buf_byte(d->out, ']');
}

static void put_structs(Description *d) {
    buf_text(d->out, ",\"structs\":[");
    for (u32 i = 0; i < at_most(d->module->structs.count, LIST_SHOWN); i++) {
        const JsrsStruct *definition = &d->module->structs.items[i];
        put_comma(d, i);
        buf_text(d->out, "{\"name\":");
        put_string(d, definition->name);
        buf_text(d->out, ",\"fields\":");
        put_types(d, definition->fields, definition->field_count);
        buf_byte(d->out, '}');
    }
    buf_byte(d->out, ']');
}

static void put_enum(Description *d, const JsrsEnum *definition) {
    buf_text(d->out, "{\"name\":");
    put_string(d, definition->display);
    buf_text(d->out, ",\"key\":");
    put_string(d, definition->key);
    buf_text(d->out, ",\"variants\":[");
    for (u32 i = 0; i < at_most(definition->variant_count, PARTS_SHOWN); i++) {
        const JsrsVariant *variant = &d->module->variants.items[definition->variants + i];
        put_comma(d, i);
        put_types(d, variant->fields, variant->field_count);
    }
    buf_text(d->out, "]}");
}

static void put_enums(Description *d) {
    buf_text(d->out, ",\"enums\":[");
    for (u32 i = 0; i < at_most(d->module->enums.count, LIST_SHOWN); i++) {
        put_comma(d, i);
        put_enum(d, &d->module->enums.items[i]);
    }
    buf_byte(d->out, ']');
}

static void put_globals(Description *d) {
    buf_text(d->out, ",\"globals\":[");
    for (u32 i = 0; i < at_most(d->module->globals.count, LIST_SHOWN); i++) {
        const JsrsGlobal *global = &d->module->globals.items[i];
        put_comma(d, i);
        buf_text(d->out, "{\"name\":");
        put_string(d, global->name);
        buf_text(d->out, ",\"type\":");
        put_type(d, global->type);
        buf_text(d->out, ",\"init\":");
        if (global->has_init) {
            buf_byte(d->out, '"');
            jsrs_constant_text(d->module, global->type, global->init, d->out);
            buf_byte(d->out, '"');
        } else {
            buf_text(d->out, "null");
        }
        buf_byte(d->out, '}');
    }
    buf_byte(d->out, ']');
}

static u32 count_instructions(const JsrsModule *module, const JsrsFunction *f) {
    u32 count = 0;
    for (u32 b = 0; b < f->block_count; b++) count += module->blocks.items[f->blocks + b].inst_count;
    return count;
}

static void put_params(Description *d, const JsrsFunction *f) {
    const JsrsModule *module = d->module;
    buf_text(d->out, ",\"params\":[");
    for (u32 i = 0; i < at_most(f->param_count, PARTS_SHOWN); i++) {
        const JsrsParam *param = &module->params.items[f->params + i];
        u32 id = module->resolved ? module->values.items[f->values + param->value].id : param->value;
        put_comma(d, i);
        buf_format(d->out, "{\"name\":\"v%u\",\"type\":", id);
        put_type(d, param->type);
        buf_byte(d->out, '}');
    }
    buf_byte(d->out, ']');
}

static void put_function(Description *d, u32 index, u32 line, u32 site) {
    const JsrsFunction *f = &d->module->functions.items[index];
    buf_text(d->out, "{\"name\":");
    put_string(d, f->name);
    buf_format(d->out, ",\"index\":%u", index);
    put_params(d, f);
    buf_text(d->out, ",\"result\":");
    put_type(d, f->result);
    buf_format(d->out, ",\"blocks\":%u,\"instructions\":%u,\"offset\":%u,\"line\":%u,\"site\":%u,\"entry\":%s}",
               f->block_count, count_instructions(d->module, f), f->offset, line, site,
               f->param_count == 0 ? "true" : "false");
}

static void put_functions(Description *d) {
    const JsrsModule *module = d->module;
    u32 line = jsrs_listing_head_lines(module), site = 0;
    buf_text(d->out, ",\"functions\":[");
    for (u32 i = 0; i < at_most(module->functions.count, LIST_SHOWN); i++) {
        const JsrsFunction *f = &module->functions.items[i];
        put_comma(d, i);
        put_function(d, i, line, site);
        line += jsrs_listing_function_lines(module, f);
        site += count_instructions(module, f) + 2 * f->block_count;
    }
    buf_byte(d->out, ']');
}

static void put_omitted(Description *d) {
    const JsrsModule *m = d->module;
    const struct {
        const char *name;
        u32 count;
    } lists[] = {{"strings", m->strings.count}, {"literals", m->literals.count}, {"structs", m->structs.count},
                 {"enums", m->enums.count},     {"globals", m->globals.count},   {"functions", m->functions.count}};
    buf_text(d->out, ",\"omitted\":{");
    for (u32 i = 0; i < countof(lists); i++) {
        put_comma(d, i);
        buf_format(d->out, "\"%s\":%u", lists[i].name, lists[i].count - at_most(lists[i].count, LIST_SHOWN));
    }
    buf_byte(d->out, '}');
}

void jsrs_describe(const JsrsModule *module, Buf *out) {
    Description d = {module, out};
    buf_format(out, "{\"version\":%u,\"size\":%u,\"headerSize\":%u,", module->version, module->file.len,
               module->header_size);
    put_sections(&d);
    put_texts(&d, "strings", module->strings.items, module->strings.count);
    put_texts(&d, "literals", module->literals.items, module->literals.count);
    put_structs(&d);
    put_enums(&d);
    put_globals(&d);
    put_functions(&d);
    put_omitted(&d);
    buf_byte(out, '}');
}
