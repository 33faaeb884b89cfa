// What the optimiser leaves must do what it found: random modules (random_ir.h) run by the interpreter as they are and
// optimised at every level, with every pass verified. Output, result and trap with its place must be equal; at the
// interpreter's own level the whole call stack and the step count too.
// Arguments: first seed, number of modules; with one argument that module is printed before and after each level.
#include "check.h"

#include <stdlib.h>

#include "interp/run.h"
#include "ir/build.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "opt/pipeline.h"
#include "random_ir.h"

enum { FRAMES = 32 };
static const u64 step_limit = 1000000;

typedef struct Outcome {
    Buf output;
    RunState state;
    TrapKind trap;
    u64 steps;
    i64 value;
    u32 frame_count;
    IrSite frames[FRAMES];
} Outcome;

static bool run(const IrModule *module, Outcome *outcome, Error *error) {
    Arena arena;
    arena_init(&arena, 0);
    *outcome = (Outcome){.state = RUN_BUDGET};
    buf_init(&outcome->output, 0);
    Program *program = interp_translate(&arena, module, false, error);
    RunLimits limits = {.steps = step_limit};
    Run *state = program ? run_start(program, &limits, NULL, error) : NULL;
    while (state && outcome->state == RUN_BUDGET) {
        outcome->state = run_resume(state, 0);
        Buf *out = run_output(state);
        buf_bytes(&outcome->output, out->data, out->len);
        buf_clear(out);
    }
    if (state) {
        outcome->steps = run_stats(state).steps;
        if (outcome->state == RUN_DONE) run_exit_value(state, &outcome->value);
        else {
            RunFrame frames[FRAMES];
            outcome->trap = run_trap(state);
            outcome->frame_count = run_frames(state, frames, FRAMES);
            for (u32 i = 0; i < outcome->frame_count && i < FRAMES; i++)
                outcome->frames[i] = module->sites.items[frames[i].site];
        }
        run_free(state);
    }
    arena_free(&arena);
    return state != NULL;
}

// The innermost frames alone, where calls may have become loops.
static bool same_frames(const Outcome *a, const Outcome *b, OptLevel level) {
    u32 count = level == OPT_INTERP ? FRAMES : 1;
    if (level == OPT_INTERP ? a->frame_count != b->frame_count : !a->frame_count != !b->frame_count) return false;
    for (u32 i = 0; i < a->frame_count && i < count; i++)
        if (a->frames[i].function != b->frames[i].function || a->frames[i].instruction != b->frames[i].instruction)
            return false;
    return true;
}

static void print_module(const char *title, const IrModule *module) {
    Buf out;
    buf_init(&out, 0);
    ir_print(&out, module);
    printf("// %s\n%.*s", title, (int)out.len, (const char *)out.data);
    buf_free(&out);
}

static void print_outcome(const char *title, const Outcome *o) {
    printf("// %s: state %d, trap %d at %u.%u, %llu steps, value %lld, output %.*s\n", title, o->state, o->trap,
           o->frames[0].function, o->frames[0].instruction, (unsigned long long)o->steps, (long long)o->value,
           (int)o->output.len, (const char *)o->output.data);
}

static void compare(u64 seed, OptLevel level, const Outcome *before, const Outcome *after) {
    // A run that the limit ends may stop at another place of the same block.
    if (before->trap == TRAP_STEP_LIMIT || after->trap == TRAP_STEP_LIMIT) {
        CHECK(before->trap == after->trap);
        return;
    }
    u32 failed = check_failed;
    CHECK(before->state == after->state && before->trap == after->trap);
    CHECK(str_equal((Str){before->output.data, (u32)before->output.len},
                    (Str){after->output.data, (u32)after->output.len}));
    CHECK(level != OPT_INTERP || before->steps == after->steps);
    CHECK(before->value == after->value);
    CHECK(same_frames(before, after, level));
    if (check_failed == failed) return;
    fprintf(stderr, "  seed %llu at level %d\n", (unsigned long long)seed, level);
    print_outcome("before", before);
    print_outcome("after", after);
}

// Slots that say they need no zeroing hold something else when their function is entered.
static void spoil_slots(IrModule *module) {
    for (u32 f = 1; f < module->functions.count; f++) {
        IrFunction *function = &module->functions.items[f];
        for (u32 slot = 0; slot < function->slots.count; slot++) {
            if (!function->slots.items[slot].no_zero) continue;
            IrInst address = {.op = IR_OP_SLOT_ADDR, .type = IR_PTR, .args = {slot}};
            IrInst number = {.op = IR_OP_CONST, .type = IR_U8, .args = {0xa5}};
            IrBlock *entry = ir_block(function, 1);
            IrValue at = entry->first ? ir_insert_before(module, function, entry->first, &address)
                                      : ir_append(module, function, 1, &address);
            u32 next = ir_inst(function, at)->next;
            for (u32 i = 0; i < function->slots.items[slot].size; i++) {
                IrInst *insts[] = {&number, &(IrInst){.op = IR_OP_STORE, .arg_type = IR_U8, .args = {at, 0, i}}};
                for (u32 k = 0; k < 2; k++) {
                    if (k) insts[1]->args[1] = function->insts.count - 1;
                    if (next) ir_insert_before(module, function, next, insts[k]);
                    else ir_append(module, function, 1, insts[k]);
                }
            }
        }
    }
}

