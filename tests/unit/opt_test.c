// The optimiser: golden files per pass (tests/golden/opt/PASS/NAME.ir and NAME.out; a folder named after a level = all
// its passes), functions of hostile shapes and sizes, and memory that runs out at every point.
#include "golden.h"

#include "ir/build.h"
#include "opt/pipeline.h"
#include "support/platform.h"

static const char *const golden_folder = "../tests/golden/opt";

typedef struct Folder {
    const char *name; // of the folder, and of the pass unless that is given
    OptLevel level;
    const char *pass;
} Folder;

static const Folder folders[] = {
    {"simplify_cfg", OPT_INTERP, NULL},
    {"promote", OPT_INTERP, NULL},
    {"value_number", OPT_INTERP, NULL},
    {"dead_code", OPT_INTERP, NULL},
    {"inline", OPT_INTERP, NULL},
    {"inline_small", OPT_OS, "inline"},
    {"thread_jumps", OPT_INTERP, NULL},
    {"hoist", OPT_INTERP, NULL},
    {"split_branches", OPT_INTERP, NULL},
    {"unroll", OPT_INTERP, NULL},
    {"merge_steps", OPT_INTERP, NULL},
    {"drop_steps", OPT_O2, NULL},
    {"tail_recursion", OPT_O2, NULL},
    {"dead_stores", OPT_O2, NULL},
    {"equal_functions", OPT_O2, NULL},
    {"bounds_checks", OPT_O2, NULL},
    {"sink_stores", OPT_O2, NULL},
    {"strength", OPT_O2, NULL},
    {"if_convert", OPT_O2, NULL},
    {"repeat_turns", OPT_O2, NULL},
    {"value_number_o2", OPT_O2, "value_number"},
    {"unused_functions", OPT_O2, NULL},
    {"trim_signatures", OPT_O2, NULL},
    {"fold_prints", OPT_O2, NULL},
    {"fold_prints_small", OPT_OS, "fold_prints"},
    {"count_bits", OPT_O2, NULL},
    {"switch_values", OPT_O2, NULL},
    {"tables", OPT_O2, NULL},
    {"pipeline", OPT_INTERP, "all"},
    {"pipeline_o1", OPT_O1, "all"},
    {"pipeline_o2", OPT_O2, "all"},
    {"unroll_o1", OPT_O1, "unroll"},
};

static bool optimise(IrModule *module, const Folder *folder, Error *error) {
    OptOptions all = {.verify = ir_verify, .level = folder->level};
    if (folder->pass && strcmp(folder->pass, "all") == 0) return opt_run(module, &all, error);
    return opt_run_pass(module, folder->pass ? folder->pass : folder->name, folder->level, error);
}

// ---- golden files ----

static bool optimised_text(IrModule *module, Arena *arena, const void *folder, Buf *out, Error *error) {
    (void)arena;
    if (!optimise(module, folder, error)) return false;
    ir_print(out, module);
    return true;
}

static void test_golden(void) {
    for (u32 i = 0; i < countof(folders); i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", golden_folder, folders[i].name);
        check_golden(path, optimised_text, &folders[i]);
    }
}

// ---- shapes ----

typedef void Shape(IrBuilder *b, u32 size);

// Begins a function of one i32 parameter with an open entry block; returns the parameter.
static IrValue begin(IrBuilder *b, IrModule *module) {
    u32 number = ir_add_function(module, STR("shape"), NO_INDEX, IR_I32);
    ir_begin(b, module, number);
    IrValue param = ir_function_param(b, IR_I32);
    ir_at(b, ir_add_block(b, 0));
    return param;
}

static IrEdge to(IrBuilder *b, IrBlockId block) { return ir_edge(b, block, NULL, 0); }

static IrValue slot_address(IrBuilder *b, u32 slot) {
    return ir_emit(b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, slot, 0, 0, 0);
}

