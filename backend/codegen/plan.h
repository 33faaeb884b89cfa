// What is settled before code is made: which functions are reached, which of them recur, and where everything lies in
// memory.
//
//     0         64             data start                                     stack top = heap base (16-aligned)
//     | nothing | runtime data | data items | frames that stand still | stack | heap
#ifndef CODEGEN_PLAN_H
#define CODEGEN_PLAN_H

#include "codegen/gen.h"
#include "codegen/module_writer.h"

typedef struct Layout {
    VEC(WriterData) data;
    u32 stack_top, heap_base;
    u64 memory_limit;
} Layout;

// Fills g->plans, g->pointer, g->exact_nan, g->prints. False when memory is out.
bool plan_functions(Generator *g) MUST_CHECK;
// Addresses of data items and frames. False when memory is out or the program does not fit the limit.
bool plan_memory(Generator *g, Layout *out) MUST_CHECK;

#endif
