// The interpreter on small modules in the IR's text: results, traps with their places and steps, slices, limits, the heap,
// traces, and memory running out at every allocation. Operations by type are in interp_cases_test.c.
#include "check.h"

#include <stdlib.h>

#include "interp/block_set.h"
#include "interp/divide.h"
#include "interp/run.h"
#include "ir/build.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "support/platform.h"

typedef struct Outcome {
    RunState state;
    TrapKind trap;
    i64 value;
    u64 steps;
    u32 site; // where it trapped
    u32 frame_count;
    Buf output;
    RunStats stats;
} Outcome;

static bool load(IrModule *module, Arena *arena, const char *text) {
    Error error = {0};
    Arena scratch;
    arena_init(&scratch, 0);
    bool good = ir_parse(module, arena, (Str){(const u8 *)text, (u32)strlen(text)}, &error) &&
                ir_verify(module, &scratch, &error);
    if (!CHECK(good)) fprintf(stderr, "  %.*s\n", (int)error.message_len, error.message);
    arena_free(&scratch);
    return good;
}

static Outcome run_program(const Program *program, RunLimits limits, u64 slice) {
    Error error = {0};
    Outcome o = {.state = RUN_BUDGET};
    Run *run = run_start(program, &limits, NULL, &error);
    buf_init(&o.output, 0);
    if (!CHECK(run != NULL)) return o;
    do {
        o.state = run_resume(run, slice);
        Buf *fresh = run_output(run);
        buf_bytes(&o.output, fresh->data, fresh->len);
        buf_clear(fresh);
    } while (o.state == RUN_BUDGET);
    RunFrame frames[4] = {{0}};
    run_exit_value(run, &o.value);
    o.trap = run_trap(run);
    o.frame_count = run_frames(run, frames, 4);
    o.site = frames[0].site;
    o.stats = run_stats(run);
    o.steps = o.stats.steps;
    run_free(run);
    return o;
}

static Outcome run_text(const char *text, RunLimits limits, u64 slice) {
    Arena arena;
    IrModule module;
    Error error = {0};
    Outcome o = {0};
    arena_init(&arena, 0);
    if (load(&module, &arena, text)) {
        Program *program = interp_translate(&arena, &module, false, &error);
        if (CHECK(program != NULL)) o = run_program(program, limits, slice);
    }
    arena_free(&arena);
    return o;
}

// ---- results ----

#define HEAD "entry 1 -> i64\nsource 0 = \"main\"\n"
#define SITES                                                                                                   \
    "site 1 = 0:0:0 offset 10 number 1\nsite 2 = 0:0:1 offset 20 number 2\nsite 3 = 0:0:2 offset 30 number 3\n" \
    "site 4 = 0:0:3 offset 40 number 4 inlined 3\n"

typedef struct ResultCase {
    const char *name, *body;
    i64 value;
} ResultCase;

