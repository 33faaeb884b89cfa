// Blocks in the order of the dominator tree (Ramsey 2022): a block that several forward edges reach stands behind a
// `block` opened by its immediate dominator, siblings in reverse postorder; one that a single edge reaches stands where
// the edge is. What differs from the paper: blocks that leave a loop come behind its END, so that loops in a row do not
// nest; each stretch knows which block follows it, so that going there costs nothing; of two arms that need not meet,
// the light one goes into the `if` and the other one behind it, which keeps nesting logarithmic. Which labels are
// needed, and with that the depths, is only known when all is written.
#include "codegen/structure.h"

#include "codegen/structure_labels.h"
#include "support/map.h"

enum {
    NESTING_EASY = 200,      // deeper than this, arms stand in a row even where that takes a byte more
    TAIL_MANY = 0xffffffffu, // a stretch may end in several places
};

typedef enum TaskKind { TASK_REGION, TASK_ARM, TASK_ELSE, TASK_END } TaskKind;

// What is still to be written, last first. `follow` is the block that stands behind, 0 = not to be fallen into.
typedef struct Task {
    u32 kind, block, edge, follow;
} Task;

typedef struct Maker {
    Structure *out;
    Arena *arena, *scratch;
    IrFunction *function;
    const IrCfg *cfg;
    bool (*plain)(void *context, u32 block, u32 edge);
    void *context;
    // All by block.
    u32 *forward;     // edges into it that are no back edges
    u32 *inside;      // last of the blocks behind its code, each behind an END of its own, linked by `before`
    u32 *outside;     // the same behind the END of its LOOP
    u32 *before;      // the sibling that comes before it
    bool *labelled;   // it stands in such a list; else at the one edge that leads to it
    u32 *tail;        // where its stretch ends when it does not branch away: a block, 0 = nowhere, TAIL_MANY
    u32 *block_at;    // its BLOCK's place in items
    u32 *loop_at;     // its LOOP's
    u32 *jump;        // loop headers: a loop further out, to climb by in logarithmic time
    u32 *ways;        // labels that lead to it and are needed anyway: branches to it, open IFs that it follows
    u32 *way_through; // the last of the empty blocks that a branch to it can skip, itself the first; 0 = none
    bool *entered;    // its own jump is needed: control falls into it
    u32 *landing;     // 1 + edge of its dominator's SWITCH whose moves it begins with
    VEC(Task) tasks;
    u32 level, deepest; // of open labels
} Maker;

static IrTerm *term_of(const Maker *m, u32 block) { return &m->function->blocks.items[block].term; }
static const IrEdge *edge_of(const Maker *m, u32 block, u32 edge) {
    return ir_edge_at(m->function, term_of(m, block), edge);
}
static bool failed(const Maker *m) { return m->arena->failed || m->scratch->failed; }

// ---- where each block stands ----

static bool is_back_edge(const Maker *m, u32 from, u32 to) { return m->cfg->order[to] <= m->cfg->order[from]; }

// The loop around `head` (or itself) that lies `depth` deep.
static u32 loop_at_depth(const Maker *m, u32 head, u32 depth) {
    const u32 *depths = m->cfg->loop_depth;
    while (depths[head] > depth) head = depths[m->jump[head]] >= depth ? m->jump[head] : m->cfg->loop_outer[head];
    return head;
}

// An exit that only traps or returns stands best where it is taken, unless taking it is how the loop ends.
static bool is_small_exit(const Maker *m, u32 from, u32 block, u32 head) {
    const IrTerm *term = term_of(m, from);
    u8 kind = term_of(m, block)->kind;
    if (m->forward[block] != 1 || term->kind == TERM_SWITCH) return false;
    if (kind != TERM_RETURN) return kind == TERM_TRAP;
    if (from == head || term->kind != TERM_BRANCH) return false;
    return !is_back_edge(m, from, term->then.target) && !is_back_edge(m, from, term->other.target);
}

static void place(Maker *m, u32 block) {
    const IrCfg *cfg = m->cfg;
    u32 dominator = cfg->idom[block], head = cfg->loop_head[block];
    if (head == block) {
        u32 outer = cfg->loop_outer[block], far = m->jump[outer];
        bool even = cfg->loop_depth[outer] - cfg->loop_depth[far] ==
                    cfg->loop_depth[far] - cfg->loop_depth[m->jump[far]];
        m->jump[block] = even ? m->jump[far] : outer;
        head = outer;
    }
    for (u32 i = cfg->pred_start[block]; i < cfg->pred_start[block + 1]; i++)
        m->forward[block] += !is_back_edge(m, cfg->preds[i], block);
    if (dominator == 0) return;
    u32 depth = cfg->loop_depth[head]; // of the loops that the block and its dominator are in
    u32 *list = &m->inside[dominator];
    if (cfg->loop_depth[dominator] > depth) {
        u32 left = loop_at_depth(m, cfg->loop_head[dominator], depth + 1);
        if (is_small_exit(m, dominator, block, left)) return;
        list = &m->outside[left];
    } else if (m->forward[block] == 1 && term_of(m, dominator)->kind != TERM_SWITCH) {
        return;
    }
    m->labelled[block] = true;
    m->before[block] = *list;
    *list = block;
}

