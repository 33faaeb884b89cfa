// Building and changing functions (ir/build.h): lists stay whole, constants take their type's form, visitors see every
// operand and edge, and running out of memory at any point yields zeros and harm to nothing.
#include "check.h"

#include "ir/build.h"
#include "ir/verify.h"
#include "support/platform.h"

static void start_function(IrBuilder *b, IrModule *module, Arena *arena, IrType result) {
    ir_module_init(module, arena);
    ir_begin(b, module, ir_add_function(module, STR("f"), 0, result));
    ir_at(b, ir_add_block(b, 0));
}

static bool verifies(const IrModule *module) {
    Arena scratch;
    Error error = {0};
    arena_init(&scratch, 0);
    bool ok = ir_verify(module, &scratch, &error);
    if (!ok) fprintf(stderr, "  %.*s\n", (int)error.message_len, error.message);
    arena_free(&scratch);
    return ok;
}

// ---- constants ----

static void test_constants(void) {
    static const struct {
        IrType type;
        i64 value;
        u32 args[4];
    } rows[] = {
        {IR_I32, -1, {~0u, ~0u, ~0u, ~0u}},
        {IR_U32, -1, {~0u, 0, 0, 0}},
        {IR_I8, 200, {0xffffffc8, ~0u, ~0u, ~0u}},
        {IR_U8, 456, {200, 0, 0, 0}},
        {IR_U64, -1, {~0u, ~0u, 0, 0}},
        {IR_I64, INT64_MIN, {0, 0x80000000, ~0u, ~0u}},
        {IR_U128, -1, {~0u, ~0u, ~0u, ~0u}},
        {IR_I128, -2, {~1u, ~0u, ~0u, ~0u}},
        {IR_BOOL, 1, {1, 0, 0, 0}},
        {IR_PTR, 0, {0, 0, 0, 0}},
    };
    Arena arena;
    IrModule module;
    IrBuilder b;
    arena_init(&arena, 0);
    start_function(&b, &module, &arena, IR_VOID);
    for (u32 i = 0; i < countof(rows); i++)
        CHECK(mem_equal(ir_inst(b.function, ir_const(&b, rows[i].type, rows[i].value))->args, rows[i].args, 16));
    CHECK(ir_inst(b.function, ir_const_f64(&b, IR_F32, 0.1))->args[0] == 0x3dcccccd);
    CHECK(ir_inst(b.function, ir_const_f64(&b, IR_F32, 0.1))->args[1] == 0);
    CHECK(ir_inst(b.function, ir_const_f64(&b, IR_F64, -0.0))->args[1] == 0x80000000);
    CHECK(ir_inst(b.function, ir_const128(&b, IR_U128, 1, 2))->args[2] == 2);
    ir_return(&b, 0);
    CHECK(verifies(&module));
    arena_free(&arena);
}

// ---- lists of instructions and parameters ----

// The instructions of block 1 as digits.
static bool order_is(const IrFunction *f, const char *want) {
    char forwards[32] = "", backwards[32] = "";
    u32 n = 0;
    for (u32 at = ir_block(f, 1)->first; at; at = ir_inst(f, at)->next) forwards[n++] = (char)('0' + at);
    for (u32 at = ir_block(f, 1)->last; at; at = ir_inst(f, at)->prev) backwards[--n] = (char)('0' + at);
    return strcmp(forwards, want) == 0 && strcmp(backwards, want) == 0;
}

static void test_insert_and_remove(void) {
    Arena arena;
    IrModule module;
    IrBuilder b;
    arena_init(&arena, 0);
    start_function(&b, &module, &arena, IR_VOID);
    IrFunction *f = b.function;
    const IrInst flush = {.op = IR_OP_FLUSH};
    for (u32 i = 1; i <= 3; i++) CHECK(ir_append(&module, f, 1, &flush) == i);
    CHECK(order_is(f, "123"));
    ir_insert_before(&module, f, 1, &flush);
    ir_insert_before(&module, f, 3, &flush);
    CHECK(order_is(f, "41253"));
    ir_remove(f, 4);
    CHECK(order_is(f, "1253"));
    ir_remove(f, 3);
    CHECK(order_is(f, "125"));
    ir_remove(f, 2);
    CHECK(order_is(f, "15"));
    CHECK(ir_inst(f, 2)->op == IR_OP_NOP && ir_inst(f, 2)->block == 0);
    ir_remove(f, 1), ir_remove(f, 5);
    CHECK(order_is(f, ""));
    ir_return(&b, 0);
    CHECK(verifies(&module));
    arena_free(&arena);
}