static const ResultCase results[] = {
    {"a swap on a back edge loses nothing",
     "fn 1 \"main\" -> i64 source 0 {\nblock1:\n v1 = const i64 0\n v2 = const i64 1\n v3 = const i64 2\n v4 = const "
     "i64 3\n"
     " jump block2(v1, v2, v3, v4)\nblock2(v5 i64, v6 i64, v7 i64, v8 i64):\n v9 = add i64 v5, v2\n v10 = const i64 5\n"
     " v11 = lt i64 v5, v10\n steps 1\n branch v11, block2(v9, v7, v8, v6), block3()\nblock3:\n v12 = const i64 100\n"
     " v13 = mul i64 v6, v12\n v14 = const i64 10\n v15 = mul i64 v7, v14\n v16 = add i64 v13, v15\n v17 = add i64 "
     "v16, v8\n"
     " return v17\n}\n",
     312},
    {"dense switch, default and first of two equal cases",
     "fn 1 \"main\" -> i64 source 0 {\nblock1:\n v1 = const i64 3\n v2 = call i64 fn2(v1)\n v3 = const i64 -7\n v4 = "
     "call i64 fn2(v3)\n"
     " v5 = add i64 v2, v4\n return v5\n}\nfn 2 \"f\"(v1 i64) -> i64 {\nblock1:\n v2 = const i64 10\n v3 = const i64 "
     "20\n v4 = const i64 5\n"
     " switch i64 v1, block3(v4)\n case 0: block2()\n case 1: block2()\n case 3: block3(v2)\n case 3: block3(v3)\n "
     "case 4: block2()\n"
     "block2:\n return v3\nblock3(v5 i64):\n return v5\n}\n",
     15},
    {"sparse switch",
     "fn 1 \"main\" -> i64 source 0 {\nblock1:\n v1 = const i64 -9000000000\n v2 = call i64 fn2(v1)\n v3 = const i64 "
     "77\n v4 = call i64 fn2(v3)\n"
     " v5 = mul i64 v2, v4\n return v5\n}\nfn 2 \"f\"(v1 i64) -> i64 {\nblock1:\n v2 = const i64 10\n v3 = const i64 "
     "20\n"
     " switch i64 v1, block2(v2)\n case -9000000000: block2(v3)\n case 1: block2(v2)\n case 1000000: block2(v2)\n case "
     "5: block2(v2)\n"
     "block2(v5 i64):\n return v5\n}\n",
     200},
    {"switch on 128 bits",
     "fn 1 \"main\" -> i64 source 0 {\nblock1:\n v1 = const i128 -170141183460469231731687303715884105728\n v2 = call "
     "i64 fn2(v1)\n return v2\n}\n"
     "fn 2 \"f\"(v1 i128) -> i64 {\nblock1:\n v2 = const i64 10\n v3 = const i64 20\n"
     " switch i128 v1, block2(v2)\n case 0: block2(v2)\n case -170141183460469231731687303715884105728: block2(v3)\n"
     "block2(v5 i64):\n return v5\n}\n",
     20},
    {"rows in the frame: scaled, with parts, constant and moving index",
     "fn 1 \"main\" -> i64 source 0 {\n slot 0 = 160 align 8\nblock1:\n v1 = slot 0\n v2 = const i64 0\n v3 = const "
     "i64 1\n jump block2(v2)\n"
     "block2(v4 i64):\n v5 = index v1, v4, 16, 10\n v6 = field v5 + 8\n store i64 v6, v4\n v7 = convert i32 v4 from "
     "i64\n store i32 v5 + 4, v7\n"
     " v8 = add i64 v4, v3\n v9 = const i64 10\n v10 = lt i64 v8, v9\n steps 3\n branch v10, block2(v8), "
     "block3()\nblock3:\n"
     " v11 = const i64 7\n v12 = index v1, v11, 16, 10\n v13 = load i64 v12 + 8\n v14 = load i32 v12 + 4\n v15 = "
     "convert i64 v14 from i32\n"
     " v16 = mul i64 v13, v15\n return v16\n}\n",
     49},
    {"a heap row knows its count, and a moved pointer its distance",
     "fn 1 \"main\" -> i64 source 0 {\nblock1:\n v1 = const i64 10\n v2 = heap_alloc v1, 8\n v3 = const i64 4\n v4 = "
     "ptr_move v2, v3\n v5 = const i64 5\n"
     " v6 = index v4, v5, 8, 0\n store i64 v6, v1\n v7 = const i64 9\n v8 = index v2, v7, 8, 0\n v9 = load i64 v8\n "
     "v10 = const i64 -4\n"
     " v11 = ptr_move v4, v10\n v12 = eq ptr v11, v2\n v13 = convert i64 v12 from bool\n v14 = add i64 v9, v13\n "
     "return v14\n}\n",
     11},
    {"realloc keeps and zeroes, copies from inside a row, frees",
     "fn 1 \"main\" -> i64 source 0 {\nblock1:\n v1 = const i64 2\n v2 = heap_alloc v1, 8\n v3 = const i64 7\n store "
     "i64 v2, v3\n store i64 v2 + 8, v3\n"
     " v4 = const i64 100\n v5 = heap_realloc v2, v1, v4, 8\n v6 = const i64 99\n v7 = index v5, v6, 8, 0\n v8 = load "
     "i64 v7\n v9 = const i64 1\n"
     " v10 = index v5, v9, 8, 0\n v11 = heap_alloc v1, 8\n heap_copy v10, v11, v1, 8\n v12 = load i64 v11\n v13 = load "
     "i64 v11 + 8\n"
     " heap_free v5, v4\n heap_free v11, v1\n v14 = add i64 v12, v13\n v15 = add i64 v14, v8\n return v15\n}\n",
     7},
};

