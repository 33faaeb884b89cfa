// What the optimiser leaves must do what it found: random modules (random_ir.h) run by the interpreter as they are and
// optimised, with every pass verified. Output, result, trap with its call stack, and step count must be equal.
// Arguments: first seed, number of modules; with one argument that module is printed before and after.
#include "check.h"

#include <stdlib.h>

#include "interp/run.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "opt/pipeline.h"
#include "random_ir.h"

enum { FRAMES = 32 };
static const u64 step_limit = 1000000;

typedef struct Outcome {
    Buf output;
    RunState state;
    TrapKind trap;
    u64 steps;
    i64 value;
    u32 frame_count;
    IrSite frames[FRAMES];
} Outcome;

static bool run(const IrModule *module, Outcome *outcome, Error *error) {
    Arena arena;
    arena_init(&arena, 0);
    *outcome = (Outcome){.state = RUN_BUDGET};
    buf_init(&outcome->output, 0);
    Program *program = interp_translate(&arena, module, false, error);
    RunLimits limits = {.steps = step_limit};
    Run *state = program ? run_start(program, &limits, NULL, error) : NULL;
    while (state && outcome->state == RUN_BUDGET) {
        outcome->state = run_resume(state, 0);
        Buf *out = run_output(state);
        buf_bytes(&outcome->output, out->data, out->len);
        buf_clear(out);
    }
    if (state) {
        outcome->steps = run_stats(state).steps;
        if (outcome->state == RUN_DONE) run_exit_value(state, &outcome->value);
        else {
            RunFrame frames[FRAMES];
            outcome->trap = run_trap(state);
            outcome->frame_count = run_frames(state, frames, FRAMES);
            for (u32 i = 0; i < outcome->frame_count && i < FRAMES; i++)
                outcome->frames[i] = module->sites.items[frames[i].site];
        }
        run_free(state);
    }
    arena_free(&arena);
    return state != NULL;
}

static bool same_frames(const Outcome *a, const Outcome *b) {
    if (a->frame_count != b->frame_count) return false;
    for (u32 i = 0; i < a->frame_count && i < FRAMES; i++)
        if (a->frames[i].function != b->frames[i].function || a->frames[i].instruction != b->frames[i].instruction)
            return false;
    return true;
}

static void print_module(const char *title, const IrModule *module) {
    Buf out;
    buf_init(&out, 0);
    ir_print(&out, module);
    printf("// %s\n%.*s", title, (int)out.len, (const char *)out.data);
    buf_free(&out);
}

static void print_outcome(const char *title, const Outcome *o) {
    printf("// %s: state %d, trap %d at %u.%u, %llu steps, value %lld, output %.*s\n", title, o->state, o->trap,
           o->frames[0].function, o->frames[0].instruction, (unsigned long long)o->steps, (long long)o->value,
           (int)o->output.len, (const char *)o->output.data);
}

static void compare(u64 seed, const Outcome *before, const Outcome *after) {
    // A run that the limit ends may stop at another place of the same block.
    if (before->trap == TRAP_STEP_LIMIT || after->trap == TRAP_STEP_LIMIT) {
        CHECK(before->trap == after->trap);
        return;
    }
    u32 failed = check_failed;
    CHECK(before->state == after->state && before->trap == after->trap);
    CHECK(str_equal((Str){before->output.data, (u32)before->output.len},
                    (Str){after->output.data, (u32)after->output.len}));
    CHECK(before->steps == after->steps);
    CHECK(before->value == after->value);
    CHECK(same_frames(before, after));
    if (check_failed == failed) return;
    fprintf(stderr, "  seed %llu\n", (unsigned long long)seed);
    print_outcome("before", before);
    print_outcome("after", after);
}

static void run_seed(u64 seed, bool show) {
    Arena arena, scratch;
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    IrModule module;
    Error error;
    error_clear(&error);
    Outcome before = {0}, after = {0};
    random_ir(&module, &arena, seed);
    if (show) print_module("before", &module);
    OptOptions options = {.verify = ir_verify};
    bool ok = CHECK(ir_verify(&module, &scratch, &error)) && CHECK(run(&module, &before, &error)) &&
              CHECK(opt_run(&module, &options, &error)) && CHECK(run(&module, &after, &error));
    if (!ok) fprintf(stderr, "  seed %llu: %.*s\n", (unsigned long long)seed, (int)error.message_len, error.message);
    if (show) print_module("after", &module);
    if (ok) compare(seed, &before, &after);
    buf_free(&before.output);
    buf_free(&after.output);
    arena_free(&arena);
    arena_free(&scratch);
}

// The module's arena full at every point of optimising: false with an error, or a module that is whole.
static void test_full_arena(u64 seed) {
    bool done = false;
    for (size_t room = 0; !done; room += 32) {
        Arena arena, scratch;
        arena_init(&arena, 0);
        arena_init(&scratch, 0);
        IrModule module;
        Error error;
        error_clear(&error);
        random_ir(&module, &arena, seed);
        arena.limit = arena.used + room;
        OptOptions options = {0};
        done = opt_run(&module, &options, &error);
        CHECK(done ? ir_verify(&module, &scratch, &error) : error.code == ERR_INTERNAL);
        arena_free(&arena);
        arena_free(&scratch);
    }
}

int main(int argc, char **argv) {
    u64 first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    u64 count = argc > 2 ? strtoull(argv[2], NULL, 10) : argc > 1 ? 1 : 400;
    for (u64 i = 0; i < count; i++) run_seed(first + i, argc == 2);
    for (u64 seed = 1; argc == 1 && seed <= 8; seed++) test_full_arena(seed);
    return CHECK_DONE();
}
