// Ids of one function to indices: an offset table where the ids lie close together, a map where they are sparse
// (spec 6). Storage is kept from function to function.
#ifndef JSRS_ID_TABLE_H
#define JSRS_ID_TABLE_H

#include "support/error.h"
#include "support/map.h"
#include "support/vec.h"

typedef struct IdTable {
    u32 base, span; // ids base .. base + span - 1 are in `dense`; span 0: all in `sparse`
    VEC(u32) dense; // index + 1, 0 = undefined
    Map sparse;
} IdTable;

// Empties the table for `count` ids between `least` and `most`. False when memory is out.
bool id_table_begin(IdTable *table, Arena *arena, u32 least, u32 most, u32 count) MUST_CHECK;
bool id_table_set(IdTable *table, Arena *arena, u32 id, u32 index) MUST_CHECK;

// The index of an id, or NO_INDEX.
static inline u32 id_table_get(const IdTable *table, u32 id) {
    u32 at = id - table->base;
    if (likely(at < table->span)) return table->dense.items[at] - 1;
    return table->span ? NO_INDEX : map_get(&table->sparse, id);
}

#endif
