// Blocks of bytes, copied or set to zero: short ones by loads and stores, others by an instruction of WebAssembly, which for a few
// bytes costs an engine more than they do, or by the runtime where that instruction may not be used.
#include "codegen/gen_address.h"

enum { COPY_INLINE = 32, CLEAR_INLINE = 64 };

// ---- pieces ----

static u32 piece_size(u32 left) { return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1; }

static void load_piece(Gen *s, u32 size, u32 offset) {
    static const u8 loads[] = {0, W_I32_LOAD8_U, W_I32_LOAD16_U, 0, W_I32_LOAD, 0, 0, 0, W_I64_LOAD};
    code_memory(s->code, (WasmCode)loads[size], (u32)__builtin_ctz(size), offset);
}

static void store_piece(Gen *s, u32 size, u32 offset) {
    static const u8 stores[] = {0, W_I32_STORE8, W_I32_STORE16, 0, W_I32_STORE, 0, 0, 0, W_I64_STORE};
    code_memory(s->code, (WasmCode)stores[size], (u32)__builtin_ctz(size), offset);
}

// ---- copies ----

// Everything is loaded before anything is stored, so that the ends may overlap.
static void copy_inline(Gen *s, Base destination, Base source, u32 bytes) {
    u32 sizes[COPY_INLINE / 8 + 3], count = 0, at = 0, to = 0;
    for (; at < bytes; at += sizes[count++]) {
        sizes[count] = piece_size(bytes - at);
        to = gen_push_base(s, destination);
        u32 from = gen_push_base(s, source);
        load_piece(s, sizes[count], from + at);
    }
    while (count-- > 0) {
        at -= sizes[count];
        store_piece(s, sizes[count], to + at);
    }
}

static void push_whole(Gen *s, Base base) { gen_add_const(s, gen_push_base(s, base)); }

static void copy_whole(Gen *s, Base destination, Base source, u32 bytes) {
    push_whole(s, destination);
    push_whole(s, source);
    code_i32_const(s->code, (i32)bytes);
    if (s->g->options->mvp) {
        gen_runtime(s, RUNTIME_copy);
        return;
    }
    code_op(s->code, W_MEMORY_COPY);
    code_byte(s->code, 0);
    code_byte(s->code, 0);
}

void gen_copy(Gen *s, const IrInst *inst) {
    u32 bytes = inst->args[2];
    Base destination = gen_base(s, inst->args[0]), source = gen_base(s, inst->args[1]);
    // Null is tested when both ends have been evaluated.
    gen_check_base(s, inst, inst->args[1]);
    gen_check_base(s, inst, inst->args[0]);
    if (bytes <= COPY_INLINE) copy_inline(s, destination, source, bytes);
    else copy_whole(s, destination, source, bytes);
    gen_drop_base(s, source);
    gen_drop_base(s, destination);
}

// ---- zeros ----

static void clear_inline(Gen *s, Base base, u32 bytes) {
    for (u32 at = 0; at < bytes;) {
        u32 size = piece_size(bytes - at);
        u32 offset = gen_push_base(s, base);
        if (size == 8) code_i64_const(s->code, 0);
        else code_i32_const(s->code, 0);
        store_piece(s, size, offset + at);
        at += size;
    }
}

static void clear_whole(Gen *s, Base base, u32 bytes) {
    push_whole(s, base);
    if (!s->g->options->mvp) code_i32_const(s->code, 0);
    code_i32_const(s->code, (i32)bytes);
    if (s->g->options->mvp) {
        gen_runtime(s, RUNTIME_fill);
        return;
    }
    code_op(s->code, W_MEMORY_FILL);
    code_byte(s->code, 0);
}

static void clear(Gen *s, Base base, u32 bytes) {
    if (bytes <= CLEAR_INLINE) clear_inline(s, base, bytes);
    else clear_whole(s, base, bytes);
}

void gen_clear_frame(Gen *s) {
    clear(s, (Base){.local = s->frame_local, .offset = s->plan->frame}, s->plan->zero_size);
}

void gen_fill(Gen *s, const IrInst *inst) {
    Base base = gen_base(s, inst->args[0]);
    gen_check_base(s, inst, inst->args[0]);
    Base low = base;
    if (base.wide) {
        low = (Base){gen_temporary(s, WASM_I32), base.offset, true, false};
        code_local_get(s->code, base.local);
        code_op(s->code, W_I32_WRAP_I64);
        code_local_set(s->code, low.local);
        gen_drop_base(s, base);
    }
    clear(s, low, inst->args[1]);
    gen_drop_base(s, low);
}
