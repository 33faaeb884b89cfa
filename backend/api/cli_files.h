// Whole files in and out for the command line.
#ifndef API_CLI_FILES_H
#define API_CLI_FILES_H
#include "support/base.h"

// What the contract has for this command line (spec jsrs.md 18); the runner takes more (INPUT_BYTES of runner/limits.js).
enum { FILE_MOST = 64 << 20 };

// Reads a file of at most FILE_MOST bytes, or standard input if it is called `-`; *fault says why it could not. Free with file_free.
bool file_read(const char *path, u8 **data, u32 *len, const char **fault) MUST_CHECK;
void file_free(u8 *data);

// Writes beside the target and renames, so that a failure leaves the old file as it was; a symbolic link stays one, and what it
// leads to is replaced, or made. What is no regular file (a pipe, /dev/null) is written to, and so is the file that this process's
// own output goes to (/dev/stdout), behind what it has. `-` is standard output. runner/node/atomic-file.js does the same.
bool file_write(const char *path, const void *data, size_t len, const char **fault) MUST_CHECK;

bool file_is_stream(const char *path); // `-`: standard input or output
// Whether writing there, a path or `-`, writes to a terminal.
bool file_is_terminal(const char *path);

// Whether writing `output` would replace the file that `input` is, both as above.
bool file_replaces(const char *output, const char *input);
#endif
