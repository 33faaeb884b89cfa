// The text of a function: header, locals, then every instruction once, indented by its nesting.
#include "wasm/disassemble.h"

#include "support/map.h"
#include "wasm/text.h"
#include "wasm/types.h"

enum {
    INDENT_MOST = 32,     // levels; deeper ones stand as far right
    NAMES_MOST = 1 << 16, // locals and blocks that can have a name; engines take fewer locals
    LOCALS_SHOWN = 50000  // engines take no more
};

typedef struct Disassembler {
    WasmModule module; // a copy, because reading notes features
    const WasmFunction *function;
    u32 index;
    const WasmImport *import; // of an imported function
    Arena scratch;
    Buf *text, *lines;
    Code code;
    TextScope scope;
    VEC(u32) open; // numbers of the blocks in scope; the function's own comes first
    u32 blocks;    // opened so far
} Disassembler;

// ---- names of locals and labels ----

typedef struct Names {
    Str *items;
    u32 count;
} Names;

static Input input_of(Str bytes, const WasmModule *m, Error *ignored) {
    error_clear(ignored);
    Input in = {.start = m->file.data, .next = bytes.data, .error = ignored, .function = NO_INDEX};
    in.end = bytes.len ? bytes.data + bytes.len : bytes.data; // there may be nothing at all
    return in;
}

// What stands behind the count of a subsection of names by function.
static Str entries_of(const WasmModule *m, Str subsection) {
    if (!subsection.data) return (Str){0};
    Error ignored;
    Input in = input_of(subsection, m, &ignored);
    (void)input_count(&in, "functions");
    return in.failed ? (Str){0} : (Str){in.next, (u32)(in.end - in.next)};
}

// The names of one list from where `in` stands. The first pass, without `items`, finds how many there can be.
static void read_names(Input *in, Names *names) {
    u32 count = input_count(in, "names");
    for (u32 i = 0; i < count && !in->failed; i++) {
        u32 index = input_u32(in);
        Str name = input_name(in, false);
        if (in->failed || index >= NAMES_MOST) continue;
        if (!names->items && index >= names->count) names->count = index + 1;
        if (names->items && index < names->count) names->items[index] = name;
    }
}

void wasm_drop_repeated(Arena *scratch, Str *names, u32 count) {
    Map seen = {0};
    Buf id = {0};
    for (u32 i = 0; i < count && !scratch->failed; i++) {
        if (names[i].len == 0) continue;
        buf_clear(&id);
        text_put_bare_id(&id, names[i]); // what differs in the file only is the same in the text
        u64 key = hash_bytes(id.data, id.len);
        if (map_get(&seen, key) != MAP_NONE) names[i].len = 0;
        else if (id.failed || !map_set(scratch, &seen, key, i)) scratch->failed = true;
    }
    buf_free(&id);
}

bool wasm_names_by_function(Arena *scratch, const WasmModule *m, Str subsection, Str **entries) {
    *entries = arena_new(scratch, Str, m->functions.count + 1);
    if (!*entries) return false;
    Error ignored;
    Input in = input_of(entries_of(m, subsection), m, &ignored);
    while (in.next < in.end && !in.failed) {
        const u8 *start = in.next;
        u32 index = input_u32(&in);
        Names skipped = {0};
        read_names(&in, &skipped);
        if (!in.failed && index < m->functions.count && !(*entries)[index].data)
            (*entries)[index] = (Str){start, (u32)(in.next - start)};
    }
    return true;
}

// Among entries of names by function those of the function at work.
static Names find_names(Disassembler *d, Str entries) {
    Names names = {0};
    Error ignored;
    Input in = input_of(entries, &d->module, &ignored);
    while (in.next < in.end && !in.failed) {
        u32 index = input_u32(&in);
        Input list = in;
        Names found = {0};
        read_names(&in, &found);
        if (index != d->index || in.failed || found.count == 0) continue;
        found.items = arena_new(&d->scratch, Str, found.count);
        if (!found.items) return names;
        read_names(&list, &found);
        wasm_drop_repeated(&d->scratch, found.items, found.count);
        return found;
    }
    return names;
}

