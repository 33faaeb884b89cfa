// What the verifier refuses (ir/verify.h): broken rules that text can write, one row each, and broken lists that only
// a pass could leave behind.
#include "check.h"

#include "ir/build.h"
#include "ir/text.h"
#include "ir/verify.h"

// ---- rules that text can break ----

// Every body stands in this function; fn 2 and 3, data 0, slot 0 and site 1 are there to be used.
#define BEFORE                                                                                                  \
    "data 0 = \"d\"\nsite 1 = 0:0:0\n"                                                                          \
    "fn 1 \"f\"(v1 i32, v2 i64, v3 f64, v4 bool, v5 ptr, v6 u8, v7 u32, v8 i128) -> i32 {\n  slot 0 = 8 align " \
    "8\nblock1:\n"
#define AFTER                                                                                                 \
    "}\nfn 2 \"two\"(v1 i32, v2 f64) -> i32 {\nblock1:\n  return v1\n}\nfn 3 \"none\" -> void {\nblock1:\n  " \
    "return\n}\n"

typedef struct Rule {
    const char *body;
    const char *message; // NULL = allowed
} Rule;

static const Rule rules[] = {
    {"return v1", NULL},
    // types of operations
    {"v9 = and bool v4, v4 return v1", NULL},
    {"v9 = shr i128 v8, v8 return v1", NULL},
    {"v9 = add ptr v5, v5 return v1", "operation does not exist for this type"},
    {"v9 = add bool v4, v4 return v1", "operation does not exist for this type"},
    {"v9 = rem f64 v3, v3 return v1", "operation does not exist for this type"},
    {"v9 = and f64 v3, v3 return v1", "operation does not exist for this type"},
    {"v9 = shl bool v4, v4 return v1", "operation does not exist for this type"},
    {"v9 = neg bool v4 return v1", "operation does not exist for this type"},
    {"v9 = add i64 v2, v1 return v1", "operand of a wrong type"},
    {"v9 = shl i64 v2, v1 return v1", "operand of a wrong type"},
    {"v9 = neg i64 v1 return v1", "operand of a wrong type"},
    {"v9 = eq ptr v5, v5 v10 = ne bool v4, v4 v11 = lt bool v4, v4 return v1", NULL},
    {"v9 = lt ptr v5, v5 return v1", "comparison does not exist for this type"},
    {"v9 = eq void v5, v5 return v1", "comparison does not exist for this type"},
    {"v9 = eq i64 v2, v1 return v1", "operand of a wrong type"},
    {"v9 = convert i128 v4 from bool v10 = convert bool v1 from i32 v11 = convert f32 v3 from f64 return v1", NULL},
    {"v9 = convert bool v3 from f64 return v1", "conversion does not exist for these types"},
    {"v9 = convert i64 v5 from ptr return v1", "conversion does not exist for these types"},
    {"v9 = convert ptr v2 from i64 return v1", "conversion does not exist for these types"},
    {"v9 = convert i64 v2 from i32 return v1", "operand of a wrong type"},
    {"v9 = bitcast u64 v5 from ptr v10 = bitcast f64 v2 from i64 v11 = bitcast i8 v4 from bool return v1", NULL},
    {"v9 = bitcast i64 v1 from i32 return v1", "bitcast changes the size"},
    {"v9 = bitcast bool v6 from u8 return v1", "bitcast to bool"},
    {"v9 = select i64 v4, v2, v2 return v1", NULL},
    {"v9 = select i64 v1, v2, v2 return v1", "operand of a wrong type"},
    {"v9 = select i64 v4, v2, v1 return v1", "operand of a wrong type"},
    // addresses and memory
    {"v9 = slot 1 return v1", "slot out of range"},
    {"v9 = data 1 return v1", "data item out of range"},
    {"print_data 1 return v1", "data item out of range"},
    {"v9 = field v2 return v1", "operand of a wrong type"},
    {"v9 = index v5, v2, 4, 0 return v1", NULL},
    {"v9 = index v5, v1, 4, 0 return v1", "count or index is neither i64 nor u64"},
    {"v9 = index v2, v2, 4, 0 return v1", "operand of a wrong type"},
    {"v9 = ptr_move v5, v7 return v1", "count or index is neither i64 nor u64"},
    {"v9 = load i32 v2 return v1", "operand of a wrong type"},
    {"store i32 v5, v2 return v1", "operand of a wrong type"},
    {"store i32 v2, v1 return v1", "operand of a wrong type"},
    {"store void v5, v1 return v1", "load or store without a type"},
    {"copy v5, v2, 8 return v1", "operand of a wrong type"},
    {"zero v2, 8 return v1", "operand of a wrong type"},
    {"v9 = heap_alloc v1, 8 return v1", "count or index is neither i64 nor u64"},
    {"v9 = heap_realloc v5, v2, v1, 8 return v1", "count or index is neither i64 nor u64"},
    {"heap_free v5, v1 return v1", "count or index is neither i64 nor u64"},
    {"heap_copy v5, v2, v2, 8 return v1", "operand of a wrong type"},
    // effects
    {"guard v1, BOUNDS return v1", "operand of a wrong type"},
    {"print ptr v5 return v1", "a value of this type has no text"},
    {"print i64 v1 return v1", "operand of a wrong type"},
    {"print_str v2 return v1", "operand of a wrong type"},
    {"print_char v1 return v1", "operand of a wrong type"},
    {"print_byte v1 return v1", "operand of a wrong type"},
    {"mark_block 2 return v1", "site out of range"},
    {"mark_value i64 v1, 0 return v1", "operand of a wrong type"},
    {"flush @2 return v1", "site out of range"},
    {"return v1 @2", "site out of range"},
    // calls
    {"v9 = call i32 fn2(v1, v3) call void fn3() return v1", NULL},
    {"call void fn4() return v1", "call of no function"},
    {"call void fn0() return v1", "call of no function"},
    {"v9 = call i64 fn2(v1, v3) return v1", "call's type is not the callee's result type"},
    {"v9 = call i32 fn2(v1) return v1", "wrong number of arguments"},
    {"v9 = call i32 fn2(v3, v1) return v1", "argument of a wrong type"},
    // terminators and edges
    {"flush", "block without a terminator"},
    {"return v1 block2: flush", NULL}, // nothing reaches it
    {"return", "returns another type than the function's"},
    {"return v2", "returns another type than the function's"},
    {"jump block2()", "edge to no block"},
    {"jump block0()", "edge to no block"},
    {"branch v1, block2(), block2() block2: return v1", "condition is not a bool"},
    {"switch i32 v3, block2() block2: return v1", "selector is not an integer"},
    {"switch i64 v6, block2() case 256: block2() block2: return v1", "switch case is not in the selector's form"},
    {"jump block2(v1) block2: return v1", "wrong number of edge arguments"},
    {"jump block2() block2(v9 i32): return v9", "wrong number of edge arguments"},
    {"jump block2(v2) block2(v9 i32): return v9", "edge argument of a wrong type"},
    {"return v1 block2: jump block3() block3(v9 i32): return v9", "wrong number of edge arguments"},
    {"switch i32 v1, block2(v1) case 1: block2(v2) block2(v9 i32): return v9", "edge argument of a wrong type"},
    // definitions and uses
    {"v9 = add i32 v10, v1 v10 = add i32 v1, v1 return v1", "operand's definition does not dominate it"},
    {"v9 = add i32 v9, v1 return v1", "operand's definition does not dominate it"},
    {"v9 = add i32 v10, v1 return v1", "operand is not defined"},
    {"return v9", "operand is not defined"},
    {"branch v4, block2(), block3() block2: v9 = const i32 1 jump block3() block3: return v9",
     "operand's definition does not dominate it"},
    {"branch v4, block2(v1), block3() block2(v9 i32): return v9 block3: return v9",
     "operand's definition does not dominate it"},
    {"jump block3() block2: return v9 block3: v9 = const i32 1 jump block2()", NULL},
    {"jump block2(v9) block2(v10 i32): v9 = const i32 1 jump block2(v9)", "operand's definition does not dominate it"},
    {"return v1 block2: return v9 block3: v9 = const i32 1 return v9", NULL}, // unreachable: dominated by all
    {"return v9 block2: v9 = const i32 1 return v9", "operand's definition does not dominate it"},
    {"return v1 block2: v9 = add i32 v10, v10 v10 = const i32 1 return v9",
     "operand's definition does not dominate it"},
};

