// The native command line, jsrust-backend-c (spec jsrs.md 18): the program's output on stdout, all else on stderr, the
// contract's code as exit status. What it does is in session.c; here are arguments, files and streams.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api/cli_files.h"
#include "api/cli_wasm.h"
#include "api/report.h"
#include "api/session.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "jsrs/jsrs.h"
#include "opt/pipeline.h"
#include "support/text.h"

enum { SLICE = 1 << 20 }; // steps between two looks at the output

static const char usage_line[] = "usage: jsrust-backend-c run --input FILE [options], or --help";
static const char help[] = "jsrust-backend-c: runs JSRS files (versions 1 to 3)\n"
                           "\n"
                           "  run --input FILE    run it; the program's output on stdout, then `ok exit=N` on stderr\n"
                           "  check FILE          decode and validate\n"
                           "  listing FILE        the file's own instructions\n"
                           "  describe FILE       header, sections and tables as JSON\n"
                           "  ir FILE             the internal IR\n"
                           "  bytecode FILE       what the interpreter runs\n"
                           "  encode FILE --out FILE   decode and write back\n"
                           "  inspect FILE        what a WebAssembly module consists of, as JSON\n"
                           "  disassemble FILE [INDEX]   its functions, or one of them, in the text format\n"
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
                           "  --print-after PASS  ir: after that pass (`all`: after each)\n"
                           "  -h, --help          this text\n"
                           "  --version           the version\n"
                           "\n"
                           "Exit status: 0 ok, 10 file error, 11 arguments, 20 not JSRS, 21 unknown version, 30 "
                           "invalid, 40 the program failed,\n"
                           "100 internal fault.\n";

typedef struct Arguments {
    const char *command, *input, *function, *entry, *trace_out, *out, *print_after;
    bool trace, no_validate, no_optimise, optimised, help, version;
    u64 steps, memory, output, depth;
} Arguments;

static int fail(ErrorCode code, const char *what, const char *reason) {
    fprintf(stderr, "error[%s]: %s%s%s\n", error_kind(code), what, reason ? ": " : "", reason ? reason : "");
    return (int)code;
}

// ---- arguments ----

static Str str_of(const char *text) { return (Str){(const u8 *)text, (u32)strlen(text)}; }

// A number, for sizes with K, M or G (powers of 1024).
static bool read_size(const char *text, bool suffixes, u64 *out) {
    Str digits = str_of(text);
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
    return text_to_u64(digits, &number) && number > 0 && !mul_overflows(number, unit, out);
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
        *option->text = value;
        return true;
    }
    *fault = "not a positive number after ";
    return read_size(value, option->is_size, option->number);
}

static int usage_error(const char *what, const char *which) {
    fprintf(stderr, "error[%s]: %s%s\n%s\n", error_kind(ERR_ARGS), what, which, usage_line);
    return ERR_ARGS;
}

// Whatever follows the command; `run` takes its file by --input, the others as an argument.
static int read_options(Arguments *a, int count, char **words) {
    const Option options[] = {
        {"--entry", .text = &a->entry},
        {"--trace", .flag = &a->trace},
        {"--trace-out", .text = &a->trace_out},
        {"--no-validate", .flag = &a->no_validate},
        {"--no-optimise", .flag = &a->no_optimise},
        {"--optimised", .flag = &a->optimised},
        {"--print-after", .text = &a->print_after},
        {"--out", .text = &a->out},
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
        const Option *option = NULL;
        for (size_t o = 0; o < countof(options); o++) {
            if (strcmp(words[i], options[o].name) == 0) option = &options[o];
        }
        if (option) {
            const char *fault, *value = i + 1 < count ? words[i + 1] : NULL;
            if (!apply(option, value, &fault)) return usage_error(fault, words[i]);
            i += !option->flag;
        } else if (!a->command && words[i][0] != '-') {
            a->command = words[i];
        } else if (a->command && strcmp(a->command, "run") != 0 && words[i][0] != '-' && !a->input) {
            a->input = words[i];
        } else if (a->command && strcmp(a->command, "disassemble") == 0 && !a->function) {
            a->function = words[i];
        } else {
            return usage_error("unknown argument ", words[i]);
        }
    }
    return ERR_OK;
}

