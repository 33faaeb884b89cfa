// The walk keeps the place in the list and the place in the graph, and asks for each item whether the graph agrees.
// Blocks without code and edges without moves are not in the list: the graph's side catches up over them.
#include "structure_walk.h"

#include <stdlib.h>

static const char *const kinds[] = {"block", "loop",  "end",  "code",     "if",     "else",
                                    "edge",  "br_if", "drop", "br_table", "return", "trap"};

static bool opens(const StructureItem *item) {
    return item->kind == STRUCTURE_BLOCK || item->kind == STRUCTURE_LOOP || item->kind == STRUCTURE_IF;
}

static void put_depth(Buf *out, u32 depth) {
    if (depth == STRUCTURE_FALLS) buf_text(out, " falls");
    else buf_format(out, " %u", depth);
}

void structure_print(Buf *out, const Structure *structure, const IrFunction *function) {
    u32 indent = 0;
    for (u32 i = 0; i < structure->items.count; i++) {
        const StructureItem *item = &structure->items.items[i];
        bool closes = item->kind == STRUCTURE_END || item->kind == STRUCTURE_ELSE;
        indent -= closes;
        for (u32 k = 0; k < indent; k++) buf_text(out, "  ");
        buf_format(out, "%s", kinds[item->kind]);
        if (!closes && item->kind != STRUCTURE_BLOCK) buf_format(out, " %u", item->block);
        if (item->negate) buf_text(out, " not");
        if (item->kind == STRUCTURE_EDGE) buf_format(out, ".%u", item->edge);
        if (item->kind == STRUCTURE_EDGE || item->kind == STRUCTURE_BR_IF) put_depth(out, item->depth);
        if (item->kind == STRUCTURE_RETURN && item->depth == STRUCTURE_FALLS) put_depth(out, item->depth);
        if (item->kind == STRUCTURE_BR_TABLE) {
            u32 count = ir_edge_count(&ir_block(function, item->block)->term);
            for (u32 k = 0; k < count; k++) put_depth(out, structure->depths.items[item->depth + k]);
        }
        buf_text(out, "\n");
        indent += opens(item) || item->kind == STRUCTURE_ELSE;
    }
}

bool structure_plain(void *context, u32 block, u32 edge) {
    IrFunction *function = context;
    return ir_edge_at(function, &ir_block(function, block)->term, edge)->arg_count == 0;
}

// ---- the list by itself ----

// For each item that opens a label, its END; for each IF with an ELSE and for each ELSE, the other in `elses`.
typedef struct Ends {
    u32 *end, *elses, *stack;
} Ends;

static void ends_free(Ends *ends) { free(ends->end), free(ends->elses), free(ends->stack); }

static const char *find_ends(Ends *ends, const Structure *structure) {
    u32 count = structure->items.count, depth = 0;
    ends->end = calloc(count, sizeof(u32));
    ends->elses = calloc(count, sizeof(u32));
    ends->stack = calloc(count, sizeof(u32));
    const StructureItem *items = structure->items.items;
    for (u32 i = 0; i < count; i++) {
        if (opens(&items[i])) {
            ends->stack[depth++] = i;
        } else if (items[i].kind == STRUCTURE_ELSE) {
            if (!depth || items[ends->stack[depth - 1]].kind != STRUCTURE_IF) return "else without if";
            u32 start = ends->stack[depth - 1];
            if (ends->elses[start]) return "two elses";
            ends->elses[start] = i;
            ends->elses[i] = start;
        } else if (items[i].kind == STRUCTURE_END) {
            if (!depth) return "end without a label";
            ends->end[ends->stack[--depth]] = i;
        }
    }
    return depth ? "label without an end" : NULL;
}

// Where control is when it comes to `at`: past ENDs, and from the end of an arm past the other.
static u32 arrive(const Ends *ends, const Structure *structure, u32 at) {
    for (; at < structure->items.count; at++) {
        u8 kind = structure->items.items[at].kind;
        if (kind == STRUCTURE_ELSE) at = ends->end[ends->elses[at]];
        else if (kind != STRUCTURE_END) break;
    }
    return at;
}

