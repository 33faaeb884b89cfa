// Drops parameters that their function does not use (but to hand them to itself in the same place) and results that no
// call uses, here and in every call. Needs: nothing. Keeps: blocks; what the calls passed is left to dead_code.
#include "opt/pass.h"

typedef struct Trimmer {
    Pass *pass;
    IrModule *module;
    u32 *first;      // function -> its first parameter in `used`
    bool *used;      // parameter -> a value is made from it
    bool *used_here; // value of the function looked at -> something uses it
    bool *results;   // function -> a call's result is used
} Trimmer;

// ---- uses ----

static void note_use(void *used, IrValue *operand) { ((bool *)used)[*operand] = true; }

// Arguments of a call: handing on a parameter to oneself is no use of it.
static void note_call(Trimmer *t, u32 number, const IrInst *call) {
    const IrFunction *function = &t->module->functions.items[number];
    const u32 *lists = function->lists.items;
    for (u32 i = 0; i < call->args[2]; i++) {
        u32 arg = lists[call->args[1] + i];
        if (call->args[0] != number || lists[function->params + i] != arg) t->used_here[arg] = true;
    }
}

static bool note_function(Trimmer *t, u32 number) {
    IrFunction *function = &t->module->functions.items[number];
    ArenaMark mark = arena_mark(t->pass->scratch);
    t->used_here = arena_new(t->pass->scratch, bool, function->insts.count);
    if (!t->used_here) return false;
    for (u32 b = 1; b < function->blocks.count; b++) {
        IrBlock *block = ir_block(function, b);
        for (u32 v = block->first; v; v = ir_inst(function, v)->next) {
            IrInst *inst = ir_inst(function, v);
            if (inst->op == IR_OP_CALL) note_call(t, number, inst);
            else ir_each_operand(function, inst, note_use, t->used_here);
        }
        ir_each_term_operand(function, &block->term, note_use, t->used_here);
    }
    for (u32 i = 0; i < function->param_count; i++)
        t->used[t->first[number] + i] = t->used_here[function->lists.items[function->params + i]];
    for (u32 v = 1; v < function->insts.count; v++) {
        const IrInst *inst = ir_inst(function, v);
        if (inst->op == IR_OP_CALL && t->used_here[v]) t->results[inst->args[0]] = true;
    }
    arena_rewind(t->pass->scratch, mark);
    return true;
}

// ---- changing ----

// Moves the used ones of a list of parameters or arguments to its front; returns how many these are.
static u32 filter(IrFunction *function, u32 start, u32 count, const bool *used) {
    u32 kept = 0, *lists = function->lists.items;
    for (u32 i = 0; i < count; i++)
        if (used[i]) lists[start + kept++] = lists[start + i];
    return kept;
}

static void trim_calls(Trimmer *t, u32 number) {
    IrFunction *function = &t->module->functions.items[number];
    for (u32 v = 1; v < function->insts.count; v++) {
        IrInst *inst = ir_inst(function, v);
        if (inst->op != IR_OP_CALL) continue;
        u32 kept = filter(function, inst->args[1], inst->args[2], t->used + t->first[inst->args[0]]);
        bool drops = inst->type != IR_VOID && !t->results[inst->args[0]];
        if (kept != inst->args[2] || drops) t->pass->changed[number] = t->pass->place;
        inst->args[2] = kept;
        if (drops) inst->type = IR_VOID;
    }
}

static void trim_function(Trimmer *t, u32 number) {
    IrFunction *function = &t->module->functions.items[number];
    const bool *used = t->used + t->first[number];
    for (u32 i = 0; i < function->param_count; i++)
        if (!used[i]) ir_forget(function, function->lists.items[function->params + i]);
    u32 kept = filter(function, function->params, function->param_count, used);
    if (kept != function->param_count || (function->result != IR_VOID && !t->results[number]))
        t->pass->changed[number] = t->pass->place;
    function->param_count = kept;
    for (u32 i = 0; i < function->param_count; i++)
        ir_inst(function, function->lists.items[function->params + i])->args[0] = i;
    if (t->results[number]) return;
    function->result = IR_VOID;
    for (u32 b = 1; b < function->blocks.count; b++) {
        IrTerm *term = &ir_block(function, b)->term;
        if (term->kind == TERM_RETURN) term->value = 0;
    }
}

bool opt_trim_signatures(Pass *pass) {
    IrModule *module = pass->module;
    u32 count = module->functions.count, params = 0;
    // Whoever starts a program or a part of one knows the signatures as they are.
    if (!module->entry) return true;
    Trimmer t = {.pass = pass, .module = module, .first = arena_new(pass->scratch, u32, count)};
    t.results = arena_new(pass->scratch, bool, count);
    if (!t.first || !t.results) return false;
    for (u32 f = 1; f < count; f++) {
        t.first[f] = params;
        if (add_overflows(params, module->functions.items[f].param_count, &params)) return true;
    }
    t.used = arena_new(pass->scratch, bool, (size_t)params + 1);
    if (!t.used) return false;
    for (u32 f = 1; f < count; f++)
        if (!note_function(&t, f)) return false;
    t.results[module->entry] = true;
    for (u32 f = 1; f < count; f++) trim_calls(&t, f);
    for (u32 f = 1; f < count; f++) trim_function(&t, f);
    return true;
}
