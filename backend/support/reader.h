// Bounds-checked little-endian bytes. Sticky: after the first failure every read yields zero, so that
// decoding reads straight and is checked once per item. Knows its offset in the whole file.
#ifndef SUPPORT_READER_H
#define SUPPORT_READER_H

#include "support/error.h"

typedef struct Reader {
    const u8 *start; // of the whole file
    const u8 *next;
    const u8 *end; // of the section being read
    bool failed;   // sticky
    u32 failed_at; // offset of the read that failed
} Reader;

static inline u32 reader_offset(const Reader *r) { return (u32)(r->next - r->start); }
static inline size_t reader_left(const Reader *r) { return (size_t)(r->end - r->next); }

static inline const u8 *reader_take(Reader *r, size_t n) {
    if (unlikely(r->failed || reader_left(r) < n)) {
        if (!r->failed) r->failed = true, r->failed_at = reader_offset(r);
        return NULL;
    }
    const u8 *at = r->next;
    r->next += n;
    return at;
}
static inline u8 reader_u8(Reader *r) {
    const u8 *p = reader_take(r, 1);
    return p ? *p : 0;
}
static inline u32 reader_u32(Reader *r) {
    const u8 *p = reader_take(r, 4);
    u32 v = 0;
    if (p) mem_copy(&v, p, 4);
    return v;
}
static inline u64 reader_u64(Reader *r) {
    const u8 *p = reader_take(r, 8);
    u64 v = 0;
    if (p) mem_copy(&v, p, 8);
    return v;
}

#endif
