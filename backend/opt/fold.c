// Computes what is known now and rewrites to cheaper forms: constants through ir/eval.h, identities, chains of constants,
// negated comparisons, conversions that undo each other. One walk in reverse postorder, operands first; a new form may
// be folded again at once, a bounded number of times. What may trap is only replaced when it does not.
// Afterwards a constant operand stands on the right, and `x - c` is `x + -c` (integers).
// Needs: nothing. Keeps: the graph of blocks.
#include "opt/fold_rules.h"

enum { REFOLDS = 4 };

static void fold_value(Folder *f, IrValue value) {
    f->changed = true;
    for (u32 i = 0; i < REFOLDS && f->changed; i++) {
        f->changed = false;
        IrValue by = fold_inst(f, value);
        if (!by) continue;
        opt_replace(&f->forward, value, by);
        ir_remove(f->function, value);
        return;
    }
}

// The condition without the negations around it; each turns the branch round.
static void fold_branch(const IrFunction *function, IrTerm *term) {
    IrValue operand;
    while (fold_is_not(function, term->value, &operand)) {
        IrEdge then = term->then;
        term->value = operand;
        term->then = term->other;
        term->other = then;
    }
}

static void fold_block(Folder *f, u32 id) {
    IrFunction *function = f->function;
    for (u32 v = ir_block(function, id)->first, next; v; v = next) {
        next = ir_inst(function, v)->next;
        opt_resolve_operands(function, ir_inst(function, v), &f->forward);
        fold_value(f, v);
    }
    IrTerm *term = &ir_block(function, id)->term;
    if (term->value) term->value = opt_resolve(&f->forward, term->value);
    if (term->kind == TERM_BRANCH) fold_branch(function, term);
}

bool opt_fold(Pass *pass) {
    Folder f = {.pass = pass, .function = pass->function};
    IrCfg cfg;
    if (!ir_cfg_build(&cfg, pass->scratch, pass->function) || !opt_forward_init(pass, &f.forward)) return false;
    for (u32 i = 0; i < cfg.rpo_count; i++) fold_block(&f, cfg.rpo[i]);
    // Arguments of back edges were passed by before their values were folded.
    opt_resolve_all(pass->function, &f.forward);
    return pass_ok(pass);
}