// One slot, changed on one side of each of `size` diamonds.
static void diamonds(IrBuilder *b, u32 size) {
    u32 slot = ir_add_slot(b, 4, 4);
    IrValue zero = ir_const(b, IR_I32, 0);
    for (u32 i = 0; i < size; i++) {
        IrBlockId side = ir_add_block(b, 0), meet = ir_add_block(b, 0);
        IrValue now = ir_load(b, IR_I32, slot_address(b, slot), 0);
        ir_branch(b, ir_compare(b, IR_OP_LT, IR_I32, now, zero), to(b, side), to(b, meet));
        ir_at(b, side);
        ir_store(b, IR_I32, slot_address(b, slot), ir_binary(b, IR_OP_ADD, IR_I32, now, 1), 0);
        ir_jump(b, to(b, meet));
        ir_at(b, meet);
    }
    ir_return(b, ir_load(b, IR_I32, slot_address(b, slot), 0));
}

// `size` loops inside each other, a slot each, all changed in the innermost.
static void nest(IrBuilder *b, u32 size) {
    IrValue zero = ir_const(b, IR_I32, 0);
    IrBlockId *heads = calloc(size, sizeof *heads);
    for (u32 i = 0; i < size; i++) {
        ir_add_slot(b, 4, 4);
        heads[i] = ir_add_block(b, 0);
        ir_jump(b, to(b, heads[i]));
        ir_at(b, heads[i]);
    }
    for (u32 i = 0; i < size; i++) {
        IrValue address = slot_address(b, i);
        ir_store(b, IR_I32, address, ir_binary(b, IR_OP_ADD, IR_I32, ir_load(b, IR_I32, address, 0), 1), 0);
    }
    for (u32 i = size; i-- > 0;) {
        IrBlockId after = ir_add_block(b, 0);
        IrValue now = ir_load(b, IR_I32, slot_address(b, i), 0);
        ir_branch(b, ir_compare(b, IR_OP_LT, IR_I32, now, zero), to(b, heads[i]), to(b, after));
        ir_at(b, after);
    }
    ir_return(b, ir_load(b, IR_I32, slot_address(b, 0), 0));
    free(heads);
}

// `size` slots written at the start, read at the end of a chain of as many branches.
static void long_lives(IrBuilder *b, u32 size) {
    IrValue sum = ir_const(b, IR_I32, 0);
    for (u32 i = 0; i < size; i++) ir_store(b, IR_I32, slot_address(b, ir_add_slot(b, 4, 4)), 1, 0);
    for (u32 i = 0; i < size; i++) {
        IrBlockId side = ir_add_block(b, 0), meet = ir_add_block(b, 0);
        ir_branch(b, ir_compare(b, IR_OP_LT, IR_I32, 1, sum), to(b, side), to(b, meet));
        ir_at(b, side);
        ir_emit(b, IR_OP_STEPS, IR_VOID, IR_VOID, 1, 0, 0, 0);
        ir_jump(b, to(b, meet));
        ir_at(b, meet);
    }
    for (u32 i = 0; i < size; i++)
        sum = ir_binary(b, IR_OP_ADD, IR_I32, sum, ir_load(b, IR_I32, slot_address(b, i), 0));
    ir_return(b, sum);
}

// One slot of `size` fields, zeroed as often.
static void zeroings(IrBuilder *b, u32 size) {
    u32 slot = ir_add_slot(b, size * 4, 4);
    IrValue address = slot_address(b, slot), sum = 1;
    for (u32 i = 0; i < size; i++) {
        ir_emit(b, IR_OP_FILL, IR_VOID, IR_VOID, address, size * 4, 0, 0);
        ir_store(b, IR_I32, address, sum, i * 4);
        sum = ir_binary(b, IR_OP_ADD, IR_I32, sum, ir_load(b, IR_I32, address, i * 4));
    }
    ir_return(b, sum);
}

