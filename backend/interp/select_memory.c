// Instructions for addresses, loads and stores. A load or store does the work of the field, row and frame addresses
// that only it (and others like it in its block) uses: bounds check, scaling and access in one dispatch.
#include "interp/select.h"

// ---- accesses ----

typedef enum AccessKind { ACCESS_REGISTER, ACCESS_FRAME, ACCESS_ROW_FRAME, ACCESS_ROW, ACCESS_HEAP_ROW } AccessKind;

typedef struct Access {
    AccessKind kind;
    u32 base, index; // values
    u64 offset;      // ROW_FRAME: of the row in the guest frame, and of the part in an element summed up
    u32 count, element;
    u32 origin; // the IR instruction whose trap this is
} Access;

static void resolve_row(const Translator *t, Access *access, u32 value, u32 width) {
    const IrInst *inst = inst_of(t, value);
    u32 slot;
    u64 offset, bytes;
    if (inst->block == t->block) access->origin = value;
    access->base = inst->args[0];
    access->index = inst->args[1];
    access->element = inst->args[2];
    access->count = inst->args[3];
    access->kind = access->count ? ACCESS_ROW : ACCESS_HEAP_ROW;
    if (!access->count || !frame_address(t, access->base, &slot, &offset)) return;
    if (mul_overflows((u64)access->count, (u64)access->element, &bytes) || !in_slot(t, slot, offset, bytes)) return;
    if (access->offset + width > access->element) return;
    access->kind = ACCESS_ROW_FRAME;
    access->offset += t->slot_offset[slot] + offset;
}

static Access resolve(const Translator *t, u32 user, u32 address, u64 offset, u32 width) {
    Access access = {.kind = ACCESS_REGISTER, .origin = user, .offset = offset};
    for (;;) {
        u32 value = value_of(t, address), slot;
        const IrInst *inst = inst_of(t, value);
        u64 in_frame;
        access.base = value;
        if (frame_address(t, value, &slot, &in_frame)) {
            u64 at = t->slot_offset[slot] + in_frame + access.offset;
            if (!in_slot(t, slot, in_frame + access.offset, width) || at > UINT16_MAX) return access;
            access.kind = ACCESS_FRAME;
            access.offset = at;
            return access;
        }
        if (!t->address[value].folded) return access;
        if (inst->op == IR_OP_INDEX) {
            resolve_row(t, &access, value, width);
            return access;
        }
        access.offset += inst->args[1];
        access.origin = value;
        address = inst->args[0];
    }
}

// The first opcode of a width, FORM_PLAIN; and those of its S and L forms, which not every width has.
typedef struct AccessOps {
    Bytecode plain, part, linear;
} AccessOps;

static AccessOps load_ops(u8 type) {
    switch (type) {
    case IR_I8: // extended by an instruction of its own
    case IR_BOOL:
    case IR_U8: return (AccessOps){BC_LOAD_U8, BC_COUNT, BC_COUNT};
    case IR_I16:
    case IR_U16: return (AccessOps){BC_LOAD_U16, BC_COUNT, BC_COUNT};
    case IR_I32: return (AccessOps){BC_LOAD_S32, BC_LOAD_S_F_S32, BC_LOAD_L_F_S32};
    case IR_U32:
    case IR_F32: return (AccessOps){BC_LOAD_U32, BC_COUNT, BC_COUNT};
    default: return (AccessOps){BC_LOAD_64, BC_LOAD_S_F_64, BC_LOAD_L_F_64};
    }
}

static AccessOps store_ops(u32 width) {
    switch (width) {
    case 1: return (AccessOps){BC_STORE_8, BC_COUNT, BC_COUNT};
    case 2: return (AccessOps){BC_STORE_16, BC_COUNT, BC_COUNT};
    case 4: return (AccessOps){BC_STORE_32, BC_STORE_S_F_32, BC_STORE_L_F_32};
    default: return (AccessOps){BC_STORE_64, BC_STORE_S_F_64, BC_STORE_L_F_64};
    }
}

// Opcodes of one kind stand in this order in bytecode.def; after the X and S forms come the kinds of rows.
enum { FORM_PLAIN, FORM_FRAME, FORM_X };
enum { ROW_FRAME, ROW_POINTER, ROW_HEAP };

// The row that an element is looked for in: a register. It may have been found outside the loop, and not checked yet.
static bool use_row(Translator *t, Draft *draft, u32 row) {
    row = value_of(t, row);
    if (t->address[row].outside && inst_of(t, row)->block == t->block) draft->inst.row = row;
    return draft_use(t, draft, row);
}

