// Calls: functions of the file by instance, dynamic calls as a switch over what they may reach, builtins (spec 11).
#include "jsrs/call_targets.h"
#include "jsrs/lower_internal.h"

// The IR call of one callee; its result converted to the call instruction's type. Aggregates are written to `home`, which the
// alternatives of a dynamic call share.
static IrValue call_use(Body *body, const JsrsInst *inst, const CallUse *use, IrValue home) {
    Lowering *l = body->l;
    const JsrsFunction *f = &l->m->functions.items[use->function];
    const u32 *args = l->m->lists.items + inst->list;
    const Ty *roots = body->roots.items + use->roots;
    Ty result = roots[f->param_count], wanted = body->types[inst->result];
    u32 instance = instance_of(body, use->function, roots, false);
    IrValue *values = arena_room(&l->body, IrValue, (size_t)f->param_count + 1);
    if (instance == NO_INDEX) return 0;
    if (!values) return 0;
    u32 count = 0;
    bool by_address = type_is_aggregate(body->g, result);
    if (by_address) values[count++] = home;
    for (u32 i = 0; i < f->param_count; i++)
        if (type_passed(body->g, roots[i]) != IR_VOID) values[count++] = value_as(body, args[i], roots[i]);
    IrType type = by_address ? IR_VOID : type_passed(body->g, result);
    IrValue v = ir_call(&body->b, type, l->instances.items[instance].ir_function, values, count);
    if (by_address) return home;
    IrType to = type_passed(body->g, wanted);
    if (type == IR_VOID) return to == IR_VOID || to == IR_PTR ? 0 : ir_const(&body->b, to, 0);
    return to == IR_VOID || to == IR_PTR ? v : value_converted(body, v, type, to);
}

static IrValue home_for(Body *body, u32 inst_index) {
    for (u32 i = 0; i < body->use_count[inst_index]; i++) {
        const CallUse *use = &body->uses.items[body->use_of[inst_index] + i];
        Ty result = body->roots.items[use->roots + body->l->m->functions.items[use->function].param_count];
        if (type_is_aggregate(body->g, result)) return place_new(body, result);
    }
    return 0;
}

static IrValue call_known(Body *body, const JsrsInst *inst, u32 inst_index) {
    if (body->use_count[inst_index] == 0) return emit_trap(body, TRAP_ARGUMENTS), 0;
    return call_use(body, inst, &body->uses.items[body->use_of[inst_index]], home_for(body, inst_index));
}

static IrValue call_target(Body *body, const JsrsInst *inst, u32 inst_index, JsrsCallTarget target) {
    if (target.function != NO_INDEX) return call_known(body, inst, inst_index);
    if (target.builtin < 0) return emit_trap(body, TRAP_NO_FUNCTION), 0;
    return emit_builtin(body, (JsrsBuiltin)target.builtin, body->l->m->lists.items + inst->list, inst->list_count,
                        body->types[inst->result]);
}

IrValue emit_call(Body *body, const JsrsInst *inst, u32 inst_index) {
    return call_target(body, inst, inst_index, jsrs_call_target(body->l->m, inst->number));
}

// One arm of a dynamic call: a block that calls and goes on with the result.
typedef struct Arms {
    Body *body;
    IrBlockId after;
    IrType type; // of the result as it reaches `after`; VOID or an address: none
} Arms;

static void end_arm(Arms *arms, IrValue v) {
    Body *body = arms->body;
    if (arms->type != IR_VOID && !v) v = ir_const(&body->b, arms->type, 0);
    ir_jump(&body->b, ir_edge(&body->b, arms->after, &v, arms->type == IR_VOID ? 0 : 1));
}

static IrBlockId new_arm(Body *body) {
    IrBlockId block = ir_add_block(&body->b, body_block(body, body->block)->id);
    ir_at(&body->b, block);
    return block;
}

static void add_case(Body *body, IrBlockId from, u32 number, IrBlockId arm) {
    ir_at(&body->b, from);
    ir_case(&body->b, number, 0, ir_edge(&body->b, arm, NULL, 0));
}

