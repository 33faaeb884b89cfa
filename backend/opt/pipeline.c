// Runs the list of passes.def over every function, callees before callers, so that what is inlined is optimised already.
#include "opt/pipeline.h"

#include "ir/text.h"
#include "ir/verify.h"
#include "opt/call_graph.h"
#include "opt/pass.h"

typedef struct PassInfo {
    const char *name;
    PassRun *run;
} PassInfo;

static const PassInfo passes[] = {
#define PASS(name, run, needs, keeps) {#name, run},
#include "opt/passes.def"
};

static bool text_equal(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

static void print_after(const OptOptions *options, const IrModule *module, u32 number, const char *pass) {
    if (!options->print_after || !options->print_to) return;
    if (!text_equal(options->print_after, "all") && !text_equal(options->print_after, pass)) return;
    buf_format(options->print_to, "after %s:\n", pass);
    ir_print_function(options->print_to, module, number);
}

// One pass over one function.
static bool run_pass(Pass *pass, const PassInfo *info, const OptOptions *options, Error *error) {
    ArenaMark mark = arena_mark(pass->scratch);
    bool ok = info->run(pass) && pass_ok(pass);
    arena_rewind(pass->scratch, mark);
    if (!ok) return error_out_of_memory(error);
    print_after(options, pass->module, pass->number, info->name);
    return !options->verify || options->verify(pass->module, pass->scratch, error);
}

static bool run_function(Pass *pass, const OptOptions *options, Error *error) {
    if (opt_is_traced(pass->function)) return true;
    for (u32 i = 0; i < countof(passes); i++)
        if (!run_pass(pass, &passes[i], options, error)) return false;
    return true;
}

static bool run_module(IrModule *module, Arena *scratch, const OptOptions *options, Error *error) {
    CallGraph calls;
    if (!call_graph_build(&calls, scratch, module)) return error_out_of_memory(error);
    for (u32 i = 0; i < calls.count; i++) {
        u32 number = calls.order[i];
        Pass pass = {.module = module,
                     .function = &module->functions.items[number],
                     .number = number,
                     .scratch = scratch,
                     .calls = &calls};
        if (!run_function(&pass, options, error)) return false;
    }
    return true;
}

bool opt_run(IrModule *module, const OptOptions *options, Error *error) {
    Arena scratch;
    arena_init(&scratch, 0);
    bool ok = run_module(module, &scratch, options, error);
    arena_free(&scratch);
    return ok;
}

bool opt_run_pass(IrModule *module, const char *name, Error *error) {
    const PassInfo *info = NULL;
    for (u32 i = 0; i < countof(passes) && !info; i++)
        if (text_equal(passes[i].name, name)) info = &passes[i];
    if (!info) return error_set(error, ERR_ARGS, NOWHERE, "no pass is called %s", name);
    Arena scratch;
    arena_init(&scratch, 0);
    CallGraph calls;
    OptOptions options = {.verify = ir_verify};
    bool ok = call_graph_build(&calls, &scratch, module) || error_out_of_memory(error);
    for (u32 i = 0; i < calls.count && ok; i++) {
        u32 number = calls.order[i];
        Pass pass = {module, &module->functions.items[number], number, &scratch, &calls};
        ok = opt_is_traced(pass.function) || run_pass(&pass, info, &options, error);
    }
    arena_free(&scratch);
    return ok;
}
