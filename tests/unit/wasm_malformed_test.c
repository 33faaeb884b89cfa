// What the reader of WebAssembly modules refuses, as tables: malformed sections and function bodies, each with the place
// and the sentence that it is told by.
#include "wasm_check.h"

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
    {BYTES(WASM_HEADER "\x01\x05\x00"), "type", 9, "its size, 5, is more than the bytes left, 1", -1},
    {BYTES(WASM_HEADER "\x01\x80\x80\x80\x80\x80\x00"), "type", 9, "more bytes than it may", -1},
    {BYTES(WASM_HEADER "\x01\x80\x80\x80\x80\x10"), "type", 9, "does not fit in 32 bits", -1},
    {BYTES(WASM_HEADER "\x01\x04\x01\x60\0\x01"), "type", 13, "the count of results, 1, is more than the bytes left, 0",
     -1},
    {BYTES(WASM_HEADER "\x01\x01\x05"), "type", 10, "the count of types, 5, is more than the bytes left, 0", -1},
    {BYTES(WASM_HEADER "\x01\x02\x01\x61"), "type", 11, "unknown form of type: 0x61", -1},
    {BYTES(WASM_HEADER "\x01\x03\x01\x5d\0"), "type", 11, "unknown form of type: 0x5d, of the proposal stack-switching",
     -1},
    {BYTES(WASM_HEADER "\x01\x05\x01\x60\x01\x67\0"), "type", 13, "unknown value type 0x67, of the proposal stringref",
     -1},
    {BYTES(WASM_HEADER "\x01\x06\x01\x60\x01\x63\x65\0"), "type", 14,
     "unknown heap type -27, of the proposal shared-everything-threads", -1},
    {BYTES(WASM_HEADER "\x01\x05\x01\x60\x01\x01\0"), "type", 13, "unknown value type 0x01", -1},
    {BYTES(WASM_HEADER "\x01\x05\x01\x60\0\0\0"), "type", 14, "bytes too many: 1", -1},
    {BYTES(WASM_HEADER "\x01\x06\x01\x60\x01\x64\x01\0"), "type", 14, "type 1 does not exist", -1},
    {BYTES(WASM_HEADER "\x01\x06\x01\x60\x01\x64\x40\0"), "type", 14, "unknown heap type -64", -1},
    {BYTES(WASM_HEADER "\x01\x07\x01\x50\x01\x05\x60\0\0"), "type", 13, "which comes later", -1},
    {BYTES(WASM_HEADER "\x01\x05\x01\x50\x02\0\0"), "type", 12, "one is the most", -1},
    {BYTES(WASM_HEADER "\x01\x05\x01\x5f\x01\x7f\x02"), "type", 14, "constant (0) or mutable (1), not 2", -1},
    {BYTES(WASM_HEADER "\x03\x02\x01\0"), "function", 11, "function type 0 does not exist: there is none", -1},
    {BYTES(WASM_HEADER "\x01\x04\x01\x5f\0\0"), "type", 13, "bytes too many: 1", -1},
    {BYTES(WASM_HEADER "\x01\x03\x01\x5f\0\x03\x02\x01\0"), "function", 16, "type 0 is no function type", -1},
    {BYTES(WASM_HEADER TYPE_SECTION TYPE_SECTION), "header", 14, "a second type section", -1},
    {BYTES(WASM_HEADER "\x03\x01\0" TYPE_SECTION), "header", 11, "the type section stands too late", -1},
    {BYTES(WASM_HEADER "\x02\x05\x01\x01\xff\0\0"), "import", 12, "not UTF-8", -1},
    {BYTES(WASM_HEADER "\x02\x04\x01\x09zz"), "import", 12, "bytes wanted: 9, left: 2", -1},
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
    {BYTES(WASM_HEADER "\x06\x06\x01\x7f\0\x08\x05\x0b"), "global", 13, "throw may not stand in a constant expression",
     -1},
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
    {BYTES(WASM_HEADER "\x0b\x04\x01\x01\x05z"), "data", 13, "bytes wanted: 5", -1},
    {BYTES(WASM_HEADER "\x0c\x01\x02\x0b\x03\x01\x01\0"), "data", 16, "segments: 1, but the data count section says 2",
     -1},
    {BYTES(ONE_FUNCTION), "code", 18, "functions declared: 1, with code: 0", -1},
    {BYTES(ONE_FUNCTION "\x0a\x01\0"), "code", 21, "functions declared: 1, with code: 0", -1},
    {BYTES(WASM_HEADER "\x0a\x04\x01\x02\0\x0b"), "code", 11, "functions declared: 0, with code: 1", -1},
    {BYTES(ONE_FUNCTION "\x0a\x04\x01\x09\0\x0b"), "code", 21, "its size, 9, is more than the bytes left, 2", 0},
    {BYTES(ONE_FUNCTION "\x0a\x04\x01\x02\0\x01"), "code", 24, "before its last `end`", 0},
    {BYTES(ONE_FUNCTION "\x0a\x05\x01\x03\0\x0b\x01"), "code", 24, "bytes behind the last `end`: 1", 0},
    {BYTES(ONE_FUNCTION "\x0a\x05\x01\x03\0\xff\x0b"), "code", 23, "unknown instruction 0xff", 0},
    {BYTES(ONE_FUNCTION "\x0a\x05\x01\x03\0\xe2\x0b"), "code", 23,
     "unknown instruction 0xe2, of the proposal stack-switching", 0},
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
    {BYTES("\x0e\xff\xff\x03"), 1, "the count of labels, 65535, is more"},
    {BYTES("\x10\x01"), 1, "function 1 does not exist: there is only 0"},
    {BYTES("\x11\x09\0"), 1, "function type 9 does not exist"},
    {BYTES("\x11\x01\0"), 1, "type 1 is no function type"},
    {BYTES("\x11\0\x01"), 2, "table 1 does not exist"},
    {BYTES("\x20\x01"), 1, "local 1 does not exist"},
    {BYTES("\x23\x01"), 1, "global 1 does not exist"},
    {BYTES("\x25\x01"), 1, "table 1 does not exist"},
    {BYTES("\x28\x03\0"), 1, "alignment 2^3 is larger than the natural one of i32.load, 2^2"},
    {BYTES("\x28\x42\x02\0"), 1, "memory 2 does not exist"},
    {BYTES("\x28\x02\x80\x80\x80\x80\x10"), 2, "offset 4294967296 lies outside of a memory with addresses of 32 bits"},
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
int main(void) {
    test_malformed();
    test_bad_bodies();
    tools_reset();
    CHECK(platform_reserved() == 0);
    return CHECK_DONE();
}
