// From IR to module, from the top: who calls whom, where data and frames lie, code of each function, the module.
#include "codegen/codegen.h"

#include "codegen/gen.h"
#include "codegen/module_writer.h"
#include "codegen/plan.h"
#include "codegen/shape.h"

typedef VEC(WriterFunction) WriterFunctions;

static Code *new_code(Generator *g) {
    Code *code = arena_new(g->arena, Code, 1);
    if (code) *code = (Code){.arena = g->arena, .last = NO_INDEX};
    return code;
}

static bool add_function(Generator *g, WriterFunctions *list, WriterFunction function) {
    return function.code && vec_push(g->arena, list, function);
}

static bool compile_function(Generator *g, WriterFunctions *list, u32 number) {
    const IrFunction *f = &g->module->functions.items[number];
    WriterFunction function = {SYMBOL_FUNCTION + number, f->name, gen_signature(g, number), new_code(g), number};
    if (!function.code) return false;
    ArenaMark mark = arena_mark(g->scratch);
    bool ok = gen_function(g, number, function.code);
    arena_rewind(g->scratch, mark);
    return ok ? add_function(g, list, function) : error_in_function(g->error, f->source);
}

static bool add_glue(Generator *g, WriterFunctions *list, Glue glue, Str name) {
    WriterFunction function = {glue_symbol(g, glue), name, glue_signature(g, glue), new_code(g), 0};
    if (!function.code) return false;
    glue_code(g, glue, function.code);
    return add_function(g, list, function);
}

static bool compile_all(Generator *g, WriterFunctions *list) {
    for (u32 i = 1; i < g->module->functions.count; i++)
        if (g->plans[i].reached && !compile_function(g, list, i)) return false;
    bool *used = g->glue;
    if (used[GLUE_CHECK_OUT]) used[GLUE_CHECK] = true;
    if (used[GLUE_CHECK]) used[GLUE_TRAP] = true;
    used[GLUE_MAIN] = glue_main_needed(g);
    used[GLUE_NUMBER] = used[GLUE_TRAP] && g->options->mvp;
    static const Str names[GLUE_COUNT] = {STR("trap"), STR("check"), STR("check_out"), STR("start"),
                                          STR("trap_number")};
    for (u32 i = 0; i < GLUE_COUNT; i++)
        if (used[i] && !add_glue(g, list, (Glue)i, names[i])) return false;
    return true;
}

// Before frames are laid out: what this rewrites may get slots.
static bool shape_functions(Generator *g) {
    for (u32 i = 1; i < g->module->functions.count; i++) {
        IrFunction *function = &g->module->functions.items[i];
        if (!g->plans[i].reached) continue;
        if (!shape_make_reducible(g->module, function, &g->plans[i].graph, g->scratch)) return false;
        if (!shape_lower_switches(g->module, function, g->scratch)) return false;
        if (function->cases.count) g->plans[i].graph.rpo_count = 0;
    }
    return true;
}

static bool generate(Generator *g, CodegenResult *result) {
    Layout layout;
    if (!plan_functions(g) || !shape_functions(g) || !plan_memory(g, &layout)) return false;
    WriterFunctions functions = {0};
    if (!compile_all(g, &functions)) return false;
    bool wasi = g->options->adapter == ADAPTER_WASI;
    WriterExport exports[] = {
        {wasi ? "_start" : "main", g->glue[GLUE_MAIN] ? glue_symbol(g, GLUE_MAIN) : SYMBOL_FUNCTION + g->module->entry},
        {TRAP_EXPORT, glue_symbol(g, GLUE_NUMBER)},
    };
    WriterInput input = {
        .arena = g->arena,
        .options = g->options,
        .module = g->module,
        .functions = functions.items,
        .function_count = functions.count,
        .exports = exports,
        .export_count = 1 + g->glue[GLUE_NUMBER],
        .data = layout.data.items,
        .data_count = layout.data.count,
        .heap_base = layout.heap_base,
        .stack_top = layout.stack_top,
        .memory_limit = layout.memory_limit,
        .traps = &g->traps,
    };
    return module_write(&input, result, g->error);
}

bool codegen_module(IrModule *module, const CodegenOptions *options, Arena *arena, CodegenResult *result,
                    Error *error) {
    Arena scratch;
    arena_init(&scratch, 0);
    Generator g = {.module = module, .options = options, .arena = arena, .scratch = &scratch, .error = error};
    g.traps.arena = arena;
    bool ok = generate(&g, result);
    arena_free(&scratch);
    // What fails without a word lacks memory.
    if (!ok && error->code == ERR_OK) (void)error_out_of_memory(error);
    return ok;
}
