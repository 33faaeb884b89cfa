// Bytes to model: header, tables, globals and the heads of functions (spec 1-3). Hostile bytes stop here: every count
// is held against the bytes left before it is used, memory grows only with what was really read, nesting is limited.
#include "jsrs/call_targets.h"
#include "jsrs/decoder.h"
#include "jsrs/jsrs.h"
#include "support/format.h"
#include "support/text.h"

enum {
    MAGIC = 0x52534A53,
    SMALLEST_FILE = 8, // magic and version
    HEADER_V1 = 28,
    HEADER_V2 = 32,
    // Smallest encodings of list items (section 1).
    SMALLEST_STRING = 4,
    SMALLEST_STRUCT = 8,
    SMALLEST_ENUM = 8,
    SMALLEST_ENUM_V3 = 12,
    SMALLEST_VARIANT = 4,
    SMALLEST_GLOBAL = 6,
    SMALLEST_FUNCTION = 17,
    SMALLEST_PARAM = 5
};

bool decode_fail_at(Decoder *d, u32 offset, const char *format, ...) {
    if (d->in.failed) return false; // the bytes ran out before: what was read since is made up
    d->in.failed = true;
    d->where.offset = offset;
    FormatArgs args;
    va_start(args.list, format);
    error_set_args(d->error, ERR_DESERIALIZE, NULL, &d->where, format, &args);
    va_end(args.list);
    return false;
}

void decode_out_of_memory(Decoder *d) {
    d->in.failed = true;
    error_out_of_memory(d->error);
}

// The first failure as an error, if there was one: bytes that ran out have not been reported yet.
static bool finish(Decoder *d) {
    if (!d->in.failed) return true;
    d->in.failed = false; // for decode_fail_at; an error that was set before stays
    return decode_fail_at(d, d->in.failed_at, "truncated binary input: the bytes end within the %s", d->section);
}

u32 decode_count(Decoder *d, u32 smallest, const char *items) {
    u32 at = reader_offset(&d->in);
    u32 count = reader_u32(&d->in);
    if ((u64)count * smallest <= reader_left(&d->in)) return count;
    decode_fail_at(d, at, "truncated binary input: %u %s do not fit into the rest of the %s", count, items, d->section);
    return 0;
}

u8 decode_bool(Decoder *d, const char *what) {
    u32 at = reader_offset(&d->in);
    u8 byte = reader_u8(&d->in);
    if (byte > 1) decode_fail_at(d, at, "%s is %u, neither 0 nor 1", what, (u32)byte);
    return byte;
}

u32 decode_string_id(Decoder *d) {
    u32 at = reader_offset(&d->in);
    u32 id = reader_u32(&d->in);
    if (likely(id < d->module->strings.count)) return id;
    decode_fail_at(d, at, "string id %u is not below the string count %u", id, d->module->strings.count);
    return 0;
}

u32 decode_params(Decoder *d, const char *items, u32 *count) {
    JsrsModule *module = d->module;
    *count = decode_count(d, SMALLEST_PARAM, items);
    u32 start = module->params.count;
    for (u32 i = 0; i < *count && !d->in.failed; i++) {
        JsrsParam param = {.type = decode_type(d)};
        param.value = reader_u32(&d->in);
        decode_push(d, &module->params, param);
    }
    return start;
}

// One text of the string or literal table, which must be UTF-8.
static Str read_text(Decoder *d) {
    u32 len = decode_count(d, 1, "bytes of text");
    u32 at = reader_offset(&d->in);
    Str text = {reader_take(&d->in, len), len};
    u32 bad;
    if (!d->in.failed && !utf8_valid(text, &bad)) decode_fail_at(d, at + bad, "a text is not UTF-8");
    return d->in.failed ? (Str){0} : text;
}

