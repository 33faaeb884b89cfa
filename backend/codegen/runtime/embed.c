// Part of the build, not of the backend: turns the linked runtime (build/runtime.wasm) into the table of packed.h.
// Usage: embed runtime.wasm > runtime_packed.inc
//
// wasm-ld leaves its relocations (--emit-relocs), so that every call, every use of the stack pointer and every address is
// known for what it is: calls and globals become holes, addresses are fixed and become as short as they can be. What the
// table can't express ends the build: function pointers, pointers in data, globals other than the stack pointer, and
// functions that are not what runtime.def says.
#include "codegen/runtime/linked.h"
#include "codegen/runtime/packed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DATA_MOST = 200 };

// ---- what goes into the table ----

typedef struct Row {
    const char *name, *params, *result, *meaning;
} Row;
static const Row rows[RUNTIME_NAMED_COUNT] = {
#define RUNTIME(name, params, result, meaning) {#name, params, result, meaning},
#include "codegen/runtime.def"
};
static const char *const import_names[IMPORT_COUNT] = {"jsrust_write_byte", "jsrust_flush", "jsrust_write", "fd_write",
                                                       "proc_exit"};
static const char *const cell_names[RUNTIME_CELL_COUNT] = {"cell_high",        "cell_heap_base",    "cell_places",
                                                           "cell_place_count", "cell_memory_limit", "cell_depth"};

static Linked linked;
static u32 numbered[FUNCTIONS_MOST]; // number -> function, NONE = late-bound
static u32 numbered_count;
static LinkSymbol *data_rows[DATA_MOST];
static u32 data_row_count;

static bool is_late(u32 number) { return strncmp(rows[number].meaning, "late", 4) == 0; }

static bool same_types(Input got, const char *want) {
    if ((size_t)(got.end - got.next) != strlen(want)) return false;
    for (; *want; want++)
        if (*got.next++ != (*want == 'i' ? WASM_I32 : *want == 'l' ? WASM_I64 : *want == 'f' ? WASM_F32 : WASM_F64))
            return false;
    return true;
}

static bool is_ref(const Reloc *r, Input body) { return r->at >= body.next && r->at < body.end; }

// Functions that are alike to the byte are one: calls name the first. (What is inline in several files is there several times.)
static u32 same_as(u32 function) {
    const Function *f = &linked.functions[function];
    size_t size = (size_t)(f->body.end - f->body.next);
    for (u32 i = linked.import_count; i < function; i++) {
        const Function *other = &linked.functions[i];
        if (other->type == f->type && (size_t)(other->body.end - other->body.next) == size &&
            memcmp(other->body.next, f->body.next, size) == 0)
            return i;
    }
    return function;
}

static void add_function(u32 function) {
    linked.functions[function].number = numbered_count;
    numbered[numbered_count++] = function;
}

// The named ones, then what they call.
static void number_functions(void) {
    for (u32 i = 0; i < linked.function_count; i++) linked.functions[i].number = NONE;
    for (u32 row = 0; row < RUNTIME_NAMED_COUNT; row++) {
        u32 found = NONE;
        for (u32 i = linked.import_count; i < linked.function_count; i++)
            if (linked.functions[i].offered && strcmp(linked.functions[i].name, rows[row].name) == 0) found = i;
        if ((found == NONE) != is_late(row)) fail(found == NONE ? "missing:" : "not late-bound:", rows[row].name);
        numbered[numbered_count++] = found;
        if (found == NONE) continue;
        linked.functions[found].number = row;
        const Type *type = &linked.types[linked.functions[found].type];
        if (!same_types(type->params, rows[row].params) || !same_types(type->results, rows[row].result))
            fail("not of the type in runtime.def:", rows[row].name);
    }
    for (u32 number = 0; number < numbered_count; number++) {
        if (numbered[number] == NONE) continue;
        for (u32 i = 0; i < linked.reloc_count; i++) {
            if (linked.relocs[i].kind != RELOC_FUNCTION ||
                !is_ref(&linked.relocs[i], linked.functions[numbered[number]].body))
                continue;
            u32 callee = same_as(linked.symbols[linked.relocs[i].symbol].index);
            if (callee >= linked.import_count && linked.functions[callee].number == NONE) add_function(callee);
        }
    }
}