static void test_results(void) {
    for (u32 i = 0; i < countof(results); i++) {
        char text[4000];
        snprintf(text, sizeof text, "%s%s", HEAD, results[i].body);
        for (u64 slice = 0; slice < 3; slice++) {
            Outcome o = run_text(text, (RunLimits){0}, slice);
            if (!CHECK(o.state == RUN_DONE && o.value == results[i].value))
                fprintf(stderr, "  %s: state %d trap %d value %lld\n", results[i].name, o.state, o.trap,
                        (long long)o.value);
            buf_free(&o.output);
        }
    }
}

// ---- traps: kind, site, steps ----

typedef struct TrapCase {
    const char *name, *body;
    TrapKind trap;
    u32 site, frames;
    u64 steps;
} TrapCase;

#define MAIN(body) \
    "fn 1 \"main\" -> i64 source 0 {\n slot 0 = 40 align 8\nblock1:\n" body " v90 = const i64 0\n return v90\n}\n"
#define FIVE                                                                                                           \
    "fn 2 \"five\" -> i64 {\nblock1:\n v1 = const i64 5\n return v1\n}\nfn 3 \"null\" -> ptr {\nblock1:\n v1 = const " \
    "ptr null\n return v1\n}\n"

static const TrapCase traps[] = {
    {"index into a frame row",
     MAIN(" steps 2\n v1 = slot 0\n v2 = call i64 fn2()\n steps 3\n v3 = index v1, v2, 8, 5 @1\n v4 = load i64 v3 @2\n")
         FIVE,
     TRAP_BOUNDS, 1, 1, 5},
    {"a row check done late comes first",
     MAIN(" v1 = slot 0\n v2 = call i64 fn2()\n v8 = call ptr fn3()\n steps 1\n v3 = index v1, v2, 8, 5 @1\n steps 1\n"
          " v4 = load i64 v8 @2\n store i64 v3, v4 @3\n") FIVE,
     TRAP_BOUNDS, 1, 1, 1},
    {"and one that passes does not",
     MAIN(" v1 = slot 0\n v2 = call i64 fn2()\n v8 = call ptr fn3()\n steps 1\n v3 = index v1, v2, 4, 10 @1\n steps 1\n"
          " v4 = load i32 v8 @2\n store i32 v3, v4 @3\n") FIVE,
     TRAP_NULL_POINTER, 2, 1, 2},
    {"the same around a guard",
     MAIN(" v1 = slot 0\n v2 = call i64 fn2()\n steps 1\n v3 = index v1, v2, 8, 5 @1\n steps 1\n v4 = const i64 6\n"
          " v5 = eq i64 v2, v4\n guard v5, ASSERT @2\n store i64 v3, v4 @3\n") FIVE,
     TRAP_BOUNDS, 1, 1, 1},
    {"a print is not overtaken",
     MAIN(" v1 = slot 0\n v2 = call i64 fn2()\n v3 = index v1, v2, 8, 5 @1\n v8 = call ptr fn3()\n print i64 v2 @2\n "
          "store i64 v3, v2 @3\n") FIVE,
     TRAP_BOUNDS, 1, 1, 0},
    {"field of null", MAIN(" v8 = call ptr fn3()\n v3 = field v8 + 8 @1\n v4 = load i64 v3 @2\n") FIVE,
     TRAP_NULL_POINTER, 1, 1, 0},
    {"inlined calls are frames", MAIN(" v8 = call ptr fn3()\n v3 = load i64 v8 @4\n") FIVE, TRAP_NULL_POINTER, 4, 2, 0},
    {"outside memory", MAIN(" v1 = const ptr 4000000000\n v3 = load i64 v1 @1\n"), TRAP_BAD_POINTER, 1, 1, 0},
    {"a moved pointer is no address",
     MAIN(" v1 = slot 0\n v2 = const i64 1\n v3 = ptr_move v1, v2\n v4 = load i64 v3 @1\n"), TRAP_BAD_POINTER, 1, 1, 0},
    {"an index that only moving brings into range",
     MAIN(" v1 = slot 0\n v2 = const i64 1\n v3 = ptr_move v1, v2\n v4 = const i64 -1\n v5 = index v3, v4, 8, 5 @1\n"),
     TRAP_BOUNDS, 1, 1, 0},
    {"freed twice", MAIN(" v1 = const i64 2\n v2 = heap_alloc v1, 8\n heap_free v2, v1 @1\n heap_free v2, v1 @2\n"),
     TRAP_NOT_A_HEAP_POINTER, 2, 1, 0},
    {"range past the row", MAIN(" v1 = const i64 2\n v2 = heap_alloc v1, 8\n v3 = const i64 3\n heap_free v2, v3 @1\n"),
     TRAP_HEAP_RANGE, 1, 1, 0},
    {"the stack is no heap", MAIN(" v1 = const i64 2\n v2 = slot 0\n heap_free v2, v1 @1\n"), TRAP_NOT_A_HEAP_POINTER,
     1, 1, 0},
    {"negative count", MAIN(" v1 = const i64 -2\n v2 = heap_alloc v1, 8 @1\n"), TRAP_ALLOC_COUNT, 1, 1, 0},
    {"more than the limit", MAIN(" v1 = const i64 4294967295\n v2 = heap_alloc v1, 8 @1\n"), TRAP_MEMORY, 1, 1, 0},
    {"no character", MAIN(" v1 = const u32 55296\n print_char v1 @1\n"), TRAP_PRINT_CHAR, 1, 1, 0},
    {"no byte", MAIN(" v1 = const i64 256\n print_byte v1 @1\n"), TRAP_PRINT_BYTE, 1, 1, 0},
    {"steps of callers count",
     MAIN(" steps 4\n v1 = call i64 fn2() @1\n steps 8\n") "fn 2 \"f\" -> i64 {\nblock1:\n steps 2\n trap UNREACHABLE "
                                                           "@2\n}\n",
     TRAP_UNREACHABLE, 2, 2, 6},
};

