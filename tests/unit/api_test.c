// The interface as a host uses it, natively: the contract's flow (spec jsrs.md 17), slices, limits, texts, compiling, ten
// thousand runs, and every allocation failing once. Reads fixtures/jsrs; runs with backend/ as the working directory.
#include "check.h"

#include <stdlib.h>

// The functions under test are not in the native library.
#include "api/exports.c"

typedef struct File {
    u8 *data;
    size_t len;
} File;

static File read_file(const char *name) {
    char path[300];
    snprintf(path, sizeof path, "../fixtures/jsrs/%s", name);
    FILE *in = fopen(path, "rb");
    if (!CHECK(in != NULL)) {
        fprintf(stderr, "  file: %s\n", path);
        exit(1);
    }
    fseek(in, 0, SEEK_END);
    File file = {NULL, (size_t)ftell(in)};
    rewind(in);
    file.data = malloc(file.len + 1);
    file.len = fread(file.data, 1, file.len, in);
    fclose(in);
    return file;
}

static Str message(void) { return (Str){jsrust_wasm_result_message_ptr(), (u32)jsrust_wasm_result_message_len()}; }
static Str output(void) { return (Str){jsrust_wasm_stdout_ptr(), (u32)jsrust_wasm_stdout_len()}; }
static Str trace(void) { return (Str){jsrust_wasm_trace_ptr(), (u32)jsrust_wasm_trace_len()}; }
static Str text(u32 which) {
    jsrust_text(which);
    return (Str){jsrust_text_ptr(), (u32)jsrust_text_len()};
}

static bool contains(Str whole, const char *part) {
    size_t len = strlen(part);
    for (u32 at = 0; at + len <= whole.len; at++) {
        if (memcmp(whole.data + at, part, len) == 0) return true;
    }
    return false;
}

#define CHECK_CONTAINS(whole, part)                                                                                \
    do {                                                                                                           \
        Str whole_text = (whole);                                                                                  \
        if (!CHECK(contains(whole_text, part)))                                                                    \
            fprintf(stderr, "  want: %s\n  in: %.*s\n", part, (int)whole_text.len, (const char *)whole_text.data); \
    } while (0)

// A buffer of the backend with these bytes.
static u8 *give(const void *bytes, size_t len) {
    u8 *at = jsrust_wasm_alloc(len);
    if (at) memcpy(at, bytes, len);
    return at;
}

// Steps 1 to 4 of the contract's flow. 100 also where a buffer can't be had, as a host reports it.
static u32 contract_run(File file, const char *entry, bool traced) {
    jsrust_wasm_reset();
    u8 *input = give(file.data, file.len), *name = give(entry, strlen(entry));
    if ((!input && file.len) || (!name && *entry)) return ERR_INTERNAL;
    return jsrust_wasm_run(input, file.len, name, strlen(entry), traced);
}

// ---- the contract ----

static const struct {
    const char *file, *output, *entry;
    u32 code;
    const char *exit_value; // NULL = none
} programs[] = {
    {"hello.v2.jsrbin", "hello.stdout", "", 0, NULL},
    {"hello.v3.jsrbin", "hello.stdout", "main", 0, NULL},
    {"float_print.v3.jsrbin", "float_print.stdout", "main", 0, NULL},
    {"wrap_i32.v1.jsrbin", NULL, "go", 0, "-1146806895"},
    {"deep_rec.v2.jsrbin", NULL, "go", 0, "400"},
    {"div_overflow.v1.jsrbin", NULL, "go", 40, NULL},
    {"array_oob.v3.jsrbin", "array_oob.stdout", "main", 40, NULL},
};