// Takes from blocks the names by which others are called that have none (text_put_block_label).
static void drop_numbered(Names labels) {
    for (u32 i = 0; i < labels.count; i++) {
        Str name = labels.items[i];
        u32 end = name.len && name.data[0] == 'l' ? 1 : 0;
        while (end > 0 && end < name.len && name.data[end] >= '0' && name.data[end] <= '9') end++;
        if (end == name.len) labels.items[i].len = 0;
    }
}

// ---- lines ----

static void begin_line(Disassembler *d, u32 offset, u32 depth) {
    u8 bytes[sizeof offset];
    mem_copy(bytes, &offset, sizeof offset);
    buf_bytes(d->lines, bytes, sizeof bytes);
    for (u32 i = 0; i < depth && i < INDENT_MOST; i++) buf_text(d->text, "  ");
}

static u32 line_count(const Disassembler *d) { return (u32)(d->lines->len / sizeof(u32)); }

static void put_name_and_index(Disassembler *d) {
    Str name = wasm_name_of(&d->module, SPACE_FUNCTIONS, d->index);
    buf_text(d->text, "(func ");
    if (name.len) {
        text_put_id(d->text, name);
        buf_byte(d->text, ' ');
    }
    buf_format(d->text, "(;%u;)", d->index);
}

static void put_variable(Disassembler *d, const char *word, u32 index, ValType type) {
    buf_format(d->text, " (%s ", word);
    if (index < d->scope.local_count && d->scope.locals[index].len) {
        text_put_id(d->text, d->scope.locals[index]);
        buf_byte(d->text, ' ');
    }
    type_put(d->text, type);
    buf_byte(d->text, ')');
}

static void put_signature(Disassembler *d) {
    const WasmType *type = &d->module.types.items[d->function->type];
    const TypeItem *items = d->module.values.items + type->first;
    buf_text(d->text, " (type ");
    text_put_index(d->text, &d->module, SPACE_TYPES, d->function->type);
    buf_byte(d->text, ')');
    for (u32 i = 0; i < type->parameters && i < TYPE_ITEMS_SHOWN; i++) put_variable(d, "param", i, items[i].type);
    if (type->parameters > TYPE_ITEMS_SHOWN) buf_format(d->text, " (; %u more ;)", type->parameters - TYPE_ITEMS_SHOWN);
    if (type->results == 0) return;
    buf_text(d->text, " (result");
    for (u32 i = 0; i < type->results && i < TYPE_ITEMS_SHOWN; i++) {
        buf_byte(d->text, ' ');
        type_put(d->text, items[type->parameters + i].type);
    }
    if (type->results > TYPE_ITEMS_SHOWN) buf_format(d->text, " (; %u more ;)", type->results - TYPE_ITEMS_SHOWN);
    buf_byte(d->text, ')');
}

// The declared locals, on one line if there are any.
static void put_locals(Disassembler *d) {
    Input *in = &d->code.in;
    u32 at = input_offset(in), groups = input_u32(in);
    u32 first = d->module.types.items[d->function->type].parameters, shown = 0;
    if (d->function->locals) {
        begin_line(d, at, 0);
        buf_byte(d->text, ' ');
    }
    for (u32 g = 0; g < groups && !in->failed; g++) {
        u32 count = input_u32(in);
        ValType type = type_read(in, &d->module);
        for (u32 i = 0; i < count && shown < LOCALS_SHOWN; i++) put_variable(d, "local", first + shown++, type);
    }
    if (d->function->locals > shown) buf_format(d->text, " ;; ... %u more", d->function->locals - shown);
    if (d->function->locals) buf_byte(d->text, '\n');
}

// ---- instructions ----

static bool opens(u32 op) {
    return op == OP_BLOCK || op == OP_LOOP || op == OP_IF || op == OP_TRY || op == OP_TRY_TABLE;
}

static bool continues(u32 op) { return op == OP_ELSE || op == OP_CATCH || op == OP_CATCH_ALL; }

static void set_scope(Disassembler *d) {
    d->scope.open = d->open.items;
    d->scope.depth = d->code.depth = d->open.count;
}

