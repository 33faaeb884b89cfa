// Static types of one function (spec 9.2, 15): TypeMismatch, MissingReturn. Blocks are visited so that what dominates
// comes first; the types of a value's operands are then known before its own.
#include "jsrs/type_rules.h"
#include "jsrs/validate.h"
#include "jsrs/validate_operands.h"

// Two Bools make a logical operation of and, or, xor: its result is a Bool, whatever the instruction says.
static void settle_logical(Validator *v, const JsrsInst *inst) {
    bool logical = inst->op == JSRS_IAND || inst->op == JSRS_IOR || inst->op == JSRS_IXOR;
    if (logical && v->values[inst->a].type == TYPE_BOOL && v->values[inst->b].type == TYPE_BOOL) {
        v->values[inst->result].type = TYPE_BOOL;
    }
}

static bool check_args(Validator *v, const JsrsEdge *edge) {
    const u32 *args = v->module->lists.items + edge->args;
    const JsrsParam *params = v->module->params.items + v->blocks[edge->target].params;
    for (u32 i = 0; i < edge->arg_count; i++) {
        if (!operand_converts(v, args[i], params[i].type, "the block parameter")) return false;
    }
    return true;
}

static bool check_ret(Validator *v, const JsrsTerm *term) {
    if (term->has_value) return operand_converts(v, term->value, v->f->result, "the function's result");
    if (v->f->result == TYPE_UNIT) return true;
    return validate_fail(v, "MissingReturn", "ret gives no value, but the function's result is not unit");
}

static bool check_terminator(Validator *v, const JsrsTerm *term) {
    if (term->kind == JSRS_RET) return check_ret(v, term);
    u32 classes = term->kind == JSRS_BR_IF ? CLASS_BOOL : CLASS_INT | CLASS_BOOL;
    if (term->has_value && !operand_fits(v, term->value, classes)) return false;
    for (u32 i = 0, edges = jsrs_edge_count(term); i < edges; i++) {
        if (!check_args(v, jsrs_edge_at(v->module, term, i))) return false;
    }
    return true;
}

static bool visit_block(Validator *v, u32 b, bool check) {
    const JsrsBlock *block = &v->blocks[b];
    const JsrsInst *insts = v->module->insts.items + block->insts;
    v->block = b;
    for (v->inst = 0; v->inst < block->inst_count; v->inst++) {
        const JsrsInst *inst = &insts[v->inst];
        if (check && !validate_operands(v, inst)) return false;
        settle_logical(v, inst);
    }
    return !check || check_terminator(v, &block->term);
}

bool validate_types(Validator *v, bool check) {
    for (u32 b = 0; b != NO_INDEX; b = v->blocks[b].next) {
        if (!visit_block(v, b, check)) return false;
    }
    if (v->dominators.rpo_count == v->f->block_count) return true;
    for (u32 b = 0; b < v->f->block_count; b++) {
        if (!v->blocks[b].reachable && !visit_block(v, b, check)) return false;
    }
    return true;
}
