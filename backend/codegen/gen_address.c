// Addresses of slots, data, fields and elements of rows.
#include "codegen/gen_address.h"

// The greatest constant part: the sum of two is no negative number.
enum { FIRST_VALID = 64, OFFSET_MOST = 0x3fffffff };

void gen_add_const(Gen *s, u32 value) {
    if (!value) return;
    code_i32_const(s->code, (i32)value);
    code_op(s->code, W_I32_ADD);
}

u32 gen_fold_offset(Gen *s, u32 offset, u32 more) {
    if (offset <= OFFSET_MOST && more <= OFFSET_MOST) return offset + more;
    gen_add_const(s, more);
    return offset;
}

// ---- null ----

// A pointer as an address on the stack.
static void push_low(Gen *s, Held pointer) {
    gen_held(s, pointer);
    if (gen_pointers_are_wide(s)) code_op(s->code, W_I32_WRAP_I64);
}

// Whether an address operand needs no test: because of what it is, or of what the optimiser knows of its use.
static bool never_null(const Gen *s, const IrInst *user, IrValue pointer) {
    return user->flags & INST_NOT_NULL || place_never_null(s->function, pointer);
}

bool gen_tests_null(const Gen *s, const IrInst *user, IrValue pointer) {
    return !gen_is_tree(s, pointer) && !never_null(s, user, pointer);
}

static void check_null(Gen *s, Held pointer, u32 site) {
    push_low(s, pointer);
    code_i32_const(s->code, FIRST_VALID);
    code_op(s->code, W_I32_LT_U);
    gen_trap_if(s, TRAP_NULL_POINTER, site);
}

void gen_check_base(Gen *s, const IrInst *user, IrValue pointer) {
    if (gen_tests_null(s, user, pointer)) check_null(s, (Held){pointer, NO_LOCAL}, user->site);
}

// ---- bases ----

static Base base_of_slot(const Gen *s, const IrInst *slot) {
    return (Base){.local = s->frame_local, .offset = s->plan->frame + s->plan->slot_offset[slot->args[0]]};
}

// The base of what needs no code to evaluate; false = it is something else.
static bool known_base(const Gen *s, const IrInst *inst, Base *base) {
    switch (inst->op) {
    case IR_OP_SLOT_ADDR: *base = base_of_slot(s, inst); return true;
    case IR_OP_DATA_ADDR: *base = (Base){.local = NO_LOCAL, .offset = s->g->data_address[inst->args[0]]}; return true;
    case IR_OP_CONST: *base = (Base){.local = NO_LOCAL, .offset = (u32)ir_const_bits(inst)}; return true;
    default: return false;
    }
}

Base gen_base(Gen *s, IrValue pointer) {
    const IrInst *inst = gen_inst(s, pointer);
    bool wide = gen_pointers_are_wide(s);
    Base base;
    if (known_base(s, inst, &base)) return base;
    if (s->places->place[pointer] == PLACE_REMAKE) { // a field in the frame
        base = base_of_slot(s, gen_inst(s, inst->args[0]));
        base.offset += inst->args[1];
        return base;
    }
    if (!gen_is_tree(s, pointer)) return (Base){.local = s->places->low[pointer], .wide = wide};
    base = (Base){gen_temporary(s, wide ? WASM_I64 : WASM_I32), 0, true, wide};
    if (wide) gen_value(s, pointer); // with the elements it was moved by
    else base.offset = gen_address(s, pointer, inst);
    code_local_set(s->code, base.local);
    return base;
}

static void push_local(Gen *s, Base base) {
    code_local_get(s->code, base.local);
    if (base.wide) code_op(s->code, W_I32_WRAP_I64);
}

// As gen_push_base, so many bytes further on.
static u32 push_base_at(Gen *s, Base base, u32 distance) {
    if (base.local == NO_LOCAL) {
        code_i32_const(s->code, (i32)(base.offset + distance));
        return 0;
    }
    push_local(s, base);
    return gen_fold_offset(s, base.offset, distance);
}

u32 gen_push_base(Gen *s, Base base) { return push_base_at(s, base, 0); }

void gen_drop_base(Gen *s, Base base) {
    if (base.temporary) gen_release(s, base.local);
}

// ---- elements of rows ----

static void scale(Gen *s, u32 size) {
    if (size == 1) return;
    bool power = size != 0 && (size & (size - 1)) == 0;
    code_i32_const(s->code, power ? __builtin_ctz(size) : (i32)size);
    code_op(s->code, power ? W_I32_SHL : W_I32_MUL);
}

