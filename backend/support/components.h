// Strongly connected components of a directed graph, after Tarjan: in time linear in its edges, without recursion.
#ifndef SUPPORT_COMPONENTS_H
#define SUPPORT_COMPONENTS_H

#include "support/arena.h"
#include "support/dominators.h"

typedef struct Components {
    u32 *nodes; // what the roots reach: a component stands together, behind all others that it leads to
    u32 count;
    u32 *number; // node -> number of its component, from 1 on; 0: nothing reaches it
} Components;

// False when memory is out.
bool components_find(Components *out, Arena *arena, const Graph *graph, const u32 *roots, u32 root_count) MUST_CHECK;

// How many nodes from out->nodes[at] on are of one component with that.
u32 components_size(const Components *components, u32 at);

#endif
