// Part of the build, not of the backend: what the linker made, made smaller. Usage: shrink LINKED.wasm > OUT.wasm
//
// Small numbers that are added to an address go into the offsets of loads and stores: a fiftieth of our code. An offset does not
// wrap where a sum does, so clang folds only sums that it knows not to. Of a field within a field (`inst->args[1]`) it knows
// that of both sums, and forgets it as it makes one of them. No address of ours is so close below 0 that a field's wraps:
// memory begins with the far end of the stack.
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
    Buf out;                   // the body
    Instruction before;        // written last,
    size_t last;               // and where it starts
    u64 number;                // last added
    size_t from, to;           // where its constant and addition lie; `to` 0 = none
    size_t value;              // end of the one value that was pushed behind these
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
    size_t behind = out->len - s->to;
    for (size_t i = 0; i < behind; i++) out->data[s->from + i] = out->data[s->to + i];
    out->len = s->from + behind;
    s->to = 0;
}

static void put_instruction(Shrinker *s, const Instruction *at, Str bytes) {
    Buf *out = &s->out;
    size_t start = out->len;
    if (s->to && (is_load(at->op) ? start == s->to : is_store(at->op) && start == s->value)) {
        take_sum(s);
        buf_byte(out, bytes.data[0]);
        buf_leb(out, at->align);
        buf_leb(out, at->value + s->number);
    } else if (is_of_local(at->op)) {
        buf_byte(out, bytes.data[0]);
        buf_leb(out, s->locals[at->index[0]].number);
    } else buf_str(out, bytes);
    if (at->op == OP_I32_ADD && s->before.op == OP_I32_CONST && s->before.value < FIELD_MOST) {
        s->number = s->before.value;
        s->from = s->last;
        s->to = out->len;
        s->value = 0;
    } else if (s->to && start == s->to && is_value(at->op)) s->value = out->len;
    s->before = *at;
    s->last = start;
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
    s->to = 0;
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
