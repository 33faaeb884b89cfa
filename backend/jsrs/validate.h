// State shared by the validate_*.c files: one function of the module at a time (spec 6, 15). Where they give false
// without an error, memory is out.
#ifndef JSRS_VALIDATE_H
#define JSRS_VALIDATE_H

#include "jsrs/id_table.h"
#include "jsrs/jsrs.h"
#include "support/dominators.h"

typedef struct Validator {
    JsrsModule *module;
    Error *error;
    Arena scratch; // dropped at the end; what lies in it is used again by each function
    u16 *classes;  // type number -> classes it fits (type_rules.h)

    u32 function; // index of the function being checked
    JsrsFunction *f;
    JsrsBlock *blocks; // of this function
    JsrsValue *values; // of this function
    u32 block, inst;   // place being checked: index in blocks, index in the block (its count = terminator); NO_INDEX

    IdTable block_ids, value_ids;
    VEC(u32) twins; // v1: value -> the result that carries the same id, NO_INDEX; empty while no id is shared
    VEC(u32) edge_start, edges, work;
    Dominators dominators;
} Validator;

// Sets "Rule: in function f, block N: sentence" with the place in v; returns false.
bool validate_fail(Validator *v, const char *rule, const char *format, ...);

// Blocks: unique ids, edges to existing blocks with the right number of arguments. Replaces targets by indices, finds
// what is reachable and who dominates whom.
bool validate_blocks(Validator *v) MUST_CHECK;

// Values: unique ids, uses of what is defined and dominates. Replaces ids by value indices, fills values, checks that
// calls name somebody.
bool validate_ids(Validator *v) MUST_CHECK;

// The types of logical operations (9.2); with `check` also TypeMismatch, MissingReturn and InvalidOperand.
bool validate_types(Validator *v, bool check) MUST_CHECK;

#endif
