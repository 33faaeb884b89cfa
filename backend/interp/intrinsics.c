// What a program asks of its run beside arithmetic: printing into the bounded output, block copies in guest memory.
#include "interp/run_state.h"
#include "support/text.h"

// Appends to the output; over the limit what fits is kept.
static TrapKind print_bytes(Run *run, const u8 *bytes, u64 len) {
    u64 limit = run->limits.output, room = limit > run->output_total ? limit - run->output_total : 0;
    bool over = limit && len > room;
    if (over) len = room;
    buf_bytes(&run->output, bytes, (size_t)len);
    if (run->output.failed) return TRAP_MEMORY;
    run->output_total += len;
    return over ? TRAP_OUTPUT_LIMIT : TRAP_NONE;
}

// A data item: u32 length, then the bytes.
TrapKind print_data(Run *run, u64 address) {
    if (address < NULL_GUARD) return TRAP_NULL_POINTER;
    if (!memory_contains(&run->memory, address, 4)) return TRAP_BAD_POINTER;
    u32 len;
    mem_copy(&len, run->memory.bytes + address, 4);
    if (!memory_contains(&run->memory, address + 4, len)) return TRAP_BAD_POINTER;
    return print_bytes(run, run->memory.bytes + address + 4, len);
}

TrapKind print_value(Run *run, IrType type, u64 low, u64 high) {
    u8 text[FLOAT_TEXT_MAX];
    u32 len;
    u128 wide = (u128)high << 64 | low;
    f64 as_f64;
    f32 as_f32;
    u32 low_bits = (u32)low;
    switch (type) {
    case IR_BOOL: return low ? print_bytes(run, (const u8 *)"true", 4) : print_bytes(run, (const u8 *)"false", 5);
    case IR_I8:
    case IR_I16:
    case IR_I32:
    case IR_I64: len = text_from_i64((i64)low, text); break;
    case IR_I128: len = text_from_i128((i128)wide, text); break;
    case IR_U128: len = text_from_u128(wide, text); break;
    case IR_F32:
        mem_copy(&as_f32, &low_bits, 4);
        len = text_from_f32(as_f32, text);
        break;
    case IR_F64:
        mem_copy(&as_f64, &low, 8);
        len = text_from_f64(as_f64, text);
        break;
    default: len = text_from_u64(low, text); break;
    }
    return print_bytes(run, text, len);
}

TrapKind print_char(Run *run, u64 value) {
    u8 text[4];
    u32 len = value <= UINT32_MAX ? utf8_encode((u32)value, text) : 0;
    return len ? print_bytes(run, text, len) : TRAP_PRINT_CHAR;
}

TrapKind print_byte(Run *run, u64 value) {
    u8 byte = (u8)value;
    return value <= 255 ? print_bytes(run, &byte, 1) : TRAP_PRINT_BYTE;
}

static TrapKind check_range(const Run *run, u64 address, u64 bytes) {
    if (address < NULL_GUARD) return TRAP_NULL_POINTER;
    return memory_contains(&run->memory, address, bytes) ? TRAP_NONE : TRAP_BAD_POINTER;
}

TrapKind run_copy(Run *run, u64 destination, u64 source, u64 bytes) {
    TrapKind trap = check_range(run, source, bytes);
    if (trap == TRAP_NONE) trap = check_range(run, destination, bytes);
    if (trap == TRAP_NONE) mem_move(run->memory.bytes + destination, run->memory.bytes + source, (size_t)bytes);
    return trap;
}

TrapKind run_fill(Run *run, u64 destination, u64 bytes) {
    TrapKind trap = check_range(run, destination, bytes);
    if (trap == TRAP_NONE) mem_zero(run->memory.bytes + destination, (size_t)bytes);
    return trap;
}
