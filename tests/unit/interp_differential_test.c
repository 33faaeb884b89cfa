// The interpreter against the plain evaluator of ir_reference.c on random modules: output, result, trap with its call
// stack, steps; for several slice lengths, untraced and traced. Arguments: first seed, number of modules.
#include "check.h"

#include <stdlib.h>

#include "interp/run.h"
#include "ir/text.h"
#include "ir_reference.h"
#include "random_ir.h"

static const u64 step_limit = 300000;

static bool agrees(const Program *program, const Reference *want, u64 slice, u64 seed) {
    Error error = {0};
    RunLimits limits = {0};
    Run *run = run_start(program, &limits, NULL, &error);
    if (!CHECK(run != NULL)) return false;
    Buf output;
    buf_init(&output, 0);
    RunState state;
    do {
        state = run_resume(run, slice);
        Buf *fresh = run_output(run);
        buf_bytes(&output, fresh->data, fresh->len);
        buf_clear(fresh);
    } while (state == RUN_BUDGET);
    RunFrame frames[REFERENCE_FRAMES] = {{0}};
    u32 count = run_frames(run, frames, REFERENCE_FRAMES);
    i64 value = 0;
    run_exit_value(run, &value);
    u32 failed = check_failed;
    CHECK(state == (want->trap ? RUN_TRAPPED : RUN_DONE));
    CHECK(run_trap(run) == want->trap);
    CHECK(value == (want->trap ? 0 : (i64)want->result));
    CHECK(run_stats(run).steps == want->steps);
    Str printed = {output.data, (u32)output.len}, expected = {want->output.data, (u32)want->output.len};
    CHECK_TEXT(printed, expected);
    CHECK(count == want->frame_count);
    for (u32 i = 0; i < count && i < want->frame_count && i < REFERENCE_FRAMES; i++)
        CHECK(frames[i].site == want->frames[i]);
    bool same = check_failed == failed;
    if (!same) {
        fprintf(stderr, "seed %llu, slice %llu: trap %d want %d, steps %llu want %llu, value %lld want %lld\n",
                (unsigned long long)seed, (unsigned long long)slice, run_trap(run), want->trap,
                (unsigned long long)run_stats(run).steps, (unsigned long long)want->steps, (long long)value,
                (long long)want->result);
    }
    buf_free(&output);
    run_free(run);
    return same;
}

// ---- expressions whose parts are used once: what the translator fuses ----

static u64 state;
static u32 pick(u32 below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (u32)(state >> 33) % below;
}

static IrValue leaf(IrBuilder *b, IrType type, const IrValue *params, u32 count) {
    static const i64 interesting[] = {0,  1,   2,     -1,    3,      7,       16,         -5,        10,
                                      64, 100, 32767, 32768, -32769, 1000003, 2147483647, 5000000000};
    if (pick(2)) return params[pick(count)];
    if (type == IR_F64) return ir_const_f64(b, type, (f64)interesting[pick(8)] * 0.5);
    return ir_const(b, type, interesting[pick(countof(interesting))]);
}

static IrValue tree(IrBuilder *b, IrType type, const IrValue *params, u32 count, u32 depth) {
    static const u8 ops[] = {IR_OP_ADD, IR_OP_MUL, IR_OP_SUB, IR_OP_ADD, IR_OP_DIV,
                             IR_OP_REM, IR_OP_AND, IR_OP_XOR, IR_OP_SHL, IR_OP_SHR};
    if (depth == 0) return leaf(b, type, params, count);
    u8 op = ops[pick(type == IR_F64 ? 5 : countof(ops))];
    IrValue x = tree(b, type, params, count, depth - 1 - pick(depth)),
            y = tree(b, type, params, count, depth - 1 - pick(depth));
    if (op == IR_OP_DIV || op == IR_OP_REM) {
        static const i64 divisors[] = {2, 3, 4, 7, 16, -3, 10, 64, 100, 127};
        y = type == IR_F64 ? ir_const_f64(b, type, 3) : ir_const(b, type, divisors[pick(10)]);
    }
    return ir_binary(b, (IrOp)op, type, x, y);
}

