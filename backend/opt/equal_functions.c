// Of functions that do the same one is kept. Two are the same when they are written down alike with blocks and values
// numbered in the order of a walk. Copies of generic functions differ most often in types that do not show in what they do:
// where an operation does the same to signed and unsigned numbers, these are written alike, and calls of the function that
// goes get bit casts. The place of an operation belongs to it when it may trap there, since a trap must name its own.
// Callees come first (ir/call_graph.h), so calls of equal functions are equal already; calls of the function itself are, too.
// Needs: addresses (opt/addresses.h). Keeps: functions; those that nobody calls any more are left to unused_functions.
#include "opt/addresses.h"
#include "support/map.h"

enum {
    PLACES_MOST = 16, // calls that a place was inlined at and that are compared; beyond, no other place is the same
    END_OF_BLOCK = 0xff
};

// A function written down: what tells it from most others, and the words themselves when they were asked for.
typedef struct Written {
    u64 hash;
    u32 length;
    VEC(u32) words;
} Written;

typedef struct Writer {
    const Pass *pass;
    IrFunction *function;
    u32 number;      // of the function
    const u32 *kept; // function -> the equal one that is kept
    IrCfg cfg;
    Addresses addresses;
    u32 *values; // value -> its number in the walk
    u32 count;
    Written written;
    bool keeps; // the words
} Writer;

static void put(Writer *w, u32 word) {
    w->written.hash = (w->written.hash ^ word) * 0x9e3779b97f4a7c15u;
    w->written.hash ^= w->written.hash >> 32;
    w->written.length++;
    bool ok = !w->keeps || vec_push(w->pass->scratch, &w->written.words, word);
    (void)ok; // the arena remembers
}

// Numbers of 32 and 64 bits are the same bits with a sign and without.
static u32 without_sign(u32 type) { return type == IR_I32 ? IR_U32 : type == IR_I64 ? IR_U64 : type; }

static bool ignores_sign(u8 op) {
    switch (op) {
    case IR_OP_CONST:
    case IR_OP_ADD:
    case IR_OP_SUB:
    case IR_OP_MUL:
    case IR_OP_NEG:
    case IR_OP_AND:
    case IR_OP_OR:
    case IR_OP_XOR:
    case IR_OP_SHL:
    case IR_OP_EQ:
    case IR_OP_NE:
    case IR_OP_SELECT:
    case IR_OP_LOAD:
    case IR_OP_STORE:
    case IR_OP_CALL: return true;
    default: return false;
    }
}

static void put_site(Writer *w, u32 site) {
    const IrSite *sites = w->pass->module->sites.items;
    u32 depth = 0;
    for (u32 at = site; at && depth < PLACES_MOST; at = sites[at].inlined_at, depth++) {
        const u32 place[] = {sites[at].function, sites[at].block, sites[at].instruction, sites[at].offset};
        for (u32 i = 0; i < countof(place); i++) put(w, place[i]);
    }
    put(w, depth == PLACES_MOST ? site : 0);
}

static void put_params(Writer *w, u32 start, u32 count) {
    put(w, count);
    for (u32 i = 0; i < count; i++) {
        u32 param = w->function->lists.items[start + i];
        put(w, without_sign(ir_inst(w->function, param)->type));
        w->values[param] = ++w->count;
    }
}

static void put_values(Writer *w, u32 start, u32 count) {
    put(w, count);
    for (u32 i = 0; i < count; i++) put(w, w->values[w->function->lists.items[start + i]]);
}

// A call can run out of stack when it may come back to where it is.
static bool shows_place(const Writer *w, const IrInst *inst) {
    switch (inst->op) {
    case IR_OP_PRINT_DATA:
    case IR_OP_PRINT_VALUE:
    case IR_OP_FLUSH:
    case IR_OP_STEPS: return false;
    case IR_OP_CALL: return w->pass->calls->recursive[inst->args[0]];
    default: return !address_cannot_trap(&w->addresses, w->function, inst);
    }
}

