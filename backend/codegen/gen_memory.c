// Addresses, loads, stores, copies and the heap. An address is a part that is computed and a constant one, which goes into
// the access; what may be null or out of bounds is tested first.
#include "codegen/gen.h"

enum { FIRST_VALID = 64, COPY_INLINE = 32, FOLD_MOST = 0x3fffffff };

static bool by_wide_pointer(const Gen *s) { return s->g->pointer == WASM_I64; }

// Whether a value is computed where it is used.
static bool is_tree(const Gen *s, IrValue value) {
    return s->places->place[value] != PLACE_LOCAL && !gen_is_const(s, value);
}

// A pointer as an address on the stack.
static void push_low(Gen *s, Held pointer) {
    gen_held(s, pointer);
    if (by_wide_pointer(s)) code_op(s->code, W_I32_WRAP_I64);
}

// Whether an address operand needs no test: because of what it is, or of what the optimiser knows of its use.
static bool never_null(const Gen *s, const IrInst *user, IrValue address) {
    return user->flags & INST_NOT_NULL || place_never_null(s->function, address);
}

static void check_null(Gen *s, Held pointer, u32 site) {
    push_low(s, pointer);
    code_i32_const(s->code, FIRST_VALID);
    code_op(s->code, W_I32_LT_U);
    gen_trap_if(s, TRAP_NULL_POINTER, site);
}

static void add_const(Gen *s, u32 value) {
    if (!value) return;
    code_i32_const(s->code, (i32)value);
    code_op(s->code, W_I32_ADD);
}

// ---- elements of rows ----

// What is known of an address: a local (NO_LOCAL: none) and a constant.
typedef struct Base {
    u32 local;
    u32 offset;
    bool temporary;
    bool wide; // the local holds a 64-bit pointer
} Base;

static u32 push_address(Gen *s, IrValue value, const IrInst *user);

static u32 slot_address(const Gen *s, const IrInst *inst) {
    return s->plan->frame + s->plan->slot_offset[inst->args[0]];
}

// Evaluates a row's address so far that it can be used again.
static Base base_of(Gen *s, IrValue row) {
    const IrInst *inst = gen_inst(s, row);
    if (inst->op == IR_OP_SLOT_ADDR) return (Base){s->frame_local, slot_address(s, inst), false, false};
    if (inst->op == IR_OP_DATA_ADDR) return (Base){NO_LOCAL, s->g->data_address[inst->args[0]], false, false};
    if (gen_is_const(s, row)) return (Base){NO_LOCAL, (u32)gen_const(s, row), false, false};
    if (s->places->place[row] == PLACE_REMAKE) { // a field in the frame
        return (Base){s->frame_local, slot_address(s, gen_inst(s, inst->args[0])) + inst->args[1], false, false};
    }
    if (!is_tree(s, row)) return (Base){s->places->low[row], 0, false, by_wide_pointer(s)};
    u32 offset = 0, local = gen_temporary(s, by_wide_pointer(s) ? WASM_I64 : WASM_I32);
    if (!by_wide_pointer(s)) offset = push_address(s, row, inst);
    else gen_value(s, row); // with the elements it was moved by
    code_local_set(s->code, local);
    return (Base){local, offset, true, by_wide_pointer(s)};
}

static void push_base(Gen *s, Base base) {
    code_local_get(s->code, base.local);
    if (base.wide) code_op(s->code, W_I32_WRAP_I64);
}

static void scale(Gen *s, u32 size) {
    if (size == 1) return;
    bool power = size != 0 && (size & (size - 1)) == 0;
    code_i32_const(s->code, power ? __builtin_ctz(size) : (i32)size);
    code_op(s->code, power ? W_I32_SHL : W_I32_MUL);
}

