// Control flow for WebAssembly (codegen/structure.h, shape.h): golden files (tests/golden/codegen/NAME.ir and .out),
// random graphs run before and after each rewrite and walked when they are structured, and graphs of hostile shapes and
// sizes.
#include "golden.h"

#include "codegen/shape.h"
#include "ir/build.h"
#include "ir/eval.h"
#include "ir_reference.h"
#include "random_graph.h"
#include "structure_walk.h"
#include "support/platform.h"

// ---- golden files ----

typedef bool Rewrite(IrModule *module, IrFunction *function, Arena *scratch);

static bool make_reducible(IrModule *module, IrFunction *function, Arena *scratch) {
    IrCfg cfg;
    return shape_make_reducible(module, function, &cfg, scratch);
}

static bool rewrite_all(IrModule *module, Rewrite *rewrite) {
    Arena scratch;
    arena_init(&scratch, 0);
    bool ok = true;
    for (u32 i = 1; i < module->functions.count; i++)
        ok = ok && rewrite(module, &module->functions.items[i], &scratch) && scratch.used == 0;
    arena_free(&scratch);
    return ok;
}

static bool rewritten_text(IrModule *module, Arena *arena, const void *rewrite, Buf *out, Error *error) {
    if (!rewrite_all(module, *(Rewrite *const *)rewrite) || !ir_verify(module, arena, error)) return false;
    ir_print(out, module);
    return true;
}

// What is wrong with the structure of a function, NULL if nothing is.
static const char *make_structure(Structure *out, Arena *arena, Arena *scratch, IrFunction *function) {
    IrCfg cfg;
    bool too_deep;
    if (!ir_cfg_build(&cfg, arena, function) ||
        !structure_make(out, arena, scratch, function, &cfg, structure_plain, function, &too_deep))
        return "structuring failed";
    return too_deep ? "too deep" : structure_check(out, function);
}

static bool structured_text(IrModule *module, Arena *arena, const void *context, Buf *out, Error *error) {
    (void)context, (void)error;
    for (u32 i = 1; i < module->functions.count; i++) {
        IrFunction *function = &module->functions.items[i];
        Arena scratch;
        Structure structure;
        arena_init(&scratch, 0);
        if (!CHECK(make_structure(&structure, arena, &scratch, function) == NULL)) return false;
        buf_format(out, "%s%S:\n", i > 1 ? "\n" : "", &function->name);
        structure_print(out, &structure, function);
        arena_free(&scratch);
    }
    return true;
}

static void test_golden(void) {
    Rewrite *reducible = make_reducible, *switches = shape_lower_switches;
    check_golden("../tests/golden/codegen/structure", structured_text, NULL);
    check_golden("../tests/golden/codegen/irreducible", rewritten_text, &reducible);
    check_golden("../tests/golden/codegen/switch", rewritten_text, &switches);
}

// ---- random graphs ----

static bool same_outcome(const Reference *a, const Reference *b) {
    return str_equal((Str){a->output.data, (u32)a->output.len}, (Str){b->output.data, (u32)b->output.len}) &&
           a->trap == b->trap && (a->trap || a->result == b->result) && !a->gave_up && !b->gave_up;
}

// Runs one rewrite; the module must verify and do what it did.
static const char *rewrite_one(IrModule *module, Arena *arena, Rewrite *rewrite, const Reference *before,
                               Error *error) {
    if (!rewrite_all(module, rewrite)) return "rewriting failed";
    if (!ir_verify(module, arena, error)) return "does not verify";
    Reference after;
    reference_run(module, 1000000, &after);
    bool same = same_outcome(before, &after);
    reference_free(&after);
    return same ? NULL : "does something else";
}

static const char *structure_one(IrFunction *function, Arena *arena, u64 seed) {
    Arena scratch;
    Structure structure;
    arena_init(&scratch, 0);
    const char *wrong = make_structure(&structure, arena, &scratch, function);
    for (u32 i = 0; i < 6 && !wrong; i++) wrong = structure_walk(&structure, function, seed + i, 400);
    arena_free(&scratch);
    return wrong;
}

