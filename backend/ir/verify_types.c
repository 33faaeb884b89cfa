// What each operation asks of its types and numbers: ops.def's columns in full. One case per operation, no default,
// so that a new operation does not compile before it has rules.
#include "ir/verify_types.h"

#include "ir/eval.h"

static IrType type_of(const Check *c, IrValue value) { return (IrType)ir_inst(c->function, value)->type; }

static bool operand_is(const Check *c, const IrInst *inst, u32 index, IrType type) {
    return type_of(c, inst->args[index]) == type || check_fail(c, "operand of a wrong type");
}

// Counts and indices of rows are 64-bit; their bits are read alike whichever sign the front end gave them.
static bool operand_is_index(const Check *c, const IrInst *inst, u32 index) {
    IrType type = type_of(c, inst->args[index]);
    return type == IR_I64 || type == IR_U64 || check_fail(c, "count or index is neither i64 nor u64");
}

static bool is_number(IrType type) { return ir_is_int(type) || ir_is_float(type); }

static bool check_result(const Check *c, const IrInst *inst) {
    switch (ir_op_info[inst->op].result) {
    case 'B': return inst->type == IR_BOOL || check_fail(c, "result type is not bool");
    case 'P': return inst->type == IR_PTR || check_fail(c, "result type is not ptr");
    case 'N': return inst->type == IR_VOID || check_fail(c, "has a result type but no result");
    default: return inst->type != IR_VOID || inst->op == IR_OP_CALL || check_fail(c, "no result type");
    }
}

// Both operands of arg_type, which is the result's too.
static bool check_arithmetic(const Check *c, const IrInst *inst, bool allowed) {
    if (!allowed) return check_fail(c, "operation does not exist for this type");
    if (inst->arg_type != inst->type) return check_fail(c, "operand type is not the result's");
    return operand_is(c, inst, 0, (IrType)inst->type) && operand_is(c, inst, 1, (IrType)inst->type);
}

static bool check_comparison(const Check *c, const IrInst *inst, bool allowed) {
    if (!allowed) return check_fail(c, "comparison does not exist for this type");
    return operand_is(c, inst, 0, (IrType)inst->arg_type) && operand_is(c, inst, 1, (IrType)inst->arg_type);
}

static bool check_arithmetic_of_one(const Check *c, const IrInst *inst, bool exists) {
    if (!exists) return check_fail(c, "operation does not exist for this type");
    if (inst->arg_type != inst->type) return check_fail(c, "operand type is not the result's");
    return operand_is(c, inst, 0, (IrType)inst->type);
}

static bool check_conversion(const Check *c, const IrInst *inst) {
    IrType to = (IrType)inst->type, from = (IrType)inst->arg_type;
    bool allowed = (is_number(from) || from == IR_BOOL) && (is_number(to) || (to == IR_BOOL && !ir_is_float(from)));
    return allowed ? operand_is(c, inst, 0, from) : check_fail(c, "conversion does not exist for these types");
}

// A bool has two values but eight bits: making one of other bits would make a third.
static bool check_bitcast(const Check *c, const IrInst *inst) {
    if (ir_type_info[inst->type].size != ir_type_info[inst->arg_type].size)
        return check_fail(c, "bitcast changes the size");
    if (inst->type == IR_BOOL && inst->arg_type != IR_BOOL) return check_fail(c, "bitcast to bool");
    return operand_is(c, inst, 0, (IrType)inst->arg_type);
}

static bool check_const(const Check *c, const IrInst *inst) {
    u128 bits = ir_const_bits(inst);
    return bits == eval_wrap128((IrType)inst->type, bits) || check_fail(c, "constant is not in its type's form");
}