static void test_contract(void) {
    for (u32 i = 0; i < countof(programs); i++) {
        File file = read_file(programs[i].file);
        File want = programs[i].output ? read_file(programs[i].output) : (File){0};
        for (u32 traced = 0; traced < 2; traced++) {
            u32 code = contract_run(file, programs[i].entry, traced);
            if (!CHECK(code == programs[i].code && code == jsrust_wasm_result_code())) {
                fprintf(stderr, "  %s: %u %.*s\n", programs[i].file, code, (int)message().len, message().data);
            }
            CHECK(message().len > 0);
            if (code == 0) CHECK_TEXT(message(), STR("ok"));
            CHECK_TEXT(output(), ((Str){want.data, (u32)want.len}));
            CHECK((trace().len > 0) == traced);
            char exit_value[24];
            snprintf(exit_value, sizeof exit_value, "%lld", (long long)jsrust_wasm_result_exit_value());
            CHECK(jsrust_wasm_result_has_exit_value() == (programs[i].exit_value != NULL));
            CHECK(strcmp(exit_value, programs[i].exit_value ? programs[i].exit_value : "0") == 0);
        }
        // Without a reset in between: nothing of the run before is left.
        u8 *input = give(file.data, file.len), *name = give(programs[i].entry, strlen(programs[i].entry));
        CHECK(jsrust_wasm_run(input, file.len, name, strlen(programs[i].entry), 0) == programs[i].code);
        CHECK_TEXT(output(), ((Str){want.data, (u32)want.len}));
        CHECK(trace().len == 0);
        free(file.data);
        free(want.data);
    }
}

static void check_empty(void) {
    CHECK(jsrust_wasm_result_code() == 0 && !jsrust_wasm_result_has_exit_value());
    CHECK(jsrust_wasm_result_exit_value() == 0 && message().len == 0 && output().len == 0 && trace().len == 0);
}

static void test_arguments(void) {
    jsrust_wasm_reset();
    check_empty();
    CHECK(jsrust_wasm_alloc(0) == NULL);
    CHECK(jsrust_wasm_run(NULL, 0, NULL, 0, 0) == ERR_DESERIALIZE);
    CHECK(jsrust_wasm_run(NULL, 5, NULL, 0, 0) == ERR_INTERNAL);
    CHECK_CONTAINS(message(), "outside memory");
    File file = read_file("hello.v3.jsrbin");
    CHECK(jsrust_wasm_run(file.data, file.len, NULL, 4, 0) == ERR_INTERNAL);
    CHECK(jsrust_wasm_run(file.data, file.len, NULL, 0, 0) == 0);
    CHECK(output().len > 0);
    CHECK(jsrust_wasm_run(file.data, file.len, (const u8 *)"nope", 4, 1) == ERR_EXECUTE);
    CHECK_CONTAINS(message(), "entry function not found");
    CHECK(output().len == 0 && trace().len == 0);
    CHECK(jsrust_wasm_run(file.data, file.len - 1, NULL, 0, 1) == ERR_DESERIALIZE);
    CHECK(output().len == 0 && trace().len == 0);
    jsrust_wasm_reset();
    check_empty();
    free(file.data);
}

// ---- slices, options, texts ----

static void test_order(void) {
    jsrust_wasm_reset();
    CHECK(jsrust_start(NULL, 0) == ERR_INTERNAL);
    CHECK(jsrust_resume(0) == RUN_TRAPPED && jsrust_wasm_result_code() == ERR_INTERNAL);
    CHECK(jsrust_load(NULL, 0) == ERR_DESERIALIZE && jsrust_start(NULL, 0) == ERR_DESERIALIZE);
    jsrust_stop();
    jsrust_output_drain();
    CHECK(jsrust_events_ptr() == NULL && jsrust_stat(STAT_STEPS) == 0 && jsrust_stat(99) == 0);
    CHECK(jsrust_text(TEXT_IR) == ERR_INTERNAL && jsrust_text(99) == ERR_INTERNAL && jsrust_text_len() > 0);
    CHECK(jsrust_option(OPTION_STEPS, 5) == 1 && jsrust_option(0, 1) == 0 && jsrust_option(OPTION_END, 1) == 0);
    jsrust_wasm_reset();
}

