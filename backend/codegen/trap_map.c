// See trap_map.h.
#include "codegen/trap_map.h"

#include "support/leb.h"

enum { PLACE_MOST = UINT32_MAX >> TRAP_KIND_BITS, VERSION = 1 };

// The place of one site alone; *is_new when it had none. 0 when no more numbers or no memory are left.
static u32 add_place(TrapMap *map, u32 site, bool *is_new) {
    *is_new = false;
    if (site == 0) return 0;
    u32 place = map_get(&map->place_of, site);
    if (place != MAP_NONE) return place;
    if (map->sites.count == 0 && !vec_push(map->arena, &map->sites, 0)) return 0;
    place = map->sites.count;
    if (place > PLACE_MOST || !vec_push(map->arena, &map->sites, site)) return 0;
    if (!map_set(map->arena, &map->place_of, site, place)) return 0;
    *is_new = true;
    return place;
}

u32 trap_map_place(TrapMap *map, const IrModule *module, u32 site) {
    bool is_new;
    u32 place = add_place(map, site, &is_new);
    while (is_new) {
        site = module->sites.items[site].inlined_at;
        (void)add_place(map, site, &is_new);
    }
    return place;
}

Str trap_map_function(const IrModule *module, u32 site) {
    u32 function = module->sites.items[site].function;
    return function < module->source_names.count ? module->source_names.items[function] : (Str){0};
}

static void put_place(const TrapMap *map, const IrSite *site, const IrSite *before, u32 name, Buf *out) {
    buf_leb(out, name);
    buf_leb(out, (u64)site->block << 1 | site->terminator);
    buf_leb(out, site->instruction + 1);                                 // NO_INDEX becomes 0
    buf_leb_signed(out, (i64)(site->offset + 1) - (before->offset + 1)); // NO_OFFSET too
    buf_leb_signed(out, (i64)site->source - before->source);
    u32 caller = site->inlined_at ? map_get(&map->place_of, site->inlined_at) : MAP_NONE;
    buf_leb(out, caller == MAP_NONE ? 0 : caller);
}

bool trap_map_write(const TrapMap *map, const IrModule *module, const TrapCalls *calls, Arena *scratch, Buf *out) {
    Map number_of = {0};
    VEC(u32) sites = {0}; // by name: the first that has it
    for (u32 i = 1; i < map->sites.count; i++) {
        u32 site = map->sites.items[i], function = module->sites.items[site].function;
        if (map_get(&number_of, function) != MAP_NONE) continue;
        if (!map_set(scratch, &number_of, function, sites.count) || !vec_push(scratch, &sites, site)) return false;
    }
    buf_leb(out, VERSION);
    buf_leb(out, sites.count);
    for (u32 i = 0; i < sites.count; i++) {
        buf_leb(out, module->sites.items[sites.items[i]].function);
        buf_leb_str(out, trap_map_function(module, sites.items[i]));
    }
    buf_leb(out, map->sites.count ? map->sites.count - 1 : 0);
    const IrSite *before = &(const IrSite){.offset = NO_OFFSET};
    for (u32 i = 1; i < map->sites.count; i++) {
        const IrSite *site = &module->sites.items[map->sites.items[i]];
        put_place(map, site, before, map_get(&number_of, site->function), out);
        before = site;
    }
    buf_leb(out, calls->count);
    for (u32 i = 0; i < calls->count; i++) {
        buf_leb(out, calls->items[i].offset - (i ? calls->items[i - 1].offset : 0));
        buf_leb(out, calls->items[i].place);
    }
    return true;
}
