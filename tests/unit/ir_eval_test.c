// Every operation of ir/eval.h against a table made with rustc, and the promises that a table can't show: operands and
// results in canonical form for every type, and NaN bits.
#include "check.h"

#include "ir/eval.h"
#include "ir_case_words.h"

static const char *const cases[] = {
#include "ir_eval_cases.inc"
};

// ---- the table ----

static bool run_case(const char *text) {
    char op_text[16], type_text[16], from_text[16], words[4][48] = {{0}};
    next_word(&text, op_text);
    next_word(&text, type_text);
    IrOp op = op_named(op_text);
    IrType type = type_named(type_text), from = type;
    if (op == IR_OP_CONVERT) next_word(&text, from_text), from = type_named(from_text);
    for (u32 i = 0; i < 4 && *text; i++) next_word(&text, words[i]);
    bool binary = words[1][0] != '=';
    const char *want = words[binary ? 3 : 2];
    u128 a = value_of(from, words[0]), b = binary ? value_of(type, words[1]) : 0;
    if (op == IR_OP_CONVERT) return eval_convert_any(type, from, a) == value_of(type, want);
    if (op == IR_OP_NEG) return eval_unary(op, type, a) == value_of(type, want);
    if (ir_op_info[op].result == 'B') return eval_compare(op, type, a, b) == (want[0] == '1');
    TrapKind trap, wanted = trap_named(want);
    u128 result = eval_binary(op, type, a, b, &trap);
    return trap == wanted && (trap != TRAP_NONE ? result == 0 : result == value_of(type, want));
}

static void test_table(void) {
    for (u32 i = 0; i < countof(cases); i++)
        if (!CHECK(run_case(cases[i]))) fprintf(stderr, "  case: %s\n", cases[i]);
}

// ---- canonical form ----

static u64 random_bits(u64 *state) {
    *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
    return *state;
}

static bool is_canonical(IrType type, u128 value) { return eval_wrap128(type, value) == value; }

static bool binary_keeps_form(IrOp op, IrType type, u128 a, u128 b) {
    TrapKind trap;
    return is_canonical(type, eval_binary(op, type, a, b, &trap));
}

static bool conversions_keep_form(IrType from, u128 a) {
    for (IrType to = IR_BOOL; to <= IR_F64; to++)
        if (!is_canonical(to, eval_convert_any(to, from, a))) return false;
    return true;
}

static void test_canonical_form(void) {
    u64 state = 88172645463325252u;
    for (IrType type = IR_I8; type <= IR_F64; type++) {
        bool ok = true;
        for (u32 i = 0; i < 300; i++) {
            u128 a = (u128)random_bits(&state) << 64 | random_bits(&state),
                 b = (u128)random_bits(&state) << 64 | random_bits(&state);
            if (i % 3 == 0) b = (u128)0 - (u64)i; // near zero and all ones
            a = eval_wrap128(type, a), b = eval_wrap128(type, b);
            u32 last = ir_is_float(type) ? IR_OP_DIV : IR_OP_REM;
            for (u32 op = IR_OP_ADD; op <= last; op++) ok = ok && binary_keeps_form((IrOp)op, type, a, b);
            if (ir_is_int(type))
                for (u32 op = IR_OP_AND; op <= IR_OP_SHR; op++) ok = ok && binary_keeps_form((IrOp)op, type, a, b);
            ok = ok && is_canonical(type, eval_unary(IR_OP_NEG, type, a)) && conversions_keep_form(type, a);
        }
        if (!CHECK(ok)) fprintf(stderr, "  type: %s\n", ir_type_info[type].text);
    }
}

// ---- NaN ----

static void test_nan_bits(void) {
    TrapKind trap;
    const u64 payload = 0xfff4000000000123u, canonical = 0x7ff8000000000000u;
    CHECK(eval_binary(IR_OP_ADD, IR_F64, payload, payload, &trap) == canonical);
    CHECK(eval_binary(IR_OP_DIV, IR_F64, 0, 0, &trap) == canonical);
    CHECK(eval_binary(IR_OP_DIV, IR_F32, 0, 0, &trap) == 0x7fc00000u);
    CHECK(eval_unary(IR_OP_NEG, IR_F64, canonical) == 0xfff8000000000000u);
    CHECK(eval_unary(IR_OP_NEG, IR_F64, payload) == (payload ^ (u64)1 << 63));
    CHECK(eval_unary(IR_OP_NEG, IR_F32, 0x7fc00000u) == 0xffc00000u);
    CHECK(eval_convert_any(IR_F32, IR_F64, payload) == 0x7fc00000u);
    CHECK(eval_convert_any(IR_F64, IR_F32, 0xffc00001u) == canonical);
    CHECK(eval_convert_any(IR_F64, IR_F64, payload) == payload);
    CHECK(eval_bitcast(IR_I32, 0xffc00001u) == (u128)(i128)(i32)0xffc00001u);
    CHECK(eval_bitcast(IR_F32, (u128)(i128)-1) == 0xffffffffu);
}

int main(void) {
    test_table();
    test_canonical_form();
    test_nan_bits();
    return CHECK_DONE();
}