static const char *random_one(u64 seed, u32 blocks, u32 params, Error *error) {
    Arena arena;
    IrModule module;
    Reference before;
    arena_init(&arena, 0);
    random_graph(&module, &arena, seed, blocks, params);
    const char *wrong = arena.failed || !ir_verify(&module, &arena, error) ? "the graph does not verify" : NULL;
    reference_run(&module, 1000000, &before);
    if (!wrong) wrong = rewrite_one(&module, &arena, make_reducible, &before, error);
    u32 insts = module.functions.items[1].insts.count;
    if (!wrong) wrong = rewrite_one(&module, &arena, make_reducible, &before, error);
    if (!wrong && insts != module.functions.items[1].insts.count) wrong = "still irreducible";
    if (!wrong) wrong = structure_one(&module.functions.items[1], &arena, seed);
    if (!wrong) wrong = rewrite_one(&module, &arena, shape_lower_switches, &before, error);
    if (!wrong) wrong = structure_one(&module.functions.items[1], &arena, seed);
    reference_free(&before);
    arena_free(&arena);
    return wrong;
}

static void test_random(u64 first, u64 count) {
    u32 shown = 0;
    for (u64 seed = first; seed < first + count; seed++) {
        Error error;
        error_clear(&error);
        u32 blocks = 3 + seed % 13 + (seed % 7 == 0 ? 30 : 0), params = seed % 3 == 0 ? 0 : seed % 11 == 0 ? 16 : 3;
        const char *wrong = random_one(seed, blocks, params, &error);
        if (!CHECK(wrong == NULL) && shown++ < 10)
            fprintf(stderr, "  seed %llu: %s %.*s\n", (unsigned long long)seed, wrong, (int)error.message_len,
                    error.message);
    }
}

// ---- switches of every type ----

static const IrType selector_types[] = {IR_I8, IR_U8, IR_I16, IR_U16, IR_I32, IR_U32, IR_I64, IR_U64, IR_I128, IR_U128};

static u64 draw(u64 *state) {
    *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
    return *state;
}

// A number of the type: near one of a few places, the ends of the type among them.
static u128 draw_number(u64 *state, IrType type) {
    static const i64 places[] = {0, 0, 100, 1000000000000, -5};
    u64 place = draw(state) % 7, far = draw(state) % 12;
    u32 width = ir_bits(type);
    u128 middle = place < 5 ? (u128)(i128)places[place]
                            : (u128)1 << (width - 1); // least or most, as the type is signed
    return eval_wrap128(type, middle + far * (1 + place % 3) - 4 * (place > 4));
}

// fn 2 switches; fn 1 calls it with many numbers and prints what it gives.
static void switch_module(IrModule *module, Arena *arena, u64 *state) {
    IrType type = selector_types[draw(state) % countof(selector_types)];
    IrBuilder b;
    ir_module_init(module, arena);
    ir_add_data(module, STR(" "));
    ir_add_function(module, STR("main"), 0, IR_VOID);
    ir_add_function(module, STR("choose"), 1, IR_U32);
    ir_begin(&b, module, 2);
    IrValue selector = ir_function_param(&b, type);
    ir_at(&b, ir_add_block(&b, 0));
    u32 arms = 1 + draw(state) % 5, cases = (u32)(draw(state) % 40);
    IrBlockId meet = 2 + arms;
    IrValue numbers[8], results[8];
    for (u32 i = 0; i < 8; i++) numbers[i] = ir_const(&b, IR_U32, i);
    for (u32 i = 0; i <= arms; i++) ir_add_block(&b, 0);
    IrValue given = ir_block_param(&b, meet, IR_U32);
    IrEdge edges[8];
    for (u32 i = 0; i < arms; i++) edges[i] = ir_edge(&b, 2 + i, NULL, 0);
    for (u32 i = arms; i < 8; i++) edges[i] = ir_edge(&b, meet, &numbers[i], 1);
    ir_switch(&b, selector, edges[draw(state) % 8]);
    for (u32 i = 0; i < cases; i++) {
        u128 number = draw_number(state, type);
        ir_case(&b, (u64)number, (u64)(number >> 64), edges[draw(state) % 8]);
    }
    for (u32 i = 0; i < arms; i++) {
        ir_at(&b, 2 + i);
        results[i] = ir_const(&b, IR_U32, 100 + i);
        ir_jump(&b, ir_edge(&b, meet, &results[i], 1));
    }
    ir_at(&b, meet);
    ir_return(&b, given);
    ir_begin(&b, module, 1);
    ir_at(&b, ir_add_block(&b, 0));
    for (u32 i = 0; i < 60; i++) {
        u128 number = draw_number(state, type);
        IrValue argument = ir_const128(&b, type, (u64)number, (u64)(number >> 64));
        ir_emit(&b, IR_OP_PRINT_VALUE, IR_VOID, IR_U32, ir_call(&b, IR_U32, 2, &argument, 1), 0, 0, 0);
        ir_emit(&b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, 0, 0, 0, 0);
    }
    ir_return(&b, 0);
    module->entry = 1;
}

