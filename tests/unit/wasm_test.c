// The reader of WebAssembly modules through its exports: what is malformed and where it says so, every instruction, the
// description, the cap on memories, prefixes and mutations, and every allocation failing once.
#include "check.h"

#include <stdlib.h>

#include "api/tools.c" // the exports are not in the native library
#include "wasm_bytes.h"

static Str text(void) { return (Str){tools_text_ptr(), (u32)tools_text_len()}; }

// The last line, when all lines before are too many to be shown by a failure.
static Str text_end(void) { return text().len < 120 ? text() : (Str){text().data + text().len - 120, 120}; }

static bool contains(Str whole, const char *part) {
    u32 len = (u32)strlen(part);
    for (u32 at = 0; at + len <= whole.len; at++) {
        if (memcmp(whole.data + at, part, len) == 0) return true;
    }
    return false;
}

static bool check_contains(const char *file, int line, Str whole, const char *part) {
    if (check_that(contains(whole, part), file, line, part)) return true;
    fprintf(stderr, "  in: %.*s\n", (int)whole.len, (const char *)whole.data);
    return false;
}
#define CHECK_CONTAINS(whole, part) check_contains(__FILE__, __LINE__, (whole), (part))

// The bytes end where their own allocation does, so that reading past them is found.
static u32 load_copy(Str file) {
    tools_reset();
    u8 *copy = tools_alloc(file.len);
    if (!copy && file.len) return ERR_INTERNAL;
    if (file.len) memcpy(copy, file.data, file.len);
    return tools_load(copy, file.len);
}

// ---- what is malformed ----

#define TYPE_SECTION "\x01\x04\x01\x60\0\0"
#define ONE_FUNCTION WASM_HEADER TYPE_SECTION "\x03\x02\x01\0"

