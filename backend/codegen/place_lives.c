// Liveness by following each value from its uses back to its definition, block by block: what it takes is what it finds, with
// no sets over all values. A function in which too much is alive at once is not followed to the end: then values get
// locals that they share with nobody.
#include "codegen/place_lives.h"

// ---- what reads what ----

static bool end_root(Lives *lives) {
    u32 *end = vec_place(lives->scratch, &lives->leaves_end);
    if (end) *end = lives->leaves.count;
    return end != NULL;
}

static void add_leaves(Lives *lives, IrValue value);

static void add_operand(Lives *lives, IrValue operand) {
    u8 place = lives->place[operand];
    if (place == PLACE_TREE) add_leaves(lives, operand);
    if (place != PLACE_LOCAL) return;
    u32 *leaf = vec_place(lives->scratch, &lives->leaves);
    if (leaf) *leaf = lives->resident_of[operand];
}

// Of the operands of an instruction. Recursion goes no deeper than trees are.
static void add_leaves(Lives *lives, IrValue value) {
    u32 count, *operands = ir_operands_in_place(lives->function, ir_inst(lives->function, value), &count);
    for (u32 i = 0; i < count; i++)
        if (lives->place[operands[i]] >= PLACE_TREE) add_operand(lives, operands[i]);
}

IrValue lives_param(const Lives *lives, const IrEdge *edge, u32 number) {
    return lives->function->lists.items[ir_block(lives->function, edge->target)->params + number];
}

static bool add_leaves_of_term(Lives *lives, u32 block) {
    IrTerm *term = &ir_block(lives->function, block)->term;
    if (term->value) add_operand(lives, term->value);
    for (u32 e = 0, edges = ir_edge_count(term); e < edges; e++) {
        const IrEdge *edge = ir_edge_in_place(lives->function, term, e);
        for (u32 i = 0; i < edge->arg_count; i++)
            if (lives->place[lives_param(lives, edge, i)] != PLACE_DROPPED)
                add_operand(lives, lives->function->lists.items[edge->args + i]);
    }
    lives->term_root[block] = lives->leaves_end.count;
    return end_root(lives);
}

// ---- residents ----

static Resident *resident_at(const Lives *lives, u32 number) { return &lives->residents.items[number]; }

static bool add_resident(Lives *lives, IrValue value) {
    const IrInst *inst = ir_inst(lives->function, value);
    if (inst->type == IR_VOID) return true;
    u32 number = lives->residents.count;
    lives->resident_of[value] = number;
    return vec_push(lives->scratch, &lives->residents,
                    ((Resident){.value = value,
                                .block = inst->block,
                                .web = number,
                                .local = {NO_LOCAL, NO_LOCAL},
                                .shared = {NO_LOCAL, NO_LOCAL},
                                .type = inst->type}));
}

static bool add_param(Lives *lives, IrValue value) {
    return lives->place[value] != PLACE_LOCAL || add_resident(lives, value);
}

static bool add_residents(Lives *lives) {
    const IrFunction *function = lives->function;
    if (!vec_push(lives->scratch, &lives->residents, ((Resident){.local = {NO_LOCAL, NO_LOCAL}}))) return false;
    for (u32 i = 0; i < function->param_count; i++)
        if (!add_param(lives, function->lists.items[function->params + i])) return false;
    for (u32 i = 0; i < lives->cfg->rpo_count; i++) {
        const IrBlock *block = ir_block(function, lives->cfg->rpo[i]);
        for (u32 k = 0; k < block->param_count; k++)
            if (!add_param(lives, function->lists.items[block->params + k])) return false;
        for (u32 v = block->first; v; v = function->insts.items[v].next)
            if (lives_is_root(lives, v) && !add_resident(lives, v)) return false;
    }
    return true;
}

// ---- uses and webs ----

// Of the root that was added last.
static void count_leaves(Lives *lives, u32 block) {
    for (u32 i = lives_leaves_start(lives, lives->leaves_end.count - 1); i < lives->leaves.count; i++) {
        Resident *resident = resident_at(lives, lives->leaves.items[i]);
        if (!resident->weight++) resident->weight++; // what sets it
        if (resident->block == block) continue;
        if (resident->uses && lives->users.items[resident->uses].block == block) continue;
        if (!vec_push(lives->scratch, &lives->users, ((BlockUse){block, resident->uses}))) return;
        resident->uses = lives->users.count - 1;
    }
}

u32 lives_web(Lives *lives, u32 resident) {
    Resident *all = lives->residents.items;
    while (all[resident].web != resident) resident = all[resident].web = all[all[resident].web].web;
    return resident;
}