// Recursion without an end, which no random module has.
#define ENDLESS_TEXT                                                                                 \
    "entry 1 -> i64 source 0 = \"main\" source 1 = \"f\" site 1 = 0:1:2 site 2 = 1:3:4 "             \
    "fn 1 \"main\" -> i64 source 0 { block1: v1 = const i64 1 v2 = call i64 fn2(v1) @1 return v2 } " \
    "fn 2 \"f\"(v1 i64) -> i64 source 1 { block1: v2 = const i64 3 v3 = mul i64 v1, v2 "             \
    "v4 = call i64 fn2(v3) @2 v5 = add i64 v3, v4 return v5 }"
enum { ENDLESS = 0 }; // its seed

// ---- marks ----

typedef struct Marker {
    IrModule *module;
    IrFunction *function;
    IrValue before;
} Marker;

static IrValue put(Marker *m, IrOp op, IrType type, IrType arg_type, u32 a, u32 b) {
    IrInst inst = {.op = (u8)op, .type = (u8)type, .arg_type = (u8)arg_type, .args = {a, b}};
    return ir_insert_before(m->module, m->function, m->before, &inst);
}

// Traps with a kind that no program has when the condition does not hold.
static void demand(Marker *m, IrValue condition) { put(m, IR_OP_GUARD, IR_VOID, IR_VOID, condition, TRAP_ARGUMENTS); }

static IrValue compare_with(Marker *m, IrOp op, IrType type, IrValue a, u32 b) {
    return put(m, op, IR_BOOL, type, a, put(m, IR_OP_CONST, type, IR_VOID, b, 0));
}

// An address that is marked as in bounds may be computed where it is not, as long as nobody uses it there: the first element
// is taken then. Returns whether it is in bounds.
static IrValue take_any_element(Marker *m, IrValue address) {
    const IrInst index = *ir_inst(m->function, address);
    IrType type = (IrType)ir_inst(m->function, index.args[1])->type;
    IrValue number = type == IR_I64 ? put(m, IR_OP_CONVERT, IR_U64, IR_I64, index.args[1], 0) : index.args[1];
    IrValue is_within = compare_with(m, IR_OP_LT, IR_U64, number, index.args[3]);
    IrInst chosen = {.op = IR_OP_SELECT, .type = (u8)type, .arg_type = (u8)type, .args = {is_within, index.args[1]}};
    chosen.args[2] = put(m, IR_OP_CONST, type, IR_VOID, 0, 0);
    ir_inst(m->function, address)->args[1] = ir_insert_before(m->module, m->function, address, &chosen);
    return is_within;
}

typedef struct Uses {
    Marker marker;
    const IrValue *within; // address -> what take_any_element gave, 0 = it is checked
    u32 count;
    IrBlockId block; // at whose end, instead of the marker's place
} Uses;

static void demand_of_operand(void *context, IrValue *operand) {
    Uses *uses = context;
    for (IrValue a = *operand; a < uses->count && uses->within[a]; a = ir_inst(uses->marker.function, a)->args[0]) {
        IrInst guard = {.op = IR_OP_GUARD, .args = {uses->within[a], TRAP_ARGUMENTS}};
        if (uses->block) ir_append(uses->marker.module, uses->marker.function, uses->block, &guard);
        else demand(&uses->marker, uses->within[a]);
    }
}

// Whoever uses an address that is marked as in bounds, but for elements of elements, which are used in turn.
static void demand_where_used(Uses *uses) {
    IrFunction *function = uses->marker.function;
    for (u32 v = 1; v < uses->count; v++) {
        IrInst inst = *ir_inst(function, v);
        u32 count, *operands = ir_operands(function, &inst, &count);
        uses->marker.before = v;
        for (u32 i = uses->within[v] != 0; inst.op != IR_OP_NOP && i < count; i++)
            demand_of_operand(uses, &operands[i]);
    }
    for (uses->block = 1; uses->block < function->blocks.count; uses->block++)
        ir_each_term_operand(function, &ir_block(function, uses->block)->term, demand_of_operand, uses);
}

