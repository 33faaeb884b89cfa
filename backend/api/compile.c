// Compiling the loaded file to WebAssembly: lower, optimise at the level asked for, generate. Nothing is run.
#include "api/session.h"
#include "codegen/codegen.h"
#include "opt/pipeline.h"

// A standalone runtime gives its modules less stack than our own hosts do, and says of an overflow what it likes: there the
// room for frames is counted, and the module ends as the contract has it. In the units of frame_cost (codegen/gen_function.c),
// of which a call of a small function takes 10: 10,000 of them must succeed.
enum { WASI_STACK = 105000 };

static bool choose(const Session *s, OptOptions *optimise, CodegenOptions *codegen, Error *error) {
    const u64 *options = s->options;
    u64 level = options[OPTION_LEVEL], adapter = options[OPTION_ADAPTER], bits = options[OPTION_CODEGEN];
    if (level > OPT_OS - OPT_O0) return error_set(error, ERR_INTERNAL, NOWHERE, "there is no level %U", level);
    if (adapter > ADAPTER_WASI) return error_set(error, ERR_INTERNAL, NOWHERE, "there is no adapter %U", adapter);
    u64 depth = options[OPTION_DEPTH];
    *optimise = (OptOptions){.level = (OptLevel)(OPT_O0 + level)};
    *codegen = (CodegenOptions){
        .adapter = (CodegenAdapter)adapter,
        .block_write = bits & CODEGEN_BLOCK_WRITE,
        .names = bits & CODEGEN_NAMES,
        .map = bits & CODEGEN_MAP,
        .mvp = bits & CODEGEN_MVP,
        .origins = bits & CODEGEN_ORIGINS,
        .small = optimise->level == OPT_OS,
        .memory_limit = options[OPTION_MEMORY],
        .depth = depth < INT32_MAX ? (u32)depth : INT32_MAX,
        .stack = adapter == ADAPTER_WASI && !depth ? WASI_STACK : 0,
    };
    return true;
}

static bool compile(Session *s, Arena *arena, CodegenResult *result) {
    OptOptions optimise;
    CodegenOptions codegen;
    IrModule ir = {0};
    if (!choose(s, &optimise, &codegen, &s->error)) return false;
    if (!session_lower(s, &ir, arena, (LowerOptions){.uncounted = true}, &optimise, &s->error)) return false;
    s->gives_exit_value = ir_is_int(ir.entry_type);
    if (!codegen_module(&ir, &codegen, arena, result, &s->error)) return false;
    buf_bytes(&s->origins, result->origins, result->origin_count * sizeof *result->origins);
    return !s->origins.failed && !result->wasm.failed;
}

ErrorCode session_compile(Session *s, Str entry) {
    if (session_begin(s, entry)) {
        Arena arena = {0};
        CodegenResult result = {0};
        if (compile(s, &arena, &result)) {
            s->wasm = result.wasm;
        } else {
            buf_free(&result.wasm);
            s->gives_exit_value = false;
            // What fails without a word lacks memory.
            if (s->error.code == ERR_OK) (void)error_out_of_memory(&s->error);
        }
        arena_free(&arena);
    }
    return session_conclude(s);
}

ErrorCode session_codegen(Session *s, Str file, Str entry) {
    ErrorCode code = session_load(s, file);
    return code == ERR_OK ? session_compile(s, entry) : code;
}
