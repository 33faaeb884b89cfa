// The small formatter behind error_set and buf_format.
#ifndef SUPPORT_FORMAT_H
#define SUPPORT_FORMAT_H

#include <stdarg.h>

#include "support/base.h"

// Gives the pieces of the text to `put` in order. %s NUL-terminated text, %S a Str by pointer with control characters
// and line separators replaced, cut after `name_limit` bytes (0 = never), %u u32, %d i32, %U u64, %I i64, %%.
void format_text(void (*put)(void *context, const u8 *bytes, size_t len), void *context, u32 name_limit,
                 const char *format, va_list args);

#endif
