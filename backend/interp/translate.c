// IR to bytecode, the main path: data image, then every function that the entry reaches, then the calls between them.
#include "interp/translate.h"

// Constant data as guest memory holds it: u32 length, the bytes, aligned to 4.
static bool build_data(Translator *t) {
    const IrModule *module = t->module;
    Program *program = t->program;
    u64 size = 0;
    program->data_address = arena_new(t->arena, u32, module->data.count + 1);
    if (!program->data_address) return false;
    for (u32 i = 0; i < module->data.count; i++) {
        program->data_address[i] = (u32)(NULL_GUARD + size);
        size = (size + 4 + module->data.items[i].len + 3) & ~(u64)3;
        if (size > GUEST_SIZE_MAX / 2)
            return error_set(t->error, ERR_EXECUTE, NOWHERE, "the constant data needs more than %u bytes",
                             (u32)(GUEST_SIZE_MAX / 2));
    }
    program->data_size = (u32)size;
    program->data = arena_new(t->arena, u8, size + 1);
    if (!program->data) return false;
    for (u32 i = 0; i < module->data.count; i++) {
        Str item = module->data.items[i];
        u8 *at = program->data + program->data_address[i] - NULL_GUARD;
        mem_copy(at, &item.len, 4);
        if (item.len) mem_copy(at + 4, item.data, item.len);
    }
    return true;
}

// Starts with the words of a call, whose field for the result the entry's return reads, and a halt behind it.
static bool begin_code(Translator *t) {
    return vec_push(t->arena, &t->code, (u64)BC_CALL) && vec_push(t->arena, &t->code, 0) &&
           vec_push(t->arena, &t->code, (u64)BC_HALT);
}

static bool discover(Translator *t, u32 number) {
    if (t->program->function_of[number] != NO_INDEX) return true;
    t->program->function_of[number] = t->queue.count;
    return vec_push(t->arena, &t->queue, number);
}

static bool discover_callees(Translator *t) {
    const IrFunction *f = t->function;
    for (u32 i = 0; i < t->cfg.rpo_count; i++)
        for (u32 value = ir_block(f, t->cfg.rpo[i])->first; value; value = ir_inst(f, value)->next)
            if (ir_inst(f, value)->op == IR_OP_CALL && !discover(t, ir_inst(f, value)->args[0])) return false;
    return true;
}

// Empties what belongs to one function; its storage went with the scratch arena.
static void begin_function(Translator *t, u32 number) {
    Translator kept = *t;
    *t = (Translator){.arena = kept.arena,
                      .scratch = kept.scratch,
                      .module = kept.module,
                      .program = kept.program,
                      .error = kept.error};
    t->code = kept.code;
    t->call_fixups = kept.call_fixups;
    t->queue = kept.queue;
    t->number = number;
    t->function = &t->module->functions.items[number];
}

static bool translate_function(Translator *t, u32 number) {
    begin_function(t, number);
    u32 entry = t->code.count;
    if (!ir_cfg_build(&t->cfg, t->scratch, t->function) || !discover_callees(t)) return false;
    if (!select_function(t)) return false;
    schedule_function(t);
    if (!assign_slots(t) || !layout_function(t) || !encode_function(t)) return false;
    CodeFunction info = {
        .entry = entry, .slots = t->window + t->window_slots + 1, .source = t->function->source, .function = number};
    return vec_push(t->arena, &t->program->functions, info);
}

static bool translate_all(Translator *t) {
    if (!begin_code(t) || !discover(t, t->module->entry)) return false;
    for (u32 i = 0; i < t->queue.count; i++) {
        ArenaMark mark = arena_mark(t->scratch);
        if (!translate_function(t, t->queue.items[i])) return error_in_function(t->error, t->function->source);
        arena_rewind(t->scratch, mark);
    }
    return true;
}

static void link_calls(Translator *t) {
    for (u32 i = 0; i < t->call_fixups.count; i++) {
        u64 *word = &t->code.items[t->call_fixups.items[i] + 1];
        const CodeFunction *callee = &t->program->functions.items[t->program->function_of[(u32)*word]];
        // function number | inlined | window  becomes  entry, inlined | slots | window
        u32 inlined = (u16)(*word >> 32) << PLACE_BITS;
        *word = (*word & ~(u64)0 << 48) | (u64)callee->slots << 32 | inlined | callee->entry;
    }
}

Program *interp_translate(Arena *arena, const IrModule *module, bool traced, Error *error) {
    Arena scratch;
    arena_init(&scratch, 0);
    Program *program = arena_new(arena, Program, 1);
    Translator t = {.arena = arena, .scratch = &scratch, .module = module, .program = program, .error = error};
    bool done = false;
    if (program) {
        program->module = module;
        program->traced = traced;
        program->function_of = arena_new(arena, u32, module->functions.count);
        if (program->function_of) {
            for (u32 i = 0; i < module->functions.count; i++) program->function_of[i] = NO_INDEX;
            done = build_data(&t) && translate_all(&t);
        }
    }
    if (done) {
        link_calls(&t);
        program->code = t.code.items;
        program->code_words = t.code.count;
    } else {
        error_out_of_memory(error); // unless a limit was named before
    }
    arena_free(&scratch);
    return done ? program : NULL;
}