static bool switches_are_tables(const IrFunction *function) {
    for (u32 i = 1; i < function->blocks.count; i++) {
        const IrTerm *term = &ir_block(function, i)->term;
        if (term->kind != TERM_SWITCH) continue;
        if (ir_inst(function, term->value)->type != IR_U32 || term->case_count < 3 || term->case_count > 16384)
            return false;
        for (u32 k = 0; k < term->case_count; k++)
            if (function->cases.items[term->first_case + k].low != k) return false;
    }
    return true;
}

static void test_switches(void) {
    u64 state = 88172645463325252u;
    for (u32 i = 0; i < 3000; i++) {
        Arena arena;
        IrModule module;
        Reference before;
        Error error;
        error_clear(&error);
        arena_init(&arena, 0);
        switch_module(&module, &arena, &state);
        CHECK(ir_verify(&module, &arena, &error));
        reference_run(&module, 1000000, &before);
        const char *wrong = rewrite_one(&module, &arena, shape_lower_switches, &before, &error);
        IrFunction *choose = &module.functions.items[2];
        if (!wrong && !switches_are_tables(choose)) wrong = "a switch that is no table";
        if (!wrong) wrong = structure_one(choose, &arena, i);
        if (!CHECK(wrong == NULL))
            fprintf(stderr, "  switch %u: %s %.*s\n", i, wrong, (int)error.message_len, error.message);
        reference_free(&before);
        arena_free(&arena);
    }
}

// One switch of so many cases, `step` apart, an arm each.
static void test_big_switch(u32 cases, u64 step) {
    Arena arena;
    IrModule module;
    IrBuilder b;
    arena_init(&arena, 0);
    ir_module_init(&module, &arena);
    ir_begin(&b, &module, ir_add_function(&module, STR("f"), 0, IR_VOID));
    IrValue selector = ir_function_param(&b, IR_U64);
    for (u32 i = 0; i <= cases + 1; i++) ir_add_block(&b, 0);
    ir_at(&b, 1);
    ir_switch(&b, selector, ir_edge(&b, 2, NULL, 0));
    for (u32 i = 0; i < cases; i++) ir_case(&b, (u64)(i ^ 1) * step, 0, ir_edge(&b, 3 + i, NULL, 0));
    for (u32 i = 2; i <= cases + 2; i++) {
        ir_at(&b, i);
        ir_emit(&b, IR_OP_FLUSH, IR_VOID, IR_VOID, 0, 0, 0, 0);
        ir_return(&b, 0);
    }
    CHECK(rewrite_all(&module, shape_lower_switches) && switches_are_tables(b.function));
    const char *wrong = structure_one(b.function, &arena, 1);
    if (!CHECK(wrong == NULL)) fprintf(stderr, "  %u cases, %u apart: %s\n", cases, (u32)step, wrong);
    arena_free(&arena);
}

