// The table of options, and what they exclude. It uses stdio and string.h, as all of the command line does.
#include "api/cli_arguments.h"

#include <stdio.h>
#include <string.h>

#include "support/text.h"

static const char usage_line[] = "usage: jsrust-backend-c run --input FILE | COMMAND FILE [options]; --help lists them";
const char cli_help[] =
    "jsrust-backend-c: runs JSRS files (versions 1 to 3)\n"
    "\n"
    "  run --input FILE    run it; the program's output on stdout, then `ok exit=N` on stderr\n"
    "  check FILE          decode and validate\n"
    "  listing FILE        the file's own instructions\n"
    "  describe FILE       header, sections and tables as JSON\n"
    "  ir FILE             the internal IR\n"
    "  bytecode FILE       what the interpreter runs\n"
    "  encode FILE --out FILE   decode and write back\n"
    "  build FILE -o OUT   compile to a WebAssembly module\n"
    "  inspect FILE        what a WebAssembly module consists of, as JSON\n"
    "  disassemble FILE [INDEX]   its functions, or one of them, in the text format\n"
    "\n"
    "  `-` as FILE reads standard input.\n"
    "\n"
    "  --entry FN          start there instead of at `main`\n"
    "  --trace             record blocks and instructions; on stderr without --trace-out\n"
    "  --trace-out FILE    write the trace there\n"
    "  --no-validate       check only what running safely needs\n"
    "  --max-steps N       end the run after so many steps\n"
    "  --max-memory SIZE   bytes for the program, with K, M or G (default 256M)\n"
    "  --max-output SIZE   bytes it may print\n"
    "  --max-depth N       nested calls\n"
    "  --no-optimise       run, or show, without the optimiser\n"
    "  --optimised         ir: after the optimiser\n"
    "  --print-after PASS  ir: its functions after each pass of that name, or after `all`; of -O1, if no level is\n"
    "                      given, or with --optimised of the interpreter\n"
    "  -O LEVEL            0, 1, 2 or s. build: how much is optimised (default 1); ir: these passes, "
    "not the\n"
    "                      interpreter's\n"
    "\n"
    "  -o, --out FILE      build, encode: written there, whole or not at all; `-` is stdout\n"
    "  --adapter NAME      build: jsrust (default) or wasi, which any standalone runtime runs\n"
    "  --names             build: with the names of functions\n"
    "  --no-map            build: without the places of traps\n"
    "  --block-write       build: jsrust: print by blocks, which JSRust's own hosts do not serve\n"
    "  --mvp               build: WebAssembly 1.0 alone\n"
    "  --wat               build: the text format, on stdout, or in place of the module if OUT ends in "
    ".wat\n"
    "\n"
    "  -h, --help          this text\n"
    "  --version           the version\n"
    "\n"
    "A file has at most 64 MiB.\n"
    "Exit status: 0 ok, 10 file error, 11 arguments, 20 not JSRS, 21 unknown version, 30 "
    "invalid, 40 the program failed,\n"
    "100 internal fault.\n";

// A number, for sizes with K, M or G (powers of 1024). NULL, or what is wrong with it.
static const char *read_size(const char *text, bool suffixes, u64 *out) {
    Str digits = {(const u8 *)text, (u32)strlen(text)};
    u64 unit = 1;
    if (suffixes && digits.len > 1) {
        switch (digits.data[digits.len - 1] | 0x20) {
        case 'k': unit = (u64)1 << 10; break;
        case 'm': unit = (u64)1 << 20; break;
        case 'g': unit = (u64)1 << 30; break;
        }
        if (unit > 1) digits.len--;
    }
    if (digits.len == 0 || strspn(text, "0123456789") < digits.len) return "not a positive number after ";
    u64 number;
    if (!text_to_u64(digits, &number) || mul_overflows(number, unit, out)) return "too large a number after ";
    return number > 0 ? NULL : "not a positive number after ";
}

// One option. `text`, `flag` or `number` says where its value goes.
typedef struct Option {
    const char *name;
    const char **text;
    bool *flag;
    u64 *number;
    bool is_size;
} Option;

static bool apply(const Option *option, const char *value, const char **fault) {
    if (option->flag) {
        *option->flag = true;
        return true;
    }
    *fault = "missing value after ";
    if (!value) return false;
    if (option->text) {
        *fault = "empty value after ";
        *option->text = value;
        return *value != 0;
    }
    *fault = read_size(value, option->is_size, option->number);
    return !*fault;
}

int cli_usage_error(const char *what, const char *which) {
    fprintf(stderr, "error[%s]: %s%s\n%s\n", error_kind(ERR_ARGS), what, which, usage_line);
    return ERR_ARGS;
}

// Whether a word names the option, alone or, as compilers have it, with its value: `--name=value`, `-O2`.
static bool names_option(const char *word, const Option *option, const char **value) {
    size_t len = strlen(option->name);
    if (strncmp(word, option->name, len) != 0) return false;
    if (word[len] == 0) return true;
    if (option->flag) return false;
    bool is_long = option->name[1] == '-';
    if (is_long ? word[len] != '=' : option->name[1] != 'O') return false;
    *value = word + len + is_long;
    return true;
}