static void test_traps(void) {
    for (u32 i = 0; i < countof(traps); i++) {
        const TrapCase *c = &traps[i];
        char text[4000];
        snprintf(text, sizeof text, "%s%s%s", HEAD, SITES, c->body);
        for (u64 slice = 0; slice < 2; slice++) {
            Outcome o = run_text(text, (RunLimits){0}, slice);
            bool good = o.state == RUN_TRAPPED && o.trap == c->trap && o.site == c->site &&
                        o.frame_count == c->frames && o.steps == c->steps;
            if (!CHECK(good))
                fprintf(stderr, "  %s: trap %d at site %u, %u frames, %llu steps\n", c->name, o.trap, o.site,
                        o.frame_count, (unsigned long long)o.steps);
            buf_free(&o.output);
        }
    }
}

// ---- slices and limits ----

static const char counting[] = HEAD "fn 1 \"main\" -> i64 source 0 {\nblock1:\n v1 = const i64 0\n v2 = const i64 1\n "
                                    "steps 2\n jump block2(v1)\nblock2(v3 i64):\n"
                                    " v4 = const i64 1000\n v5 = lt i64 v3, v4\n steps 3\n branch v5, block3(), "
                                    "block6()\nblock3:\n v6 = and i64 v3, v2\n v7 = eq i64 v6, v2\n"
                                    " steps 1\n branch v7, block4(), block5()\nblock4:\n print i64 v3\n flush\n steps "
                                    "7\n jump block5()\nblock5:\n v8 = add i64 v3, v2\n steps 2\n"
                                    " jump block2(v8)\nblock6:\n return v3\n}\n";

static void test_slices(void) {
    u64 steps = 2 + 1001 * 3 + 1000 * 3 + 500 * 7;
    Outcome whole = run_text(counting, (RunLimits){0}, 0);
    CHECK(whole.value == 1000 && whole.steps == steps && whole.output.len == 5 + 45 * 2 + 450 * 3);
    static const u64 slices[] = {1, 2, 3, 5, 100, 1000000};
    for (u32 i = 0; i < countof(slices); i++) {
        Outcome o = run_text(counting, (RunLimits){0}, slices[i]);
        CHECK(o.value == whole.value && o.steps == steps && o.output.len == whole.output.len &&
              memcmp(o.output.data, whole.output.data, o.output.len) == 0);
        buf_free(&o.output);
    }
    Outcome limited = run_text(counting, (RunLimits){.steps = 500}, 0);
    CHECK(limited.trap == TRAP_STEP_LIMIT && limited.steps >= 500 && limited.steps < 520);
    Outcome exact = run_text(counting, (RunLimits){.steps = steps}, 0);
    CHECK(exact.state == RUN_DONE);
    Outcome output = run_text(counting, (RunLimits){.output = 12}, 0);
    CHECK(output.trap == TRAP_OUTPUT_LIMIT && output.output.len == 12 &&
          memcmp(output.output.data, whole.output.data, 12) == 0);
    buf_free(&whole.output);
    buf_free(&limited.output);
    buf_free(&exact.output);
    buf_free(&output.output);
}

