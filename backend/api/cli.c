// The native command line, jsrust-backend-c (spec jsrs.md 18): the program's output on stdout, all else on stderr, the
// contract's code as exit status. What it does is in session.c; here are arguments, files and streams.
#define _XOPEN_SOURCE 700
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "api/cli_arguments.h"
#include "api/cli_faults.h"
#include "api/cli_files.h"
#include "api/cli_wasm.h"
#include "api/report.h"
#include "api/session.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "jsrs/jsrs.h"
#include "opt/pipeline.h"
#include "support/version.h"

enum { SLICE = 1 << 20 }; // steps between two looks at the output

static Str str_of(const char *text) { return (Str){(const u8 *)text, (u32)strlen(text)}; }

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
        if (!put_out(session_output(s))) return cli_unprinted();
    } while (state == RUN_BUDGET);
    const char *fault = NULL;
    bool saved = !a->trace || save_trace(s, a, &fault);
    int code = s->error.code == ERR_OK ? ERR_OK : report_failure(s);
    if (!saved) {
        int io = cli_unwritten(a->trace_out, fault);
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
    return put_out(&s->text) ? ERR_OK : cli_unprinted();
}

static bool has_pass(OptLevel level, const char *pass) {
    for (u32 i = 0; i < opt_pass_count(level); i++)
        if (strcmp(pass, "all") == 0 || strcmp(pass, opt_pass_name(level, i)) == 0) return true;
    return false;
}

// How many passes of the level before the number `end` have the name.
static u32 count_named(OptLevel level, const char *name, u32 end) {
    u32 count = 0;
    for (u32 i = 0; i < end; i++) count += strcmp(name, opt_pass_name(level, i)) == 0;
    return count;
}

// The runner says the same (runner/node/passes.js).
static int refuse_pass(const char *pass, OptLevel level) {
    static const char *const names[] = {"the interpreter", "level O0", "level O1", "level O2", "level Os"};
    Buf list = {0};
    bool known = false;
    for (u32 each = OPT_O0; each <= OPT_OS; each++) known = known || has_pass((OptLevel)each, pass);
    for (u32 i = 0; i < opt_pass_count(level); i++) {
        const char *name = opt_pass_name(level, i);
        if (count_named(level, name, i) == 0) buf_format(&list, "%s%s", i ? ", " : "", name);
    }
    fprintf(stderr, "error[%s]: ", error_kind(ERR_ARGS));
    if (!known) fprintf(stderr, "no level has a pass \"%s\"\n", pass);
    else if (!list.len) fprintf(stderr, "%s runs no passes\n", names[level]);
    else fprintf(stderr, "%s has no pass \"%s\": it has %.*s\n", names[level], pass, (int)list.len, (char *)list.data);
    buf_free(&list);
    return ERR_ARGS;
}

// The functions as they are after the first `count` passes of a level, verified after each.
static bool put_functions(Session *s, OptLevel level, u32 count, Buf *out, Error *error) {
    Arena arena = {0};
    IrModule ir = {0};
    OptOptions options = {.verify = ir_verify, .level = level, .pass_limit = count};
    bool made = session_lower(s, &ir, &arena, (LowerOptions){0}, &options, error);
    for (u32 f = 1; f < ir.functions.count && made; f++) {
        if (f > 1) buf_byte(out, '\n');
        ir_print_function(out, &ir, f);
    }
    arena_free(&arena);
    return made;
}

// The functions after each pass of that name. A pass goes through a stretch of the table function by function, but the rows
// of the table are what the page and the runner count: so each is shown by a run that goes no further.
static int print_passes(Session *s, const char *pass, OptLevel level) {
    if (!has_pass(level, pass)) return refuse_pass(pass, level);
    Error error;
    error_clear(&error);
    Buf text = {0};
    u32 count = opt_pass_count(level);
    int code = ERR_OK;
    for (u32 i = 0, shown = 0; i < count && code == ERR_OK; i++) {
        const char *name = opt_pass_name(level, i);
        if (strcmp(pass, "all") != 0 && strcmp(pass, name) != 0) continue;
        buf_format(&text, "%safter %s", shown++ ? "\n" : "", name);
        if (count_named(level, name, count) > 1) buf_format(&text, " (%u)", count_named(level, name, i + 1));
        buf_text(&text, ":\n");
        if (!put_functions(s, level, i + 1, &text, &error)) {
            fprintf(stderr, "error[%s]: %.*s\n", error_kind(error.code), (int)error.message_len, error.message);
            code = (int)error.code;
        } else if (!put_out(&text)) {
            code = cli_unprinted();
        }
    }
    buf_free(&text);
    return code;
}

