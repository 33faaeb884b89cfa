// What one WebAssembly module goes through, for libFuzzer (wasm_fuzz.c) and for the mutator (mutate.c): load, describe,
// some functions as text, what is run of it, which must load again and starts nothing by itself. Returns; a fault shows
// as a sanitiser's report or an abort here.
#ifndef TESTS_WASM_CASE_H
#define TESTS_WASM_CASE_H

#include "api/tools_state.h"
#include "jsrs_case.h"

enum { CASE_FUNCTIONS = 20, CASE_PAGES = 100 };

static inline void wasm_case_loaded(Tools *t) {
    CASE_EXPECT(tools_make_description(t) == ERR_OK && t->text.len > 0);
    u32 functions = t->module.functions.count;
    for (u32 i = 0; i < functions && i < CASE_FUNCTIONS; i++) {
        CASE_EXPECT(tools_make_disassembly(t, i) == ERR_OK);
        u32 lines = 0;
        for (size_t at = 0; at < t->text.len; at++) lines += t->text.data[at] == '\n';
        CASE_EXPECT(lines == t->lines.len / sizeof(u32));
    }
    CASE_EXPECT(tools_make_disassembly(t, functions) == ERR_VALIDATE);
    ErrorCode code = tools_make_rewritten(t, CASE_PAGES);
    CASE_EXPECT(code == ERR_OK || code == ERR_VALIDATE);
    if (code != ERR_OK) return;
    Tools again = {0};
    CASE_EXPECT(tools_open(&again, (Str){t->text.data, (u32)t->text.len}) == ERR_OK);
    bool starts = t->module.start != NO_INDEX;
    CASE_EXPECT(again.module.start == NO_INDEX && again.module.exports.count == t->module.exports.count + starts);
    CASE_EXPECT(!starts || again.module.exports.items[again.module.exports.count - 1].index == t->module.start);
    tools_close(&again);
}

// Returns the code of loading it.
static inline ErrorCode wasm_case(Str file) {
    size_t before = platform_reserved();
    Tools tools = {0};
    ErrorCode code = tools_open(&tools, file);
    CASE_EXPECT(code == ERR_OK || (code == ERR_DESERIALIZE && tools.text.len > 0));
    if (code == ERR_OK) wasm_case_loaded(&tools);
    tools_close(&tools);
    CASE_EXPECT(platform_reserved() == before);
    return code;
}
#endif
