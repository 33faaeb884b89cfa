// Writes the sections anew that change (core specification 5.5), and copies what lies between them.
#include "wasm/rewrite.h"

#include "support/leb.h"

// ---- memories ----

// The cap in pages of the memory's own size.
static u64 cap_of(const WasmLimits *memory, u32 pages) { return (u64)pages << (16 - memory->page_log2); }

static void put_memory(Buf *out, const WasmLimits *memory, u32 pages) {
    u64 maximum = cap_of(memory, pages);
    if (memory->has_maximum && memory->maximum < maximum) maximum = memory->maximum;
    bool page_size = memory->page_log2 != 16;
    buf_byte(out, (u8)(1 | (memory->shared ? 2 : 0) | (memory->is64 ? 4 : 0) | (page_size ? 8 : 0)));
    buf_leb(out, memory->initial);
    buf_leb(out, maximum);
    if (page_size) buf_leb(out, memory->page_log2);
}

static bool check_tables(const WasmModule *m, Error *error) {
    for (u32 i = 0; i < m->tables.count; i++) {
        u64 initial = m->tables.items[i].limits.initial;
        if (initial <= TABLE_ITEMS_MOST) continue;
        return error_set_rule(error, ERR_VALIDATE, "table", NOWHERE,
                              "table %u starts with %U elements, but the limit is %u", i, initial,
                              (u32)TABLE_ITEMS_MOST);
    }
    return true;
}

// Whether some memory's maximum changes; sets the error where one starts out too large.
static bool check_memories(const WasmModule *m, u32 pages, bool *changes, Error *error) {
    *changes = false;
    for (u32 i = 0; i < m->memories.count; i++) {
        const WasmLimits *memory = &m->memories.items[i];
        u64 cap = cap_of(memory, pages);
        if (memory->initial > cap) {
            return error_set_rule(error, ERR_VALIDATE, "memory", NOWHERE,
                                  "memory %u starts with %U pages, but the limit is %U pages", i, memory->initial, cap);
        }
        bool defined = i >= m->imported[KIND_MEMORY];
        if (defined && (!memory->has_maximum || memory->maximum > cap)) *changes = true;
    }
    return true;
}

static void put_memories(const WasmModule *m, u32 pages, Buf *content) {
    u32 first = m->imported[KIND_MEMORY];
    buf_leb(content, m->memories.count - first);
    for (u32 i = first; i < m->memories.count; i++) put_memory(content, &m->memories.items[i], pages);
}

// ---- the start function ----

// How many apostrophes make of `start` a name that no export has: one more than any of that form has.
static u32 apostrophes(const WasmModule *m) {
    static const Str stem = {(const u8 *)"start", 5};
    u32 most = 0;
    for (u32 i = 0; i < m->exports.count; i++) {
        Str name = m->exports.items[i].name;
        if (name.len < stem.len || !mem_equal(name.data, stem.data, stem.len)) continue;
        u32 end = stem.len;
        while (end < name.len && name.data[end] == '\'') end++;
        if (end == name.len && most < end - stem.len + 1) most = end - stem.len + 1;
    }
    return most;
}

// The exports that there are, and the start function. Its section stands behind theirs, so that they can stand there.
static void put_exports(const WasmModule *m, Buf *content) {
    const WasmSection *section = wasm_section(m, SECTION_EXPORT);
    buf_leb(content, (u64)m->exports.count + 1);
    if (section) {
        u32 counted = section->offset;
        while (m->file.data[counted] & 0x80) counted++;
        counted++;
        buf_bytes(content, m->file.data + counted, section->offset + section->size - counted);
    }
    u32 marks = apostrophes(m);
    buf_leb(content, 5 + (u64)marks);
    buf_text(content, "start");
    for (u32 i = 0; i < marks; i++) buf_byte(content, '\'');
    buf_byte(content, KIND_FUNCTION);
    buf_leb(content, m->start);
}

// ---- the file ----

// Takes the content.
static void put_section(SectionId id, Buf *content, Buf *out) {
    buf_byte(out, (u8)id);
    buf_leb(out, content->len);
    buf_bytes(out, content->data, content->len);
    if (content->failed) out->failed = true;
    buf_free(content);
}

bool wasm_rewrite(const WasmModule *m, u32 pages, Buf *out, Error *error) {
    bool caps;
    if (!check_tables(m, error) || !check_memories(m, pages, &caps, error)) return false;
    const u8 *file = m->file.data;
    bool starts = m->start != NO_INDEX;
    u32 copied = 0;
    for (u32 i = 0; i < m->sections.count; i++) {
        const WasmSection *section = &m->sections.items[i];
        bool capped = caps && section->id == SECTION_MEMORY, start = section->id == SECTION_START;
        bool moved = starts && section->id == SECTION_EXPORT;
        if (!capped && !start && !moved) continue;
        buf_bytes(out, file + copied, section->header - copied);
        copied = section->offset + section->size;
        Buf content = {0};
        if (capped) put_memories(m, pages, &content);
        if (start) put_exports(m, &content);
        if (!moved) put_section(start ? SECTION_EXPORT : SECTION_MEMORY, &content, out);
    }
    buf_bytes(out, file + copied, m->file.len - copied);
    return out->failed ? error_out_of_memory(error) : true;
}
