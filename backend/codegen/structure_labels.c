// Counts depths when all items are written: which BLOCKs are needed is only known then. Labels that end at one place are
// one label, so a branch to what follows an `if` needs no `block` around it.
#include "codegen/structure_labels.h"

static bool opens(const StructureItem *item) {
    return item->kind <= STRUCTURE_IF && item->kind != STRUCTURE_END && item->kind != STRUCTURE_CODE;
}

typedef struct Labels {
    Structure *structure;
    const IrFunction *function;
    u32 *goes_on;  // item that opens a label -> where control goes on behind its END
    u32 *level;    // the same -> its place in the stack, or how many kept labels are around it
    bool *used;    // the same
    u32 *stack;    // open labels by level: their items
    u32 *group;    // level -> lowest level whose label ends where this one does, all between included
    u32 *stand_in; // such lowest level -> the label that all of them use; NO_INDEX = none
    u32 open;
} Labels;

// Calls visit for every label an item branches to, which it may replace.
static void each_label(Labels *l, StructureItem *item, void (*visit)(Labels *, u32 *)) {
    if (item->kind == STRUCTURE_BR_TABLE) {
        u32 count = ir_edge_count(&ir_block(l->function, item->block)->term);
        for (u32 i = 0; i < count; i++) visit(l, &l->structure->depths.items[item->depth + i]);
    } else if (item->kind == STRUCTURE_BR_IF || (item->kind == STRUCTURE_EDGE && item->depth != STRUCTURE_FALLS)) {
        visit(l, &item->depth);
    }
}

// From the last item to the first: what an END leads to is known when it is met.
static void find_ends(Labels *l) {
    StructureItem *items = l->structure->items.items;
    u32 count = l->structure->items.count, open = 0, next = count;
    for (u32 i = count; i-- > 0;) {
        StructureItem *item = &items[i];
        if (item->kind == STRUCTURE_END) {
            l->stack[open++] = next;
            continue;
        }
        if (item->kind == STRUCTURE_ELSE) {
            next = l->stack[open - 1];
            continue;
        }
        if (opens(item)) l->goes_on[i] = l->stack[--open];
        if (item->kind == STRUCTURE_RETURN && next == count) item->depth = STRUCTURE_FALLS;
        next = i;
    }
}

static void use_stand_in(Labels *l, u32 *label) {
    if (l->structure->items.items[*label].kind != STRUCTURE_LOOP) *label = l->stand_in[l->group[l->level[*label]]];
    l->used[*label] = true;
}

// Labels that end at one place are one label: an IF if there is one, since it stays anyway.
static void push_label(Labels *l, u32 at) {
    const StructureItem *items = l->structure->items.items;
    u32 level = l->open++;
    bool joins = level > 0 && l->goes_on[l->stack[level - 1]] == l->goes_on[at];
    u32 group = l->group[level] = joins ? l->group[level - 1] : level;
    l->stack[level] = at;
    l->level[at] = level;
    u32 *now = &l->stand_in[group];
    if (!joins) *now = NO_INDEX;
    if (items[at].kind == STRUCTURE_LOOP) return;
    if (*now == NO_INDEX || (items[at].kind == STRUCTURE_IF && items[*now].kind == STRUCTURE_BLOCK)) *now = at;
}

static void to_depth(Labels *l, u32 *label) { *label = l->open - 1 - l->level[*label]; }

// Takes out the BLOCKs nobody needs and counts depths among the others.
static u32 compact(Labels *l) {
    StructureItem *items = l->structure->items.items;
    u32 count = l->structure->items.count, kept = 0, deepest = 0, nested = 0;
    l->open = 0;
    for (u32 i = 0; i < count; i++) {
        StructureItem item = items[i];
        if (opens(&item)) {
            bool keeps = item.kind != STRUCTURE_BLOCK || l->used[i];
            l->stack[nested++] = keeps;
            if (!keeps) continue;
            l->level[i] = l->open++;
            if (l->open > deepest) deepest = l->open;
        } else if (item.kind == STRUCTURE_END) {
            if (!l->stack[--nested]) continue;
            l->open--;
        }
        each_label(l, &item, to_depth);
        items[kept++] = item;
    }
    l->structure->items.count = kept;
    return deepest;
}

bool structure_settle(Structure *structure, const IrFunction *function, Arena *scratch, u32 deepest, bool *too_deep) {
    u32 count = structure->items.count;
    Labels l = {.structure = structure,
                .function = function,
                .goes_on = arena_new(scratch, u32, count),
                .level = arena_new(scratch, u32, count),
                .used = arena_new(scratch, bool, count),
                .stack = arena_new(scratch, u32, deepest + 1),
                .group = arena_new(scratch, u32, deepest + 1),
                .stand_in = arena_new(scratch, u32, deepest + 1)};
    if (scratch->failed) return false;
    find_ends(&l);
    for (u32 i = 0; i < count; i++) {
        StructureItem *item = &structure->items.items[i];
        if (opens(item)) push_label(&l, i);
        else if (item->kind == STRUCTURE_END) l.open--;
        else each_label(&l, item, use_stand_in);
    }
    *too_deep = compact(&l) > STRUCTURE_DEPTH_MOST;
    return true;
}