static bool check_call(const Check *c, const IrInst *inst) {
    if (inst->args[0] == 0 || inst->args[0] >= c->module->functions.count) return check_fail(c, "call of no function");
    const IrFunction *callee = &c->module->functions.items[inst->args[0]];
    if (inst->type != callee->result) return check_fail(c, "call's type is not the callee's result type");
    if (inst->args[2] != callee->param_count) return check_fail(c, "wrong number of arguments");
    // The callee may not be verified yet.
    if ((u64)callee->params + callee->param_count > callee->lists.count) return check_fail(c, "callee is broken");
    for (u32 i = 0; i < inst->args[2]; i++) {
        u32 param = callee->lists.items[callee->params + i];
        if (param >= callee->insts.count) return check_fail(c, "callee is broken");
        if (type_of(c, c->function->lists.items[inst->args[1] + i]) != ir_inst(callee, param)->type)
            return check_fail(c, "argument of a wrong type");
    }
    return true;
}

static bool check_data(const Check *c, const IrInst *inst) {
    return inst->args[0] < c->module->data.count || check_fail(c, "data item out of range");
}

static bool check_site(const Check *c, const IrInst *inst) {
    return inst->args[0] < c->module->sites.count || check_fail(c, "site out of range");
}

static bool check_slot(const Check *c, const IrInst *inst) {
    return inst->args[0] < c->function->slots.count || check_fail(c, "slot out of range");
}

static bool check_guard(const Check *c, const IrInst *inst) {
    if (inst->args[1] == TRAP_NONE || inst->args[1] >= TRAP_COUNT) return check_fail(c, "guard without a trap kind");
    return operand_is(c, inst, 0, IR_BOOL);
}

static bool check_memory_type(const Check *c, IrType type) {
    return type != IR_VOID || check_fail(c, "load or store without a type");
}

static bool check_flags(const Check *c, const IrInst *inst) {
    IrShape shape = ir_op_info[inst->op].shape;
    bool addresses = shape == SHAPE_INDEX || shape == SHAPE_FIELD || shape == SHAPE_LOAD || shape == SHAPE_STORE ||
                     shape == SHAPE_COPY || shape == SHAPE_FILL;
    u32 may = addresses ? INST_NOT_NULL : 0;
    if (shape == SHAPE_INDEX && inst->args[3]) may |= INST_IN_BOUNDS;
    if ((inst->op == IR_OP_DIV || inst->op == IR_OP_REM) && ir_is_signed((IrType)inst->type)) may |= INST_NOT_NEGATIVE;
    return !(inst->flags & ~may) || check_fail(c, "flag that the operation does not have");
}

