// Random modules of the IR (unit/random_ir.h), run by the interpreter as they are and compiled at every level for every
// adapter. Arguments: first seed, number. Everything goes to standard output as records for a host that runs the
// compiled ones and compares (random-modules.mjs); numbers are little-endian u32 unless said:
//
//   seed, state (RunState), trap kind, function, block, instruction of the trap (NO_INDEX: none),
//   exit value (i64), length of the output, the output,
//   number of modules; each: level (OptLevel), adapter (0 bytes, 1 wasi, 2 blocks, 3 bytes and WebAssembly 1.0), length, bytes
//
// Runs that reach the step limit are left out: the compiled ones would not end. With one argument, the module is printed.
#include <stdio.h>
#include <stdlib.h>

#include "codegen/codegen.h"
#include "interp/run.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "opt/pipeline.h"
#include "unit/random_ir.h"

static const u64 step_limit = 300000;

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
    outcome->site = (IrSite){NO_INDEX, NO_INDEX, NO_INDEX, 0, 0, 0};
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

static void compile(u64 seed, OptLevel level, u32 adapter, Buf *out) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    Error error;
    error_clear(&error);
    random_ir(&module, &arena, seed);
    OptOptions optimise = {.level = level, .verify = ir_verify};
    CodegenOptions options = {.adapter = adapter == 1 ? ADAPTER_WASI : ADAPTER_JSRUST,
                              .block_write = adapter == 2,
                              .mvp = adapter == 3,
                              .map = true,
                              .memory_limit = 16 << 20,
                              .depth = adapter == 1 ? 10500 : 0};
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

static void record(u64 seed, Buf *out) {
    Outcome o;
    interpret(seed, &o);
    if (o.trap == TRAP_STEP_LIMIT) return;
    const u32 numbers[] = {(u32)seed, o.state, o.trap, o.site.function, o.site.block, o.site.instruction};
    buf_bytes(out, numbers, sizeof numbers);
    buf_bytes(out, &o.value, sizeof o.value);
    put_u32(out, (u32)o.output.len);
    buf_bytes(out, o.output.data, o.output.len);
    // Every level for the contract's adapter and wasi; the other two forms of output at one level each, in turn.
    put_u32(out, 4 * 2 + 2);
    for (u32 level = OPT_O0; level <= OPT_OS; level++)
        for (u32 adapter = 0; adapter < 2; adapter++) compile(seed, (OptLevel)level, adapter, out);
    compile(seed, (OptLevel)(OPT_O0 + seed % 4), 2, out);
    compile(seed, (OptLevel)(OPT_O0 + seed / 4 % 4), 3, out);
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
    Buf out = {0};
    for (u64 seed = first; seed < first + count; seed++) {
        record(seed, &out);
        if (out.len < 1 << 16 && seed + 1 < first + count) continue;
        if (fwrite(out.data, 1, out.len, stdout) != out.len) return 1;
        buf_clear(&out);
    }
    return 0;
}