static u32 rank(const LinkSymbol *symbol) {
    for (u32 cell = 0; cell < RUNTIME_CELL_COUNT; cell++)
        if (strcmp(symbol->name, cell_names[cell]) == 0) return cell;
    return symbol->address;
}
static int by_rank(const void *a, const void *b) {
    u32 x = rank(*(LinkSymbol *const *)a), y = rank(*(LinkSymbol *const *)b);
    return (x > y) - (x < y);
}

// All data that has an address, which is what code uses. The linker lets texts that end alike share bytes: they are one row.
static void number_data(void) {
    u32 count = 0;
    for (u32 i = 0; i < linked.symbol_count; i++) {
        if (linked.symbols[i].kind != SYMBOL_OF_DATA || linked.symbols[i].address == 0) continue;
        need(count < DATA_MOST, "so much data");
        data_rows[count++] = &linked.symbols[i];
    }
    qsort(data_rows, count, sizeof data_rows[0], by_rank);
    for (u32 i = 0; i < count; i++) {
        LinkSymbol *symbol = data_rows[i], *last = i > RUNTIME_CELL_COUNT ? data_rows[data_row_count - 1] : NULL;
        if (last && symbol->address < last->address + last->size) {
            u32 end = symbol->address + symbol->size - last->address;
            if (end > last->size) last->size = end;
        } else {
            data_rows[data_row_count++] = symbol;
        }
        symbol->number = data_row_count - 1;
    }
    for (u32 cell = 0; cell < RUNTIME_CELL_COUNT; cell++)
        if (data_row_count <= cell || rank(data_rows[cell]) != cell) fail("missing:", cell_names[cell]);
}

// ---- writing ----

typedef struct Output {
    u8 bytes[65536];
    u32 len;
} Output;
static Output table, body, bodies, refs;

static void put_byte(Output *out, u32 byte) {
    need(out->len < sizeof out->bytes, "so large");
    out->bytes[out->len++] = (u8)byte;
}
static void put_u32(Output *out, u32 value) {
    for (; value >= 0x80; value >>= 7) put_byte(out, value | 0x80);
    put_byte(out, value);
}
static void put_s32(Output *out, i32 value) {
    for (; value < -64 || value > 63; value >>= 7) put_byte(out, (u32)value | 0x80);
    put_byte(out, (u32)value & 0x7f);
}
static void put_bytes(Output *out, const u8 *bytes, u32 len) {
    for (u32 i = 0; i < len; i++) put_byte(out, bytes[i]);
}
static void put_counted(Output *out, Input bytes) {
    put_u32(out, (u32)(bytes.end - bytes.next));
    put_bytes(out, bytes.next, (u32)(bytes.end - bytes.next));
}

static u32 symbol_code(const LinkSymbol *symbol) {
    if (symbol->kind == SYMBOL_OF_GLOBAL) {
        need(symbol->index == 0, "global other than the stack pointer");
        return REF_GLOBAL;
    }
    const Function *f = &linked.functions[same_as(symbol->index)];
    if (symbol->index >= linked.import_count) return f->number << REF_KIND_BITS | REF_RUNTIME;
    for (u32 i = 0; i < IMPORT_COUNT; i++)
        if (strcmp(f->name, import_names[i]) == 0) return i << REF_KIND_BITS | REF_IMPORT;
    for (u32 i = 0; i < RUNTIME_NAMED_COUNT; i++)
        if (strcmp(f->module, "late") == 0 && strcmp(f->name, rows[i].name) == 0)
            return i << REF_KIND_BITS | REF_RUNTIME;
    fail("undefined:", f->name);
}

