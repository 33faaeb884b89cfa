// See module_data.h. Memory is zero before the segments are copied, so zeros need not be in the file.
#include "codegen/module_data.h"

#include "support/leb.h"
#include "support/map.h"
#include "support/sort.h"

enum {
    SEGMENTS_MOST = 100000, // what engines take
    SEGMENT_BYTES = 4,      // of a segment's head, without its address: flags, i32.const, end, length
    PLACE_BYTES = 12,
    PLACE_ALIGN = 4,
};

static bool add_piece(ModuleData *data, const ModuleLink *link, u32 address, const u8 *bytes, u32 size) {
    WriterData piece = {address, {bytes, size}};
    return size == 0 || vec_push(link->scratch, &data->pieces, piece);
}

static void put_u32(u8 *out, u32 value) {
    for (u32 i = 0; i < 4; i++) out[i] = (u8)(value >> 8 * i);
}

// ---- the runtime's ----

static bool add_cell(ModuleData *data, const ModuleLink *link, RuntimeCell cell, u32 value) {
    u8 *bytes = arena_new(link->scratch, u8, 4);
    if (!bytes) return false;
    put_u32(bytes, value);
    return add_piece(data, link, link->runtime.data[cell].address, bytes, 4);
}

// The table of RUNTIME_CELL_PLACES, and before it the names that it refers to, from `at` on. Left out where memory's
// limit has no room for it: a trap then says no place.
static bool add_places(ModuleData *data, const ModuleLink *link, u32 at) {
    const WriterInput *in = link->in;
    const TrapMap *traps = in->traps;
    u32 count = traps->sites.count ? traps->sites.count - 1 : 0;
    Map address_of = {0}; // function -> its name
    u64 end = at;
    for (u32 i = 1; i <= count; i++) {
        u32 site = traps->sites.items[i], function = in->module->sites.items[site].function;
        Str name = trap_map_function(in->module, site);
        if (!name.data || map_get(&address_of, function) != MAP_NONE) continue;
        u8 *bytes = arena_new(link->scratch, u8, (size_t)name.len + 4);
        if (!bytes || !map_set(link->scratch, &address_of, function, (u32)end)) return false;
        put_u32(bytes, name.len);
        if (name.len) mem_copy(bytes + 4, name.data, name.len);
        if (!add_piece(data, link, (u32)end, bytes, name.len + 4)) return false;
        end += (u64)name.len + 4;
        if (end > in->memory_limit) break;
    }
    u64 table = (end + PLACE_ALIGN - 1) & ~(u64)(PLACE_ALIGN - 1);
    end = table + (u64)count * PLACE_BYTES;
    if (count == 0 || end > in->memory_limit) {
        while (data->pieces.count && data->pieces.items[data->pieces.count - 1].address >= at) data->pieces.count--;
        return true;
    }
    u8 *rows = arena_new(link->scratch, u8, (size_t)count * PLACE_BYTES);
    if (!rows) return false;
    for (u32 i = 1; i <= count; i++) {
        const IrSite *site = &in->module->sites.items[traps->sites.items[i]];
        u32 name = map_get(&address_of, site->function);
        u8 *row = rows + (size_t)(i - 1) * PLACE_BYTES;
        put_u32(row, name == MAP_NONE ? 0 : name);
        put_u32(row + 4, site->instruction == NO_INDEX ? NO_INDEX : site->block);
        put_u32(row + 8, site->terminator ? NO_INDEX : site->instruction);
    }
    data->end = end;
    return add_piece(data, link, (u32)table, rows, count * PLACE_BYTES) &&
           add_cell(data, link, RUNTIME_CELL_PLACES, (u32)table) &&
           add_cell(data, link, RUNTIME_CELL_PLACE_COUNT, count);
}

