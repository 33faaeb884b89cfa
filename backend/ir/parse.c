// Text to IR: reads the form of text.h into a module, hostile bytes included. The result is whole in the sense of
// build.h; whether it keeps the rules is the verifier's business.
#include "ir/build.h"
#include "ir/eval.h"
#include "ir/lex.h"
#include "ir/text.h"
#include "support/text.h"

// Numbers in the text become array places, so a short text may not name high ones.
enum { PLACES_PER_BYTE = 16, PLACES_FREE = 1024 };

typedef struct Parser {
    IrLexer lexer;
    IrBuilder b;
    Arena *arena;
    u64 places_left; // values and blocks that the rest of the text may still have
    VEC(u32) values; // the list being read
} Parser;

static bool failed(const Parser *p) { return p->lexer.error->code != ERR_OK; }
static bool fail(Parser *p, const char *what) { return lex_fail(&p->lexer, what); }
static bool accept(Parser *p, const char *text) { return lex_accept(&p->lexer, text); }
static bool expect(Parser *p, const char *text) { return lex_expect(&p->lexer, text); }

// Memory is checked for after every item, so that nothing indexes what could not be made.
static bool check_memory(Parser *p) { return !p->arena->failed || error_out_of_memory(p->lexer.error); }

static u32 number_after(Parser *p, const char *word, u32 otherwise) {
    return accept(p, word) ? lex_number(&p->lexer) : otherwise;
}

static bool spend_places(Parser *p, u32 count) {
    if (count > p->places_left) return fail(p, "number too high for so short a text");
    p->places_left -= count;
    return true;
}

static IrType take_type(Parser *p) {
    for (u32 t = 0; t < IR_TYPE_COUNT; t++)
        if (accept(p, ir_type_info[t].text)) return (IrType)t;
    fail(p, "expected a type");
    return IR_VOID;
}

// A value that the function has room for.
static IrValue take_value(Parser *p) {
    IrValue value = lex_ref(&p->lexer, "v");
    if (!failed(p) && (value == 0 || value >= p->b.function->insts.count)) fail(p, "values start at v1");
    return failed(p) ? 0 : value;
}

static void take_values(Parser *p, u32 *out, u32 count) {
    for (u32 i = 0; i < count; i++) {
        if (i) expect(p, ",");
        out[i] = take_value(p);
    }
}

// (v1, v2) into the function's lists.
static void take_list(Parser *p, u32 *start, u32 *count) {
    p->values.count = 0;
    expect(p, "(");
    while (!failed(p) && !accept(p, ")")) {
        if (p->values.count) expect(p, ",");
        IrValue value = take_value(p);
        if (!vec_push(p->arena, &p->values, value)) break;
    }
    *start = ir_list(p->b.module, p->b.function, p->values.items, p->values.count);
    *count = check_memory(p) ? p->values.count : 0;
}

static TrapKind take_trap(Parser *p) {
    for (u32 kind = 1; kind < TRAP_COUNT; kind++)
        if (accept(p, trap_name(kind))) return (TrapKind)kind;
    fail(p, "expected a trap kind");
    return TRAP_UNREACHABLE;
}

static u32 take_site(Parser *p) { return number_after(p, "@", 0); }

static u32 take_offset(Parser *p) { return number_after(p, "+", 0); }

static u32 take_next_number(Parser *p) { return expect(p, ",") ? lex_number(&p->lexer) : 0; }

// ---- constants ----

static u64 take_float(Parser *p, IrType type) {
    if (accept(p, "NaN"))
        return type == IR_F32 ? eval_result_f32(__builtin_nanf("")) : eval_result_f64(__builtin_nan(""));
    Str token = lex_token(&p->lexer);
    if (token.len > 1 && token.data[0] == '0' && token.data[1] == 'x') return eval_wrap(type, lex_hex(&p->lexer));
    f32 narrow = 0;
    f64 value = 0;
    bool ok = p->lexer.kind == TOKEN_NUMBER || (p->lexer.kind == TOKEN_WORD && token.data[0] == 'i');
    ok = ok && (type == IR_F32 ? text_to_f32(token, &narrow) : text_to_f64(token, &value));
    if (!ok) return fail(p, "expected a number");
    lex_next(&p->lexer);
    return type == IR_F32 ? eval_bits_of_f32(narrow) : eval_bits_of_f64(value);
}

static bool take_bool(Parser *p) {
    if (accept(p, "true")) return true;
    expect(p, "false");
    return false;
}

