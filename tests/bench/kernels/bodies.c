#include "kernel.h"
typedef struct Body {
    f64 x, v;
} Body;
static void advance(Body *b, f64 dt) {
    b->v = b->v - b->x * dt;
    b->x = b->x + b->v * dt;
}
void run(void) {
    Body a = {1.0, 0.0}, b = {0.5, 0.25};
    for (i32 i = 0; i < 2000000; i++) advance(&a, 0.001), advance(&b, 0.002);
    print_f64(a.x), print_f64(b.x), print_end();
}