static bool contains(const Error *error, const char *message) {
    Str text = {(const u8 *)error->message, error->message_len};
    size_t len = strlen(message);
    return text.len >= len && memcmp(text.data + text.len - len, message, len) == 0;
}

static void test_rules(void) {
    for (u32 i = 0; i < countof(rules); i++) {
        char text[2048];
        snprintf(text, sizeof text, "%s%s%s", BEFORE, rules[i].body, AFTER);
        Arena arena;
        IrModule module;
        Error error = {0};
        arena_init(&arena, 0);
        bool read = CHECK(ir_parse(&module, &arena, (Str){(const u8 *)text, (u32)strlen(text)}, &error));
        bool ok = read && ir_verify(&module, &arena, &error);
        bool right = rules[i].message ? !ok && contains(&error, rules[i].message) : ok;
        if (!CHECK(right))
            fprintf(stderr, "  body: %s\n  got:  %.*s\n", rules[i].body, (int)error.message_len, error.message);
        arena_free(&arena);
    }
}

static void test_module_rules(void) {
    static const Rule modules[] = {
        {"fn 1 \"f\" -> void {}", "function without an entry block"},
        {"fn 1 \"f\" -> i32 { block1(v1 i32): return v1 }", "the entry block has parameters"},
        {"entry 2 -> void fn 1 \"f\" -> void { block1: return }", "entry is no function"},
        {"entry 1 -> void fn 1 \"f\"(v1 i32) -> void { block1: return }", "entry takes parameters"},
        {"entry 1 -> i64 fn 1 \"f\" -> i32 { block1: v1 = const i32 1 return v1 }", "entry type is not its result's"},
        {"entry 1 -> void fn 1 \"f\" -> i32 { block1: v1 = const i32 1 return v1 }", NULL},
        {"fn 1 \"f\" -> void { block1: jump block1() }", NULL},
        {"fn 1 \"f\"(v1 void) -> void { block1: return }", "parameter without a type"},
    };
    for (u32 i = 0; i < countof(modules); i++) {
        Arena arena;
        IrModule module;
        Error error = {0};
        arena_init(&arena, 0);
        Str text = {(const u8 *)modules[i].body, (u32)strlen(modules[i].body)};
        bool ok = CHECK(ir_parse(&module, &arena, text, &error)) && ir_verify(&module, &arena, &error);
        bool right = modules[i].message ? !ok && contains(&error, modules[i].message) : ok;
        if (!CHECK(right))
            fprintf(stderr, "  text: %s\n  got:  %.*s\n", modules[i].body, (int)error.message_len, error.message);
        arena_free(&arena);
    }
}

