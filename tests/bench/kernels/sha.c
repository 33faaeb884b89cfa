#include "kernel.h"
static u32 rotated(u32 x, u32 n) { return x >> n | x << (32 - n); }
void run(void) {
    static u32 w[64];
    u32 state[8] = {1779033703, 3144134277, 1013904242, 2773480762, 1359893119, 2600822924, 528734635, 1541459225};
    for (u32 block = 0; block < 4000; block++) {
        u32 t = 0;
        for (; t < 16; t++) w[t] = block * 2654435761u + t * 40503;
        for (; t < 64; t++) {
            u32 p = w[t - 15], q = w[t - 2];
            w[t] = w[t - 16] + (rotated(p, 7) ^ rotated(p, 18) ^ p >> 3) + w[t - 7] +
                   (rotated(q, 17) ^ rotated(q, 19) ^ q >> 10);
        }
        u32 a = state[0], b = state[1], c = state[2], d = state[3];
        u32 e = state[4], f = state[5], g = state[6], h = state[7];
        for (t = 0; t < 64; t++) {
            u32 x = h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + ((e & f) ^ (~e & g)) + w[t];
            u32 y = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            h = g, g = f, f = e, e = d + x, d = c, c = b, b = a, a = x + y;
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d;
        state[4] += e, state[5] += f, state[6] += g, state[7] += h;
    }
    print_u64(state[0]), print_u64(state[1]), print_u64(state[6]), print_u64(state[7]), print_end();
}
