// Files for the command line, by POSIX and stdio.
#define _XOPEN_SOURCE 700
#include "api/cli_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_PIECE = 1 << 16, SUFFIX_MOST = 32 };

bool file_is_stream(const char *path) { return strcmp(path, "-") == 0; }

bool file_is_terminal(void) { return isatty(STDOUT_FILENO) == 1; }

bool file_replaces(const char *output, const char *input) {
    struct stat out, in;
    if (file_is_stream(output) || stat(output, &out) != 0 || !S_ISREG(out.st_mode)) return false;
    int known = file_is_stream(input) ? fstat(STDIN_FILENO, &in) : stat(input, &in);
    return known == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

// ---- reading ----

// Reads to the end; the buffer always has room for one byte too many, which is how a file that is too long is noticed.
static bool read_all(FILE *in, u8 **data, u32 *len, const char **fault) {
    size_t capacity = 0, used = 0;
    for (;;) {
        if (used > FILE_MOST) {
            *fault = "larger than 64 MiB";
            return false;
        }
        if (used == capacity) {
            capacity = capacity ? capacity * 2 : READ_PIECE;
            if (capacity > FILE_MOST) capacity = FILE_MOST + 1;
            u8 *larger = realloc(*data, capacity);
            if (!larger) {
                *fault = "out of memory";
                return false;
            }
            *data = larger;
        }
        size_t got = fread(*data + used, 1, capacity - used, in);
        used += got;
        if (got == 0) break;
    }
    *len = (u32)used;
    if (!ferror(in)) return true;
    *fault = strerror(errno);
    return false;
}

bool file_read(const char *path, u8 **data, u32 *len, const char **fault) {
    *data = NULL;
    FILE *in = file_is_stream(path) ? stdin : fopen(path, "rb");
    if (!in) {
        *fault = strerror(errno);
        return false;
    }
    bool done = read_all(in, data, len, fault);
    if (in != stdin) fclose(in);
    if (!done) {
        free(*data);
        *data = NULL;
    }
    return done;
}

void file_free(u8 *data) { free(data); }

// ---- writing ----

static bool write_all(int out, const void *data, size_t len) {
    const u8 *bytes = data;
    while (len > 0) {
        ssize_t put = write(out, bytes, len);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        bytes += put;
        len -= (size_t)put;
    }
    return true;
}

static bool write_to(int out, const void *data, size_t len) {
    if (out < 0) return false;
    bool written = write_all(out, data, len);
    int reason = errno;
    bool closed = close(out) == 0;
    if (!written) errno = reason;
    return written && closed;
}

static bool write_beside(const char *path, const void *data, size_t len) {
    size_t size = strlen(path) + SUFFIX_MOST;
    char *temporary = malloc(size);
    if (!temporary) return false;
    snprintf(temporary, size, "%s.%ld.tmp", path, (long)getpid());
    bool written = write_to(open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666), data, len) &&
                   rename(temporary, path) == 0;
    int reason = errno;
    if (!written && reason != EEXIST) unlink(temporary);
    free(temporary);
    errno = reason;
    return written;
}

bool file_write(const char *path, const void *data, size_t len, const char **fault) {
    struct stat status;
    bool exists = stat(path, &status) == 0, written;
    if (file_is_stream(path)) {
        written = fflush(stdout) == 0 && write_all(STDOUT_FILENO, data, len);
    } else if (exists && !S_ISREG(status.st_mode)) {
        written = write_to(open(path, O_WRONLY), data, len); // a device or pipe must not be replaced by a file
    } else {
        char *real = exists ? realpath(path, NULL) : NULL; // through a symbolic link, not over it
        written = write_beside(real ? real : path, data, len);
        int reason = errno;
        free(real);
        errno = reason;
    }
    if (!written) *fault = strerror(errno);
    return written;
}