static void check_bounds(Gen *s, const IrInst *inst, Base base, Held index) {
    u32 count = inst->args[3];
    bool constant = gen_is_const(s, inst->args[1]);
    if (count && constant && gen_const(s, inst->args[1]) < count) return;
    gen_held(s, index);
    if (count) {
        code_i64_const(s->code, count);
    } else {
        if (base.local == NO_LOCAL) code_i32_const(s->code, 0);
        else push_base(s, base);
        code_i32_const(s->code, (i32)(base.offset - 4));
        code_op(s->code, W_I32_ADD);
        code_memory(s->code, W_I64_LOAD32_U, 2, 0);
    }
    code_op(s->code, W_I64_GE_U);
    gen_trap_if(s, TRAP_BOUNDS, inst->site);
}

// Pushes the part of an element's address that is computed; returns the constant part. The row was not moved.
static u32 push_near_element(Gen *s, const IrInst *inst, Base base, Held index) {
    u32 size = inst->args[2];
    if (!(inst->flags & INST_IN_BOUNDS)) {
        if (!is_tree(s, inst->args[0]) && !never_null(s, inst, inst->args[0])) {
            Held row = {inst->args[0], NO_LOCAL};
            check_null(s, row, inst->site);
        }
        check_bounds(s, inst, base, index);
    }
    if (gen_is_const(s, inst->args[1])) {
        u64 distance = gen_const(s, inst->args[1]) * size;
        bool folds = distance <= FOLD_MOST && base.offset <= FOLD_MOST;
        if (base.local == NO_LOCAL) {
            code_i32_const(s->code, (i32)(base.offset + (u32)distance));
            return 0;
        }
        push_base(s, base);
        if (!folds) add_const(s, (u32)distance);
        return base.offset + (folds ? (u32)distance : 0);
    }
    if (base.local != NO_LOCAL) push_base(s, base);
    gen_held(s, index);
    code_op(s->code, W_I32_WRAP_I64);
    scale(s, size);
    if (base.local != NO_LOCAL) code_op(s->code, W_I32_ADD);
    return base.offset;
}

// Row pointers that may have been moved: what the runtime does where they are.
static u32 push_element(Gen *s, const IrInst *inst) {
    Base base = base_of(s, inst->args[0]);
    bool may_be_moved = base.wide && !place_never_null(s->function, inst->args[0]);
    // One that is not tested is used once.
    bool once = inst->flags & INST_IN_BOUNDS && !may_be_moved;
    Held index = once ? (Held){inst->args[1], NO_LOCAL} : gen_hold(s, inst->args[1]);
    u32 offset = 0;
    if (may_be_moved) {
        code_local_get(s->code, base.local);
        code_i64_const(s->code, 32);
        code_op(s->code, W_I64_SHR_U);
        code_op(s->code, W_I64_EQZ);
        code_block(s->code, W_IF, WASM_I32);
        add_const(s, push_near_element(s, inst, base, index));
        code_op(s->code, W_ELSE);
        code_label(s->code);
        code_local_get(s->code, base.local);
        gen_held(s, index);
        if (inst->args[3]) code_i32_const(s->code, (i32)inst->args[3]);
        code_i32_const(s->code, (i32)inst->args[2]);
        gen_runtime(s, inst->args[3] ? RUNTIME_row_element : RUNTIME_heap_row_element);
        code_i32_const(s->code, (i32)gen_place(s, inst->site));
        gen_glue(s, GLUE_CHECK_OUT);
        code_end(s->code);
    } else {
        offset = push_near_element(s, inst, base, index);
    }
    gen_drop(s, index);
    if (base.temporary) gen_release(s, base.local);
    return offset;
}

// ---- addresses ----

// Pushes the computed part of a pointer's address; returns the constant part. `user` is what needs it.
static u32 push_address(Gen *s, IrValue value, const IrInst *user) {
    const IrInst *inst = gen_inst(s, value);
    if (inst->op == IR_OP_SLOT_ADDR && s->frame_local != NO_LOCAL) {
        code_local_get(s->code, s->frame_local);
        return slot_address(s, inst);
    }
    if (inst->op == IR_OP_SLOT_ADDR) {
        code_i32_const(s->code, (i32)slot_address(s, inst));
        return 0;
    }
    if (inst->op == IR_OP_INDEX && is_tree(s, value)) return push_element(s, inst);
    if (inst->op == IR_OP_FIELD_ADDR && is_tree(s, value)) {
        u32 offset = push_address(s, inst->args[0], inst);
        if (offset <= FOLD_MOST && inst->args[1] <= FOLD_MOST) return offset + inst->args[1];
        add_const(s, inst->args[1]);
        return offset;
    }
    Held pointer = gen_hold(s, value);
    if (!never_null(s, user, value)) check_null(s, pointer, user->site);
    push_low(s, pointer);
    gen_drop(s, pointer);
    return 0;
}

