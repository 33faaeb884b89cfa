// See loop_support.h.
#include "interp/loop_support.h"

// A row pointer's own address and its index with the moved elements added; false when that leaves the numbers' range.
static bool total_index(u64 pointer, u64 index, u64 *total) {
    i64 moved = (i32)(pointer >> 32);
    if (index >> 63) return false;
    i64 sum = (i64)index;
    if (__builtin_add_overflow(sum, moved, &sum) || sum < 0) return false;
    *total = (u64)sum;
    return true;
}

static TrapKind find_element(const Run *run, u64 pointer, u64 index, bool heap, u32 count, u32 size, u64 *out) {
    u64 row = (u32)pointer, total;
    if (!memory_contains(&run->memory, row, 0)) return run_bad_address(row);
    if (heap) count = read_u32(run->memory.bytes + row - 4);
    if (!total_index(pointer, index, &total) || total >= count) return TRAP_BOUNDS;
    *out = row + total * size;
    return memory_contains(&run->memory, *out, 1) ? TRAP_NONE : TRAP_BAD_POINTER;
}

// The index of an L form.
static u64 linear_index(const u64 *r, const u16 *at) {
    u64 sum = r[at[2]] * (u64)(i64)(i16)at[9] + r[at[3]] + (u64)(i64)(i16)at[10];
    return (u64)((i64)(sum << at[11]) >> at[11]);
}

// Where an access is to, before any index: a store names it in front of its value, all else behind its result.
static u64 base_of(const u64 *r, const u16 *at) {
    bool stores = (at[0] >= BC_STORE_8 && at[0] < BC_LOAD_WIDE) || at[0] == BC_STORE_WIDE;
    return r[at[stores ? 1 : 2]];
}

static TrapKind check_not_null(const Run *run, u64 base) {
    return memory_contains(&run->memory, base, 1) ? TRAP_NONE : run_bad_address(base);
}

// What kind of access an opcode is, by the order of bytecode.def.
enum { PLAIN, FRAME, X_FRAME, X_ROW, X_HEAP, FORMS, ROWS = 3 };
typedef struct Access {
    bool load, part, linear;
    u8 form, shift; // it reaches 1 << shift bytes
} Access;

static Access access_of(u16 op) {
    bool load = op < BC_STORE_8;
    u16 first = load ? BC_LOAD_U8 : BC_STORE_8;
    u16 parts = load ? BC_LOAD_S_F_S32 : BC_STORE_S_F_32, linears = load ? BC_LOAD_L_F_S32 : BC_STORE_L_F_32;
    if (op >= linears) return (Access){load, false, true, X_FRAME, (u8)(2 + op - linears)};
    if (op >= parts)
        return (Access){load, true, false, (u8)(X_FRAME + (op - parts) % ROWS), (u8)(2 + (op - parts) / ROWS)};
    u32 kind = (u32)(op - first) / FORMS;
    // There are two kinds of loads of 32 bits.
    return (Access){load, false, false, (u8)((op - first) % FORMS), (u8)(kind - (load && op >= BC_LOAD_U32))};
}

u32 access_shift(u16 op) { return access_of(op).shift; }

// What the loop's access at `at` does before it reaches memory. Which fields hold what follows from the shape (bytecode.def).
static TrapKind find_access(const Run *run, const u64 *r, const u16 *at, u64 index, u32 size, u64 *address) {
    Access access = access_of(at[0]);
    u64 base = base_of(r, at);
    if (access.linear) index = linear_index(r, at);
    switch (access.form) {
    case PLAIN: return check_not_null(run, base);
    case FRAME: return TRAP_NONE;
    case X_FRAME:
        *address = base + code_u32(at + 4) + index * size;
        return index < (access.part ? at[6] : code_u32(at + 6)) ? TRAP_NONE : TRAP_BOUNDS;
    default: {
        TrapKind trap = find_element(run, base, index, access.form == X_HEAP, code_u32(at + 4), size, address);
        *address += at[6];
        return trap;
    }
    }
}

TrapKind far_access(const Run *run, u64 *r, const u16 *at) {
    if (at[0] == BC_INDEX_P || at[0] == BC_INDEX_H) {
        bool heap = at[0] == BC_INDEX_H;
        u64 element = 0;
        TrapKind trap = find_element(run, r[at[2]], r[at[3]], heap, code_u32(at + 4), code_u32(at + (heap ? 4 : 6)),
                                     &element);
        if (trap == TRAP_NONE) r[at[1]] = element;
        return trap;
    }
    Access access = access_of(at[0]);
    u32 size = 1u << access.shift;
    u32 stride = !access.part ? size : access.form == X_HEAP ? code_u32(at + 4) : at[7];
    u64 address = 0, value = 0;
    TrapKind trap = find_access(run, r, at, r[at[access.load ? 3 : 2]], stride, &address);
    if (trap != TRAP_NONE) return trap;
    u8 *bytes = run->memory.bytes + address;
    if (!access.load) {
        mem_copy(bytes, &r[at[3]], size);
        return TRAP_NONE;
    }
    mem_copy(&value, bytes, size);
    bool is_signed = size == 4 && !(at[0] >= BC_LOAD_U32 && at[0] <= BC_LOAD_X_H_U32);
    r[at[1]] = is_signed ? (u64)(i64)(i32)value : value;
    return TRAP_NONE;
}

