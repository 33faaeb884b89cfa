// backend/support by tables: integers and floats to text and back, 128-bit arithmetic, UTF-8, formatting, memory.
// Float texts are what rustc 1.95 prints; the native compiler's own 128-bit operators check wide.c.
#include "check.h"

#include <stdlib.h>

#include "support/arena.h"
#include "support/buf.h"
#include "support/error.h"
#include "support/map.h"
#include "support/platform.h"
#include "support/text.h"
#include "support/vec.h"
#include "support/wide.h"

static Str str_of(const char *text) { return (Str){(const u8 *)text, (u32)strlen(text)}; }

// xorshift64: the same numbers in every run.
static u64 random_u64(void) {
    static u64 state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

// ---- integers ----

static void test_int_text(void) {
    static const struct {
        i128 value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {7, "7"},
        {-10, "-10"},
        {99, "99"},
        {100, "100"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
        {(i128)1 << 64, "18446744073709551616"},
        {(i128)10000000000000000000u * 10, "100000000000000000000"},
        {(i128)10000000000000000000u * 10000000000000000000u, "100000000000000000000000000000000000000"},
        {(i128)((u128)1 << 127), "-170141183460469231731687303715884105728"},
    };
    u8 out[INT_TEXT_MAX];
    for (u32 i = 0; i < countof(cases); i++) {
        Str want = str_of(cases[i].text);
        CHECK_TEXT(((Str){out, text_from_i128(cases[i].value, out)}), want);
        i64 narrow = (i64)cases[i].value, back;
        bool fits = narrow == cases[i].value;
        if (fits) CHECK_TEXT(((Str){out, text_from_i64(narrow, out)}), want);
        CHECK(text_to_i64(want, &back) == fits && (!fits || back == narrow));
    }
    CHECK_TEXT(((Str){out, text_from_u128(~(u128)0, out)}), STR("340282366920938463463374607431768211455"));
    CHECK_TEXT(((Str){out, text_from_u64(UINT64_MAX, out)}), STR("18446744073709551615"));
    u64 value;
    CHECK(text_to_u64(STR("18446744073709551615"), &value) && value == UINT64_MAX);
    static const char *const refused[] = {"", "+", "-1", "18446744073709551616", "1 ", "0x1", "99999999999999999999"};
    for (u32 i = 0; i < countof(refused); i++) CHECK(!text_to_u64(str_of(refused[i]), &value));
}

static void test_wide(void) {
    bool divides = true, converts = true;
    for (u32 i = 0; i < 100000; i++) {
        u128 a = ((u128)random_u64() << 64 | random_u64()) >> random_u64() % 128;
        u128 b = ((u128)random_u64() << 64 | random_u64()) >> random_u64() % 128;
        if (i % 5 == 0) b &= ~(((u128)1 << random_u64() % 100) - 1);
        if (b == 0) b = 1;
        u128 rest;
        divides &= wide_div_u(a, b, &rest) == a / b && rest == a % b;
        if ((i128)b != -1) {
            i128 signed_rest;
            divides &= wide_div_s((i128)a, (i128)b, &signed_rest) == (i128)a / (i128)b;
            divides &= signed_rest == (i128)a % (i128)b;
        }
        f64 f = wide_u_to_f64(a);
        converts &= f == (f64)a && wide_s_to_f64((i128)a) == (f64)(i128)a;
        converts &= wide_u_to_f32(a) == (f32)a && wide_s_to_f32((i128)a) == (f32)(i128)a;
        if (f < 0x1p127) converts &= wide_f64_to_u(f) == (u128)f && wide_f64_to_s(-f / 3) == (i128)(-f / 3);
    }
    CHECK(divides);
    CHECK(converts);
    const i128 most = (i128)(~(u128)0 >> 1);
    CHECK(wide_f64_to_u(-1.0) == 0 && wide_f64_to_u(0.99) == 0 && wide_f64_to_u(__builtin_nan("")) == 0);
    CHECK(wide_f64_to_u(1e39) == ~(u128)0 && wide_f64_to_u(__builtin_inf()) == ~(u128)0);
    CHECK(wide_f64_to_s(1e39) == most && wide_f64_to_s(-1e39) == -most - 1 && wide_f64_to_s(-0x1p127) == -most - 1);
    CHECK(wide_f64_to_s(__builtin_nan("")) == 0 && wide_f64_to_s(-1.99) == -1);
    CHECK(wide_u_to_f32(~(u128)0) == __builtin_inff());
}

// ---- floats ----

static void test_float_text(void) {
    static const struct {
        u32 width;
        u64 bits;
        const char *text;
    } cases[] = {
#include "float_text_cases.inc"
    };
    u8 out[FLOAT_TEXT_MAX];
    for (u32 i = 0; i < countof(cases); i++) {
        Str want = str_of(cases[i].text);
        if (cases[i].width == 64) {
            f64 value, back;
            memcpy(&value, &cases[i].bits, 8);
            CHECK_TEXT(((Str){out, text_from_f64(value, out)}), want);
            CHECK(text_to_f64(want, &back) && memcmp(&back, &value, 8) == 0);
        } else {
            u32 bits = (u32)cases[i].bits;
            f32 value, back;
            memcpy(&value, &bits, 4);
            CHECK_TEXT(((Str){out, text_from_f32(value, out)}), want);
            CHECK(text_to_f32(want, &back) && memcmp(&back, &value, 4) == 0);
        }
    }
    CHECK_TEXT(((Str){out, text_from_f64(__builtin_nan(""), out)}), STR("NaN"));
    CHECK_TEXT(((Str){out, text_from_f32(-__builtin_nanf(""), out)}), STR("NaN"));
}

// Every text of a float reads back, and no shorter digits do.
static void test_float_round_trip(void) {
    bool reads_back = true, shortest = true;
    for (u32 i = 0; i < 30000; i++) {
        u64 bits = random_u64();
        if (i % 4 == 0) bits &= 0x800fffffffffffffu; // subnormal
        if (i % 4 == 1) bits &= 0xfff0000000000000u; // a power of two
        f64 value, back;
        memcpy(&value, &bits, 8);
        if (value != value || value == 0 || __builtin_isinf(value)) continue;
        u8 out[FLOAT_TEXT_MAX + 1];
        u32 len = text_from_f64(value, out);
        out[len] = 0;
        reads_back &= strtod((char *)out, NULL) == value && text_to_f64((Str){out, len}, &back) && back == value;
        u32 digits = 0, zeros = 0;
        for (u32 at = 0; at < len; at++) {
            if (out[at] == '0') zeros += digits > 0;
            else if (out[at] != '.' && out[at] != '-') digits += zeros + 1, zeros = 0;
        }
        char shorter[40];
        snprintf(shorter, sizeof shorter, "%.*e", digits > 1 ? (int)digits - 2 : 0, value);
        shortest &= digits == 1 || strtod(shorter, NULL) != value;
    }
    CHECK(reads_back);
    CHECK(shortest);
}

static void test_float_parse(void) {
    static const char *const same_as_libc[] = {
        "1",
        "+1.5",
        ".5",
        "5.",
        "1e3",
        "1E-3",
        "-0",
        "0e999999999",
        "1e400",
        "-1e400",
        "1e-400",
        "123456789012345678901234567890",
        "9007199254740993",
        "9007199254740993.00000000000000000000000000000000000000001",
        "2.4703282292062327208e-324",
        "2.4703282292062328e-324",
        "1.7976931348623158079e308",
        "1.7976931348623159e308",
        "8.5e-45",
        "7.0064923216240853e-46",
        "3.4028235677973366e38",
        "16777217",
        "16777219",
        "0.000000000000000000000000000000000000000000000000000001e54",
        "100000000000000016777215",
        "100000000000000016777216",
        "179769313486231580793728971405301e276",
        "inf",
        "-infinity",
    };
    f64 wide;
    f32 narrow;
    for (u32 i = 0; i < countof(same_as_libc); i++) {
        Str text = str_of(same_as_libc[i]);
        f64 wide_want = strtod(same_as_libc[i], NULL);
        f32 narrow_want = strtof(same_as_libc[i], NULL);
        bool same = text_to_f64(text, &wide) && memcmp(&wide, &wide_want, 8) == 0;
        same &= text_to_f32(text, &narrow) && memcmp(&narrow, &narrow_want, 4) == 0;
        if (!CHECK(same)) fprintf(stderr, "  text: %s\n", same_as_libc[i]);
    }
    static const char *const refused[] = {"",    ".",  "-",  "e5",    "1e",   "1e+", "1.2.3",
                                          "0x1", " 1", "1 ", "infin", "nanx", "1f"};
    for (u32 i = 0; i < countof(refused); i++) CHECK(!text_to_f64(str_of(refused[i]), &wide));
    CHECK(text_to_f64(STR("NaN"), &wide) && wide != wide);
}

// Decimals that lie exactly between two floats, and just above: only big integers can tell them apart.
static void test_float_ties(void) {
    static char text[1200];
    bool right = true;
    for (u32 i = 0; i < 500; i++) {
        u64 bits = random_u64() & 0x7fffffffffffffffu, next_bits = bits + 1;
        f64 value, next, got;
        memcpy(&value, &bits, 8);
        memcpy(&next, &next_bits, 8);
        if (value != value || __builtin_isinf(next) || value > 0x1p1000 || value < 0x1p-1000) continue;
        long double middle = ((long double)value + next) / 2;
        int len = snprintf(text, sizeof text, "%.1100Le", middle);
        right &= text_to_f64((Str){(u8 *)text, (u32)len}, &got) && got == (bits & 1 ? next : value);
        strchr(text, 'e')[-1] = '1';
        right &= text_to_f64((Str){(u8 *)text, (u32)len}, &got) && got == next;
    }
    CHECK(right);
}

// ---- UTF-8, formatting ----

static void test_utf8(void) {
    static const struct {
        const char *bytes;
        u32 bad; // offset of the first wrong byte; the length if all are right
    } cases[] = {
        {"", 0},
        {"plain text that is longer than eight bytes", 42},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9},
        {"\xf4\x8f\xbf\xbf", 4},
        {"12345678\x80", 8},
        {"a\xc0\xaf", 1},        // overlong
        {"\xe0\x80\x80", 0},     // overlong
        {"\xf0\x8f\xbf\xbf", 0}, // overlong
        {"ab\xed\xa0\x80", 2},   // surrogate
        {"\xf4\x90\x80\x80", 0}, // above 0x10FFFF
        {"\xf5\x80\x80\x80", 0},
        {"abc\xe2\x82", 3}, // cut off
        {"\xff", 0},
    };
    for (u32 i = 0; i < countof(cases); i++) {
        Str text = str_of(cases[i].bytes);
        u32 bad = text.len;
        CHECK(utf8_valid(text, &bad) == (cases[i].bad == text.len));
        CHECK(bad == cases[i].bad);
    }
    u32 wrong = 0;
    for (u32 c = 0; c <= 0x110000; c += c < 0x900 ? 1 : 7) {
        u8 out[4];
        u32 bad, length = utf8_encode(c, out);
        bool scalar = c < 0xd800 || (c >= 0xe000 && c <= 0x10ffff);
        wrong += scalar != (length > 0) || (length && !utf8_valid((Str){out, length}, &bad));
    }
    CHECK(wrong == 0);
}

static void test_format(void) {
    Buf buf = {0};
    Str name = STR("a\nb\xc2\x85"
                   "c\xe2\x80\xa8"
                   "d");
    buf_format(&buf, "%s %S %u %d %U %I 100%%", "text", &name, 4294967295u, -5, (u64)UINT64_MAX, (i64)INT64_MIN);
    CHECK_TEXT(((Str){buf.data, (u32)buf.len}), STR("text a\xef\xbf\xbd"
                                                    "b\xef\xbf\xbd"
                                                    "c\xef\xbf\xbd"
                                                    "d 4294967295 -5 18446744073709551615 "
                                                    "-9223372036854775808 100%"));
    buf_clear(&buf);
    buf_json_string(&buf, STR("q\"\\\n\t\x01\x7f\xff\xc3\xa9\xed\xa0\x80\xc2\x9b\xe2\x80\xa9"));
    CHECK_TEXT(
        ((Str){buf.data, (u32)buf.len}),
        STR("\"q\\\"\\\\\\n\\t\\u0001\\u007f\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\u009b\\u2029\""));
    buf_clear(&buf);
    buf_hex(&buf, 0);
    buf_hex(&buf, 0xdeadbeef12345678u);
    CHECK_TEXT(((Str){buf.data, (u32)buf.len}), STR("0deadbeef12345678"));
    buf_free(&buf);

    Error error;
    error_clear(&error);
    static char long_name[1000];
    memset(long_name, 'x', sizeof long_name);
    memcpy(long_name + 79, "\xc3\xa9", 2); // would be cut in the middle
    name = (Str){(u8 *)long_name, sizeof long_name};
    CHECK(!error_set(&error, ERR_EXECUTE, NOWHERE, "`%S`", &name));
    CHECK(error.message_len == 1 + 79 + 3 + 1 && memcmp(error.message + 80, "...`", 4) == 0);
    CHECK(!error_set(&error, ERR_INTERNAL, NOWHERE, "second") && error.code == ERR_EXECUTE);
    error_clear(&error);
    long_name[ERROR_MESSAGE_MAX - 1] = 0;
    memset(long_name, 'x', ERROR_MESSAGE_MAX - 1);
    error_set(&error, ERR_EXECUTE, NOWHERE, "%s\xe2\x82\xac", long_name); // the last character does not fit whole
    CHECK(error.message_len == ERROR_MESSAGE_MAX - 1);
}

static void test_buf(void) {
    Buf buf;
    buf_init(&buf, 10);
    buf_text(&buf, "12345678");
    buf_text(&buf, "abc");
    CHECK(buf.overflow && buf.len == 8);
    buf_byte(&buf, 'x');
    CHECK(buf.len == 8); // no holes: nothing after what did not fit
    buf_clear(&buf);
    buf_text(&buf, "abc");
    CHECK(!buf.overflow && buf.len == 3);
    buf_free(&buf);
    platform_fail_after(1);
    buf_byte(&buf, 'x');
    CHECK(buf.failed && buf.len == 0);
    buf_free(&buf);
}

// ---- memory ----

static void test_arena(void) {
    size_t before = platform_reserved();
    Arena arena;
    arena_init(&arena, 100000);
    u8 *first = arena_new(&arena, u8, 3);
    u64 *second = arena_new(&arena, u64, 2);
    CHECK(first && second && (uintptr_t)second % 8 == 0 && arena.used == 19);
    ArenaMark mark = arena_mark(&arena);
    u8 *large = arena_new(&arena, u8, 50000);
    CHECK(large != NULL);
    if (large) memset(large, 1, 50000);
    CHECK(!arena_new(&arena, u8, 50000) && arena.failed); // over the limit
    CHECK(!arena_alloc(&arena, SIZE_MAX, 2, 1));
    arena_rewind(&arena, mark);
    CHECK(arena.used == 19);
    u8 *small = arena_new(&arena, u8, 100);
    CHECK(small != NULL);
    if (small) memset(small, 1, 100);
    arena_rewind(&arena, mark);
    u8 *again = arena_new(&arena, u8, 200);
    bool zero = again != NULL;
    for (u32 i = 0; zero && i < 200; i++) zero = again[i] == 0;
    CHECK(zero);
    // What a rewind freed is handed out again, zeroed; what is too small for a request is given back.
    size_t held = platform_reserved();
    large = arena_new(&arena, u8, 50000);
    CHECK(platform_reserved() == held);
    zero = large != NULL;
    for (u32 i = 0; zero && i < 50000; i++) zero = large[i] == 0;
    CHECK(zero);
    arena_rewind(&arena, mark);
    CHECK(arena_new(&arena, u8, 90000) && platform_reserved() > held && platform_reserved() < held + 50000);
    arena_free(&arena);
    CHECK(platform_reserved() == before);

    typedef VEC(u32) U32Vec;
    U32Vec vec = {0};
    bool pushed = true;
    arena_init(&arena, 0);
    for (u32 i = 0; i < 100000; i++) {
        pushed &= vec_push(&arena, &vec, i);
        if (i == 5000 || i == 50000) pushed &= arena_new(&arena, u8, 1) != NULL; // now it can't grow in place
    }
    for (u32 i = 0; i < vec.count; i++) pushed &= vec.items[i] == i;
    CHECK(pushed && vec.count == 100000);
    CHECK(!vec_reserve(&arena, &vec, UINT32_MAX) && arena.failed);
    arena_free(&arena);
    platform_fail_after(1);
    vec = (U32Vec){0};
    CHECK(!vec_push(&arena, &vec, 1) && vec.count == 0);
    arena_free(&arena);
}

// The inverse of the hash in map.c, so that a test can do what a hostile file can: choose keys that collide.
static u64 key_with_hash(u64 hash) {
    hash ^= hash >> 31 ^ hash >> 62;
    hash *= 0x319642b2d24d8ec3u;
    hash ^= hash >> 27 ^ hash >> 54;
    hash *= 0x96de1b173f119089u;
    return hash ^ hash >> 30 ^ hash >> 60;
}

static bool map_holds(u32 count, u64 (*key)(u32)) {
    Arena arena = {0};
    Map map = {0};
    bool right = true;
    for (u32 round = 0; round < 2; round++) { // the second time after a clear
        for (u32 i = 0; i < count; i++) {
            right &= map_get(&map, key(i)) == MAP_NONE;
            right &= map_set(&arena, &map, key(i), i);
        }
        for (u32 i = 0; i < count; i++) right &= map_set(&arena, &map, key(i), i + 1);
        for (u32 i = 0; i < count; i++) right &= map_get(&map, key(i)) == i + 1;
        right &= map_get(&map, key(count)) == MAP_NONE && map.count == count;
        map_clear(&map);
    }
    arena_free(&arena);
    return right;
}

static u64 dense_key(u32 i) { return i; }
static u64 spread_key(u32 i) { return (u64)i << 40; }
static u64 colliding_key(u32 i) { return key_with_hash((u64)i % 16 | (u64)(i / 16) << 8); } // all start in one place

static void test_map(void) {
    CHECK(map_holds(5000, dense_key));
    CHECK(map_holds(5000, spread_key));
    CHECK(map_holds(20000, colliding_key));
    CHECK(hash_bytes("abc", 3) != hash_bytes("abd", 3) && hash_bytes("", 0) != hash_bytes("\0", 1));
    CHECK(hash_bytes("abcdefghi", 9) == hash_bytes("abcdefghi", 9));
}

int main(void) {
    test_int_text();
    test_wide();
    test_float_text();
    test_float_round_trip();
    test_float_parse();
    test_float_ties();
    test_utf8();
    test_format();
    test_buf();
    test_arena();
    test_map();
    return CHECK_DONE();
}