// The address in a register of its own, for what no form can take; traps where the source's instruction does.
static bool push_address(Translator *t, u32 user, const Access *access, u32 reg) {
    u32 slot, target = reg;
    u64 offset;
    bool row = access->kind >= ACCESS_ROW_FRAME, checked = access->kind != ACCESS_FRAME;
    u64 part = access->offset;
    if (access->kind == ACCESS_ROW_FRAME && frame_address(t, access->base, &slot, &offset))
        part -= t->slot_offset[slot] + offset;
    if (access->kind == ACCESS_FRAME || !row || part) {
        // base + constant, after the row's element has been found
        Draft draft = {.inst = {.op = checked ? BC_FIELD : BC_ADDRESS, .dst = reg, .imm = {part}, .value = user}};
        if (part > UINT32_MAX) return error_set(t->error, ERR_EXECUTE, NOWHERE, "an offset of more than 4 GiB");
        if (checked) draft_observe(t, &draft, access->origin);
        if (row) {
            draft.inst.value = 0; // the element is looked for before
            target = new_register(t, false);
            if (!target) return false;
            draft_register(&draft, target);
        } else if (access->kind == ACCESS_FRAME) {
            draft_register(&draft, t->frame);
        } else if (!draft_use(t, &draft, access->base)) {
            return false;
        }
        if (!push_draft(t, &draft)) return false;
        if (!row) return true;
    }
    Draft index = {.inst = {.op = access->count ? BC_INDEX_P : BC_INDEX_H, .dst = target, .value = user}};
    index.inst.imm[0] = access->count ? access->count : access->element;
    index.inst.imm[1] = access->element;
    draft_observe(t, &index, access->origin);
    return use_row(t, &index, access->base) && draft_use(t, &index, access->index) && push_draft(t, &index);
}

// Chooses the form and fills operands and immediates but for the stored value. False in *fits when there is none.
static bool shape_access(Translator *t, const Access *a, AccessOps ops, u32 width, Draft *draft, bool *fits) {
    bool scaled = a->element == width, row = a->kind >= ACCESS_ROW_FRAME;
    Bytecode forms = scaled ? (Bytecode)(ops.plain + FORM_X) : ops.part;
    u64 *imm = draft->inst.imm;
    *fits = a->kind == ACCESS_ROW_FRAME ? a->offset <= UINT32_MAX : a->offset <= UINT16_MAX;
    *fits &= !row || scaled || (ops.part != BC_COUNT && a->element <= UINT16_MAX);
    *fits &= a->kind != ACCESS_ROW_FRAME || scaled || a->count <= UINT16_MAX;
    if (!*fits) return true;
    switch (a->kind) {
    case ACCESS_REGISTER:
        draft->inst.op = ops.plain + FORM_PLAIN;
        imm[0] = a->offset;
        return draft_use(t, draft, a->base);
    case ACCESS_FRAME:
        draft->inst.op = ops.plain + FORM_FRAME;
        draft->inst.observable = false;
        imm[0] = a->offset;
        draft_register(draft, t->frame);
        return true;
    case ACCESS_ROW_FRAME:
        draft->inst.op = forms + ROW_FRAME;
        imm[0] = a->offset;
        imm[1] = a->count;
        imm[2] = a->element;
        draft_register(draft, t->frame);
        return draft_use(t, draft, a->index);
    case ACCESS_ROW:
        draft->inst.op = forms + ROW_POINTER;
        imm[0] = a->count;
        imm[1] = a->offset;
        imm[2] = a->element;
        break;
    case ACCESS_HEAP_ROW:
        draft->inst.op = forms + ROW_HEAP;
        imm[0] = scaled ? a->offset : a->element;
        imm[1] = a->offset;
        break;
    }
    return use_row(t, draft, a->base) && draft_use(t, draft, a->index);
}

// The same with an index that is a sum or difference used here only; false in *fits when it is none.
static bool shape_linear(Translator *t, const Access *a, AccessOps ops, u32 width, u32 stored, Draft *draft,
                         bool *fits) {
    Linear index;
    u64 *imm = draft->inst.imm;
    *fits = a->kind == ACCESS_ROW_FRAME && a->element == width && ops.linear != BC_COUNT && a->offset <= UINT32_MAX &&
            linear_index(t, a->index, &index);
    if (!*fits) return true;
    draft->inst.op = (u16)ops.linear;
    imm[0] = a->offset;
    imm[1] = a->count;
    imm[2] = (u64)index.scale;
    imm[3] = (u64)index.add;
    imm[4] = index.narrow ? 32 : 0;
    if (stored && !draft_use(t, draft, stored)) return false;
    if (!draft_use(t, draft, index.x) || !draft_use(t, draft, index.y)) return false;
    draft_register(draft, t->frame);
    return true;
}

