// What the reader of WebAssembly modules writes: every instruction, types, names and floats.
#include "wasm_check.h"

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

// Numbers in more bytes than they need, which engines take there: an offset, an empty block type, a tag's attribute.
static void test_long_numbers(void) {
    Str body = BYTES("\x02\xc0\x7f\x41\0\x28\x02\x85\x80\x80\x80\x80\x80\0\x1a\x0b");
    Bytes module = module_with_body(body);
    CHECK(load_copy((Str){module.data, module.len}) == ERR_OK && tools_disassemble(0) == ERR_OK);
    CHECK_CONTAINS(text(), "    block $l1\n      i32.const 0\n      i32.load offset=5\n");
    CHECK(load_copy(BYTES(WASM_HEADER TYPE_SECTION "\x0d\x04\x01\x80\0\0")) == ERR_OK);
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

// The flag that says the size of pages is itself what engines may not know.
static void test_page_size(void) {
    CHECK(load_copy(BYTES(WASM_HEADER "\x05\x04\x01\x08\x01\x10")) == ERR_OK && tools_describe() == ERR_OK);
    CHECK_CONTAINS(text(), "\"features\":[\"custom-page-sizes\"]");
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
int main(void) {
    test_every_instruction();
    test_long_numbers();
    test_types();
    test_page_size();
    test_names();
    test_ids();
    test_floats();
    tools_reset();
    CHECK(platform_reserved() == 0);
    return CHECK_DONE();
}