// Runs in slices of `steps`, draining; returns the last state and the output in `all`.
static u32 run_sliced(i64 steps, Buf *all) {
    for (;;) {
        u32 state = jsrust_resume(steps);
        buf_str(all, output());
        jsrust_output_drain();
        if (state == RUN_DONE || state == RUN_TRAPPED) return state;
    }
}

static void test_slices(void) {
    File file = read_file("primes.v3.jsrbin"), want = read_file("primes.stdout");
    const i64 slices[] = {0, 1, 7, 1000000};
    jsrust_wasm_reset();
    CHECK(jsrust_load(file.data, file.len) == 0);
    for (u32 i = 0; i < countof(slices); i++) {
        Buf all = {0};
        CHECK(jsrust_start(NULL, 0) == 0);
        CHECK(run_sliced(slices[i], &all) == RUN_DONE && jsrust_resume(5) == RUN_DONE);
        CHECK_TEXT(((Str){all.data, (u32)all.len}), ((Str){want.data, (u32)want.len}));
        CHECK(jsrust_stat(STAT_STEPS) > 0 && jsrust_stat(STAT_OUTPUT) == (i64)want.len);
        buf_free(&all);
    }
    // A loop that prints is never unrolled, so that the first slice ends in it.
    File loop = read_file("fizz.v2.jsrbin");
    CHECK(jsrust_load(loop.data, loop.len) == 0 && jsrust_start(NULL, 0) == 0);
    CHECK(jsrust_resume(1) == RUN_BUDGET);
    jsrust_stop();
    CHECK(jsrust_resume(0) == RUN_TRAPPED && jsrust_wasm_result_code() == ERR_EXECUTE);
    CHECK_CONTAINS(message(), "stopped");
    jsrust_wasm_reset();
    free(loop.data);
    free(file.data);
    free(want.data);
}

static void test_limits(void) {
    static const struct {
        const char *file;
        u32 key;
        i64 value;
        const char *message;
    } cases[] = {
        {"primes.v3.jsrbin", OPTION_STEPS, 50, "step limit reached: 50 steps"},
        {"hello.v3.jsrbin", OPTION_OUTPUT, 10, "output limit reached: 10 bytes"},
    };
    for (u32 i = 0; i < countof(cases); i++) {
        File file = read_file(cases[i].file);
        for (u32 traced = 0; traced < 2; traced++) {
            jsrust_wasm_reset();
            CHECK(jsrust_load(file.data, file.len) == 0);
            jsrust_option(cases[i].key, cases[i].value);
            jsrust_option(OPTION_TRACE, traced ? TRACE_TEXT | TRACE_EVENTS : 0);
            if (jsrust_start(NULL, 0) == 0) CHECK(jsrust_resume(0) == RUN_TRAPPED);
            CHECK(jsrust_wasm_result_code() == ERR_EXECUTE);
            CHECK_CONTAINS(message(), cases[i].message);
            // What stands behind the limit is not printed, though the loops before it may be one straight line.
            CHECK(output().len == (cases[i].key == OPTION_OUTPUT ? 10 : 0));
        }
        jsrust_wasm_reset();
        CHECK(jsrust_wasm_run(file.data, file.len, NULL, 0, 0) == 0); // a reset restores the defaults
        free(file.data);
    }
    jsrust_wasm_reset();
}

static void test_events(void) {
    File file = read_file("primes.v3.jsrbin");
    jsrust_wasm_reset();
    jsrust_option(OPTION_TRACE, TRACE_EVENTS);
    jsrust_option(OPTION_EVENTS, 100);
    CHECK(jsrust_load(file.data, file.len) == 0 && jsrust_start(NULL, 0) == 0);
    Buf all = {0};
    CHECK(run_sliced(0, &all) == RUN_DONE);
    CHECK(jsrust_stat(STAT_EVENTS) == 100 && jsrust_stat(STAT_EVENTS_DROPPED) > 0 && jsrust_events_ptr() != NULL);
    CHECK(trace().len == 0);
    jsrust_option(OPTION_STOP_WHEN_FULL, 1);
    CHECK(jsrust_start(NULL, 0) == 0 && run_sliced(0, &all) == RUN_TRAPPED);
    CHECK(jsrust_stat(STAT_EVENTS) == 100);
    CHECK_CONTAINS(message(), "stopped");
    buf_free(&all);
    jsrust_wasm_reset();
    free(file.data);
}

