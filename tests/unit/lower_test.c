// Lowering (backend/jsrs/lower*.c): every fixture lowers to IR that passes the verifier, traced and not; what contradicts itself is
// refused by name; running out of memory at any point is an error, never a crash.
#include "check.h"

#include <dirent.h>
#include <stdlib.h>

#include "ir/verify.h"
#include "jsrs/jsrs.h"
#include "jsrs/lower.h"
#include "support/platform.h"

static u8 *read_all(const char *path, u32 *size) {
    FILE *in = fopen(path, "rb");
    if (!in) return NULL;
    fseek(in, 0, SEEK_END);
    *size = (u32)ftell(in);
    rewind(in);
    u8 *bytes = malloc(*size ? *size : 1);
    if (bytes && fread(bytes, 1, *size, in) != *size) *size = 0;
    fclose(in);
    return bytes;
}

// `main`, or the last function that can be an entry (programs of the corpus that start elsewhere).
static Str entry_of(const JsrsModule *m) {
    Str entry = STR("main");
    for (u32 i = 0; i < m->functions.count; i++) {
        if (str_equal(jsrs_function_name(m, i), STR("main"))) return STR("main");
        if (m->functions.items[i].param_count == 0) entry = jsrs_function_name(m, i);
    }
    return entry;
}

static void lower_file(const char *path, bool traced, Error *error) {
    u32 size = 0;
    u8 *bytes = read_all(path, &size);
    Arena arena, scratch;
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    error_clear(error);
    JsrsModule m;
    IrModule ir;
    if (bytes && jsrs_decode(&m, &arena, (Str){bytes, size}, error) && jsrs_validate(&m, true, error) &&
        jsrs_lower(&ir, &arena, &scratch, &m, entry_of(&m), (LowerOptions){.traced = traced}, error) &&
        ir_verify(&ir, &scratch, error) && ir.entry == 0)
        (void)error_set(error, ERR_INTERNAL, NOWHERE, "no entry");
    CHECK(bytes != NULL);
    CHECK(scratch.used == 0); // left as found
    arena_free(&arena);
    arena_free(&scratch);
    free(bytes);
}

static void expect(const char *path, const char *name, ErrorCode code, const char *words) {
    for (int traced = 0; traced < 2; traced++) {
        Error error;
        lower_file(path, traced, &error);
        error.message[error.message_len < ERROR_MESSAGE_MAX ? error.message_len : ERROR_MESSAGE_MAX - 1] = 0;
        if (!CHECK(error.code == code) || !CHECK(!words || strstr(error.message, words)))
            fprintf(stderr, "  %s: %u %s\n", name, error.code, error.message);
    }
}

static const struct {
    const char *file;
    ErrorCode code;
    const char *words;
} refused[] = {
    {"contradiction.v2.jsrbin", ERR_VALIDATE, "TypeMismatch: in function main, block 0: one place or value is used as"},
    {"place_mismatch.v3.jsrbin", ERR_VALIDATE,
     "TypeMismatch: in function main, block 0: one place or value is used as"},
    {"array_huge.v3.jsrbin", ERR_EXECUTE, "memory limit"},
    {"struct_in_itself.v3.jsrbin", ERR_EXECUTE, "holds itself"},
    {"struct_doubled.v3.jsrbin", ERR_EXECUTE, "memory limit: a value of type `struct S29`"},
};

static void every_fixture(const char *folder) {
    char path[512];
    DIR *dir = opendir(folder);
    CHECK(dir != NULL);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (!strstr(entry->d_name, ".jsrbin")) continue;
        ErrorCode code = ERR_OK;
        const char *words = NULL;
        for (u32 i = 0; i < countof(refused); i++)
            if (!strcmp(entry->d_name, refused[i].file)) code = refused[i].code, words = refused[i].words;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        expect(path, entry->d_name, code, words);
    }
    if (dir) closedir(dir);
}

// The n-th request for memory fails, for each n until none does.
static void out_of_memory(const char *path) {
    for (u64 n = 1; n < 1000; n++) {
        Error error;
        platform_fail_after(n);
        lower_file(path, false, &error);
        platform_fail_after(0);
        if (error.code == ERR_OK) return;
        if (!CHECK(error.code == ERR_INTERNAL)) return;
    }
    CHECK(!"memory never sufficed");
}

int main(void) {
    every_fixture("../fixtures/jsrs");
    every_fixture("../fixtures/jsrs-bench");
    every_fixture("../fixtures/jsrs-own");
    out_of_memory("../fixtures/jsrs-own/vec_kinds.v2.jsrbin");
    out_of_memory("../fixtures/jsrs-own/list_nodes.v3.jsrbin");
    return CHECK_DONE();
}