static u128 take_const(Parser *p, IrType type) {
    if (type == IR_BOOL) return take_bool(p);
    if (type == IR_PTR && accept(p, "null")) return 0;
    if (type == IR_VOID) return fail(p, "a constant needs a type");
    if (ir_is_float(type)) return take_float(p, type);
    return lex_integer(&p->lexer, ir_is_signed(type), ir_bits(type));
}

// ---- instructions ----

static u32 op_named(Parser *p) {
    for (u32 op = IR_OP_PARAM + 1; op < IR_OP_COUNT; op++)
        if (accept(p, ir_op_text(op))) return op;
    if (accept(p, "const")) return IR_OP_CONST;
    fail(p, "expected an operation");
    return IR_OP_NOP;
}

static void take_const_args(Parser *p, IrInst *inst) {
    inst->type = (u8)take_type(p);
    ir_set_const_bits(inst, take_const(p, (IrType)inst->type));
}

static void take_call(Parser *p, IrInst *inst) {
    inst->type = (u8)take_type(p);
    inst->args[0] = lex_ref(&p->lexer, "fn");
    take_list(p, &inst->args[1], &inst->args[2]);
}

static void take_store(Parser *p, IrInst *inst) {
    inst->arg_type = (u8)take_type(p);
    inst->args[0] = take_value(p);
    inst->args[2] = take_offset(p);
    expect(p, ",");
    inst->args[1] = take_value(p);
}

// neg, convert and print spell a type; the other operations of this shape take one type only, which the operand has.
static void take_unary(Parser *p, IrInst *inst, char result) {
    if (result == 'T' || inst->op == IR_OP_PRINT_VALUE) inst->type = inst->arg_type = (u8)take_type(p);
    inst->args[0] = take_value(p);
    if (inst->op == IR_OP_CONVERT || inst->op == IR_OP_BITCAST)
        inst->arg_type = expect(p, "from") ? (u8)take_type(p) : 0;
    if (inst->op == IR_OP_PRINT_STR) inst->arg_type = IR_PTR;
    if (inst->op == IR_OP_PRINT_CHAR) inst->arg_type = IR_U32;
    if (inst->op == IR_OP_PRINT_BYTE) inst->arg_type = IR_I64;
}

// Everything after the operation's name. Fields stay in the order of the text; ops.def says where they go.
static void take_operands(Parser *p, IrInst *inst) {
    const IrOpInfo *info = &ir_op_info[inst->op];
    u32 *args = inst->args, values = ir_shape_operands[info->shape];
    switch (info->shape) {
    case SHAPE_NONE:
    case SHAPE_PARAM: return;
    case SHAPE_CONST: take_const_args(p, inst); return;
    case SHAPE_CALL: take_call(p, inst); return;
    case SHAPE_STORE: take_store(p, inst); return;
    case SHAPE_V: take_unary(p, inst, info->result); return;
    case SHAPE_SLOT:
    case SHAPE_DATA:
    case SHAPE_COUNT:
    case SHAPE_SITE: args[0] = lex_number(&p->lexer); return;
    case SHAPE_VV:
    case SHAPE_VVV:
    case SHAPE_LOAD:
    case SHAPE_MARK: inst->type = inst->arg_type = (u8)take_type(p); break;
    default: break;
    }
    take_values(p, args, values);
    switch (info->shape) {
    case SHAPE_LOAD: inst->arg_type = IR_PTR, args[1] = take_offset(p); break;
    case SHAPE_FIELD: args[1] = take_offset(p); break;
    case SHAPE_FILL:
    case SHAPE_ALLOC:
    case SHAPE_MARK: args[1] = take_next_number(p); break;
    case SHAPE_COPY: args[2] = take_next_number(p); break;
    case SHAPE_INDEX: args[2] = take_next_number(p), args[3] = take_next_number(p); break;
    case SHAPE_REALLOC:
    case SHAPE_HEAPCOPY: args[3] = take_next_number(p); break;
    case SHAPE_GUARD: args[1] = expect(p, ",") ? take_trap(p) : 0; break;
    default: break;
    }
}

// Puts an instruction in the place that its number in the text names.
static bool define(Parser *p, IrValue value, IrInst inst) {
    if (failed(p)) return false;
    IrInst *place = ir_inst(p->b.function, value);
    if (place->op != IR_OP_NOP) return fail(p, "value defined twice before this");
    *place = inst;
    return true;
}

static void append_at(Parser *p, IrValue value, IrInst inst) {
    IrFunction *function = p->b.function;
    IrBlock *block = ir_block(function, p->b.block);
    inst.block = p->b.block;
    inst.prev = block->last;
    if (!define(p, value, inst)) return;
    if (block->last) ir_inst(function, block->last)->next = value;
    else block->first = value;
    block->last = value;
}

