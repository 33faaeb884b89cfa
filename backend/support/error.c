// Errors as values: the first one set stays. Messages are one line of UTF-8, cut at the end of a character.
#include "support/error.h"

#include "support/format.h"

const Where NOWHERE = {NO_OFFSET, NO_INDEX, NO_INDEX, NO_INDEX};

// Names from a file appear in messages; a hostile one must not fill the whole line.
enum { NAME_SHOWN = 80 };

typedef struct CodeInfo {
    ErrorCode code;
    const char *kind, *help;
} CodeInfo;

static const CodeInfo codes[] = {
#define ERROR_CODE(name, status, kind, help) {ERR_##name, kind, help},
#include "support/error_codes.def"
};

static const CodeInfo *find(ErrorCode code) {
    for (u32 i = 0; i < countof(codes); i++) {
        if (codes[i].code == code) return &codes[i];
    }
    UNREACHABLE();
}

const char *error_kind(ErrorCode code) { return find(code)->kind; }
const char *error_help(ErrorCode code) { return find(code)->help; }

void error_clear(Error *error) {
    error->code = ERR_OK;
    error->rule = NULL;
    error->where = NOWHERE;
    error->message_len = 0;
}

static void put_message(void *context, const u8 *bytes, size_t len) {
    Error *error = context;
    size_t room = ERROR_MESSAGE_MAX - error->message_len;
    if (len > room) {
        len = room;
        while (len > 0 && (bytes[len] & 0xc0) == 0x80) len--; // not in the middle of a character
    }
    mem_copy(error->message + error->message_len, bytes, len);
    error->message_len += (u32)len;
}

bool error_set_args(Error *error, ErrorCode code, const char *rule, Where where, const char *format, va_list args) {
    if (error->code != ERR_OK) return false;
    error_clear(error);
    error->code = code;
    error->rule = rule;
    error->where = where;
    format_text(put_message, error, NAME_SHOWN, format, args);
    return false;
}

bool error_set(Error *error, ErrorCode code, Where where, const char *format, ...) {
    va_list args;
    va_start(args, format);
    error_set_args(error, code, NULL, where, format, args);
    va_end(args);
    return false;
}

bool error_set_rule(Error *error, ErrorCode code, const char *rule, Where where, const char *format, ...) {
    va_list args;
    va_start(args, format);
    error_set_args(error, code, rule, where, format, args);
    va_end(args);
    return false;
}

bool error_out_of_memory(Error *error) { return error_set(error, ERR_INTERNAL, NOWHERE, "out of memory"); }
