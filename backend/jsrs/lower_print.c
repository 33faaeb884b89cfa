// The print builtins (spec 11.2, 12): templates and tags are constants, so a print call becomes pieces of text and typed values.
#include "jsrs/lower_internal.h"

static void add_text(Body *body, Str text) {
    Lowering *l = body->l;
    if (text.len == 0 || !vec_reserve(&l->body, &l->text, text.len)) return;
    mem_copy(l->text.items + l->text.count, text.data, text.len);
    l->text.count += text.len;
}

// The text gathered so far as a data item; NO_INDEX when there is none, or memory is out.
static u32 take_text(Body *body) {
    Lowering *l = body->l;
    u32 count = l->text.count;
    u8 *kept = count ? arena_new(l->out->arena, u8, count) : NULL;
    if (!kept) return NO_INDEX;
    mem_copy(kept, l->text.items, count);
    l->text.count = 0;
    return ir_add_data(l->out, (Str){kept, count});
}

static void print_data(Body *body, u32 item) {
    if (item != NO_INDEX) ir_emit(&body->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, item, 0, 0, 0);
}

static void begin_print(Body *body) {
    body->l->text.items = NULL; // the body's arena was rewound since the last one
    body->l->text.count = body->l->text.capacity = 0;
}

static void end_print(Body *body) { ir_emit(&body->b, IR_OP_FLUSH, IR_VOID, IR_VOID, 0, 0, 0, 0); }

IrValue emit_literal(Body *body, u32 literal) {
    Lowering *l = body->l;
    u32 item = map_get(&l->literal_data, literal);
    if (item == MAP_NONE) {
        item = ir_add_data(l->out, l->m->literals.items[literal]);
        if (!map_set(l->arena, &l->literal_data, literal, item)) return 0;
    }
    return ir_emit(&body->b, IR_OP_DATA_ADDR, IR_PTR, IR_VOID, item, 0, 0, 0);
}

static void guard(Body *body, IrValue condition, TrapKind kind) {
    ir_emit(&body->b, IR_OP_GUARD, IR_VOID, IR_VOID, condition, kind, 0, 0);
}

// `v` in 0..most, else a trap.
static void guard_range(Body *body, IrValue v, IrType type, i64 most, TrapKind kind) {
    if (ir_is_signed(type)) guard(body, ir_compare(&body->b, IR_OP_GE, type, v, ir_const(&body->b, type, 0)), kind);
    guard(body, ir_compare(&body->b, IR_OP_LE, type, v, ir_const(&body->b, type, most)), kind);
}

static void print_char(Body *body, u32 value, IrType type) {
    IrValue v = value_as_scalar(body, value, type);
    // Narrower and negative ones stay what they are or become too large in u32; wider ones could come back into range.
    if (ir_bits(type) > 32) guard_range(body, v, type, 0x10ffff, TRAP_PRINT_CHAR);
    ir_emit(&body->b, IR_OP_PRINT_CHAR, IR_VOID, IR_U32, value_converted(body, v, type, IR_U32), 0, 0, 0);
}

enum { FORMAT_STRING, FORMAT_INT, FORMAT_FLOAT, FORMAT_BOOL, FORMAT_CHAR };

static void print_tagged(Body *body, i64 tag, u32 value) {
    const TyNode *node = body_node(body, value);
    IrType type = value_scalar(body, value);
    if (tag == FORMAT_STRING && node->kind == TY_PTR && node->row == ROW_STRING)
        ir_emit(&body->b, IR_OP_PRINT_STR, IR_VOID, IR_PTR, value_address(body, value), 0, 0, 0);
    else if ((tag == FORMAT_INT && ir_is_int(type)) || (tag == FORMAT_FLOAT && ir_is_float(type)) ||
             (tag == FORMAT_BOOL && type == IR_BOOL))
        ir_emit(&body->b, IR_OP_PRINT_VALUE, IR_VOID, type, value_as_scalar(body, value, type), 0, 0, 0);
    else if (tag == FORMAT_CHAR && ir_is_int(type)) print_char(body, value, type);
    else emit_trap(body, TRAP_FORMAT_VALUE);
}

// A template is taken apart once, however many calls print by it: the number of its holes, then data items and holes in their
// order, then how it ends.
enum { PIECE_HOLE = NO_INDEX, PIECE_END = NO_INDEX - 1, PIECE_FAULT = NO_INDEX - 2 };

