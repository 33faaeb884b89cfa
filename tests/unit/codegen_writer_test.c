// The module writer by hand-made parts, read back by the decoder of backend/wasm: the smallest module byte by byte, what is
// linked and in which order, holes where numbers grow by a byte, data trimmed and merged, places of traps, limits, every
// allocation failing once.
#include "check.h"

#include <stdlib.h>

#include "codegen/module_writer.h"
#include "ir/build.h"
#include "support/leb.h"
#include "support/platform.h"
#include "support/sort.h"

// Both sides name the value types.
#define WasmType DecodedType
#define WASM_I32 DECODED_I32
#define WASM_I64 DECODED_I64
#define WASM_F32 DECODED_F32
#define WASM_F64 DECODED_F64
#include "wasm/module.h"
#undef WasmType
#undef WASM_I32
#undef WASM_I64
#undef WASM_F32
#undef WASM_F64

// ---- parts ----

enum { FUNCTIONS = 20000 };
typedef struct Parts {
    Arena arena;
    IrModule module;
    CodegenOptions options;
    TrapMap traps;
    WriterFunction *functions;
    Code *codes;
    u32 count;
    WriterExport export;
    WriterData data[8];
    WriterInput input;
    CodegenResult result;
    Error error;
} Parts;

static const Signature NOTHING = {NULL, NULL, 0, 0};

static void parts_init(Parts *p) {
    *p = (Parts){.export = {"main", SYMBOL_FUNCTION + 1}};
    ir_module_init(&p->module, &p->arena);
    p->module.entry = ir_add_function(&p->module, STR("program"), 0, IR_VOID);
    p->functions = arena_new(&p->arena, WriterFunction, FUNCTIONS);
    p->codes = arena_new(&p->arena, Code, FUNCTIONS);
    p->traps.arena = &p->arena;
    p->input = (WriterInput){.arena = &p->arena,
                             .options = &p->options,
                             .module = &p->module,
                             .functions = p->functions,
                             .exports = &p->export,
                             .export_count = 1,
                             .data = p->data,
                             .heap_base = 64,
                             .memory_limit = 4 << 16,
                             .traps = &p->traps};
}

static void parts_free(Parts *p) {
    buf_free(&p->result.wasm);
    arena_free(&p->arena);
}

// A function with the symbol `number`; code is appended by the caller.
static Code *add_function(Parts *p, u32 number, Str name, Signature signature) {
    Code *code = &p->codes[p->count];
    *code = (Code){.arena = &p->arena, .last = NO_INDEX};
    p->functions[p->count++] = (WriterFunction){SYMBOL_FUNCTION + number, name, signature, code, number};
    p->input.function_count = p->count;
    return code;
}

static void add_empty(Parts *p, u32 number, Str name, Signature signature) {
    code_end(add_function(p, number, name, signature));
}

static Str written(const Parts *p) { return (Str){p->result.wasm.data, (u32)p->result.wasm.len}; }

// Writes and decodes; the module refers to the bytes.
static bool write_and_read(Parts *p, WasmModule *m) {
    error_clear(&p->error);
    buf_free(&p->result.wasm);
    if (!CHECK(module_write(&p->input, &p->result, &p->error))) {
        fprintf(stderr, "  %.*s\n", (int)p->error.message_len, p->error.message);
        return false;
    }
    *m = (WasmModule){0};
    if (CHECK(wasm_decode(m, &p->arena, written(p), &p->error))) return true;
    fprintf(stderr, "  %.*s at %u\n", (int)p->error.message_len, p->error.message, p->error.where.offset);
    return false;
}

// Names of the functions by number, and how many of them are imported: "a b|c".
static Str function_names(const WasmModule *m, Buf *out) {
    buf_clear(out);
    for (u32 i = 0; i < m->functions.count; i++) {
        if (i) buf_byte(out, i == m->imported[KIND_FUNCTION] ? '|' : ' ');
        buf_str(out, wasm_name_of(m, SPACE_FUNCTIONS, i));
    }
    return (Str){out->data, (u32)out->len};
}