// One block of calls, all of which can go in.
static void calls(IrBuilder *b, u32 size) {
    u32 caller = b->function_number;
    IrBuilder callee;
    IrValue param = begin(&callee, b->module);
    ir_return(&callee, ir_binary(&callee, IR_OP_MUL, IR_I32, param, param));
    b->function = &b->module->functions.items[caller];
    IrValue value = 1;
    for (u32 i = 0; i < size; i++) value = ir_call(b, IR_I32, caller + 1, &value, 1);
    ir_return(b, value);
}

// A switch of `size` cases, a block each, that all meet with an argument.
static void big_switch(IrBuilder *b, u32 size) {
    IrBlockId meet = ir_add_block(b, 0);
    IrValue result = ir_block_param(b, meet, IR_I32);
    IrBlockId *arms = calloc(size, sizeof *arms);
    for (u32 i = 0; i < size; i++) arms[i] = ir_add_block(b, 0);
    ir_switch(b, 1, to(b, arms[0]));
    for (u32 i = 0; i < size; i++) ir_case(b, i, 0, to(b, arms[i]));
    for (u32 i = 0; i < size; i++) {
        ir_at(b, arms[i]);
        IrValue value = ir_const(b, IR_I32, i);
        ir_jump(b, ir_edge(b, meet, &value, 1));
    }
    ir_at(b, meet);
    ir_return(b, result);
    free(arms);
}

// A loop whose flag each of `size` cases sets.
static void flagged(IrBuilder *b, u32 size) {
    IrValue flags[] = {ir_const(b, IR_I32, 0), ir_const(b, IR_I32, 1)};
    IrBlockId head = ir_add_block(b, 0), body = ir_add_block(b, 0), after = ir_add_block(b, 0);
    IrValue flag = ir_block_param(b, head, IR_I32);
    ir_jump(b, ir_edge(b, head, &flags[1], 1));
    ir_at(b, head);
    ir_branch(b, ir_compare(b, IR_OP_EQ, IR_I32, flag, flags[1]), to(b, body), to(b, after));
    ir_at(b, body);
    ir_emit(b, IR_OP_PRINT_VALUE, IR_VOID, IR_I32, 1, 0, 0, 0);
    ir_switch(b, 1, ir_edge(b, head, &flags[0], 1));
    for (u32 i = 0; i < size; i++) ir_case(b, i, 0, ir_edge(b, head, &flags[i % 2], 1));
    ir_at(b, after);
    ir_return(b, 1);
}

// Loops of four turns, one behind the other; no function takes in all of their copies.
static void known_turns(IrBuilder *b, u32 size) {
    u32 slot = ir_add_slot(b, 16, 4);
    IrValue zero = ir_const(b, IR_I32, 0), one = ir_const(b, IR_I32, 1), four = ir_const(b, IR_I32, 4);
    for (u32 i = 0; i < size; i++) {
        IrBlockId head = ir_add_block(b, 0), body = ir_add_block(b, 0), next = ir_add_block(b, 0);
        IrValue counter = ir_block_param(b, head, IR_I32);
        ir_jump(b, ir_edge(b, head, &zero, 1));
        ir_at(b, head);
        ir_branch(b, ir_compare(b, IR_OP_LT, IR_I32, counter, four), to(b, body), to(b, next));
        ir_at(b, body);
        IrValue place = ir_emit(b, IR_OP_INDEX, IR_PTR, IR_VOID, slot_address(b, slot),
                                ir_convert(b, IR_I64, IR_I32, counter), 4, 4);
        ir_store(b, IR_I32, place, counter, 0);
        IrValue more = ir_binary(b, IR_OP_ADD, IR_I32, counter, one);
        ir_jump(b, ir_edge(b, head, &more, 1));
        ir_at(b, next);
    }
    ir_return(b, zero);
}