static const struct {
    Str file;
    const char *section;
    i32 offset; // -1 = none
    const char *message;
    i32 function; // -1 = none
} malformed[] = {
    {BYTES(""), "header", 0, "does not begin as WebAssembly", -1},
    {BYTES("\0as"), "header", 0, "does not begin as WebAssembly", -1},
    {BYTES("\0bsm\1\0\0\0"), "header", 0, "does not begin as WebAssembly", -1},
    {BYTES("\0asm\1\0"), "header", 6, "within its header", -1},
    {BYTES("\0asm\2\0\0\0"), "header", 4, "unknown version 2", -1},
    {BYTES("\0asm\x0d\0\1\0"), "header", 4, "a component", -1},
    {BYTES(WASM_HEADER "\x0e\x00"), "header", 8, "unknown section 14", -1},
    {BYTES(WASM_HEADER "\x01"), "type", 9, "ends within a number", -1},
    {BYTES(WASM_HEADER "\x01\x05\x00"), "type", 9, "claims 5 bytes, but only 1 are left", -1},
    {BYTES(WASM_HEADER "\x01\x80\x80\x80\x80\x80\x00"), "type", 9, "more bytes than it may", -1},
    {BYTES(WASM_HEADER "\x01\x80\x80\x80\x80\x10"), "type", 9, "does not fit in 32 bits", -1},
    {BYTES(WASM_HEADER "\x01\x01\x05"), "type", 10, "claims 5 types", -1},
    {BYTES(WASM_HEADER "\x01\x02\x01\x61"), "type", 11, "unknown form of type: 0x61", -1},
    {BYTES(WASM_HEADER "\x01\x05\x01\x60\x01\x01\0"), "type", 13, "unknown value type 0x01", -1},
    {BYTES(WASM_HEADER "\x01\x05\x01\x60\0\0\0"), "type", 14, "1 bytes too many", -1},
    {BYTES(WASM_HEADER "\x01\x06\x01\x60\x01\x64\x01\0"), "type", 14, "type 1 does not exist", -1},
    {BYTES(WASM_HEADER "\x01\x06\x01\x60\x01\x64\x40\0"), "type", 14, "unknown heap type -64", -1},
    {BYTES(WASM_HEADER "\x01\x07\x01\x50\x01\x05\x60\0\0"), "type", 13, "which comes later", -1},
    {BYTES(WASM_HEADER "\x01\x05\x01\x50\x02\0\0"), "type", 12, "one is the most", -1},
    {BYTES(WASM_HEADER "\x01\x05\x01\x5f\x01\x7f\x02"), "type", 14, "constant (0) or mutable (1), not 2", -1},
    {BYTES(WASM_HEADER "\x03\x02\x01\0"), "function", 11, "function type 0 does not exist: there is none", -1},
    {BYTES(WASM_HEADER "\x01\x04\x01\x5f\0\0"), "type", 13, "1 bytes too many", -1},
    {BYTES(WASM_HEADER "\x01\x03\x01\x5f\0\x03\x02\x01\0"), "function", 16, "type 0 is no function type", -1},
    {BYTES(WASM_HEADER TYPE_SECTION TYPE_SECTION), "header", 14, "a second type section", -1},
    {BYTES(WASM_HEADER "\x03\x01\0" TYPE_SECTION), "header", 11, "the type section stands too late", -1},
    {BYTES(WASM_HEADER "\x02\x05\x01\x01\xff\0\0"), "import", 12, "not UTF-8", -1},
    {BYTES(WASM_HEADER "\x02\x04\x01\x09zz"), "import", 12, "9 more bytes are wanted, and 2 are left", -1},
    {BYTES(WASM_HEADER "\x02\x05\x01\0\0\x05\0"), "import", 13, "unknown kind of import or export: 5", -1},
    {BYTES(WASM_HEADER "\x02\x06\x01\0\0\x03\x7f\x02"), "import", 15, "not 2", -1},
    {BYTES(WASM_HEADER "\x04\x04\x01\x7f\0\0"), "table", 11, "a reference type is wanted", -1},
    {BYTES(WASM_HEADER "\x04\x04\x01\x70\x10\0"), "table", 12, "unknown flags of limits: 16", -1},
    {BYTES(WASM_HEADER "\x04\x05\x01\x70\x01\x02\x01"), "table", 13, "maximum, 1, is less", -1},
    {BYTES(WASM_HEADER "\x04\x04\x01\x40\x01\x70"), "table", 12, "0x40 0x00", -1},
    {BYTES(WASM_HEADER "\x05\x05\x01\0\x81\x80\x04"), "memory", 11, "65537 pages are more", -1},
    {BYTES(WASM_HEADER "\x05\x06\x01\x01\0\x81\x80\x04"), "memory", 11, "maximum of 65537 pages", -1},
    {BYTES(WASM_HEADER "\x05\x03\x01\x02\0"), "memory", 11, "shared memory needs a maximum", -1},
    {BYTES(WASM_HEADER "\x05\x04\x01\x08\0\x05"), "memory", 13, "1 or 65536 bytes, not 2^5", -1},
    {BYTES(WASM_HEADER TYPE_SECTION "\x0d\x03\x01\x01\0"), "tag", 17, "attribute", -1},
    {BYTES(WASM_HEADER "\x06\x03\x01\x7f\x02"), "global", 12, "not 2", -1},
    {BYTES(WASM_HEADER "\x06\x04\x01\x7f\0\x0b"), "global", 13, "expression is empty", -1},
    {BYTES(WASM_HEADER "\x06\x05\x01\x7f\0\x01\x0b"), "global", 13, "nop may not stand", -1},
    {BYTES(WASM_HEADER "\x06\x05\x01\x7f\0\x41\x01"), "global", 15, "before its last `end`", -1},
    {BYTES(WASM_HEADER "\x06\x06\x01\x7f\0\x23\0\x0b"), "global", 14, "global 0 does not exist", -1},
    {BYTES(WASM_HEADER "\x07\x04\x01\0\x02\0"), "export", 13, "memory 0 does not exist", -1},
    {BYTES(WASM_HEADER "\x08\x01\0"), "start", 10, "function 0 does not exist", -1},
    {BYTES(WASM_HEADER "\0\x02\x01\xff"), "custom", 11, "not UTF-8", -1},
    {BYTES(WASM_HEADER "\x05\x03\x01\0\0\x07\x0d\x03\x01x\x02\0\x01y\x02\0\x01x\x02\0"), "export", 24,
     "two exports are called `x`", -1},
    {BYTES(WASM_HEADER "\x01\x05\x01\x60\0\x01\x7f\x03\x02\x01\0\x08\x01\0"), "start", 21,
     "the start function, 0, has parameters or results", -1},
    {BYTES(ONE_FUNCTION "\x06\x06\x01\x7f\0\x41\0\x0b\x0a\x08\x01\x06\0\x41\0\x24\0\x0b"), "code", 33,
     "global 0 is constant, but is assigned", 0},
    {BYTES(WASM_HEADER "\x09\x02\x01\x08"), "element", 11, "unknown flags of a segment: 8", -1},
    {BYTES(WASM_HEADER "\x09\x06\x01\0\x41\0\x0b\0"), "element", 12, "table 0 does not exist", -1},
    {BYTES(WASM_HEADER "\x09\x04\x01\x01\x01\0"), "element", 12, "unknown kind of elements", -1},
    {BYTES(WASM_HEADER "\x09\x05\x01\x01\0\x01\0"), "element", 14, "function 0 does not exist", -1},
    {BYTES(WASM_HEADER "\x0b\x02\x01\x03"), "data", 11, "unknown flags of a segment: 3", -1},
    {BYTES(WASM_HEADER "\x0b\x06\x01\0\x41\0\x0b\0"), "data", 12, "memory 0 does not exist", -1},
    {BYTES(WASM_HEADER "\x0b\x04\x01\x01\x05z"), "data", 13, "5 more bytes", -1},
    {BYTES(WASM_HEADER "\x0c\x01\x02\x0b\x03\x01\x01\0"), "data", 16, "1 segments, but the data count section says 2",
     -1},
    {BYTES(ONE_FUNCTION), "code", 18, "1 functions are declared, but 0 have code", -1},
    {BYTES(ONE_FUNCTION "\x0a\x01\0"), "code", 21, "1 functions are declared, but 0 have code", -1},
    {BYTES(WASM_HEADER "\x0a\x04\x01\x02\0\x0b"), "code", 11, "0 functions are declared, but 1 have code", -1},
    {BYTES(ONE_FUNCTION "\x0a\x04\x01\x09\0\x0b"), "code", 21, "claims 9 bytes", 0},
    {BYTES(ONE_FUNCTION "\x0a\x04\x01\x02\0\x01"), "code", 24, "before its last `end`", 0},
    {BYTES(ONE_FUNCTION "\x0a\x05\x01\x03\0\x0b\x01"), "code", 24, "1 bytes behind the last `end`", 0},
    {BYTES(ONE_FUNCTION "\x0a\x05\x01\x03\0\xff\x0b"), "code", 23, "unknown instruction 0xff", 0},
    {BYTES(ONE_FUNCTION "\x0a\x06\x01\x04\0\xfd\x9a\x01"), "code", 23, "unknown instruction 0xfd 154", 0},
    {BYTES(ONE_FUNCTION "\x0a\x0b\x01\x09\x02\xff\xff\xff\xff\x0f\x7f\x01\x7f"), "code", 29,
     "more than 2^32 - 1 locals", 0},
};

