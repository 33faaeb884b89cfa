// See ir_reference.h.
#include "ir_reference.h"

#include <stdlib.h>
#include <string.h>

#include "interp/heap.h"
#include "interp/memory.h"
#include "ir/eval.h"
#include "support/text.h"

enum { DEPTH_MAX = 2000 };

typedef struct Machine {
    const IrModule *module;
    Reference *out;
    GuestMemory memory;
    Heap heap;
    u32 *data_address;
    u64 limit;
    u32 depth;
} Machine;

// One activation.
typedef struct Activation {
    const IrFunction *function;
    u128 *values;
    u64 *slots;
} Activation;

static bool fail(Machine *m, TrapKind trap, u32 site) {
    m->out->trap = trap;
    m->out->frame_count = 0;
    do m->out->frames[m->out->frame_count++] = site;
    while ((site = m->module->sites.items[site].inlined_at) && m->out->frame_count < REFERENCE_FRAMES);
    return false;
}

static TrapKind bad_address(u64 address) { return address < NULL_GUARD ? TRAP_NULL_POINTER : TRAP_BAD_POINTER; }

static TrapKind check(const Machine *m, u64 address) {
    return memory_contains(&m->memory, address, 1) ? TRAP_NONE : bad_address(address);
}

static void print(Machine *m, const u8 *text, u32 len) { buf_bytes(&m->out->output, text, len); }

static TrapKind print_item(Machine *m, u64 address) {
    u32 len;
    if (!memory_contains(&m->memory, address, 4)) return bad_address(address);
    memcpy(&len, m->memory.bytes + address, 4);
    if (!memory_contains(&m->memory, address + 4, len)) return TRAP_BAD_POINTER;
    print(m, m->memory.bytes + address + 4, len);
    return TRAP_NONE;
}

static void print_number(Machine *m, u8 type, u128 value) {
    u8 text[FLOAT_TEXT_MAX];
    u32 len;
    if (type == IR_BOOL) len = value ? 4 : 5, memcpy(text, value ? "true" : "false", len);
    else if (type == IR_F64) len = text_from_f64(eval_f64((u64)value), text);
    else if (type == IR_F32) len = text_from_f32(eval_f32((u64)value), text);
    else if (ir_is_signed(type)) len = text_from_i128((i128)value, text);
    else len = text_from_u128(value, text);
    print(m, text, len);
}

static TrapKind print_code_point(Machine *m, u128 value) {
    u8 text[4];
    u32 len = value <= UINT32_MAX ? utf8_encode((u32)value, text) : 0;
    if (!len) return TRAP_PRINT_CHAR;
    print(m, text, len);
    return TRAP_NONE;
}

static TrapKind index_row(const Machine *m, u64 pointer, u64 index, const u32 *args, u64 *out) {
    u64 row = (u32)pointer, count = args[3];
    if (check(m, row)) return check(m, row);
    if (!count) {
        u32 header;
        memcpy(&header, m->memory.bytes + row - 4, 4);
        count = header;
    }
    i128 total = (i128)(i64)index + (i32)(pointer >> 32);
    if ((i64)index < 0 || total < 0 || total >= (i128)count) return TRAP_BOUNDS;
    *out = row + (u64)total * args[2];
    return check(m, *out) ? TRAP_BAD_POINTER : TRAP_NONE;
}

static u64 move_pointer(u64 pointer, i64 elements) {
    i128 sum = (i128)(i32)(pointer >> 32) + elements;
    if (sum > INT32_MAX) sum = INT32_MAX;
    if (sum < INT32_MIN) sum = INT32_MIN;
    return (u32)pointer | (u64)(u32)(i32)sum << 32;
}

static u128 read_memory(const Machine *m, u64 address, u8 type) {
    u128 value = 0;
    memcpy(&value, m->memory.bytes + address, ir_type_info[type].size);
    return type == IR_BOOL ? (u8)value : eval_wrap128(type, value);
}

