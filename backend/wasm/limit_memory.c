// Writes the memory section anew (core specification 5.5.8) between the bytes before and behind it.
#include "wasm/limit_memory.h"

#include "support/leb.h"

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

// The section's content, its size before it.
static void put_section(const WasmModule *m, u32 pages, Buf *out) {
    Buf content = {0};
    u32 first = m->imported[KIND_MEMORY];
    buf_leb(&content, m->memories.count - first);
    for (u32 i = first; i < m->memories.count; i++) put_memory(&content, &m->memories.items[i], pages);
    buf_leb(out, content.len);
    buf_bytes(out, content.data, content.len);
    if (content.failed) out->failed = true;
    buf_free(&content);
}

bool wasm_limit_memory(const WasmModule *m, u32 pages, Buf *out, Error *error) {
    bool changes;
    if (!check_tables(m, error) || !check_memories(m, pages, &changes, error)) return false;
    const u8 *file = m->file.data;
    if (changes) {
        const WasmSection *section = wasm_section(m, SECTION_MEMORY);
        u32 behind = section->offset + section->size;
        buf_bytes(out, file, section->header + 1);
        put_section(m, pages, out);
        buf_bytes(out, file + behind, m->file.len - behind);
    } else {
        buf_bytes(out, file, m->file.len);
    }
    return out->failed ? error_out_of_memory(error) : true;
}
