// See components.h. A component is open from where the search enters it until all that its first node leads to is done.
#include "support/components.h"

typedef struct Search {
    const Graph *graph;
    Components *out;
    u32 *seen, *low; // node -> number in order of discovery, 0 = not seen; the least one it leads back to
    u32 *cursor;     // node -> next edge to follow
    u32 *path, *open;
    u32 depth, open_count, last_seen, last_number;
} Search;

static void enter(Search *s, u32 node) {
    s->seen[node] = s->low[node] = ++s->last_seen;
    s->cursor[node] = s->graph->edge_start[node];
    s->path[s->depth++] = s->open[s->open_count++] = node;
}

static void close_component(Search *s, u32 first) {
    u32 node;
    s->last_number++;
    do {
        node = s->open[--s->open_count];
        s->out->number[node] = s->last_number;
        s->out->nodes[s->out->count++] = node;
    } while (node != first);
}

static void lower(u32 *low, u32 to) {
    if (to < *low) *low = to;
}

static void search_from(Search *s, u32 root) {
    if (s->seen[root]) return;
    enter(s, root);
    while (s->depth) {
        u32 node = s->path[s->depth - 1];
        if (s->cursor[node] < s->graph->edge_start[node + 1]) {
            u32 next = s->graph->edges[s->cursor[node]++];
            if (!s->seen[next]) enter(s, next);
            else if (!s->out->number[next]) lower(&s->low[node], s->seen[next]);
            continue;
        }
        if (s->low[node] == s->seen[node]) close_component(s, node);
        if (--s->depth) lower(&s->low[s->path[s->depth - 1]], s->low[node]);
    }
}

bool components_find(Components *out, Arena *arena, const Graph *graph, const u32 *roots, u32 root_count) {
    Search s = {.graph = graph, .out = out};
    *out = (Components){0};
    u32 **arrays[] = {&out->nodes, &out->number, &s.seen, &s.low, &s.cursor, &s.path, &s.open};
    for (u32 i = 0; i < countof(arrays); i++)
        if (!(*arrays[i] = arena_new(arena, u32, graph->node_count))) return false;
    for (u32 i = 0; i < root_count; i++) search_from(&s, roots[i]);
    return true;
}

u32 components_size(const Components *components, u32 at) {
    u32 end = at + 1;
    while (end < components->count &&
           components->number[components->nodes[end]] == components->number[components->nodes[at]])
        end++;
    return end - at;
}
