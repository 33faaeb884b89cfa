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

#include "api/cli_faults.h"

enum { READ_PIECE = 1 << 16, SUFFIX_MOST = 32, PERMISSIONS = 0777, NEW_FILE = 0666 };
// A link's length, and how many may lead on from one another: more the system does not follow either.
enum { LINK_MOST = 4096, LINKS_MOST = 40 };

bool file_is_stream(const char *path) { return strcmp(path, "-") == 0; }

bool file_is_terminal(const char *path) {
    if (file_is_stream(path)) return isatty(STDOUT_FILENO) == 1;
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISCHR(status.st_mode)) return false;
    int device = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK);
    bool is_terminal = device >= 0 && isatty(device) == 1;
    if (device >= 0) close(device);
    return is_terminal;
}

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
            *fault = "it has more than 67108864 bytes";
            return false;
        }
        if (used == capacity) {
            capacity = capacity ? capacity * 2 : READ_PIECE;
            if (capacity > FILE_MOST) capacity = FILE_MOST + 1;
            u8 *larger = realloc(*data, capacity);
            if (!larger) {
                *fault = cli_reason(ENOMEM);
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
    *fault = cli_reason(errno);
    return false;
}

bool file_read(const char *path, u8 **data, u32 *len, const char **fault) {
    *data = NULL;
    FILE *in = file_is_stream(path) ? stdin : fopen(path, "rb");
    if (!in) {
        *fault = cli_reason(errno);
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

// Follows one symbolic link at the end of *path, an allocation; false: there is none, or an error, of which opening tells.
// The link is put behind its folder as it is: `..` behind a folder that is a link is the system's to understand.
static bool follow_link(char **path) {
    char link[LINK_MOST];
    ssize_t len = readlink(*path, link, sizeof link);
    if (len <= 0 || len == sizeof link) return false;
    const char *slash = link[0] == '/' ? NULL : strrchr(*path, '/');
    size_t folder = slash ? (size_t)(slash - *path) + 1 : 0;
    char *target = malloc(folder + (size_t)len + 1);
    if (!target) return false;
    memcpy(target, *path, folder);
    memcpy(target + folder, link, (size_t)len);
    target[folder + (size_t)len] = 0;
    free(*path);
    *path = target;
    return true;
}

// What the links at the end of a path lead to, which may not be there yet; an allocation.
static char *followed(const char *path) {
    char *target = strdup(path);
    for (int left = LINKS_MOST; target && left > 0 && follow_link(&target); left--) continue;
    return target;
}

// Writes a new file in the same folder, which then takes the place of `old` (NULL: there was none), with its permissions.
static bool write_beside(const char *path, const struct stat *old, const void *data, size_t len) {
    size_t size = strlen(path) + SUFFIX_MOST;
    char *temporary = malloc(size);
    if (!temporary) return false;
    snprintf(temporary, size, "%s.%ld.tmp", path, (long)getpid());
    mode_t mode = old ? old->st_mode & PERMISSIONS : NEW_FILE;
    int out = open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (out >= 0 && old) (void)fchmod(out, mode); // the umask has cut it; some file systems know no permissions
    bool written = write_to(out, data, len) && rename(temporary, path) == 0;
    int reason = errno;
    if (!written && out >= 0) unlink(temporary);
    free(temporary);
    errno = reason;
    return written;
}

static bool replace(const char *path, const struct stat *old, const void *data, size_t len) {
    char *target = followed(path);
    bool written = target && write_beside(target, old, data, len);
    int reason = errno;
    free(target);
    errno = reason;
    return written;
}

// Which of this process's outputs goes to the file; -1: none.
static int own_descriptor(const struct stat *file) {
    struct stat own;
    for (int i = STDOUT_FILENO; i <= STDERR_FILENO; i++) {
        if (fstat(i, &own) == 0 && own.st_dev == file->st_dev && own.st_ino == file->st_ino) return i;
    }
    return -1;
}

static bool write_file(const char *path, const void *data, size_t len) {
    if (file_is_stream(path)) return fflush(stdout) == 0 && write_all(STDOUT_FILENO, data, len);
    struct stat old;
    if (stat(path, &old) != 0) return errno == ENOENT && replace(path, NULL, data, len);
    if (!S_ISREG(old.st_mode)) return write_to(open(path, O_WRONLY), data, len);
    int own = own_descriptor(&old);
    return own >= 0 ? fflush(stdout) == 0 && write_all(own, data, len) : replace(path, &old, data, len);
}

bool file_write(const char *path, const void *data, size_t len, const char **fault) {
    bool written = write_file(path, data, len);
    if (!written) *fault = cli_reason(errno);
    return written;
}