static void test_malformed(void) {
    for (u32 i = 0; i < countof(malformed); i++) {
        char start[120], end[60];
        u32 code = load_copy(malformed[i].file);
        if (!CHECK(code == ERR_DESERIALIZE)) fprintf(stderr, "  case %u: %u\n", i, code);
        snprintf(start, sizeof start, "{\"section\":\"%s\",\"offset\":%d,", malformed[i].section, malformed[i].offset);
        snprintf(end, sizeof end, "\"function\":%d,", malformed[i].function);
        CHECK_CONTAINS(text(), start);
        CHECK_CONTAINS(text(), malformed[i].message);
        CHECK_CONTAINS(text(), malformed[i].function < 0 ? "\"function\":null" : end);
        CHECK(contains(text(), "\"component\":true") == (strcmp(malformed[i].message, "a component") == 0));
        CHECK(tools_describe() == ERR_INTERNAL && tools_disassemble(0) == ERR_INTERNAL);
    }
}

// Bodies that break a rule; the offset counts from the first byte in the block.
static const struct {
    Str body;
    u32 offset;
    const char *message;
} bad_bodies[] = {
    {BYTES("\x0c\x02"), 1, "label 2 does not exist: there are 2"},
    {BYTES("\x0e\x01\0\x05"), 3, "label 5 does not exist"},
    {BYTES("\x0e\xff\xff\x03"), 1, "claims 65535 labels"},
    {BYTES("\x10\x01"), 1, "function 1 does not exist: there is only 0"},
    {BYTES("\x11\x09\0"), 1, "function type 9 does not exist"},
    {BYTES("\x11\x01\0"), 1, "type 1 is no function type"},
    {BYTES("\x11\0\x01"), 2, "table 1 does not exist"},
    {BYTES("\x20\x01"), 1, "local 1 does not exist"},
    {BYTES("\x23\x01"), 1, "global 1 does not exist"},
    {BYTES("\x25\x01"), 1, "table 1 does not exist"},
    {BYTES("\x28\x03\0"), 1, "alignment 2^3 is larger than the natural one of i32.load, 2^2"},
    {BYTES("\x28\x42\x02\0"), 1, "memory 2 does not exist"},
    {BYTES("\x28\x02\xff\xff\xff\xff\x1f"), 2, "does not fit in 32 bits"},
    {BYTES("\x3f\x02"), 1, "memory 2 does not exist"},
    {BYTES("\x02\x09\x0b"), 1, "block type 9 does not exist"},
    {BYTES("\x02\x01\x0b"), 1, "type 1 is no function type"},
    {BYTES("\x02\x41\x0b"), 1, "unknown value type 0x41"},
    {BYTES("\x05"), 0, "else stands outside of an `if`"},
    {BYTES("\x04\x40\x05\x05\x0b"), 3, "else stands outside of an `if`"},
    {BYTES("\x07\0"), 0, "catch stands outside of a `try`"},
    {BYTES("\x19"), 0, "catch_all stands outside of a `try`"},
    {BYTES("\x06\x40\x19\x07\0\x0b"), 3, "catch stands outside"},
    {BYTES("\x18\0"), 0, "delegate stands outside of a `try`"},
    {BYTES("\x06\x40\x18\x02"), 2, "label 2 does not exist outside"},
    {BYTES("\x08\x01"), 1, "tag 1 does not exist"},
    {BYTES("\x1c\x02\x7f\x7f"), 1, "select yields one value, not 2"},
    {BYTES("\x1f\x40\x01\x04\0\0\x0b"), 3, "unknown kind of catch: 4"},
    {BYTES("\x1f\x40\x01\x02\x02\x0b"), 4, "label 2 does not exist"},
    {BYTES("\x41\xff\xff\xff\xff\x3f"), 1, "does not fit in 32 bits"},
    {BYTES("\x42\xff\xff\xff\xff\xff\xff\xff\xff\xff\x3f"), 1, "does not fit in 64 bits"},
    {BYTES("\xd0\x09"), 1, "type 9 does not exist"},
    {BYTES("\xd0\x7f"), 1, "unknown heap type -1"},
    {BYTES("\xd2\x09"), 1, "function 9 does not exist"},
    {BYTES("\xfb\x00\x02"), 2, "type 2 is no structure type"},
    {BYTES("\xfb\x02\x01\x01"), 3, "field 1 does not exist"},
    {BYTES("\xfb\x06\x01"), 2, "type 1 is no array type"},
    {BYTES("\xfb\x18\x04\0\x70\x70"), 2, "unknown flags of a cast: 4"},
    {BYTES("\xfb\x1f"), 0, "unknown instruction 0xfb 31"},
    {BYTES("\xfc\x08\x01\0"), 2, "data segment 1 does not exist"},
    {BYTES("\xfc\x0d\x01"), 2, "element segment 1 does not exist"},
    {BYTES("\xfc\x0e\0\x01"), 3, "table 1 does not exist"},
    {BYTES("\xfd\x15\x10"), 2, "lane 16 does not exist: there are 16"},
    {BYTES("\xfd\x54\0\0\x10"), 4, "lane 16 does not exist"},
    {BYTES("\xfd\x0d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x20"), 17, "lane 32 does not exist: there are 32"},
    {BYTES("\xfe\x03\x01"), 2, "followed by a zero byte"},
    {BYTES("\xfe\x10\x01\0"), 2, "must have its natural alignment, 2^2"},
    {BYTES("\xfe\x4f"), 0, "unknown instruction 0xfe 79"},
};