// What instructions are marked with (IrInst.flags) is asked for before they run, or before what they give is used.
static void check_marks(IrModule *module, Arena *scratch) {
    for (u32 f = 1; f < module->functions.count; f++) {
        IrFunction *function = &module->functions.items[f];
        u32 count = function->insts.count;
        IrValue *within = arena_new(scratch, IrValue, count);
        if (!CHECK(within)) return;
        for (u32 v = 1; v < count; v++) {
            const IrInst inst = *ir_inst(function, v);
            Marker m = {module, function, v};
            if (inst.op == IR_OP_NOP) continue;
            bool copies = inst.op == IR_OP_COPY;
            for (u32 i = 0; i < 1 + copies && inst.flags & INST_NOT_NULL; i++)
                demand(&m, compare_with(&m, IR_OP_NE, IR_PTR, inst.args[i], 0));
            if (inst.flags & INST_IN_BOUNDS) within[v] = take_any_element(&m, v);
            for (u32 i = 0; i < 2 && inst.flags & INST_NOT_NEGATIVE; i++)
                demand(&m, compare_with(&m, IR_OP_GE, (IrType)inst.type, inst.args[i], 0));
        }
        demand_where_used(&(Uses){.marker = {module, function, 0}, .within = within, .count = count});
    }
}

// The random module of a seed, optimised at a level (O0 leaves it as it is) and run; false when that fails.
static bool run_at(u64 seed, OptLevel level, bool show, Outcome *outcome) {
    static const char *const titles[] = {"interpreter", "before", "O1", "O2", "Os"};
    Arena arena, scratch;
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    IrModule module;
    Error error;
    error_clear(&error);
    *outcome = (Outcome){0};
    if (seed != ENDLESS) random_ir(&module, &arena, seed);
    else if (!CHECK(ir_parse(&module, &arena, STR(ENDLESS_TEXT), &error))) return false;
    OptOptions options = {.verify = ir_verify, .level = level};
    bool ok = CHECK(ir_verify(&module, &scratch, &error)) && CHECK(opt_run(&module, &options, &error));
    if (ok && show) print_module(titles[level], &module);
    spoil_slots(&module);
    if (ok && level != OPT_INTERP) check_marks(&module, &scratch);
    ok = ok && CHECK(run(&module, outcome, &error));
    if (!ok) {
        fprintf(stderr, "  seed %llu at level %d: %.*s\n", (unsigned long long)seed, level, (int)error.message_len,
                error.message);
    }
    arena_free(&arena);
    arena_free(&scratch);
    return ok;
}

static void run_seed(u64 seed, bool show) {
    static const OptLevel levels[] = {OPT_INTERP, OPT_O1, OPT_O2, OPT_OS};
    Outcome before;
    bool ok = run_at(seed, OPT_O0, show, &before);
    for (u32 i = 0; i < countof(levels) && ok; i++) {
        // Without STEPS what runs into their limit does not end soon.
        if (levels[i] != OPT_INTERP && before.trap == TRAP_STEP_LIMIT) break;
        Outcome after;
        ok = run_at(seed, levels[i], show, &after);
        if (ok) compare(seed, levels[i], &before, &after);
        buf_free(&after.output);
    }
    buf_free(&before.output);
}

// It fails as it did, in the same place; how deep it got is another matter.
static void test_endless(void) {
    for (u32 level = OPT_INTERP; level <= OPT_OS; level++) {
        Outcome outcome;
        if (!run_at(ENDLESS, (OptLevel)level, false, &outcome)) continue;
        CHECK(outcome.state == RUN_TRAPPED && outcome.trap == TRAP_STACK);
        CHECK(outcome.frames[0].function == 1 && outcome.frames[0].block == 3 && outcome.frames[0].instruction == 4);
        buf_free(&outcome.output);
    }
}

// The module's arena full at every point of optimising: false with an error, or a module that is whole.
static void test_full_arena(u64 seed, OptLevel level) {
    bool done = false;
    for (size_t room = 0; !done; room += 32) {
        Arena arena, scratch;
        arena_init(&arena, 0);
        arena_init(&scratch, 0);
        IrModule module;
        Error error;
        error_clear(&error);
        random_ir(&module, &arena, seed);
        arena.limit = arena.used + room;
        OptOptions options = {.level = level};
        done = opt_run(&module, &options, &error);
        CHECK(done ? ir_verify(&module, &scratch, &error) : error.code == ERR_INTERNAL);
        arena_free(&arena);
        arena_free(&scratch);
    }
}

int main(int argc, char **argv) {
    u64 first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    u64 count = argc > 2 ? strtoull(argv[2], NULL, 10) : argc > 1 ? 1 : 400;
    if (argc == 1) test_endless();
    for (u64 i = 0; i < count; i++) run_seed(first + i, argc == 2);
    for (u64 seed = 1; argc == 1 && seed <= 8; seed++) test_full_arena(seed, seed % 2 ? OPT_INTERP : OPT_O2);
    return CHECK_DONE();
}