// ---- the smallest module ----

static void test_smallest(void) {
    static const u8 want[] = "\0asm\1\0\0\0"
                             "\1\4\1\x60\0\0"                 // type
                             "\3\2\1\0"                       // function
                             "\5\4\1\1\0\4"                   // memory: 0 to 4 pages
                             "\7\x11\2\6memory\2\0\4main\0\0" // exports
                             "\x0a\4\1\2\0\x0b"               // code
                             "\0\x31\x09producers\1\x0cprocessed-by\1\x11jsrust-playground\5"
                             "0.1.0";
    Parts p;
    WasmModule m;
    parts_init(&p);
    add_empty(&p, 1, STR("program"), NOTHING);
    if (write_and_read(&p, &m)) {
        CHECK(p.result.wasm.len == sizeof want - 1 && memcmp(p.result.wasm.data, want, sizeof want - 1) == 0);
        CHECK((m.features & ~(1u << FEATURE_MVP)) == 0 && m.producers.count == 1);
    }
    parts_free(&p);
}

// ---- what is linked, and in which order ----

static void test_order(void) {
    static const u8 pair[] = {WASM_I32, WASM_I64};
    const Signature one = {pair, pair, 1, 0}, two = {pair, pair, 2, 0};
    Parts p;
    WasmModule m;
    Buf text = {0};
    parts_init(&p);
    p.options.names = true;
    Code *program = add_function(&p, 1, STR("program"), NOTHING);
    for (u32 i = 0; i < 3; i++) {
        code_i32_const(program, 7);
        code_call(program, SYMBOL_FUNCTION + 9);
    }
    code_call(program, SYMBOL_FUNCTION + 5);
    code_call(program, SYMBOL_FUNCTION + 7);
    code_call(program, SYMBOL_FUNCTION + 7);
    code_end(program);
    Code *once = add_function(&p, 5, STR("once"), NOTHING);
    code_i32_const(once, 8);
    code_global_set(once, GLOBAL_TRAP);
    code_call(once, SYMBOL_IMPORT + IMPORT_FLUSH);
    code_op(once, W_DROP);
    code_end(once);
    Code *never = add_function(&p, 6, STR("never"), two);
    code_call(never, SYMBOL_IMPORT + IMPORT_WRITE_BYTE);
    code_global_get(never, GLOBAL_STACK_POINTER);
    code_end(never);
    add_empty(&p, 7, STR("twice"), NOTHING);
    add_empty(&p, 9, STR("thrice"), one);
    if (write_and_read(&p, &m)) {
        // By calls; what nobody calls comes last, and what nobody reaches is not there.
        CHECK_TEXT(function_names(&m, &text), STR("jsrust_flush|thrice twice once program"));
        CHECK(str_equal(m.name, STR("program")));
        // Types by their use: () -> () thrice, the others once, in the order in which they are met.
        CHECK(m.types.count == 3 && m.functions.items[4].type == 0 && m.functions.items[3].type == 0);
        CHECK(m.functions.items[0].type == 1 && m.functions.items[1].type == 2);
        CHECK(m.globals.count == 1 && m.globals.items[0].is_mutable);
        CHECK_TEXT(wasm_name_of(&m, SPACE_GLOBALS, 0), STR("trap"));
        CHECK(m.exports.count == 3 && m.exports.items[1].index == 4);
        CHECK(str_equal(m.exports.items[0].name, STR("memory")) && str_equal(m.exports.items[1].name, STR("main")));
        CHECK(str_equal(m.exports.items[2].name, STR("jsrust_trap")) && m.exports.items[2].kind == KIND_GLOBAL);
        Str first = {malloc(written(&p).len), written(&p).len};
        memcpy((u8 *)first.data, written(&p).data, first.len);
        if (write_and_read(&p, &m)) CHECK(str_equal(first, written(&p)));
        free((u8 *)first.data);
        p.options.names = false;
        if (write_and_read(&p, &m)) CHECK(m.name.data == NULL && wasm_name_of(&m, SPACE_FUNCTIONS, 0).data == NULL);
    }
    buf_free(&text);
    parts_free(&p);
}