IrValue emit_call_dyn(Body *body, const JsrsInst *inst, u32 inst_index) {
    Lowering *l = body->l;
    i64 number;
    if (body_constant(body, inst->a, &number))
        return call_target(body, inst, inst_index, jsrs_call_target(l->m, (u64)number));
    Ty wanted = body->types[inst->result];
    IrValue home = home_for(body, inst_index);
    IrValue selector = value_i64(body, inst->a, TRAP_NO_FUNCTION);
    IrBlockId from = body->b.block, nobody = new_arm(body);
    ir_trap(&body->b, TRAP_NO_FUNCTION);
    Arms arms = {body, ir_add_block(&body->b, body_block(body, body->block)->id), IR_VOID};
    IrValue result = home;
    if (!home && type_passed(body->g, wanted) != IR_VOID) {
        arms.type = type_passed(body->g, wanted);
        result = ir_block_param(&body->b, arms.after, arms.type);
    }
    ir_at(&body->b, from);
    ir_switch(&body->b, selector, ir_edge(&body->b, nobody, NULL, 0));
    u32 first = body->use_of[inst_index], count = body->use_count[inst_index];
    for (u32 i = 0; i < count; i++) {
        const CallUse *use = &body->uses.items[first + i];
        IrBlockId arm = new_arm(body);
        end_arm(&arms, call_use(body, inst, use, home));
        add_case(body, from, l->m->functions.items[use->function].number, arm);
    }
    for (u32 builtin = 0; builtin < BUILTIN_COUNT; builtin++) {
        if (!(l->dynamic_builtins >> builtin & 1)) continue;
        IrBlockId arm = new_arm(body);
        end_arm(&arms,
                emit_builtin(body, (JsrsBuiltin)builtin, l->m->lists.items + inst->list, inst->list_count, wanted));
        add_case(body, from, jsrs_function_number(jsrs_builtin_name((JsrsBuiltin)builtin)), arm);
    }
    ir_at(&body->b, arms.after);
    return result;
}

static u32 argument_count(JsrsBuiltin builtin) {
    switch (builtin) {
    case BUILTIN_ALLOC: return 1;
    case BUILTIN_DEALLOC: return 2;
    case BUILTIN_REALLOC:
    case BUILTIN_COPY_NONOVERLAPPING: return 3;
    case BUILTIN_PRINT_BYTES:
    case BUILTIN_PRINTLN_BYTES:
    case BUILTIN_PRINT_FMT:
    case BUILTIN_PRINTLN_FMT:
    case BUILTIN_ASSERT_FAIL:
    case BUILTIN_PANIC_BOUNDS_CHECK:
    case BUILTIN_COUNT: break;
    }
    return NO_INDEX;
}

IrValue emit_builtin(Body *body, JsrsBuiltin builtin, const u32 *args, u32 count, Ty result) {
    IrBuilder *b = &body->b;
    u32 expected = argument_count(builtin);
    if (expected != NO_INDEX && expected != count) return emit_trap(body, TRAP_ARGUMENTS), 0;
    switch (builtin) {
    case BUILTIN_PRINT_BYTES: return emit_print_bytes(body, args, count, false), 0;
    case BUILTIN_PRINTLN_BYTES: return emit_print_bytes(body, args, count, true), 0;
    case BUILTIN_PRINT_FMT: return emit_print_format(body, args, count, false), 0;
    case BUILTIN_PRINTLN_FMT: return emit_print_format(body, args, count, true), 0;
    case BUILTIN_ASSERT_FAIL: return emit_trap(body, TRAP_ASSERT), 0;
    case BUILTIN_PANIC_BOUNDS_CHECK: return emit_trap(body, TRAP_BOUNDS), 0;
    case BUILTIN_ALLOC:
        if (ty_node(body->g, result)->kind != TY_PTR) return emit_trap(body, TRAP_TYPE), 0;
        return ir_emit(b, IR_OP_HEAP_ALLOC, IR_PTR, IR_I64, value_i64(body, args[0], TRAP_ALLOC_COUNT),
                       element_size(body, result), 0, 0);
    case BUILTIN_REALLOC: {
        if (ty_node(body->g, result)->kind != TY_PTR) return emit_trap(body, TRAP_TYPE), 0;
        IrValue old_count = value_i64(body, args[1], TRAP_HEAP_RANGE),
                new_count = value_i64(body, args[2], TRAP_ALLOC_COUNT);
        return ir_emit(b, IR_OP_HEAP_REALLOC, IR_PTR, IR_I64, value_address(body, args[0]), old_count, new_count,
                       element_size(body, result));
    }
    case BUILTIN_DEALLOC:
        ir_emit(b, IR_OP_HEAP_FREE, IR_VOID, IR_I64, value_address(body, args[0]),
                value_i64(body, args[1], TRAP_HEAP_RANGE), 0, 0);
        return 0;
    case BUILTIN_COPY_NONOVERLAPPING: {
        if (ty_node(body->g, body->types[args[0]])->kind != TY_PTR) return emit_trap(body, TRAP_TYPE), 0;
        IrValue from = value_address(body, args[0]), to = value_address(body, args[1]);
        IrValue n = value_i64(body, args[2], TRAP_HEAP_RANGE);
        ir_emit(b, IR_OP_HEAP_COPY, IR_VOID, IR_I64, from, to, n, element_size(body, body->types[args[0]]));
        return 0;
    }
    case BUILTIN_COUNT: break;
    }
    return 0;
}
