// The reader of WebAssembly modules held to its bounds: hostile sizes, what is run of them, prefixes and mutations, and
// every allocation failing once.
#include "wasm_check.h"

#include <stdlib.h>

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
    CHECK_CONTAINS(text(), "(local i32) ;; ... 4294917295 more\n)");
}

// ---- what is run: memories capped, the start function exported ----

#define BEGINS "\x01\x04\x01\x60\0\0\x03\x02\x01\0"
#define ENDS "\x0a\x04\x01\x02\0\x0b"

static const struct {
    Str sections; // behind the header
    u32 pages;
    Str made; // the sections then; no data = a fault
    const char *message;
} rewritings[] = {
    {BYTES(""), 5, BYTES(""), NULL},
    {BYTES("\x05\x03\x01\0\x01"), 16, BYTES("\x05\x04\x01\x01\x01\x10"), NULL},
    {BYTES("\x05\x03\x01\0\x01"), 65536, BYTES("\x05\x06\x01\x01\x01\x80\x80\x04"), NULL},
    {BYTES("\x05\x04\x01\x01\x01\x10"), 16, BYTES("\x05\x04\x01\x01\x01\x10"), NULL},
    {BYTES("\x05\x04\x01\x01\x01\x08"), 16, BYTES("\x05\x04\x01\x01\x01\x08"), NULL},
    {BYTES("\x05\x04\x01\x03\x01\x11"), 16, BYTES("\x05\x04\x01\x03\x01\x10"), NULL},
    {BYTES("\x05\x03\x01\x04\x01"), 300, BYTES("\x05\x05\x01\x05\x01\xac\x02"), NULL},
    // Several share what they leave; one that cannot grow takes no part in it.
    {BYTES("\x05\x05\x02\0\x01\0\x02"), 8, BYTES("\x05\x07\x02\x01\x01\x03\x01\x02\x04"), NULL},
    {BYTES("\x05\x05\x02\0\x01\0\x02"), 3, BYTES("\x05\x07\x02\x01\x01\x01\x01\x02\x02"), NULL},
    {BYTES("\x05\x05\x02\0\x01\0\x02"), 2, {0}, "memory 1 starts with 2 pages of 64 KiB, but the limit leaves it 1"},
    {BYTES("\x05\x06\x02\0\x01\x01\x02\x02"), 8, BYTES("\x05\x07\x02\x01\x01\x06\x01\x02\x02"), NULL},
    {BYTES("\x05\x07\x02\x08\x01\0\x08\x02\0"), 4, BYTES("\x05\x0d\x02\x09\x01\x80\x80\x08\0\x09\x02\x80\x80\x08\0"),
     NULL},
    {BYTES("\x05\x04\x01\x08\x01\0"), 1, BYTES("\x05\x07\x01\x09\x01\x80\x80\x04\0"), NULL},
    // Four gigabytes of pages of a byte are one more than can be written.
    {BYTES("\x05\x04\x01\x08\x01\0"), 65536, BYTES("\x05\x09\x01\x09\x01\xff\xff\xff\xff\x0f\0"), NULL},
    // A size with more bytes than it needs stays where nothing changes.
    {BYTES("\x05\x84\x80\0\x01\x01\x01\x08"), 16, BYTES("\x05\x84\x80\0\x01\x01\x01\x08"), NULL},
    // What stands around stays, an imported memory too.
    {BYTES("\0\x03\x01x!\x02\x06\x01\0\0\x02\0\x01\x05\x03\x01\0\x01\0\x03\x01y?"), 16,
     BYTES("\0\x03\x01x!\x02\x06\x01\0\0\x02\0\x01\x05\x04\x01\x01\x01\x10\0\x03\x01y?"), NULL},
    {BYTES("\x02\x06\x01\0\0\x02\0\x01"), 16, BYTES("\x02\x06\x01\0\0\x02\0\x01"), NULL},
    // The start section becomes an export behind those that there are.
    {BYTES(BEGINS "\x08\x01\0" ENDS), 16, BYTES(BEGINS "\x07\x09\x01\x05start\0\0" ENDS), NULL},
    {BYTES(BEGINS "\x07\x05\x01\x01s\0\0\x08\x01\0" ENDS), 16, BYTES(BEGINS "\x07\x0d\x02\x01s\0\0\x05start\0\0" ENDS),
     NULL},
    // Sections of others stand where they stood, a count longer than it need be is read.
    {BYTES(BEGINS "\0\x02\x01x\x07\x06\x81\0\x01s\0\0\0\x02\x01y\x08\x02\x80\0\0\x02\x01z" ENDS), 16,
     BYTES(BEGINS "\0\x02\x01x\0\x02\x01y\x07\x0d\x02\x01s\0\0\x05start\0\0\0\x02\x01z" ENDS), NULL},
    // Memories are capped in the same turn.
    {BYTES(BEGINS "\x05\x03\x01\0\x01\x08\x01\0" ENDS), 16,
     BYTES(BEGINS "\x05\x04\x01\x01\x01\x10\x07\x09\x01\x05start\0\0" ENDS), NULL},
    // Its name is one that no export has.
    {BYTES(BEGINS "\x07\x09\x01\x05start\0\0\x08\x01\0" ENDS), 16,
     BYTES(BEGINS "\x07\x12\x02\x05start\0\0\x06start'\0\0" ENDS), NULL},
    {BYTES(BEGINS "\x07\x14\x02\x07start''\0\0\x06start.\0\0\x08\x01\0" ENDS), 16,
     BYTES(BEGINS "\x07\x1f\x03\x07start''\0\0\x06start.\0\0\x08start'''\0\0" ENDS), NULL},
    {BYTES("\x05\x03\x01\0\x11"), 16, {0}, "memory 0 starts with 17 pages of 64 KiB, but the limit is 16"},
    {BYTES("\x02\x06\x01\0\0\x02\0\x11"), 16, BYTES("\x02\x06\x01\0\0\x02\0\x11"), NULL},
    {BYTES("\x04\x07\x01\x70\0\x81\xad\xe2\x04"),
     16,
     {0},
     "table 0 starts with 10000001 elements, but the limit is 10000000"},
};

static void test_rewriting(void) {
    for (u32 i = 0; i < countof(rewritings); i++) {
        Bytes file = {.len = 0}, want = {.len = 0};
        put_bytes(&file, WASM_HEADER, 8);
        put_bytes(&file, rewritings[i].sections.data, rewritings[i].sections.len);
        put_bytes(&want, WASM_HEADER, 8);
        put_bytes(&want, rewritings[i].made.data, rewritings[i].made.len);
        if (!CHECK(load_copy((Str){file.data, file.len}) == ERR_OK)) {
            fprintf(stderr, "  rewriting %u: %.*s\n", i, (int)text().len, (const char *)text().data);
            continue;
        }
        u32 code = tools_rewrite(rewritings[i].pages);
        CHECK(code == (rewritings[i].message ? ERR_VALIDATE : ERR_OK));
        if (rewritings[i].message) CHECK_CONTAINS(text(), rewritings[i].message);
        else if (!CHECK(str_equal(text(), (Str){want.data, want.len}))) fprintf(stderr, "  rewriting %u\n", i);
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
            u32 codes[] = {load_copy(sample), tools_describe(), tools_disassemble(0), tools_rewrite(3),
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
    test_deep_nesting();
    test_many_items();
    test_many_locals();
    test_rewriting();
    test_mutations();
    test_out_of_memory();
    tools_reset();
    CHECK(platform_reserved() == 0);
    return CHECK_DONE();
}