static void test_texts(void) {
    File file = read_file("array_oob.v3.jsrbin");
    jsrust_wasm_reset();
    CHECK(jsrust_load(file.data, file.len) == 0 && jsrust_start(NULL, 0) == 0);
    CHECK(jsrust_resume(0) == RUN_TRAPPED);
    CHECK_CONTAINS(message(), "index out of bounds in `");
    Str report = text(TEXT_REPORT);
    static const char *const parts[] = {
        "{\"code\":40,\"kind\":\"execute-error\",\"rule\":null,\"message\":\"index out of bounds",
        "\"exitValue\":null",
        "\"position\":{\"function\":\"",
        "\"stack\":[{\"function\":\"",
        "\"omitted\":0}",
    };
    for (u32 i = 0; i < countof(parts); i++) CHECK_CONTAINS(report, parts[i]);
    CHECK(!contains(report, "\"text\":null"));
    for (u32 which = TEXT_MODULE; which <= TEXT_BYTECODE; which++) {
        CHECK(jsrust_text(which) == 0 && jsrust_text_len() > 0);
    }
    CHECK(jsrust_wasm_result_code() == ERR_EXECUTE); // texts leave the result alone
    jsrust_wasm_reset();

    file.data[4] = 9;
    CHECK(jsrust_load(file.data, file.len) == ERR_VERSION);
    CHECK_CONTAINS(text(TEXT_REPORT), "\"code\":21,\"kind\":\"unsupported-version\"");
    jsrust_wasm_reset();
    free(file.data);
}

// A call stack deeper than 20 is cut in the middle.
static void test_deep_stack(void) {
    File file = read_file("deep_rec.v3.jsrbin");
    jsrust_wasm_reset();
    CHECK(jsrust_load(file.data, file.len) == 0);
    jsrust_option(OPTION_DEPTH, 100);
    jsrust_option(OPTION_OPTIMISE, 0);
    CHECK(jsrust_start((const u8 *)"go", 2) == 0 && jsrust_resume(0) == RUN_TRAPPED);
    CHECK_CONTAINS(message(), "call stack exhausted");
    Str report = text(TEXT_REPORT);
    u32 frames = 0;
    for (u32 at = 0; at + 12 < report.len; at++) frames += memcmp(report.data + at, "{\"function\":", 12) == 0;
    CHECK(frames == 1 + 20);
    CHECK(!contains(report, "\"omitted\":0}"));
    CHECK_CONTAINS(report, "{\"function\":\"go\"");
    jsrust_wasm_reset();
    free(file.data);
}

// ---- compiling ----

static Str compiled(void) { return (Str){jsrust_wasm_codegen_wasm_ptr(), (u32)jsrust_wasm_codegen_wasm_len()}; }

static u32 contract_codegen(File file, const char *entry) {
    jsrust_wasm_reset();
    u8 *input = give(file.data, file.len), *name = give(entry, strlen(entry));
    if ((!input && file.len) || (!name && *entry)) return ERR_INTERNAL;
    return jsrust_wasm_codegen(input, file.len, name, strlen(entry));
}