// A function that prints one tree and branches on a comparison of two more, called with some values.
static void random_trees(IrModule *module, Arena *arena, u64 seed) {
    static const u8 types[] = {IR_I32, IR_U32, IR_I64, IR_U64, IR_F64, IR_I8, IR_U16, IR_I128};
    IrBuilder b;
    state = seed;
    IrType type = (IrType)types[pick(countof(types))];
    ir_module_init(module, arena);
    module->entry = ir_add_function(module, STR("main"), NO_INDEX, IR_I64);
    module->entry_type = IR_I64;
    u32 number = ir_add_function(module, STR("tree"), NO_INDEX, IR_I64);
    ir_begin(&b, module, number);
    IrValue params[3] = {ir_function_param(&b, type), ir_function_param(&b, type), ir_function_param(&b, type)};
    ir_at(&b, ir_add_block(&b, 0));
    ir_emit(&b, IR_OP_PRINT_VALUE, IR_VOID, type, tree(&b, type, params, 3, 3), 0, 0, 0);
    IrBlockId yes = ir_add_block(&b, 1), no = ir_add_block(&b, 2);
    IrValue x = tree(&b, type, params, 3, 2), y = tree(&b, type, params, 3, 1);
    IrValue test = ir_compare(&b, (IrOp)(IR_OP_EQ + pick(6)), type, x, y);
    ir_branch(&b, test, ir_edge(&b, yes, NULL, 0), ir_edge(&b, no, NULL, 0));
    ir_at(&b, yes);
    ir_return(&b, ir_const(&b, IR_I64, 1));
    ir_at(&b, no);
    ir_return(&b, ir_const(&b, IR_I64, 0));
    ir_begin(&b, module, module->entry);
    ir_at(&b, ir_add_block(&b, 0));
    IrValue sum = ir_const(&b, IR_I64, 0);
    for (u32 i = 0; i < 4; i++) {
        IrValue args[3];
        for (u32 k = 0; k < 3; k++) {
            i64 bits = (i64)(((u64)pick(1u << 30) << 34 ^ pick(1u << 30)) >> pick(60));
            args[k] = type == IR_F64 ? ir_const_f64(&b, type, (f64)bits / 8)
                                     : ir_const(&b, type, pick(2) ? bits : -bits);
        }
        sum = ir_binary(&b, IR_OP_ADD, IR_I64, sum, ir_call(&b, IR_I64, number, args, 3));
    }
    ir_return(&b, sum);
}

// ---- rows: indices that are sums, checks that are done late or again in another block ----

typedef struct Rows {
    IrBuilder b;
    IrModule *module;
    IrValue rows[4];          // frame, frame, pointer, heap
    u32 counts[4];            // 0: heap
    IrValue indices[3], last; // i32; an address that was made, with its type
    IrType type;
} Rows;

static u32 new_site(Rows *r) {
    u32 number = r->module->sites.count;
    return ir_add_site(r->module, (IrSite){.instruction = number, .offset = number, .source = number});
}

static IrValue row_index(Rows *r) {
    IrBuilder *b = &r->b;
    IrValue x = r->indices[pick(3)], y = r->indices[pick(3)], k = ir_const(b, IR_I32, (i64)pick(9) - 3);
    switch (pick(6)) {
    case 0: return x;
    case 1: return ir_binary(b, IR_OP_ADD, IR_I32, x, k);
    case 2: return ir_binary(b, IR_OP_SUB, IR_I32, x, y);
    case 3: return ir_binary(b, IR_OP_ADD, IR_I32, ir_binary(b, IR_OP_MUL, IR_I32, x, k), y);
    case 4: return ir_binary(b, IR_OP_ADD, IR_I32, ir_binary(b, IR_OP_ADD, IR_I32, x, y), k);
    default: return k;
    }
}

static void row_access(Rows *r) {
    IrBuilder *b = &r->b;
    static const u32 element[] = {4, 8, 16, 8};
    b->site = new_site(r);
    u32 row = pick(4), bytes = element[row];
    IrType type = bytes == 4 ? IR_I32 : IR_I64;
    IrValue address = r->last;
    if (!address || pick(4)) {
        IrValue index = ir_convert(b, IR_I64, IR_I32, row_index(r));
        address = ir_emit(b, IR_OP_INDEX, IR_PTR, IR_VOID, r->rows[row], index, bytes, r->counts[row]);
        if (bytes == 16) address = ir_emit(b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, address, 8, 0, 0);
        r->type = type;
    }
    if (pick(3) == 0) r->last = address;
    b->site = new_site(r);
    switch (pick(4)) {
    case 0: ir_store(b, r->type, address, ir_convert(b, r->type, IR_I32, r->indices[pick(3)]), 0); break;
    case 1: ir_emit(b, IR_OP_PRINT_VALUE, IR_VOID, r->type, ir_load(b, r->type, address, 0), 0, 0, 0); break;
    case 2: ir_emit(b, IR_OP_STEPS, IR_VOID, IR_VOID, 1 + pick(3), 0, 0, 0); break;
    default: r->indices[pick(3)] = ir_convert(b, IR_I32, r->type, ir_load(b, r->type, address, 0)); break;
    }
}

