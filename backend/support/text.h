// Numbers to text and back, exactly as Rust's Display and from_str (int_text.c, float_text.c, float_parse.c, utf8.c).
#ifndef SUPPORT_TEXT_H
#define SUPPORT_TEXT_H

#include "support/base.h"

enum { INT_TEXT_MAX = 40, FLOAT_TEXT_MAX = 352 };

// Decimal text of an integer; returns its length (at most INT_TEXT_MAX). No NUL.
u32 text_from_u64(u64 value, u8 *out);
u32 text_from_i64(i64 value, u8 *out);
u32 text_from_u128(u128 value, u8 *out);
u32 text_from_i128(i128 value, u8 *out);
// The same so that the text ends before `end`, for those who need no copy of it; returns where it starts.
u8 *text_before_u64(u8 *end, u64 value);
u8 *text_before_u128(u8 *end, u128 value);

// Shortest decimal digits that read back to the same value of that width, never an exponent
// (spec jsrs.md 12.2): "4", "-0", "inf", "NaN", "0.0000001". At most FLOAT_TEXT_MAX bytes. No NUL.
u32 text_from_f64(f64 value, u8 *out);
u32 text_from_f32(f32 value, u8 *out);

// Correctly rounded (nearest even) decimal text to float: [+-] digits [. digits] [e [+-] digits] | inf | NaN.
// False when the text has another form.
bool text_to_f64(Str text, f64 *out) MUST_CHECK;
bool text_to_f32(Str text, f32 *out) MUST_CHECK;
// Decimal integer with optional sign; false on another form or when it does not fit.
bool text_to_i64(Str text, i64 *out) MUST_CHECK;
bool text_to_u64(Str text, u64 *out) MUST_CHECK;

// UTF-8. Encode returns the length (1..4), or 0 for a surrogate or above 0x10FFFF.
u32 utf8_encode(u32 code_point, u8 *out);
// Length of the well-formed character at offset `at` (below text.len), 0 if there is none.
u32 utf8_length(Str text, u32 at);
// The character at offset `at` (below text.len) and its length; U+FFFD and 1 where there is no well-formed one.
u32 utf8_decode(Str text, u32 at, u32 *length);
// Controls (C0, DEL, C1) and line separators: they steer terminals and break lines, so no text shows one of a file's as it is.
bool utf8_is_control(u32 code_point);
// True if the bytes are well-formed UTF-8 (no overlong forms, no surrogates); else *bad = offset of the first wrong
// byte.
bool utf8_valid(Str text, u32 *bad);

#endif