static bool add_runtime(ModuleData *data, const ModuleLink *link) {
    const WriterInput *in = link->in;
    u32 heap = (in->heap_base + 15) & ~15u;
    if (in->options->map && link_touches(link, RUNTIME_CELL_PLACES)) {
        if (!add_places(data, link, heap)) return false;
        heap = (u32)((data->end + 15) & ~(u64)15);
    }
    u32 limit = in->memory_limit > UINT32_MAX ? UINT32_MAX : (u32)in->memory_limit;
    struct {
        RuntimeCell cell;
        u32 value;
    } cells[] = {
        {RUNTIME_CELL_HEAP_BASE, heap}, {RUNTIME_CELL_MEMORY_LIMIT, limit}, {RUNTIME_CELL_DEPTH, in->options->depth}};
    for (u32 i = 0; i < countof(cells); i++)
        if (link_touches(link, cells[i].cell) && !add_cell(data, link, cells[i].cell, cells[i].value)) return false;
    for (u32 i = 0; i < link->runtime.data_count; i++) {
        const RuntimeData *part = &link->runtime.data[i];
        if (!link_touches(link, i)) continue;
        if (part->bytes && !add_piece(data, link, part->address, part->bytes, part->size)) return false;
        if ((u64)part->address + part->size > data->end) data->end = (u64)part->address + part->size;
    }
    return true;
}

// ---- segments ----

static bool sort_pieces(ModuleData *data, const ModuleLink *link) {
    u32 count = data->pieces.count;
    u64 *keys = arena_new(link->scratch, u64, count);
    WriterData *sorted = arena_new(link->scratch, WriterData, count);
    if (!keys || !sorted) return false;
    for (u32 i = 0; i < count; i++) keys[i] = (u64)data->pieces.items[i].address << 32 | i;
    if (!sort_u64(link->scratch, keys, count)) return false;
    for (u32 i = 0; i < count; i++) sorted[i] = data->pieces.items[(u32)keys[i]];
    data->pieces.items = sorted;
    return true;
}

// Bytes of an address as the signed constant that it is.
static u32 address_bytes(u64 address) { return leb_length((u32)(address << 1)); }

// Adds bytes that are not zero: to the last segment, unless the zeros between are more than the head of a new one.
static bool add_bytes(ModuleData *data, const ModuleLink *link, u64 start, u64 end) {
    DataSegment *last = data->segments.count ? &data->segments.items[data->segments.count - 1] : NULL;
    if (last && (start - last->end <= SEGMENT_BYTES + address_bytes(start) || data->segments.count == SEGMENTS_MOST)) {
        last->end = end;
        return true;
    }
    DataSegment segment = {start, end};
    return vec_push(link->scratch, &data->segments, segment);
}

static bool find_segments(ModuleData *data, const ModuleLink *link) {
    for (u32 i = 0; i < data->pieces.count; i++) {
        const WriterData *piece = &data->pieces.items[i];
        for (u32 at = 0; at < piece->bytes.len;) {
            if (piece->bytes.data[at] == 0) {
                at++;
                continue;
            }
            u32 start = at;
            while (at < piece->bytes.len && piece->bytes.data[at]) at++;
            if (!add_bytes(data, link, (u64)piece->address + start, (u64)piece->address + at)) return false;
        }
    }
    return true;
}

bool data_gather(ModuleData *data, const ModuleLink *link) {
    *data = (ModuleData){.program = link->in->heap_base, .end = link->in->heap_base};
    for (u32 i = 0; i < link->in->data_count; i++) {
        const WriterData *piece = &link->in->data[i];
        if (piece->address < data->program) data->program = piece->address;
        if (!add_piece(data, link, piece->address, piece->bytes.data, piece->bytes.len)) return false;
    }
    return add_runtime(data, link) && sort_pieces(data, link) && find_segments(data, link);
}

// ---- writing ----

static void put_zeros(Buf *out, u64 count) {
    for (; count; count--) buf_byte(out, 0);
}

void data_write(const ModuleData *data, Buf *out) {
    u32 piece = 0;
    buf_leb(out, data->segments.count);
    for (u32 i = 0; i < data->segments.count; i++) {
        u64 at = data->segments.items[i].start, end = data->segments.items[i].end;
        buf_byte(out, 0); // active, memory 0
        buf_byte(out, W_I32_CONST);
        buf_leb_signed(out, (i32)at);
        buf_byte(out, W_END);
        buf_leb(out, end - at);
        while (at < end) {
            const WriterData *from = &data->pieces.items[piece];
            u64 start = from->address, stop = start + from->bytes.len;
            if (stop <= at) {
                piece++;
                continue;
            }
            if (start > at) put_zeros(out, (start < end ? start : end) - at), at = start < end ? start : end;
            if (stop > end) stop = end;
            if (at < stop) buf_bytes(out, from->bytes.data + (at - start), stop - at), at = stop;
        }
    }
}
