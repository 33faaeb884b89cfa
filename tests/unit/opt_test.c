// The optimiser: golden files per pass (tests/golden/opt/PASS/NAME.ir and NAME.out; folder `pipeline` = all passes),
// functions of hostile shapes and sizes, and memory that runs out at every point.
#include "golden.h"

#include "ir/build.h"
#include "opt/pipeline.h"
#include "support/platform.h"

static const char *const folder = "../tests/golden/opt";
static const char *const passes[] = {"simplify_cfg", "promote",      "value_number", "dead_code",
                                     "inline",       "thread_jumps", "hoist",        "split_branches",
                                     "unroll",       "merge_steps",  "pipeline"};

static bool optimise(IrModule *module, const char *pass, Error *error) {
    OptOptions all = {.verify = ir_verify};
    return strcmp(pass, "pipeline") == 0 ? opt_run(module, &all, error) : opt_run_pass(module, pass, error);
}

// ---- golden files ----

static bool optimised_text(IrModule *module, Arena *arena, const void *pass, Buf *out, Error *error) {
    (void)arena;
    if (!optimise(module, pass, error)) return false;
    ir_print(out, module);
    return true;
}

static void test_golden(void) {
    for (u32 i = 0; i < countof(passes); i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, passes[i]);
        check_golden(path, optimised_text, passes[i]);
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

static void run_shape(const char *name, Shape *shape, u32 size) {
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
    OptOptions options = {0};
    bool ok = CHECK(ir_verify(&module, &scratch, &error)) && CHECK(opt_run(&module, &options, &error)) &&
              CHECK(ir_verify(&module, &scratch, &error));
    if (!ok) fprintf(stderr, "  %s: %.*s\n", name, (int)error.message_len, error.message);
    arena_free(&arena);
    arena_free(&scratch);
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
    run_shape("known turns", known_turns, 20000);
}

// ---- memory ----

// Fails the n-th request for every n until none fails: false and an error each time, and nothing else.
static void run_out_of_memory(const char *path) {
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
        OptOptions options = {0};
        bool ok = opt_run(&module, &options, &error);
        done = platform_fail_after(0) != 0;
        CHECK(ok ? done && error.code == ERR_OK : error.code == ERR_INTERNAL);
        arena_free(&arena);
    }
    CHECK(done);
}

static void test_out_of_memory(void) {
    run_out_of_memory("../tests/golden/opt/pipeline/struct_by_reference.ir");
    run_out_of_memory("../tests/golden/opt/unroll/nest.ir");
}

int main(void) {
    test_golden();
    test_shapes();
    test_out_of_memory();
    return CHECK_DONE();
}