static bool call(Machine *m, u32 number, const u128 *args, u128 *result);

static bool run_call(Machine *m, Activation *a, const IrInst *inst, u128 *result) {
    u128 *args = calloc(inst->args[2] + 1, sizeof *args);
    for (u32 i = 0; i < inst->args[2]; i++) args[i] = a->values[a->function->lists.items[inst->args[1] + i]];
    bool done = call(m, inst->args[0], args, result);
    free(args);
    if (!done && m->out->frame_count < REFERENCE_FRAMES) {
        u32 site = inst->site;
        do m->out->frames[m->out->frame_count++] = site;
        while ((site = m->module->sites.items[site].inlined_at) && m->out->frame_count < REFERENCE_FRAMES);
    }
    return done;
}

// One instruction; *result is its value. False when it trapped.
static bool step(Machine *m, Activation *a, const IrInst *inst, u128 *result) {
    const u128 *v = a->values;
    const u32 *args = inst->args;
    TrapKind trap = TRAP_NONE;
    u64 out = 0;
    *result = 0;
    switch ((IrOp)inst->op) {
    case IR_OP_CONST: *result = args[0] | (u128)args[1] << 32 | (u128)args[2] << 64 | (u128)args[3] << 96; break;
    case IR_OP_ADD:
    case IR_OP_SUB:
    case IR_OP_MUL:
    case IR_OP_DIV:
    case IR_OP_REM:
    case IR_OP_AND:
    case IR_OP_OR:
    case IR_OP_XOR:
    case IR_OP_SHL:
    case IR_OP_SHR: *result = eval_binary((IrOp)inst->op, (IrType)inst->type, v[args[0]], v[args[1]], &trap); break;
    case IR_OP_ONES:
    case IR_OP_NEG: *result = eval_unary((IrOp)inst->op, (IrType)inst->type, v[args[0]]); break;
    case IR_OP_EQ:
    case IR_OP_NE:
    case IR_OP_LT:
    case IR_OP_LE:
    case IR_OP_GT:
    case IR_OP_GE: *result = eval_compare((IrOp)inst->op, (IrType)inst->arg_type, v[args[0]], v[args[1]]); break;
    case IR_OP_CONVERT: *result = eval_convert_any((IrType)inst->type, (IrType)inst->arg_type, v[args[0]]); break;
    case IR_OP_BITCAST: *result = eval_bitcast((IrType)inst->type, v[args[0]]); break;
    case IR_OP_SELECT: *result = v[args[0]] ? v[args[1]] : v[args[2]]; break;
    case IR_OP_SLOT_ADDR: *result = a->slots[args[0]]; break;
    case IR_OP_DATA_ADDR: *result = m->data_address[args[0]]; break;
    case IR_OP_FIELD_ADDR:
        trap = check(m, (u64)v[args[0]]);
        *result = (u64)v[args[0]] + args[1];
        break;
    case IR_OP_INDEX:
        trap = index_row(m, (u64)v[args[0]], (u64)v[args[1]], args, &out);
        *result = out;
        break;
    case IR_OP_PTR_MOVE: *result = move_pointer((u64)v[args[0]], (i64)v[args[1]]); break;
    case IR_OP_LOAD:
        if (!(trap = check(m, (u64)v[args[0]]))) *result = read_memory(m, (u64)v[args[0]] + args[1], inst->type);
        break;
    case IR_OP_STORE:
        if (!(trap = check(m, (u64)v[args[0]])))
            memcpy(m->memory.bytes + (u64)v[args[0]] + args[2], &v[args[1]], ir_type_info[inst->arg_type].size);
        break;
    case IR_OP_COPY:
    case IR_OP_FILL: {
        u64 to = (u64)v[args[0]], from = inst->op == IR_OP_COPY ? (u64)v[args[1]] : to;
        u32 bytes = inst->op == IR_OP_COPY ? args[2] : args[1];
        if (!memory_contains(&m->memory, from, bytes)) trap = bad_address(from);
        else if (!memory_contains(&m->memory, to, bytes)) trap = bad_address(to);
        else if (inst->op == IR_OP_COPY) memmove(m->memory.bytes + to, m->memory.bytes + from, bytes);
        else memset(m->memory.bytes + to, 0, bytes);
        break;
    }
    case IR_OP_HEAP_ALLOC:
        trap = heap_alloc(&m->heap, (u64)v[args[0]], args[1], &out);
        *result = out;
        break;
    case IR_OP_HEAP_REALLOC:
        trap = heap_realloc(&m->heap, (u64)v[args[0]], (u64)v[args[1]], (u64)v[args[2]], args[3], &out);
        *result = out;
        break;
    case IR_OP_HEAP_FREE: trap = heap_release(&m->heap, (u64)v[args[0]], (u64)v[args[1]]); break;
    case IR_OP_HEAP_COPY: trap = heap_copy(&m->heap, (u64)v[args[0]], (u64)v[args[1]], (u64)v[args[2]], args[3]); break;
    case IR_OP_GUARD: trap = v[args[0]] ? TRAP_NONE : (TrapKind)args[1]; break;
    case IR_OP_CALL: return run_call(m, a, inst, result);
    case IR_OP_PRINT_DATA: trap = print_item(m, m->data_address[args[0]]); break;
    case IR_OP_PRINT_STR: trap = print_item(m, (u64)v[args[0]]); break;
    case IR_OP_PRINT_VALUE: print_number(m, inst->arg_type, v[args[0]]); break;
    case IR_OP_PRINT_CHAR: trap = print_code_point(m, v[args[0]]); break;
    case IR_OP_PRINT_BYTE:
        if ((u64)v[args[0]] > 255) trap = TRAP_PRINT_BYTE;
        else buf_byte(&m->out->output, (u8)v[args[0]]);
        break;
    case IR_OP_STEPS: m->out->steps += args[0]; break;
    case IR_OP_NOP:
    case IR_OP_PARAM:
    case IR_OP_FLUSH:
    case IR_OP_MARK_BLOCK:
    case IR_OP_MARK_INST:
    case IR_OP_MARK_VALUE:
    case IR_OP_COUNT: break;
    }
    return trap == TRAP_NONE || fail(m, trap, inst->site);
}

