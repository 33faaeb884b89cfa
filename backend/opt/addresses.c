// Follows slot addresses through FIELD_ADDR and INDEX in one walk in reverse postorder, and notes every other use.
#include "opt/addresses.h"

static const Address UNKNOWN;

static Address address_of(const Addresses *addresses, IrValue value) {
    return value < addresses->count ? addresses->of[value] : UNKNOWN;
}

static Address field(Address base, u32 bytes) {
    if (!base.slot || bytes > base.room) return UNKNOWN;
    if (!base.span) base.offset += bytes;
    base.room -= bytes;
    return base;
}

// True with the number when `value` is a constant below `limit`.
static bool constant_below(const IrFunction *function, IrValue value, u32 limit, u32 *number) {
    if (!opt_is_const(function, value)) return false;
    u128 bits = opt_const_bits(function, value);
    if (bits >= limit) return false;
    *number = (u32)bits;
    return true;
}

static Address row_element(const Addresses *addresses, const IrFunction *function, const IrInst *inst) {
    Address base = address_of(addresses, inst->args[0]);
    u32 size = inst->args[2], count = inst->args[3], bytes, number;
    if (!base.slot || count == 0 || mul_overflows(size, count, &bytes) || bytes > base.room) return UNKNOWN;
    if (constant_below(function, inst->args[1], count, &number)) return field(base, number * size);
    if (!base.span) base.span = bytes;
    if (!base.span) return UNKNOWN; // a row of nothing
    base.room = size;
    return base;
}

Address address_access(const Addresses *addresses, IrValue value, u32 offset, u32 size) {
    Address place = field(address_of(addresses, value), offset);
    return place.slot && size <= place.room ? place : UNKNOWN;
}

Address address_written(const Addresses *addresses, const IrInst *inst, u32 *size) {
    u32 offset = 0;
    *size = 0;
    switch (inst->op) {
    case IR_OP_STORE: offset = inst->args[2], *size = ir_type_info[inst->arg_type].size; break;
    case IR_OP_FILL: *size = inst->args[1]; break;
    case IR_OP_COPY: *size = inst->args[2]; break;
    default: return UNKNOWN;
    }
    return address_access(addresses, inst->args[0], offset, *size);
}

static void escape(Addresses *addresses, IrValue value) {
    u32 slot = addresses->of[value].slot;
    if (slot) addresses->slots[slot - 1].escapes = true;
}

// A use of `size` bytes; when they do not certainly lie within the slot, it counts as escaping.
static void note_access(Addresses *addresses, IrValue value, u32 offset, u32 size) {
    Address place = address_of(addresses, value);
    if (!place.slot) return;
    SlotUse *use = &addresses->slots[place.slot - 1];
    if (!address_access(addresses, value, offset, size).slot) use->escapes = true;
    if (place.span) use->indexed = true;
}

static void note_inst(Addresses *addresses, IrFunction *function, IrValue value) {
    IrInst *inst = ir_inst(function, value);
    switch ((IrShape)ir_op_info[inst->op].shape) {
    case SHAPE_SLOT:
        addresses->of[value] = (Address){.slot = inst->args[0] + 1, .room = function->slots.items[inst->args[0]].size};
        return;
    case SHAPE_FIELD:
        addresses->of[value] = field(address_of(addresses, inst->args[0]), inst->args[1]);
        if (!addresses->of[value].slot) escape(addresses, inst->args[0]);
        return;
    case SHAPE_INDEX:
        addresses->of[value] = row_element(addresses, function, inst);
        if (!addresses->of[value].slot) escape(addresses, inst->args[0]);
        return;
    case SHAPE_LOAD: note_access(addresses, inst->args[0], inst->args[1], ir_type_info[inst->type].size); return;
    case SHAPE_STORE:
        note_access(addresses, inst->args[0], inst->args[2], ir_type_info[inst->arg_type].size);
        escape(addresses, inst->args[1]);
        return;
    case SHAPE_COPY:
        note_access(addresses, inst->args[0], 0, inst->args[2]);
        note_access(addresses, inst->args[1], 0, inst->args[2]);
        return;
    case SHAPE_FILL: note_access(addresses, inst->args[0], 0, inst->args[1]); return;
    default: break; // every other use of an address lets it go
    }
    u32 count, *operands = ir_operands_in_place(function, inst, &count);
    for (u32 i = 0; i < count; i++)
        if (addresses->of[operands[i]].slot) escape(addresses, operands[i]);
}

static void note_term_operand(void *addresses, IrValue *operand) { escape(addresses, *operand); }

bool addresses_build(Pass *pass, IrCfg *cfg, Addresses *addresses) {
    IrFunction *function = pass->function;
    *addresses = (Addresses){0};
    if (!opt_graph(pass, cfg)) return false;
    if (!function->slots.count) return true;
    addresses->count = function->insts.count;
    addresses->of = arena_new(pass->scratch, Address, addresses->count);
    addresses->slots = arena_new(pass->scratch, SlotUse, function->slots.count + 1);
    if (!addresses->of || !addresses->slots) return false;
    for (u32 i = 0; i < cfg->rpo_count; i++) {
        IrBlock *block = ir_block(function, cfg->rpo[i]);
        for (u32 v = block->first; v; v = ir_inst(function, v)->next) note_inst(addresses, function, v);
        ir_each_term_operand(function, &block->term, note_term_operand, addresses);
    }
    return true;
}

// Integer division traps on 0 and on MIN / -1.
static bool division_cannot_trap(const IrFunction *function, const IrInst *inst) {
    if (!ir_is_int((IrType)inst->type)) return true;
    if (!opt_is_const(function, inst->args[1])) return false;
    u128 divisor = opt_const_bits(function, inst->args[1]);
    return divisor != 0 && (!ir_is_signed((IrType)inst->type) || divisor != ~(u128)0);
}

bool address_cannot_trap(const Addresses *addresses, const IrFunction *function, const IrInst *inst) {
    u32 number, size;
    switch ((IrOp)inst->op) {
    case IR_OP_DIV:
    case IR_OP_REM: return division_cannot_trap(function, inst);
    case IR_OP_FIELD_ADDR: return address_of(addresses, inst->args[0]).slot != 0;
    case IR_OP_INDEX: {
        Address base = address_of(addresses, inst->args[0]);
        return base.slot && constant_below(function, inst->args[1], inst->args[3], &number);
    }
    case IR_OP_LOAD:
        return address_access(addresses, inst->args[0], inst->args[1], ir_type_info[inst->type].size).slot != 0;
    case IR_OP_STORE:
    case IR_OP_FILL: return address_written(addresses, inst, &size).slot != 0;
    case IR_OP_COPY:
        return address_written(addresses, inst, &size).slot != 0 &&
               address_access(addresses, inst->args[1], 0, size).slot != 0;
    default: return ir_op_info[inst->op].effects == 'P';
    }
}

void address_drop(const Addresses *addresses, IrFunction *function, IrValue value) {
    IrInst *inst = ir_inst(function, value);
    u32 size = inst->args[2];
    if (inst->op != IR_OP_COPY || !size || address_cannot_trap(addresses, function, inst)) {
        ir_remove(function, value);
        return;
    }
    inst->op = IR_OP_LOAD;
    inst->type = IR_U8;
    inst->args[0] = inst->args[1];
    inst->args[1] = size - 1;
    inst->args[2] = 0;
}
