// Blocks through which the edges into a loop's head go: one in front of the loop, one at the end of its turns.
#ifndef OPT_LOOPS_H
#define OPT_LOOPS_H
#include "opt/pass.h"

// The only block that leads to the head, from outside or (back) from inside the loop, by one edge of a jump or a branch;
// 0 otherwise.
u32 loop_from(const IrFunction *function, const IrCfg *cfg, u32 head, bool back);
// That edge.
IrEdge *loop_edge(const IrFunction *function, u32 head, u32 from);
// The same block if all that it does is to jump there.
u32 loop_way_in(const IrFunction *function, const IrCfg *cfg, u32 head, bool back);
// Makes one and returns it; 0 when memory is out. `cfg` is that of before.
u32 loop_make_way_in(Pass *pass, const IrCfg *cfg, u32 head, bool back);

#endif