// A load (stored = 0) or a store of `stored`.
static bool select_access(Translator *t, u32 value, u8 type, u32 address, u64 offset, u32 stored) {
    bool wide = type_is_wide(type), fits = false;
    if (stored && ir_is_int(type)) stored = low_bits(t, stored, ir_bits(type));
    u32 width = ir_type_info[type].size;
    Access access = resolve(t, value, address, offset, width);
    AccessOps ops = stored ? store_ops(width) : load_ops(type);
    Draft draft = draft_at(t, ops.plain, value);
    draft_observe(t, &draft, access.origin);
    if (!wide && !shape_linear(t, &access, ops, width, stored, &draft, &fits)) return false;
    if (fits) return push_draft(t, &draft);
    if (!wide && !shape_access(t, &access, ops, width, &draft, &fits)) return false;
    u32 reg = 0;
    if (!fits) {
        draft.inst.op = wide ? (stored ? BC_STORE_WIDE : BC_LOAD_WIDE) : ops.plain;
        if (wide && access.kind == ACCESS_REGISTER && access.offset <= UINT16_MAX) {
            draft.inst.imm[0] = access.offset;
            if (!draft_use(t, &draft, access.base)) return false;
        } else {
            if (!(reg = new_register(t, false))) return false;
            draft_register(&draft, reg);
            draft.inst.value = 0; // what finds the address makes the check
        }
    }
    if (stored && !draft_use(t, &draft, stored)) return false;
    bool extended = !stored && (type == IR_I8 || type == IR_I16);
    if (!(extended ? push_wrapped(t, &draft, type) : push_draft(t, &draft))) return false;
    return !reg || push_address(t, value, &access, reg);
}

// ---- address values ----

static bool select_address(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    bool needed = t->registers.items[value].needed;
    u32 slot;
    u64 offset;
    if (t->address[value].outside) return true;
    if (frame_address(t, value, &slot, &offset)) {
        if (!needed) return true;
        Draft draft = draft_at(t, BC_ADDRESS, value);
        draft.inst.imm[0] = t->slot_offset[slot] + offset;
        draft_register(&draft, t->frame);
        return push_draft(t, &draft);
    }
    if (!needed && (t->address[value].folded || !acts(t, value))) return true;
    Draft draft = draft_at(t, BC_FIELD, value);
    draft_observe(t, &draft, value);
    if (inst->op == IR_OP_FIELD_ADDR) {
        draft.inst.imm[0] = inst->args[1];
        return draft_use(t, &draft, inst->args[0]) && push_draft(t, &draft);
    }
    draft.inst.op = inst->args[3] ? BC_INDEX_P : BC_INDEX_H;
    draft.inst.imm[0] = inst->args[3] ? inst->args[3] : inst->args[2];
    draft.inst.imm[1] = inst->args[2];
    return use_row(t, &draft, inst->args[0]) && draft_use(t, &draft, inst->args[1]) && push_draft(t, &draft);
}

bool select_rows(Translator *t, u32 block) {
    for (u32 value = t->blocks[block].rows; value; value = t->address[value].next_row) {
        u32 slot;
        u64 offset;
        const IrInst *inst = inst_of(t, value);
        if (t->address[value].outside != block || !frame_address(t, inst->args[0], &slot, &offset)) continue;
        Draft draft = {.inst = {.op = BC_ROW, .dst = value}};
        draft.inst.imm[0] = inst->args[3];
        draft.inst.imm[1] = inst->args[2];
        draft.inst.imm[2] = t->slot_offset[slot] + offset;
        draft_register(&draft, t->frame);
        if (!draft_use(t, &draft, inst->args[1]) || !push_draft(t, &draft)) return false;
    }
    return true;
}

bool select_memory(Translator *t, u32 value) {
    const IrInst *inst = inst_of(t, value);
    switch (inst->op) {
    case IR_OP_DATA_ADDR: return true; // a constant of whoever uses it
    case IR_OP_LOAD: return select_access(t, value, inst->type, inst->args[0], inst->args[1], 0);
    case IR_OP_STORE: return select_access(t, value, inst->arg_type, inst->args[0], inst->args[2], inst->args[1]);
    case IR_OP_PTR_MOVE: {
        if (!t->registers.items[value].needed) return true;
        Draft draft = draft_at(t, BC_PTR_MOVE, value);
        return draft_use(t, &draft, inst->args[0]) && draft_use(t, &draft, inst->args[1]) && push_draft(t, &draft);
    }
    case IR_OP_COPY: return push_observed(t, BC_COPY, value, 2, inst->args[2]);
    case IR_OP_FILL: return push_observed(t, BC_FILL, value, 1, inst->args[1]);
    case IR_OP_HEAP_ALLOC: return push_observed(t, BC_HEAP_ALLOC, value, 1, inst->args[1]);
    case IR_OP_HEAP_REALLOC: return push_observed(t, BC_HEAP_REALLOC, value, 3, inst->args[3]);
    case IR_OP_HEAP_FREE: return push_observed(t, BC_HEAP_FREE, value, 2, 0);
    case IR_OP_HEAP_COPY: return push_observed(t, BC_HEAP_COPY, value, 3, inst->args[3]);
    default: return select_address(t, value);
    }
}
