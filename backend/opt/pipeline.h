// The optimiser: runs the passes of passes.def over a module in place. Meaning, traps, output, step counts and sites stay the same.
#ifndef OPT_PIPELINE_H
#define OPT_PIPELINE_H
#include "ir/module.h"
#include "support/buf.h"

typedef struct OptOptions {
    // Asked after every pass, NULL = nobody: ir_verify in tests and on the command line. The wasm build does not carry it.
    bool (*verify)(const IrModule *module, Arena *scratch, Error *error);
    const char *print_after; // name of a pass ("all" = each), or NULL: its result is printed
    Buf *print_to;
} OptOptions;

// False only when memory is out or (with verify) a pass broke a rule.
bool opt_run(IrModule *module, const OptOptions *options, Error *error) MUST_CHECK;

// Runs the named pass alone over every function and verifies: for tests of one pass by a file. ERR_ARGS: no such pass.
bool opt_run_pass(IrModule *module, const char *name, Error *error) MUST_CHECK;
#endif
