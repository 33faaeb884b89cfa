// The sections in the order in which the text format wants them, one item a line; functions by disassemble.c.
#include "wasm/module_text.h"

#include "wasm/disassemble.h"
#include "wasm/text.h"
#include "wasm/types.h"

enum { DATA_LINE = 4096 }; // bytes of a data segment on one line

typedef struct Printer {
    WasmModule m; // a copy: names are unique in it, since the text is read back by them
    Arena scratch;
    Buf *text, *lines;
    Str *locals, *labels; // entries of the name section by function
} Printer;

// ---- lines ----

static bool going(const Printer *p) {
    return !p->text->failed && !p->lines->failed && p->text->len < DISASSEMBLY_BYTES &&
           p->lines->len < DISASSEMBLY_LINES * sizeof(u32);
}

static void begin(Printer *p, u32 offset) {
    u8 bytes[sizeof offset];
    mem_copy(bytes, &offset, sizeof offset);
    buf_bytes(p->lines, bytes, sizeof bytes);
}

static u32 section_start(const Printer *p, SectionId id) {
    const WasmSection *section = wasm_section(&p->m, id);
    return section ? section->offset : 0;
}

// `(word $name (;5;)`
static void put_head(Printer *p, const char *word, Space space, u32 index) {
    Str name = wasm_name_of(&p->m, space, index);
    buf_format(p->text, "(%s ", word);
    if (name.len) {
        text_put_id(p->text, name);
        buf_byte(p->text, ' ');
    }
    buf_format(p->text, "(;%u;)", index);
}

static void put_index(Printer *p, const char *word, Space space, u32 index) {
    buf_format(p->text, " (%s ", word);
    text_put_index(p->text, &p->m, space, index);
    buf_byte(p->text, ')');
}

static void put_expression(Printer *p, WasmExpression expression) {
    text_put_expression(p->text, &p->m, expression, DISASSEMBLY_BYTES);
}

static void end(Printer *p) { buf_text(p->text, ")\n"); }

// ---- items ----

static void put_types(Printer *p) {
    u32 start = section_start(p, SECTION_TYPE), count = p->m.types.count;
    for (u32 i = 0; i < count && going(p); i++) {
        const WasmType *type = &p->m.types.items[i];
        if (type->grouped && type->group == i) {
            begin(p, start);
            buf_text(p->text, "(rec\n");
        }
        begin(p, start);
        put_head(p, "type", SPACE_TYPES, i);
        buf_byte(p->text, ' ');
        type_put_definition(p->text, &p->m, i);
        bool closes = type->grouped && (i + 1 == count || p->m.types.items[i + 1].group != type->group);
        buf_text(p->text, closes ? "))\n" : ")\n");
    }
}

static void put_limits(Printer *p, const WasmLimits *limits) {
    buf_text(p->text, limits->is64 ? " i64 " : " ");
    buf_u64(p->text, limits->initial);
    if (limits->has_maximum) buf_format(p->text, " %U", limits->maximum);
    if (limits->shared) buf_text(p->text, " shared");
    if (limits->page_log2 != 16) buf_format(p->text, " (pagesize %u)", 1u << limits->page_log2);
}

static void put_table(Printer *p, u32 index) {
    const WasmTable *table = &p->m.tables.items[index];
    put_head(p, "table", SPACE_TABLES, index);
    put_limits(p, &table->limits);
    buf_byte(p->text, ' ');
    type_put(p->text, table->type);
    if (table->init.size) {
        buf_byte(p->text, ' ');
        put_expression(p, table->init);
    }
}

static void put_memory(Printer *p, u32 index) {
    put_head(p, "memory", SPACE_MEMORIES, index);
    put_limits(p, &p->m.memories.items[index]);
}

static void put_global(Printer *p, u32 index) {
    const WasmGlobal *global = &p->m.globals.items[index];
    put_head(p, "global", SPACE_GLOBALS, index);
    buf_text(p->text, global->is_mutable ? " (mut " : " ");
    type_put(p->text, global->type);
    if (global->is_mutable) buf_byte(p->text, ')');
    if (index < p->m.imported[KIND_GLOBAL]) return;
    buf_byte(p->text, ' ');
    put_expression(p, global->init);
}

