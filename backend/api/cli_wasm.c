// `inspect`, `disassemble` and what `build` writes: arguments and streams around tools_state.c.
#include "api/cli_wasm.h"

#include <stdio.h>
#include <string.h>

#include "api/cli_faults.h"
#include "api/cli_files.h"
#include "api/tools_state.h"
#include "support/text.h"

static int report(const Tools *tools) {
    const Error *error = &tools->error;
    fprintf(stderr, "error[%s]: %.*s", error_kind(error->code), (int)error->message_len, error->message);
    if (error->rule) fprintf(stderr, ", in section %s", error->rule);
    if (error->where.function != NO_INDEX) fprintf(stderr, ", function %u", error->where.function);
    if (error->where.offset != NO_OFFSET) fprintf(stderr, ", at byte %u", error->where.offset);
    fputc('\n', stderr);
    return (int)error->code;
}

static int print(const Buf *text) {
    bool written = fwrite(text->data, 1, text->len, stdout) == text->len && fflush(stdout) == 0;
    return written ? ERR_OK : cli_unprinted();
}

static int describe(Tools *tools, u32 first, u32 end) {
    (void)first, (void)end;
    if (tools_make_description(tools) != ERR_OK) return report(tools);
    buf_byte(&tools->text, '\n');
    return print(&tools->text);
}

// Functions from `first` up to `end`; NO_INDEX = all defined ones.
static int disassemble(Tools *tools, u32 first, u32 end) {
    if (first == NO_INDEX) first = tools->module.imported[KIND_FUNCTION], end = tools->module.functions.count;
    for (u32 i = first; i < end; i++) {
        if (tools_make_disassembly(tools, i) != ERR_OK) return report(tools);
        int status = print(&tools->text);
        if (status != ERR_OK) return status;
    }
    return ERR_OK;
}

static int with_module(const char *path, int (*act)(Tools *tools, u32 first, u32 end), u32 first, u32 end) {
    u8 *data;
    u32 len;
    const char *fault;
    if (!file_read(path, &data, &len, &fault)) return cli_unread(path, fault);
    Tools tools = {0};
    int status = tools_open(&tools, (Str){data, len}) == ERR_OK ? act(&tools, first, end) : report(&tools);
    tools_close(&tools);
    file_free(data);
    return status;
}

int cli_inspect(const char *path) { return with_module(path, describe, 0, 0); }

int cli_disassemble(const char *path, const char *function) {
    if (!function) return with_module(path, disassemble, NO_INDEX, 0);
    u64 index;
    if (!text_to_u64((Str){(const u8 *)function, (u32)strlen(function)}, &index) || index >= NO_INDEX) {
        return cli_fail(ERR_ARGS, "%s: not an index of a function", function);
    }
    return with_module(path, disassemble, (u32)index, (u32)index + 1);
}

static int write_file(const char *path, const u8 *data, size_t len) {
    const char *fault;
    return file_write(path, data, len, &fault) ? ERR_OK : cli_unwritten(path, fault);
}

static bool ends_in(const char *path, const char *end) {
    size_t len = strlen(path), part = strlen(end);
    return len >= part && strcmp(path + len - part, end) == 0;
}

int cli_write_module(Str module, const char *path, bool text) {
    bool prints = !path || file_is_stream(path), only_text = text && (prints || ends_in(path, ".wat"));
    int status = only_text ? ERR_OK : write_file(path, module.data, module.len);
    if (status != ERR_OK || !text) return status;
    Tools tools = {0};
    if (tools_open(&tools, module) != ERR_OK || tools_make_text(&tools) != ERR_OK) status = report(&tools);
    else if (!prints && only_text) status = write_file(path, tools.text.data, tools.text.len);
    else status = print(&tools.text);
    tools_close(&tools);
    return status;
}
