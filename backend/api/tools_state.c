// Calls the readers of backend/wasm and turns what went wrong into JSON.
#include "api/tools_state.h"

#include "wasm/describe.h"
#include "wasm/disassemble.h"
#include "wasm/module_text.h"
#include "wasm/rewrite.h"

static void put_fault(Tools *t) {
    const Error *error = &t->error;
    const char *section = error->rule ? error->rule : "";
    Str message = {(const u8 *)error->message, error->message_len};
    bool component = error->where.offset == 4 && wasm_is_component(t->module.file);
    buf_format(&t->text, "{\"section\":\"%s\",\"offset\":%n,\"message\":%j,\"function\":%n,\"component\":%s}", section,
               error->where.offset, &message, error->where.function, component ? "true" : "false");
}

// The code of what was just done; a text that memory did not suffice for is none.
static ErrorCode finish(Tools *t, bool made) {
    if (made && (t->text.failed || t->lines.failed)) made = error_out_of_memory(&t->error);
    if (made) return ERR_OK;
    buf_free(&t->lines);
    buf_free(&t->text);
    put_fault(t);
    return t->error.code;
}

static void begin(Tools *t) {
    buf_free(&t->text);
    buf_free(&t->lines);
    error_clear(&t->error);
}

static bool has_module(Tools *t) {
    return t->loaded || error_set(&t->error, ERR_INTERNAL, NOWHERE, "no module is loaded");
}

ErrorCode tools_open(Tools *t, Str file) {
    begin(t);
    arena_free(&t->arena);
    t->loaded = wasm_decode(&t->module, &t->arena, file, &t->error);
    return finish(t, t->loaded);
}

ErrorCode tools_make_description(Tools *t) {
    begin(t);
    bool made = has_module(t);
    if (made) wasm_describe(&t->module, &t->text);
    return finish(t, made);
}

ErrorCode tools_make_functions(Tools *t, u32 first) {
    begin(t);
    bool made = has_module(t);
    if (made) wasm_describe_functions(&t->module, first, &t->text);
    return finish(t, made);
}

ErrorCode tools_make_disassembly(Tools *t, u32 function) {
    begin(t);
    return finish(t, has_module(t) && wasm_disassemble(&t->module, function, &t->text, &t->lines, &t->error));
}

ErrorCode tools_make_text(Tools *t) {
    begin(t);
    return finish(t, has_module(t) && wasm_module_text(&t->module, &t->text, &t->lines, &t->error));
}

ErrorCode tools_make_rewritten(Tools *t, u32 pages) {
    begin(t);
    return finish(t, has_module(t) && wasm_rewrite(&t->module, pages, &t->text, &t->error));
}

ErrorCode tools_refuse(Tools *t, const char *sentence) {
    begin(t);
    return finish(t, error_set(&t->error, ERR_INTERNAL, NOWHERE, "%s", sentence));
}

void tools_close(Tools *t) {
    arena_free(&t->inputs);
    arena_free(&t->arena);
    buf_free(&t->text);
    buf_free(&t->lines);
    *t = (Tools){0};
}