// As many functions, all equal, each called once.
static void twins(IrBuilder *b, u32 size) {
    u32 caller = b->function_number;
    for (u32 i = 0; i < size; i++) {
        IrBuilder callee;
        IrValue param = begin(&callee, b->module);
        for (u32 k = 0; k < 40; k++) ir_emit(&callee, IR_OP_PRINT_VALUE, IR_VOID, IR_I32, param, 0, 0, 0);
        ir_return(&callee, param);
    }
    b->function = &b->module->functions.items[caller];
    IrValue value = 1;
    for (u32 i = 0; i < size; i++) value = ir_call(b, IR_I32, caller + 1 + i, &value, 1);
    ir_return(b, value);
}

// `size` ways to end by calling oneself.
static void ends(IrBuilder *b, u32 size) {
    IrValue sum = 1;
    for (u32 i = 0; i < size; i++) {
        IrBlockId end = ir_add_block(b, 0), on = ir_add_block(b, 0);
        IrValue number = ir_const(b, IR_I32, i);
        ir_branch(b, ir_compare(b, IR_OP_EQ, IR_I32, 1, number), to(b, end), to(b, on));
        ir_at(b, end);
        IrValue result = ir_call(b, IR_I32, b->function_number, &number, 1);
        ir_return(b, ir_binary(b, IR_OP_ADD, IR_I32, sum, result));
        ir_at(b, on);
        sum = ir_binary(b, IR_OP_XOR, IR_I32, sum, number);
    }
    ir_return(b, sum);
}

// `size` slots that a call sees before each of as many branches.
static void seen_slots(IrBuilder *b, u32 size) {
    u32 caller = b->function_number;
    IrBuilder callee;
    u32 number = ir_add_function(b->module, STR("see"), NO_INDEX, IR_VOID);
    ir_begin(&callee, b->module, number);
    IrValue pointer = ir_function_param(&callee, IR_PTR);
    ir_at(&callee, ir_add_block(&callee, 0));
    for (u32 k = 0; k < 80; k++) ir_emit(&callee, IR_OP_PRINT_STR, IR_VOID, IR_PTR, pointer, 0, 0, 0);
    ir_return(&callee, 0);
    b->function = &b->module->functions.items[caller];
    for (u32 i = 0; i < size; i++) {
        IrBlockId side = ir_add_block(b, 0), meet = ir_add_block(b, 0);
        IrValue address = slot_address(b, ir_add_slot(b, 4, 4));
        ir_store(b, IR_I32, address, 1, 0);
        ir_call(b, IR_VOID, number, &address, 1);
        ir_branch(b, ir_compare(b, IR_OP_LT, IR_I32, ir_load(b, IR_I32, address, 0), 1), to(b, side), to(b, meet));
        ir_at(b, side);
        ir_store(b, IR_I32, address, 1, 0);
        ir_jump(b, to(b, meet));
        ir_at(b, meet);
    }
    ir_return(b, 1);
}

static void run_shape_at(const char *name, Shape *shape, u32 size, OptLevel level) {
    Arena arena, scratch;
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    IrModule module;
    ir_module_init(&module, &arena);
    IrBuilder b;
    begin(&b, &module);
    shape(&b, size);
    Error error;
    error_clear(&error);
    OptOptions options = {.level = level};
    bool ok = CHECK(ir_verify(&module, &scratch, &error)) && CHECK(opt_run(&module, &options, &error)) &&
              CHECK(ir_verify(&module, &scratch, &error));
    if (!ok) fprintf(stderr, "  %s: %.*s\n", name, (int)error.message_len, error.message);
    arena_free(&arena);
    arena_free(&scratch);
}

static void run_shape(const char *name, Shape *shape, u32 size) {
    run_shape_at(name, shape, size, OPT_INTERP);
    run_shape_at(name, shape, size, OPT_O2);
}

// Sizes at which anything quadratic would be noticed by whoever waits for this test.
static void test_shapes(void) {
    run_shape("diamonds", diamonds, 20000);
    run_shape("nest", nest, 2000);
    run_shape("deep nest", nest, 20000);
    run_shape("long lives", long_lives, 20000);
    run_shape("zeroings", zeroings, 20000);
    run_shape("calls", calls, 20000);
    run_shape("big switch", big_switch, 20000);
    run_shape("flagged", flagged, 50000);
    run_shape("known turns", known_turns, 20000);
    run_shape("twins", twins, 5000);
    run_shape("ends", ends, 20000);
    run_shape("seen slots", seen_slots, 20000);
}

