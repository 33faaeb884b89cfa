// The interpreter loop for untraced runs.
#include "interp/loop_support.h"

#pragma STDC FP_CONTRACT OFF

#define LOOP_NAME loop
#include "interp/loop.inc"

void exec_run(Run *run) {
    while (loop(run)) continue;
}
