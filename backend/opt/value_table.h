// The values computed before a place of a walk over the dominator tree, found by what they compute (value_number.c).
#ifndef OPT_VALUE_TABLE_H
#define OPT_VALUE_TABLE_H
#include "opt/row_states.h"

typedef struct ValueEntry {
    u32 value, next, hash; // next = position + 1 in entries
    u32 rows;              // state of the heap's rows that it was found good in; 0 = any
} ValueEntry;

typedef struct ValueTable {
    const IrFunction *function;
    Arena *scratch;
    u32 *buckets; // position + 1 in entries
    u32 bucket_mask;
    VEC(ValueEntry) entries; // the latest last
    const RowStates *rows;   // at the place
} ValueTable;

bool value_table_init(ValueTable *table, Pass *pass, const RowStates *rows) MUST_CHECK;

// A value entered before that gives the same as this instruction, or 0.
IrValue value_table_find(const ValueTable *table, const IrInst *key);
// An equal value entered before, or 0 after entering this one.
IrValue value_table_add(ValueTable *table, IrValue value);
// Drops all but the first entries.
void value_table_forget(ValueTable *table, u32 kept);

#endif
