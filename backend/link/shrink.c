// Part of the build, not of the backend: what the linker made, made smaller. Usage: shrink LINKED.wasm > OUT.wasm
//
// Small numbers that are added to an address go into the offsets of loads and stores: a fiftieth of our code. A sum wraps at 4 GiB
// and an offset does not, so clang folds only sums that it knows not to wrap. Of a field within a field (`inst->args[1]`) it
// knows that of both sums, and forgets it when it makes one sum of the two. No address of ours is so close below 0 that a
// field's wraps: memory begins with the far end of the stack.
//
// Locals are numbered by how often they are used, since what compresses well is few numbers that recur: by 1 KB.
#include "support/leb.h"
#include "wasm/instruction.h"

#include <stdio.h>
#include <stdlib.h>

// Larger numbers are addresses of tables; an index may have been counted from elsewhere and lie below 0.
enum { FIELD_MOST = 4096, FILE_MOST = 1 << 22, LOCALS_MOST = 50000 };

typedef struct Local {
    u8 type;
    u32 uses, number;
} Local;

typedef struct Shrinker {
    Code code;
    Local locals[LOCALS_MOST]; // parameters first
    Buf out;                   // the body, as far as it is written
    Instruction before;        // the last instruction written,
    size_t before_start;       // and where in `out` it starts
    // The last sum of anything and a small constant, which lies in `out` as the constant and the addition.
    u64 addend;
    size_t sum_start, sum_end; // sum_end 0 = none
    size_t value_end;          // of the one value that was pushed behind it, 0 = none
} Shrinker;

static void need(bool holds, const char *what) {
    if (holds) return;
    (void)fprintf(stderr, "shrink: %s\n", what);
    exit(1);
}

// ---- locals ----

static bool is_of_local(u32 op) { return op >= OP_LOCAL_GET && op <= OP_LOCAL_TEE; }

// Begins the body; the input is then behind the declarations.
static void read_locals(Shrinker *s, const WasmModule *m, const WasmFunction *function) {
    Input *in = &s->code.in;
    in->next = m->file.data + function->offset;
    in->end = in->next + function->size;
    u32 count = m->types.items[function->type].parameters;
    need((u64)count + function->locals <= LOCALS_MOST, "too many locals");
    s->code.locals = (u64)count + function->locals;
    s->code.depth = UINT32_MAX; // decoding has looked at the labels
    for (u32 i = 0; i < count; i++) s->locals[i] = (Local){.number = i};
    for (u32 groups = input_u32(in); groups > 0; groups--) {
        u32 end = count + input_u32(in);
        u8 type = input_u8(in);
        while (count < end) s->locals[count++] = (Local){.type = type};
    }
}

static void count_uses(Shrinker *s) {
    while (s->code.in.next < s->code.in.end) {
        Instruction at;
        instruction_read(&s->code, &at);
        need(!s->code.in.failed, "a body can't be read");
        if (is_of_local(at.op)) s->locals[at.index[0]].uses++;
    }
}

// Within their declarations, of one type each.
static void number_locals(Shrinker *s, u32 first) {
    u32 count = (u32)s->code.locals;
    for (u32 end = first; first < count; first = end) {
        while (end < count && s->locals[end].type == s->locals[first].type) end++;
        for (u32 i = first; i < end; i++) {
            u32 before = 0, uses = s->locals[i].uses;
            for (u32 j = first; j < end; j++)
                before += s->locals[j].uses > uses || (s->locals[j].uses == uses && j < i);
            s->locals[i].number = first + before;
        }
    }
}

// ---- sums ----

static bool is_load(u32 op) { return op >= OP_I32_LOAD && op <= OP_I64_LOAD32_U; }
static bool is_store(u32 op) { return op >= OP_I32_STORE && op <= OP_I64_STORE32; }
static bool is_value(u32 op) { return op == OP_LOCAL_GET || op == OP_I32_CONST || op == OP_I64_CONST; }

// Takes out the sum that is the access's address. What was known of places behind it holds no more.
static void take_sum(Shrinker *s) {
    Buf *out = &s->out;
    size_t behind = out->len - s->sum_end;
    for (size_t i = 0; i < behind; i++) out->data[s->sum_start + i] = out->data[s->sum_end + i];
    out->len = s->sum_start + behind;
    s->sum_end = 0;
}