// A block that does nothing is skipped, when what is behind it has a label or it has only one predecessor itself.
static u32 find_way_through(const Maker *m, u32 block) {
    const IrBlock *it = ir_block(m->function, block);
    if (it->first || it->term.kind != TERM_JUMP || m->inside[block] || m->outside[block]) return 0;
    if (m->cfg->loop_head[block] == block || !m->plain(m->context, block, 0)) return 0;
    u32 target = it->term.then.target;
    if (is_back_edge(m, block, target)) return block;
    if (m->labelled[block] && !m->labelled[target]) return 0;
    return m->way_through[target] ? m->way_through[target] : block;
}

static u32 tail_of_edge(const Maker *m, u32 block, u32 target) {
    return is_back_edge(m, block, target) ? 0 : m->labelled[target] ? target : m->tail[target];
}

static u32 tail_of(const Maker *m, u32 block) {
    const IrTerm *term = term_of(m, block);
    u32 last = m->outside[block] ? m->outside[block] : m->inside[block];
    if (last) return m->tail[last];
    if (term->kind != TERM_JUMP && term->kind != TERM_BRANCH) return 0;
    u32 a = tail_of_edge(m, block, term->then.target);
    u32 b = term->kind == TERM_BRANCH ? tail_of_edge(m, block, term->other.target) : 0;
    return a == b || !b ? a : a ? TAIL_MANY : b;
}

// ---- items ----

static u32 emit(Maker *m, StructureKind kind, u32 block, u32 edge, u32 depth) {
    bool ok = vec_push(m->arena, &m->out->items,
                       ((StructureItem){.kind = (u8)kind, .block = block, .edge = edge, .depth = depth}));
    (void)ok; // arena->failed tells
    return m->out->items.count - 1;
}

static u32 open(Maker *m, StructureKind kind, u32 block) {
    if (++m->level > m->deepest) m->deepest = m->level;
    return emit(m, kind, block, 0, 0);
}

static void open_if(Maker *m, u32 block, bool negate) {
    u32 at = open(m, STRUCTURE_IF, block);
    if (!failed(m)) m->out->items.items[at].negate = negate;
}

static void later(Maker *m, TaskKind kind, u32 block, u32 edge, u32 follow) {
    bool ok = vec_push(m->scratch, &m->tasks, ((Task){kind, block, edge, follow}));
    (void)ok;
}

// The label that leads from a block to another, by its place in items.
static u32 label(Maker *m, u32 from, u32 to) {
    if (is_back_edge(m, from, to)) return m->loop_at[to];
    m->ways[to]++;
    return m->block_at[to];
}

// ---- terminators ----

typedef enum ArmKind { ARM_FALLS, ARM_JUMPS, ARM_HERE } ArmKind;

typedef struct Arm {
    ArmKind kind;
    bool plain, falls; // falls: its end may be that of the branch
    u32 from, target;  // behind empty blocks
    u32 weight;
} Arm;

// Where an edge ends up, and from which block.
static u32 skip_empty(const Maker *m, u32 *from, u32 target) {
    if (!m->way_through[target]) return target;
    *from = m->way_through[target];
    return edge_of(m, *from, 0)->target;
}

static Arm look_at_arm(Maker *m, u32 block, u32 edge, u32 follow) {
    Arm arm = {.plain = m->plain(m->context, block, edge), .from = block};
    u32 target = arm.target = skip_empty(m, &arm.from, edge_of(m, block, edge)->target);
    bool back = is_back_edge(m, arm.from, target);
    if (back || m->labelled[target]) {
        u32 last = follow;
        bool skips = follow && !m->landing[follow]; // else it begins with moves
        arm.falls = follow && target == (skips ? skip_empty(m, &last, follow) : follow);
        if (arm.falls) m->entered[follow] = true;
        arm.kind = arm.falls ? ARM_FALLS : ARM_JUMPS;
    } else {
        u32 tail = m->tail[target];
        arm.kind = ARM_HERE;
        arm.falls = tail == TAIL_MANY || (tail && tail == follow);
        arm.weight = 1 + m->cfg->dom_out[target] - m->cfg->dom_in[target];
    }
    return arm;
}