// ---- holes ----

// The entry calls `count` functions once each, so that they have the numbers 0, 1, 2.. in its body.
static void check_holes(u32 count) {
    Parts p;
    WasmModule m;
    parts_init(&p);
    Code *program = add_function(&p, 1, STR("program"), NOTHING);
    u32 runs[] = {300, 2};
    for (u32 i = 0; i < countof(runs); i++) {
        CodeLocals run = {runs[i], WASM_I64};
        CHECK(vec_push(&p.arena, &program->locals, run));
    }
    for (u32 i = 0; i < count; i++) {
        CodeOrigin origin = {program->bytes.count, i + 1, 3};
        CHECK(vec_push(&p.arena, &program->origins, origin));
        code_call(program, SYMBOL_FUNCTION + 2 + i);
    }
    code_end(program);
    for (u32 i = 0; i < count; i++) add_empty(&p, 2 + i, STR("f"), NOTHING);
    if (write_and_read(&p, &m)) {
        u8 *want = malloc((size_t)count * 4 + 16), *at = want;
        memcpy(at, "\2\xac\2\x7e\2\x7e", 6);
        at += 6;
        bool origins = p.result.origin_count == count;
        u32 body = m.functions.items[count].offset;
        for (u32 i = 0; i < count; i++) {
            const CodegenOrigin *origin = &p.result.origins[origins ? i : 0];
            origins = origins && origin->offset == body + (u32)(at - want) && origin->function == 1 &&
                      origin->value == i + 1 && origin->block == 3;
            *at++ = 0x10;
            at = leb_write(at, i);
        }
        *at++ = 0x0b;
        CHECK(origins);
        Str got = {written(&p).data + body, m.functions.items[count].size};
        CHECK(str_equal(got, (Str){want, (u32)(at - want)}));
        free(want);
    }
    parts_free(&p);
}

static void test_holes(void) {
    check_holes(127);
    check_holes(128);
    check_holes(129);
    check_holes(16384);
    check_holes(16386);
}

// ---- data ----

// The segments as text: "address:bytes in hex", with a blank between.
static Str segments_text(const Parts *p, const WasmModule *m, Buf *out) {
    buf_clear(out);
    for (u32 i = 0; i < m->data.count; i++) {
        const WasmData *data = &m->data.items[i];
        const u8 *at = written(p).data + data->offset.offset + 1; // behind i32.const
        u32 address = 0, shift = 0;
        do {
            address |= (u32)(*at & 0x7f) << shift;
            shift += 7;
        } while (*at++ & 0x80);
        at += 1 + leb_length(data->size);
        buf_format(out, i ? " %u:" : "%u:", address);
        for (u32 b = 0; b < data->size; b++) {
            buf_hex(out, at[b] >> 4);
            buf_hex(out, at[b] & 15);
        }
    }
    return (Str){out->data, (u32)out->len};
}