static const char *check_label(const Structure *structure, const Ends *ends, u32 open, u32 depth, u32 next,
                               bool *used) {
    if (depth >= open) return "branch out of the function";
    u32 label = ends->stack[open - 1 - depth];
    used[label] = true;
    if (structure->items.items[label].kind == STRUCTURE_LOOP) return NULL;
    if (next != NO_INDEX && arrive(ends, structure, ends->end[label]) == arrive(ends, structure, next))
        return "branch to what follows anyway";
    return NULL;
}

static const char *check_labels(const Structure *structure, const IrFunction *function, const Ends *ends, bool *used) {
    const StructureItem *items = structure->items.items;
    u32 open = 0;
    const char *wrong = NULL;
    for (u32 i = 0; i < structure->items.count && !wrong; i++) {
        const StructureItem *item = &items[i];
        u32 after = i + 1 < structure->items.count ? items[i + 1].kind : STRUCTURE_END;
        if (opens(item)) ends->stack[open++] = i;
        else if (item->kind == STRUCTURE_END) open--;
        if (item->kind == STRUCTURE_IF && ends->end[i] == i + 1) wrong = "empty if";
        if (item->kind == STRUCTURE_IF && ends->elses[i] == i + 1) wrong = "empty arm";
        if (item->kind == STRUCTURE_ELSE && after == STRUCTURE_END) wrong = "empty else";
        if (item->kind == STRUCTURE_BR_IF || (item->kind == STRUCTURE_EDGE && item->depth != STRUCTURE_FALLS))
            wrong = check_label(structure, ends, open, item->depth, i + 1, used);
        if (item->kind != STRUCTURE_BR_TABLE) continue;
        for (u32 k = 0, n = ir_edge_count(&ir_block(function, item->block)->term); k < n && !wrong; k++)
            wrong = check_label(structure, ends, open, structure->depths.items[item->depth + k], NO_INDEX, used);
    }
    for (u32 i = 0; i < structure->items.count && !wrong; i++)
        if ((items[i].kind == STRUCTURE_BLOCK || items[i].kind == STRUCTURE_LOOP) && !used[i])
            wrong = "label without use";
    return wrong;
}

const char *structure_check(const Structure *structure, const IrFunction *function) {
    Ends ends;
    bool *used = calloc(structure->items.count, 1);
    const char *wrong = find_ends(&ends, structure);
    if (!wrong) wrong = check_labels(structure, function, &ends, used);
    free(used);
    ends_free(&ends);
    return wrong;
}

// ---- walking ----

typedef struct Walk {
    IrFunction *function;
    u64 state;
    u32 block; // where the graph is, 0 = on the way along `edge` of `from`
    u32 from, edge;
    bool moved, coded; // the edge's moves, the block's code have been seen
    const char *wrong;
} Walk;

static IrTerm *term_of(const Walk *w, u32 block) { return &ir_block(w->function, block)->term; }

static bool fail(Walk *w, const char *what) {
    if (!w->wrong) w->wrong = what;
    return false;
}

static u32 chance(Walk *w, u32 limit) {
    w->state ^= w->state << 13, w->state ^= w->state >> 7, w->state ^= w->state << 17;
    return (u32)(w->state >> 32) % limit;
}

static bool leave(Walk *w, u32 edge) {
    if (ir_block(w->function, w->block)->first && !w->coded) return fail(w, "a block's code was left out");
    w->from = w->block, w->edge = edge, w->block = 0, w->moved = false;
    return true;
}

// Lets the graph catch up to `block`.
static bool reach(Walk *w, u32 block) {
    while (w->block != block) {
        if (w->block) {
            if (term_of(w, w->block)->kind != TERM_JUMP) return fail(w, "another block than the graph's");
            if (!leave(w, 0)) return false;
        }
        if (!w->moved && !structure_plain(w->function, w->from, w->edge)) return fail(w, "moves were left out");
        w->block = ir_edge_at(w->function, term_of(w, w->from), w->edge)->target;
        w->coded = false;
    }
    return true;
}

// Edges of a SWITCH that move the same to the same place share their moves.
static bool alike(const Walk *w, u32 block, u32 a, u32 b) {
    const IrEdge *x = ir_edge_at(w->function, term_of(w, block), a), *y = ir_edge_at(w->function, term_of(w, block), b);
    const u32 *items = w->function->lists.items;
    if (a == b || x->arg_count == 0) return x->target == y->target;
    return x->target == y->target && mem_equal(items + x->args, items + y->args, x->arg_count * sizeof(u32));
}