static const char filling[] = HEAD "fn 1 \"main\" -> i64 source 0 {\nblock1:\n v1 = const i64 0\n v2 = const i64 1\n "
                                   "v3 = const i64 20000\n v4 = const i32 9\n v5 = heap_alloc v3, 4\n jump block2(v1)\n"
                                   "block2(v6 i64):\n v7 = index v5, v6, 4, 0\n store i32 v7, v4\n"
                                   " v8 = add i64 v6, v2\n v9 = lt i64 v8, v3\n steps 7\n branch v9, block2(v8), "
                                   "block3()\nblock3:\n return v6\n}\n";

// Turns that are done in one go (interp/repeat.c) end with their slice, and with the step limit, as if one by one.
static void test_repeat(void) {
    static const u64 slices[] = {1, 1000, 7000};
    Outcome whole = run_text(filling, (RunLimits){0}, 0);
    CHECK(whole.value == 19999 && whole.steps == 140000);
    Outcome limited = run_text(filling, (RunLimits){.steps = 70000}, 0);
    CHECK(limited.trap == TRAP_STEP_LIMIT && limited.steps >= 70000 && limited.steps < 70007);
    Arena arena;
    IrModule module;
    Error error = {0};
    arena_init(&arena, 0);
    Program *program = load(&module, &arena, filling) ? interp_translate(&arena, &module, false, &error) : NULL;
    for (u32 i = 0; CHECK(program != NULL) && i < countof(slices); i++) {
        Run *run = run_start(program, &(RunLimits){0}, NULL, &error);
        if (!CHECK(run != NULL)) break;
        u64 before = 0;
        while (run_resume(run, slices[i]) == RUN_BUDGET) {
            u64 steps = run_stats(run).steps - before;
            CHECK(steps >= slices[i] && steps < slices[i] + 7);
            before += steps;
        }
        CHECK(run_stats(run).steps == 140000);
        run_free(run);
    }
    arena_free(&arena);
    buf_free(&whole.output);
    buf_free(&limited.output);
}

static const char printing[] = HEAD "data 0 = \"a line of some text that fills the buffer\\n\"\nfn 1 \"main\" -> i64 "
                                    "source 0 {\nblock1:\n v1 = const i64 0\n v2 = const i64 1\n"
                                    " jump block2(v1)\nblock2(v3 i64):\n print_data 0\n flush\n v4 = add i64 v3, v2\n "
                                    "v5 = const i64 10000\n v6 = lt i64 v4, v5\n steps 4\n"
                                    " branch v6, block2(v4), block3()\nblock3:\n return v3\n}\n";

// Waiting output ends a slice; a host that never drains still gets on.
static void test_output_slices(void) {
    Arena arena;
    IrModule module;
    Error error = {0};
    arena_init(&arena, 0);
    if (load(&module, &arena, printing)) {
        Program *program = interp_translate(&arena, &module, false, &error);
        Run *run = run_start(program, &(RunLimits){0}, NULL, &error);
        CHECK(run_resume(run, 0) == RUN_BUDGET);
        CHECK(run_output(run)->len >= 65536 && run_output(run)->len < 65536 + 100);
        u32 rounds = 1;
        while (run_resume(run, 0) == RUN_BUDGET) rounds++;
        CHECK(run_output(run)->len == 420000 && rounds == 6);
        run_free(run);
    }
    arena_free(&arena);
}