// ---- sizes: quadratic work or recursion would show ----

typedef struct Ends {
    u32 count, target[2];
} Ends;
typedef Ends Successors(u32 block, u32 blocks);

static Ends ends(u32 a, u32 b) { return (Ends){2, {a, b}}; }
static Ends line(u32 block, u32 blocks) { return (Ends){block < blocks, {block + 1, 0}}; }
static Ends early_exits(u32 block, u32 blocks) {
    return block + 2 > blocks ? (Ends){0} : ends(block + 1, block % 3 ? blocks : block + 2);
}
static Ends diamonds(u32 block, u32 blocks) {
    u32 in = (block - 1) % 4;
    if (block + 4 > blocks) return (Ends){0};
    return in == 0 ? ends(block + 1, block + 2) : (Ends){1, {block - in + (in == 3 ? 4 : 3), 0}};
}
static Ends else_ifs(u32 block, u32 blocks) { // odd blocks test, even ones are arms that meet at the last
    return block == blocks ? (Ends){0}
           : block % 2     ? ends(block + 1, block + 2 < blocks ? block + 2 : blocks)
                           : (Ends){1, {blocks, 0}};
}
static Ends nested_arms(u32 block, u32 blocks) { // either arm tests on; nothing meets
    return block % 2 && block + 2 <= blocks ? ends(block + 2, block + 1) : (Ends){0};
}
static Ends loops_in_a_row(u32 block, u32 blocks) { return block == blocks ? (Ends){0} : ends(block, block + 1); }
static Ends back_to_first(u32 block, u32 blocks) { return ends(block < blocks ? block + 1 : 1, 1); }
static Ends nested_loops(u32 block, u32 blocks) { // the first half heads loops that end in the second
    return block == blocks       ? (Ends){0}
           : block <= blocks / 2 ? (Ends){1, {block + 1, 0}}
                                 : ends(blocks - block + 1, block + 1);
}
static Ends loop_exits(u32 block, u32 blocks) { // from loops in each other all the way out
    u32 half = blocks / 2;
    if (block >= blocks - 1) return (Ends){0};
    return block <= half ? ends(block + 1, blocks - 1) : ends(blocks - block, block + 1);
}
static Ends crossing_ladder(u32 block, u32 blocks) { // irreducible: up one side, down the other, a cross at every rung
    u32 half = blocks / 2;
    return ends(block == blocks ? 1 : block + 1, block <= half ? block + half : block - half);
}
static Ends nested_irreducible(u32 block, u32 blocks) { // each level is entered twice and holds the next
    return block + 4 > blocks ? (Ends){1, {block > 4 ? block - 2 : block, 0}}
                              : ends(block + 1 + block % 2, block > 4 ? block - 3 + block % 2 : 3);
}

// Returns the nesting of labels, NO_INDEX when that is refused.
static u32 structure_graph(const char *name, Successors *successors, u32 blocks) {
    Arena arena, scratch;
    IrModule module;
    IrBuilder b;
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    ir_module_init(&module, &arena);
    ir_begin(&b, &module, ir_add_function(&module, STR("f"), 0, IR_VOID));
    IrValue condition = ir_function_param(&b, IR_BOOL);
    for (u32 i = 1; i <= blocks; i++) ir_add_block(&b, 0);
    for (u32 i = 1; i <= blocks; i++) {
        Ends end = successors(i, blocks);
        ir_at(&b, i);
        ir_emit(&b, IR_OP_FLUSH, IR_VOID, IR_VOID, 0, 0, 0, 0);
        if (end.count == 0) ir_return(&b, 0);
        else if (end.count == 1) ir_jump(&b, ir_edge(&b, end.target[0], NULL, 0));
        else ir_branch(&b, condition, ir_edge(&b, end.target[0], NULL, 0), ir_edge(&b, end.target[1], NULL, 0));
    }
    Structure structure;
    IrCfg cfg;
    bool too_deep;
    bool ok = make_reducible(&module, b.function, &scratch) && shape_lower_switches(&module, b.function, &scratch);
    ok = ok && ir_cfg_build(&cfg, &arena, b.function) &&
         structure_make(&structure, &arena, &scratch, b.function, &cfg, structure_plain, b.function, &too_deep);
    const char *wrong = !ok ? "out of memory" : structure_check(&structure, b.function);
    for (u32 i = 0; i < 3 && !wrong; i++) wrong = structure_walk(&structure, b.function, i, blocks * 10);
    if (!CHECK(wrong == NULL)) fprintf(stderr, "  %s: %s\n", name, wrong);
    if (!CHECK(b.function->blocks.count <= blocks * 8))
        fprintf(stderr, "  %s grew to %u blocks\n", name, b.function->blocks.count);
    u32 deepest = 0, open = 0;
    for (u32 i = 0; ok && i < structure.items.count; i++) {
        u8 kind = structure.items.items[i].kind;
        if (kind == STRUCTURE_END) open--;
        else if (kind == STRUCTURE_BLOCK || kind == STRUCTURE_LOOP || kind == STRUCTURE_IF) open++;
        if (open > deepest) deepest = open;
    }
    CHECK(too_deep == (deepest > STRUCTURE_DEPTH_MOST));
    arena_free(&arena);
    arena_free(&scratch);
    return too_deep ? NO_INDEX : deepest;
}

