// The small formatter behind buf_format and error_set.
#ifndef SUPPORT_FORMAT_H
#define SUPPORT_FORMAT_H

#include <stdarg.h>

#include "support/buf.h"

// A list of arguments that may be handed on by pointer, which a va_list may not on every machine.
typedef struct FormatArgs {
    va_list list;
} FormatArgs;

// Writes what a letter of the caller's own means, taking its arguments from the list.
typedef void FormatOwn(void *context, char letter, FormatArgs *args);

// %s NUL-terminated text; %S a Str by pointer, control characters and line separators replaced, cut where it is long;
// %j a Str by pointer as a JSON string, `null` if it has no data (bytes that are not UTF-8 become U+FFFD); %u u32; %n
// u32, `null` for NO_INDEX; %d i32; %U u64; %I i64; %%. Other letters go to `own`, which may be NULL.
void format_text(Buf *out, const char *format, FormatArgs *args, FormatOwn *own, void *context);

#endif
