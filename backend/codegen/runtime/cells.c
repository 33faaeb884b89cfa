// What files of the runtime share with each other and with the module they are put in (runtime_link.h).
#include "codegen/runtime/runtime.h"

u64 cell_high;
u32 cell_heap_base, cell_places, cell_place_count, cell_memory_limit, cell_depth;

u32 waiting;
u8 buffer[BUFFER_BYTES];