static void test_data(void) {
    static const struct {
        WriterData data[4];
        const char *segments;
    } cases[] = {
        {{{0}}, ""},
        {{{100, STR("ab")}}, "100:6162"},
        {{{100, STR("\0\0ab\0")}}, "102:6162"},
        {{{100, STR("\0\0\0")}, {200, STR("")}}, ""},
        {{{200, STR("b")}, {100, STR("a")}}, "100:61 200:62"},                 // any order
        {{{101, STR("b")}, {100, STR("a")}, {102, STR("c")}}, "100:616263"},   // neighbours
        {{{100, STR("a")}, {104, STR("b")}}, "100:6100000062"},                // a small gap
        {{{100, STR("a\0\0\0\0\0\0b")}}, "100:6100000000000062"},              // six zeros: as long as a head
        {{{100, STR("a\0\0\0\0\0\0\0b")}}, "100:61 108:62"},                   // seven are longer
        {{{8300, STR("a\0\0\0\0\0\0\0b")}}, "8300:610000000000000062"},        // its address takes three bytes
        {{{100, STR("a\0\0\0")}, {104, STR("\0\0\0\0\0b")}}, "100:61 109:62"}, // a gap over two pieces
        {{{100, STR("a\0")}, {103, STR("\0b\0c")}, {107, STR("d")}},
         "100:610000006200"
         "6364"},
    };
    Buf text = {0};
    for (u32 i = 0; i < countof(cases); i++) {
        Parts p;
        WasmModule m;
        parts_init(&p);
        memcpy(p.data, cases[i].data, sizeof cases[i].data);
        p.input.data_count = countof(cases[i].data);
        p.input.heap_base = 65537;
        p.options.names = true;
        add_empty(&p, 1, STR("program"), NOTHING);
        if (write_and_read(&p, &m)) {
            CHECK_TEXT(segments_text(&p, &m, &text),
                       ((Str){(const u8 *)cases[i].segments, (u32)strlen(cases[i].segments)}));
            CHECK((wasm_section(&m, SECTION_DATA) != NULL) == (m.data.count > 0));
            CHECK(m.memories.items[0].initial == 2 && m.memories.items[0].maximum == 4);
            for (u32 s = 0; s < m.data.count; s++)
                CHECK_TEXT(wasm_name_of(&m, SPACE_DATA, s), s ? STR("constants.1") : STR("constants.0"));
            CHECK(str_equal(m.name, STR("program")));
        }
        parts_free(&p);
    }
    buf_free(&text);
}

// More segments than engines take are joined, whatever lies between.
static void test_many_segments(void) {
    enum { COUNT = 100010, STEP = 16 };
    Parts p;
    WasmModule m;
    parts_init(&p);
    u8 *bytes = calloc(COUNT, STEP);
    for (u32 i = 0; i < COUNT; i++) bytes[(size_t)i * STEP] = 1;
    p.data[0] = (WriterData){64, {bytes, COUNT * STEP}};
    p.input.data_count = 1;
    p.input.heap_base = 64 + COUNT * STEP;
    p.input.memory_limit = 1 << 30;
    add_empty(&p, 1, STR("program"), NOTHING);
    if (write_and_read(&p, &m)) {
        CHECK(m.data.count == 100000);
        CHECK(m.data.items[m.data.count - 1].size == (COUNT - 100000) * STEP + 1);
    }
    free(bytes);
    parts_free(&p);
}

// ---- the runtime ----

static void test_runtime(void) {
    Parts p;
    WasmModule m;
    Buf text = {0};
    parts_init(&p);
    p.options.names = true;
    Code *program = add_function(&p, 1, STR("program"), NOTHING);
    code_i64_const(program, 5);
    code_call(program, SYMBOL_RUNTIME + RUNTIME_print_u64);
    code_call(program, SYMBOL_RUNTIME + RUNTIME_flush);
    code_end(program);
    p.input.heap_base = 20000;
    p.input.stack_top = 19984;
    if (write_and_read(&p, &m)) {
        CHECK(m.imported[KIND_FUNCTION] == 2 && str_equal(m.imports.items[0].name, STR("jsrust_write_byte")));
        CHECK(str_equal(m.imports.items[1].name, STR("jsrust_flush")) && m.memories.items[0].initial == 1);
        CHECK((m.features & ~(1u << FEATURE_MVP)) == 0);
    }
    p.options.block_write = true;
    if (write_and_read(&p, &m)) {
        CHECK(m.imported[KIND_FUNCTION] == 1 && str_equal(m.imports.items[0].name, STR("jsrust_write")));
    }
    p.options.adapter = ADAPTER_WASI;
    if (write_and_read(&p, &m)) CHECK(str_equal(m.imports.items[0].module, STR("wasi_snapshot_preview1")));
    buf_free(&text);
    parts_free(&p);
}

