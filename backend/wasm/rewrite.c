// Writes the sections anew that change (core specification 5.5), and copies what lies between them.
#include "wasm/rewrite.h"

#include "support/leb.h"

// ---- memories ----

// What a memory has at first in pages of 64 KiB, whatever the size of its own.
static u64 pages_of(const WasmLimits *memory) {
    u32 bits = 16 - memory->page_log2;
    return (memory->initial >> bits) + ((memory->initial & ((1ull << bits) - 1)) != 0);
}

// In pages of its own size, where it may grow by `more` of 64 KiB.
static u64 maximum_of(const WasmLimits *memory, u32 more) {
    u64 most = (pages_of(memory) + more) << (16 - memory->page_log2);
    if (!memory->is64 && most > UINT32_MAX) most = UINT32_MAX; // of pages of a byte: the size is written with 32 bits
    return memory->has_maximum && memory->maximum < most ? memory->maximum : most;
}

static void put_memory(Buf *out, const WasmLimits *memory, u32 more) {
    u64 maximum = maximum_of(memory, more);
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

// By how much each memory may grow: what they leave of `pages` is divided among those that can. Sets the error where they
// start out too large.
static bool share_pages(const WasmModule *m, u32 pages, u32 *more, Error *error) {
    u32 left = pages, growing = 0;
    for (u32 i = m->imported[KIND_MEMORY]; i < m->memories.count; i++) {
        const WasmLimits *memory = &m->memories.items[i];
        u64 initial = pages_of(memory);
        if (initial > left) {
            return error_set_rule(error, ERR_VALIDATE, "memory", NOWHERE,
                                  "memory %u starts with %U pages of 64 KiB, but the limit %s %u", i, initial,
                                  left < pages ? "leaves it" : "is", left);
        }
        left -= (u32)initial;
        if (!memory->has_maximum || memory->maximum > memory->initial) growing++;
    }
    *more = growing > 0 ? left / growing : 0;
    return true;
}

static bool memories_change(const WasmModule *m, u32 more) {
    for (u32 i = m->imported[KIND_MEMORY]; i < m->memories.count; i++) {
        const WasmLimits *memory = &m->memories.items[i];
        if (!memory->has_maximum || maximum_of(memory, more) != memory->maximum) return true;
    }
    return false;
}

static void put_memories(const WasmModule *m, u32 more, Buf *content) {
    u32 first = m->imported[KIND_MEMORY];
    buf_leb(content, m->memories.count - first);
    for (u32 i = first; i < m->memories.count; i++) put_memory(content, &m->memories.items[i], more);
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
    u32 more;
    if (!check_tables(m, error) || !share_pages(m, pages, &more, error)) return false;
    const u8 *file = m->file.data;
    bool caps = memories_change(m, more), starts = m->start != NO_INDEX;
    u32 copied = 0;
    for (u32 i = 0; i < m->sections.count; i++) {
        const WasmSection *section = &m->sections.items[i];
        bool capped = caps && section->id == SECTION_MEMORY, start = section->id == SECTION_START;
        bool moved = starts && section->id == SECTION_EXPORT;
        if (!capped && !start && !moved) continue;
        buf_bytes(out, file + copied, section->header - copied);
        copied = section->offset + section->size;
        Buf content = {0};
        if (capped) put_memories(m, more, &content);
        if (start) put_exports(m, &content);
        if (!moved) put_section(start ? SECTION_EXPORT : SECTION_MEMORY, &content, out);
    }
    buf_bytes(out, file + copied, m->file.len - copied);
    return out->failed ? error_out_of_memory(error) : true;
}