static void join(Lives *lives, u32 argument, u32 param) {
    Resident *from = resident_at(lives, argument), *to = resident_at(lives, param);
    const u32 *order = lives->cfg->order;
    if (!from->into || order[to->block] < order[resident_at(lives, from->into)->block]) from->into = param;
    resident_at(lives, lives_web(lives, argument))->web = lives_web(lives, param);
}

static void join_edges(Lives *lives, u32 block) {
    IrTerm *term = &ir_block(lives->function, block)->term;
    for (u32 e = 0, edges = ir_edge_count(term); e < edges; e++) {
        const IrEdge *edge = ir_edge_in_place(lives->function, term, e);
        for (u32 i = 0; i < edge->arg_count; i++) {
            u32 param = lives->resident_of[lives_param(lives, edge, i)];
            u32 argument = lives->resident_of[lives->function->lists.items[edge->args + i]];
            if (!param) continue;
            resident_at(lives, param)->weight++;
            if (argument) join(lives, argument, param);
        }
    }
}

static bool find_uses(Lives *lives) {
    if (!vec_push(lives->scratch, &lives->users, (BlockUse){0})) return false;
    for (u32 i = 0; i < lives->cfg->rpo_count; i++) {
        u32 block = lives->cfg->rpo[i];
        for (u32 v = ir_block(lives->function, block)->first; v; v = lives->function->insts.items[v].next) {
            if (!lives_is_root(lives, v)) continue;
            add_leaves(lives, v);
            if (!end_root(lives)) return false;
            count_leaves(lives, block);
        }
        if (!add_leaves_of_term(lives, block)) return false;
        count_leaves(lives, block);
        join_edges(lives, block);
    }
    return !lives->scratch->failed;
}

// ---- liveness ----

static bool add_live(Lives *lives, u32 number, u32 block, bool in, bool out) {
    Live live = {number, block, lives->first_live[block], in, out};
    if (!vec_push(lives->scratch, &lives->lives, live)) return false;
    lives->first_live[block] = lives->lives.count - 1;
    return !in || vec_push(lives->scratch, &lives->work, block);
}

// Alive at the end of a block. Whatever was added of this resident stands first in the lists of its blocks.
static bool reach_end(Lives *lives, u32 number, u32 block) {
    Live *first = &lives->lives.items[lives->first_live[block]];
    if (first->resident == number) {
        first->out = true;
        return true;
    }
    return add_live(lives, number, block, block != resident_at(lives, number)->block, true);
}

static void forget(Lives *lives, u32 start) {
    while (lives->lives.count > start) {
        const Live *live = &lives->lives.items[--lives->lives.count];
        lives->first_live[live->block] = live->next;
    }
}

// Edges followed for one value at any rate; what goes beyond comes out of the function's budget.
enum { FREE_STEPS = 64 };

static bool follow(Lives *lives, u32 number, u64 *budget) {
    const u32 *start = lives->cfg->pred_start;
    u32 count = lives->lives.count;
    u64 room = *budget + FREE_STEPS;
    lives->work.count = 0;
    for (u32 use = resident_at(lives, number)->uses; use; use = lives->users.items[use].next)
        if (!add_live(lives, number, lives->users.items[use].block, true, false)) return false;
    while (lives->work.count) {
        u32 block = lives->work.items[--lives->work.count], preds = start[block + 1] - start[block];
        if (preds > room) {
            *budget = 0;
            resident_at(lives, number)->alone = true;
            forget(lives, count);
            return true;
        }
        room -= preds;
        for (u32 i = start[block]; i < start[block + 1]; i++)
            if (!reach_end(lives, number, lives->cfg->preds[i])) return false;
    }
    if (room < *budget) *budget = room;
    return true;
}

static bool find_lives(Lives *lives) {
    u64 budget = 1000000 + 16 * ((u64)lives->function->insts.count + lives->function->blocks.count);
    if (!vec_push(lives->scratch, &lives->lives, (Live){0})) return false;
    for (u32 r = 1; r < lives->residents.count; r++)
        if (!follow(lives, r, &budget)) return false;
    return true;
}

bool lives_find(Lives *lives) {
    lives->first_live = arena_new(lives->scratch, u32, lives->function->blocks.count + 1);
    lives->term_root = arena_new(lives->scratch, u32, lives->function->blocks.count + 1);
    return lives->first_live && lives->term_root && add_residents(lives) && find_uses(lives) && find_lives(lives);
}