static int command_ir(Session *s, const Arguments *a) {
    s->entry = str_of(a->entry ? a->entry : "");
    OptLevel level = a->level ? (OptLevel)(OPT_O0 + s->options[OPTION_LEVEL]) : OPT_INTERP;
    if (a->print_after) return print_passes(s, a->print_after, a->level || a->optimised ? level : OPT_O1);
    if (!a->optimised && !a->level) return print_text(s, TEXT_IR);
    s->options[OPTION_PASS] = UINT32_MAX;
    return print_text(s, a->level ? TEXT_IR_AFTER : TEXT_IR_OPTIMISED);
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
        code = cli_fail(s->error.code, "cannot encode");
    } else if (!file_write(a->out, bytes.data, bytes.len, &fault)) {
        code = cli_unwritten(a->out, fault);
    }
    buf_free(&bytes);
    return code;
}

static int command_build(Session *s, const Arguments *a) {
    if (session_compile(s, str_of(a->entry ? a->entry : "")) != ERR_OK) return report_failure(s);
    return cli_write_module((Str){s->wasm.data, (u32)s->wasm.len}, a->out, a->wat);
}

typedef int Command(Session *s, const Arguments *a);

static Command *find_command(const char *name) {
    static const struct {
        const char *name;
        Command *command;
    } commands[] = {
        {"run", command_run},           {"check", command_check}, {"listing", command_listing},
        {"describe", command_describe}, {"ir", command_ir},       {"bytecode", command_bytecode},
        {"encode", command_encode},     {"build", command_build},
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
    if (a->level) s->options[OPTION_LEVEL] = a->level[0] == 's' ? OPT_OS - OPT_O0 : (u64)(a->level[0] - '0');
    s->options[OPTION_ADAPTER] = a->adapter && a->adapter[0] == 'w';
    s->options[OPTION_CODEGEN] = (a->names ? CODEGEN_NAMES : 0) | (a->no_map ? 0 : CODEGEN_MAP) |
                                 (a->block_write ? CODEGEN_BLOCK_WRITE : 0) | (a->mvp ? CODEGEN_MVP : 0);
}

// Loads the file and carries out the command on it.
static int carry_out(Command *command, const Arguments *a) {
    u8 *data;
    u32 len;
    const char *fault;
    if (!file_read(a->input, &data, &len, &fault)) return cli_unread(a->input, fault);
    Session session;
    session_init(&session);
    set_options(&session, a);
    ErrorCode code = session_load(&session, (Str){data, len});
    int status = code == ERR_OK ? command(&session, a) : report_failure(&session);
    session_reset(&session);
    file_free(data);
    return status;
}

// Where may be written to: not over the file that is read, to standard output only what is asked for there, and to a
// terminal only text.
static int check_outputs(const Arguments *a) {
    const char *out = a->out ? a->out : "-", *trace = a->trace_out ? a->trace_out : "-";
    if (file_replaces(out, a->input)) return cli_fail(ERR_ARGS, "option -o would replace what is read: %s", a->input);
    if (file_replaces(trace, a->input))
        return cli_fail(ERR_ARGS, "option --trace-out would replace what is read: %s", a->input);
    if (a->trace_out && file_is_stream(trace))
        return cli_fail(ERR_ARGS, "option --trace-out cannot be -: stdout is for the program's output");
    if (a->out && !a->wat && file_is_terminal(out))
        return cli_fail(ERR_ARGS, "option -o cannot be a terminal, as this is no text: %s", out);
    return ERR_OK;
}

static int print_plain(const char *text) {
    return fputs(text, stdout) < 0 || fflush(stdout) != 0 ? cli_unprinted() : ERR_OK;
}

int main(int argc, char **argv) {
    signal(SIGXFSZ, SIG_IGN); // a file that grows past its limit is an error as others are, and no half of it stays
    Arguments a = {0};
    int code = cli_read_arguments(&a, argc - 1, argv + 1);
    if (code != ERR_OK) return code;
    if (a.help) return print_plain(cli_help);
    if (a.version) return print_plain("jsrust-backend-c " PROJECT_VERSION "\n");
    bool inspects = strcmp(a.command, "inspect") == 0, disassembles = strcmp(a.command, "disassemble") == 0;
    Command *command = find_command(a.command);
    code = check_outputs(&a);
    if (code != ERR_OK) return code;
    if (inspects) return cli_inspect(a.input);
    if (disassembles) return cli_disassemble(a.input, a.function);
    return carry_out(command, &a);
}
