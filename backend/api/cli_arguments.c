// The table of options, and what they exclude. It uses stdio and string.h, as all of the command line does.
#include "api/cli_arguments.h"

#include <stdio.h>
#include <string.h>

#include "api/cli_faults.h"
#include "support/buf.h"
#include "support/text.h"

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

// ---- values ----

// A number above 0, for sizes with K, M or G (powers of 1024).
static bool read_number(const char *text, bool suffixes, u64 *out) {
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
    u64 number;
    if (digits.len == 0 || strspn(text, "0123456789") < digits.len || !text_to_u64(digits, &number)) return false;
    return number > 0 && !mul_overflows(number, unit, out);
}

// Bits of the commands that an option is of.
enum {
    RUN = 1 << 0,
    BUILD = 1 << 1,
    ENCODE = 1 << 2,
    IR = 1 << 3,
    BYTECODE = 1 << 4,
    OTHERS = 1 << 5, // check, listing, describe
    TOOLS = 1 << 6,  // inspect, disassemble
    ANY = (1 << 7) - 1,
};

// One option. `text`, `flag` or `number` says where its value goes; `value` is what help calls it, `words` are all that it
// may be.
typedef struct Option {
    const char *name, *value;
    u32 of;
    const char **text;
    bool *flag;
    u64 *number;
    bool is_size;
    const char *const *words;
    const char *takes; // of words
} Option;

static const char takes_number[] = "a whole number from 1 up to 18446744073709551615";
static const char takes_size[] = "a number of bytes from 1 up, or of K, M or G, 18446744073709551615 bytes at most";

static bool is_one_of(const char *word, const char *const *known) {
    while (*known && strcmp(*known, word) != 0) known++;
    return *known != NULL;
}

static bool takes_value(const Option *option, const char *value) {
    if (option->number) return read_number(value, option->is_size, option->number);
    *option->text = value;
    return option->words ? is_one_of(value, option->words) : *value != 0;
}

// A word as it was typed, in quotes and cut where it is long; an allocation.
enum { QUOTED_MOST = 80 };
static void quote(Buf *out, const char *word) {
    Str text = {(const u8 *)word, (u32)strlen(word)};
    if (text.len > QUOTED_MOST) {
        for (text.len = QUOTED_MOST; text.len > 0 && (text.data[text.len] & 0xc0) == 0x80;) text.len--;
    }
    buf_json_string(out, text);
    if (word[text.len]) {
        out->len--;
        buf_text(out, "...\"");
    }
    buf_byte(out, 0);
}

// Says what is wrong with a word.
static int refuse_word(const char *before, const char *word, const char *behind) {
    Buf quoted = {0};
    quote(&quoted, word);
    int status = cli_usage_error("%s%s%s", before, quoted.failed ? "" : (const char *)quoted.data, behind);
    buf_free(&quoted);
    return status;
}

static int refuse_value(const Option *option, const char *value) {
    const char *takes = option->number  ? option->is_size ? takes_size : takes_number
                        : option->words ? option->takes
                                        : option->value;
    Buf quoted = {0};
    quote(&quoted, value);
    int status = cli_usage_error("option %s cannot be %s: it takes %s", option->name,
                                 quoted.failed ? "" : (const char *)quoted.data, takes);
    buf_free(&quoted);
    return status;
}

// ---- words ----

// Whether a word names the option, alone or, as compilers have it, with its value: `--name=value`, `-O2`.
static bool names_option(const char *word, const Option *option, const char **value) {
    size_t len = strlen(option->name);
    if (strncmp(word, option->name, len) != 0) return false;
    if (word[len] == 0) return true;
    bool is_long = option->name[1] == '-';
    if (is_long ? word[len] != '=' : option->name[1] != 'O') return false;
    *value = word + len + is_long;
    return true;
}

// Not an option; `-` alone is standard input.
static bool is_operand(const char *word) { return word[0] != '-' || word[1] == 0; }

// Which commands an option may be of, by the command's name; 0: it is none.
static u32 command_bit(const char *name) {
    static const struct {
        const char *name;
        u32 bit;
    } commands[] = {
        {"run", RUN},      {"build", BUILD},    {"encode", ENCODE},   {"ir", IR},         {"bytecode", BYTECODE},
        {"check", OTHERS}, {"listing", OTHERS}, {"describe", OTHERS}, {"inspect", TOOLS}, {"disassemble", TOOLS},
    };
    for (size_t i = 0; i < countof(commands); i++)
        if (strcmp(commands[i].name, name) == 0) return commands[i].bit;
    return 0;
}

// A word that is no option: the command, then its file, then the function of disassemble. `run` takes its file by --input.
static int read_operand(Arguments *a, const char *word) {
    if (!a->command) {
        a->command = word;
        return command_bit(word) ? ERR_OK : refuse_word("", word, " is not a command");
    }
    if (!*word) return cli_usage_error("the path of the file is empty");
    if (!a->input && strcmp(a->command, "run") == 0)
        return refuse_word("run takes its file by --input, not ", word, "");
    if (a->input && strcmp(a->command, "disassemble") == 0 && !a->function) a->function = word;
    else if (a->input) return refuse_word("one file at a time: ", word, " is too many");
    else a->input = word;
    return ERR_OK;
}