static void take_edge(const Activation *a, const IrEdge *edge) {
    u128 *copy = calloc(edge->arg_count + 1, sizeof *copy);
    const IrBlock *target = ir_block(a->function, edge->target);
    for (u32 i = 0; i < edge->arg_count; i++) copy[i] = a->values[a->function->lists.items[edge->args + i]];
    for (u32 i = 0; i < edge->arg_count; i++) a->values[a->function->lists.items[target->params + i]] = copy[i];
    free(copy);
}

static const IrEdge *chosen_case(const Activation *a, const IrTerm *term) {
    u8 type = a->function->insts.items[term->value].type;
    u128 selector = eval_wrap128((IrType)type, a->values[term->value]);
    for (u32 i = 0; i < term->case_count; i++) {
        const IrCase *c = &a->function->cases.items[term->first_case + i];
        if (selector == ((u128)c->high << 64 | c->low)) return &c->edge;
    }
    return &term->other;
}

static bool run_blocks(Machine *m, Activation *a, u128 *result) {
    u32 block = 1;
    for (u64 rounds = 0;; rounds++) {
        const IrBlock *b = ir_block(a->function, block);
        for (u32 i = b->first; i; i = ir_inst(a->function, i)->next) {
            u128 value;
            if (!step(m, a, ir_inst(a->function, i), &value)) return false;
            a->values[i] = value;
        }
        if (m->out->steps > m->limit || rounds > m->limit) {
            m->out->gave_up = true;
            return fail(m, TRAP_STEP_LIMIT, 0);
        }
        const IrTerm *term = &b->term;
        const IrEdge *edge = &term->then;
        switch ((IrTermKind)term->kind) {
        case TERM_JUMP: break;
        case TERM_BRANCH: edge = a->values[term->value] ? &term->then : &term->other; break;
        case TERM_SWITCH: edge = chosen_case(a, term); break;
        case TERM_RETURN: *result = term->value ? a->values[term->value] : 0; return true;
        case TERM_NONE: return fail(m, TRAP_UNREACHABLE, term->site);
        case TERM_TRAP: return fail(m, (TrapKind)term->trap, term->site);
        }
        take_edge(a, edge);
        block = edge->target;
    }
}

