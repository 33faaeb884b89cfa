// The words of the command line, read into one struct.
#ifndef API_CLI_ARGUMENTS_H
#define API_CLI_ARGUMENTS_H
#include "support/error.h"

// Texts are NULL and numbers 0 where nothing was given.
typedef struct Arguments {
    const char *command, *input, *function, *entry, *trace_out, *out, *print_after;
    const char *level; // `0`, `1`, `2` or `s`
    const char *adapter;
    bool trace, no_validate, no_optimise, optimised, help, version;
    bool codegen_wasm;                         // known, and refused: it is the runner's
    bool names, no_map, mvp, block_write, wat; // of build
    u64 steps, memory, output, depth;
} Arguments;

extern const char cli_help[];

// ERR_OK, or ERR_ARGS after it was said on stderr what is wrong: words by themselves, then what they mean together.
int cli_read_arguments(Arguments *arguments, int count, char **words) MUST_CHECK;

#endif