static void test_sizes(void) {
    static const struct {
        const char *name;
        Successors *successors;
        u32 blocks, deepest;
    } graphs[] = {
        {"line", line, 200000, 0},
        {"early exits", early_exits, 100000, 2},
        {"diamonds", diamonds, 200000, 1},
        {"else ifs", else_ifs, 100001, 201},
        {"nested arms", nested_arms, 100001, 1},
        {"loops in a row", loops_in_a_row, 100000, 1},
        {"back to the first", back_to_first, 100000, 1},
        {"nested loops", nested_loops, 80000, 39999},
        {"nested loops, too many", nested_loops, 120000, NO_INDEX},
        {"loop exits", loop_exits, 60000, 29999},
        {"crossing ladder", crossing_ladder, 100000, 6},
        {"nested irreducible", nested_irreducible, 20000, 9997},
    };
    for (u32 i = 0; i < countof(graphs); i++) {
        u32 deepest = structure_graph(graphs[i].name, graphs[i].successors, graphs[i].blocks);
        if (!CHECK(deepest == graphs[i].deepest))
            fprintf(stderr, "  %s: %u labels in each other\n", graphs[i].name, deepest);
    }
}

// ---- memory that runs out at every point ----

static bool all_of_it(u64 seed, size_t limit) {
    Arena arena, scratch;
    IrModule module;
    IrCfg cfg;
    Structure structure;
    bool too_deep;
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    random_graph(&module, &arena, seed, 40, 12);
    IrFunction *function = &module.functions.items[1];
    arena.limit = arena.used + limit, scratch.limit = limit;
    bool ok = make_reducible(&module, function, &scratch) && shape_lower_switches(&module, function, &scratch) &&
              ir_cfg_build(&cfg, &scratch, function) &&
              structure_make(&structure, &scratch, &scratch, function, &cfg, structure_plain, function, &too_deep);
    if (ok) CHECK(structure_check(&structure, function) == NULL);
    arena_free(&arena);
    arena_free(&scratch);
    return ok;
}

static void test_memory(void) {
    for (u64 seed = 1; seed < 9; seed++) {
        size_t limit = 1; // 0 is none
        while (!all_of_it(seed, limit) && limit < 1 << 22) limit += 97;
        CHECK(limit > 1 && limit < 1 << 22);
    }
}

int main(int argc, char **argv) {
    if (argc == 3) {
        test_random(strtoull(argv[1], NULL, 10), strtoull(argv[2], NULL, 10));
        return CHECK_DONE();
    }
    test_random(1, 4000);
    test_switches();
    test_big_switch(100000, 1);
    test_big_switch(100000, 1000);
    test_sizes();
    test_memory();
    test_golden();
    return CHECK_DONE();
}
