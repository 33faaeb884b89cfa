// See runtime_link.h; the packed form is drawn in runtime/packed.h.
#include "codegen/runtime_link.h"

#include "codegen/runtime/packed.h"
#include "ir/module.h"

static const u8 packed[] = {
#include "codegen/runtime_packed.inc"
};

static u32 read_u32(const u8 **at) {
    u32 value = 0, shift = 0;
    u8 byte;
    do {
        byte = *(*at)++;
        value |= (u32)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    return value;
}

static const u8 *read_bytes(const u8 **at, u32 *count) {
    *count = read_u32(at);
    const u8 *bytes = *at;
    *at += *count;
    return bytes;
}

static void read_data(const u8 **at, RuntimeData *data) {
    data->address = read_u32(at);
    data->size = read_u32(at);
}

u32 runtime_cell(RuntimeCell cell) {
    const u8 *at = packed;
    RuntimeData data = {0};
    read_u32(&at);
    read_u32(&at);
    for (u32 i = 0; i <= (u32)cell; i++) {
        read_data(&at, &data);
        at++;
    }
    return data.address;
}

static bool read_function(const u8 **at, Arena *arena, RuntimeCode *out) {
    static const Symbol base[] = {SYMBOL_RUNTIME, SYMBOL_IMPORT, SYMBOL_GLOBAL};
    out->name.data = read_bytes(at, &out->name.len);
    out->signature.params = read_bytes(at, &out->signature.param_count);
    out->signature.results = read_bytes(at, &out->signature.result_count);
    out->locals_count = read_u32(at);
    CodeLocals *locals = arena_new(arena, CodeLocals, out->locals_count);
    for (u32 i = 0; locals && i < out->locals_count; i++) {
        locals[i].count = read_u32(at);
        locals[i].type = *(*at)++;
    }
    out->locals = locals;
    out->data = read_bytes(at, &out->data_count);
    out->ref_count = read_u32(at);
    CodeRef *refs = arena_new(arena, CodeRef, out->ref_count);
    if (!locals || !refs) return false;
    for (u32 i = 0, offset = 0; i < out->ref_count; i++) {
        offset += read_u32(at);
        u32 code = read_u32(at);
        refs[i] = (CodeRef){offset, base[code & ((1 << REF_KIND_BITS) - 1)] + (code >> REF_KIND_BITS)};
    }
    out->refs = refs;
    out->size = read_u32(at);
    return true;
}

bool runtime_unpack(Arena *arena, Runtime *out) {
    const u8 *at = packed;
    out->data_count = read_u32(&at);
    out->function_count = read_u32(&at);
    RuntimeData *data = arena_new(arena, RuntimeData, out->data_count);
    RuntimeCode *functions = arena_new(arena, RuntimeCode, out->function_count);
    if (!data || !functions) return false;
    const u8 *kinds = at;
    for (u32 i = 0; i < out->data_count; i++, at++) read_data(&at, &data[i]);
    for (u32 i = 0; i < out->function_count; i++)
        if (!read_function(&at, arena, &functions[i])) return false;
    for (u32 i = 0; i < out->function_count; at += functions[i++].size) functions[i].bytes = at;
    for (u32 i = 0; i < out->data_count; i++) {
        RuntimeData again;
        read_data(&kinds, &again);
        u32 kind = *kinds++;
        if (kind == DATA_BYTES) {
            data[i].bytes = at;
            at += data[i].size;
        } else if (kind == DATA_SENTENCES) {
            data[i].bytes = (const u8 *)trap_sentence(0); // and all others, as runtime/wasi.c wants them
        }
    }
    out->data = data;
    out->functions = functions;
    return true;
}

u32 runtime_bound(u32 number, const CodegenOptions *options) {
    static const u32 bound[4][3] = {
        {RUNTIME_output_bytes, RUNTIME_output_block, RUNTIME_output_wasi},
        {RUNTIME_flush_bytes, RUNTIME_flush_block, RUNTIME_flush_wasi},
        {NO_INDEX, RUNTIME_trap_block, RUNTIME_trap_wasi},
        {RUNTIME_output_byte_bytes, RUNTIME_output_byte_block, RUNTIME_output_byte_wasi},
    };
    u32 way = options->adapter == ADAPTER_WASI ? 2 : options->block_write;
    switch (number) {
    case RUNTIME_output: return bound[0][way];
    case RUNTIME_flush: return bound[1][way];
    case RUNTIME_trap: return bound[2][way];
    case RUNTIME_output_byte: return bound[3][way];
    case RUNTIME_print_data: return options->small ? RUNTIME_print_data_small : number;
    case RUNTIME_print_u64: return options->small ? RUNTIME_print_u64_small : number;
    case RUNTIME_print_i64: return options->small ? RUNTIME_print_i64_small : number;
    case RUNTIME_text_before_u64: return options->small ? RUNTIME_text_before_u64_small : number;
    default: return number;
    }
}

u32 runtime_reach(const Runtime *runtime, const CodegenOptions *options, bool *linked) {
    u32 end = RUNTIME_DATA_START;
    bool changed = true;
    while (changed) {
        changed = false;
        for (u32 i = 0; i < runtime->function_count; i++) {
            if (!linked[i]) continue;
            const RuntimeCode *code = &runtime->functions[i];
            u32 standing = runtime_bound(i, options);
            for (u32 ref = 0; ref <= code->ref_count; ref++) {
                u32 callee = standing; // of the one behind the last ref
                if (ref < code->ref_count) {
                    if (code->refs[ref].symbol - SYMBOL_RUNTIME >= runtime->function_count) continue;
                    callee = runtime_bound(code->refs[ref].symbol - SYMBOL_RUNTIME, options);
                }
                if (callee == NO_INDEX || linked[callee]) continue;
                linked[callee] = changed = true;
            }
            for (u32 n = 0; n < code->data_count; n++) {
                const RuntimeData *data = &runtime->data[code->data[n]];
                if (data->address + data->size > end) end = data->address + data->size;
            }
        }
    }
    return end;
}