// fn(pointer row, three numbers): some accesses, a branch, more of them; called until it traps or four times.
static void random_rows(IrModule *module, Arena *arena, u64 seed) {
    Rows r = {.module = module};
    IrBuilder *b = &r.b;
    state = seed;
    ir_module_init(module, arena);
    module->entry = ir_add_function(module, STR("main"), NO_INDEX, IR_I64);
    module->entry_type = IR_I64;
    u32 number = ir_add_function(module, STR("rows"), NO_INDEX, IR_VOID);
    ir_begin(b, module, number);
    r.rows[2] = ir_function_param(b, IR_PTR);
    for (u32 i = 0; i < 3; i++) r.indices[i] = ir_function_param(b, IR_I32);
    u32 first = ir_add_slot(b, 40, 8), second = ir_add_slot(b, 80, 8);
    ir_at(b, ir_add_block(b, 0));
    r.rows[0] = ir_emit(b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, first, 0, 0, 0);
    r.rows[1] = ir_emit(b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, second, 0, 0, 0);
    r.rows[3] = ir_emit(b, IR_OP_HEAP_ALLOC, IR_PTR, IR_VOID, ir_const(b, IR_I64, 9), 8, 0, 0);
    r.counts[0] = 10, r.counts[1] = 10, r.counts[2] = 7;
    for (u32 i = pick(5); i > 0; i--) row_access(&r);
    IrBlockId one = ir_add_block(b, 1), two = ir_add_block(b, 2);
    IrValue test = ir_compare(b, IR_OP_LT, IR_I32, r.indices[0], r.indices[1]);
    ir_branch(b, test, ir_edge(b, one, NULL, 0), ir_edge(b, two, NULL, 0));
    Rows at_branch = r;
    for (u32 arm = 0; arm < 2; arm++) {
        IrBuilder builder = r.b;
        r = at_branch;
        r.b = builder;
        ir_at(b, arm ? two : one);
        for (u32 i = pick(5); i > 0; i--) row_access(&r);
        b->site = 0;
        ir_return(b, 0);
    }
    ir_begin(b, module, module->entry);
    u32 slot = ir_add_slot(b, 112, 8);
    ir_at(b, ir_add_block(b, 0));
    IrValue row = ir_emit(b, IR_OP_SLOT_ADDR, IR_PTR, IR_VOID, slot, 0, 0, 0);
    for (u32 i = 0; i < 4; i++) {
        IrValue args[4] = {pick(12) ? row : ir_const(b, IR_PTR, 0)};
        for (u32 k = 1; k < 4; k++) args[k] = ir_const(b, IR_I32, pick(6));
        ir_call(b, IR_VOID, number, args, 4);
    }
    ir_return(b, ir_const(b, IR_I64, 0));
}

static void test_seed(void make(IrModule *, Arena *, u64), u64 seed, bool print) {
    Arena arena;
    arena_init(&arena, 0);
    IrModule module;
    Error error = {0};
    Reference want;
    make(&module, &arena, seed);
    reference_run(&module, step_limit, &want);
    Program *program = interp_translate(&arena, &module, false, &error);
    if (print) {
        Buf out;
        buf_init(&out, 0);
        ir_print(&out, &module);
        if (program) interp_disassemble(&out, program);
        printf("%.*s\n", (int)out.len, (const char *)out.data);
        buf_free(&out);
    }
    Program *traced = interp_translate(&arena, &module, true, &error);
    if (CHECK(program != NULL && traced != NULL) && !want.gave_up) {
        static const u64 slices[] = {0, 1, 7, 1000};
        for (u32 i = 0; i < countof(slices); i++)
            if (!agrees(program, &want, slices[i], seed)) break;
        agrees(traced, &want, 100, seed);
    }
    reference_free(&want);
    arena_free(&arena);
}

int main(int argc, char **argv) {
    u64 first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, count = argc > 2 ? strtoull(argv[2], NULL, 10) : 400;
    if (argc == 2) count = 1;
    for (u64 seed = first; seed < first + count; seed++) {
        test_seed(random_ir, seed, argc == 2);
        test_seed(random_trees, seed, argc == 2);
        test_seed(random_rows, seed, argc == 2);
    }
    return CHECK_DONE();
}