// For the smallest code other functions stand for these, and none of the fast ones' tables are there.
static void test_small(void) {
    Parts p;
    WasmModule m;
    Buf text = {0};
    parts_init(&p);
    p.options = (CodegenOptions){.names = true, .small = true};
    Code *program = add_function(&p, 1, STR("program"), NOTHING);
    code_i64_const(program, 5);
    code_call(program, SYMBOL_RUNTIME + RUNTIME_print_u64);
    code_end(program);
    p.input.heap_base = 20000;
    p.input.stack_top = 19984;
    if (write_and_read(&p, &m)) {
        CHECK_TEXT(function_names(&m, &text), STR("jsrust_write_byte|print_u64_small output_byte_bytes program"));
        CHECK(m.data.count == 0);
    }
    // Floats are copied about: by an instruction where there is one.
    program->bytes.count = 0;
    program->refs.count = 0;
    code_f64_const(program, 0x3ff8000000000000);
    code_call(program, SYMBOL_RUNTIME + RUNTIME_print_f64);
    code_end(program);
    if (write_and_read(&p, &m)) CHECK(m.features >> FEATURE_BULK_MEMORY & 1);
    u32 size = written(&p).len;
    p.options.mvp = true;
    if (write_and_read(&p, &m)) CHECK((m.features & ~(1u << FEATURE_MVP)) == 0 && written(&p).len > size + 100);
    buf_free(&text);
    parts_free(&p);
}

// ---- places of traps ----

static u32 u32_at(const u8 *at) { return at[0] | (u32)at[1] << 8 | (u32)at[2] << 16 | (u32)at[3] << 24; }

// The program's memory as its segments fill it.
static u8 *memory_image(const Parts *p, const WasmModule *m, u32 size) {
    u8 *memory = calloc(size, 1);
    for (u32 i = 0; i < m->data.count; i++) {
        const u8 *at = written(p).data + m->data.items[i].offset.offset + 1;
        u32 address = 0, shift = 0;
        do {
            address |= (u32)(*at & 0x7f) << shift;
            shift += 7;
        } while (*at++ & 0x80);
        at += 1 + leb_length(m->data.items[i].size);
        if (CHECK(address + m->data.items[i].size <= size)) memcpy(memory + address, at, m->data.items[i].size);
    }
    return memory;
}

