// The tables of bytecode.def and look-ups by pc.
#include "interp/bytecode.h"

enum { FIELDS_MAX = 11 };

typedef enum BytecodeShape {
#define BC_SHAPE(shape) FIELDS_##shape,
#include "interp/bytecode.def"
    FIELDS_RR = FIELDS_rro,
    FIELDS_RR_LONG = FIELDS_rr_OC,
    FIELDS_RI = FIELDS_rio,
    FIELDS_RI_LONG = FIELDS_rIOC,
} BytecodeShape;

// Rows of letters and one number an opcode: pointers would take most of the table's room.
static const char shapes[][FIELDS_MAX + 1] = {
#define BC_SHAPE(shape) #shape,
#include "interp/bytecode.def"
};
static const u8 shape_of[BC_COUNT] = {
#define BC(name, text, shape) FIELDS_##shape,
#define BC_BRANCH(name, text, operands) FIELDS_##operands, FIELDS_##operands##_LONG,
#include "interp/bytecode.def"
};

const char *bytecode_shape(Bytecode op) { return shapes[shape_of[op]]; }

u32 bytecode_field_size(char field) {
    switch (field) {
    case 'K': return 4;
    case 'I':
    case 'U':
    case 'W':
    case 'P':
    case 'V':
    case 'O':
    case 'C': return 2;
    default: return 1;
    }
}

u32 bytecode_words(Bytecode op) {
    u32 fields = 1;
    for (const char *shape = bytecode_shape(op); *shape; shape++) fields += bytecode_field_size(*shape);
    return (fields + PC_STEP - 1) / PC_STEP;
}

// Index of the first entry at or behind `pc`.
static u32 site_index(const Program *program, u32 pc) {
    u32 low = 0, high = program->sites.count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (program->sites.items[middle].pc < pc) low = middle + 1;
        else high = middle;
    }
    return low;
}

const CodeSite *program_site(const Program *program, u32 pc) {
    u32 at = site_index(program, pc);
    if (at == program->sites.count || program->sites.items[at].pc != pc) return NULL;
    return &program->sites.items[at];
}

u32 program_place_near(const Program *program, u32 pc) {
    const CodeFunction *function = program_function_at(program, pc);
    u32 first = site_index(program, pc);
    for (u32 i = first; i < program->sites.count; i++) {
        const CodeSite *site = &program->sites.items[i];
        if (program_function_at(program, site->pc) != function) break;
        if (site->site) return site->site;
    }
    for (u32 i = first; i-- > 0;) {
        const CodeSite *site = &program->sites.items[i];
        if (program_function_at(program, site->pc) != function) break;
        if (site->site) return site->site;
    }
    return 0;
}

const CodeFunction *program_function_at(const Program *program, u32 pc) {
    u32 low = 0, high = program->functions.count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (program->functions.items[middle].entry <= pc) low = middle + 1;
        else high = middle;
    }
    return low == 0 ? NULL : &program->functions.items[low - 1];
}
