// Bytecode of small modules: tests/golden/interp/NAME.ir and NAME.out, its disassembly and what running it gives.
// Runs in backend/. UPDATE=1 in the environment writes what the golden files should hold.
#include "check.h"

#include <dirent.h>
#include <stdlib.h>

#include "interp/run.h"
#include "ir/text.h"
#include "ir/verify.h"

static const char *const folder = "../tests/golden/interp";

static char text_of_file[1 << 18];

static Str read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return (Str){(const u8 *)"", 0};
    size_t len = fread(text_of_file, 1, sizeof text_of_file, file);
    fclose(file);
    return (Str){(const u8 *)text_of_file, (u32)len};
}

static void write_file(const char *path, Str text) {
    FILE *file = fopen(path, "wb");
    if (!CHECK(file != NULL)) return;
    fwrite(text.data, 1, text.len, file);
    fclose(file);
}

static void print_run(Buf *out, const Program *program, Error *error) {
    Run *run = run_start(program, &(RunLimits){0}, NULL, error);
    if (!CHECK(run != NULL)) return;
    RunState state = run_resume(run, 0);
    i64 value;
    buf_bytes(out, run_output(run)->data, run_output(run)->len);
    if (state == RUN_TRAPPED) buf_format(out, "trap: %s", trap_sentence[run_trap(run)]);
    else if (run_exit_value(run, &value)) buf_format(out, "value %I", value);
    buf_format(out, ", %U steps\n", run_stats(run).steps);
    run_free(run);
}

static void run_golden(const char *name) {
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
    bool good = ir_parse(&module, &arena, read_file(path), &error) && ir_verify(&module, &scratch, &error);
    Program *program = good ? interp_translate(&arena, &module, false, &error) : NULL;
    if (!CHECK(program != NULL)) fprintf(stderr, "  %s: %.*s\n", path, (int)error.message_len, error.message);
    if (program) {
        interp_disassemble(&out, program);
        print_run(&out, program, &error);
    }
    snprintf(path + strlen(path) - 3, 8, ".out");
    Str got = {out.data, (u32)out.len};
    if (getenv("UPDATE")) write_file(path, got);
    else if (program && !CHECK_TEXT(got, read_file(path))) fprintf(stderr, "  in %s\n", path);
    buf_free(&out);
    arena_free(&arena);
    arena_free(&scratch);
}

int main(void) {
    DIR *dir = opendir(folder);
    u32 count = 0;
    if (CHECK(dir != NULL)) {
        for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
            size_t len = strlen(entry->d_name);
            if (len > 3 && strcmp(entry->d_name + len - 3, ".ir") == 0) run_golden(entry->d_name), count++;
        }
        closedir(dir);
    }
    CHECK(count > 0);
    return CHECK_DONE();
}
