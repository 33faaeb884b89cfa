// The interpreter against the plain evaluator of ir_reference.c on random modules: output, result, trap with its call
// stack, steps; for several slice lengths. Arguments: first seed, number of modules.
#include "check.h"

#include <stdlib.h>

#include "interp/run.h"
#include "ir/text.h"
#include "ir_reference.h"
#include "random_ir.h"

static const u64 step_limit = 300000;

static bool agrees(const Program *program, const Reference *want, u64 slice, u64 seed) {
    Error error = {0};
    RunLimits limits = {0};
    Run *run = run_start(program, &limits, NULL, &error);
    if (!CHECK(run != NULL)) return false;
    Buf output;
    buf_init(&output, 0);
    RunState state;
    do {
        state = run_resume(run, slice);
        Buf *fresh = run_output(run);
        buf_bytes(&output, fresh->data, fresh->len);
        buf_clear(fresh);
    } while (state == RUN_BUDGET);
    RunFrame frames[REFERENCE_FRAMES] = {{0}};
    u32 count = run_frames(run, frames, REFERENCE_FRAMES);
    i64 value = 0;
    run_exit_value(run, &value);
    u32 failed = check_failed;
    CHECK(state == (want->trap ? RUN_TRAPPED : RUN_DONE));
    CHECK(run_trap(run) == want->trap);
    CHECK(value == (want->trap ? 0 : (i64)want->result));
    CHECK(run_stats(run).steps == want->steps);
    Str printed = {output.data, (u32)output.len}, expected = {want->output.data, (u32)want->output.len};
    CHECK_TEXT(printed, expected);
    CHECK(count == want->frame_count);
    for (u32 i = 0; i < count && i < want->frame_count && i < REFERENCE_FRAMES; i++)
        CHECK(frames[i].site == want->frames[i]);
    bool same = check_failed == failed;
    if (!same) {
        fprintf(stderr, "seed %llu, slice %llu: trap %d want %d, steps %llu want %llu, value %lld want %lld\n",
                (unsigned long long)seed, (unsigned long long)slice, run_trap(run), want->trap,
                (unsigned long long)run_stats(run).steps, (unsigned long long)want->steps, (long long)value,
                (long long)want->result);
    }
    buf_free(&output);
    run_free(run);
    return same;
}

static void test_seed(u64 seed, bool print) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    Error error = {0};
    Reference want;
    random_ir(&module, &arena, seed);
    reference_run(&module, step_limit, &want);
    Program *program = interp_translate(&arena, &module, false, &error);
    if (print) {
        Buf out;
        buf_init(&out, 0);
        ir_print(&out, &module);
        if (program) interp_disassemble(&out, program);
        printf("%.*s\n", (int)out.len, (const char *)out.data);
        buf_free(&out);
    }
    if (CHECK(program != NULL) && !want.gave_up) {
        static const u64 slices[] = {0, 1, 7, 1000};
        for (u32 i = 0; i < countof(slices); i++)
            if (!agrees(program, &want, slices[i], seed)) break;
    }
    reference_free(&want);
    arena_free(&arena);
}

int main(int argc, char **argv) {
    u64 first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, count = argc > 2 ? strtoull(argv[2], NULL, 10) : 400;
    if (argc == 2) count = 1;
    for (u64 seed = first; seed < first + count; seed++) test_seed(seed, argc == 2);
    return CHECK_DONE();
}
