// The functions of tools_exports.def: argument checks, then tools_state.c. The one module of an instance is the only
// mutable state.
#include "api/tools_state.h"
#include "support/platform.h"

static Tools tools;

u8 *tools_alloc(size_t size) {
    if (size == 0 || size > UINT32_MAX) return NULL;
    return arena_alloc(&tools.inputs, size, 1, 16);
}

void tools_reset(void) { tools_close(&tools); }

u32 tools_load(const u8 *start, size_t size) {
    static const u8 nothing[1];
    bool contained = size <= UINT32_MAX && platform_contains(start, size);
    if (contained) return tools_open(&tools, (Str){start ? start : nothing, (u32)size});
    return tools_refuse(&tools, "the module's span lies outside memory");
}

u32 tools_describe(void) { return tools_make_description(&tools); }
u32 tools_functions(u32 first) { return tools_make_functions(&tools, first); }
u32 tools_disassemble(u32 function) { return tools_make_disassembly(&tools, function); }
u32 tools_module_text(void) { return tools_make_text(&tools); }
u32 tools_rewrite(u32 pages) { return tools_make_rewritten(&tools, pages); }
const u8 *tools_text_ptr(void) { return tools.text.data; }
size_t tools_text_len(void) { return tools.text.len; }
const u8 *tools_lines_ptr(void) { return tools.lines.data; }
size_t tools_lines_len(void) { return tools.lines.len; }
