// Bytecode of small modules: tests/golden/interp/NAME.ir and NAME.out, its disassembly and what running it gives.
#include "golden.h"

#include "interp/run.h"

static void print_run(Buf *out, const Program *program, Error *error) {
    Run *run = run_start(program, &(RunLimits){0}, NULL, error);
    if (!CHECK(run != NULL)) return;
    RunState state = run_resume(run, 0);
    i64 value;
    buf_bytes(out, run_output(run)->data, run_output(run)->len);
    if (state == RUN_TRAPPED) buf_format(out, "trap: %s", trap_sentence(run_trap(run)));
    else if (run_exit_value(run, &value)) buf_format(out, "value %I", value);
    buf_format(out, ", %U steps\n", run_stats(run).steps);
    run_free(run);
}

static bool run_text(IrModule *module, Arena *arena, const void *context, Buf *out, Error *error) {
    (void)context;
    Program *program = interp_translate(arena, module, false, error);
    if (!program) return false;
    interp_disassemble(out, program);
    print_run(out, program, error);
    return true;
}

int main(void) {
    check_golden("../tests/golden/interp", run_text, NULL);
    return CHECK_DONE();
}