static void read_strings(Decoder *d) {
    u32 count = decode_count(d, SMALLEST_STRING, "strings");
    for (u32 i = 0; i < count && !d->in.failed; i++) decode_push(d, &d->module->strings, read_text(d));
    if (!d->in.failed && !jsrs_types_init(&d->types, d->module, &d->scratch)) decode_out_of_memory(d);
}

static void read_literals(Decoder *d) {
    u32 count = decode_count(d, SMALLEST_STRING, "literals");
    for (u32 i = 0; i < count && !d->in.failed; i++) decode_push(d, &d->module->literals, read_text(d));
}

static void read_struct(Decoder *d) {
    JsrsStruct definition = {.name = decode_string_id(d)};
    definition.fields = decode_fields(d, &definition.field_count);
    decode_push(d, &d->module->structs, definition);
}

static void read_enum(Decoder *d) {
    JsrsModule *module = d->module;
    JsrsEnum definition = {.key = decode_string_id(d)};
    definition.display = module->version >= 3 ? decode_string_id(d) : definition.key;
    definition.variant_count = decode_count(d, SMALLEST_VARIANT, "variants");
    definition.variants = module->variants.count;
    for (u32 i = 0; i < definition.variant_count && !d->in.failed; i++) {
        JsrsVariant variant = {0};
        variant.fields = decode_fields(d, &variant.field_count);
        decode_push(d, &module->variants, variant);
    }
    decode_push(d, &module->enums, definition);
}

static void read_types(Decoder *d) {
    u32 structs = decode_count(d, SMALLEST_STRUCT, "structs");
    for (u32 i = 0; i < structs && !d->in.failed; i++) read_struct(d);
    u32 enums = decode_count(d, d->module->version >= 3 ? SMALLEST_ENUM_V3 : SMALLEST_ENUM, "enums");
    for (u32 i = 0; i < enums && !d->in.failed; i++) read_enum(d);
    if (!d->in.failed && !jsrs_types_link(&d->types)) decode_out_of_memory(d);
}

static u64 read_global_constant(Decoder *d, u32 type) {
    switch (d->module->types.items[type].tag) {
    case TAG_INT:
    case TAG_FLOAT: return reader_u64(&d->in);
    case TAG_BOOL: return decode_bool(d, "a boolean constant");
    }
    decode_fail_at(d, reader_offset(&d->in), "a global of this type can't have a constant");
    return 0;
}

static void read_globals(Decoder *d) {
    u32 count = decode_count(d, SMALLEST_GLOBAL, "globals");
    for (u32 i = 0; i < count && !d->in.failed; i++) {
        JsrsGlobal global = {.name = decode_string_id(d)};
        global.type = decode_type(d);
        global.has_init = decode_bool(d, "a global's presence byte");
        if (global.has_init && !d->in.failed) global.init = read_global_constant(d, global.type);
        decode_push(d, &d->module->globals, global);
    }
}

static void read_function(Decoder *d) {
    JsrsModule *module = d->module;
    JsrsFunction function = {.offset = reader_offset(&d->in)};
    function.name = decode_string_id(d);
    if (d->in.failed) return;
    function.params = decode_params(d, "parameters", &function.param_count);
    function.result = decode_type(d);
    function.locals = decode_params(d, "locals", &function.local_count);
    function.blocks = decode_blocks(d, &function.block_count);
    // Of one that breaks off the name stays, for messages.
    decode_push(d, &module->functions, function);
}

static void read_functions(Decoder *d) {
    u32 count = decode_count(d, SMALLEST_FUNCTION, "functions");
    for (u32 i = 0; i < count && !d->in.failed; i++) {
        d->where = (Where){NO_OFFSET, i, NO_INDEX, NO_INDEX};
        read_function(d);
    }
    if (d->in.failed) return;
    d->where = NOWHERE;
    if (!jsrs_call_targets_build(d->module, &d->scratch)) decode_out_of_memory(d);
}