static const struct {
    const char *file, *entry;
    u32 cut; // bytes left out at the end
    u32 code;
    const char *message;
    bool gives_exit_value;
} compilations[] = {
    {"hello.v2.jsrbin", "", 0, 0, "ok", false},
    {"wrap_i32.v1.jsrbin", "go", 0, 0, "ok", true},
    {"div_overflow.v1.jsrbin", "go", 0, 0, "ok", true},
    {"hello.v3.jsrbin", "nope", 0, ERR_EXECUTE, "entry function not found", false},
    {"div_overflow.v1.jsrbin", "div", 0, ERR_EXECUTE, "parameter", false},
    {"hello.v3.jsrbin", "main", 1, ERR_DESERIALIZE, "truncated binary input", false},
    {"../jsrs-malformed/count_insts_huge.jsrbin", "main", 0, ERR_DESERIALIZE,
     "instructions do not fit into the rest of the functions section in `warm`, block 0, at byte 112", false},
    {"../jsrs-malformed/branch_arity.jsrbin", "main", 0, ERR_VALIDATE, "InvalidBlockArg", false},
};

static void test_codegen(void) {
    static const u8 magic[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    for (u32 i = 0; i < countof(compilations); i++) {
        File file = read_file(compilations[i].file);
        file.len -= compilations[i].cut;
        CHECK(contract_run(file, compilations[i].entry, true) == jsrust_wasm_result_code());
        u32 code = contract_codegen(file, compilations[i].entry);
        if (!CHECK(code == compilations[i].code && code == jsrust_wasm_result_code()))
            fprintf(stderr, "  %s: %u %.*s\n", compilations[i].file, code, (int)message().len, message().data);
        CHECK_CONTAINS(message(), compilations[i].message);
        // Nothing ran, and nothing of the run before is left.
        CHECK(!jsrust_wasm_result_has_exit_value() && jsrust_wasm_result_exit_value() == 0);
        CHECK(output().len == 0 && trace().len == 0);
        CHECK(jsrust_stat(STAT_GIVES_EXIT_VALUE) == compilations[i].gives_exit_value);
        CHECK((compiled().len > sizeof magic) == (code == 0));
        if (code == 0) CHECK(memcmp(compiled().data, magic, sizeof magic) == 0);
        jsrust_wasm_reset();
        CHECK(compiled().len == 0);
        check_empty();
        free(file.data);
    }
    CHECK(jsrust_wasm_codegen(NULL, 0, NULL, 0) == ERR_DESERIALIZE && compiled().len == 0);
    CHECK(jsrust_wasm_codegen(NULL, 5, NULL, 0) == ERR_INTERNAL && compiled().len == 0);
    CHECK_CONTAINS(message(), "outside memory");
    CHECK(jsrust_compile(NULL, 0) == ERR_INTERNAL);
    jsrust_wasm_reset();
    CHECK(jsrust_compile(NULL, 0) == ERR_INTERNAL);
    CHECK_CONTAINS(message(), "no file is loaded");
    jsrust_wasm_reset();
}

// Every combination of options makes a module, the same each time, and each bit makes a difference.
static void test_compile_options(void) {
    File file = read_file("array_oob.v3.jsrbin");
    u64 sizes[5] = {0};
    jsrust_wasm_reset();
    CHECK(jsrust_load(file.data, file.len) == 0);
    for (u32 level = 0; level < 4; level++) {
        for (u32 choice = 0; choice < 64; choice++) {
            Buf first = {0};
            jsrust_option(OPTION_LEVEL, level);
            jsrust_option(OPTION_ADAPTER, choice >> 5);
            jsrust_option(OPTION_CODEGEN, choice & 31);
            CHECK(jsrust_compile(NULL, 0) == 0);
            buf_str(&first, compiled());
            CHECK((text(TEXT_ORIGINS).len > 0) == ((choice & CODEGEN_ORIGINS) != 0));
            CHECK(jsrust_compile((const u8 *)"main", 4) == 0);
            CHECK_TEXT(compiled(), ((Str){first.data, (u32)first.len}));
            CHECK(contains(compiled(), "jsrust.map") == ((choice & CODEGEN_MAP) != 0));
            CHECK(contains(compiled(), "proc_exit") == (choice >= 32));
            if (level == 1 && choice < 4) sizes[choice] = first.len;
            buf_free(&first);
        }
    }
    CHECK(sizes[0] < sizes[CODEGEN_NAMES] && sizes[0] < sizes[CODEGEN_MAP]);
    jsrust_option(OPTION_LEVEL, 4);
    CHECK(jsrust_compile(NULL, 0) == ERR_INTERNAL && compiled().len == 0);
    CHECK(jsrust_text(TEXT_PASSES) == ERR_INTERNAL);
    jsrust_option(OPTION_LEVEL, 1);
    jsrust_option(OPTION_ADAPTER, 2);
    CHECK(jsrust_compile(NULL, 0) == ERR_INTERNAL && compiled().len == 0);
    jsrust_wasm_reset();
    free(file.data);
}

// Compiling and running take each other's place.
static void test_compile_between_runs(void) {
    File file = read_file("wrap_i32.v1.jsrbin");
    jsrust_wasm_reset();
    CHECK(jsrust_load(file.data, file.len) == 0 && jsrust_start((const u8 *)"go", 2) == 0);
    CHECK(jsrust_resume(0) == RUN_DONE && jsrust_wasm_result_has_exit_value());
    CHECK(jsrust_compile((const u8 *)"go", 2) == 0 && !jsrust_wasm_result_has_exit_value());
    CHECK(jsrust_resume(0) == RUN_TRAPPED && jsrust_stat(STAT_STEPS) == 0);
    CHECK(jsrust_compile((const u8 *)"go", 2) == 0 && compiled().len > 0);
    CHECK(jsrust_start((const u8 *)"go", 2) == 0 && compiled().len == 0);
    CHECK(jsrust_resume(0) == RUN_DONE && jsrust_wasm_result_has_exit_value());
    jsrust_wasm_reset();
    free(file.data);
}

static void test_pass_texts(void) {
    File file = read_file("primes.v3.jsrbin");
    jsrust_wasm_reset();
    CHECK(jsrust_load(file.data, file.len) == 0 && jsrust_compile(NULL, 0) == 0);
    for (u32 level = 0; level < 4; level++) {
        jsrust_option(OPTION_LEVEL, level);
        Str names = text(TEXT_PASSES);
        u32 passes = 0;
        for (u32 at = 0; at < names.len; at++) passes += names.data[at] == '\n';
        CHECK((passes > 0) == (level > 0));
        Buf lowered = {0};
        buf_str(&lowered, text(TEXT_IR));
        jsrust_option(OPTION_PASS, 0);
        CHECK_TEXT(text(TEXT_IR_AFTER), ((Str){lowered.data, (u32)lowered.len}));
        for (u32 pass = 1; pass <= passes + 1; pass++) {
            jsrust_option(OPTION_PASS, pass);
            CHECK(jsrust_text(TEXT_IR_AFTER) == 0 && jsrust_text_len() > 0);
        }
        Str last = text(TEXT_IR_AFTER);
        bool same = last.len == lowered.len && memcmp(last.data, lowered.data, last.len) == 0;
        CHECK(same == (level == 0));
        // One function as it was: the module's text begins with rows that a function's has not.
        jsrust_option(OPTION_FUNCTION, 0);
        CHECK(contains(text(TEXT_IR_HISTORY), "after 0\nfn 1 \"main\""));
        CHECK(contains(text(TEXT_IR_HISTORY), "\nafter ") == (level > 0));
        jsrust_option(OPTION_FUNCTION, 2);
        CHECK(contains(text(TEXT_IR_HISTORY), "after 0\nfn 2 \"is_prime\""));
        jsrust_option(OPTION_FUNCTION, 3);
        CHECK(jsrust_text(TEXT_IR_HISTORY) == ERR_INTERNAL);
        CHECK_TEXT(text(TEXT_FUNCTIONS), STR("1 \"main\"\n2 \"is_prime\"\n"));
        buf_free(&lowered);
    }
    jsrust_wasm_reset();
    CHECK(jsrust_text(TEXT_IR_AFTER) == ERR_INTERNAL);
    free(file.data);
}

// ---- memory ----

static void test_many_runs(void) {
    File file = read_file("hello.v2.jsrbin"), bad = read_file("div_overflow.v1.jsrbin");
    jsrust_wasm_reset();
    size_t before = platform_reserved();
    contract_run(file, "main", true);
    contract_run(bad, "go", true);
    size_t held = platform_reserved();
    u32 wrong = 0;
    for (u32 i = 0; i < 5000; i++) {
        wrong += contract_run(file, "main", true) != 0;
        wrong += contract_run(bad, "go", true) != 40;
        wrong += platform_reserved() != held;
    }
    CHECK(wrong == 0);
    jsrust_wasm_reset();
    CHECK(platform_reserved() == before);
    free(file.data);
    free(bad.data);
}

// Every allocation of a run and its texts fails once: the answer is 100 with a message, or the right one where the
// failed memory could be done without, and nothing is lost.
static void test_out_of_memory(void) {
    static const struct {
        const char *file, *entry;
        u32 code;
    } cases[] = {
        {"hello.v2.jsrbin", "main", 0},  {"primes.v3.jsrbin", "main", 0},     {"struct_mutate.v3.jsrbin", "main", 0},
        {"wrap_i32.v1.jsrbin", "go", 0}, {"array_oob.v3.jsrbin", "main", 40}, {"vec_grow.v2.jsrbin", "main", 0},
    };
    for (u32 i = 0; i < countof(cases); i++) {
        File file = read_file(cases[i].file);
        jsrust_wasm_reset();
        size_t before = platform_reserved();
        u64 n = 0, left = 0;
        while (left == 0 && n < 10000) {
            platform_fail_after(++n);
            u32 code = contract_run(file, cases[i].entry, n % 2);
            for (u32 which = TEXT_REPORT; which <= TEXT_BYTECODE; which++) jsrust_text(which);
            left = platform_fail_after(0);
            bool said = code == ERR_INTERNAL ? true : code == cases[i].code && message().len > 0;
            if (!CHECK(said)) {
                fprintf(stderr, "  %s, allocation %u: %u %.*s\n", cases[i].file, (u32)n, code, (int)message().len,
                        message().data);
            }
            jsrust_wasm_reset();
            CHECK(platform_reserved() == before);
        }
        CHECK(left > 0);
        free(file.data);
    }
}

// The same of compiling, and of the texts that belong to it.
static void test_compile_out_of_memory(void) {
    static const char *const files[] = {"hello.v2.jsrbin", "primes.v3.jsrbin", "array_oob.v3.jsrbin",
                                        "vec_grow.v2.jsrbin"};
    for (u32 i = 0; i < countof(files); i++) {
        File file = read_file(files[i]);
        jsrust_wasm_reset();
        size_t before = platform_reserved();
        u64 n = 0, left = 0;
        while (left == 0 && n < 10000) {
            platform_fail_after(++n);
            jsrust_option(OPTION_LEVEL, n % 4);
            jsrust_option(OPTION_ADAPTER, n / 4 % 2);
            jsrust_option(OPTION_CODEGEN, n / 8 % 32);
            u32 code = jsrust_wasm_codegen(file.data, file.len, NULL, 0);
            for (u32 which = TEXT_PASSES; which <= TEXT_IR_HISTORY; which++) jsrust_text(which);
            left = platform_fail_after(0);
            CHECK(code == ERR_INTERNAL || code == 0);
            CHECK((compiled().len > 0) == (code == 0) && message().len > 0);
            jsrust_wasm_reset();
            CHECK(platform_reserved() == before);
        }
        CHECK(left > 0);
        free(file.data);
    }
}

int main(void) {
    test_contract();
    test_arguments();
    test_order();
    test_slices();
    test_limits();
    test_events();
    test_texts();
    test_deep_stack();
    test_codegen();
    test_compile_options();
    test_compile_between_runs();
    test_pass_texts();
    test_many_runs();
    test_out_of_memory();
    test_compile_out_of_memory();
    return CHECK_DONE();
}
