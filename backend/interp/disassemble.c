// Bytecode as text, one instruction a line: pc, name, fields by shape, and what is observed there.
#include "interp/bytecode.h"

// Every opcode's name in the order of the table.
static const char names[] =
#define BC(name, text, shape) text "\0"
#define BC_BRANCH(name, text, operands) text "\0" text "\0"
#include "interp/bytecode.def"
    ;

static void print_field(Buf *out, const u16 *at, char kind, u32 pc) {
    switch (kind) {
    case 'd': buf_format(out, " r%u <-", *at); break;
    case 'r': buf_format(out, " r%u", *at); break;
    case 'i':
    case 's': buf_format(out, " %d", (i16)*at); break;
    case 'u':
    case 'h': buf_format(out, " %u", *at); break;
    case 'I':
    case 'V': buf_format(out, " %d", code_i32(at)); break;
    case 'U':
    case 'W': buf_format(out, " %u", code_u32(at)); break;
    case 'P': buf_format(out, " %u", code_u32(at) & PLACE_MASK); break;
    case 'K':
        buf_text(out, " 0x");
        buf_hex(out, code_u64(at));
        break;
    case 'o': buf_format(out, " -> %u", pc + (u32)(i32)(i16)*at); break;
    case 'O': buf_format(out, " -> %u", pc + code_u32(at)); break;
    case 'C': buf_format(out, " charge %d", code_i32(at)); break;
    default: break;
    }
}

// The table behind a SWITCH or SEARCH; returns its words.
static u32 print_table(Buf *out, const u16 *code, u32 pc, u32 words) {
    const u16 *at = code + (size_t)pc * PC_STEP;
    u32 count = code_u32(at + 2), keys = at[0] == BC_SWITCH ? 0 : at[0] == BC_SEARCH ? 1 : 2;
    const u16 *entry = at + words * PC_STEP;
    for (u32 i = 0; i <= count; i++) {
        buf_text(out, "\n            ");
        if (i == count) buf_text(out, "else");
        else if (keys == 0) buf_i64(out, (i64)(code_u64(at + 4) + i));
        else buf_i64(out, (i64)code_u64(entry));
        if (i < count) entry += keys * PC_STEP;
        print_field(out, entry, 'O', pc);
        print_field(out, entry + 2, 'C', pc);
        entry += PC_STEP;
    }
    return (u32)((entry - at) / PC_STEP) - words;
}

static u32 print_instruction(Buf *out, const Program *program, const u16 *name_at, u32 pc) {
    const u16 *code = (const u16 *)program->code, *at = code + (size_t)pc * PC_STEP;
    u32 words = bytecode_words((Bytecode)at[0]), field = 1;
    buf_format(out, "  %u: %s", pc, names + name_at[at[0]]);
    for (const char *shape = bytecode_shape((Bytecode)at[0]); *shape; shape++) {
        print_field(out, at + field, *shape, pc);
        field += bytecode_field_size(*shape);
    }
    if (at[0] == BC_SWITCH || at[0] == BC_SEARCH || at[0] == BC_SEARCH_WIDE) words += print_table(out, code, pc, words);
    const CodeSite *site = program_site(program, pc);
    if (site) buf_format(out, "    ; site %u steps %d", site->site, site->steps);
    buf_byte(out, '\n');
    return words;
}

void interp_disassemble(Buf *out, const Program *program) {
    u16 name_at[BC_COUNT];
    const char *name = names;
    for (u32 op = 0; op < BC_COUNT; op++) {
        name_at[op] = (u16)(name - names);
        while (*name++) {}
    }
    u32 next = 0;
    for (u32 pc = 0; pc < program->code_words;) {
        if (next < program->functions.count && program->functions.items[next].entry == pc) {
            const CodeFunction *f = &program->functions.items[next++];
            buf_format(out, "fn %u %S: %u slots\n", f->function, &program->module->functions.items[f->function].name,
                       f->slots);
        }
        pc += print_instruction(out, program, name_at, pc);
    }
}
