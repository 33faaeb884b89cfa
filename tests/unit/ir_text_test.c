// The text form both ways: golden files (print of what is read), messages with line and column, and hostile text.
// Runs in backend/. UPDATE=1 in the environment writes what the golden files should hold.
#include "check.h"

#include <dirent.h>
#include <stdlib.h>

#include "ir/text.h"
#include "ir/verify.h"
#include "support/platform.h"

static const char *const folder = "../tests/golden/ir";

static Str read_file(Arena *arena, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file) return (Str){0};
    enum { LARGEST = 1 << 20 };
    u8 *bytes = arena_new(arena, u8, LARGEST);
    u32 len = bytes ? (u32)fread(bytes, 1, LARGEST, file) : 0;
    fclose(file);
    return (Str){bytes, len};
}

static void write_file(const char *name, Str text) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file) return;
    fwrite(text.data, 1, text.len, file);
    fclose(file);
}

static Str text_of(const Buf *out) { return (Str){out->data, (u32)out->len}; }
static Str message_of(const Error *error) { return (Str){(const u8 *)error->message, error->message_len}; }

// Reads and prints a module. False with the error's message printed instead.
static bool read_and_print(Str text, Arena *arena, Buf *out, bool verify) {
    IrModule module;
    Arena scratch;
    Error error = {0};
    arena_init(&scratch, 0);
    bool ok = ir_parse(&module, arena, text, &error) && (!verify || ir_verify(&module, &scratch, &error));
    arena_free(&scratch);
    if (ok) ir_print(out, &module);
    else buf_str(out, message_of(&error));
    return ok;
}

// ---- golden files ----

static bool ends_with(const char *name, const char *suffix) {
    size_t len = strlen(name), tail = strlen(suffix);
    return len > tail && strcmp(name + len - tail, suffix) == 0;
}

static void run_golden(const char *name) {
    char expected_name[300];
    snprintf(expected_name, sizeof expected_name, "%.*s.out", (int)strlen(name) - 3, name);
    Arena arena;
    Buf first, second;
    arena_init(&arena, 0);
    buf_init(&first, 0);
    buf_init(&second, 0);
    bool ok = read_and_print(read_file(&arena, name), &arena, &first, true);
    if (getenv("UPDATE")) write_file(expected_name, text_of(&first));
    if (!CHECK_TEXT(text_of(&first), read_file(&arena, expected_name))) fprintf(stderr, "  file: %s\n", name);
    if (CHECK(ok) && CHECK(read_and_print(text_of(&first), &arena, &second, true)))
        CHECK_TEXT(text_of(&second), text_of(&first));
    buf_free(&first);
    buf_free(&second);
    arena_free(&arena);
}

static void test_golden(void) {
    DIR *files = opendir(folder);
    u32 count = 0;
    for (struct dirent *entry; files && (entry = readdir(files));)
        if (ends_with(entry->d_name, ".ir")) run_golden(entry->d_name), count++;
    if (files) closedir(files);
    CHECK(count >= 2);
}

// ---- messages ----

typedef struct Refusal {
    const char *text, *message;
} Refusal;