// Whether the address of an access that is to be written next is that sum.
static bool is_at_sum(const Shrinker *s, u32 op) {
    if (!s->sum_end) return false;
    return is_load(op) ? s->out.len == s->sum_end : is_store(op) && s->out.len == s->value_end;
}

// Notes a sum that the instruction completes, or a value that it pushes behind one.
static void note_sum(Shrinker *s, const Instruction *at, size_t start) {
    if (at->op == OP_I32_ADD && s->before.op == OP_I32_CONST && s->before.value < FIELD_MOST) {
        s->addend = s->before.value;
        s->sum_start = s->before_start;
        s->sum_end = s->out.len;
        s->value_end = 0;
    } else if (s->sum_end && start == s->sum_end && is_value(at->op)) s->value_end = s->out.len;
}

static void put_instruction(Shrinker *s, const Instruction *at, Str bytes) {
    Buf *out = &s->out;
    size_t start = out->len;
    if (is_at_sum(s, at->op)) {
        take_sum(s);
        buf_byte(out, bytes.data[0]);
        buf_leb(out, at->align);
        buf_leb(out, at->value + s->addend);
    } else if (is_of_local(at->op)) {
        buf_byte(out, bytes.data[0]);
        buf_leb(out, s->locals[at->index[0]].number);
    } else buf_str(out, bytes);
    note_sum(s, at, start);
    s->before = *at;
    s->before_start = start;
}

// ---- the module ----

static void shrink_body(Shrinker *s, const WasmModule *m, const WasmFunction *function) {
    Input *in = &s->code.in;
    read_locals(s, m, function);
    const u8 *body = m->file.data + function->offset, *code = in->next;
    count_uses(s);
    number_locals(s, m->types.items[function->type].parameters);
    buf_clear(&s->out);
    buf_bytes(&s->out, body, (size_t)(code - body));
    s->sum_end = 0;
    s->before.op = OP_NOP;
    for (in->next = code; in->next < in->end;) {
        const u8 *start = in->next;
        Instruction at;
        instruction_read(&s->code, &at);
        put_instruction(s, &at, (Str){start, (u32)(in->next - start)});
    }
}

static void shrink_module(WasmModule *m, Error *error, Buf *out) {
    static Shrinker s;
    const WasmSection *section = wasm_section(m, SECTION_CODE);
    need(section != NULL, "no code");
    s.code = (Code){.in = {.start = m->file.data, .error = error}, .module = m};
    Buf content = {0};
    buf_leb(&content, m->bodies);
    for (u32 i = m->imported[KIND_FUNCTION]; i < m->functions.count; i++) {
        shrink_body(&s, m, &m->functions.items[i]);
        buf_leb(&content, s.out.len);
        buf_bytes(&content, s.out.data, s.out.len);
    }
    u32 behind = section->offset + section->size;
    buf_bytes(out, m->file.data, section->header);
    buf_byte(out, SECTION_CODE);
    buf_leb(out, content.len);
    buf_bytes(out, content.data, content.len);
    buf_bytes(out, m->file.data + behind, m->file.len - behind);
    need(!s.out.failed && !content.failed && !out->failed, "memory is out");
    buf_free(&s.out);
    buf_free(&content);
}

int main(int argc, char **argv) {
    static u8 file[FILE_MOST];
    FILE *from = argc == 2 ? fopen(argv[1], "rb") : NULL;
    need(from != NULL, argc == 2 ? "the file can't be read" : "usage: shrink LINKED.wasm > OUT.wasm");
    size_t len = fread(file, 1, sizeof file, from);
    (void)fclose(from);
    Arena arena = {0};
    WasmModule module;
    Error error = {0};
    need(wasm_decode(&module, &arena, (Str){file, (u32)len}, &error), "the file is no module");
    Buf out = {0};
    shrink_module(&module, &error, &out);
    need(fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0, "the module can't be written");
    buf_free(&out);
    arena_free(&arena);
    return 0;
}
