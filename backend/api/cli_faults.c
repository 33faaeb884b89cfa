#include "api/cli_faults.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "api/cli_files.h"

static const char usage_line[] = "usage: jsrust-backend-c run --input FILE | COMMAND FILE [options]; --help lists them";

static int say(ErrorCode code, const char *format, va_list list) {
    fprintf(stderr, "error[%s]: ", error_kind(code));
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    return (int)code;
}

int cli_fail(ErrorCode code, const char *format, ...) {
    va_list list;
    va_start(list, format);
    int status = say(code, format, list);
    va_end(list);
    return status;
}

int cli_usage_error(const char *format, ...) {
    va_list list;
    va_start(list, format);
    int status = say(ERR_ARGS, format, list);
    va_end(list);
    fprintf(stderr, "%s\n", usage_line);
    return status;
}

int cli_unread(const char *path, const char *reason) {
    return cli_fail(ERR_IO, "%s cannot be read: %s", file_is_stream(path) ? "standard input" : path, reason);
}

int cli_unwritten(const char *path, const char *reason) {
    return cli_fail(ERR_IO, "%s cannot be written: %s", file_is_stream(path) ? "the output" : path, reason);
}

int cli_unprinted(void) { return cli_unwritten("-", cli_reason(errno)); }

const char *cli_reason(int number) {
    static const struct {
        int number;
        const char *sentence;
    } rows[] = {
#define FILE_ERROR(number, sentence) {number, sentence},
#include "api/file_errors.def"
    };
    for (size_t i = 0; i < countof(rows); i++)
        if (rows[i].number == number) return rows[i].sentence;
    return strerror(number);
}
