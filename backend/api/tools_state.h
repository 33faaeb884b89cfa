// One loaded WebAssembly module and what was made of it last; behind the exports of tools_exports.def and the command
// line's `inspect` and `disassemble`.
#ifndef API_TOOLS_STATE_H
#define API_TOOLS_STATE_H

#include "support/buf.h"
#include "wasm/module.h"

typedef struct Tools {
    Arena inputs; // buffers that the host fills
    Arena arena;  // the module's
    WasmModule module;
    bool loaded;
    Buf text, lines;
    Error error;
} Tools;

// A Tools of zeros is usable. `file` must outlive it.
ErrorCode tools_open(Tools *tools, Str file);
// Each makes `text` (and `lines`) anew; the code. Unless that is ERR_OK, the text is the fault as JSON.
ErrorCode tools_make_description(Tools *tools);
ErrorCode tools_make_functions(Tools *tools, u32 first);
ErrorCode tools_make_disassembly(Tools *tools, u32 function);
ErrorCode tools_make_text(Tools *tools); // of the whole module
ErrorCode tools_make_rewritten(Tools *tools, u32 pages);
ErrorCode tools_refuse(Tools *tools, const char *sentence); // ERR_INTERNAL with that sentence
void tools_close(Tools *tools);                             // gives everything back; usable again afterwards

#endif