// An EDGE item: of the edge being gone, or of a block that only jumps. Where such a block does nothing at all, others that
// go to the same place may fall into it; where they get to is seen later.
static bool go_along(Walk *w, const StructureItem *item) {
    const IrBlock *block = ir_block(w->function, item->block);
    if (!block->first && block->term.kind == TERM_JUMP && structure_plain(w->function, item->block, 0)) return true;
    if (w->block == 0 && w->from == item->block && alike(w, item->block, w->edge, item->edge)) {
        if (w->moved) return fail(w, "moves twice");
    } else {
        if (!reach(w, item->block)) return false;
        if (term_of(w, item->block)->kind != TERM_JUMP) return fail(w, "an edge that was not chosen");
        if (!leave(w, item->edge)) return false;
    }
    w->moved = true;
    return true;
}

// The branch that `depth` means: the place to go on at.
static u32 jump(const Structure *structure, const Ends *ends, u32 *open, u32 depth) {
    *open -= depth;
    u32 label = ends->stack[*open - 1];
    if (structure->items.items[label].kind == STRUCTURE_LOOP) return label + 1;
    return ends->end[label]; // which takes it off the stack
}

static bool choose(Walk *w, const StructureItem *item, u32 *edge) {
    if (!reach(w, item->block)) return false;
    const IrTerm *term = term_of(w, item->block);
    if (term->kind != (item->kind == STRUCTURE_BR_TABLE ? TERM_SWITCH : TERM_BRANCH))
        return fail(w, "wrong terminator");
    *edge = item->kind == STRUCTURE_DROP ? 0 : chance(w, ir_edge_count(term));
    return leave(w, *edge);
}

static const char *walk(Walk *w, const Structure *structure, const Ends *ends, u32 steps) {
    const StructureItem *items = structure->items.items;
    u32 open = 0, edge, at = 0;
    w->block = 1;
    while (!w->wrong && steps-- > 0) {
        if (at >= structure->items.count) return "ran off the end";
        const StructureItem *item = &items[at++];
        switch ((StructureKind)item->kind) {
        case STRUCTURE_BLOCK:
        case STRUCTURE_LOOP: ends->stack[open++] = at - 1; break;
        case STRUCTURE_END: open--; break;
        case STRUCTURE_ELSE: at = ends->end[ends->elses[at - 1]]; break;
        case STRUCTURE_CODE:
            if (reach(w, item->block) && w->coded) fail(w, "code twice");
            w->coded = true;
            break;
        case STRUCTURE_IF:
            if (!choose(w, item, &edge)) break;
            ends->stack[open++] = at - 1;
            if (edge != item->negate) at = ends->elses[at - 1] ? ends->elses[at - 1] + 1 : ends->end[at - 1];
            break;
        case STRUCTURE_BR_IF:
            if (!choose(w, item, &edge)) break;
            if (item->edge != item->negate) fail(w, "br_if of the other edge");
            if (edge == item->edge) at = jump(structure, ends, &open, item->depth);
            break;
        case STRUCTURE_DROP: choose(w, item, &edge); break;
        case STRUCTURE_BR_TABLE:
            if (choose(w, item, &edge)) at = jump(structure, ends, &open, structure->depths.items[item->depth + edge]);
            break;
        case STRUCTURE_EDGE:
            if (go_along(w, item) && item->depth != STRUCTURE_FALLS) at = jump(structure, ends, &open, item->depth);
            break;
        case STRUCTURE_RETURN:
        case STRUCTURE_TRAP: {
            u8 kind = item->kind == STRUCTURE_RETURN ? TERM_RETURN : TERM_TRAP;
            if (reach(w, item->block) && term_of(w, item->block)->kind != kind) fail(w, "wrong terminator");
            if (!w->wrong) leave(w, 0);
            return w->wrong;
        }
        }
    }
    return w->wrong;
}

const char *structure_walk(const Structure *structure, IrFunction *function, u64 seed, u32 steps) {
    Ends ends;
    const char *wrong = find_ends(&ends, structure);
    Walk w = {.function = function, .state = seed * 2 + 1};
    if (!wrong) wrong = walk(&w, structure, &ends, steps);
    ends_free(&ends);
    return wrong;
}
