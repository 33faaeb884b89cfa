// Switches become trees of tests with dense tables for leaves. Cases are sorted and joined into ranges that go one way,
// ranges into clusters: a table where at least half of it is filled, or one range. Clusters are told apart by halving;
// what is known about the selector on the way (its type's bounds, the tests before) saves tests.
#include "codegen/shape.h"

#include "ir/build.h"
#include "ir/eval.h"
#include "support/sort.h"

enum {
    TABLE_RANGES = 3,   // fewer are tests
    TABLE_MOST = 16384, // cases: each may need a label of its own around the table
    ROW_MOST = 3,       // clusters that are tested one after the other
};

// Numbers are compared as unsigned: those of signed types have their top bit flipped.
typedef struct Range {
    u128 low, high;
    u32 item; // in IrFunction.cases: where it goes
} Range;

typedef struct Cluster {
    u32 first, count; // ranges: several are a table
} Cluster;

typedef struct Task {
    IrBlockId block;
    u32 first, count; // clusters
    u128 low, high;   // what the selector can be
} Task;

typedef struct Work {
    IrModule *module;
    IrFunction *function;
    IrBuilder b;
    Arena *scratch;
    IrType type, unsigned_type; // of the selector, 32 bits at least
    IrValue selector;
    u128 bias;
    IrEdge other;
    Range *ranges;
    u32 range_count;
    Cluster *clusters;
    u32 cluster_count;
} Work;

// ---- ranges ----

static const IrEdge *edge_of(const Work *w, const Range *range) { return &w->function->cases.items[range->item].edge; }

static bool range_before(const void *a, const void *b) { return ((const Range *)a)->low < ((const Range *)b)->low; }

static bool find_ranges(Work *w, const IrTerm *term) {
    u32 count = term->case_count, kept = 0;
    Range *all = arena_new(w->scratch, Range, count + 1);
    if (!all) return false;
    for (u32 i = 0; i < count; i++) {
        const IrCase *item = &w->function->cases.items[term->first_case + i];
        u128 value = ((u128)item->high << 64 | item->low) ^ w->bias;
        all[i] = (Range){value, value, term->first_case + i};
    }
    // Of equal ones the first stays in front.
    if (!sort_items(w->scratch, all, count, sizeof *all, range_before)) return false;
    u128 seen = 0;
    for (u32 i = 0; i < count; i++) {
        Range *last = kept ? &all[kept - 1] : NULL;
        bool again = i > 0 && all[i].low == seen;
        seen = all[i].low;
        if (again || ir_same_edge(w->function, edge_of(w, &all[i]), &w->other)) continue;
        if (last && all[i].low - last->high == 1 && ir_same_edge(w->function, edge_of(w, last), edge_of(w, &all[i])))
            last->high = all[i].low;
        else all[kept++] = all[i];
    }
    w->ranges = all;
    w->range_count = kept;
    return true;
}

// ---- clusters ----

static bool find_clusters(Work *w) {
    w->clusters = arena_new(w->scratch, Cluster, w->range_count + 1);
    if (!w->clusters) return false;
    w->cluster_count = 0;
    for (u32 first = 0, count; first < w->range_count; first += count) {
        u128 low = w->ranges[first].low, filled = 0;
        count = 0;
        while (first + count < w->range_count) {
            const Range *next = &w->ranges[first + count];
            filled += next->high - next->low + 1;
            u128 span = next->high - low; // + 1
            if (span >= TABLE_MOST || span >= filled * 2) break;
            count++;
        }
        if (count < TABLE_RANGES) count = 1;
        w->clusters[w->cluster_count++] = (Cluster){first, count};
    }
    return true;
}

static u128 cluster_low(const Work *w, u32 at) { return w->ranges[w->clusters[at].first].low; }
static u128 cluster_high(const Work *w, u32 at) {
    return w->ranges[w->clusters[at].first + w->clusters[at].count - 1].high;
}

// ---- tests ----

static IrValue number(Work *w, IrType type, u128 biased) {
    u128 value = biased ^ w->bias;
    return ir_const128(&w->b, type, (u64)value, (u64)(value >> 64));
}

static void test(Work *w, IrOp op, u128 biased, IrEdge then, IrEdge other) {
    ir_branch(&w->b, ir_compare(&w->b, op, w->type, w->selector, number(w, w->type, biased)), then, other);
}

// The selector less `low`, as an unsigned number: what is below wraps to what is far above.
static IrValue distance(Work *w, u128 low) {
    IrValue value = w->selector;
    if (low != w->bias) value = ir_binary(&w->b, IR_OP_SUB, w->type, value, number(w, w->type, low));
    return ir_convert(&w->b, w->unsigned_type, w->type, value);
}

static void test_distance(Work *w, IrValue value, u128 span, IrEdge then, IrEdge other) {
    IrValue most = ir_const128(&w->b, w->unsigned_type, (u64)span, (u64)(span >> 64));
    ir_branch(&w->b, ir_compare(&w->b, IR_OP_LE, w->unsigned_type, value, most), then, other);
}

static IrBlockId new_block(Work *w) { return ir_add_block(&w->b, ir_block(w->function, w->b.block)->source); }
static IrEdge to(Work *w, IrBlockId block) { return ir_edge(&w->b, block, NULL, 0); }