static void test_places(void) {
    Parts p;
    WasmModule m;
    parts_init(&p);
    p.options.map = p.options.names = true;
    CHECK(vec_push(&p.arena, &p.module.source_names, STR("zero")) &&
          vec_push(&p.arena, &p.module.source_names, STR("f")));
    u32 outer = ir_add_site(&p.module, (IrSite){0, 2, 7, 100, 0, 30, false});
    u32 inner = ir_add_site(&p.module, (IrSite){1, 200, 3, 90, outer, 20, false});
    u32 end = ir_add_site(&p.module, (IrSite){1, 4, 9, NO_OFFSET, 0, 41, true});
    u32 head = ir_add_site(&p.module, (IrSite){9, 5, NO_INDEX, 40, 0, 50, false}); // of no function in the file
    CHECK(trap_map_place(&p.traps, &p.module, 0) == 0);
    CHECK(trap_map_place(&p.traps, &p.module, inner) == 1); // and the outer one
    CHECK(trap_map_place(&p.traps, &p.module, end) == 3);
    CHECK(trap_map_place(&p.traps, &p.module, outer) == 2);
    CHECK(trap_map_place(&p.traps, &p.module, head) == 4);
    static const u8 want[] = "\1"
                             "\3\1\1f\0\4zero\x09\0"
                             "\4"
                             "\0\x90\3\4\xdb\0\x14\2"   // f, block 200, instruction 3, offset 90, number 20, at place 2
                             "\1\4\x08\x0a\x0a\0"       // zero, block 2, instruction 7, offset 100, number 30
                             "\0\x09\x0a\x9b\x7f\x0b\0" // f, block 4, its terminator, offset unknown, number 41
                             "\2\x0a\0\x29\x09\0"       // block 5's head, offset 40, number 50
                             "\2\xac\2\1\5\3";          // calls at 300 and 305
    Buf section = {0};
    TrapCall places[] = {{300, 1}, {305, 3}};
    TrapCalls calls = {places, countof(places), countof(places)};
    CHECK(trap_map_write(&p.traps, &p.module, &calls, &p.arena, &section));
    CHECK(section.len == sizeof want - 1 && memcmp(section.data, want, sizeof want - 1) == 0);
    buf_free(&section);

    p.options.adapter = ADAPTER_WASI;
    p.options.depth = 777;
    Code *program = add_function(&p, 1, STR("program"), NOTHING);
    code_i32_const(program, 1 << TRAP_KIND_BITS | TRAP_BOUNDS);
    code_call(program, SYMBOL_RUNTIME + RUNTIME_trap);
    code_end(program);
    p.input.heap_base = 20003;
    p.input.memory_limit = 65536;
    if (write_and_read(&p, &m)) {
        u8 *memory = memory_image(&p, &m, 65536);
        u32 table = u32_at(memory + runtime_cell(RUNTIME_CELL_PLACES));
        CHECK(u32_at(memory + runtime_cell(RUNTIME_CELL_PLACE_COUNT)) == 4);
        CHECK(u32_at(memory + runtime_cell(RUNTIME_CELL_DEPTH)) == 777);
        CHECK(u32_at(memory + runtime_cell(RUNTIME_CELL_MEMORY_LIMIT)) == 65536);
        if (CHECK(table >= 20003 && table < 60000)) {
            const u8 *name = memory + u32_at(memory + table);
            CHECK(u32_at(name) == 1 && name[4] == 'f' && u32_at(memory + table + 24) == u32_at(memory + table));
            CHECK(u32_at(memory + table + 4) == 200 && u32_at(memory + table + 8) == 3);
            CHECK(u32_at(memory + table + 28) == 4 && u32_at(memory + table + 32) == NO_INDEX);
            CHECK(u32_at(memory + table + 36) == 0 && u32_at(memory + table + 40) == NO_INDEX);
        }
        free(memory);
        CHECK(m.sections.items[m.sections.count - 1].name.len == 10);
        CHECK_TEXT(wasm_name_of(&m, SPACE_DATA, 0), STR("runtime.0"));
        Str last = wasm_name_of(&m, SPACE_DATA, m.data.count - 1);
        CHECK(last.len > 7 && memcmp(last.data, "places.", 7) == 0);
    }
    p.input.heap_base = 65536; // no room for it
    if (write_and_read(&p, &m)) {
        u8 *memory = memory_image(&p, &m, 65536);
        CHECK(u32_at(memory + runtime_cell(RUNTIME_CELL_PLACES)) == 0);
        free(memory);
    }
    parts_free(&p);
}

// ---- limits ----

static void check_limit(Str message, u32 params, u32 locals, u32 bytes, u32 heap_base) {
    Parts p;
    parts_init(&p);
    u8 *types = arena_new(&p.arena, u8, 2000);
    memset(types, WASM_I32, 2000);
    Code *code = add_function(&p, 1, STR("large"), (Signature){types, types, params, 0});
    CodeLocals run = {locals, WASM_I32};
    if (locals) CHECK(vec_push(&p.arena, &code->locals, run));
    if (bytes) {
        CHECK(vec_reserve(&p.arena, &code->bytes, bytes));
        memset(code->bytes.items, W_NOP, bytes - 1);
        code->bytes.count = bytes - 1;
    }
    code_end(code);
    p.input.heap_base = heap_base;
    bool ok = module_write(&p.input, &p.result, &p.error);
    CHECK(ok == (message.len == 0) && (ok || p.result.wasm.data == NULL));
    if (!ok) CHECK_TEXT(((Str){(const u8 *)p.error.message, p.error.message_len}), message);
    parts_free(&p);
}