// ---- commands ----

static int report_failure(Session *s) {
    Buf lines = {0};
    report_lines(s, &lines);
    fprintf(stderr, "error[%s]: %.*s\n", error_kind(s->error.code), (int)s->message.len, (const char *)s->message.data);
    if (lines.len) fwrite(lines.data, 1, lines.len, stderr);
    buf_free(&lines);
    return (int)s->error.code;
}

static bool put_out(Buf *bytes) {
    if (bytes->len == 0) return true;
    bool written = fwrite(bytes->data, 1, bytes->len, stdout) == bytes->len && fflush(stdout) == 0;
    buf_clear(bytes);
    return written;
}

static bool save_trace(Session *s, const Arguments *a, const char **fault) {
    Str trace = session_trace_text(s);
    if (a->trace_out) return file_write(a->trace_out, trace.data, trace.len, fault);
    if (trace.len) fwrite(trace.data, 1, trace.len, stderr);
    return true;
}

static int command_run(Session *s, const Arguments *a) {
    if (session_start(s, str_of(a->entry ? a->entry : "")) != ERR_OK) return report_failure(s);
    RunState state;
    do {
        state = session_resume(s, SLICE);
        if (!put_out(session_output(s))) return fail(ERR_IO, "cannot write the output", strerror(errno));
    } while (state == RUN_BUDGET);
    const char *fault = NULL;
    bool saved = !a->trace || save_trace(s, a, &fault);
    int code = s->error.code == ERR_OK ? ERR_OK : report_failure(s);
    if (!saved) {
        int io = fail(ERR_IO, a->trace_out, fault);
        return code == ERR_OK ? io : code;
    }
    if (code != ERR_OK) return code;
    if (s->has_exit_value) {
        fprintf(stderr, "ok exit=%lld\n", (long long)s->exit_value);
    } else {
        fprintf(stderr, "ok\n");
    }
    return code;
}

static int print_text(Session *s, u32 which) {
    ErrorCode code = session_text(s, which);
    if (code != ERR_OK) {
        fprintf(stderr, "error[%s]: %.*s\n", error_kind(code), (int)s->text.len, (const char *)s->text.data);
        return (int)code;
    }
    return put_out(&s->text) ? ERR_OK : fail(ERR_IO, "cannot write the text", strerror(errno));
}

// The IR after chosen passes, verified after each.
static int print_passes(Session *s, const char *pass) {
    Arena arena = {0};
    IrModule ir = {0};
    Error error;
    error_clear(&error);
    Buf text = {0};
    OptOptions options = {.verify = ir_verify, .print_after = pass, .print_to = &text};
    bool made = session_lower(s, &ir, &arena, false, &options, &error);
    int code = made && text.len == 0 ? fail(ERR_ARGS, "no pass is called", pass) : ERR_OK;
    if (!put_out(&text)) code = fail(ERR_IO, "cannot write the text", strerror(errno));
    if (!made) {
        fprintf(stderr, "error[%s]: %.*s\n", error_kind(error.code), (int)error.message_len, error.message);
        code = (int)error.code;
    }
    buf_free(&text);
    arena_free(&arena);
    return code;
}

static int command_ir(Session *s, const Arguments *a) {
    s->entry = str_of(a->entry ? a->entry : "");
    if (a->print_after) return print_passes(s, a->print_after);
    return print_text(s, a->optimised ? TEXT_IR_OPTIMISED : TEXT_IR);
}

static int command_bytecode(Session *s, const Arguments *a) {
    s->entry = str_of(a->entry ? a->entry : "");
    return print_text(s, TEXT_BYTECODE);
}