static void put_inst(Writer *w, u32 value) {
    IrInst inst = *ir_inst(w->function, value);
    bool place = shows_place(w, &inst);
    if (ignores_sign(inst.op)) {
        if (inst.op == IR_OP_CONST && without_sign(inst.type) != inst.type)
            inst.args[1] = inst.type == IR_I32 ? 0 : inst.args[1], inst.args[2] = inst.args[3] = 0;
        inst.type = (u8)without_sign(inst.type);
        inst.arg_type = (u8)without_sign(inst.arg_type);
    }
    put(w, inst.op | (u32)inst.type << 8 | (u32)inst.arg_type << 16 | (u32)inst.flags << 24);
    if (inst.op == IR_OP_CALL) {
        put(w, inst.args[0] == w->number ? 0 : w->kept[inst.args[0]]);
        put_values(w, inst.args[1], inst.args[2]);
    } else {
        u32 operands = ir_shape_operands[ir_op_info[inst.op].shape];
        for (u32 i = 0; i < countof(inst.args); i++) put(w, i < operands ? w->values[inst.args[i]] : inst.args[i]);
    }
    if (place) put_site(w, inst.site);
    w->values[value] = ++w->count;
}

static void put_term(Writer *w, IrTerm *term) {
    put(w, END_OF_BLOCK | (u32)term->kind << 8 | (u32)term->trap << 16);
    put(w, w->values[term->value]);
    if (term->kind == TERM_TRAP) put_site(w, term->site);
    put(w, term->case_count);
    for (u32 i = 0; i < term->case_count; i++) {
        const IrCase *item = &w->function->cases.items[term->first_case + i];
        const u32 bits[] = {(u32)item->low, (u32)(item->low >> 32), (u32)item->high, (u32)(item->high >> 32)};
        for (u32 k = 0; k < countof(bits); k++) put(w, bits[k]);
    }
    u32 edges = ir_edge_count(term);
    for (u32 e = 0; e < edges; e++) {
        const IrEdge *edge = ir_edge_at(w->function, term, e);
        put(w, w->cfg.order[edge->target]);
        put_values(w, edge->args, edge->arg_count);
    }
}

// The function written down, in scratch memory.
static Written write_function(const Pass *pass, u32 number, const u32 *kept, bool keeps) {
    Pass own = *pass;
    own.number = number;
    own.function = &pass->module->functions.items[number];
    Writer w = {.pass = pass, .function = own.function, .number = number, .kept = kept, .keeps = keeps};
    w.values = arena_new(pass->scratch, u32, w.function->insts.count);
    if (!w.values || !addresses_build(&own, &w.cfg, &w.addresses)) return w.written;
    put(&w, without_sign(w.function->result));
    put_params(&w, w.function->params, w.function->param_count);
    put(&w, w.function->slots.count);
    for (u32 i = 0; i < w.function->slots.count; i++) {
        const IrSlot *slot = &w.function->slots.items[i];
        put(&w, slot->size);
        put(&w, slot->align << 1 | slot->no_zero);
    }
    for (u32 i = 0; i < w.cfg.rpo_count; i++) {
        IrBlock *block = ir_block(w.function, w.cfg.rpo[i]);
        put_params(&w, block->params, block->param_count);
        for (u32 v = block->first; v; v = ir_inst(w.function, v)->next) put_inst(&w, v);
        put_term(&w, &block->term);
    }
    return w.written;
}

static bool same_words(Written a, Written b) {
    return a.words.count == b.words.count && mem_equal(a.words.items, b.words.items, a.words.count * sizeof(u32));
}

// What equal functions have in common whatever the order of their blocks: found without a graph, and enough to tell most
// apart, so that few are written down. Relies on every block being reachable.
static u32 key_of(const IrFunction *function, u32 number, const u32 *kept) {
    u32 key = function->blocks.count;
    for (u32 v = 1; v < function->insts.count; v++) {
        const IrInst *inst = ir_inst(function, v);
        if (!inst->block) continue;
        u32 word = inst->args[0];
        if (inst->op == IR_OP_CALL) word = word == number ? 0 : kept[word];
        else if (inst->op != IR_OP_CONST) word = 0;
        word = (word + inst->op) * 0x9e3779b1;
        key += word ^ word >> 15;
    }
    return key;
}