static void put_tag(Printer *p, u32 index) {
    put_head(p, "tag", SPACE_TAGS, index);
    put_index(p, "type", SPACE_TYPES, p->m.tags.items[index]);
}

typedef void PutItem(Printer *p, u32 index);

static void put_items(Printer *p, SectionId id, u32 first, u32 count, PutItem *put) {
    u32 start = section_start(p, id);
    for (u32 i = first; i < count && going(p); i++) {
        begin(p, start);
        put(p, i);
        end(p);
    }
}

static bool put_function(Printer *p, u32 index, const WasmImport *import, Error *error) {
    return wasm_disassemble_item(&p->m, (WasmFunctionText){index, import, p->locals[index], p->labels[index]}, p->text,
                                 p->lines, error);
}

static bool put_imports(Printer *p, Error *error) {
    static PutItem *const put[] = {NULL, put_table, put_memory, put_global, put_tag};
    u32 start = section_start(p, SECTION_IMPORT);
    for (u32 i = 0; i < p->m.imports.count && going(p); i++) {
        const WasmImport *import = &p->m.imports.items[i];
        if (import->kind == KIND_FUNCTION) {
            if (!put_function(p, import->index, import, error)) return false;
            continue;
        }
        begin(p, start);
        buf_text(p->text, "(import ");
        text_put_string(p->text, import->module);
        buf_byte(p->text, ' ');
        text_put_string(p->text, import->name);
        buf_byte(p->text, ' ');
        put[import->kind](p, import->index);
        buf_text(p->text, "))\n");
    }
    return true;
}

static bool put_functions(Printer *p, Error *error) {
    for (u32 i = p->m.imported[KIND_FUNCTION]; i < p->m.functions.count && going(p); i++) {
        if (!put_function(p, i, NULL, error)) return false;
    }
    return true;
}

static void put_export(Printer *p, u32 index) {
    static const struct {
        const char *word;
        Space space;
    } kinds[] = {{"func", SPACE_FUNCTIONS},
                 {"table", SPACE_TABLES},
                 {"memory", SPACE_MEMORIES},
                 {"global", SPACE_GLOBALS},
                 {"tag", SPACE_TAGS}};
    const WasmExport *item = &p->m.exports.items[index];
    buf_text(p->text, "(export ");
    text_put_string(p->text, item->name);
    put_index(p, kinds[item->kind].word, kinds[item->kind].space, item->index);
}

// ---- segments ----

static void put_offset(Printer *p, WasmExpression offset) {
    buf_text(p->text, " (offset ");
    put_expression(p, offset);
    buf_byte(p->text, ')');
}

static void put_elements(Printer *p, u32 index) {
    const WasmElements *segment = &p->m.elements.items[index];
    put_head(p, "elem", SPACE_ELEMENTS, index);
    if (segment->mode == SEGMENT_DECLARED) buf_text(p->text, " declare");
    if (segment->mode == SEGMENT_ACTIVE) {
        if (segment->table) put_index(p, "table", SPACE_TABLES, segment->table);
        put_offset(p, segment->offset);
    }
    buf_byte(p->text, ' ');
    if (segment->expressions) type_put(p->text, segment->type);
    else buf_text(p->text, "func");
    const Str file = p->m.file;
    Error ignored;
    error_clear(&ignored);
    Code code = {.module = &p->m};
    code.in = (Input){.start = file.data, .next = file.data + segment->items, .error = &ignored, .function = NO_INDEX};
    code.in.end = file.data + file.len;
    for (u32 i = 0; i < segment->count && going(p) && !code.in.failed; i++) {
        if (segment->expressions) {
            buf_text(p->text, " (item ");
            put_expression(p, instruction_constant(&code));
            buf_byte(p->text, ')');
        } else {
            buf_byte(p->text, ' ');
            text_put_index(p->text, &p->m, SPACE_FUNCTIONS, input_u32(&code.in));
        }
    }
}