// An access's whole offset; what is too far for one is added.
static u32 push_access(Gen *s, const IrInst *inst, u32 offset) {
    u32 base = push_address(s, inst->args[0], inst);
    if (base <= FOLD_MOST && offset <= FOLD_MOST) return base + offset;
    add_const(s, base);
    return offset;
}

void gen_address_value(Gen *s, const IrInst *inst) {
    u32 offset = 0;
    switch (inst->op) {
    case IR_OP_PTR_MOVE:
        gen_value(s, inst->args[0]);
        gen_value(s, inst->args[1]);
        gen_runtime(s, RUNTIME_moved_pointer);
        return;
    case IR_OP_DATA_ADDR: code_i32_const(s->code, (i32)s->g->data_address[inst->args[0]]); break;
    case IR_OP_SLOT_ADDR:
        if (s->frame_local != NO_LOCAL) code_local_get(s->code, s->frame_local);
        else code_i32_const(s->code, (i32)slot_address(s, inst));
        if (s->frame_local != NO_LOCAL) offset = slot_address(s, inst);
        break;
    case IR_OP_FIELD_ADDR:
        offset = push_address(s, inst->args[0], inst);
        add_const(s, offset);
        offset = inst->args[1];
        break;
    default: offset = push_element(s, inst); break;
    }
    add_const(s, offset);
    if (by_wide_pointer(s)) code_op(s->code, W_I64_EXTEND_I32_U);
}

// ---- loads and stores ----

typedef struct Access {
    u16 load, store;
    u8 align;
} Access;

static Access access_of(const Gen *s, IrType type) {
    static const Access accesses[IR_TYPE_COUNT] = {
        [IR_BOOL] = {W_I32_LOAD8_U, W_I32_STORE8, 0},  [IR_U8] = {W_I32_LOAD8_U, W_I32_STORE8, 0},
        [IR_I8] = {W_I32_LOAD8_S, W_I32_STORE8, 0},    [IR_U16] = {W_I32_LOAD16_U, W_I32_STORE16, 1},
        [IR_I16] = {W_I32_LOAD16_S, W_I32_STORE16, 1}, [IR_U32] = {W_I32_LOAD, W_I32_STORE, 2},
        [IR_I32] = {W_I32_LOAD, W_I32_STORE, 2},       [IR_U64] = {W_I64_LOAD, W_I64_STORE, 3},
        [IR_I64] = {W_I64_LOAD, W_I64_STORE, 3},       [IR_F32] = {W_F32_LOAD, W_F32_STORE, 2},
        [IR_F64] = {W_F64_LOAD, W_F64_STORE, 3},       [IR_U128] = {W_I64_LOAD, W_I64_STORE, 3},
        [IR_I128] = {W_I64_LOAD, W_I64_STORE, 3},
    };
    if (type == IR_PTR) type = by_wide_pointer(s) ? IR_U64 : IR_U32;
    return accesses[type];
}

static void load(Gen *s, const IrInst *inst) {
    u32 offset = push_access(s, inst, inst->args[1]);
    Access access = access_of(s, inst->type);
    code_memory(s->code, (WasmCode)access.load, access.align, offset);
}

static void load_wide(Gen *s, IrValue value, const IrInst *inst) {
    u32 local = gen_temporary(s, WASM_I32);
    u32 offset = push_access(s, inst, inst->args[1]);
    code_local_tee(s->code, local);
    code_memory(s->code, W_I64_LOAD, 3, offset);
    code_local_get(s->code, local);
    code_memory(s->code, W_I64_LOAD, 3, offset + 8);
    gen_set_wide(s, value);
    gen_release(s, local);
}

