// What a target must supply: blocks of memory and a way to die. Nothing else.
// platform_wasm.c does it over memory.grow, platform_native.c over libc.
#ifndef SUPPORT_PLATFORM_H
#define SUPPORT_PLATFORM_H

#include "support/base.h"

// A zeroed block of at least `size` bytes, 16-aligned, or NULL when there is no memory.
// Blocks are meant to be large (arena chunks, guest memory); the wasm target rounds up to 4 KiB.
void *platform_reserve(size_t size);

// The same, but what lies before *zero, which is within the block or at its end, holds anything.
void *platform_reserve_used(size_t size, u8 **zero);

// Gives a block back. `size` is what was asked for. NULL is allowed. The wasm target reuses it.
void platform_release(void *block, size_t size);

// Bytes now reserved by this process or instance (after rounding), and the most there ever were.
size_t platform_reserved(void);
size_t platform_peak(void);

// How many reserves have been refused so far: tells memory that ran out from a limit that was reached.
u64 platform_refusals(void);

// Whether a span that a host names lies within this instance's memory. Only the wasm target can tell; natively a
// pointer that is not NULL is believed.
bool platform_contains(const void *start, size_t size);

// Native test builds only: the n-th reserve from now fails (1 = the next); 0 = none fails. Returns how far off the
// failure planned before still was; 0 = it has happened or there was none.
u64 platform_fail_after(u64 n);

#endif