static void write_arm(Maker *m, u32 block, u32 edge, u32 follow) {
    Arm arm = look_at_arm(m, block, edge, follow);
    if (arm.kind == ARM_JUMPS) emit(m, STRUCTURE_EDGE, block, edge, label(m, arm.from, arm.target));
    else if (!arm.plain) emit(m, STRUCTURE_EDGE, block, edge, STRUCTURE_FALLS);
    if (arm.kind == ARM_HERE) later(m, TASK_REGION, arm.target, 0, follow);
}

// One arm in an `if`, behind it the other: nothing falls from the first.
static void write_if_then_on(Maker *m, u32 block, u32 edge, u32 follow) {
    open_if(m, block, edge == 1);
    later(m, TASK_ARM, block, 1 - edge, follow);
    later(m, TASK_END, 0, 0, 0);
    later(m, TASK_ARM, block, edge, 0);
}

// Both meet at its end; an arm that has nothing to do is left out.
static void write_if(Maker *m, u32 block, u32 edge, bool both, u32 follow) {
    open_if(m, block, edge == 1);
    if (follow) m->ways[follow]++;
    later(m, TASK_END, 0, 0, follow);
    if (both) {
        later(m, TASK_ARM, block, 1 - edge, follow);
        later(m, TASK_ELSE, 0, 0, 0);
    }
    later(m, TASK_ARM, block, edge, follow);
}

static void write_br_if(Maker *m, u32 block, u32 edge, const Arm *arm) {
    u32 at = emit(m, STRUCTURE_BR_IF, block, edge, label(m, arm->from, arm->target));
    if (!failed(m)) m->out->items.items[at].negate = edge == 1;
}

static void write_branch(Maker *m, u32 block, u32 follow) {
    Arm arms[2] = {look_at_arm(m, block, 0, follow), look_at_arm(m, block, 1, follow)};
    if (arms[0].plain && arms[1].plain && arms[0].target == arms[1].target) {
        emit(m, STRUCTURE_DROP, block, 0, 0);
        later(m, TASK_ARM, block, 0, follow);
        return;
    }
    for (u32 e = 0; e < 2; e++) {
        if (arms[e].kind != ARM_JUMPS || !arms[e].plain) continue;
        write_br_if(m, block, e, &arms[e]);
        later(m, TASK_ARM, block, 1 - e, follow);
        return;
    }
    for (u32 e = 0; e < 2; e++) {
        if (arms[e].kind != ARM_FALLS || !arms[e].plain) continue;
        // A branch is shorter than an `if` with its END where there is a label to branch to.
        if (arms[1 - e].kind == ARM_HERE && (m->ways[follow] || m->level > NESTING_EASY)) {
            write_br_if(m, block, e, &arms[e]);
            later(m, TASK_ARM, block, 1 - e, follow);
        } else {
            write_if(m, block, 1 - e, false, follow);
        }
        return;
    }
    u32 light = arms[1].weight < arms[0].weight;
    if (arms[0].falls != arms[1].falls && m->level <= NESTING_EASY) write_if_then_on(m, block, arms[0].falls, follow);
    else if (arms[0].falls && arms[1].falls && m->level <= NESTING_EASY) write_if(m, block, 0, true, follow);
    else write_if_then_on(m, block, light, follow);
}

// Moves of a SWITCH's edges stand behind its br_table, once for all edges that are alike: at the start of a block that
// only they reach, or behind an END of their own.
static void write_switch(Maker *m, u32 block, u32 follow) {
    u32 count = ir_edge_count(term_of(m, block)), first = m->out->depths.count, last = NO_INDEX;
    u32 *alike = arena_new(m->scratch, u32, count), *many = arena_new(m->scratch, u32, count);
    if (!alike || !many || !vec_reserve(m->arena, &m->out->depths, count)) return;
    u32 *depths = m->out->depths.items + first;
    m->out->depths.count += count;
    mem_zero(depths, count * sizeof(u32));
    Map seen = {0};
    for (u32 e = 0; e < count; e++) {
        const IrEdge *edge = edge_of(m, block, e);
        alike[e] = NO_INDEX;
        if (m->plain(m->context, block, e)) continue;
        u64 key = hash_bytes(m->function->lists.items + edge->args, edge->arg_count * sizeof(u32)) + edge->target;
        u32 other = map_get(&seen, key);
        bool found = other != MAP_NONE && ir_same_edge(m->function, edge, edge_of(m, block, other));
        alike[e] = found ? other : e;
        many[alike[e]]++;
        if (!found && !map_set(m->scratch, &seen, key, e)) return;
        if (edge->target == follow) last = alike[e];
    }
    for (u32 i = 0; i <= count; i++) { // the pad that can fall is opened first, to be closed last
        u32 e = i == 0 ? last : i - 1;
        if (e == NO_INDEX || alike[e] != e || (i > 0 && e == last)) continue;
        u32 target = edge_of(m, block, e)->target;
        if (many[e] == m->forward[target] && !is_back_edge(m, block, target)) {
            m->landing[target] = e + 1;
            depths[e] = m->block_at[target];
        } else {
            depths[e] = open(m, STRUCTURE_BLOCK, 0);
            later(m, TASK_ARM, block, e, e == last ? follow : 0);
            later(m, TASK_END, 0, 0, 0);
        }
    }
    for (u32 e = 0; e < count; e++) {
        u32 from = block, target = skip_empty(m, &from, edge_of(m, block, e)->target);
        depths[e] = alike[e] != NO_INDEX ? depths[alike[e]] : label(m, from, target);
    }
    if (ir_block(m->function, block)->first) emit(m, STRUCTURE_CODE, block, 0, 0);
    emit(m, STRUCTURE_BR_TABLE, block, 0, first);
}

