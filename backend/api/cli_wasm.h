// The command line's commands for WebAssembly modules. Each returns the exit status.
#ifndef API_CLI_WASM_H
#define API_CLI_WASM_H

// The description on stdout, WasmInfo of runner/module/info.js.
int cli_inspect(const char *path);

// One function on stdout, by its index as text; NULL = all that the module defines.
int cli_disassemble(const char *path, const char *function);

#endif
