// Golden files: every NAME.ir of a folder is read and verified, made into a text, and the text held against NAME.out.
// Runs in backend/. UPDATE=1 in the environment writes what the files should hold. Included by one file of a test.
#ifndef UNIT_GOLDEN_H
#define UNIT_GOLDEN_H

#include "check.h"

#include <dirent.h>
#include <stdlib.h>

#include "ir/text.h"
#include "ir/verify.h"

// What becomes of one module; false with an error when that fails. `context` as given to check_golden.
typedef bool GoldenText(IrModule *module, Arena *arena, const void *context, Buf *out, Error *error);

static Str golden_read(const char *path) {
    static char text[1 << 18];
    FILE *file = fopen(path, "rb");
    if (!file) return (Str){(const u8 *)"", 0};
    size_t len = fread(text, 1, sizeof text, file);
    fclose(file);
    return (Str){(const u8 *)text, (u32)len};
}

static void golden_write(const char *path, Str text) {
    FILE *file = fopen(path, "wb");
    if (!CHECK(file != NULL)) return;
    fwrite(text.data, 1, text.len, file);
    fclose(file);
}

static void golden_case(const char *folder, const char *name, GoldenText *make, const void *context) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    Arena arena, scratch;
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    IrModule module;
    Error error;
    error_clear(&error);
    Buf out;
    buf_init(&out, 0);
    bool made = ir_parse(&module, &arena, golden_read(path), &error) && ir_verify(&module, &scratch, &error) &&
                make(&module, &arena, context, &out, &error);
    if (!CHECK(made)) fprintf(stderr, "  %s: %.*s\n", path, (int)error.message_len, error.message);
    snprintf(path + strlen(path) - 3, 8, ".out");
    Str got = {out.data, (u32)out.len};
    if (getenv("UPDATE")) golden_write(path, got);
    else if (made && !CHECK_TEXT(got, golden_read(path))) fprintf(stderr, "  in %s\n", path);
    buf_free(&out);
    arena_free(&arena);
    arena_free(&scratch);
}

static void check_golden(const char *folder, GoldenText *make, const void *context) {
    DIR *dir = opendir(folder);
    if (!CHECK(dir != NULL)) return;
    u32 count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        size_t len = strlen(entry->d_name);
        if (len > 3 && strcmp(entry->d_name + len - 3, ".ir") == 0)
            golden_case(folder, entry->d_name, make, context), count++;
    }
    closedir(dir);
    CHECK(count > 0);
}

#endif
