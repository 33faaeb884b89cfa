// Random modules of the IR (unit/random_ir.h), run by the interpreter as they are and compiled. Everything goes to standard
// output as records for a host that runs the compiled ones and compares (random-worker.mjs).
//
//   random_modules SEED               prints the module
//   random_modules FIRST COUNT        each seed at every level, with the adapters in turn
//   random_modules FIRST COUNT all    every level with every adapter
//
// Records, in little-endian u32 unless said:
//   seed, state (RunState), trap kind, function, block, instruction of the trap (NO_INDEX: none),
//   exit value (i64), length of the output, the output,
//   number of modules; each: level (OptLevel), adapter (enum Adapter), length, bytes
// Runs that reach the step limit have no modules: the compiled ones would not end.
#include <stdio.h>
#include <stdlib.h>

#include "codegen/codegen.h"
#include "interp/run.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "opt/pipeline.h"
#include "unit/random_ir.h"

static const u64 step_limit = 300000;
// A quarter of it is stack where functions with frames recur, which these do a few calls deep. By default that would be
// 64 MiB, and the engine would collect its garbage for each such memory.
static const u64 memory_limit = (u64)16 << 20;

typedef enum Adapter { BYTES, WASI, BLOCKS, MVP, ADAPTERS } Adapter; // MVP: bytes, and WebAssembly 1.0 alone
enum { VERIFIED = 8 };                                               // one seed in so many, pass by pass

typedef struct Outcome {
    Buf output;
    RunState state;
    TrapKind trap;
    IrSite site;
    i64 value;
} Outcome;

static void fail(u64 seed, const char *what, const Error *error) {
    fprintf(stderr, "seed %llu: %s: %.*s\n", (unsigned long long)seed, what, (int)error->message_len, error->message);
    exit(1);
}

static void interpret(u64 seed, Outcome *outcome) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    Error error;
    error_clear(&error);
    *outcome = (Outcome){.state = RUN_BUDGET};
    random_ir(&module, &arena, seed);
    if (!ir_verify(&module, &arena, &error)) fail(seed, "module", &error);
    Program *program = interp_translate(&arena, &module, false, &error);
    RunLimits limits = {.steps = step_limit};
    Run *run = program ? run_start(program, &limits, NULL, &error) : NULL;
    if (!run) fail(seed, "interpreter", &error);
    while (outcome->state == RUN_BUDGET) {
        outcome->state = run_resume(run, 0);
        Buf *out = run_output(run);
        buf_bytes(&outcome->output, out->data, out->len);
        buf_clear(out);
    }
    outcome->site = (IrSite){.function = NO_INDEX, .block = NO_INDEX, .instruction = NO_INDEX};
    if (outcome->state == RUN_DONE) {
        run_exit_value(run, &outcome->value);
    } else {
        RunFrame frame;
        outcome->trap = run_trap(run);
        if (run_frames(run, &frame, 1) && frame.site) outcome->site = module.sites.items[frame.site];
    }
    run_free(run);
    arena_free(&arena);
}

static void put_u32(Buf *out, u32 value) { buf_bytes(out, &value, sizeof value); }

static void compile(u64 seed, OptLevel level, Adapter adapter, Buf *out) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    Error error;
    error_clear(&error);
    random_ir(&module, &arena, seed);
    OptOptions optimise = {.level = level, .verify = seed % VERIFIED ? NULL : ir_verify};
    CodegenOptions options = {.memory_limit = memory_limit,
                              .adapter = adapter == WASI ? ADAPTER_WASI : ADAPTER_JSRUST,
                              .block_write = adapter == BLOCKS,
                              .mvp = adapter == MVP,
                              .names = seed % 16 == 1,
                              .map = true,
                              .small = level == OPT_OS,
                              .depth = adapter == WASI ? 10500 : 0};
    CodegenResult result = {0};
    if (!opt_run(&module, &optimise, &error)) fail(seed, "optimiser", &error);
    if (!codegen_module(&module, &options, &arena, &result, &error)) fail(seed, "generator", &error);
    put_u32(out, level);
    put_u32(out, adapter);
    put_u32(out, (u32)result.wasm.len);
    buf_bytes(out, result.wasm.data, result.wasm.len);
    buf_free(&result.wasm);
    arena_free(&arena);
}

static void record(u64 seed, bool all, Buf *out) {
    Outcome o;
    interpret(seed, &o);
    const u32 numbers[] = {(u32)seed, o.state, o.trap, o.site.function, o.site.block, o.site.instruction};
    buf_bytes(out, numbers, sizeof numbers);
    buf_bytes(out, &o.value, sizeof o.value);
    put_u32(out, (u32)o.output.len);
    buf_bytes(out, o.output.data, o.output.len);
    u32 levels = OPT_OS - OPT_O0 + 1, each = all ? ADAPTERS : 1;
    put_u32(out, o.trap == TRAP_STEP_LIMIT ? 0 : levels * each);
    for (u32 i = 0; i < levels * each && o.trap != TRAP_STEP_LIMIT; i++)
        compile(seed, (OptLevel)(OPT_O0 + i / each), (Adapter)((seed + i) % ADAPTERS), out);
    buf_free(&o.output);
}

static int print(u64 seed) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    random_ir(&module, &arena, seed);
    Buf out = {0};
    ir_print(&out, &module);
    fwrite(out.data, 1, out.len, stdout);
    return 0;
}

int main(int argc, char **argv) {
    u64 first = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    if (argc < 3) return print(first);
    u64 count = strtoull(argv[2], NULL, 10);
    bool all = argc > 3;
    Buf out = {0};
    for (u64 seed = first; seed < first + count; seed++) {
        record(seed, all, &out);
        if (out.len < 1 << 16 && seed + 1 < first + count) continue;
        if (fwrite(out.data, 1, out.len, stdout) != out.len) return 1;
        buf_clear(&out);
    }
    return 0;
}