static void take_inst(Parser *p) {
    IrValue value = 0;
    if (lex_is_ref(&p->lexer, "v")) {
        value = take_value(p);
        expect(p, "=");
    }
    IrInst inst = {.op = (u8)op_named(p)};
    take_operands(p, &inst);
    char result = ir_op_info[inst.op].result;
    if (result != 'T') inst.type = result == 'B' ? IR_BOOL : result == 'P' ? IR_PTR : IR_VOID;
    p->b.module->moves_rows |= inst.op == IR_OP_PTR_MOVE;
    if (accept(p, "in_bounds")) inst.flags |= INST_IN_BOUNDS;
    if (accept(p, "not_null")) inst.flags |= INST_NOT_NULL;
    if (accept(p, "not_negative")) inst.flags |= INST_NOT_NEGATIVE;
    inst.site = take_site(p);
    if (failed(p)) return;
    if ((value != 0) != (inst.type != IR_VOID))
        fail(p, value ? "no result to name before this" : "result without a name before this");
    else if (value) append_at(p, value, inst);
    else ir_append(p->b.module, p->b.function, p->b.block, &inst);
    check_memory(p);
}

// ---- terminators ----

static IrEdge take_edge(Parser *p) {
    IrEdge edge = {.target = lex_ref(&p->lexer, "block")};
    take_list(p, &edge.args, &edge.arg_count);
    return edge;
}

static void take_cases(Parser *p, IrType type) {
    while (accept(p, "case")) {
        u128 bits = take_const(p, type);
        expect(p, ":");
        IrEdge edge = take_edge(p);
        ir_case(&p->b, (u64)bits, (u64)(bits >> 64), edge);
        if (!check_memory(p)) return;
    }
}

static void take_switch(Parser *p) {
    IrType type = take_type(p);
    if (!failed(p) && !ir_is_int(type)) fail(p, "a selector is an integer");
    IrValue selector = take_value(p);
    expect(p, ",");
    IrEdge other = take_edge(p);
    p->b.site = take_site(p);
    if (failed(p)) return;
    ir_switch(&p->b, selector, other);
    take_cases(p, type);
}

// False when the current token starts no terminator.
static bool take_term(Parser *p) {
    IrTerm term = {0};
    if (accept(p, "switch")) return take_switch(p), true;
    if (accept(p, "jump")) {
        term.kind = TERM_JUMP, term.then = take_edge(p);
    } else if (accept(p, "branch")) {
        term.kind = TERM_BRANCH, term.value = take_value(p);
        expect(p, ",");
        term.then = take_edge(p);
        expect(p, ",");
        term.other = take_edge(p);
    } else if (accept(p, "return")) {
        term.kind = TERM_RETURN, term.value = lex_is_ref(&p->lexer, "v") ? take_value(p) : 0;
    } else if (accept(p, "trap")) {
        term.kind = TERM_TRAP, term.trap = (u8)take_trap(p);
    } else {
        return false;
    }
    term.site = take_site(p);
    if (!failed(p)) ir_block(p->b.function, p->b.block)->term = term;
    return true;
}

// ---- blocks and functions ----

// (v1 i32, v2 f64): defines the parameters of the function (block 0) or of a block.
static void take_params(Parser *p, IrBlockId block, u32 *start, u32 *count) {
    p->values.count = 0;
    if (!accept(p, "(")) return;
    do {
        IrValue value = take_value(p);
        IrInst inst = {.op = IR_OP_PARAM, .type = (u8)take_type(p), .args = {p->values.count}, .block = block};
        if (!define(p, value, inst) || !vec_push(p->arena, &p->values, value)) break;
    } while (accept(p, ","));
    expect(p, ")");
    u32 list = ir_list(p->b.module, p->b.function, p->values.items, p->values.count);
    if (check_memory(p) && !failed(p)) *start = list, *count = p->values.count;
}

static void take_block(Parser *p) {
    IrBlockId id = lex_ref(&p->lexer, "block");
    u32 blocks = p->b.function->blocks.count, params = 0, param_count = 0;
    if (failed(p)) return;
    if (id < blocks) fail(p, "blocks start at block1 and stand in order");
    else if (spend_places(p, id - blocks + 1))
        while (p->b.function->blocks.count <= id && check_memory(p)) ir_add_block(&p->b, 0);
    if (failed(p)) return;
    ir_at(&p->b, id);
    take_params(p, id, &params, &param_count);
    IrBlock *block = ir_block(p->b.function, id);
    block->params = params, block->param_count = param_count;
    block->source = number_after(p, "source", 0);
    expect(p, ":");
    while (!failed(p) && !lex_is_ref(&p->lexer, "block") && p->lexer.kind == TOKEN_WORD)
        if (take_term(p)) return;
        else take_inst(p);
}

