// Small functions of a random module (random_helpers.c), made after those of random_ir.c, which call them.
#ifndef TESTS_RANDOM_HELPERS_H
#define TESTS_RANDOM_HELPERS_H

#include "random_maker.h"

void random_helper_signature(Maker *m, Signature *signature);
// The body of m->function, which is begun and has nothing yet.
void random_helper(Maker *m);
// Changes one thing of the body just made, its signs, or nothing.
void random_helper_twin(Maker *m);

#endif
