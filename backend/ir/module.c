// Access to the parts of a function, and what a type is.
#include "ir/module.h"

bool ir_is_signed(IrType t) { return ir_type_info[t].class == 'I'; }
bool ir_is_int(IrType t) { return ir_is_signed(t) || ir_type_info[t].class == 'U'; }
bool ir_is_float(IrType t) { return ir_type_info[t].class == 'F'; }
u32 ir_bits(IrType t) { return t == IR_BOOL ? 1 : ir_type_info[t].size * 8u; }

extern IrInst *ir_inst(const IrFunction *function, IrValue value);
extern IrBlock *ir_block(const IrFunction *function, IrBlockId id);
extern u32 *ir_operands(const IrFunction *function, IrInst *inst, u32 *count);

u32 ir_edge_count(const IrTerm *term) {
    switch ((IrTermKind)term->kind) {
    case TERM_JUMP: return 1;
    case TERM_BRANCH: return 2;
    case TERM_SWITCH: return term->case_count + 1;
    case TERM_NONE:
    case TERM_RETURN:
    case TERM_TRAP: break;
    }
    return 0;
}

IrEdge *ir_edge_at(const IrFunction *function, IrTerm *term, u32 number) {
    if (term->kind != TERM_SWITCH) return number == 0 ? &term->then : &term->other;
    return number < term->case_count ? &function->cases.items[term->first_case + number].edge : &term->other;
}

bool ir_same_edge(const IrFunction *function, const IrEdge *a, const IrEdge *b) {
    if (a->target != b->target || a->arg_count != b->arg_count) return false;
    const u32 *items = function->lists.items;
    return a->args == b->args || mem_equal(items + a->args, items + b->args, a->arg_count * sizeof(u32));
}
