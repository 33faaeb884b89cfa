// Splits the text form of the IR into tokens and reads the values in them.
#include "ir/lex.h"

static bool is_digit(u8 c) { return c >= '0' && c <= '9'; }
static bool is_word(u8 c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// The byte at a place, 0 past the end (a 0 in the text is punctuation that nothing expects).
static u8 peek(const IrLexer *l, u32 at) { return at < l->text.len ? l->text.data[at] : 0; }

static u32 skip_spaces(const IrLexer *l, u32 at) {
    for (;;) {
        u8 c = peek(l, at);
        if (c == '/' && peek(l, at + 1) == '/')
            while (at < l->text.len && l->text.data[at] != '\n') at++;
        else if (c == ' ' || c == '\n' || c == '\t' || c == '\r') at++;
        else return at;
    }
}

static u32 end_of_string(const IrLexer *l, u32 at) {
    for (at++; at < l->text.len && l->text.data[at] != '"' && l->text.data[at] != '\n'; at++)
        if (l->text.data[at] == '\\') at++;
    return peek(l, at) == '"' ? at + 1 : 0;
}

static u32 end_of_number(const IrLexer *l, u32 at) {
    for (at++;; at++) {
        u8 c = peek(l, at), before = peek(l, at - 1);
        bool exponent_sign = (c == '-' || c == '+') && (before == 'e' || before == 'E');
        if (!is_word(c) && c != '.' && !exponent_sign) return at;
    }
}

void lex_next(IrLexer *l) {
    if (l->error->code != ERR_OK) {
        l->at = l->next, l->kind = TOKEN_END;
        return;
    }
    u32 at = l->at = skip_spaces(l, l->next);
    u8 c = peek(l, at), after = peek(l, at + 1);
    if (at >= l->text.len) {
        l->next = at, l->kind = TOKEN_END;
    } else if (c == '"') {
        l->next = end_of_string(l, at), l->kind = TOKEN_STRING;
        if (l->next == 0) l->next = at, lex_fail(l, "string without an end on its line");
    } else if (is_digit(c) || (c == '-' && is_word(after))) {
        l->next = end_of_number(l, at), l->kind = TOKEN_NUMBER;
    } else if (is_word(c)) {
        while (is_word(peek(l, at))) at++;
        l->next = at, l->kind = TOKEN_WORD;
    } else {
        l->next = at + (c == '-' && after == '>' ? 2 : 1), l->kind = TOKEN_PUNCT;
    }
}

void lex_start(IrLexer *l, Str text, Error *error) {
    *l = (IrLexer){.text = text, .error = error};
    lex_next(l);
}

bool lex_fail(IrLexer *l, const char *what) {
    if (l->error->code != ERR_OK) return false;
    u32 line = 1, column = 1;
    for (u32 i = 0; i < l->at; i++) {
        if (l->text.data[i] == '\n') line++, column = 1;
        else if ((l->text.data[i] & 0xc0) != 0x80) column++; // characters, not bytes
    }
    l->kind = TOKEN_END;
    Where where = NOWHERE;
    where.offset = l->at;
    return error_set(l->error, ERR_DESERIALIZE, where, "%u:%u: %s", line, column, what);
}

static bool token_is(const IrLexer *l, const char *text) {
    u32 i = 0, len = l->next - l->at;
    while (i < len && text[i] && text[i] == (char)l->text.data[l->at + i]) i++;
    return i == len && !text[i];
}

bool lex_accept(IrLexer *l, const char *text) {
    if ((l->kind != TOKEN_WORD && l->kind != TOKEN_PUNCT) || !token_is(l, text)) return false;
    lex_next(l);
    return true;
}

bool lex_expect(IrLexer *l, const char *text) {
    if (lex_accept(l, text)) return true;
    if (l->error->code != ERR_OK) return false;
    char what[32] = "expected ";
    u32 len = 9;
    for (u32 i = 0; text[i] && len < sizeof what - 1; i++) what[len++] = text[i];
    return lex_fail(l, what);
}

// Decimal digits of the token from `start` on; false if there are none, others, or too many for u128.
static bool read_digits(const IrLexer *l, u32 start, u128 *out) {
    const u128 limit = ~(u128)0; // limit / 10 and limit % 10 are constants, so that no division is left at run time
    *out = 0;
    for (u32 i = start; i < l->next; i++) {
        u8 c = l->text.data[i];
        if (!is_digit(c) || *out > limit / 10 || (*out == limit / 10 && (u8)(c - '0') > (u8)(limit % 10))) return false;
        *out = (*out << 3) + (*out << 1) + (u8)(c - '0');
    }
    return start < l->next;
}

u32 lex_number(IrLexer *l) {
    u128 value;
    if (l->kind != TOKEN_NUMBER || !read_digits(l, l->at, &value) || value > UINT32_MAX)
        return lex_fail(l, "expected a number below 2^32");
    lex_next(l);
    return (u32)value;
}

static u32 prefix_len(const IrLexer *l, const char *prefix) {
    u32 len = 0;
    for (; prefix[len]; len++)
        if (peek(l, l->at + len) != (u8)prefix[len]) return 0;
    return len;
}

bool lex_is_ref(const IrLexer *l, const char *prefix) {
    u32 len = l->kind == TOKEN_WORD ? prefix_len(l, prefix) : 0;
    u128 value;
    return len && l->at + len < l->next && read_digits(l, l->at + len, &value) && value <= UINT32_MAX;
}

u32 lex_ref(IrLexer *l, const char *prefix) {
    u128 value;
    if (!lex_is_ref(l, prefix) || !read_digits(l, l->at + prefix_len(l, prefix), &value))
        return lex_fail(l, prefix[1] ? "expected a block or function" : "expected a value");
    lex_next(l);
    return (u32)value;
}

u128 lex_integer(IrLexer *l, bool is_signed, u32 bits) {
    bool negative = is_signed && peek(l, l->at) == '-';
    u64 low = bits >= 64 ? ~(u64)0 : ((u64)1 << bits) - 1; // by halves: wasm has no 128-bit shift by a variable
    u128 magnitude, max = (u128)(bits == 128 ? ~(u64)0 : 0) << 64 | low;
    if (is_signed) max = (max >> 1) + negative;
    if (l->kind != TOKEN_NUMBER || !read_digits(l, l->at + negative, &magnitude) || magnitude > max)
        return lex_fail(l, "expected an integer of its type");
    lex_next(l);
    return negative ? 0 - magnitude : magnitude;
}

static int hex_digit(u8 c) {
    if (is_digit(c)) return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

u64 lex_hex(IrLexer *l) {
    u64 value = 0;
    bool ok = l->kind == TOKEN_NUMBER && prefix_len(l, "0x") && l->next - l->at > 2 && l->next - l->at <= 18;
    for (u32 i = l->at + 2; ok && i < l->next; i++) {
        int digit = hex_digit(l->text.data[i]);
        ok = digit >= 0;
        value = value << 4 | (u64)(digit & 15);
    }
    if (!ok) return lex_fail(l, "expected a hexadecimal number");
    lex_next(l);
    return value;
}

// One character of a string at *at, which moves on; false for an escape that does not exist.
static bool read_character(const IrLexer *l, u32 *at, u8 *out) {
    *out = peek(l, (*at)++);
    if (*out != '\\') return true;
    *out = peek(l, (*at)++);
    switch (*out) {
    case 'n': *out = '\n'; return true;
    case 't': *out = '\t'; return true;
    case '"':
    case '\\': return true;
    case 'x': break;
    default: return false;
    }
    int high = hex_digit(peek(l, *at)), low = hex_digit(peek(l, *at + 1));
    if (high < 0 || low < 0) return false;
    *at += 2;
    *out = (u8)(high * 16 + low);
    return true;
}

Str lex_string(IrLexer *l, Arena *arena) {
    if (l->kind != TOKEN_STRING) return lex_fail(l, "expected a string"), (Str){0};
    u8 *bytes = arena_new(arena, u8, l->next - l->at);
    if (!bytes) return error_out_of_memory(l->error), (Str){0};
    u32 len = 0, end = l->next - 1;
    for (u32 at = l->at + 1; at < end; len++)
        if (!read_character(l, &at, &bytes[len]) || at > end)
            return lex_fail(l, "unknown escape in a string"), (Str){0};
    lex_next(l);
    return (Str){bytes, len};
}