static void put_function(u32 number) {
    bool touched[DATA_MOST] = {false};
    if (numbered[number] == NONE) {
        // Its type is that of any that stands for it; nothing else is known.
        put_u32(&table, (u32)strlen(rows[number].name));
        put_bytes(&table, (const u8 *)rows[number].name, (u32)strlen(rows[number].name));
        put_bytes(&table, (const u8[6]){0}, 6);
        return;
    }
    const Function *f = &linked.functions[numbered[number]];
    put_u32(&table, (u32)strlen(f->name));
    put_bytes(&table, (const u8 *)f->name, (u32)strlen(f->name));
    put_counted(&table, linked.types[f->type].params);
    put_counted(&table, linked.types[f->type].results);
    Input in = f->body;
    u32 runs = read_u32(&in);
    put_u32(&table, runs);
    for (; runs; runs--) {
        put_u32(&table, read_u32(&in));
        put_byte(&table, read_byte(&in));
    }
    u32 ref_count = 0, last = 0, touched_count = 0;
    body.len = refs.len = 0;
    for (u32 i = 0; i < linked.reloc_count; i++) {
        const Reloc *r = &linked.relocs[i];
        if (!is_ref(r, in)) continue;
        const LinkSymbol *symbol = &linked.symbols[r->symbol];
        need(r->at >= in.next, "order of relocations");
        put_bytes(&body, in.next, (u32)(r->at - in.next));
        in.next = r->at + 5;
        if (symbol->kind == SYMBOL_OF_DATA) {
            u32 address = symbol->address + (u32)r->addend;
            if (r->kind == RELOC_ADDRESS) put_u32(&body, address);
            else put_s32(&body, (i32)address);
            touched_count += !touched[symbol->number];
            touched[symbol->number] = true;
        } else {
            put_u32(&refs, body.len - last);
            put_u32(&refs, symbol_code(symbol));
            last = body.len;
            ref_count++;
        }
    }
    put_bytes(&body, in.next, (u32)(in.end - in.next));
    put_u32(&table, touched_count);
    for (u32 i = 0; i < data_row_count; i++)
        if (touched[i]) put_byte(&table, i);
    put_u32(&table, ref_count);
    put_bytes(&table, refs.bytes, refs.len);
    put_u32(&table, body.len);
    put_bytes(&bodies, body.bytes, body.len);
}

static u32 data_kind(const LinkSymbol *symbol) {
    static const char sentences[] =
#define TRAP(name, sentence) sentence "\0"
#include "ir/traps.def"
        ;
    u32 from = symbol->address - RUNTIME_DATA_START, size = (u32)(linked.data.end - linked.data.next);
    if (from >= size) return DATA_ZERO;
    need(symbol->size <= size - from, "data partly zeroed");
    if (strcmp(symbol->name, "sentences") != 0) return DATA_BYTES;
    need(symbol->size == sizeof sentences && memcmp(linked.data.next + from, sentences, sizeof sentences) == 0,
         "sentences");
    return DATA_SENTENCES;
}

static void put_table(void) {
    put_u32(&table, data_row_count);
    put_u32(&table, numbered_count);
    for (u32 i = 0; i < data_row_count; i++) {
        put_u32(&table, data_rows[i]->address);
        put_u32(&table, data_rows[i]->size);
        put_u32(&table, data_kind(data_rows[i]));
    }
    for (u32 i = 0; i < numbered_count; i++) put_function(i);
    put_bytes(&table, bodies.bytes, bodies.len);
    for (u32 i = 0; i < data_row_count; i++)
        if (data_kind(data_rows[i]) == DATA_BYTES)
            put_bytes(&table, linked.data.next + data_rows[i]->address - RUNTIME_DATA_START, data_rows[i]->size);
}

int main(int argc, char **argv) {
    static u8 file[1 << 20];
    FILE *from = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!from) fail("can't read", argc == 2 ? argv[1] : "without a file's name");
    size_t len = fread(file, 1, sizeof file, from);
    fclose(from);
    linked_read(&linked, (Input){file, file + len}, RUNTIME_DATA_START);
    need(linked.reloc_count > 0, "no relocations");
    number_functions();
    number_data();
    put_table();
    for (u32 i = 0; i < table.len; i++) printf("%u,%s", table.bytes[i], i % 32 == 31 ? "\n" : "");
    return 0;
}
