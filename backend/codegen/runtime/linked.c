// See linked.h.
#include "codegen/runtime/linked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fail(const char *what, const char *which) {
    fprintf(stderr, "embed: %s %s\n", what, which);
    exit(1);
}
void need(bool holds, const char *what) {
    if (!holds) fail("not as expected:", what);
}

u8 read_byte(Input *in) {
    need(in->next < in->end, "end of input");
    return *in->next++;
}
static i64 read_leb(Input *in, bool is_signed) {
    u64 value = 0;
    u32 shift = 0;
    u8 byte;
    do {
        need(shift < 35, "LEB128");
        byte = read_byte(in);
        value |= (u64)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    if (is_signed && byte & 0x40) value |= ~(u64)0 << shift;
    return (i64)value;
}
u32 read_u32(Input *in) { return (u32)read_leb(in, false); }
static Input read_bytes(Input *in, u32 len) {
    need((size_t)(in->end - in->next) >= len, "end of input");
    in->next += len;
    return (Input){in->next - len, in->next};
}
static u32 read_count(Input *in, u32 most, const char *of) {
    u32 count = read_u32(in);
    if (count > most) fail("too many", of);
    return count;
}
static const char *read_name(Input *in) {
    u32 len = read_u32(in);
    char *name = calloc((size_t)len + 1, 1);
    need(name != NULL, "memory");
    memcpy(name, read_bytes(in, len).next, len);
    return name;
}

static void read_types(Linked *m, Input in) {
    m->type_count = read_count(&in, FUNCTIONS_MOST, "types");
    for (u32 i = 0; i < m->type_count; i++) {
        need(read_byte(&in) == 0x60, "type");
        m->types[i].params = read_bytes(&in, read_u32(&in));
        m->types[i].results = read_bytes(&in, read_u32(&in));
    }
}

static void read_imports(Linked *m, Input in) {
    m->import_count = m->function_count = read_count(&in, FUNCTIONS_MOST, "imports");
    for (u32 i = 0; i < m->import_count; i++) {
        m->functions[i].module = read_name(&in);
        m->functions[i].name = read_name(&in);
        if (read_byte(&in) != 0) fail("import that is no function:", m->functions[i].name);
        m->functions[i].type = read_u32(&in);
    }
}

static void read_functions(Linked *m, Input in) {
    u32 count = read_count(&in, FUNCTIONS_MOST - m->import_count, "functions");
    while (count--) m->functions[m->function_count++].type = read_u32(&in);
}

static void read_exports(Linked *m, Input in) {
    for (u32 count = read_u32(&in); count; count--) {
        const char *name = read_name(&in);
        u8 kind = read_byte(&in);
        u32 index = read_u32(&in);
        if (kind != 0) continue;
        need(index < m->function_count, "function of an export");
        m->functions[index].name = name;
        m->functions[index].offered = true;
    }
}

static void read_code(Linked *m, Input in) {
    m->code = in;
    need(read_u32(&in) == m->function_count - m->import_count, "count of bodies");
    for (u32 i = m->import_count; i < m->function_count; i++) m->functions[i].body = read_bytes(&in, read_u32(&in));
}

static Input read_segment(Input *in, u32 *address) {
    enum { ACTIVE = 0, I32_CONST = 0x41, END = 0x0b };
    need(read_byte(in) == ACTIVE && read_byte(in) == I32_CONST, "data segment");
    *address = (u32)read_leb(in, true);
    need(read_byte(in) == END, "address of a data segment");
    return read_bytes(in, read_u32(in));
}

// Newer linkers write out what is zeroed, too, as a segment behind the first; memory has it without.
static void read_data(Linked *m, Input in, u32 data_address) {
    u32 count = read_u32(&in), address, end;
    need(count > 0, "data segment");
    m->data = read_segment(&in, &address);
    need(address == data_address, "address of the data segment");
    end = address + (u32)(m->data.end - m->data.next);
    while (--count) {
        Input zeroed = read_segment(&in, &address);
        need(address >= end, "address of a data segment");
        end = address + (u32)(zeroed.end - zeroed.next);
        while (zeroed.next < zeroed.end) need(read_byte(&zeroed) == 0, "second data segment");
    }
}

static void read_symbol(Linked *m, Input *in, LinkSymbol *symbol) {
    enum { UNDEFINED = 0x10, EXPLICIT_NAME = 0x40 };
    symbol->kind = read_byte(in);
    u32 flags = read_u32(in);
    if (symbol->kind == SYMBOL_OF_DATA) {
        symbol->name = read_name(in);
        if (flags & UNDEFINED) fail("undefined:", symbol->name);
        read_u32(in); // segment and offset: the linker counts what is zeroed among the segments, the file does not
        read_u32(in);
        symbol->size = read_u32(in);
        return;
    }
    symbol->index = read_u32(in);
    if (symbol->kind == SYMBOL_OF_SECTION) return;
    if (!(flags & UNDEFINED) || flags & EXPLICIT_NAME) symbol->name = read_name(in);
    if (symbol->kind != SYMBOL_OF_FUNCTION) return;
    need(symbol->index < m->function_count, "function of a symbol");
    if (!m->functions[symbol->index].name) m->functions[symbol->index].name = symbol->name;
}

static void read_linking(Linked *m, Input in) {
    enum { VERSION = 2, SYMBOL_TABLE = 8 };
    need(read_u32(&in) == VERSION, "version of the linking section");
    while (in.next < in.end) {
        u8 id = read_byte(&in);
        Input part = read_bytes(&in, read_u32(&in));
        if (id != SYMBOL_TABLE) continue;
        m->symbol_count = read_count(&part, SYMBOLS_MOST, "symbols");
        for (u32 i = 0; i < m->symbol_count; i++) read_symbol(m, &part, &m->symbols[i]);
    }
}

// Learns the addresses of data from where they are used.
static void read_relocs(Linked *m, Input in, u32 data_address) {
    read_u32(&in); // section
    m->reloc_count = read_count(&in, RELOCS_MOST, "relocations");
    for (u32 i = 0; i < m->reloc_count; i++) {
        Reloc *r = &m->relocs[i];
        r->kind = read_byte(&in);
        r->at = m->code.next + read_u32(&in);
        r->symbol = read_u32(&in);
        need(r->symbol < m->symbol_count && r->at + 5 <= m->code.end, "relocation");
        LinkSymbol *symbol = &m->symbols[r->symbol];
        if (r->kind == RELOC_FUNCTION || r->kind == RELOC_GLOBAL) continue;
        if (r->kind != RELOC_ADDRESS && r->kind != RELOC_ADDRESS_SIGNED)
            fail("neither call nor address (a function pointer?):", symbol->name);
        r->addend = (i32)read_leb(&in, true);
        Input leb = {r->at, m->code.end};
        u32 address = (u32)read_leb(&leb, r->kind == RELOC_ADDRESS_SIGNED) - (u32)r->addend;
        need(symbol->kind == SYMBOL_OF_DATA && address >= data_address, "address");
        need(symbol->address == 0 || symbol->address == address, "two addresses of one symbol");
        symbol->address = address;
    }
}

void linked_read(Linked *m, Input in, u32 data_address) {
    enum { CUSTOM, TYPE, IMPORT, FUNCTION, EXPORT = 7, START, ELEMENT, CODE, DATA };
    read_bytes(&in, 8);
    while (in.next < in.end) {
        u8 id = read_byte(&in);
        Input section = read_bytes(&in, read_u32(&in));
        const char *name = id == CUSTOM ? read_name(&section) : "";
        if (id == TYPE) read_types(m, section);
        if (id == IMPORT) read_imports(m, section);
        if (id == FUNCTION) read_functions(m, section);
        if (id == EXPORT) read_exports(m, section);
        if (id == CODE) read_code(m, section);
        if (id == DATA) read_data(m, section, data_address);
        if (strcmp(name, "linking") == 0) read_linking(m, section);
        if (strcmp(name, "reloc.CODE") == 0) read_relocs(m, section, data_address);
        if (id == ELEMENT) fail("function pointers", "");
        if (strcmp(name, "reloc.DATA") == 0) fail("pointers in data", "");
    }
}
