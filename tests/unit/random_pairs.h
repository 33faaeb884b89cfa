// Functions of a random module that come in pairs (random_pairs.c), made after those of random_ir.c, which call them.
#ifndef TESTS_RANDOM_PAIRS_H
#define TESTS_RANDOM_PAIRS_H

#include "random_maker.h"

void random_pair_signature(Maker *m, Signature *signature);
// That of the second of a pair from the first one's.
void random_pair_turn_signs(const Maker *m, Signature *signature);
// A function from its parameters to its return; the same choices give the other of the pair. `differs`: but in one
// place.
void random_pair(Maker *m, bool differs);

#endif
