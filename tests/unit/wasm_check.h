// The exports of the reader of WebAssembly modules as the tests call them: loading bytes that end where their allocation
// does, what is in the text that came back, and everything that can be done with any bytes at all.
#ifndef TESTS_WASM_CHECK_H
#define TESTS_WASM_CHECK_H

#include "check.h"

#include "api/tools.c" // the one module of an instance, which tests look into
#include "wasm_bytes.h"

static inline Str text(void) { return (Str){tools_text_ptr(), (u32)tools_text_len()}; }

// The last line, when all lines before are too many to be shown by a failure.
static inline Str text_end(void) { return text().len < 120 ? text() : (Str){text().data + text().len - 120, 120}; }

static inline bool contains(Str whole, const char *part) {
    u32 len = (u32)strlen(part);
    for (u32 at = 0; at + len <= whole.len; at++) {
        if (memcmp(whole.data + at, part, len) == 0) return true;
    }
    return false;
}

static inline bool check_contains(const char *file, int line, Str whole, const char *part) {
    if (check_that(contains(whole, part), file, line, part)) return true;
    fprintf(stderr, "  in: %.*s\n", (int)whole.len, (const char *)whole.data);
    return false;
}
#define CHECK_CONTAINS(whole, part) check_contains(__FILE__, __LINE__, (whole), (part))

// The bytes end where their own allocation does, so that reading past them is found.
static inline u32 load_copy(Str file) {
    tools_reset();
    u8 *copy = tools_alloc(file.len);
    if (!copy && file.len) return ERR_INTERNAL;
    if (file.len) memcpy(copy, file.data, file.len);
    return tools_load(copy, file.len);
}

static u32 random_state = 1;
static inline u32 random_below(u32 limit) {
    random_state = random_state * 1664525u + 1013904223u;
    return (u32)((u64)(random_state >> 8) * limit >> 24);
}

// Everything that can be done with it; nothing of it may go wrong but by its code.
static inline void try_all(Str file) {
    if (load_copy(file) == ERR_OK) {
        CHECK(tools_describe() == ERR_OK);
        u32 functions = tools.module.functions.count;
        for (u32 i = 0; i < functions && i < 5; i++) CHECK(tools_disassemble(i) == ERR_OK);
        CHECK(tools_disassemble(functions) == ERR_VALIDATE);
        CHECK(tools_module_text() == ERR_OK);
        u32 code = tools_rewrite(3);
        CHECK(code == ERR_OK || code == ERR_VALIDATE);
    }
    CHECK(text().len > 0);
}

static inline void try_mutations(Str file, u32 rounds) {
    for (u32 round = 0; round < rounds; round++) {
        Bytes changed = {.len = 0};
        put_bytes(&changed, file.data, file.len);
        for (u32 n = 1 + random_below(4); n > 0; n--) changed.data[random_below(changed.len)] = (u8)random_below(256);
        try_all((Str){changed.data, changed.len});
    }
}

#endif