// ---- structure that only code can break ----

// fn 1(v1 i32): block1: v2 = const, v3 = add, v4 = add, jump block2(v3); block2(v5 i32): return v5
static IrFunction *make_base(IrModule *module, Arena *arena) {
    IrBuilder b;
    ir_module_init(module, arena);
    ir_begin(&b, module, ir_add_function(module, STR("base"), 0, IR_I32));
    IrValue param = ir_function_param(&b, IR_I32);
    ir_at(&b, ir_add_block(&b, 0));
    IrBlockId second = ir_add_block(&b, 0);
    IrValue one = ir_const(&b, IR_I32, 1), sum = ir_binary(&b, IR_OP_ADD, IR_I32, param, one);
    ir_binary(&b, IR_OP_ADD, IR_I32, sum, sum);
    ir_jump(&b, ir_edge(&b, second, &sum, 1));
    IrValue result = ir_block_param(&b, second, IR_I32);
    ir_at(&b, second);
    ir_return(&b, result);
    return b.function;
}

typedef struct Break {
    void (*apply)(IrFunction *);
    const char *message;
} Break;

static void next_out_of_range(IrFunction *f) { ir_inst(f, 4)->next = 99; }
static void next_in_a_circle(IrFunction *f) { ir_inst(f, 4)->next = 2; }
static void wrong_prev(IrFunction *f) { ir_inst(f, 3)->prev = 4; }
static void wrong_last(IrFunction *f) { ir_block(f, 1)->last = 3; }
static void skipped(IrFunction *f) { ir_inst(f, 2)->next = 4, ir_inst(f, 4)->prev = 2; }
static void wrong_block(IrFunction *f) { ir_inst(f, 3)->block = 2; }
static void linked_nop(IrFunction *f) { ir_inst(f, 4)->op = IR_OP_NOP; }
static void linked_param(IrFunction *f) { ir_inst(f, 4)->op = IR_OP_PARAM; }
static void unknown_op(IrFunction *f) { ir_inst(f, 4)->op = IR_OP_COUNT; }
static void unknown_type(IrFunction *f) { ir_inst(f, 4)->type = IR_TYPE_COUNT; }
static void wrong_arg_type(IrFunction *f) { ir_inst(f, 4)->arg_type = IR_I64; }
static void operand_out_of_range(IrFunction *f) { ir_inst(f, 4)->args[1] = 99; }
static void operand_none(IrFunction *f) { ir_inst(f, 4)->args[1] = 0; }
static void operand_removed(IrFunction *f) { ir_remove(f, 2); }
static void const_not_canonical(IrFunction *f) { ir_inst(f, 2)->args[0] = 0x80000000u; }
static void param_list_out_of_range(IrFunction *f) { ir_block(f, 2)->param_count = 9; }
static void param_of_another(IrFunction *f) { f->lists.items[ir_block(f, 2)->params] = 1; }
static void param_number_wrong(IrFunction *f) { ir_inst(f, 5)->args[0] = 1; }
static void param_unlisted(IrFunction *f) { ir_block(f, 2)->param_count = 0, ir_block(f, 1)->term.then.arg_count = 0; }
static void function_params_out_of_range(IrFunction *f) { f->params = NO_INDEX; }
static void edge_args_out_of_range(IrFunction *f) { ir_block(f, 1)->term.then.args = NO_INDEX; }
static void unknown_terminator(IrFunction *f) { ir_block(f, 1)->term.kind = 99; }
static void cases_out_of_range(IrFunction *f) {
    ir_block(f, 2)->term = (IrTerm){.kind = TERM_SWITCH, .value = 5, .case_count = 1};
}
static void trap_without_kind(IrFunction *f) { ir_block(f, 2)->term = (IrTerm){.kind = TERM_TRAP}; }
static void jump_with_value(IrFunction *f) { ir_block(f, 1)->term.value = 2; }
static void unknown_result(IrFunction *f) { f->result = IR_TYPE_COUNT; }

