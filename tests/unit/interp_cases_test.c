// Every operation on every type through the interpreter, against the same table of Rust's results as ir_eval_test.c; with
// each operand once in a register and once as a constant, comparisons also as branches.
#include "check.h"

#include "interp/run.h"
#include "ir/build.h"
#include "ir/eval.h"
#include "ir_case_words.h"

static const char *const cases[] = {
#include "ir_eval_cases.inc"
};

typedef struct Case {
    IrOp op;
    IrType type, from; // from: CONVERT
    u128 a, b, want;
    bool binary;
    TrapKind trap;
} Case;

static Case parse(const char *text) {
    char op_text[16], type_text[16], from_text[16], words[4][48] = {{0}};
    next_word(&text, op_text);
    next_word(&text, type_text);
    Case c = {.op = op_named(op_text), .type = type_named(type_text)};
    c.from = c.type;
    if (c.op == IR_OP_CONVERT) next_word(&text, from_text), c.from = type_named(from_text);
    for (u32 i = 0; i < 4 && *text; i++) next_word(&text, words[i]);
    c.binary = words[1][0] != '=';
    const char *want = words[c.binary ? 3 : 2];
    c.a = value_of(c.from, words[0]);
    c.b = c.binary ? value_of(c.type, words[1]) : 0;
    c.trap = trap_named(want);
    c.want = c.trap ? 0 : value_of(ir_op_info[c.op].result == 'B' ? IR_BOOL : c.type, want);
    return c;
}

static IrValue constant(IrBuilder *b, IrType type, u128 bits) {
    return ir_const128(b, type, (u64)bits, (u64)(bits >> 64));
}

// Floats are compared by their bits.
static IrValue as_integer(IrBuilder *b, IrType type, IrValue value, IrType *out) {
    *out = type == IR_F64 ? IR_U64 : type == IR_F32 ? IR_U32 : type;
    return *out == type ? value : ir_emit(b, IR_OP_BITCAST, *out, type, value, 0, 0, 0);
}

// fn(a, b) -> whether the operation gives what it should. Bits of `form`: operands that are constants.
static u32 add_form(IrModule *module, const Case *c, u32 form, bool branch) {
    IrBuilder b;
    ir_begin(&b, module, ir_add_function(module, STR("form"), NO_INDEX, IR_BOOL));
    u32 number = b.function_number;
    IrValue a_param = ir_function_param(&b, c->from), b_param = ir_function_param(&b, c->type);
    ir_at(&b, ir_add_block(&b, 0));
    IrValue a = form & 1 ? constant(&b, c->from, c->a) : a_param, y = form & 2 ? constant(&b, c->type, c->b) : b_param,
            r;
    bool compare = ir_op_info[c->op].result == 'B';
    IrType type = compare ? IR_BOOL : c->type;
    if (compare) r = ir_compare(&b, c->op, c->type, a, y);
    else if (c->op == IR_OP_CONVERT) r = ir_emit(&b, IR_OP_CONVERT, c->type, c->from, a, 0, 0, 0);
    else if (c->op == IR_OP_NEG) r = ir_emit(&b, IR_OP_NEG, c->type, c->type, a, 0, 0, 0);
    else r = ir_binary(&b, c->op, c->type, a, y);
    if (branch) {
        IrBlockId yes = ir_add_block(&b, 1), no = ir_add_block(&b, 2);
        ir_branch(&b, r, ir_edge(&b, yes, NULL, 0), ir_edge(&b, no, NULL, 0));
        ir_at(&b, yes);
        ir_return(&b, ir_const(&b, IR_BOOL, c->want ? 1 : 0));
        ir_at(&b, no);
        ir_return(&b, ir_const(&b, IR_BOOL, c->want ? 0 : 1));
        return number;
    }
    IrType bits;
    IrValue got = as_integer(&b, type, r, &bits);
    ir_return(&b, ir_compare(&b, IR_OP_EQ, bits, got, constant(&b, bits, c->want)));
    return number;
}

static void add_main(IrModule *module, const Case *c, u32 form) {
    IrBuilder b;
    ir_begin(&b, module, module->entry);
    ir_at(&b, ir_add_block(&b, 0));
    IrValue args[] = {constant(&b, c->from, c->a), constant(&b, c->type, c->b)};
    IrValue ok = ir_call(&b, IR_BOOL, form, args, 2);
    ir_return(&b, ir_convert(&b, IR_I64, IR_BOOL, ok));
}

static bool run_form(const Case *c, u32 form, bool branch) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    Error error = {0};
    ir_module_init(&module, &arena);
    module.entry = ir_add_function(&module, STR("main"), NO_INDEX, IR_I64);
    module.entry_type = IR_I64;
    add_main(&module, c, add_form(&module, c, form, branch));
    Program *program = interp_translate(&arena, &module, false, &error);
    Run *run = program ? run_start(program, &(RunLimits){0}, NULL, &error) : NULL;
    bool good = false;
    if (run) {
        i64 value;
        RunState state = run_resume(run, 0);
        run_exit_value(run, &value);
        good = c->trap ? state == RUN_TRAPPED && run_trap(run) == c->trap : state == RUN_DONE && value == 1;
        run_free(run);
    }
    arena_free(&arena);
    return good;
}

int main(void) {
    for (u32 i = 0; i < countof(cases); i++) {
        Case c = parse(cases[i]);
        bool compare = ir_op_info[c.op].result == 'B';
        for (u32 form = 0; form < (c.binary ? 4u : 2u); form++) {
            if (!CHECK(run_form(&c, form, false))) fprintf(stderr, "  form %u of %s\n", form, cases[i]);
            if (compare && !CHECK(run_form(&c, form, true)))
                fprintf(stderr, "  branch, form %u of %s\n", form, cases[i]);
        }
    }
    return CHECK_DONE();
}
