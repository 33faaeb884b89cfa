// The optimiser: runs the passes of passes.def over a module in place. Meaning, traps, output and sites stay the same, and
// at OPT_INTERP the step counts.
#ifndef OPT_PIPELINE_H
#define OPT_PIPELINE_H
#include "ir/module.h"

// For whom a module is optimised: the interpreter, or compiled code of the four levels (which counts no steps: O0 changes
// nothing, O1 compiles fast, O2 runs fast, Os is small).
typedef enum OptLevel { OPT_INTERP, OPT_O0, OPT_O1, OPT_O2, OPT_OS } OptLevel;

typedef struct OptOptions {
    // Asked after every pass, NULL = nobody: ir_verify in tests and on the command line. The wasm build does not carry it.
    bool (*verify)(const IrModule *module, Arena *scratch, Error *error);
    // Told after every pass: the function that it ran over, 0 = the module. NULL = nobody.
    void (*observe)(void *context, const IrModule *module, u32 function);
    void *context;
    OptLevel level;
    u32 pass_limit; // stop after so many passes of the level, for views that go pass by pass; 0 = all
} OptOptions;

// The passes of a level, in order, numbered from 0.
u32 opt_pass_count(OptLevel level);
const char *opt_pass_name(OptLevel level, u32 number);

// False only when memory is out or (with verify) a pass broke a rule.
bool opt_run(IrModule *module, const OptOptions *options, Error *error) MUST_CHECK;

// Runs the named pass alone, as at that level, and verifies: for tests of one pass by a file. ERR_ARGS: no such pass.
bool opt_run_pass(IrModule *module, const char *name, OptLevel level, Error *error) MUST_CHECK;
#endif
