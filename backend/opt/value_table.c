// See value_table.h.
#include "opt/value_table.h"

enum { CHAIN = 16 }; // candidates of one hash that are compared: hostile files can make all hashes equal

bool value_table_init(ValueTable *table, Pass *pass, const RowStates *rows) {
    u32 buckets = 16;
    while (buckets < pass->function->insts.count && buckets < 1u << 30) buckets *= 2;
    *table = (ValueTable){.function = pass->function,
                          .scratch = pass->scratch,
                          .buckets = arena_new(pass->scratch, u32, buckets),
                          .bucket_mask = buckets - 1,
                          .rows = rows};
    return table->buckets != NULL;
}

// 1 where operands that may stand either way are compared in the other order than they stand: fold wants constants on the
// right.
HOT_INLINE u32 turned(const IrInst *inst) { return opt_commutes(inst->op) & (inst->args[0] > inst->args[1]); }

static u32 hash_inst(const IrInst *inst) {
    const u64 odd = 0x9e3779b97f4a7c15u;
    const u32 *args = inst->args;
    u32 turn = turned(inst);
    u64 hash = inst->op | (u32)inst->type << 8 | (u32)inst->arg_type << 16;
    hash = (hash ^ ((u64)args[turn] << 32 | args[1 - turn])) * odd;
    hash = (hash ^ hash >> 32 ^ ((u64)args[2] << 32 | args[3])) * odd;
    return (u32)(hash >> 32);
}

static bool same_inst(const IrInst *a, const IrInst *b) {
    u32 x = turned(a), y = turned(b);
    return a->op == b->op && a->type == b->type && a->arg_type == b->arg_type && a->args[x] == b->args[y] &&
           a->args[1 - x] == b->args[1 - y] && a->args[2] == b->args[2] && a->args[3] == b->args[3];
}

// An index into a row of the heap reads the row's count.
HOT_INLINE u32 rows_of(const ValueTable *table, const IrInst *inst) {
    return inst->op == IR_OP_INDEX && inst->args[3] == 0 ? table->rows->now : 0;
}

static IrValue find(const ValueTable *table, const IrInst *key, u32 *hashed) {
    u32 hash = *hashed = hash_inst(key);
    u32 rows = rows_of(table, key), link = table->buckets[hash & table->bucket_mask];
    for (u32 i = 0; i < CHAIN && link; i++) {
        const ValueEntry *entry = &table->entries.items[link - 1];
        link = entry->next;
        if (entry->hash != hash || entry->rows != rows) continue;
        if (same_inst(key, ir_inst(table->function, entry->value))) return entry->value;
    }
    return 0;
}

IrValue value_table_find(const ValueTable *table, const IrInst *key) {
    u32 hash;
    return find(table, key, &hash);
}

IrValue value_table_add(ValueTable *table, IrValue value) {
    const IrInst *key = ir_inst(table->function, value);
    u32 hash;
    IrValue before = find(table, key, &hash);
    u32 *bucket = &table->buckets[hash & table->bucket_mask];
    ValueEntry entry = {value, *bucket, hash, rows_of(table, key)};
    if (before || !vec_push(table->scratch, &table->entries, entry)) return before;
    *bucket = table->entries.count;
    return 0;
}

void value_table_forget(ValueTable *table, u32 kept) {
    while (table->entries.count > kept) {
        const ValueEntry *entry = &table->entries.items[--table->entries.count];
        table->buckets[entry->hash & table->bucket_mask] = entry->next;
    }
}