// ---- the walk ----

// Opens the labels of a list of blocks that come behind, which are written later; returns the first of them.
static u32 open_blocks(Maker *m, u32 last, u32 follow) {
    for (u32 at = last; at; at = m->before[at]) {
        m->block_at[at] = open(m, STRUCTURE_BLOCK, at);
        later(m, TASK_REGION, at, 0, follow);
        later(m, TASK_END, 0, 0, 0);
        follow = at;
    }
    return follow;
}

static void write_region(Maker *m, u32 block, u32 follow) {
    if (m->labelled[block] && m->way_through[block] && !m->entered[block] && !m->landing[block]) return;
    if (m->landing[block]) emit(m, STRUCTURE_EDGE, m->cfg->idom[block], m->landing[block] - 1, STRUCTURE_FALLS);
    follow = open_blocks(m, m->outside[block], follow);
    if (m->cfg->loop_head[block] == block) {
        m->loop_at[block] = open(m, STRUCTURE_LOOP, block);
        later(m, TASK_END, 0, 0, 0);
    }
    follow = open_blocks(m, m->inside[block], follow);
    u8 kind = term_of(m, block)->kind;
    if (kind == TERM_SWITCH) {
        write_switch(m, block, follow);
        return;
    }
    if (ir_block(m->function, block)->first) emit(m, STRUCTURE_CODE, block, 0, 0);
    if (kind == TERM_JUMP) later(m, TASK_ARM, block, 0, follow);
    else if (kind == TERM_BRANCH) write_branch(m, block, follow);
    else emit(m, kind == TERM_RETURN ? STRUCTURE_RETURN : STRUCTURE_TRAP, block, 0, 0);
}

static void write_all(Maker *m) {
    later(m, TASK_REGION, 1, 0, 0);
    while (m->tasks.count && !failed(m)) {
        Task task = m->tasks.items[--m->tasks.count];
        switch ((TaskKind)task.kind) {
        case TASK_REGION: write_region(m, task.block, task.follow); break;
        case TASK_ARM: write_arm(m, task.block, task.edge, task.follow); break;
        case TASK_ELSE: emit(m, STRUCTURE_ELSE, 0, 0, 0); break;
        case TASK_END:
            if (task.follow) m->ways[task.follow]--;
            m->level--;
            emit(m, STRUCTURE_END, 0, 0, 0);
            break;
        }
    }
}

bool structure_make(Structure *out, Arena *arena, Arena *scratch, IrFunction *function, const IrCfg *cfg,
                    bool (*plain)(void *context, u32 block, u32 edge), void *context, bool *too_deep) {
    *out = (Structure){0};
    *too_deep = false;
    Maker m = {.out = out,
               .arena = arena,
               .scratch = scratch,
               .function = function,
               .cfg = cfg,
               .plain = plain,
               .context = context};
    u32 **by_block[] = {&m.forward, &m.inside, &m.outside, &m.before,  &m.tail,       &m.block_at,
                        &m.loop_at, &m.jump,   &m.ways,    &m.landing, &m.way_through};
    u32 blocks = function->blocks.count, *arrays = arena_new(scratch, u32, (size_t)blocks * countof(by_block));
    m.labelled = arena_new(scratch, bool, blocks);
    m.entered = arena_new(scratch, bool, blocks);
    if (failed(&m)) return false;
    for (u32 i = 0; i < countof(by_block); i++) *by_block[i] = arrays + (size_t)i * blocks;
    for (u32 i = 0; i < cfg->rpo_count; i++) place(&m, cfg->rpo[i]);
    for (u32 i = cfg->rpo_count; i-- > 0;) {
        u32 block = cfg->rpo[i];
        m.way_through[block] = find_way_through(&m, block);
        m.tail[block] = tail_of(&m, block);
    }
    write_all(&m);
    return !failed(&m) && structure_settle(out, function, scratch, m.deepest, too_deep);
}