static const Break breaks[] = {
    {next_out_of_range, "instruction list out of range"},
    {next_in_a_circle, "instruction list broken"},
    {wrong_prev, "instruction list broken"},
    {wrong_last, "instruction list broken at its end"},
    {skipped, "claims a block whose lists do not hold it"},
    {wrong_block, "instruction list broken"},
    {linked_nop, "this operation can't stand in a list"},
    {linked_param, "this operation can't stand in a list"},
    {unknown_op, "this operation can't stand in a list"},
    {unknown_type, "unknown type"},
    {wrong_arg_type, "operand type is not the result's"},
    {operand_out_of_range, "operand out of range"},
    {operand_none, "operand out of range"},
    {operand_removed, "operand is not defined"},
    {const_not_canonical, "constant is not in its type's form"},
    {param_list_out_of_range, "parameter list out of range"},
    {param_of_another, "not the parameter that its list says"},
    {param_number_wrong, "not the parameter that its list says"},
    {param_unlisted, "claims a block whose lists do not hold it"},
    {function_params_out_of_range, "parameter list out of range"},
    {edge_args_out_of_range, "edge arguments out of range"},
    {unknown_terminator, "unknown terminator"},
    {cases_out_of_range, "switch cases out of range"},
    {trap_without_kind, "trap without a kind"},
    {jump_with_value, "terminator with a value it has no use for"},
    {unknown_result, "unknown result type"},
};

static void test_structure(void) {
    for (u32 i = 0; i < countof(breaks); i++) {
        Arena arena;
        IrModule module;
        Error error = {0};
        arena_init(&arena, 0);
        IrFunction *function = make_base(&module, &arena);
        CHECK(ir_verify(&module, &arena, &error));
        breaks[i].apply(function);
        bool right = !ir_verify(&module, &arena, &error) && contains(&error, breaks[i].message);
        if (!CHECK(right))
            fprintf(stderr, "  want: %s\n  got:  %.*s\n", breaks[i].message, (int)error.message_len, error.message);
        arena_free(&arena);
    }
}

static void test_message_names_the_place(void) {
    Arena arena;
    IrModule module;
    Error error = {0};
    arena_init(&arena, 0);
    ir_inst(make_base(&module, &arena), 4)->args[1] = 99;
    CHECK(!ir_verify(&module, &arena, &error));
    CHECK_TEXT(((Str){(const u8 *)error.message, error.message_len}),
               STR("IR: fn 1, block1, v4: operand out of range"));
    CHECK(error.code == ERR_INTERNAL);
    arena_free(&arena);
}

int main(void) {
    test_rules();
    test_module_rules();
    test_structure();
    test_message_names_the_place();
    return CHECK_DONE();
}