static const Refusal refusals[] = {
    {"what", "1:1: expected entry, data, source, site or fn"},
    {"\n  // é\n  é what", "3:3: expected entry, data, source, site or fn"},
    {"data 0 = \"é\" what", "1:14: expected entry, data, source, site or fn"},
    {"entry x", "1:7: expected a number below 2^32"},
    {"entry 4294967296 -> i64", "1:7: expected a number below 2^32"},
    {"entry 99999999999999999999999999999999999999999999 -> i64", "1:7: expected a number below 2^32"},
    {"entry 1 -> f16", "1:12: expected a type"},
    {"data 1 = \"\"", "1:8: these start at 0 and stand in order"},
    {"data 0 = \"open", "1:10: string without an end on its line"},
    {"data 0 = \"open\\", "1:10: string without an end on its line"},
    {"data 0 = \"\n\"", "1:10: string without an end on its line"},
    {"data 0 = \"\\q\"", "1:10: unknown escape in a string"},
    {"data 0 = \"\\x4\"", "1:10: unknown escape in a string"},
    {"data 0 = 5", "1:10: expected a string"},
    {"site 2 = 0:0:0", "1:8: sites start at 1 and stand in order"},
    {"site 1 = 0:0", "1:13: expected :"},
    {"fn 2 \"f\" -> void {}", "1:6: functions start at 1 and stand in order"},
    {"fn 1 \"f\" -> void", "1:17: expected {"},
    {"fn 1 \"f\" -> void {", "1:19: expected a block or function"},
    {"fn 1 \"f\"(v0 i32) -> void {}", "1:13: values start at v1"},
    {"fn 1 \"f\"(v1) -> void {}", "1:12: expected a type"},
    {"fn 1 \"f\"(v1 i32, v1 i32) -> void {}", "1:24: value defined twice before this"},
    {"fn 1 \"f\"(v99999999 i32) -> void {}", "1:9: number too high for so short a text"},
    {"fn 1 \"f\" -> void { block99999999: return }", "1:33: number too high for so short a text"},
    {"fn 1 \"f\" -> void { slot 1 = 4 align 4 }", "1:27: slots start at 0 and stand in order"},
    {"fn 1 \"f\" -> void { block0: return }", "1:26: blocks start at block1 and stand in order"},
    {"fn 1 \"f\" -> void { block2: return block1: return }", "1:41: blocks start at block1 and stand in order"},
    {"fn 1 \"f\" -> void { block1 return }", "1:27: expected :"},
    {"fn 1 \"f\" -> void { block1: jump block1 }", "1:40: expected ("},
    {"fn 1 \"f\" -> void { block1: jump fn1() }", "1:33: expected a block or function"},
    {"fn 1 \"f\" -> void { block1: nop }", "1:28: expected an operation"},
    {"fn 1 \"f\" -> void { block1: param }", "1:28: expected an operation"},
    {"fn 1 \"f\" -> void { block1: v1 = frob i32 v1 }", "1:33: expected an operation"},
    {"fn 1 \"f\" -> void { block1: v1 = flush return }", "1:39: no result to name before this"},
    {"fn 1 \"f\" -> void { block1: const i32 1 return }", "1:40: result without a name before this"},
    {"fn 1 \"f\" -> void { block1: v1 = const i32 1 v1 = const i32 1 }", "1:62: value defined twice before this"},
    {"fn 1 \"f\" -> void { block1: v1 = const i8 128 }", "1:42: expected an integer of its type"},
    {"fn 1 \"f\" -> void { block1: v1 = const i8 -129 }", "1:42: expected an integer of its type"},
    {"fn 1 \"f\" -> void { block1: v1 = const u8 -1 }", "1:42: expected an integer of its type"},
    {"fn 1 \"f\" -> void { block1: v1 = const u128 340282366920938463463374607431768211456 }",
     "1:44: expected an integer of its type"},
    {"fn 1 \"f\" -> void { block1: v1 = const i128 170141183460469231731687303715884105728 }",
     "1:44: expected an integer of its type"},
    {"fn 1 \"f\" -> void { block1: v1 = const bool 1 }", "1:44: expected false"},
    {"fn 1 \"f\" -> void { block1: v1 = const f64 one }", "1:43: expected a number"},
    {"fn 1 \"f\" -> void { block1: v1 = const f64 0x }", "1:43: expected a hexadecimal number"},
    {"fn 1 \"f\" -> void { block1: v1 = const f64 0x12345678123456789 }", "1:43: expected a hexadecimal number"},
    {"fn 1 \"f\" -> void { block1: v1 = const void 1 }", "1:44: a constant needs a type"},
    {"fn 1 \"f\" -> void { block1: trap }", "1:33: expected a trap kind"},
    {"fn 1 \"f\" -> void { block1: trap NONE }", "1:33: expected a trap kind"},
    {"fn 1 \"f\" -> void { block1: switch f64 v1, block1() }", "1:39: a selector is an integer"},
    {"fn 1 \"f\" -> void { block1: switch u8 v1, block1() case 256: block1() }",
     "1:56: expected an integer of its type"},
};

