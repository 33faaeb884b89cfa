// What the parts of the generator of random modules (random_ir.c) share: chance, the values that may be used at the place
// where code is added, and the kinds of statements. All choices come from one stream of numbers, in one order.
#ifndef TESTS_RANDOM_MAKER_H
#define TESTS_RANDOM_MAKER_H

#include "ir/build.h"

enum {
    POOL = 24,
    ROWS = 10,
    FUNCTIONS = 4,
    HELPERS = 6, // small functions after these
    PARAMS = 40,
    SLOTS = 5,
    SLOT_BYTES = 32,
    BIG_BYTES = 240,
    STATIC_COUNT = 9, // elements of the row that stands in the frame
    NOISE_BYTES = 400,
    NEAR_LENGTH = 256 // most elements of the row whose elements are near one another
};

typedef struct Pool {
    IrValue values[POOL];
    u32 count;
} Pool;

// A row pointer, perhaps moved, perhaps freed meanwhile, perhaps null. All heap rows of a module have elements of one
// size: so what a stale pointer reaches lies in one row, whose header's addresses nobody sees.
typedef struct Row {
    IrValue pointer;
    u32 guess; // how many elements it may have
    bool heap; // it says itself; otherwise STATIC_COUNT
} Row;

typedef struct Pools {
    Pool of[IR_TYPE_COUNT];
    Row rows[ROWS];
    u32 row_count;
} Pools;

typedef struct Signature {
    IrType params[PARAMS]; // PTR: to SLOT_BYTES bytes of numbers
    u32 param_count;
    IrType result;
    bool recursive; // params[0] is an i32 that counts down
    bool ignored;   // nobody uses its result
} Signature;

// What a module is mostly about.
typedef enum Profile {
    PROFILE_PLAIN,
    PROFILE_ROWS,  // heap and frame rows, moved pointers
    PROFILE_GRAPH, // irreducible cycles, switches
    PROFILE_DEEP,  // nesting
    PROFILE_WIDE,  // 128 bits
    PROFILE_FLOAT,
    PROFILE_CROWD, // more values alive than one byte counts
    PROFILE_COUNT
} Profile;

typedef struct Maker {
    u64 state;
    IrModule *module;
    IrBuilder b;
    Profile profile;
    bool moves;  // row pointers are moved
    bool sweeps; // there are loops over rows
    bool later;  // the stories of random_reuse.c and what came after it
    bool newer;  // those of random_bits.c and what came after it
    u32 signs;   // which numbers lose theirs in the second functions of pairs
    u32 element; // bytes of an element of a row
    u32 data_count;
    u32 noise;                                 // data item of NOISE_BYTES, 0 = none
    Signature signatures[FUNCTIONS + HELPERS]; // those of the helpers last
    u32 function, function_count, helper_count;
    IrValue params[PARAMS]; // a helper's
    u32 join;               // how it joins what it returns with its result, mostly
    bool slotless;
    u32 instruction;  // number of the next site
    u32 budget;       // statements this function may still get
    u32 slots[SLOTS]; // the last holds only bools, the one before only pointers
    u32 big_slot, row_slot, near_slot;
    Pools pools;
    u32 self_calls; // that this function may still get
    IrValue fuel;   // its first parameter, when it is recursive
} Maker;

// ---- chance (random_values.c) ----

u32 random_u32(Maker *m);
u32 random_below(Maker *m, u32 limit);
bool random_one_in(Maker *m, u32 n);
IrType random_type(Maker *m);
IrType random_int(Maker *m);
TrapKind random_trap(Maker *m);

// ---- values (random_values.c) ----

// A statement, whose instructions have a site of their own.
void random_next_site(Maker *m);
void random_keep(Maker *m, IrType type, IrValue value);
IrValue random_const(Maker *m, IrType type);
IrValue random_pick(Maker *m, IrType type);
IrValue random_condition(Maker *m);
void random_arithmetic(Maker *m);
void random_conversion(Maker *m);
void random_unary(Maker *m);
void random_print(Maker *m);
void random_work(Maker *m, u32 most); // a few of these
// Something of every value at hand: what nobody looks at is dropped before it could show that it is wrong.
void random_print_all(Maker *m);

// ---- memory (random_memory.c) ----

IrValue random_slot_address(Maker *m, u32 slot);
// From a row that is filled by index: what is computed of constants alone folds at once.
IrValue random_unknown(Maker *m, IrType type);
void random_memory(Maker *m);
void random_rows_begin(Maker *m); // the pools have the frame's row
void random_row(Maker *m);
IrValue random_moved(Maker *m, IrValue row, IrValue by);      // the pointer moved by elements
void random_element(Maker *m, const Row *row, IrValue index); // reads or writes it
void random_sweep(Maker *m);                                  // random_sweep.c
void random_reuse(Maker *m);                                  // random_reuse.c
void random_local(Maker *m);                                  // random_local.c
void random_related(Maker *m);                                // random_related.c
void random_related_begin(Maker *m);                          // the row has something in it
void random_machine(Maker *m);                                // random_machine.c
void random_algebra(Maker *m);                                // random_algebra.c
void random_narrow(Maker *m);                                 // random_narrow.c
void random_flags(Maker *m);                                  // random_flags.c
void random_enums(Maker *m);                                  // random_enums.c
void random_tables(Maker *m);                                 // random_tables.c
void random_bits(Maker *m);                                   // random_bits.c
void random_casts(Maker *m);                                  // random_casts.c
void random_products(Maker *m);                               // random_products.c
void random_orders(Maker *m);                                 // random_orders.c
void random_moves(Maker *m);                                  // random_moves.c
void random_carriers(Maker *m);                               // random_carriers.c
void random_giants(Maker *m);                                 // random_giants.c
void random_pair_calls(Maker *m);                             // random_pairs.c
void random_ways(Maker *m);                                   // random_ways.c

// ---- control (random_flow.c) ----

// Some statements into the current block, which may end up to be another one.
void random_statements(Maker *m, u32 depth);
void random_flow(Maker *m, u32 depth);
// A loop of a few turns; what is made in one is not at hand behind it.
typedef struct Turns {
    IrBlockId turn, after;
    IrValue left; // an i32 that counts down to 1
    Pools outside;
} Turns;

void random_turns_begin(Maker *m, Turns *turns, u32 most);
void random_turns_end(Maker *m, const Turns *turns);
// Ends the current block with a return of what the function gives.
void random_end(Maker *m);

// A call of any function (random_ir.c) whose result is at hand afterwards. Returns it, 0 when there is none.
IrValue random_call(Maker *m, u32 callee);

#endif