// ---- some of the passes ----

static Str text_after(const char *path, OptLevel level, u32 pass_limit, Buf *out) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    Error error;
    error_clear(&error);
    OptOptions options = {.verify = ir_verify, .level = level, .pass_limit = pass_limit};
    Arena scratch;
    arena_init(&scratch, 0);
    buf_init(out, 0);
    bool ok = CHECK(ir_parse(&module, &arena, golden_read(path), &error)) &&
              CHECK(opt_run(&module, &options, &error)) && CHECK(ir_verify(&module, &scratch, &error));
    if (ok) ir_print(out, &module);
    else fprintf(stderr, "  %s after %u: %.*s\n", path, pass_limit, (int)error.message_len, error.message);
    arena_free(&arena);
    arena_free(&scratch);
    return (Str){out->data, (u32)out->len};
}

// After any number of passes the module is whole; after all of them it is as without a limit.
static void test_pass_limit(void) {
    static const char *const paths[] = {"../tests/golden/opt/pipeline/struct_by_reference.ir",
                                        "../tests/golden/opt/equal_functions/copies.ir"};
    CHECK(opt_pass_count(OPT_O0) == 0);
    for (u32 i = 0; i < countof(paths); i++)
        for (u32 level = OPT_INTERP; level <= OPT_OS; level++) {
            u32 count = opt_pass_count((OptLevel)level);
            Buf all, some;
            Str whole = text_after(paths[i], (OptLevel)level, 0, &all);
            for (u32 n = 1; n <= count; n++) {
                CHECK(opt_pass_name((OptLevel)level, n - 1)[0] != 0);
                Str text = text_after(paths[i], (OptLevel)level, n, &some);
                if (n == count) CHECK_TEXT(text, whole);
                buf_free(&some);
            }
            CHECK(opt_pass_name((OptLevel)level, count)[0] == 0);
            buf_free(&all);
        }
}

// ---- memory ----

// Fails the n-th request for every n until none fails: false and an error each time, and nothing else.
static void run_out_of_memory(const char *path, OptLevel level) {
    Str text = golden_read(path);
    bool done = false;
    for (u64 n = 1; !done && n < 1000; n++) {
        Arena arena;
        arena_init(&arena, 0);
        IrModule module;
        Error error;
        error_clear(&error);
        if (!CHECK(ir_parse(&module, &arena, text, &error))) break;
        platform_fail_after(n);
        OptOptions options = {.level = level};
        bool ok = opt_run(&module, &options, &error);
        done = platform_fail_after(0) != 0;
        CHECK(ok ? done && error.code == ERR_OK : error.code == ERR_INTERNAL);
        arena_free(&arena);
    }
    CHECK(done);
}

static void test_out_of_memory(void) {
    run_out_of_memory("../tests/golden/opt/pipeline/struct_by_reference.ir", OPT_INTERP);
    run_out_of_memory("../tests/golden/opt/unroll/nest.ir", OPT_INTERP);
    run_out_of_memory("../tests/golden/opt/pipeline_o2/struct_by_reference.ir", OPT_O2);
    run_out_of_memory("../tests/golden/opt/tail_recursion/joined.ir", OPT_O2);
    run_out_of_memory("../tests/golden/opt/dead_stores/overwritten.ir", OPT_O2);
    run_out_of_memory("../tests/golden/opt/equal_functions/places.ir", OPT_OS);
    run_out_of_memory("../tests/golden/opt/trim_signatures/unused.ir", OPT_OS);
    run_out_of_memory("../tests/golden/opt/fold_prints/rows.ir", OPT_OS);
}

int main(void) {
    test_golden();
    test_shapes();
    test_pass_limit();
    test_out_of_memory();
    return CHECK_DONE();
}
