// How the command line says what went wrong: `error[kind]: sentence` on standard error, in the words of the other command line
// (runner/node). All give the exit status.
#ifndef API_CLI_FAULTS_H
#define API_CLI_FAULTS_H
#include "support/error.h"

#define LIKE_PRINTF(at, first) __attribute__((format(printf, at, first)))

int cli_fail(ErrorCode code, const char *format, ...) LIKE_PRINTF(2, 3);
int cli_usage_error(const char *format, ...) LIKE_PRINTF(1, 2); // ends with the line that says how it is used

int cli_unread(const char *path, const char *reason);    // a file, or `-`
int cli_unwritten(const char *path, const char *reason); // a file, or `-`
int cli_unprinted(void);                                 // standard output, for errno's reason

const char *cli_reason(int number); // of errno

#endif