static void test_messages(void) {
    for (u32 i = 0; i < countof(refusals); i++) {
        Arena arena;
        Buf out;
        arena_init(&arena, 0);
        buf_init(&out, 0);
        Str text = {(const u8 *)refusals[i].text, (u32)strlen(refusals[i].text)};
        Str want = {(const u8 *)refusals[i].message, (u32)strlen(refusals[i].message)};
        bool ok = !read_and_print(text, &arena, &out, false);
        if (!CHECK(ok) || !CHECK_TEXT(text_of(&out), want)) fprintf(stderr, "  text: %s\n", refusals[i].text);
        buf_free(&out);
        arena_free(&arena);
    }
}

// ---- hostile text: no prefix and no changed byte may do harm; what is read and verified must print ----

static void read_hostile(Str text) {
    Arena arena;
    Buf out;
    arena_init(&arena, 64 << 20);
    buf_init(&out, 0);
    read_and_print(text, &arena, &out, true);
    buf_free(&out);
    arena_free(&arena);
}

static void test_hostile(const char *name) {
    Arena arena;
    arena_init(&arena, 0);
    Str text = read_file(&arena, name);
    u8 *copy = text.len ? malloc(text.len) : NULL;
    if (!CHECK(copy)) return;
    u64 state = 88172645463325252u;
    for (u32 len = 0; len < text.len; len++) {
        u8 *prefix = malloc(len ? len : 1); // its own block, so that reading past the end is seen
        mem_copy(prefix, text.data, len);
        read_hostile((Str){prefix, len});
        free(prefix);
    }
    for (u32 i = 0; i < 2000; i++) {
        mem_copy(copy, text.data, text.len);
        for (u32 changes = 1 + i % 3; changes > 0; changes--) {
            state ^= state << 13, state ^= state >> 7, state ^= state << 17;
            u32 at = (u32)(state >> 32) % text.len;
            copy[at] = i % 2 ? text.data[(u32)state % text.len] : (u8)state;
        }
        read_hostile((Str){copy, text.len});
    }
    CHECK(true); // the sanitisers are the judges
    free(copy);
    arena_free(&arena);
}

// ---- out of memory: the n-th request fails, for each n, until all succeed ----

static void test_out_of_memory(const char *name) {
    Arena names;
    arena_init(&names, 0);
    Str text = read_file(&names, name);
    bool ok = false;
    u32 n = 0;
    for (; !ok && n < 1000; n++) {
        Arena arena, scratch;
        IrModule module;
        Error error = {0};
        Buf out;
        arena_init(&arena, 0);
        arena_init(&scratch, 0);
        buf_init(&out, 0);
        platform_fail_after(n + 1);
        ok = ir_parse(&module, &arena, text, &error) && ir_verify(&module, &scratch, &error);
        if (ok) ir_print(&out, &module);
        bool said = error.code == ERR_INTERNAL;
        CHECK(ok || said);
        ok = ok && !out.failed;
        platform_fail_after(0);
        buf_free(&out);
        arena_free(&scratch);
        arena_free(&arena);
    }
    CHECK(ok && n > 2);
    arena_free(&names);
}

// The same by the arena's limit, byte by byte: finer than platform blocks.
static void test_arena_limit(const char *name) {
    Arena names;
    arena_init(&names, 0);
    Str text = read_file(&names, name);
    bool ok = false;
    for (size_t limit = 1; !ok && limit < (1 << 20); limit += limit < 4096 ? 16 : 512) {
        Arena arena;
        IrModule module;
        Error error = {0};
        arena_init(&arena, limit);
        ok = ir_parse(&module, &arena, text, &error);
        CHECK(ok || error.code == ERR_INTERNAL);
        arena_free(&arena);
    }
    CHECK(ok);
    arena_free(&names);
}

int main(void) {
    test_golden();
    test_messages();
    test_hostile("every_operation.ir");
    test_hostile("control_flow.ir");
    test_out_of_memory("every_operation.ir");
    test_out_of_memory("control_flow.ir");
    test_arena_limit("every_operation.ir");
    return CHECK_DONE();
}