static void write_range(Work *w, const Task *task, const Range *range, IrEdge other) {
    IrEdge edge = *edge_of(w, range);
    bool from_least = range->low <= task->low, to_most = range->high >= task->high;
    if (from_least && to_most) ir_jump(&w->b, edge);
    else if (range->low == range->high) test(w, IR_OP_EQ, range->low, edge, other);
    else if (from_least) test(w, IR_OP_LE, range->high, edge, other);
    else if (to_most) test(w, IR_OP_GE, range->low, edge, other);
    else test_distance(w, distance(w, range->low), range->high - range->low, edge, other);
}

// The table's own default catches what is past its end, as long as 32 bits can tell all values apart.
static void write_table(Work *w, const Task *task, const Cluster *cluster, IrEdge other) {
    const Range *range = &w->ranges[cluster->first], *last = range + cluster->count - 1;
    u128 low = range->low, span = last->high - low;
    IrValue value = distance(w, low);
    if ((task->high - task->low) >> 32) {
        IrBlockId inside = new_block(w);
        test_distance(w, value, span, to(w, inside), other);
        ir_at(&w->b, inside);
    }
    ir_switch(&w->b, ir_convert(&w->b, IR_U32, w->unsigned_type, value), other);
    for (u32 i = 0; i <= span; i++) {
        range += low + i > range->high;
        ir_case(&w->b, i, 0, low + i < range->low ? w->other : *edge_of(w, range));
    }
}

// Clusters in a row, each asked for in the block where the one before was not met.
static void write_row(Work *w, Task task) {
    for (u32 i = 0; i < task.count && !w->module->arena->failed; i++) {
        const Cluster *cluster = &w->clusters[task.first + i];
        IrEdge other = i + 1 < task.count ? to(w, new_block(w)) : w->other;
        ir_at(&w->b, task.block);
        if (cluster->count == 1) write_range(w, &task, &w->ranges[cluster->first], other);
        else write_table(w, &task, cluster, other);
        if (cluster_low(w, task.first + i) <= task.low) task.low = cluster_high(w, task.first + i) + 1;
        task.block = other.target;
    }
}

static void write_tree(Work *w, Task root) {
    Task stack[40]; // halving: one per bit of the count
    u32 waiting = 0;
    stack[waiting++] = root;
    while (waiting && !w->module->arena->failed) {
        Task task = stack[--waiting];
        ir_at(&w->b, task.block);
        if (task.count <= ROW_MOST) {
            write_row(w, task);
            continue;
        }
        u32 half = task.count / 2, middle = task.first + half;
        u128 least = cluster_low(w, middle);
        Task below = {new_block(w), task.first, half, task.low, least - 1};
        Task above = {new_block(w), middle, task.count - half, least, task.high};
        test(w, IR_OP_LT, least, to(w, below.block), to(w, above.block));
        stack[waiting++] = above;
        stack[waiting++] = below;
    }
}

// ---- one switch ----

// Everything is done in 32, 64 or 128 bits; to widen a narrow selector costs nothing in wasm.
static u32 choose_type(Work *w, IrBlockId block, IrValue selector) {
    IrType type = (IrType)ir_inst(w->function, selector)->type;
    bool is_signed = ir_is_signed(type);
    u32 bits = ir_bits(type);
    w->unsigned_type = bits <= 32 ? IR_U32 : bits == 64 ? IR_U64 : IR_U128;
    w->type = !is_signed ? w->unsigned_type : bits <= 32 ? IR_I32 : type;
    w->bias = is_signed ? (u128)1 << 127 : 0;
    ir_at(&w->b, block);
    w->selector = ir_convert(&w->b, w->type, type, selector);
    return bits;
}

static bool lower_switch(Work *w, IrBlockId block) {
    IrTerm term = ir_block(w->function, block)->term;
    w->other = term.other;
    w->b.site = term.site;
    u32 bits = choose_type(w, block, term.value);
    if (!find_ranges(w, &term) || !find_clusters(w)) return false;
    if (w->cluster_count == 0) {
        ir_jump(&w->b, w->other);
        return !w->module->arena->failed;
    }
    if (w->cluster_count > 1 && w->other.arg_count) { // its moves once, not at every leaf
        IrBlockId meet = new_block(w);
        ir_at(&w->b, meet);
        ir_jump(&w->b, w->other);
        w->other = to(w, meet);
    }
    u128 most = ~(u128)0 >> (128 - bits); // unsigned; signed: 2 to the power of bits - 1 on either side of the bias
    u128 low = w->bias ? w->bias - (most / 2 + 1) : 0;
    write_tree(w, (Task){block, 0, w->cluster_count, low, low + most});
    return !w->module->arena->failed;
}

bool shape_lower_switches(IrModule *module, IrFunction *function, Arena *scratch) {
    Work w = {
        .module = module, .function = function, .b = {.module = module, .function = function}, .scratch = scratch};
    for (IrBlockId block = 1, count = function->blocks.count; block < count; block++) {
        if (ir_block(function, block)->term.kind != TERM_SWITCH) continue;
        ArenaMark mark = arena_mark(scratch);
        bool ok = lower_switch(&w, block);
        arena_rewind(scratch, mark);
        if (!ok) return false;
    }
    return true;
}
