// Custom sections that say something about the module: `name` (core specification 7.4 and the extended name section),
// `producers` and `target_features` (tool conventions). They are read as far as they make sense.
#include "wasm/decode.h"

// Subsections of `name`.
enum { NAME_MODULE, NAME_FUNCTIONS, NAME_LOCALS, NAME_LABELS, NAME_FIELDS = 10, NAME_END = 12 };

static const u8 name_spaces[NAME_END] = {
    [NAME_FUNCTIONS] = SPACE_FUNCTIONS,
    [4] = SPACE_TYPES,
    [5] = SPACE_TABLES,
    [6] = SPACE_MEMORIES,
    [7] = SPACE_GLOBALS,
    [8] = SPACE_ELEMENTS,
    [9] = SPACE_DATA,
    [11] = SPACE_TAGS,
};

static u32 named_count(const WasmModule *m, Space space) {
    return space == SPACE_DATA ? m->data.count : wasm_space_count(m, space);
}

static void read_names(Decoder *d, Input *in, Space space) {
    NameList *names = &d->m->names[space];
    u32 total = named_count(d->m, space), count = input_count(in, "names");
    if (!names->items && count > 0 && total > 0) {
        names->items = arena_new(d->arena, Str, total);
        if (!names->items) {
            d->code.in.failed = true;
            return;
        }
        names->count = total;
    }
    for (u32 i = 0; i < count && !in->failed; i++) {
        u32 index = input_u32(in);
        Str name = input_name(in, false);
        if (!in->failed && index < names->count) names->items[index] = name;
    }
}

static void read_name_section(Decoder *d, Input *in) {
    WasmModule *m = d->m;
    while (in->next < in->end && !in->failed) {
        u32 id = input_u8(in), size = input_u32(in);
        const u8 *content = input_take(in, size);
        if (!content) return;
        Error ignored;
        error_clear(&ignored);
        Input part = *in;
        part.error = &ignored;
        part.next = content;
        part.end = content + size;
        Str bytes = {content, size};
        switch (id) {
        case NAME_MODULE: {
            Str name = input_name(&part, false);
            if (!part.failed) m->name = name;
            break;
        }
        case NAME_LOCALS: m->local_names = bytes; break;
        case NAME_LABELS: m->label_names = bytes; break;
        case NAME_FIELDS: m->field_names = bytes; break;
        default:
            if (id < NAME_END) read_names(d, &part, (Space)name_spaces[id]);
        }
    }
}

static void read_producers(Decoder *d, Input *in) {
    u32 fields = input_count(in, "fields");
    for (u32 f = 0; f < fields && !in->failed; f++) {
        Producer producer = {.field = input_name(in, false)};
        u32 count = input_count(in, "values");
        for (u32 i = 0; i < count && !in->failed; i++) {
            producer.name = input_name(in, false);
            producer.version = input_name(in, false);
            if (!in->failed) decoder_push(d, &d->m->producers, producer);
        }
    }
}

// Each is a prefix, `+` used, `-` not to be used, `=` required, and a name: shown as one text, which in the file are
// the bytes of the prefix, the length and the name.
static void read_target_features(Decoder *d, Input *in) {
    u32 count = input_count(in, "features");
    for (u32 i = 0; i < count && !in->failed; i++) {
        u8 prefix = input_u8(in);
        Str name = input_name(in, false);
        if (in->failed) return;
        u8 *text = arena_new(d->arena, u8, name.len + 1u);
        if (!text) {
            d->code.in.failed = true;
            return;
        }
        text[0] = prefix;
        if (name.len) mem_copy(text + 1, name.data, name.len);
        decoder_push(d, &d->m->target_features, ((Str){text, name.len + 1}));
    }
}

void decode_custom(Decoder *d, Str name) {
    Error ignored;
    error_clear(&ignored);
    Input in = d->code.in;
    in.error = &ignored;
    if (str_equal(name, STR("name"))) read_name_section(d, &in);
    if (str_equal(name, STR("producers"))) read_producers(d, &in);
    if (str_equal(name, STR("target_features"))) read_target_features(d, &in);
}