static void test_bad_bodies(void) {
    Bytes good = module_with_body(BYTES(""));
    u32 first = good.len - 5 - 2;
    CHECK(load_copy((Str){good.data, good.len}) == ERR_OK);
    for (u32 i = 0; i < countof(bad_bodies); i++) {
        char offset[40];
        Bytes module = module_with_body(bad_bodies[i].body);
        if (!CHECK(load_copy((Str){module.data, module.len}) == ERR_DESERIALIZE)) fprintf(stderr, "  body %u\n", i);
        snprintf(offset, sizeof offset, "\"offset\":%u,", first + bad_bodies[i].offset);
        CHECK_CONTAINS(text(), "{\"section\":\"code\",");
        CHECK_CONTAINS(text(), offset);
        CHECK_CONTAINS(text(), bad_bodies[i].message);
        CHECK_CONTAINS(text(), "\"function\":0,");
    }
    // Without a data count section no data segment can be named.
    CHECK(load_copy(BYTES(ONE_FUNCTION "\x05\x03\x01\0\0\x0a\x07\x01\x05\0\xfc\x09\0\x0b\x0b\x03\x01\x01\0")) ==
          ERR_DESERIALIZE);
    CHECK_CONTAINS(text(), "needs a data count section");
}

// ---- any bytes at all ----

static u32 random_state = 1;
static u32 random_below(u32 limit) {
    random_state = random_state * 1664525u + 1013904223u;
    return (u32)((u64)(random_state >> 8) * limit >> 24);
}

// Everything that can be done with it; nothing of it may go wrong but by its code.
static void try_all(Str file) {
    if (load_copy(file) == ERR_OK) {
        CHECK(tools_describe() == ERR_OK);
        u32 functions = tools.module.functions.count;
        for (u32 i = 0; i < functions && i < 5; i++) CHECK(tools_disassemble(i) == ERR_OK);
        CHECK(tools_disassemble(functions) == ERR_VALIDATE);
        CHECK(tools_module_text() == ERR_OK);
        u32 code = tools_limit_memory(3);
        CHECK(code == ERR_OK || code == ERR_VALIDATE);
    }
    CHECK(text().len > 0);
}

static void try_mutations(Str file, u32 rounds) {
    for (u32 round = 0; round < rounds; round++) {
        Bytes changed = {.len = 0};
        put_bytes(&changed, file.data, file.len);
        for (u32 n = 1 + random_below(4); n > 0; n--) changed.data[random_below(changed.len)] = (u8)random_below(256);
        try_all((Str){changed.data, changed.len});
    }
}

// ---- every instruction ----

