// The tables of bytecode.def and look-ups by pc.
#include "interp/bytecode.h"

#define BRANCH_RR "rro"
#define BRANCH_RR_LONG "rr-OC"
#define BRANCH_RI "rio"
#define BRANCH_RI_LONG "rIOC"

const BytecodeInfo bytecode_info[BC_COUNT] = {
#define BC(name, text, shape) [BC_##name] = {text, shape},
#define BC_BRANCH(name, text, shape) \
    [BC_##name] = {text, BRANCH_##shape}, [BC_##name##_L] = {text, BRANCH_##shape##_LONG},
#include "interp/bytecode.def"
};

u32 bytecode_field_size(char field) {
    switch (field) {
    case 'K': return 4;
    case 'I':
    case 'U':
    case 'W':
    case 'V':
    case 'O':
    case 'C': return 2;
    default: return 1;
    }
}

u32 bytecode_words(Bytecode op) {
    u32 fields = 1;
    for (const char *shape = bytecode_info[op].shape; *shape; shape++) fields += bytecode_field_size(*shape);
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