static void test_limits(void) {
    check_limit(STR(""), 1000, 49000, 7654321 - 5, 4 << 16); // the locals' declaration takes five
    check_limit(STR("function large is too large for WebAssembly: it has 1001 parameters, the limit is 1000"), 1001, 0,
                0, 0);
    check_limit(STR("function large is too large for WebAssembly: it has 50001 locals, the limit is 50000"), 1, 50000,
                0, 0);
    check_limit(STR("function large is too large for WebAssembly: it has 7654322 bytes of code, the limit is 7654321"),
                0, 49000, 7654322 - 5, 0);
    check_limit(STR("memory limit reached: the program starts with 262145 bytes"), 0, 0, 0, (4 << 16) + 1);
}

// ---- memory running out ----

// What does not fit is told with the function it is of.
static void test_frame_limit(void) {
    Parts p;
    parts_init(&p);
    IrBuilder b;
    u32 number = ir_add_function(&p.module, STR("large"), 5, IR_VOID);
    ir_begin(&b, &p.module, number);
    ir_at(&b, ir_add_block(&b, 0));
    ir_add_slot(&b, 0xfffffff0u, 8);
    ir_return(&b, 0);
    p.module.entry = number;
    CHECK(!codegen_module(&p.module, &p.options, &p.arena, &p.result, &p.error));
    CHECK(p.error.code == ERR_EXECUTE && p.error.where.function == 5);
    CHECK_TEXT(((Str){(const u8 *)p.error.message, p.error.message_len}),
               STR("memory limit reached: the variables of a function take more than 2147450880 bytes"));
    parts_free(&p);
}

static void test_allocation_failures(void) {
    Parts p;
    parts_init(&p);
    p.options = (CodegenOptions){.names = true, .map = true, .origins = true, .adapter = ADAPTER_WASI};
    CHECK(vec_push(&p.arena, &p.module.source_names, STR("f")));
    (void)trap_map_place(&p.traps, &p.module, ir_add_site(&p.module, (IrSite){0, 2, 7, 100, 0, 30, false}));
    Code *program = add_function(&p, 1, STR("program"), NOTHING);
    code_i32_const(program, 65);
    code_call(program, SYMBOL_RUNTIME + RUNTIME_trap);
    code_end(program);
    p.data[0] = (WriterData){9000, STR("data")};
    p.input.data_count = 1;
    p.input.heap_base = 20000;
    bool done = false;
    for (u32 n = 1; !done && CHECK(n < 1000); n++) {
        error_clear(&p.error);
        platform_fail_after(n);
        bool ok = module_write(&p.input, &p.result, &p.error);
        done = platform_fail_after(0) != 0;
        CHECK(ok == done && (ok || p.error.code == ERR_INTERNAL));
        buf_free(&p.result.wasm);
    }
    parts_free(&p);
}

static void test_sort(void) {
    u64 keys[100], state = 1;
    for (u32 count = 0; count < countof(keys); count++) {
        Arena scratch = {0};
        u64 sum = 0;
        for (u32 i = 0; i < count; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            sum += keys[i] = state >> 58;
        }
        CHECK(sort_u64(&scratch, keys, count));
        bool sorted = true;
        for (u32 i = 0; i < count; i++) {
            sum -= keys[i];
            sorted &= i == 0 || keys[i - 1] <= keys[i];
        }
        CHECK(sorted && sum == 0);
        arena_free(&scratch);
    }
}

int main(void) {
    test_smallest();
    test_order();
    test_holes();
    test_data();
    test_many_segments();
    test_runtime();
    test_small();
    test_places();
    test_limits();
    test_frame_limit();
    test_allocation_failures();
    test_sort();
    return CHECK_DONE();
}
