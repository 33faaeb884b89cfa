// The words of a row of ir_eval_cases.inc: names to numbers, hexadecimal bits to values.
#ifndef TESTS_IR_CASE_WORDS_H
#define TESTS_IR_CASE_WORDS_H

#include <string.h>

#include "ir/eval.h"

static inline void next_word(const char **at, char *out) {
    while (**at == ' ') ++*at;
    while (**at && **at != ' ') *out++ = *(*at)++;
    *out = 0;
}

static inline IrType type_named(const char *text) {
    for (u32 t = 0; t < IR_TYPE_COUNT; t++)
        if (strcmp(ir_type_info[t].text, text) == 0) return (IrType)t;
    return IR_VOID;
}

static inline IrOp op_named(const char *text) {
    for (u32 op = 0; op < IR_OP_COUNT; op++)
        if (strcmp(ir_op_text(op), text) == 0) return (IrOp)op;
    return IR_OP_NOP;
}

static inline TrapKind trap_named(const char *text) {
    for (u32 kind = 1; kind < TRAP_COUNT; kind++)
        if (strcmp(trap_name(kind), text) == 0) return (TrapKind)kind;
    return TRAP_NONE;
}

static inline u128 value_of(IrType type, const char *hex) {
    u128 bits = 0;
    for (; *hex; hex++) bits = bits << 4 | (u32)(*hex <= '9' ? *hex - '0' : *hex - 'a' + 10);
    return eval_wrap128(type, bits);
}

#endif
