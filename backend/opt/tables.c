// Slots that one block fills with constants, and that are only read behind it, become constant data: nothing is written when the
// function is entered again, and code for each element is none. Rows of numbers that a function looks things up in are such,
// and so are the values that array literals are copied from.
// Needs: addresses (opt/addresses.h). Keeps: blocks; leaves the slots to dead_code.
#include "opt/addresses.h"

enum {
    TABLE_MOST = 1024, // bytes, and what is written, of each write at most WRITE_MOST: data grow with the instructions
    WRITE_MOST = 256,
    DATA_START = 4, // of a data item, which begins with its length
    // What is done with a slot:
    READ = 1,
    WRITTEN = 2, // by more than a FILL that comes first
    UNFIT = 4    // otherwise than a table's
};

typedef struct Table {
    u32 block; // that writes it
    u32 uses;
    u32 written;
    u8 *image; // once it becomes data
    u32 data;  // the item
} Table;

typedef struct Tables {
    Pass *pass;
    IrFunction *function;
    IrCfg cfg;
    Addresses addresses;
    Table *of; // by slot
} Tables;

static Table *table_of(const Tables *t, IrValue address) {
    u32 slot = address < t->addresses.count ? t->addresses.of[address].slot : 0;
    return slot ? &t->of[slot - 1] : NULL;
}

static void note_read(Tables *t, IrValue address, u32 block) {
    Table *table = table_of(t, address);
    if (!table) return;
    table->uses |= table->block && ir_dominates(&t->cfg, table->block, block) ? READ : UNFIT;
}

// `bytes`: what is written, NULL where it is not known. A write whose place is not known lets the slot escape.
static void note_write(Tables *t, const IrInst *inst, const u8 *bytes) {
    u32 size;
    Address place = address_written(&t->addresses, inst, &size);
    if (!place.slot) return;
    Table *table = &t->of[place.slot - 1];
    bool again = table->uses & READ || (table->block && table->block != inst->block);
    table->uses |= !bytes || place.span || again ? UNFIT : WRITTEN;
    table->block = inst->block;
    table->written += size < WRITE_MOST ? size : WRITE_MOST;
    if (table->image) mem_copy(table->image + place.offset, bytes, size);
}

// The bytes of constant data that a COPY takes.
static const u8 *copied_bytes(const Tables *t, const IrInst *copy) {
    const IrInst *field = ir_inst(t->function, copy->args[1]);
    if (field->op != IR_OP_FIELD_ADDR || field->args[1] < DATA_START) return NULL;
    const IrInst *data = ir_inst(t->function, field->args[0]);
    if (data->op != IR_OP_DATA_ADDR) return NULL;
    Str bytes = t->pass->module->data.items[data->args[0]];
    u32 start = field->args[1] - DATA_START;
    return (u64)start + copy->args[2] <= bytes.len ? bytes.data + start : NULL;
}

static const u8 *stored_bytes(const Tables *t, const IrInst *store) {
    const IrInst *value = ir_inst(t->function, store->args[1]);
    return value->op == IR_OP_CONST && value->type != IR_PTR ? (const u8 *)value->args : NULL;
}

static void note_inst(Tables *t, const IrInst *inst) {
    Table *table;
    switch (inst->op) {
    case IR_OP_LOAD: note_read(t, inst->args[0], inst->block); return;
    case IR_OP_STORE: note_write(t, inst, stored_bytes(t, inst)); return;
    case IR_OP_COPY:
        note_read(t, inst->args[1], inst->block);
        note_write(t, inst, copied_bytes(t, inst));
        return;
    case IR_OP_FILL: // what it is before anything else is written
        if (!(table = table_of(t, inst->args[0]))) return;
        if (table->block) table->uses |= UNFIT;
        table->block = inst->block;
        return;
    default: return; // other uses of its address let a slot escape
    }
}

// ---- changing ----

static bool change_inst(Tables *t, IrValue value) {
    IrInst *inst = ir_inst(t->function, value);
    bool copies = inst->op == IR_OP_COPY;
    Table *from = copies ? table_of(t, inst->args[1]) : NULL;
    Table *table = table_of(t, inst->op == IR_OP_SLOT_ADDR ? value : inst->args[0]);
    if (from && from->image) {
        IrBuilder b = ir_in_front_of(t->pass->module, t->function, value);
        IrValue start = ir_emit(&b, IR_OP_FIELD_ADDR, IR_PTR, IR_VOID, inst->args[1], DATA_START, 0, 0);
        ir_inst(t->function, value)->args[1] = start;
        return start != 0;
    }
    if (!table || !table->image) return true;
    if (inst->op == IR_OP_SLOT_ADDR) {
        inst->op = IR_OP_DATA_ADDR;
        inst->args[0] = table->data;
    } else if (inst->op == IR_OP_LOAD) {
        inst->args[1] += DATA_START;
    } else if (copies || inst->op == IR_OP_STORE || inst->op == IR_OP_FILL) {
        if (inst->op != IR_OP_FILL) note_inst(t, inst);
        ir_remove(t->function, value);
    }
    return true;
}

static bool each_inst(Tables *t, bool changes) {
    for (u32 i = 0; i < t->cfg.rpo_count; i++)
        for (u32 v = ir_block(t->function, t->cfg.rpo[i])->first, next; v; v = next) {
            next = ir_inst(t->function, v)->next;
            if (!changes) note_inst(t, ir_inst(t->function, v));
            else if (!change_inst(t, v)) return false;
        }
    return true;
}

bool opt_tables(Pass *pass) {
    IrFunction *function = pass->function;
    Tables t = {.pass = pass, .function = function};
    pass->outcome = UNCHANGED;
    if (!function->slots.count) return true;
    if (!addresses_build(pass, &t.cfg, &t.addresses)) return false;
    t.of = arena_new(pass->scratch, Table, function->slots.count);
    if (!t.of || !each_inst(&t, false)) return false;
    for (u32 slot = 0; slot < function->slots.count; slot++) {
        Table *table = &t.of[slot];
        u32 size = function->slots.items[slot].size, most = TABLE_MOST + table->written;
        if (table->uses != (READ | WRITTEN) || t.addresses.slots[slot].escapes || size > most) continue;
        table->image = arena_new(pass->module->arena, u8, size);
        table->data = ir_add_data(pass->module, (Str){table->image, size});
        if (!pass_ok(pass)) return false;
        pass->outcome = CHANGED;
    }
    return (pass->outcome == UNCHANGED || each_inst(&t, true)) && pass_ok(pass);
}
