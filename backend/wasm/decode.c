// The main path of the decoder: header, then sections in their order (core specification 5.5).
#include "wasm/decode.h"

#include "wasm/types.h"

// What the JavaScript API demands of engines for most sections; segments of elements may be more.
enum { ITEMS_MOST = 1000000 };

static const Str section_name[] = {
#define SECTION(name, id, text) [id] = {(const u8 *)text, sizeof(text) - 1},
#include "wasm/sections.def"
};

static const char *section_text(u32 id) { return (const char *)section_name[id].data; }

// Place in the order, 1 = first; custom sections stand anywhere.
static const u8 section_rank[] = {
#define SECTION(name, id, text) [id] = __COUNTER__ + 1,
#include "wasm/sections.def"
};

u32 wasm_space_count(const WasmModule *m, Space space) {
    switch (space) {
    case SPACE_FUNCTIONS: return m->functions.count;
    case SPACE_TABLES: return m->tables.count;
    case SPACE_MEMORIES: return m->memories.count;
    case SPACE_GLOBALS: return m->globals.count;
    case SPACE_TAGS: return m->tags.count;
    case SPACE_TYPES:
    case SPACE_FUNCTION_TYPES:
    case SPACE_STRUCT_TYPES:
    case SPACE_ARRAY_TYPES: return m->types.count;
    case SPACE_ELEMENTS: return m->elements.count;
    case SPACE_DATA: return m->data_count == NO_INDEX ? 0 : m->data_count;
    case SPACE_NOTHING:
    case SPACE_LOCALS:
    case SPACE_LABELS:
    case SPACE_FIELDS:
    case SPACE_NUMBERS: break;
    }
    return 0;
}

const WasmSection *wasm_section(const WasmModule *m, SectionId id) {
    for (u32 i = 0; i < m->sections.count; i++) {
        if (m->sections.items[i].id == (u32)id) return &m->sections.items[i];
    }
    return NULL;
}

// ---- header ----

static const u8 magic[] = {0, 'a', 's', 'm'};

bool wasm_is_component(Str file) {
    return file.len >= 8 && mem_equal(file.data, magic, 4) && file.data[6] == 1 && file.data[7] == 0;
}

static bool read_header(Input *in, Str file) {
    if (file.len < 4 || !mem_equal(file.data, magic, 4)) {
        return input_fail(in, 0, "it does not begin as WebAssembly does, with the bytes 00 61 73 6d");
    }
    if (file.len < 8) return input_fail(in, file.len, "it ends within its header of eight bytes");
    if (wasm_is_component(file)) {
        return input_fail(
            in, 4,
            "it is a component (component model, WASI 0.2 and later), not a module: only core modules can "
            "be read");
    }
    u32 version;
    mem_copy(&version, file.data + 4, 4);
    if (version != 1) return input_fail(in, 4, "unknown version %u: 1 is the only one there is", version);
    in->next += 8;
    return true;
}

// ---- sections ----

static void read_start(Decoder *d) {
    Input *in = &d->code.in;
    u32 at = input_offset(in);
    d->m->start = instruction_index(&d->code, SPACE_FUNCTIONS);
    if (in->failed) return;
    const WasmType *type = &d->m->types.items[d->m->functions.items[d->m->start].type];
    if (type->parameters || type->results) {
        input_fail(in, at, "the start function, %u, has parameters or results", d->m->start);
    }
}

static void read_list(Decoder *d, SectionId id, u32 count) {
    switch (id) {
    case SECTION_IMPORT: decode_imports(d, count); break;
    case SECTION_FUNCTION: decode_functions(d, count); break;
    case SECTION_TABLE: decode_tables(d, count); break;
    case SECTION_MEMORY: decode_memories(d, count); break;
    case SECTION_TAG: decode_tags(d, count); break;
    case SECTION_GLOBAL: decode_globals(d, count); break;
    case SECTION_EXPORT: decode_exports(d, count); break;
    case SECTION_ELEMENT: decode_elements(d, count); break;
    case SECTION_CODE: decode_bodies(d, count); break;
    case SECTION_DATA: decode_data(d, count); break;
    default: UNREACHABLE();
    }
}