static void check_bounds(Gen *s, const IrInst *inst, Base row, Held index) {
    u32 count = inst->args[3]; // 0: it stands in front of the row
    if (count && gen_is_const(s, inst->args[1]) && gen_const(s, inst->args[1]) < count) return;
    gen_held(s, index);
    if (count) {
        code_i64_const(s->code, count);
    } else {
        if (row.local == NO_LOCAL) code_i32_const(s->code, 0);
        else push_local(s, row);
        code_i32_const(s->code, (i32)(row.offset - 4));
        code_op(s->code, W_I32_ADD);
        code_memory(s->code, W_I64_LOAD32_U, 2, 0);
    }
    code_op(s->code, W_I64_GE_U);
    gen_trap_if(s, TRAP_BOUNDS, inst->site);
}

// Of a row that was not moved: pushes the computed part of an element's address; returns the constant part.
static u32 push_near_element(Gen *s, const IrInst *inst, Base row, Held index) {
    u32 size = inst->args[2];
    if (!(inst->flags & INST_IN_BOUNDS)) {
        gen_check_base(s, inst, inst->args[0]);
        check_bounds(s, inst, row, index);
    }
    if (gen_is_const(s, inst->args[1])) return push_base_at(s, row, (u32)gen_const(s, inst->args[1]) * size);
    if (row.local != NO_LOCAL) push_local(s, row);
    gen_held(s, index);
    code_op(s->code, W_I32_WRAP_I64);
    scale(s, size);
    if (row.local != NO_LOCAL) code_op(s->code, W_I32_ADD);
    return row.offset;
}

// Of a row that may have been moved, whose pointer then counts elements in its upper half: the runtime knows where they are.
static void push_moved_element(Gen *s, const IrInst *inst, Base row, Held index) {
    u32 size = inst->args[2], count = inst->args[3];
    code_local_get(s->code, row.local);
    code_i64_const(s->code, 32);
    code_op(s->code, W_I64_SHR_U);
    code_op(s->code, W_I64_EQZ);
    code_block(s->code, W_IF, WASM_I32);
    gen_add_const(s, push_near_element(s, inst, row, index));
    code_op(s->code, W_ELSE);
    code_label(s->code);
    code_local_get(s->code, row.local);
    gen_held(s, index);
    if (count) code_i32_const(s->code, (i32)count);
    code_i32_const(s->code, (i32)size);
    gen_runtime(s, count ? RUNTIME_row_element : RUNTIME_heap_row_element);
    code_i32_const(s->code, (i32)gen_place(s, inst->site));
    gen_glue(s, GLUE_CHECK_OUT);
    code_end(s->code);
}

static u32 push_element(Gen *s, const IrInst *inst) {
    Base row = gen_base(s, inst->args[0]);
    bool may_be_moved = row.wide && !place_never_null(s->function, inst->args[0]);
    // One that is not tested is used once.
    bool once = inst->flags & INST_IN_BOUNDS && !may_be_moved;
    Held index = once ? (Held){inst->args[1], NO_LOCAL} : gen_hold(s, inst->args[1]);
    u32 offset = 0;
    if (may_be_moved) push_moved_element(s, inst, row, index);
    else offset = push_near_element(s, inst, row, index);
    gen_drop(s, index);
    gen_drop_base(s, row);
    return offset;
}

// ---- addresses ----

static u32 push_field(Gen *s, const IrInst *inst) {
    return gen_fold_offset(s, gen_address(s, inst->args[0], inst), inst->args[1]);
}

u32 gen_address(Gen *s, IrValue pointer, const IrInst *user) {
    const IrInst *inst = gen_inst(s, pointer);
    if (inst->op == IR_OP_SLOT_ADDR) return gen_push_base(s, base_of_slot(s, inst));
    if (inst->op == IR_OP_INDEX && gen_is_tree(s, pointer)) return push_element(s, inst);
    if (inst->op == IR_OP_FIELD_ADDR && gen_is_tree(s, pointer)) return push_field(s, inst);
    Held held = gen_hold(s, pointer);
    if (!never_null(s, user, pointer)) check_null(s, held, user->site);
    push_low(s, held);
    gen_drop(s, held);
    return 0;
}

void gen_address_value(Gen *s, const IrInst *inst) {
    if (inst->op == IR_OP_PTR_MOVE) {
        gen_both(s, inst);
        gen_runtime(s, RUNTIME_moved_pointer);
        return;
    }
    Base base;
    if (known_base(s, inst, &base)) gen_add_const(s, gen_push_base(s, base));
    else gen_add_const(s, inst->op == IR_OP_FIELD_ADDR ? push_field(s, inst) : push_element(s, inst));
    if (gen_pointers_are_wide(s)) code_op(s->code, W_I64_EXTEND_I32_U);
}