static void put_escaped(Printer *p, u8 byte) {
    buf_text(p->text, byte < 16 ? "\\0" : "\\");
    buf_hex(p->text, byte);
}

// Printable characters as they are, all else as two hexadecimal digits.
static void put_bytes(Printer *p, const u8 *bytes, u32 size) {
    buf_byte(p->text, '"');
    for (u32 i = 0; i < size; i++) {
        u8 c = bytes[i];
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') buf_byte(p->text, c);
        else put_escaped(p, c);
    }
    buf_byte(p->text, '"');
}

static void put_data(Printer *p) {
    for (u32 i = 0; i < p->m.data.count && going(p); i++) {
        const WasmData *segment = &p->m.data.items[i];
        begin(p, segment->bytes);
        put_head(p, "data", SPACE_DATA, i);
        if (segment->mode == SEGMENT_ACTIVE) {
            if (segment->memory) put_index(p, "memory", SPACE_MEMORIES, segment->memory);
            put_offset(p, segment->offset);
        }
        for (u32 at = 0; at < segment->size && going(p); at += DATA_LINE) {
            if (at) {
                buf_byte(p->text, '\n');
                begin(p, segment->bytes + at);
            }
            u32 left = segment->size - at;
            buf_byte(p->text, ' ');
            put_bytes(p, p->m.file.data + segment->bytes + at, left < DATA_LINE ? left : DATA_LINE);
        }
        end(p);
    }
}

// ---- the module ----

static bool prepare(Printer *p) {
    for (u32 space = 0; space < SPACE_FUNCTION_TYPES; space++) {
        NameList *names = &p->m.names[space];
        if (!names->items) continue;
        Str *copy = arena_new(&p->scratch, Str, names->count);
        if (!copy) return false;
        mem_copy(copy, names->items, names->count * sizeof *copy);
        names->items = copy;
        wasm_drop_repeated(&p->scratch, copy, names->count);
    }
    return wasm_names_by_function(&p->scratch, &p->m, p->m.local_names, &p->locals) &&
           wasm_names_by_function(&p->scratch, &p->m, p->m.label_names, &p->labels);
}

static bool put_module(Printer *p, Error *error) {
    WasmModule *m = &p->m;
    begin(p, 0);
    buf_text(p->text, "(module");
    if (m->name.len) {
        buf_byte(p->text, ' ');
        text_put_id(p->text, m->name);
    }
    buf_byte(p->text, '\n');
    put_types(p);
    if (!put_imports(p, error)) return false;
    put_items(p, SECTION_TABLE, m->imported[KIND_TABLE], m->tables.count, put_table);
    put_items(p, SECTION_MEMORY, m->imported[KIND_MEMORY], m->memories.count, put_memory);
    put_items(p, SECTION_TAG, m->imported[KIND_TAG], m->tags.count, put_tag);
    put_items(p, SECTION_GLOBAL, m->imported[KIND_GLOBAL], m->globals.count, put_global);
    put_items(p, SECTION_EXPORT, 0, m->exports.count, put_export);
    if (m->start != NO_INDEX) {
        begin(p, section_start(p, SECTION_START));
        buf_text(p->text, "(start ");
        text_put_index(p->text, m, SPACE_FUNCTIONS, m->start);
        end(p);
    }
    put_items(p, SECTION_ELEMENT, 0, m->elements.count, put_elements);
    if (!put_functions(p, error)) return false;
    put_data(p);
    bool whole = going(p);
    begin(p, m->file.len);
    if (!whole)
        buf_format(p->text, ";; cut here: the text has at most %u bytes and %u lines", (u32)DISASSEMBLY_BYTES,
                   (u32)DISASSEMBLY_LINES);
    end(p);
    return true;
}

bool wasm_module_text(const WasmModule *m, Buf *text, Buf *lines, Error *error) {
    Printer printer = {.m = *m, .text = text, .lines = lines}, *p = &printer;
    bool made = prepare(p) && put_module(p, error) && !p->scratch.failed && !text->failed && !lines->failed;
    arena_free(&p->scratch);
    return made || error_out_of_memory(error);
}