static void store(Gen *s, const IrInst *inst) {
    IrType type = gen_inst(s, inst->args[1])->type;
    bool wide = place_is_wide(type);
    // A value that can trap does so before the address is tested.
    Held value = {inst->args[1], NO_LOCAL};
    if (!is_tree(s, inst->args[0]) && !place_never_null(s->function, inst->args[0])) value = gen_hold(s, inst->args[1]);
    u32 offset = push_access(s, inst, inst->args[2]);
    if (wide) {
        u32 local = gen_temporary(s, WASM_I32);
        code_local_tee(s->code, local);
        gen_low(s, inst->args[1]);
        code_memory(s->code, W_I64_STORE, 3, offset);
        code_local_get(s->code, local);
        gen_high(s, inst->args[1]);
        code_memory(s->code, W_I64_STORE, 3, offset + 8);
        gen_release(s, local);
        return;
    }
    Access access = access_of(s, type);
    gen_held(s, value);
    code_memory(s->code, (WasmCode)access.store, access.align, offset);
    gen_drop(s, value);
}

// ---- blocks of bytes ----

// Null is tested when both ends have been evaluated.
static void check_end(Gen *s, const IrInst *inst, IrValue value) {
    if (is_tree(s, value) || never_null(s, inst, value)) return;
    Held pointer = {value, NO_LOCAL};
    check_null(s, pointer, inst->site);
}

static void push_whole(Gen *s, Base base) {
    if (base.local == NO_LOCAL) {
        code_i32_const(s->code, (i32)base.offset);
        return;
    }
    push_base(s, base);
    add_const(s, base.offset);
}

// The part that an access does not take as its offset.
static u32 push_part(Gen *s, Base base) {
    if (base.local == NO_LOCAL) {
        code_i32_const(s->code, (i32)base.offset);
        return 0;
    }
    push_base(s, base);
    return base.offset;
}

static u32 piece_size(u32 left) { return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1; }

// Everything is loaded before anything is stored, so that the ends may overlap.
static void copy_inline(Gen *s, Base destination, Base source, u32 bytes) {
    static const u8 load_of[] = {0, W_I32_LOAD8_U, W_I32_LOAD16_U, 0, W_I32_LOAD, 0, 0, 0, W_I64_LOAD};
    static const u8 store_of[] = {0, W_I32_STORE8, W_I32_STORE16, 0, W_I32_STORE, 0, 0, 0, W_I64_STORE};
    u32 sizes[COPY_INLINE / 8 + 3], count = 0, at = 0;
    for (; at < bytes; at += sizes[count++]) {
        u32 size = sizes[count] = piece_size(bytes - at);
        (void)push_part(s, destination);
        u32 offset = push_part(s, source);
        code_memory(s->code, (WasmCode)load_of[size], (u32)__builtin_ctz(size), offset + at);
    }
    u32 offset = destination.local == NO_LOCAL ? 0 : destination.offset;
    while (count-- > 0) {
        u32 size = sizes[count];
        at -= size;
        code_memory(s->code, (WasmCode)store_of[size], (u32)__builtin_ctz(size), offset + at);
    }
}

static void copy(Gen *s, const IrInst *inst) {
    u32 bytes = inst->args[2];
    Base destination = base_of(s, inst->args[0]), source = base_of(s, inst->args[1]);
    check_end(s, inst, inst->args[1]);
    check_end(s, inst, inst->args[0]);
    if (bytes <= COPY_INLINE) {
        copy_inline(s, destination, source, bytes);
    } else {
        push_whole(s, destination);
        push_whole(s, source);
        code_i32_const(s->code, (i32)bytes);
        if (s->g->options->mvp) {
            gen_runtime(s, RUNTIME_copy);
        } else {
            code_op(s->code, W_MEMORY_COPY);
            code_byte(s->code, 0);
            code_byte(s->code, 0);
        }
    }
    if (source.temporary) gen_release(s, source.local);
    if (destination.temporary) gen_release(s, destination.local);
}

