// The interpreter loop for traced runs: the same cases, with events and text at marks, calls and returns.
#include "interp/loop_support.h"

#pragma STDC FP_CONTRACT OFF

#define LOOP_NAME loop_traced
#define LOOP_TRACED 1
#include "interp/loop.inc"

void exec_run_traced(Run *run) {
    while (loop_traced(run)) continue;
}