static int command_listing(Session *s, const Arguments *a) {
    (void)a;
    return print_text(s, TEXT_LISTING);
}

static int command_describe(Session *s, const Arguments *a) {
    (void)a;
    return print_text(s, TEXT_MODULE);
}

static int command_check(Session *s, const Arguments *a) {
    (void)s, (void)a;
    fprintf(stderr, "ok\n");
    return ERR_OK;
}

static int command_encode(Session *s, const Arguments *a) {
    Buf bytes = {0};
    const char *fault;
    int code = ERR_OK;
    if (!jsrs_encode(&s->module, &bytes, &s->error)) {
        code = fail(s->error.code, "cannot encode", NULL);
    } else if (!file_write(a->out, bytes.data, bytes.len, &fault)) {
        code = fail(ERR_IO, a->out, fault);
    }
    buf_free(&bytes);
    return code;
}

typedef int Command(Session *s, const Arguments *a);

static Command *find_command(const char *name) {
    static const struct {
        const char *name;
        Command *command;
    } commands[] = {
        {"run", command_run},           {"check", command_check}, {"listing", command_listing},
        {"describe", command_describe}, {"ir", command_ir},       {"bytecode", command_bytecode},
        {"encode", command_encode},
    };
    for (size_t i = 0; i < countof(commands); i++) {
        if (strcmp(commands[i].name, name) == 0) return commands[i].command;
    }
    return NULL;
}

// ---- main ----

static void set_options(Session *s, const Arguments *a) {
    s->options[OPTION_STEPS] = a->steps;
    s->options[OPTION_MEMORY] = a->memory;
    s->options[OPTION_OUTPUT] = a->output;
    s->options[OPTION_DEPTH] = a->depth;
    s->options[OPTION_VALIDATE] = !a->no_validate;
    s->options[OPTION_OPTIMISE] = !a->no_optimise;
    s->options[OPTION_TRACE] = a->trace ? TRACE_TEXT : 0;
}

// Loads the file and carries out the command on it.
static int carry_out(Command *command, const Arguments *a) {
    u8 *data;
    u32 len;
    const char *fault;
    if (!file_read(a->input, &data, &len, &fault)) return fail(ERR_IO, a->input, fault);
    Session session;
    session_init(&session);
    set_options(&session, a);
    ErrorCode code = session_load(&session, (Str){data, len});
    int status = code == ERR_OK ? command(&session, a) : report_failure(&session);
    session_reset(&session);
    file_free(data);
    return status;
}

int main(int argc, char **argv) {
    Arguments a = {0};
    int code = read_options(&a, argc - 1, argv + 1);
    if (code != ERR_OK) return code;
    if (a.help) return fputs(help, stdout) < 0 ? ERR_IO : ERR_OK;
    if (a.version) return puts("jsrust-backend-c 0.1.0") < 0 ? ERR_IO : ERR_OK;
    if (!a.command) return usage_error("missing command", "");
    bool inspects = strcmp(a.command, "inspect") == 0, disassembles = strcmp(a.command, "disassemble") == 0;
    if ((inspects || disassembles) && !a.input) return usage_error("missing FILE", "");
    if (inspects) return cli_inspect(a.input);
    if (disassembles) return cli_disassemble(a.input, a.function);
    Command *command = find_command(a.command);
    if (!command) return usage_error("unknown command ", a.command);
    if (!a.input) return usage_error(command == command_run ? "missing --input FILE" : "missing FILE", "");
    if (a.trace_out && !a.trace) return usage_error("--trace-out needs --trace", "");
    if ((a.trace || a.trace_out) && command != command_run) return usage_error("--trace is for run", "");
    if ((command == command_encode) != (a.out != NULL))
        return usage_error("encode, and nothing else, takes --out FILE", "");
    return carry_out(command, &a);
}
