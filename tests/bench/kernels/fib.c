#include "kernel.h"
static i32 fib(i32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
void run(void) { print_i64(fib(30)), print_end(); }