// The content of a section; its count of items, NO_INDEX if it is no list.
static u32 read_content(Decoder *d, SectionId id) {
    Input *in = &d->code.in;
    if (id == SECTION_START) {
        read_start(d);
        return NO_INDEX;
    }
    if (id == SECTION_DATA_COUNT) {
        d->m->data_count = input_u32(in);
        wasm_uses(d->m, FEATURE_BULK_MEMORY);
        return NO_INDEX;
    }
    Input peek = *in;
    Error ignored;
    error_clear(&ignored);
    peek.error = &ignored;
    u32 count = input_u32(&peek);
    if (id == SECTION_TYPE) {
        (void)!types_decode(in, d->m, d->arena);
    } else {
        u32 at = input_offset(in);
        count = input_count(in, "items");
        if (count > ITEMS_MOST && id != SECTION_ELEMENT) {
            input_fail(in, at, "%u items: engines take %u at most", count, (u32)ITEMS_MOST);
        }
        if (!in->failed) read_list(d, id, count);
    }
    return count;
}

// Where the order is held to: the rank of the last section that was not custom.
static bool check_order(Input *in, u32 at, u32 id, u32 *rank) {
    if (id >= SECTION_ID_END) return input_fail(in, at, "unknown section %u", id);
    if (id == SECTION_CUSTOM) return true;
    if (section_rank[id] == *rank) return input_fail(in, at, "a second %s section", section_text(id));
    if (section_rank[id] < *rank) return input_fail(in, at, "the %s section stands too late", section_text(id));
    *rank = section_rank[id];
    return true;
}

static void read_custom(Decoder *d, WasmSection *section) {
    Input *in = &d->code.in;
    section->name = input_name(in, true);
    section->payload = input_offset(in);
    if (in->failed) return;
    decode_custom(d, section->name);
    in->next = in->end;
}

static void read_section(Decoder *d, u32 *rank) {
    Input *in = &d->code.in;
    const u8 *file_end = in->end;
    WasmSection section = {.header = input_offset(in), .count = NO_INDEX};
    in->section = "header";
    section.id = input_u8(in);
    if (!check_order(in, section.header, section.id, rank)) return;
    in->section = section_text(section.id);
    section.name = section_name[section.id];
    u32 size_at = input_offset(in);
    section.size = input_u32(in);
    section.offset = input_offset(in);
    if (section.size > input_left(in)) {
        input_fail(in, size_at, "its size, %u, is more than the bytes left, %u", section.size, input_left(in));
    }
    if (in->failed) return;
    in->end = in->next + section.size;
    if (section.id == SECTION_CUSTOM) read_custom(d, &section);
    else section.count = read_content(d, (SectionId)section.id);
    if (in->next != in->end) input_fail(in, input_offset(in), "bytes too many: %u", input_left(in));
    decoder_push(d, &d->m->sections, section);
    in->end = file_end;
}

// What only shows at the end: lists that must be as long as others.
static void check_counts(Decoder *d) {
    const WasmModule *m = d->m;
    Input *in = &d->code.in;
    u32 declared = m->functions.count - m->imported[KIND_FUNCTION];
    in->section = section_text(SECTION_CODE);
    if (m->bodies != declared) {
        input_fail(in, input_offset(in), "functions declared: %u, with code: %u", declared, m->bodies);
    }
    in->section = section_text(SECTION_DATA);
    if (m->data_count != NO_INDEX && m->data_count != m->data.count) {
        input_fail(in, input_offset(in), "segments: %u, but the data count section says %u", m->data.count,
                   m->data_count);
    }
}

bool wasm_decode(WasmModule *m, Arena *arena, Str file, Error *error) {
    *m = (WasmModule){.file = file, .start = NO_INDEX, .data_count = NO_INDEX};
    Decoder decoder = {.m = m, .arena = arena}, *d = &decoder;
    Input *in = &d->code.in;
    *in = (Input){.start = file.data, .next = file.data, .error = error, .section = "header", .function = NO_INDEX};
    in->end = file.data + file.len;
    d->code.module = m;
    if (read_header(in, file)) {
        u32 rank = 0;
        while (in->next < in->end && !in->failed) read_section(d, &rank);
        if (!in->failed) check_counts(d);
    }
    arena_free(&d->scratch);
    if (in->failed && error->code == ERR_OK) (void)error_out_of_memory(error);
    return !in->failed;
}