static void test_parameters_in_any_order(void) {
    Arena arena;
    IrModule module;
    IrBuilder b;
    arena_init(&arena, 0);
    start_function(&b, &module, &arena, IR_VOID);
    IrBlockId one = ir_add_block(&b, 0), two = ir_add_block(&b, 0);
    for (u32 i = 0; i < 5; i++) {
        ir_block_param(&b, one, IR_I32);
        ir_function_param(&b, IR_F64);
        ir_block_param(&b, two, IR_BOOL);
        ir_block_param(&b, two, IR_PTR);
    }
    for (IrBlockId id = 1; id <= two; id++) ir_at(&b, id), ir_return(&b, 0);
    CHECK(b.function->param_count == 5 && ir_block(b.function, one)->param_count == 5 &&
          ir_block(b.function, two)->param_count == 10);
    CHECK(verifies(&module));
    arena_free(&arena);
}

// ---- visitors ----

typedef struct Seen {
    u32 values[16], count;
} Seen;

static void see_value(void *context, IrValue *value) {
    Seen *seen = context;
    seen->values[seen->count++] = *value;
}
static void see_edge(void *context, IrEdge *edge) {
    Seen *seen = context;
    seen->values[seen->count++] = edge->target;
}
static bool saw(Seen *seen, u32 count, const u32 *values) {
    bool ok = seen->count == count && (count == 0 || mem_equal(seen->values, values, count * sizeof(u32)));
    seen->count = 0;
    return ok;
}
#define SAW(...) saw(&seen, countof(((u32[]){__VA_ARGS__})), (u32[]){__VA_ARGS__})

static void test_visitors(void) {
    Arena arena;
    IrModule module;
    IrBuilder b;
    Seen seen = {0};
    arena_init(&arena, 0);
    start_function(&b, &module, &arena, IR_VOID);
    IrFunction *f = b.function;
    // Operands first, whatever else an operation holds: 7, 8, 9 stand for values that are not looked at.
    static const u8 operands[] = {[SHAPE_V] = 1,     [SHAPE_VV] = 2,       [SHAPE_VVV] = 3,   [SHAPE_LOAD] = 1,
                                  [SHAPE_STORE] = 2, [SHAPE_COPY] = 2,     [SHAPE_FILL] = 1,  [SHAPE_INDEX] = 2,
                                  [SHAPE_FIELD] = 1, [SHAPE_MOVE] = 2,     [SHAPE_ALLOC] = 1, [SHAPE_REALLOC] = 3,
                                  [SHAPE_FREE] = 2,  [SHAPE_HEAPCOPY] = 3, [SHAPE_GUARD] = 1, [SHAPE_MARK] = 1};
    for (u32 op = 0; op < IR_OP_COUNT; op++) {
        if (op == IR_OP_CALL) continue;
        IrInst inst = {.op = (u8)op, .args = {7, 8, 9, 10}};
        ir_each_operand(f, &inst, see_value, &seen);
        CHECK(saw(&seen, operands[ir_op_info[op].shape], (u32[]){7, 8, 9}));
    }
    ir_each_operand(f, ir_inst(f, ir_call(&b, IR_VOID, 1, (u32[]){5, 6, 7}, 3)), see_value, &seen);
    CHECK(SAW(5, 6, 7));
    ir_each_operand(f, ir_inst(f, ir_call(&b, IR_VOID, 1, NULL, 0)), see_value, &seen);
    CHECK(saw(&seen, 0, NULL));

    IrTerm *term = &ir_block(f, 1)->term;
    ir_branch(&b, 3, ir_edge(&b, 1, (u32[]){4}, 1), ir_edge(&b, 2, (u32[]){5, 6}, 2));
    ir_each_term_operand(f, term, see_value, &seen);
    CHECK(SAW(3, 4, 5, 6));
    ir_each_edge(f, term, see_edge, &seen);
    CHECK(SAW(1, 2));
    ir_switch(&b, 9, ir_edge(&b, 3, (u32[]){8}, 1));
    ir_case(&b, 0, 0, ir_edge(&b, 1, (u32[]){6}, 1));
    ir_case(&b, 1, 0, ir_edge(&b, 2, (u32[]){7}, 1));
    ir_each_edge(f, term, see_edge, &seen);
    CHECK(SAW(1, 2, 3));
    ir_each_term_operand(f, term, see_value, &seen);
    CHECK(SAW(9, 6, 7, 8));
    ir_return(&b, 7);
    ir_each_term_operand(f, term, see_value, &seen);
    CHECK(SAW(7));
    ir_jump(&b, ir_edge(&b, 1, NULL, 0));
    ir_each_edge(f, term, see_edge, &seen);
    CHECK(SAW(1));
    ir_trap(&b, TRAP_BOUNDS);
    ir_each_edge(f, term, see_edge, &seen);
    CHECK(saw(&seen, 0, NULL));
    arena_free(&arena);
}