static void test_stop(void) {
    Arena arena;
    IrModule module;
    Error error = {0};
    arena_init(&arena, 0);
    if (load(&module, &arena, HEAD "fn 1 \"main\" -> i64 source 0 {\nblock1:\n jump block1()\n}\n")) {
        // A loop without any step must give the host its turn all the same.
        Program *program = interp_translate(&arena, &module, false, &error);
        Run *run = run_start(program, &(RunLimits){0}, NULL, &error);
        CHECK(run_resume(run, 1000) == RUN_BUDGET && run_stats(run).steps == 0);
        run_stop(run);
        CHECK(run_resume(run, 1000) == RUN_TRAPPED && run_trap(run) == TRAP_STOPPED);
        CHECK(run_resume(run, 1000) == RUN_TRAPPED);
        run_free(run);
    }
    arena_free(&arena);
}

static const char recursion[] = HEAD
    "fn 1 \"main\" -> i64 source 0 {\nblock1:\n v1 = const i64 %s\n v2 = call i64 fn2(v1)\n return v2\n}\n"
    "fn 2 \"down\"(v1 i64) -> i64 {\n slot 0 = %s align 8\nblock1:\n v2 = const i64 0\n v3 = eq i64 v1, v2\n steps 2\n "
    "branch v3, block2(), block3()\n"
    "block2:\n return v2\nblock3:\n v4 = slot 0\n store i64 v4, v1\n v5 = const i64 -1\n v6 = add i64 v1, v5\n v7 = "
    "call i64 fn2(v6)\n"
    " v8 = load i64 v4\n v9 = sub i64 v8, v1\n v10 = add i64 v7, v9\n v11 = const i64 1\n v12 = add i64 v10, v11\n "
    "return v12\n}\n";

static Outcome recurse(const char *depth, const char *frame, RunLimits limits) {
    char text[2000];
    snprintf(text, sizeof text, recursion, depth, frame);
    return run_text(text, limits, 0);
}

static void test_depth(void) {
    Outcome o = recurse("10000", "8", (RunLimits){0});
    CHECK(o.state == RUN_DONE && o.value == 10000 && o.stats.depth_peak == 10002 && o.steps == 20002);
    o = recurse("10000", "4096", (RunLimits){0});
    CHECK(o.state == RUN_DONE && o.value == 10000);
    o = recurse("-1", "8", (RunLimits){0});
    CHECK(o.state == RUN_TRAPPED && o.trap == TRAP_STACK);
    o = recurse("100", "8", (RunLimits){.depth = 50});
    CHECK(o.trap == TRAP_STACK && o.frame_count == 51);
    // Where memory ends it first, no more calls are told than there were.
    for (u64 memory = 4 << 20; memory <= 16 << 20; memory += 1 << 18) {
        o = recurse("-1", "8", (RunLimits){.memory = memory});
        CHECK(o.state == RUN_TRAPPED && o.frame_count == o.stats.depth_peak);
    }
    o = recurse("-1", "100000", (RunLimits){.memory = 8 << 20});
    CHECK(o.state == RUN_TRAPPED && o.trap == TRAP_MEMORY);
}

static const char churning[] = HEAD "fn 1 \"main\" -> i64 source 0 {\nblock1:\n v1 = const i64 0\n v2 = const i64 1\n "
                                    "jump block2(v1)\nblock2(v3 i64):\n v4 = const i64 1000\n"
                                    " v5 = rem i64 v3, v4\n v6 = add i64 v5, v2\n v7 = heap_alloc v6, 16\n v8 = add "
                                    "i64 v6, v6\n v9 = heap_realloc v7, v6, v8, 16\n"
                                    " heap_free v9, v8\n v10 = add i64 v3, v2\n v11 = const i64 20000\n v12 = lt i64 "
                                    "v10, v11\n steps 9\n branch v12, block2(v10), block3()\n"
                                    "block3:\n return v3\n}\n";

static void test_memory(void) {
    Outcome o = run_text(churning, (RunLimits){.memory = 2 << 20}, 0);
    CHECK(o.state == RUN_DONE && o.stats.memory_peak < 1 << 20);
    o = run_text(HEAD "fn 1 \"main\" -> i64 source 0 {\nblock1:\n v1 = const i64 1000\n jump block2()\nblock2:\n v2 = "
                      "heap_alloc v1, 8\n steps 1\n"
                      " jump block2()\n}\n",
                 (RunLimits){.memory = 4 << 20}, 0);
    CHECK(o.trap == TRAP_MEMORY && o.stats.memory_peak <= 4 << 20);
}

// ---- traces ----