static bool call(Machine *m, u32 number, const u128 *args, u128 *result) {
    const IrFunction *f = &m->module->functions.items[number];
    Activation a = {.function = f};
    if (++m->depth > DEPTH_MAX) {
        m->out->gave_up = true;
        return fail(m, TRAP_STACK, 0);
    }
    a.values = calloc(f->insts.count, sizeof *a.values);
    a.slots = calloc(f->slots.count + 1, sizeof *a.slots);
    for (u32 i = 0; i < f->param_count; i++) a.values[f->lists.items[f->params + i]] = args[i];
    u64 bytes = 0;
    for (u32 i = 0; i < f->slots.count; i++) {
        u64 align = f->slots.items[i].align ? f->slots.items[i].align : 1;
        bytes = (bytes + align - 1) & ~(align - 1);
        a.slots[i] = bytes;
        bytes += f->slots.items[i].size;
    }
    bytes = (bytes + GUEST_ALIGN - 1) & ~(u64)(GUEST_ALIGN - 1);
    bool done = bytes <= m->memory.stack_end - m->memory.stack_next || memory_push_segment(&m->memory, bytes);
    u64 frame = m->memory.stack_next;
    if (done) {
        memset(m->memory.bytes + frame, 0, bytes);
        m->memory.stack_next += bytes;
        for (u32 i = 0; i < f->slots.count; i++) a.slots[i] += frame;
        done = run_blocks(m, &a, result);
        if (bytes) memory_leave(&m->memory, frame);
    } else {
        fail(m, TRAP_MEMORY, 0);
    }
    free(a.values);
    free(a.slots);
    m->depth--;
    return done;
}

static u8 *data_image(Machine *m, u32 *size) {
    u32 bytes = 0;
    m->data_address = calloc(m->module->data.count + 1, sizeof(u32));
    for (u32 i = 0; i < m->module->data.count; i++) {
        m->data_address[i] = NULL_GUARD + bytes;
        bytes = (bytes + 4 + m->module->data.items[i].len + 3) & ~3u;
    }
    u8 *image = calloc(bytes + 1, 1);
    for (u32 i = 0; i < m->module->data.count; i++) {
        Str item = m->module->data.items[i];
        memcpy(image + m->data_address[i] - NULL_GUARD, &item.len, 4);
        if (item.len) memcpy(image + m->data_address[i] - NULL_GUARD + 4, item.data, item.len);
    }
    *size = bytes;
    return image;
}

void reference_run(const IrModule *module, u64 step_limit, Reference *out) {
    Machine m = {.module = module, .out = out, .limit = step_limit};
    *out = (Reference){.trap = TRAP_NONE};
    buf_init(&out->output, 0);
    u32 size;
    u8 *image = data_image(&m, &size);
    if (!memory_init(&m.memory, image, size, 256u << 20)) abort();
    heap_init(&m.heap, &m.memory);
    u128 result = 0;
    if (call(&m, module->entry, NULL, &result)) out->result = (u64)result;
    heap_free_all(&m.heap);
    memory_free(&m.memory);
    free(image);
    free(m.data_address);
}

void reference_free(Reference *reference) { buf_free(&reference->output); }