// ---- out of memory ----

// Uses every call of build.h, without ever looking whether it worked.
static void build_all(IrModule *module, Arena *arena) {
    IrBuilder b;
    start_function(&b, module, arena, IR_I32);
    ir_reserve(&b, 200, 20, 50);
    ir_add_data(module, STR("text"));
    b.site = ir_add_site(module, (IrSite){.source = 1});
    IrValue x = ir_function_param(&b, IR_I32);
    for (u32 i = 0; i < 100; i++) {
        IrBlockId block = ir_add_block(&b, i);
        IrValue param = ir_block_param(&b, block, IR_I32);
        u32 slot = ir_add_slot(&b, 8, 8);
        IrValue address = ir_emit(&b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, slot, 0, 0, 0);
        ir_store(&b, IR_I32, address, ir_binary(&b, IR_OP_ADD, IR_I32, x, ir_const(&b, IR_I32, i)), 0);
        x = ir_load(&b, IR_I32, address, 4);
        IrValue wide = ir_convert(&b, IR_I64, IR_I32, x), flag = ir_compare(&b, IR_OP_LT, IR_I64, wide, wide);
        x = ir_call(&b, IR_I32, 1, &x, 1);
        if (i % 3 == 0) {
            ir_jump(&b, ir_edge(&b, block, &x, 1));
        } else if (i % 3 == 1) {
            ir_branch(&b, flag, ir_edge(&b, block, &x, 1), ir_edge(&b, block, &x, 1));
        } else {
            ir_switch(&b, x, ir_edge(&b, block, &x, 1));
            ir_case(&b, i, 0, ir_edge(&b, block, &x, 1));
        }
        ir_at(&b, block);
        x = param;
    }
    ir_return(&b, x);
    for (u32 i = 0; i < 40; i++) {
        ir_begin(&b, module, ir_add_function(module, STR("more"), i, IR_VOID));
        ir_at(&b, ir_add_block(&b, 0));
        ir_trap(&b, TRAP_UNREACHABLE);
    }
}

static void test_out_of_memory(void) {
    bool built = false;
    for (size_t limit = 1; !built && limit < (4 << 20); limit += limit / 32 + 1) {
        Arena arena;
        IrModule module;
        arena_init(&arena, limit);
        build_all(&module, &arena);
        built = !arena.failed;
        if (built) CHECK(verifies(&module));
        arena_free(&arena);
    }
    CHECK(built);
    built = false;
    for (u32 n = 1; !built && n < 100; n++) {
        Arena arena;
        IrModule module;
        arena_init(&arena, 0);
        platform_fail_after(n);
        build_all(&module, &arena);
        platform_fail_after(0);
        built = !arena.failed;
        arena_free(&arena);
    }
    CHECK(built);
}

int main(void) {
    test_constants();
    test_insert_and_remove();
    test_parameters_in_any_order();
    test_visitors();
    test_out_of_memory();
    return CHECK_DONE();
}