// Room for every value that the function's text names, so that each keeps its number; instructions without a result
// come after them.
static void make_places(Parser *p) {
    IrLexer ahead = p->lexer;
    u32 highest = 0;
    for (; ahead.kind != TOKEN_END && !(ahead.kind == TOKEN_PUNCT && ahead.text.data[ahead.at] == '}');) {
        if (!lex_is_ref(&ahead, "v")) {
            lex_next(&ahead);
            continue;
        }
        u32 value = lex_ref(&ahead, "v");
        if (value > highest) highest = value;
    }
    if (failed(p) || !spend_places(p, highest)) return;
    IrFunction *function = p->b.function;
    if (!vec_reserve(p->arena, &function->insts, highest)) {
        check_memory(p);
        return;
    }
    mem_zero(function->insts.items + function->insts.count, highest * sizeof(IrInst));
    function->insts.count += highest;
}

static void take_slot(Parser *p, u32 number) {
    if (lex_number(&p->lexer) != number) fail(p, "slots start at 0 and stand in order");
    expect(p, "=");
    u32 size = lex_number(&p->lexer);
    expect(p, "align");
    u32 align = lex_number(&p->lexer);
    bool no_zero = accept(p, "no_zero");
    if (!failed(p)) ir_add_slot(&p->b, size, align);
    if (check_memory(p) && !failed(p)) p->b.function->slots.items[number].no_zero = no_zero;
}

static void take_function(Parser *p, IrModule *module) {
    if (lex_number(&p->lexer) != module->functions.count) fail(p, "functions start at 1 and stand in order");
    Str name = lex_string(&p->lexer, p->arena);
    u32 number = failed(p) ? 0 : ir_add_function(module, name, NO_INDEX, IR_VOID);
    if (!check_memory(p) || failed(p)) return;
    ir_begin(&p->b, module, number);
    make_places(p);
    take_params(p, 0, &p->b.function->params, &p->b.function->param_count);
    expect(p, "->");
    p->b.function->result = take_type(p);
    p->b.function->source = number_after(p, "source", NO_INDEX);
    expect(p, "{");
    for (u32 i = 0; accept(p, "slot"); i++) take_slot(p, i);
    while (!failed(p) && !accept(p, "}")) take_block(p);
}

// ---- module ----

static void take_site_row(Parser *p, IrModule *module) {
    IrSite site = {.instruction = NO_INDEX};
    if (lex_number(&p->lexer) != module->sites.count) fail(p, "sites start at 1 and stand in order");
    expect(p, "=");
    site.function = lex_number(&p->lexer);
    expect(p, ":");
    site.block = lex_number(&p->lexer);
    expect(p, ":");
    if (!accept(p, "head")) site.instruction = lex_number(&p->lexer);
    site.offset = number_after(p, "offset", NO_OFFSET);
    site.source = number_after(p, "number", 0);
    site.inlined_at = number_after(p, "inlined", 0);
    if (!failed(p)) ir_add_site(module, site);
}

static Str take_string_row(Parser *p, u32 number) {
    if (lex_number(&p->lexer) != number) fail(p, "these start at 0 and stand in order");
    expect(p, "=");
    return lex_string(&p->lexer, p->arena);
}

static void take_row(Parser *p, IrModule *module) {
    if (accept(p, "entry")) {
        module->entry = lex_number(&p->lexer);
        expect(p, "->");
        module->entry_type = take_type(p);
    } else if (accept(p, "data")) {
        Str bytes = take_string_row(p, module->data.count);
        if (!failed(p)) ir_add_data(module, bytes);
    } else if (accept(p, "source")) {
        Str name = take_string_row(p, module->source_names.count);
        if (!failed(p) && !vec_push(p->arena, &module->source_names, name)) return;
    } else if (accept(p, "site")) {
        take_site_row(p, module);
    } else if (accept(p, "fn")) {
        take_function(p, module);
    } else {
        fail(p, "expected entry, data, source, site or fn");
    }
}

bool ir_parse(IrModule *module, Arena *arena, Str text, Error *error) {
    Parser p = {.arena = arena, .places_left = (u64)text.len * PLACES_PER_BYTE + PLACES_FREE};
    ir_module_init(module, arena);
    lex_start(&p.lexer, text, error);
    while (check_memory(&p) && p.lexer.kind != TOKEN_END) take_row(&p, module);
    return !failed(&p);
}
