// Errors as values: the first one set stays.
#include "support/error.h"

#include "support/format.h"

const Where NOWHERE = {NO_OFFSET, NO_INDEX, NO_INDEX, NO_INDEX};

typedef struct CodeInfo {
    ErrorCode code;
    const char *kind;
} CodeInfo;

static const CodeInfo codes[] = {
#define ERROR_CODE(name, status, kind) {ERR_##name, kind},
#include "support/error_codes.def"
};

static const CodeInfo *find(ErrorCode code) {
    for (u32 i = 0; i < countof(codes); i++) {
        if (codes[i].code == code) return &codes[i];
    }
    UNREACHABLE();
}

const char *error_kind(ErrorCode code) { return find(code)->kind; }

void error_clear(Error *error) {
    error->code = ERR_OK;
    error->rule = NULL;
    error->where = NOWHERE;
    error->message_len = 0;
}

void error_add_args(Error *error, const char *format, FormatArgs *args) {
    Buf message = {.data = (u8 *)error->message, .capacity = ERROR_MESSAGE_MAX, .limit = ERROR_MESSAGE_MAX};
    message.len = error->message_len;
    format_text(&message, format, args, NULL, NULL);
    error->message_len = (u32)message.len;
}

bool error_set_args(Error *error, ErrorCode code, const char *rule, const Where *where, const char *format,
                    FormatArgs *args) {
    if (error->code != ERR_OK) return false;
    error->code = code;
    error->rule = rule;
    error->where = *where;
    error->message_len = 0;
    error_add_args(error, format, args);
    return false;
}

bool error_set(Error *error, ErrorCode code, Where where, const char *format, ...) {
    FormatArgs args;
    va_start(args.list, format);
    error_set_args(error, code, NULL, &where, format, &args);
    va_end(args.list);
    return false;
}

bool error_set_rule(Error *error, ErrorCode code, const char *rule, Where where, const char *format, ...) {
    FormatArgs args;
    va_start(args.list, format);
    error_set_args(error, code, rule, &where, format, &args);
    va_end(args.list);
    return false;
}

bool error_in_function(Error *error, u32 function) {
    if (error->code != ERR_OK && error->where.function == NO_INDEX) error->where.function = function;
    return false;
}

bool error_out_of_memory(Error *error) { return error_set(error, ERR_INTERNAL, NOWHERE, "out of memory"); }