static const Option *find_option(const Option *options, size_t count, const char *word, const char **value) {
    for (size_t i = 0; i < count; i++)
        if (names_option(word, &options[i], value)) return &options[i];
    return NULL;
}

// Options may stand before the command, so whether they are of it is known at the end: `given` has a bit for each.
static int check_given(const Option *options, size_t count, u32 given, const char *command) {
    for (size_t i = 0; i < count; i++) {
        if ((given >> i & 1) && !(options[i].of & command_bit(command)))
            return cli_usage_error("option %s has no meaning for %s", options[i].name, command);
    }
    return ERR_OK;
}

static int read_words(Arguments *a, int count, char **words) {
    static const char *const levels[] = {"0", "1", "2", "s", NULL};
    static const char *const adapters[] = {"jsrust", "wasi", NULL};
    const Option options[] = {
        {"--entry", "FN", ANY, .text = &a->entry},
        {"--trace", NULL, RUN, .flag = &a->trace},
        {"--trace-out", "PATH", RUN, .text = &a->trace_out},
        {"--no-validate", NULL, ANY, .flag = &a->no_validate},
        {"--no-optimise", NULL, ANY, .flag = &a->no_optimise},
        {"--optimised", NULL, IR, .flag = &a->optimised},
        {"--print-after", "PASS", IR, .text = &a->print_after},
        {"--out", "FILE", BUILD | ENCODE, .text = &a->out},
        {"-o", "FILE", BUILD | ENCODE, .text = &a->out},
        {"-O", "LEVEL", BUILD | IR, .text = &a->level, .words = levels, .takes = "0, 1, 2 or s"},
        {"--adapter", "NAME", BUILD, .text = &a->adapter, .words = adapters, .takes = "jsrust or wasi"},
        {"--names", NULL, BUILD, .flag = &a->names},
        {"--no-map", NULL, BUILD, .flag = &a->no_map},
        {"--mvp", NULL, BUILD, .flag = &a->mvp},
        {"--block-write", NULL, BUILD, .flag = &a->block_write},
        {"--wat", NULL, BUILD, .flag = &a->wat},
        {"--codegen-wasm", NULL, ANY, .flag = &a->codegen_wasm},
        {"--max-steps", "N", RUN, .number = &a->steps},
        {"--max-depth", "N", RUN, .number = &a->depth},
        {"--max-memory", "SIZE", ANY, .number = &a->memory, .is_size = true},
        {"--max-output", "SIZE", RUN, .number = &a->output, .is_size = true},
        {"--version", NULL, ANY, .flag = &a->version},
        {"--input", "FILE", ANY, .text = &a->input},
    };
    u32 given = 0;
    for (int i = 0; i < count; i++) {
        const char *value = NULL;
        const Option *option = find_option(options, countof(options), words[i], &value);
        int code = ERR_OK;
        if (!option) {
            code = is_operand(words[i]) ? read_operand(a, words[i]) : refuse_word("option ", words[i], " is unknown");
        } else if (option->flag) {
            if (value) return cli_usage_error("option %s takes no value", option->name);
            *option->flag = true;
        } else if (!value && ++i >= count) {
            return cli_usage_error("option %s needs a value: %s", option->name, option->value);
        } else if (!takes_value(option, value ? value : words[i])) {
            return refuse_value(option, value ? value : words[i]);
        }
        if (code != ERR_OK) return code;
        if (option) given |= (u32)1 << (option - options);
    }
    return a->command && !a->version ? check_given(options, countof(options), given, a->command) : ERR_OK;
}

// What options want of each other.
static int check_together(const Arguments *a) {
    bool builds = strcmp(a->command, "build") == 0, encodes = strcmp(a->command, "encode") == 0;
    if (a->codegen_wasm) {
        return cli_usage_error(
            "--codegen-wasm: this command line has no WebAssembly engine; `build` writes the module, and "
            "`node runner/main.js run FILE --codegen-wasm` compiles and runs it");
    }
    if (!a->input) return cli_usage_error("a file is missing; `-` is standard input");
    if (a->trace_out && !a->trace) return cli_usage_error("--trace-out needs --trace");
    if (a->block_write && a->adapter && strcmp(a->adapter, "jsrust") != 0)
        return cli_usage_error("--block-write is for the adapter jsrust");
    if (!a->out && (encodes || (builds && !a->wat)))
        return cli_usage_error("option -o is missing: where the %s goes", builds ? "module" : "file");
    return ERR_OK;
}

int cli_read_arguments(Arguments *a, int count, char **words) {
    for (int i = 0; i < count && !a->help; i++)
        a->help = strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0;
    if (a->help) return ERR_OK;
    int code = read_words(a, count, words);
    if (code != ERR_OK || a->version) return code;
    if (!a->command) return cli_usage_error("a command is missing");
    return check_together(a);
}