// Immediates that are right in the module of wasm_bytes.h, and how they are written.
static const struct {
    u8 immediates;
    Str bytes;
    const char *text;
} good_immediates[] = {
    {IMMEDIATES_NONE, BYTES(""), ""},
    {IMMEDIATES_LABEL, BYTES("\0"), " $l0"},
    {IMMEDIATES_FUNCTION, BYTES("\0"), " 0"},
    {IMMEDIATES_TAG, BYTES("\0"), " 0"},
    {IMMEDIATES_LOCAL, BYTES("\0"), " 0"},
    {IMMEDIATES_GLOBAL, BYTES("\0"), " 0"},
    {IMMEDIATES_TABLE, BYTES("\0"), " 0"},
    {IMMEDIATES_MEMORY, BYTES("\x01"), " 1"},
    {IMMEDIATES_DATA, BYTES("\0"), " 0"},
    {IMMEDIATES_ELEMENTS, BYTES("\0"), " 0"},
    {IMMEDIATES_FUNCTION_TYPE, BYTES("\x03"), " 3"},
    {IMMEDIATES_STRUCT, BYTES("\x01"), " 1"},
    {IMMEDIATES_ARRAY, BYTES("\x02"), " 2"},
    {IMMEDIATES_CALL_INDIRECT, BYTES("\x03\0"), " (type 3)"},
    {IMMEDIATES_TABLE_INIT, BYTES("\0\0"), " 0 0"},
    {IMMEDIATES_TABLE_COPY, BYTES("\0\0"), " 0 0"},
    {IMMEDIATES_MEMORY_INIT, BYTES("\0\x01"), " 1 0"},
    {IMMEDIATES_MEMORY_COPY, BYTES("\x01\0"), " 1 0"},
    {IMMEDIATES_ARRAY_ARRAY, BYTES("\x02\x02"), " 2 2"},
    {IMMEDIATES_ARRAY_DATA, BYTES("\x02\0"), " 2 0"},
    {IMMEDIATES_ARRAY_ELEMENTS, BYTES("\x02\0"), " 2 0"},
    {IMMEDIATES_ARRAY_COUNT, BYTES("\x02\xe8\x07"), " 2 1000"},
    {IMMEDIATES_FIELD, BYTES("\x01\0"), " 1 0"},
    {IMMEDIATES_BLOCK, BYTES("\x03"), " $l1 (type 3)"},
    {IMMEDIATES_TRY_TABLE, BYTES("\x7f\x04\0\0\0\x01\0\x01\x02\0\x03\x01"),
     " $l1 (result i32) (catch 0 $l0) (catch_ref 0 1 (;function;)) (catch_all $l0) (catch_all_ref 1 (;function;))"},
    {IMMEDIATES_LABELS, BYTES("\x02\0\x01\0"), " $l0 1 (;function;) $l0"},
    {IMMEDIATES_SELECT, BYTES("\x01\x6f"), " (result externref)"},
    {IMMEDIATES_ADDRESS, BYTES("\x40\x01\x80\x80\x80\x80\x10"), " 1 offset=4294967296"},
    {IMMEDIATES_ATOMIC, BYTES(""), ""}, // the alignment differs from one to the next: made below
    {IMMEDIATES_ADDRESS_LANE, BYTES("\0\x10\x01"), " offset=16"},
    {IMMEDIATES_FENCE, BYTES("\0"), ""},
    {IMMEDIATES_LANE, BYTES("\x01"), " 1"},
    {IMMEDIATES_SHUFFLE, BYTES("\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x1f"),
     " 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31"},
    {IMMEDIATES_I32, BYTES("\x7f"), " -1"},
    {IMMEDIATES_I64, BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f"), " -9223372036854775808"},
    {IMMEDIATES_F32, BYTES("\xcd\xcc\xcc\x3d"), " 0.1"},
    {IMMEDIATES_F64, BYTES("\x9a\x99\x99\x99\x99\x99\xb9\xbf"), " -0.1"},
    {IMMEDIATES_V128, BYTES("\x01\0\0\0\xff\xff\xff\xff\0\0\0\0\x78\x56\x34\x12"),
     " i32x4 0x00000001 0xffffffff 0x00000000 0x12345678"},
    {IMMEDIATES_HEAP_TYPE, BYTES("\x6c"), " i31"},
    {IMMEDIATES_CAST, BYTES("\x01"), ""}, // nullable or not: made below
    {IMMEDIATES_BRANCH_CAST, BYTES("\x02\0\x6e\x02"), " $l0 (ref any) (ref null 2)"},
};

static const struct {
    u8 prefix;
    u32 code;
} encodings[] = {
#define PREFIX_PLAIN 0
#define PREFIX_FB 0xfb
#define PREFIX_FC 0xfc
#define PREFIX_FD 0xfd
#define PREFIX_FE 0xfe
#define OP(name, prefix, code, text, immediates, feature, detail, use) {PREFIX_##prefix, code},
#include "wasm/opcodes.def"
};

static void put_encoding(Bytes *out, u32 op) {
    u32 code = encodings[op].code;
    if (encodings[op].prefix) put_byte(out, encodings[op].prefix);
    if (encodings[op].prefix && code > 0x7f) put_byte(out, (code & 0x7f) | 0x80), code >>= 7;
    put_byte(out, code);
}

static bool opens(u32 op) {
    return op == OP_BLOCK || op == OP_LOOP || op == OP_IF || op == OP_TRY || op == OP_TRY_TABLE;
}

// The instruction as it stands in a body, with what must be around it; `want` is its line.
static Bytes body_with(u32 op, char *want, size_t want_size) {
    const OpInfo *info = &op_info[op];
    Bytes body = {.len = 0};
    if (op == OP_ELSE) put_bytes(&body, "\x04\x40", 2);
    if (op == OP_CATCH || op == OP_CATCH_ALL || op == OP_DELEGATE) put_bytes(&body, "\x06\x40", 2);
    if (op == OP_END) put_bytes(&body, "\x02\x40", 2);
    put_encoding(&body, op);
    u32 row = 0;
    while (row < countof(good_immediates) && good_immediates[row].immediates != info->immediates) row++;
    CHECK(row < countof(good_immediates));
    Str bytes = good_immediates[row].bytes;
    const char *immediates = good_immediates[row].text;
    if (info->immediates == IMMEDIATES_ADDRESS) {
        put_byte(&body, 0x40 | info->detail);
        bytes.data++, bytes.len--;
    } else if (info->immediates == IMMEDIATES_ATOMIC) {
        put_byte(&body, info->detail);
        put_byte(&body, 8);
        immediates = " offset=8";
    } else if (info->immediates == IMMEDIATES_CAST) {
        immediates = info->detail ? " (ref null 1)" : " (ref 1)";
    }
    put_bytes(&body, bytes.data, bytes.len);
    if (opens(op) || op == OP_ELSE || op == OP_CATCH || op == OP_CATCH_ALL) put_byte(&body, 0x0b);
    if (info->immediates == IMMEDIATES_BLOCK || info->immediates == IMMEDIATES_TRY_TABLE) {
        snprintf(want, want_size, "\n    %s%s\n", info->text, immediates);
    } else if (op == OP_ELSE || op == OP_END) {
        snprintf(want, want_size, "\n    %s $l1\n", info->text);
    } else if (op == OP_DELEGATE) {
        snprintf(want, want_size, "\n    delegate $l0\n");
    } else if (info->immediates == IMMEDIATES_ADDRESS_LANE) {
        snprintf(want, want_size, "\n    %s%s%s 1\n", info->text, immediates, info->detail ? " align=1" : "");
    } else {
        snprintf(want, want_size, "\n    %s%s\n", info->text, immediates);
    }
    return body;
}

static void test_every_instruction(void) {
    for (u32 op = 0; op < countof(encodings); op++) {
        char want[300], feature[60];
        CHECK(op_find(encodings[op].prefix, encodings[op].code) == (i32)op);
        Bytes body = body_with(op, want, sizeof want);
        Bytes module = module_with_body((Str){body.data, body.len});
        if (!CHECK(load_copy((Str){module.data, module.len}) == ERR_OK)) {
            fprintf(stderr, "  %s: %.*s\n", op_info[op].text, (int)text().len, (const char *)text().data);
            continue;
        }
        CHECK(tools_disassemble(0) == ERR_OK);
        CHECK_CONTAINS(text(), want);
        snprintf(feature, sizeof feature, "\"%s\"", feature_text[op_info[op].feature]);
        CHECK(tools_describe() == ERR_OK);
        if (op_info[op].feature != FEATURE_MVP) CHECK_CONTAINS(text(), feature);
        // Cut anywhere behind the types, it is malformed and no byte behind is read.
        for (u32 len = 27; len < module.len; len++) CHECK(load_copy((Str){module.data, len}) == ERR_DESERIALIZE);
        try_mutations((Str){module.data, module.len}, 30);
    }
}

// ---- hostile sizes ----

static void test_deep_nesting(void) {
    enum { DEEP = 1000000 };
    u32 size = 1 + DEEP * 2 + DEEP + 1, len = 18 + 1 + 5 + 1 + 5 + size;
    u8 *file = malloc(len), *at = file;
    memcpy(at, ONE_FUNCTION "\x0a", 19), at += 19;
    for (u32 both = 0; both < 2; both++) {
        u32 value = both ? size : size + 6;
        for (u32 i = 0; i < 5; i++, value >>= 7) *at++ = (u8)((value & 0x7f) | (i < 4 ? 0x80 : 0));
        if (!both) *at++ = 1;
    }
    *at++ = 0;
    for (u32 i = 0; i < DEEP; i++) *at++ = 0x02, *at++ = 0x40;
    memset(at, 0x0b, DEEP + 1);
    CHECK(at + DEEP + 1 == file + len);
    CHECK(load_copy((Str){file, len}) == ERR_OK);
    CHECK(tools_describe() == ERR_OK);
    CHECK_CONTAINS(text(), "\"instructions\":2000000}");
    CHECK(tools_disassemble(0) == ERR_OK);
    CHECK_CONTAINS(text_end(), ";; cut here");
    CHECK(tools_text_len() < (64 << 20) + 200);
    u32 lines = 0;
    for (u32 i = 0; i < text().len; i++) lines += text().data[i] == '\n';
    CHECK(lines == tools_lines_len() / 4);
    // The lines' limit: as many instructions that do nothing.
    memset(file + 31, 0x01, 3 * DEEP);
    CHECK(load_copy((Str){file, len}) == ERR_OK && tools_disassemble(0) == ERR_OK);
    CHECK(tools_lines_len() / 4 == 2000001);
    CHECK_CONTAINS(text_end(), ";; cut here");
    free(file);
}

static void test_many_items(void) {
    enum { MANY = 1000001 };
    static u8 file[21 + MANY];
    memcpy(file, WASM_HEADER TYPE_SECTION "\x03\xc4\x84\x3d\xc1\x84\x3d", 21);
    CHECK(load_copy((Str){file, 21 + MANY}) == ERR_DESERIALIZE);
    CHECK_CONTAINS(text(), "\"offset\":18,\"message\":\"1000001 items: engines take 1000000 at most\"");
}

static void test_many_locals(void) {
    CHECK(load_copy(BYTES(ONE_FUNCTION "\x0a\x0a\x01\x08\x01\xff\xff\xff\xff\x0f\x7f\x0b")) == ERR_OK);
    CHECK(tools_describe() == ERR_OK);
    CHECK_CONTAINS(text(), "\"locals\":4294967295,");
    CHECK(tools_disassemble(0) == ERR_OK);
    CHECK_CONTAINS(text(), "(local i32) ;; 4294966295 more locals\n)");
}

// ---- types, names, floats ----

static void test_types(void) {
    // A group of two types that name each other, one that extends, and a function over them.
    Str file = BYTES(WASM_HEADER "\x01\x22\x03"
                                 "\x4e\x02\x50\0\x5f\x02\x63\x01\x01\x78\0\x5e\x64\0\0"
                                 "\x50\x01\0\x5f\x02\x63\x01\x01\x78\0"
                                 "\x60\x02\x6d\x64\x69\x02\x7b\x74");
    CHECK(load_copy(file) == ERR_OK);
    if (!CHECK(tools_describe() == ERR_OK)) return;
    CHECK_CONTAINS(text(), "\"types\":[\"(sub (struct (field (mut (ref null 1)) i8)))\",\"(array (ref 0))\","
                           "\"(sub 0 (struct (field (mut (ref null 1)) i8)))\","
                           "\"(func (param eqref (ref exn)) (result v128 nullexnref))\"]");
    CHECK_CONTAINS(text(), "\"features\":[\"multi-value\",\"simd\",\"exceptions\",\"function-references\",\"gc\"]");
}

// The extended name section: locals, labels by the order in which blocks open, the type.
static void test_names(void) {
    Str file = BYTES(ONE_FUNCTION "\x0a\x11\x01\x0f\x01\x02\x7f\x02\x40\x03\x40\x0c\x01\x0b\x0b\x20\x01\x1a\x0b"
                                  "\0\x25\x04name\x02\x08\x01\0\x01\x01\x03sum"
                                  "\x03\x0a\x01\0\x01\x01\x05"
                                  "again"
                                  "\x04\x08\x01\0\x05plain");
    CHECK(load_copy(file) == ERR_OK && tools_disassemble(0) == ERR_OK);
    CHECK_TEXT(text(), STR("(func (;0;) (type $plain)\n"
                           "  (local i32) (local $sum i32)\n"
                           "  block $l0\n"
                           "    loop $again\n"
                           "      br $l0\n"
                           "    end $again\n"
                           "  end $l0\n"
                           "  local.get $sum\n"
                           "  drop\n"
                           ")\n"));
    // A name that occurs twice belongs to the first.
    Bytes twice = {.len = 0};
    put_bytes(&twice, ONE_FUNCTION "\x0a\x06\x01\x04\x01\x02\x7f\x0b", 26);
    put_bytes(&twice, "\0\x10\x04name\x02\x09\x01\0\x02\0\x01v\x01\x01v", 18);
    CHECK(load_copy((Str){twice.data, twice.len}) == ERR_OK && tools_disassemble(0) == ERR_OK);
    CHECK_CONTAINS(text(), "\n  (local $v i32) (local i32)\n");
    // Names of what is not there, or cut off, do no harm.
    Bytes cut = {.len = 0};
    put_bytes(&cut, file.data, file.len);
    for (u32 at = 45; at < cut.len; at++) {
        Bytes changed = cut;
        changed.data[at] = 0x7f;
        u32 code = load_copy((Str){changed.data, changed.len});
        CHECK(code != ERR_OK || tools_disassemble(0) == ERR_OK);
    }
}

static const struct {
    Str name;
    const char *id;
} ids[] = {
    {BYTES("plain_1.x"), "$plain_1.x"},        {BYTES("with space"), "$\"with space\""},
    {BYTES("a\"b\\c"), "$\"a\\\"b\\\\c\""},    {BYTES("f(i32)"), "$\"f(i32)\""},
    {BYTES("\x01\x7f"), "$\"\\u{1}\\u{7f}\""}, {BYTES("\xe2\x80\xae"), "$\"\\u{202e}\""},
    {BYTES("\xc3\xa4"), "$\"\xc3\xa4\""},      {BYTES("\xff"), "$\"\xef\xbf\xbd\""},
};

static void test_ids(void) {
    for (u32 i = 0; i < countof(ids); i++) {
        Bytes file = {.len = 0};
        Str name = ids[i].name, before = BYTES(ONE_FUNCTION "\x0a\x04\x01\x02\0\x0b");
        put_bytes(&file, before.data, before.len);
        put_byte(&file, 0);
        put_byte(&file, 5 + 2 + 3 + name.len);
        put_bytes(&file, "\x04name\x01", 6);
        put_byte(&file, name.len + 3);
        put_bytes(&file, "\x01\0", 2);
        put_byte(&file, name.len);
        put_bytes(&file, name.data, name.len);
        char want[80];
        snprintf(want, sizeof want, "(func %s (;0;) (type 0)\n)\n", ids[i].id);
        CHECK(load_copy((Str){file.data, file.len}) == ERR_OK && tools_disassemble(0) == ERR_OK);
        CHECK_TEXT(text(), ((Str){(const u8 *)want, (u32)strlen(want)}));
    }
}

static const struct {
    u64 bits;
    bool narrow;
    const char *text;
} floats[] = {
    {0, true, "0"},
    {0x80000000, true, "-0"},
    {0x3f800000, true, "1"},
    {0x7f7fffff, true, "3.4028235e+38"},
    {0x00000001, true, "1e-45"},
    {0x7f800000, true, "inf"},
    {0xff800000, true, "-inf"},
    {0x7fc00000, true, "nan"},
    {0xffc00000, true, "-nan"},
    {0x7fa00001, true, "nan:0x200001"},
    {0x3ff0000000000000, false, "1"},
    {0x3fb999999999999a, false, "0.1"},
    {0x7fefffffffffffff, false, "1.7976931348623157e+308"},
    {0x0000000000000001, false, "5e-324"},
    {0x4415af1d78b58c40, false, "100000000000000000000"},
    {0x4480f0cf064dd592, false, "1e+22"},
    {0x3eb0c6f7a0b5ed8d, false, "0.000001"},
    {0x3e7ad7f29abcaf48, false, "1e-7"},
    {0x7ff8000000000000, false, "nan"},
    {0x7ff4000000000000, false, "nan:0x4000000000000"},
    {0xfff0000000000000, false, "-inf"},
};

static void test_floats(void) {
    for (u32 i = 0; i < countof(floats); i++) {
        Bytes body = {.len = 0};
        char want[60];
        put_byte(&body, floats[i].narrow ? 0x43 : 0x44);
        put_bytes(&body, &floats[i].bits, floats[i].narrow ? 4 : 8);
        Bytes module = module_with_body((Str){body.data, body.len});
        snprintf(want, sizeof want, "\n    f%d.const %s\n", floats[i].narrow ? 32 : 64, floats[i].text);
        CHECK(load_copy((Str){module.data, module.len}) == ERR_OK && tools_disassemble(0) == ERR_OK);
        CHECK_CONTAINS(text(), want);
    }
}

// ---- cap on memories ----

static const struct {
    Str sections; // behind the header
    u32 pages;
    Str limited; // the sections then; no data = a fault
    const char *message;
} caps[] = {
    {BYTES(""), 5, BYTES(""), NULL},
    {BYTES("\x05\x03\x01\0\x01"), 16, BYTES("\x05\x04\x01\x01\x01\x10"), NULL},
    {BYTES("\x05\x03\x01\0\x01"), 65536, BYTES("\x05\x06\x01\x01\x01\x80\x80\x04"), NULL},
    {BYTES("\x05\x04\x01\x01\x01\x10"), 16, BYTES("\x05\x04\x01\x01\x01\x10"), NULL},
    {BYTES("\x05\x04\x01\x01\x01\x08"), 16, BYTES("\x05\x04\x01\x01\x01\x08"), NULL},
    {BYTES("\x05\x04\x01\x03\x01\x11"), 16, BYTES("\x05\x04\x01\x03\x01\x10"), NULL},
    {BYTES("\x05\x03\x01\x04\x01"), 300, BYTES("\x05\x05\x01\x05\x01\xac\x02"), NULL},
    {BYTES("\x05\x05\x02\0\x01\0\x02"), 2, BYTES("\x05\x07\x02\x01\x01\x02\x01\x02\x02"), NULL},
    {BYTES("\x05\x04\x01\x08\x01\0"), 1, BYTES("\x05\x07\x01\x09\x01\x80\x80\x04\0"), NULL},
    // A size with more bytes than it needs stays where nothing changes.
    {BYTES("\x05\x84\x80\0\x01\x01\x01\x08"), 16, BYTES("\x05\x84\x80\0\x01\x01\x01\x08"), NULL},
    // What stands around stays, an imported memory too.
    {BYTES("\0\x03\x01x!\x02\x05\x01\0\0\x02\0\x01\x05\x03\x01\0\x01\0\x03\x01y?"), 16,
     BYTES("\0\x03\x01x!\x02\x06\x01\0\0\x02\0\x01\x05\x04\x01\x01\x01\x10\0\x03\x01y?"), NULL},
    {BYTES("\x02\x06\x01\0\0\x02\0\x01"), 16, BYTES("\x02\x06\x01\0\0\x02\0\x01"), NULL},
    {BYTES("\x05\x03\x01\0\x11"), 16, {0}, "memory 0 starts with 17 pages, but the limit is 16 pages"},
    {BYTES("\x02\x06\x01\0\0\x02\0\x11"), 16, {0}, "memory 0 starts with 17 pages, but the limit is 16 pages"},
    {BYTES("\x04\x07\x01\x70\0\x81\xad\xe2\x04"),
     16,
     {0},
     "table 0 starts with 10000001 elements, but the limit is 10000000"},
};

static void test_memory_caps(void) {
    for (u32 i = 0; i < countof(caps); i++) {
        Bytes file = {.len = 0}, want = {.len = 0};
        put_bytes(&file, WASM_HEADER, 8);
        put_bytes(&file, caps[i].sections.data, caps[i].sections.len);
        if (i == 10) file.data[14] = 6; // the import section's own size
        put_bytes(&want, WASM_HEADER, 8);
        put_bytes(&want, caps[i].limited.data, caps[i].limited.len);
        if (!CHECK(load_copy((Str){file.data, file.len}) == ERR_OK)) {
            fprintf(stderr, "  cap %u: %.*s\n", i, (int)text().len, (const char *)text().data);
            continue;
        }
        u32 code = tools_limit_memory(caps[i].pages);
        CHECK(code == (caps[i].message ? ERR_VALIDATE : ERR_OK));
        if (caps[i].message) CHECK_CONTAINS(text(), caps[i].message);
        else if (!CHECK(str_equal(text(), (Str){want.data, want.len}))) fprintf(stderr, "  cap %u\n", i);
    }
}

// ---- samples: prefixes, mutations, memory that runs out ----

static const Str samples[] = {
    BYTES(WASM_HEADER "\x01\x22\x03"
                      "\x4e\x02\x50\0\x5f\x02\x63\x01\x01\x78\0\x5e\x64\0\0"
                      "\x50\x01\0\x5f\x02\x63\x01\x01\x78\0"
                      "\x60\x02\x6d\x64\x69\x02\x7b\x74"),
    BYTES(ONE_FUNCTION "\x07\x06\x01\x02go\0\0\x0a\x07\x01\x05\0\x02\x40\x0b\x0b"
                       "\0\x17\x04name\0\x02\x01m\x01\x04\x01\0\x01"
                       "f\x02\x06\x01\0\x01\0\x01v"
                       "\0\x18\x09producers\x01\x08language\x01\x01"
                       "C\0"),
    BYTES(WASM_HEADER "\0\x14\x0ftarget_features\x01+\x01x"),
};

static void test_mutations(void) {
    Bytes bodies = module_with_body(BYTES("\x20\0\x1a\x02\x40\x0c\x01\x0b\xfd\x0c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1a"
                                          "\x0e\x01\0\x01"));
    for (u32 i = 0; i <= countof(samples); i++) {
        Str sample = i < countof(samples) ? samples[i] : (Str){bodies.data, bodies.len};
        for (u32 len = 0; len <= sample.len; len++) try_all((Str){sample.data, len});
        try_mutations(sample, 3000);
    }
}

static void test_out_of_memory(void) {
    Bytes bodies = module_with_body(BYTES("\x20\0\x1a\x02\x40\x0c\x01\x0b"));
    for (u32 i = 0; i <= countof(samples); i++) {
        Str sample = i < countof(samples) ? samples[i] : (Str){bodies.data, bodies.len};
        if (!CHECK(load_copy(sample) == ERR_OK))
            fprintf(stderr, "  %.*s\n", (int)text().len, (const char *)text().data);
        tools_reset();
        size_t before = platform_reserved();
        u64 left = 0;
        for (u64 n = 1; left == 0 && n < 1000; n++) {
            platform_fail_after(n);
            u32 codes[] = {load_copy(sample), tools_describe(), tools_disassemble(0), tools_limit_memory(3),
                           tools_module_text()};
            left = platform_fail_after(0);
            for (u32 c = 0; c < countof(codes); c++) {
                CHECK(codes[c] == ERR_OK || codes[c] == ERR_INTERNAL || (c == 2 && codes[c] == ERR_VALIDATE));
            }
            tools_reset();
            CHECK(platform_reserved() == before);
        }
        CHECK(left > 0);
    }
}

static void test_arguments(void) {
    tools_reset();
    CHECK(tools_alloc(0) == NULL && tools_text_len() == 0 && tools_lines_len() == 0);
    CHECK(tools_load(NULL, 0) == ERR_DESERIALIZE && tools_load(NULL, 5) == ERR_INTERNAL);
    CHECK_CONTAINS(text(), "outside memory");
    CHECK(tools_describe() == ERR_INTERNAL);
    CHECK_CONTAINS(text(), "no module is loaded");
}

int main(void) {
    test_arguments();
    test_malformed();
    test_bad_bodies();
    test_every_instruction();
    test_deep_nesting();
    test_many_items();
    test_many_locals();
    test_types();
    test_names();
    test_ids();
    test_floats();
    test_memory_caps();
    test_mutations();
    test_out_of_memory();
    tools_reset();
    CHECK(platform_reserved() == 0);
    return CHECK_DONE();
}