TrapKind run_check_access(const Run *run, u32 entry) {
    const u16 *at = (const u16 *)run->program->code + (size_t)(entry & ~ROW_CHECK) * PC_STEP;
    const u64 *r = run->registers + run->base;
    u64 address = 0;
    if (entry & ROW_CHECK) return base_of(r, at) == NO_ROW ? TRAP_BOUNDS : TRAP_NONE;
    switch (at[0]) {
    case BC_INDEX_P: return find_element(run, r[at[2]], r[at[3]], false, code_u32(at + 4), 1, &address);
    case BC_INDEX_H: return find_element(run, r[at[2]], r[at[3]], true, 0, 1, &address);
    case BC_FIELD:
    case BC_LOAD_WIDE:
    case BC_STORE_WIDE: return check_not_null(run, base_of(r, at));
    default: return find_access(run, r, at, r[at[at[0] < BC_STORE_8 ? 3 : 2]], 1, &address);
    }
}

u64 run_element(const Run *run, const u64 *r, const u16 *at, u64 index, u32 size) {
    u64 address = 0;
    return find_access(run, r, at, index, size, &address) == TRAP_NONE ? address : 0;
}

u64 moved_pointer(u64 pointer, u64 elements) {
    i64 moved = (i32)(pointer >> 32), sum;
    if (__builtin_add_overflow(moved, (i64)elements, &sum)) sum = (i64)elements;
    i32 kept = sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : (i32)sum;
    return (u32)pointer | (u64)(u32)kept << 32;
}

static bool is_wide(u16 type) { return type == IR_I128 || type == IR_U128; }

static u128 operand(const u64 *registers, u32 slot, IrType type) {
    u64 low = registers[slot];
    if (is_wide((u16)type)) return (u128)registers[slot + 1] << 64 | low;
    return ir_is_signed(type) ? (u128)(i128)(i64)low : low;
}

static void set_result(u64 *registers, u32 slot, IrType type, u128 value) {
    registers[slot] = (u64)value;
    if (is_wide((u16)type)) registers[slot + 1] = (u64)(value >> 64);
}

TrapKind rare_binary(u64 *registers, const u16 *pc) {
    IrType type = (IrType)pc[5];
    TrapKind trap = TRAP_NONE;
    u128 a = operand(registers, pc[2], type), b = operand(registers, pc[3], type);
    IrOp op = (IrOp)pc[4];
    u128 result = op == IR_OP_NEG || op == IR_OP_ONES ? eval_unary(op, type, a) : eval_binary(op, type, a, b, &trap);
    if (trap == TRAP_NONE) set_result(registers, pc[1], type, result);
    return trap;
}

u64 rare_compare(const u64 *registers, const u16 *pc) {
    IrType type = (IrType)pc[5];
    return eval_compare((IrOp)pc[4], type, operand(registers, pc[2], type), operand(registers, pc[3], type));
}

void rare_convert(u64 *registers, const u16 *pc) {
    IrType to = (IrType)pc[3], from = (IrType)pc[4];
    set_result(registers, pc[1], to, eval_convert_any(to, from, operand(registers, pc[2], from)));
}

const u16 *search_case(const u16 *pc, const u64 *registers) {
    u32 count = code_u32(pc + 2), low = 0, high = count;
    u64 selector = registers[pc[1]];
    const u16 *table = pc + PC_STEP;
    if (pc[0] == BC_SEARCH) {
        while (low < high) {
            u32 middle = low + (high - low) / 2;
            if (code_u64(table + (size_t)middle * 2 * PC_STEP) < selector) low = middle + 1;
            else high = middle;
        }
        const u16 *entry = table + (size_t)low * 2 * PC_STEP;
        if (low < count && code_u64(entry) == selector) return entry + PC_STEP;
        return table + (size_t)count * 2 * PC_STEP;
    }
    u64 selector_high = registers[pc[1] + 1];
    for (; low < count; low++, table += 3 * PC_STEP)
        if (code_u64(table) == selector && code_u64(table + PC_STEP) == selector_high) return table + 2 * PC_STEP;
    return table;
}
