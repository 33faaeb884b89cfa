// Tokens of the text form of text.h, for parse.c. Sticky: after the first error every token is the end of the text.
#ifndef IR_LEX_H
#define IR_LEX_H
#include "support/arena.h"
#include "support/error.h"

typedef enum IrTokenKind {
    TOKEN_END,
    TOKEN_WORD,   // letters, digits, _; starts with a letter
    TOKEN_NUMBER, // starts with a digit, or with - and a letter or digit
    TOKEN_STRING, // with its quotes, escapes not yet read
    TOKEN_PUNCT   // one character, or ->
} IrTokenKind;

typedef struct IrLexer {
    Str text;
    u32 at;   // start of the current token
    u32 next; // its end
    IrTokenKind kind;
    Error *error;
} IrLexer;

void lex_start(IrLexer *lexer, Str text, Error *error);
void lex_next(IrLexer *lexer);
static inline Str lex_token(const IrLexer *l) { return (Str){l->text.data + l->at, l->next - l->at}; }

// Sets "line:column: what" at the current token. Always false.
bool lex_fail(IrLexer *lexer, const char *what);

// Each takes the current token if it is that; `accept` says whether it was, `expect` fails if it was not.
bool lex_accept(IrLexer *lexer, const char *text);
bool lex_expect(IrLexer *lexer, const char *text);

u32 lex_number(IrLexer *lexer);                            // decimal u32
bool lex_is_ref(const IrLexer *lexer, const char *prefix); // "v12" for prefix "v"
u32 lex_ref(IrLexer *lexer, const char *prefix);           // its number
// Decimal integer, negative only where `is_signed`, of at most `bits` bits; extended to 128 bits.
u128 lex_integer(IrLexer *lexer, bool is_signed, u32 bits);
u64 lex_hex(IrLexer *lexer);                  // 0x...
Str lex_string(IrLexer *lexer, Arena *arena); // its bytes, escapes read
#endif