static const char traced_body[] = HEAD SITES
    "fn 1 \"main\" -> i64 source 0 {\nblock1:\n mark_block 1 @1\n mark_inst 2 @2\n steps 1\n v1 = const i64 5 @2\n "
    "mark_value i64 v1, 0 @2\n mark_inst 3 @3\n steps 1\n"
    " v2 = call i128 fn2(v1) @3\n mark_value i128 v2, 0 @3\n v3 = convert i64 v2 from i128\n return v3\n}\n"
    "fn 2 \"f\"(v1 i64) -> i128 source 0 {\nblock1:\n mark_block 1 @1\n mark_inst 2 @2\n steps 1\n v2 = convert i128 "
    "v1 from i64 @2\n mark_value i128 v2, 0 @2\n"
    " return v2\n}\n";

static void test_trace(void) {
    Arena arena;
    IrModule module;
    Error error = {0};
    arena_init(&arena, 0);
    static const TraceSource sources[] = {{0}, {7, 0, false}, {0, NO_INDEX, true}, {36, 0, false}};
    if (load(&module, &arena, traced_body)) {
        Program *program = interp_translate(&arena, &module, true, &error);
        Run *run = run_start(program, &(RunLimits){0}, sources, &error);
        CHECK(run_resume(run, 0) == RUN_DONE);
        const Buf *text = run_trace_text(run);
        Str got = {text->data, (u32)text->len};
        CHECK_TEXT(got, STR("block 7\ninst 0 -> v4294967295\ninst 36\nblock 7\ninst 0 -> v4294967295\n"));
        u64 count;
        const TraceEvent *events = run_events(run, &count);
        static const u8 kinds[] = {EVENT_ENTER, EVENT_BLOCK, EVENT_INST,       EVENT_VALUE, EVENT_INST,
                                   EVENT_ENTER, EVENT_BLOCK, EVENT_INST,       EVENT_VALUE, EVENT_VALUE_HIGH,
                                   EVENT_LEAVE, EVENT_VALUE, EVENT_VALUE_HIGH, EVENT_LEAVE};
        if (CHECK(count == countof(kinds)))
            for (u32 i = 0; i < count; i++) CHECK(events[i].kind_site >> 28 == kinds[i]);
        CHECK(run_stats(run).steps == 3);
        run_free(run);
        // Bounded: the text ends with a line that says so, events are counted.
        run = run_start(program, &(RunLimits){.trace_text = 20, .events = 3}, sources, &error);
        CHECK(run_resume(run, 0) == RUN_DONE);
        text = run_trace_text(run);
        Str cut = {text->data, (u32)text->len};
        CHECK_TEXT(cut, STR("block 7\ntrace limit reached (20 bytes)\n"));
        run_events(run, &count);
        CHECK(count == 3 && run_stats(run).events_dropped == countof(kinds) - 3);
        run_free(run);
        program = interp_translate(&arena, &module, false, &error);
        Outcome o = run_program(program, (RunLimits){0}, 0);
        CHECK(o.steps == 3 && o.value == 5);
    }
    arena_free(&arena);
}

// ---- memory running out ----

static void test_out_of_memory(void) {
    char text[2000];
    snprintf(text, sizeof text, recursion, "5000", "64");
    bool done = false;
    for (u64 n = 1; n < 2000 && !done; n++) {
        Arena arena;
        IrModule module;
        Error error = {0};
        arena_init(&arena, 0);
        if (!load(&module, &arena, text)) break;
        platform_fail_after(n);
        Program *program = interp_translate(&arena, &module, false, &error);
        Run *run = program ? run_start(program, &(RunLimits){0}, NULL, &error) : NULL;
        if (run) {
            RunState state = run_resume(run, 0);
            platform_fail_after(0);
            done = state == RUN_DONE;
            CHECK(done || run_trap(run) == TRAP_STACK || run_trap(run) == TRAP_MEMORY);
            run_free(run);
        } else {
            CHECK(error.code == ERR_INTERNAL);
        }
        platform_fail_after(0);
        arena_free(&arena);
    }
    CHECK(done);
}

// ---- size ----

