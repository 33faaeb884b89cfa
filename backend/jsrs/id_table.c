// See id_table.h.
#include "jsrs/id_table.h"

// An offset table may be so many times as large as the ids are many.
enum { SPREAD_MOST = 8, SPREAD_FREE = 64 };

bool id_table_begin(IdTable *table, Arena *arena, u32 least, u32 most, u32 count) {
    table->span = 0;
    if (count == 0) {
        map_clear(&table->sparse);
        return true;
    }
    u64 span = (u64)most - least + 1;
    if (span > (u64)count * SPREAD_MOST + SPREAD_FREE) {
        map_clear(&table->sparse);
        return true;
    }
    table->base = least;
    table->dense.count = 0;
    if (!vec_reserve(arena, &table->dense, (u32)span)) return false;
    mem_zero(table->dense.items, span * sizeof(u32));
    table->span = (u32)span;
    return true;
}

bool id_table_set(IdTable *table, Arena *arena, u32 id, u32 index) {
    if (table->span == 0) return map_set(arena, &table->sparse, id, index);
    table->dense.items[id - table->base] = index + 1;
    return true;
}
