// The command line's commands for WebAssembly modules. Each returns the exit status.
#ifndef API_CLI_WASM_H
#define API_CLI_WASM_H
#include "support/base.h"

// The description on stdout, WasmInfo of runner/module/info.js.
int cli_inspect(const char *path);

// One function on stdout, by its index as text; NULL = all that the module defines.
int cli_disassemble(const char *path, const char *function);

// A compiled module to where it belongs: the bytes to `path`; with `text` also the text format, on stdout, or at `path`
// in place of the bytes if that ends in `.wat`. NULL: there is only the text.
int cli_write_module(Str module, const char *path, bool text);

#endif
