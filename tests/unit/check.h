// What a unit test needs: CHECK and its kin count, say where and go on; CHECK_DONE() ends main with `N passed, N failed`.
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stdio.h>
#include <string.h>

#include "support/base.h"

static u32 check_passed, check_failed;

// Counts one check; a failure prints where and what. Returns whether it held.
static inline bool check_that(bool holds, const char *file, int line, const char *what) {
    if (holds) check_passed++;
    else check_failed++, fprintf(stderr, "%s:%d: %s\n", file, line, what);
    return holds;
}
#define CHECK(condition) check_that((condition), __FILE__, __LINE__, #condition)

// The first line in which two texts differ.
static inline bool check_text(const char *file, int line, const char *what, Str got, Str want) {
    if (check_that(str_equal(got, want), file, line, what)) return true;
    u32 at = 0, start = 0, number = 1;
    for (; at < got.len && at < want.len && got.data[at] == want.data[at]; at++)
        if (got.data[at] == '\n') start = at + 1, number++;
    const Str both[] = {want, got};
    for (u32 i = 0; i < 2; i++) {
        u32 end = start;
        while (end < both[i].len && both[i].data[end] != '\n') end++;
        fprintf(stderr, "  line %u %s: %.*s\n", number, i ? "got " : "want", (int)(end - start), both[i].data + start);
    }
    return false;
}
#define CHECK_TEXT(got, want) check_text(__FILE__, __LINE__, #got, (got), (want))

#define CHECK_DONE() (printf("%u passed, %u failed\n", check_passed, check_failed), check_failed != 0)

#endif
