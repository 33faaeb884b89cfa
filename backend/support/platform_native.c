// The platform over libc, for the native program, the tests and the fuzzers. The figures and the planned failure belong
// to the process, hence the static variables.
#include "support/platform.h"

#include <stdio.h>
#include <stdlib.h>

static size_t reserved, peak;
static u64 until_failure; // reserves until one fails; 0 = none does
static u64 refusals;

static void *reserve(size_t size, void *(*get)(size_t size)) {
    bool planned = until_failure && --until_failure == 0;
    void *block = planned ? NULL : get(size ? size : 1);
    if (!block) {
        refusals++;
        return NULL;
    }
    reserved += size;
    if (reserved > peak) peak = reserved;
    return block;
}

static void *get_zeroed(size_t size) { return calloc(1, size); }

void *platform_reserve(size_t size) { return reserve(size, get_zeroed); }

void *platform_reserve_used(size_t size, u8 **zero) {
    u8 *block = reserve(size, malloc);
    *zero = block ? block + size : NULL;
    return block;
}

void platform_release(void *block, size_t size) {
    if (!block) return;
    reserved -= size;
    free(block);
}

size_t platform_reserved(void) { return reserved; }

size_t platform_peak(void) { return peak; }

u64 platform_refusals(void) { return refusals; }

bool platform_contains(const void *start, size_t size) { return start != NULL || size == 0; }

u64 platform_fail_after(u64 n) {
    u64 left = until_failure;
    until_failure = n;
    return left;
}

void platform_panic(const char *file, int line, const char *what) {
    fprintf(stderr, "%s:%d: internal fault: %s\n", file, line, what);
    abort();
}