static void put_instruction(Disassembler *d, const Instruction *at) {
    u32 block = d->open.items[d->open.count - 1];
    bool closes = at->op == OP_END || at->op == OP_DELEGATE;
    if (closes) d->open.count--, set_scope(d);
    if (d->open.count == 0) {
        begin_line(d, at->offset, 0);
        buf_text(d->text, ")\n");
        return;
    }
    begin_line(d, at->offset, continues(at->op) ? d->open.count - 1 : d->open.count);
    if (opens(at->op)) {
        text_put_instruction(d->text, &d->code, at, &d->scope, d->blocks);
        if (!vec_push(&d->scratch, &d->open, d->blocks)) d->text->failed = true;
        d->blocks++;
        set_scope(d);
    } else {
        text_put_instruction(d->text, &d->code, at, &d->scope, NO_INDEX);
        if (at->op == OP_END || at->op == OP_ELSE) {
            buf_byte(d->text, ' ');
            text_put_block_label(d->text, &d->scope, block);
        }
    }
    buf_byte(d->text, '\n');
}

static void put_cut(Disassembler *d, u32 offset) {
    d->text->limit = 0;
    if (d->text->overflow) {
        d->text->overflow = false;
        buf_byte(d->text, '\n');
    }
    begin_line(d, offset, 0);
    buf_format(d->text, ";; cut here: the text of a function has at most %u bytes and %u lines\n",
               (u32)DISASSEMBLY_BYTES, (u32)DISASSEMBLY_LINES);
}

static void put_body(Disassembler *d) {
    Input *in = &d->code.in;
    put_locals(d);
    d->text->limit = DISASSEMBLY_BYTES;
    while (d->open.count > 0 && !in->failed && !d->text->failed && !d->lines->failed) {
        Instruction at;
        u32 offset = input_offset(in);
        if (d->text->overflow || line_count(d) >= DISASSEMBLY_LINES) {
            put_cut(d, offset);
            break;
        }
        instruction_read(&d->code, &at);
        if (!in->failed) put_instruction(d, &at);
    }
    if (d->text->overflow) put_cut(d, input_offset(in));
    d->text->limit = 0;
}

static void put_defined(Disassembler *d) {
    begin_line(d, d->function->offset, 0);
    put_name_and_index(d);
    put_signature(d);
    buf_byte(d->text, '\n');
    put_body(d);
}

static void put_imported(Disassembler *d) {
    const WasmSection *section = wasm_section(&d->module, SECTION_IMPORT);
    const WasmImport *import = d->import;
    begin_line(d, section ? section->offset : 0, 0);
    buf_text(d->text, "(import ");
    text_put_string(d->text, import->module);
    buf_byte(d->text, ' ');
    text_put_string(d->text, import->name);
    buf_byte(d->text, ' ');
    put_name_and_index(d);
    put_signature(d);
    buf_text(d->text, "))\n");
}

bool wasm_disassemble_item(const WasmModule *m, WasmFunctionText item, Buf *text, Buf *lines, Error *error) {
    u32 function = item.index;
    Disassembler disassembler = {.module = *m, .index = function, .import = item.import, .text = text, .lines = lines},
                 *d = &disassembler;
    d->function = &m->functions.items[function];
    Error ignored;
    d->code.module = &d->module;
    d->code.in = input_of((Str){m->file.data + d->function->offset, d->function->size}, m, &ignored);
    d->code.locals = (u64)d->function->locals + m->types.items[d->function->type].parameters;
    Names locals = find_names(d, item.local_names), labels = find_names(d, item.label_names);
    drop_numbered(labels);
    d->scope = (TextScope){.locals = locals.items, .local_count = locals.count};
    d->scope.labels = labels.items;
    d->scope.label_count = labels.count;
    bool room = vec_push(&d->scratch, &d->open, 0);
    set_scope(d);
    if (room && item.import) put_imported(d);
    else if (room) put_defined(d);
    bool failed = d->scratch.failed || text->failed || lines->failed;
    arena_free(&d->scratch);
    return failed ? error_out_of_memory(error) : true;
}

bool wasm_disassemble(const WasmModule *m, u32 function, Buf *text, Buf *lines, Error *error) {
    if (function >= m->functions.count) {
        return error_set(error, ERR_VALIDATE, NOWHERE, "function %u does not exist: there are %u", function,
                         m->functions.count);
    }
    const WasmImport *import = function < m->imported[KIND_FUNCTION] ? m->imports.items : NULL;
    while (import && (import->kind != KIND_FUNCTION || import->index != function)) import++;
    Str locals = entries_of(m, m->local_names), labels = entries_of(m, m->label_names);
    return wasm_disassemble_item(m, (WasmFunctionText){function, import, locals, labels}, text, lines, error);
}