// A function of `blocks` blocks, each using a value of the first: long live ranges, far branches.
static void test_large(u32 blocks) {
    Arena arena;
    IrModule module;
    IrBuilder b;
    Error error = {0};
    arena_init(&arena, 0);
    ir_module_init(&module, &arena);
    ir_begin(&b, &module, ir_add_function(&module, STR("main"), NO_INDEX, IR_I64));
    module.entry = b.function_number;
    module.entry_type = IR_I64;
    IrBlockId first = ir_add_block(&b, 0), last = ir_add_block(&b, 1);
    IrValue sum = ir_block_param(&b, last, IR_I64);
    ir_at(&b, first);
    IrValue one = ir_const(&b, IR_I64, 1), base = ir_binary(&b, IR_OP_ADD, IR_I64, one, one), at = base;
    for (u32 i = 0; i < blocks; i++) {
        IrValue next = ir_binary(&b, IR_OP_XOR, IR_I64, at, base);
        IrValue other = ir_binary(&b, IR_OP_MUL, IR_I64, next, ir_const(&b, IR_I64, 3));
        IrValue stop = ir_compare(&b, IR_OP_EQ, IR_I64, other, ir_const(&b, IR_I64, -5));
        ir_emit(&b, IR_OP_STEPS, IR_VOID, IR_VOID, 4, 0, 0, 0);
        IrBlockId block = ir_add_block(&b, 2 + i);
        ir_branch(&b, stop, ir_edge(&b, last, &other, 1), ir_edge(&b, block, NULL, 0));
        ir_at(&b, block);
        at = ir_binary(&b, IR_OP_ADD, IR_I64, other, one);
    }
    ir_jump(&b, ir_edge(&b, last, &at, 1));
    ir_at(&b, last);
    ir_return(&b, sum);
    Program *program = interp_translate(&arena, &module, false, &error);
    if (CHECK(program != NULL)) {
        Outcome o = run_program(program, (RunLimits){0}, 0);
        u64 want = 2;
        for (u32 i = 0; i < blocks; i++) want = (want ^ 2) * 3 + 1;
        CHECK(o.state == RUN_DONE && o.value == (i64)want && o.steps == (u64)blocks * 4);
    }
    arena_free(&arena);
}

static void test_divide(void) {
    static const u32 divisors[] = {3, 5, 6, 7, 9, 10, 11, 12, 25, 125, 625, 641, 1000, 1000003, 0x7ffffffe, 0x7fffffff};
    static const u32 numbers[] = {0,     1,          2,          3,          9,          10,         99,        100,
                                  12345, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff};
    for (u32 i = 0; i < countof(divisors); i++) {
        Reciprocal u = reciprocal_u32(divisors[i]), s = reciprocal_s32(divisors[i]);
        bool good = true;
        for (u32 k = 0; k < countof(numbers) + 4000; k++) {
            u32 n = k < countof(numbers) ? numbers[k] : k * 2654435761u;
            good &= divide_u32(n, u.multiplier, u.shift) == n / divisors[i];
            good &= divide_s32((i32)n, s.multiplier, s.shift) == (i32)n / (i32)divisors[i];
        }
        CHECK(good);
    }
}

static void test_block_set(void) {
    BlockSet set;
    block_set_init(&set);
    CHECK(block_set_at_or_below(&set, 5) == BLOCK_SET_NONE);
    CHECK(block_set_reserve(&set, 100));
    block_set_add(&set, 3);
    CHECK(block_set_reserve(&set, 300000));
    block_set_add(&set, 299999);
    block_set_add(&set, 64);
    CHECK(block_set_at_or_below(&set, 2) == BLOCK_SET_NONE && block_set_at_or_below(&set, 63) == 3);
    CHECK(block_set_at_or_below(&set, 64) == 64 && block_set_at_or_below(&set, 299998) == 64);
    CHECK(block_set_at_or_below(&set, 0xfffffff0u) == 299999);
    block_set_remove(&set, 64);
    CHECK(block_set_at_or_below(&set, 299998) == 3 && !block_set_has(&set, 64) && block_set_has(&set, 3));
    block_set_free(&set);
}

int main(void) {
    test_divide();
    test_block_set();
    test_results();
    test_traps();
    test_slices();
    test_repeat();
    test_output_slices();
    test_stop();
    test_depth();
    test_memory();
    test_trace();
    test_out_of_memory();
    test_large(100);
    test_large(20000);
    return CHECK_DONE();
}