static bool add_piece(Body *body, u32 piece) { return vec_push(body->l->arena, &body->l->pieces, piece); }

static bool add_text_piece(Body *body) { return body->l->text.count == 0 || add_piece(body, take_text(body)); }

static bool take_apart(Body *body, Str text, bool newline) {
    u32 start = body->l->pieces.count, holes = 0, end = PIECE_END;
    begin_print(body);
    if (!add_piece(body, 0)) return false;
    for (u32 i = 0; i < text.len && end == PIECE_END; i++) {
        u8 c = text.data[i], after = i + 1 < text.len ? text.data[i + 1] : 0;
        bool brace = c == '{' || c == '}';
        if (!brace || c == after) {
            add_text(body, (Str){text.data + i, 1});
            i += brace;
        } else if (c == '{' && after == '}') {
            if (!add_text_piece(body) || !add_piece(body, PIECE_HOLE)) return false;
            holes++;
            i++;
        } else {
            end = PIECE_FAULT;
        }
    }
    if (newline && end == PIECE_END) add_text(body, STR("\n"));
    if (!add_text_piece(body) || !add_piece(body, end)) return false;
    body->l->pieces.items[start] = holes;
    return true;
}

// The pieces of the literal that the operand is; NULL if it is none, or memory is out.
static const u32 *template_pieces(Body *body, u32 value, bool newline) {
    Lowering *l = body->l;
    const JsrsInst *inst = body_definition(body, value);
    if (!inst || inst->op != JSRS_SCONST) return NULL;
    u64 key = (u64)inst->number << 1 | newline;
    u32 start = map_get(&l->templates, key);
    if (start == MAP_NONE) {
        start = l->pieces.count;
        if (!take_apart(body, l->m->literals.items[inst->number], newline) ||
            !map_set(l->arena, &l->templates, key, start))
            return NULL;
    }
    return l->pieces.items + start;
}

// False: the template does not fit the pairs. What stands before the fault is printed.
static bool print_pieces(Body *body, const u32 *piece, const u32 *pairs, u32 pair_count) {
    u32 next = 0;
    for (; *piece < PIECE_FAULT || *piece == PIECE_HOLE; piece++) {
        i64 tag;
        if (*piece != PIECE_HOLE) {
            print_data(body, *piece);
            continue;
        }
        if (next == pair_count || !body_constant(body, pairs[2 * next], &tag)) return false;
        print_tagged(body, tag, pairs[2 * next + 1]);
        next++;
    }
    return *piece == PIECE_END && next == pair_count;
}

void emit_print_format(Body *body, const u32 *args, u32 count, bool newline) {
    const u32 *pieces = count % 2 == 1 ? template_pieces(body, args[0], newline) : NULL;
    // Nothing is printed behind the place where values are missing or left over, no end of a line either.
    if (pieces && newline && pieces[0] != count / 2) pieces = template_pieces(body, args[0], false);
    if (!pieces || !print_pieces(body, pieces + 1, args + 1, count / 2)) emit_trap(body, TRAP_FORMAT);
    end_print(body);
}

void emit_print_bytes(Body *body, const u32 *args, u32 count, bool newline) {
    begin_print(body);
    for (u32 i = 0; i < count; i++) {
        i64 constant;
        if (body_constant(body, args[i], &constant) && constant >= 0 && constant <= 255) {
            u8 byte = (u8)constant;
            add_text(body, (Str){&byte, 1});
            continue;
        }
        print_data(body, take_text(body));
        IrType type = value_scalar(body, args[i]);
        if (!ir_is_int(type) && type != IR_BOOL) {
            emit_trap(body, TRAP_PRINT_BYTE);
            continue;
        }
        IrValue v = value_as_scalar(body, args[i], type);
        if (ir_bits(type) > 64) guard_range(body, v, type, 255, TRAP_PRINT_BYTE);
        ir_emit(&body->b, IR_OP_PRINT_BYTE, IR_VOID, IR_I64, value_converted(body, v, type, IR_I64), 0, 0, 0);
    }
    if (newline) add_text(body, STR("\n"));
    print_data(body, take_text(body));
    end_print(body);
}
