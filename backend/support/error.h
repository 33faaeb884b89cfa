// Error {code, where, message}: a value with a position. The first error wins; later ones are dropped.
#ifndef SUPPORT_ERROR_H
#define SUPPORT_ERROR_H

#include "support/base.h"

typedef enum ErrorCode {
#define ERROR_CODE(name, status, kind) ERR_##name = status,
#include "support/error_codes.def"
} ErrorCode;

enum { NO_OFFSET = 0xffffffffu, NO_INDEX = 0xffffffffu, ERROR_MESSAGE_MAX = 480 };

// Where in a file: any part may be unknown (NO_OFFSET, NO_INDEX, empty).
typedef struct Where {
    u32 offset;      // byte offset in the file
    u32 function;    // index in the file's function list
    u32 block;       // block id as in the file
    u32 instruction; // index in its block; the instruction count = the terminator
} Where;

typedef struct Error {
    ErrorCode code;   // ERR_OK = no error
    const char *rule; // name of the broken rule ("UndefinedValue"), or NULL; static text
    Where where;
    u32 message_len;
    char message[ERROR_MESSAGE_MAX]; // one line, UTF-8; what does not fit is left out
} Error;

extern const Where NOWHERE;

// Kind text ("execute-error") of a code; static, NUL-terminated.
const char *error_kind(ErrorCode code);

void error_clear(Error *error);

// Sets the error if none is set yet. Format: see format.h. Always returns false, so that `return error_set(...)` reads
// well.
bool error_set(Error *error, ErrorCode code, Where where, const char *format, ...);
bool error_set_rule(Error *error, ErrorCode code, const char *rule, Where where, const char *format, ...);

// Same with the arguments as a list; `rule` may be NULL.
typedef struct FormatArgs FormatArgs;
bool error_set_args(Error *error, ErrorCode code, const char *rule, const Where *where, const char *format,
                    FormatArgs *args);
// Adds to the message of an error just set.
void error_add_args(Error *error, const char *format, FormatArgs *args);

// The function of an error that was set without any. Always returns false.
bool error_in_function(Error *error, u32 function);

// "out of memory" as ERR_INTERNAL.
bool error_out_of_memory(Error *error);

#endif
