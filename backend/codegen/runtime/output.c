// Where output goes under the jsrust adapter: byte by byte, or in blocks where the host has the import for it. A host
// that refuses (result 0) ends the program: it has its reason, and the trap's number stays 0.
#include "codegen/runtime/runtime.h"

IMPORTED("env", "jsrust_write_byte") u32 host_write_byte(u32 byte);
IMPORTED("env", "jsrust_flush") u32 host_flush(void);
IMPORTED("env", "jsrust_write") u32 host_write(const u8 *bytes, u32 len);

OFFERED(output_byte_bytes) void output_byte_bytes(u32 byte) {
    if (!host_write_byte(byte)) __builtin_trap();
}

OFFERED(output_bytes) void output_bytes(const u8 *bytes, u32 len) {
    for (; len; len--, bytes++) output_byte_bytes(*bytes);
}

OFFERED(flush_bytes) void flush_bytes(void) {
    if (!host_flush()) __builtin_trap();
}

static void hand_over(const u8 *bytes, u32 len) {
    if (!host_write(bytes, len)) __builtin_trap();
}

OFFERED(flush_block) void flush_block(void) {
    u32 len = waiting;
    waiting = 0;
    if (len) hand_over(buffer, len);
}

OFFERED(output_block) void output_block(const u8 *bytes, u32 len) {
    if (len > BUFFER_BYTES - waiting) flush_block();
    if (len > BUFFER_BYTES) {
        hand_over(bytes, len);
        return;
    }
    mem_copy(buffer + waiting, bytes, len);
    waiting += len;
}

OFFERED(output_byte_block) void output_byte_block(u32 byte) {
    if (waiting == BUFFER_BYTES) flush_block();
    buffer[waiting++] = (u8)byte;
}

OFFERED(trap_block) void trap_block(u32 number) {
    (void)number;
    flush_block();
}