// Finds out whether one that was seen before is equal. Hashes that were made to be equal cost nothing: only functions as long
// as this one are compared with it.
static bool write_and_find(const Pass *pass, Map *seen, u32 *lengths, u32 number, u32 *kept) {
    ArenaMark mark = arena_mark(pass->scratch);
    Written it = write_function(pass, number, kept, false);
    if (pass->scratch->failed) return false;
    lengths[number] = it.length;
    u32 other = map_get(seen, it.hash);
    if (other != MAP_NONE && number != pass->module->entry && lengths[other] == it.length &&
        same_words(write_function(pass, number, kept, true), write_function(pass, other, kept, true)))
        kept[number] = other;
    arena_rewind(pass->scratch, mark);
    if (other != MAP_NONE) return !pass->scratch->failed;
    return map_set(pass->scratch, seen, it.hash, number);
}

// The first of a key is written down when there is a second.
static bool visit(const Pass *pass, Map *seen, u32 *lengths, u32 number, u32 *kept) {
    u32 key = key_of(&pass->module->functions.items[number], number, kept), first = map_get(seen, key);
    if (first == MAP_NONE) return map_set(pass->scratch, seen, key, number);
    return (lengths[first] || write_and_find(pass, seen, lengths, first, kept)) &&
           write_and_find(pass, seen, lengths, number, kept);
}

// ---- calls of what goes ----

// A bit cast in front of an instruction when the value has not that type; the value itself when it has.
static IrValue cast(IrModule *module, IrFunction *function, IrValue before, IrValue value, u8 type) {
    IrBuilder b = ir_in_front_of(module, function, before);
    return ir_bitcast(&b, (IrType)type, (IrType)ir_inst(function, value)->type, value);
}

static void redirect(IrModule *module, IrFunction *function, IrValue call, u32 to) {
    const IrFunction *callee = &module->functions.items[to];
    IrInst inst = *ir_inst(function, call);
    for (u32 i = 0; i < inst.args[2]; i++) {
        u8 type = ir_inst(callee, callee->lists.items[callee->params + i])->type;
        IrValue arg = cast(module, function, call, function->lists.items[inst.args[1] + i], type);
        function->lists.items[inst.args[1] + i] = arg;
    }
    ir_inst(function, call)->args[0] = to;
    if (inst.type == callee->result) return;
    // The call's number stays that of the result.
    inst.args[0] = to;
    inst.type = (u8)callee->result;
    IrValue made = ir_insert_before(module, function, call, &inst);
    IrInst *result = ir_inst(function, call);
    result->op = IR_OP_BITCAST;
    result->arg_type = inst.type;
    result->args[0] = made;
    result->args[1] = result->args[2] = 0;
}

bool opt_equal_functions(Pass *pass) {
    IrModule *module = pass->module;
    u32 count = module->functions.count;
    IrCallGraph calls;
    if (!ir_call_graph_build(&calls, pass->scratch, module)) return false;
    Pass own = *pass;
    own.calls = &calls;
    Map seen = {0};
    u32 *kept = arena_new(pass->scratch, u32, count), *lengths = arena_new(pass->scratch, u32, count);
    if (!kept || !lengths) return false;
    for (u32 f = 1; f < count; f++) kept[f] = f;
    for (u32 i = 0; i < calls.count; i++)
        if (!visit(&own, &seen, lengths, calls.order[i], kept)) return false;
    for (u32 f = 1; f < count; f++) {
        IrFunction *function = &module->functions.items[f];
        for (u32 v = 1, end = function->insts.count; v < end; v++) {
            const IrInst *inst = ir_inst(function, v);
            if (inst->op != IR_OP_CALL || kept[inst->args[0]] == inst->args[0]) continue;
            redirect(module, function, v, kept[inst->args[0]]);
            pass->changed[f] = pass->place;
        }
    }
    return pass_ok(pass);
}