// A section must be read exactly to its end.
static bool read_section(Decoder *d, const char *name, JsrsSection section, void (*read)(Decoder *)) {
    d->section = name;
    d->in.next = d->in.start + section.offset;
    d->in.end = d->in.next + section.size;
    read(d);
    if (!finish(d)) return false;
    if (reader_left(&d->in) == 0) return true;
    return decode_fail_at(d, reader_offset(&d->in), "%U bytes are left over at the end of the %s",
                          (u64)reader_left(&d->in), name);
}

// Magic and version are looked at before the length of the header.
static bool read_version(Decoder *d) {
    if (reader_u32(&d->in) != MAGIC) return decode_fail_at(d, 0, "invalid binary magic");
    u32 version = d->module->version = reader_u32(&d->in);
    if (version >= 1 && version <= 3) return true;
    d->where.offset = 4;
    return error_set(d->error, ERR_VERSION, d->where, "unsupported binary version %u", version);
}

// The offsets of the header, which must rise and stay in the file; a section ends where the next one starts.
static bool read_header(Decoder *d) {
    JsrsModule *module = d->module;
    Str file = module->file;
    module->header_size = module->version == 1 ? HEADER_V1 : HEADER_V2;
    if (file.len < module->header_size) {
        return decode_fail_at(d, file.len, "truncated binary input: %u bytes of a %u byte header", file.len,
                              module->header_size);
    }
    u32 flags = reader_u32(&d->in);
    if (flags != 0) return decode_fail_at(d, 8, "header flags are %u instead of 0", flags);
    JsrsSection *sections[] = {&module->strings_at, &module->types_at, &module->literals_at, &module->globals_at,
                               &module->functions_at};
    JsrsSection *before = NULL;
    u32 least = module->header_size;
    for (u32 i = 0; i < countof(sections); i++) {
        if (module->version == 1 && sections[i] == &module->literals_at) continue;
        u32 at = reader_offset(&d->in);
        u32 offset = sections[i]->offset = reader_u32(&d->in);
        if (offset < least || offset > file.len) {
            return decode_fail_at(d, at, "section offset %u is out of order or past the end of the file", offset);
        }
        if (before) before->size = offset - before->offset;
        before = sections[i];
        least = offset;
    }
    module->functions_at.size = file.len - module->functions_at.offset;
    return true;
}

// Every list has storage from the start, so that "items + first" is a pointer even where a list is empty.
static bool reserve_lists(Decoder *d) {
    JsrsModule *m = d->module;
    return vec_reserve(d->arena, &m->variants, 1) && vec_reserve(d->arena, &m->params, 1) &&
           vec_reserve(d->arena, &m->lists, 1) && vec_reserve(d->arena, &m->cases, 1) &&
           vec_reserve(d->arena, &m->blocks, 1) && vec_reserve(d->arena, &m->functions, 1) &&
           vec_reserve(&d->scratch, &d->pending, 1);
}

static bool decode(Decoder *d) {
    JsrsModule *module = d->module;
    Str file = module->file;
    if (file.len < SMALLEST_FILE) {
        return decode_fail_at(d, file.len, "truncated binary input: %u bytes, no JSRS header", file.len);
    }
    d->in = (Reader){.start = file.data, .next = file.data, .end = file.data + file.len};
    return read_version(d) && read_header(d) && reserve_lists(d) &&
           read_section(d, "strings section", module->strings_at, read_strings) &&
           read_section(d, "types section", module->types_at, read_types) &&
           (module->version == 1 || read_section(d, "literals section", module->literals_at, read_literals)) &&
           read_section(d, "globals section", module->globals_at, read_globals) &&
           read_section(d, "functions section", module->functions_at, read_functions);
}

bool jsrs_decode(JsrsModule *module, Arena *arena, Str file, Error *error) {
    *module = (JsrsModule){.arena = arena, .file = file};
    Decoder d = {.module = module, .arena = arena, .error = error, .where = NOWHERE};
    arena_init(&d.scratch, arena->limit);
    bool good = decode(&d);
    arena_free(&d.scratch);
    return good || error_out_of_memory(error); // the first error stays
}