static void clear_inline(Gen *s, u32 local, u32 address, u32 bytes) {
    for (u32 at = 0; at < bytes;) {
        u32 size = piece_size(bytes - at);
        if (local == NO_LOCAL) code_i32_const(s->code, (i32)address);
        else code_local_get(s->code, local);
        u32 offset = local == NO_LOCAL ? at : address + at;
        if (size == 8) code_i64_const(s->code, 0);
        else code_i32_const(s->code, 0);
        code_memory(s->code,
                    size == 8   ? W_I64_STORE
                    : size == 4 ? W_I32_STORE
                    : size == 2 ? W_I32_STORE16
                                : W_I32_STORE8,
                    (u32)__builtin_ctz(size), offset);
        at += size;
    }
}

void gen_clear(Gen *s, u32 local, u32 address, u32 bytes) {
    if (bytes <= CLEAR_INLINE) {
        clear_inline(s, local, address, bytes);
        return;
    }
    push_whole(s, (Base){local, address, false, false});
    if (!s->g->options->mvp) code_i32_const(s->code, 0);
    code_i32_const(s->code, (i32)bytes);
    if (s->g->options->mvp) {
        gen_runtime(s, RUNTIME_fill);
    } else {
        code_op(s->code, W_MEMORY_FILL);
        code_byte(s->code, 0);
    }
}

static void fill(Gen *s, const IrInst *inst) {
    Base base = base_of(s, inst->args[0]);
    check_end(s, inst, inst->args[0]);
    u32 local = base.local;
    if (base.wide) {
        local = gen_temporary(s, WASM_I32);
        push_base(s, base);
        code_local_set(s->code, local);
    }
    gen_clear(s, local, base.offset, inst->args[1]);
    if (base.wide) gen_release(s, local);
    if (base.temporary) gen_release(s, base.local);
}

void gen_access(Gen *s, IrValue value, const IrInst *inst) {
    switch (inst->op) {
    case IR_OP_LOAD:
        if (place_is_wide(inst->type)) load_wide(s, value, inst);
        else load(s, inst);
        break;
    case IR_OP_STORE: store(s, inst); break;
    case IR_OP_COPY: copy(s, inst); break;
    default: fill(s, inst); break;
    }
}

// ---- heap ----

static void push_pointer(Gen *s, IrValue value) {
    gen_value(s, value);
    if (!by_wide_pointer(s)) code_op(s->code, W_I64_EXTEND_I32_U);
}

void gen_heap(Gen *s, const IrInst *inst) {
    switch (inst->op) {
    case IR_OP_HEAP_ALLOC:
        gen_value(s, inst->args[0]);
        code_i32_const(s->code, (i32)inst->args[1]);
        gen_runtime(s, RUNTIME_heap_alloc);
        break;
    case IR_OP_HEAP_REALLOC:
        push_pointer(s, inst->args[0]);
        gen_value(s, inst->args[1]);
        gen_value(s, inst->args[2]);
        code_i32_const(s->code, (i32)inst->args[3]);
        gen_runtime(s, RUNTIME_heap_realloc);
        break;
    case IR_OP_HEAP_FREE:
        push_pointer(s, inst->args[0]);
        gen_value(s, inst->args[1]);
        gen_runtime(s, RUNTIME_heap_free);
        gen_check(s, inst->site);
        return;
    default:
        push_pointer(s, inst->args[0]);
        push_pointer(s, inst->args[1]);
        gen_value(s, inst->args[2]);
        code_i32_const(s->code, (i32)inst->args[3]);
        gen_runtime(s, RUNTIME_heap_copy);
        gen_check(s, inst->site);
        return;
    }
    code_i32_const(s->code, (i32)gen_place(s, inst->site));
    gen_glue(s, GLUE_CHECK_OUT);
    if (by_wide_pointer(s)) code_op(s->code, W_I64_EXTEND_I32_U);
}
