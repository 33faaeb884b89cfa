// The wasi adapter's output: collected, written when a print call ends with a newline, when the buffer is full, and at the
// end. A trap says on descriptor 2 why and where, in the words of the native command line, and exits with 40.
#include "codegen/runtime/runtime.h"
#include "support/text.h"

typedef struct Piece {
    const u8 *bytes;
    u32 len;
} Piece;

IMPORTED("wasi_snapshot_preview1", "fd_write") u32 fd_write(u32 fd, const Piece *pieces, u32 count, u32 *written);
IMPORTED("wasi_snapshot_preview1", "proc_exit") NORETURN void proc_exit(u32 status);

enum { ERRNO_AGAIN = 6, ERRNO_INTR = 27, STATUS_OUTPUT_FAILED = 10, STATUS_TRAPPED = 40 };

static Piece piece;
static u32 written;
static bool reporting; // to descriptor 2

// Takes a part and asks again until all is written. Nobody is left to tell when that fails.
static void write_all(const u8 *bytes, u32 len) {
    while (len) {
        piece = (Piece){bytes, len};
        written = 0;
        u32 error = fd_write(reporting ? 2 : 1, &piece, 1, &written);
        if (error == ERRNO_AGAIN || error == ERRNO_INTR) continue;
        if (error || written == 0 || written > len) proc_exit(STATUS_OUTPUT_FAILED);
        bytes += written;
        len -= written;
    }
}

OFFERED(start_wasi) void write_waiting(void) {
    u32 len = waiting;
    waiting = 0;
    write_all(buffer, len);
}

OFFERED(output_wasi) void output_wasi(const u8 *bytes, u32 len) {
    if (len > BUFFER_BYTES - waiting) write_waiting();
    if (len > BUFFER_BYTES) {
        write_all(bytes, len);
        return;
    }
    mem_copy(buffer + waiting, bytes, len);
    waiting += len;
}

OFFERED(output_byte_wasi) void output_byte_wasi(u32 byte) {
    if (waiting == BUFFER_BYTES) write_waiting();
    buffer[waiting++] = (u8)byte;
}

OFFERED(flush_wasi) void flush_wasi(void) {
    if (waiting && buffer[waiting - 1] == '\n') write_waiting();
}

// ---- traps ----

// One after the other, each with a zero behind it. embed.c holds it against ir/traps.def.
static const char sentences[] =
#define TRAP(name, sentence) sentence "\0"
#include "ir/traps.def"
    ;

typedef struct Place {
    const u8 *name; // u32 length, bytes; NULL = unknown
    u32 block, instruction;
} Place;
enum { KIND_BITS = 6 };

static void say(const char *words) {
    u32 len = 0;
    while (words[len]) len++;
    output_wasi((const u8 *)words, len);
}

static void say_number(u32 number) {
    u8 digits[INT_TEXT_MAX];
    output_wasi(digits, text_from_u64(number, digits));
}

static void say_limit(u32 limit, const char *unit) {
    if (limit == 0) return;
    say(": ");
    say_number(limit);
    say(unit);
}

static void say_place(const Place *place) {
    if (!place->name) return;
    u32 len;
    mem_copy(&len, place->name, 4);
    say(" in `");
    output_wasi(place->name + 4, len);
    say("`");
    if (place->block == NO_INDEX) return;
    say(", block ");
    say_number(place->block);
    if (place->instruction == NO_INDEX) {
        say(", terminator");
    } else {
        say(", instruction ");
        say_number(place->instruction);
    }
}

OFFERED(trap_wasi) NORETURN void trap_wasi(u32 number) {
    u32 kind = number & ((1 << KIND_BITS) - 1), place = number >> KIND_BITS;
    write_waiting();
    reporting = true;
    say("error[execute-error]: ");
    const char *sentence = sentences;
    for (u32 skip = kind; skip; sentence++) skip -= *sentence == 0;
    say(sentence);
    if (kind == TRAP_MEMORY) say_limit(cell_memory_limit, " bytes");
    if (kind == TRAP_STACK) say_limit(cell_depth, " nested calls");
    if (place && place <= cell_place_count) say_place((const Place *)cell_places + place - 1);
    say("\n");
    write_waiting();
    proc_exit(STATUS_TRAPPED);
}