bool check_types(Check *c, const IrInst *inst) {
    IrType type = (IrType)inst->type, arg_type = (IrType)inst->arg_type;
    if (!check_result(c, inst) || !check_flags(c, inst)) return false;
    switch ((IrOp)inst->op) {
    case IR_OP_CONST: return check_const(c, inst);
    case IR_OP_ADD:
    case IR_OP_SUB:
    case IR_OP_MUL:
    case IR_OP_DIV: return check_arithmetic(c, inst, is_number(type));
    case IR_OP_REM:
    case IR_OP_SHL:
    case IR_OP_SHR: return check_arithmetic(c, inst, ir_is_int(type));
    case IR_OP_AND:
    case IR_OP_OR:
    case IR_OP_XOR: return check_arithmetic(c, inst, ir_is_int(type) || type == IR_BOOL);
    case IR_OP_NEG: return check_arithmetic_of_one(c, inst, is_number(type));
    case IR_OP_ONES:
        return check_arithmetic_of_one(c, inst, ir_is_int(type) && (ir_bits(type) == 32 || ir_bits(type) == 64));
    case IR_OP_EQ:
    case IR_OP_NE: return check_comparison(c, inst, arg_type != IR_VOID);
    case IR_OP_LT:
    case IR_OP_LE:
    case IR_OP_GT:
    case IR_OP_GE: return check_comparison(c, inst, is_number(arg_type) || arg_type == IR_BOOL);
    case IR_OP_CONVERT: return check_conversion(c, inst);
    case IR_OP_BITCAST: return check_bitcast(c, inst);
    case IR_OP_SELECT:
        return operand_is(c, inst, 0, IR_BOOL) && operand_is(c, inst, 1, type) && operand_is(c, inst, 2, type);
    case IR_OP_SLOT_ADDR: return check_slot(c, inst);
    case IR_OP_DATA_ADDR:
    case IR_OP_PRINT_DATA: return check_data(c, inst);
    case IR_OP_FIELD_ADDR:
    case IR_OP_FILL:
    case IR_OP_PRINT_STR: return operand_is(c, inst, 0, IR_PTR);
    case IR_OP_LOAD: return check_memory_type(c, type) && operand_is(c, inst, 0, IR_PTR);
    case IR_OP_STORE:
        return check_memory_type(c, arg_type) && operand_is(c, inst, 0, IR_PTR) && operand_is(c, inst, 1, arg_type);
    case IR_OP_COPY: return operand_is(c, inst, 0, IR_PTR) && operand_is(c, inst, 1, IR_PTR);
    case IR_OP_INDEX:
    case IR_OP_PTR_MOVE:
    case IR_OP_HEAP_FREE: return operand_is(c, inst, 0, IR_PTR) && operand_is_index(c, inst, 1);
    case IR_OP_HEAP_ALLOC: return operand_is_index(c, inst, 0);
    case IR_OP_HEAP_REALLOC:
        return operand_is(c, inst, 0, IR_PTR) && operand_is_index(c, inst, 1) && operand_is_index(c, inst, 2);
    case IR_OP_HEAP_COPY:
        return operand_is(c, inst, 0, IR_PTR) && operand_is(c, inst, 1, IR_PTR) && operand_is_index(c, inst, 2);
    case IR_OP_GUARD: return check_guard(c, inst);
    case IR_OP_CALL: return check_call(c, inst);
    case IR_OP_PRINT_VALUE:
        if (!is_number(arg_type) && arg_type != IR_BOOL) return check_fail(c, "a value of this type has no text");
        return operand_is(c, inst, 0, arg_type);
    case IR_OP_PRINT_CHAR: return operand_is(c, inst, 0, IR_U32);
    case IR_OP_PRINT_BYTE: return operand_is(c, inst, 0, IR_I64);
    case IR_OP_MARK_BLOCK:
    case IR_OP_MARK_INST: return check_site(c, inst);
    case IR_OP_MARK_VALUE: return operand_is(c, inst, 0, arg_type);
    case IR_OP_NOP:
    case IR_OP_PARAM:
    case IR_OP_FLUSH:
    case IR_OP_STEPS: return true;
    case IR_OP_COUNT: break;
    }
    return check_fail(c, "unknown operation");
}

bool check_edge_types(Check *c, const IrEdge *edge) {
    const IrFunction *f = c->function;
    const IrBlock *target = ir_block(f, edge->target);
    if (edge->arg_count != target->param_count) return check_fail(c, "wrong number of edge arguments");
    for (u32 i = 0; i < edge->arg_count; i++) {
        c->value = f->lists.items[edge->args + i];
        if (type_of(c, c->value) != type_of(c, f->lists.items[target->params + i]))
            return check_fail(c, "edge argument of a wrong type");
    }
    return true;
}

static bool check_cases(Check *c, const IrTerm *term, IrType type) {
    for (u32 i = 0; i < term->case_count; i++) {
        const IrCase *item = &c->function->cases.items[term->first_case + i];
        u128 bits = (u128)item->high << 64 | item->low;
        if (bits != eval_wrap128(type, bits)) return check_fail(c, "switch case is not in the selector's form");
    }
    return true;
}

bool check_term_types(Check *c, const IrTerm *term) {
    IrType type = term->value ? type_of(c, term->value) : IR_VOID;
    c->value = term->value;
    switch ((IrTermKind)term->kind) {
    case TERM_BRANCH: return type == IR_BOOL || check_fail(c, "condition is not a bool");
    case TERM_SWITCH: return ir_is_int(type) ? check_cases(c, term, type) : check_fail(c, "selector is not an integer");
    case TERM_RETURN: return type == c->function->result || check_fail(c, "returns another type than the function's");
    case TERM_NONE:
    case TERM_JUMP:
    case TERM_TRAP: return term->value == 0 || check_fail(c, "terminator with a value it has no use for");
    }
    return check_fail(c, "unknown terminator");
}