// Not an option; `-` alone is standard input.
static bool is_operand(const char *word) { return word[0] != '-' || word[1] == 0; }

// Whatever follows the command; `run` takes its file by --input, the others as an argument.
static int read_words(Arguments *a, int count, char **words) {
    const Option options[] = {
        {"--entry", .text = &a->entry},
        {"--trace", .flag = &a->trace},
        {"--trace-out", .text = &a->trace_out},
        {"--no-validate", .flag = &a->no_validate},
        {"--no-optimise", .flag = &a->no_optimise},
        {"--optimised", .flag = &a->optimised},
        {"--print-after", .text = &a->print_after},
        {"--out", .text = &a->out},
        {"-o", .text = &a->out},
        {"-O", .text = &a->level},
        {"--adapter", .text = &a->adapter},
        {"--names", .flag = &a->names},
        {"--no-map", .flag = &a->no_map},
        {"--mvp", .flag = &a->mvp},
        {"--block-write", .flag = &a->block_write},
        {"--wat", .flag = &a->wat},
        {"--codegen-wasm", .flag = &a->codegen_wasm},
        {"--max-steps", .number = &a->steps},
        {"--max-depth", .number = &a->depth},
        {"--max-memory", .number = &a->memory, .is_size = true},
        {"--max-output", .number = &a->output, .is_size = true},
        {"--help", .flag = &a->help},
        {"-h", .flag = &a->help},
        {"--version", .flag = &a->version},
        {"--input", .text = &a->input},
    };
    for (int i = 0; i < count; i++) {
        const char *fault, *value = NULL;
        const Option *option = NULL;
        for (size_t o = 0; o < countof(options) && !option; o++) {
            if (names_option(words[i], &options[o], &value)) option = &options[o];
        }
        if (words[i][0] == 0) return cli_usage_error("an argument is empty: no file is called nothing", "");
        if (option) {
            bool next = !option->flag && !value;
            if (next && i + 1 < count) value = words[i + 1];
            if (!apply(option, value, &fault)) return cli_usage_error(fault, words[i]);
            i += next;
        } else if (!a->command && is_operand(words[i])) {
            a->command = words[i];
        } else if (a->command && strcmp(a->command, "run") != 0 && is_operand(words[i]) && !a->input) {
            a->input = words[i];
        } else if (a->command && strcmp(a->command, "disassemble") == 0 && !a->function) {
            a->function = words[i];
        } else {
            return cli_usage_error("unknown argument ", words[i]);
        }
    }
    return ERR_OK;
}

static bool is_one_of(const char *word, const char *const *known) {
    while (*known && strcmp(*known, word) != 0) known++;
    return *known != NULL;
}

// What only some commands have a use for.
static int check_together(const Arguments *a) {
    static const char *const levels[] = {"0", "1", "2", "s", NULL};
    static const char *const adapters[] = {"jsrust", "wasi", NULL};
    bool runs = strcmp(a->command, "run") == 0, builds = strcmp(a->command, "build") == 0;
    bool encodes = strcmp(a->command, "encode") == 0, prints_ir = strcmp(a->command, "ir") == 0;
    if (a->codegen_wasm) {
        return cli_usage_error(
            "--codegen-wasm: this command line has no WebAssembly engine; `build` writes the module, and "
            "`node runner/main.js run FILE --codegen-wasm` compiles and runs it",
            "");
    }
    if (a->trace_out && !a->trace) return cli_usage_error("--trace-out needs --trace", "");
    if (a->trace && !runs) return cli_usage_error("--trace is for run", "");
    if (a->out && !encodes && !builds) return cli_usage_error("--out is for build and encode", "");
    if (!a->out && (encodes || (builds && !a->wat))) return cli_usage_error(a->command, " needs --out FILE");
    if ((a->optimised || a->print_after) && !prints_ir)
        return cli_usage_error("--optimised and --print-after are for ir", "");
    if (a->level && !is_one_of(a->level, levels)) return cli_usage_error("-O takes 0, 1, 2 or s, not ", a->level);
    if (a->level && !builds && !prints_ir) return cli_usage_error("-O is for build and ir", "");
    if (a->adapter && !is_one_of(a->adapter, adapters))
        return cli_usage_error("--adapter takes jsrust or wasi, not ", a->adapter);
    if ((a->adapter || a->names || a->no_map || a->mvp || a->block_write || a->wat) && !builds)
        return cli_usage_error("--adapter, --names, --no-map, --mvp, --block-write and --wat are for build", "");
    if (a->block_write && a->adapter && strcmp(a->adapter, "jsrust") != 0)
        return cli_usage_error("--block-write is for the adapter jsrust", "");
    if ((a->steps || a->depth || a->output) && !runs)
        return cli_usage_error("--max-steps, --max-depth and --max-output are for run", "");
    return ERR_OK;
}

int cli_read_arguments(Arguments *a, int count, char **words) {
    int code = read_words(a, count, words);
    if (code != ERR_OK || a->help || a->version) return code;
    if (!a->command) return cli_usage_error("missing command", "");
    return check_together(a);
}
