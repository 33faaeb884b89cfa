// Tables expanded from opcodes.def and its kin.
#include "wasm/opcodes.h"

const OpInfo op_info[] = {
#define OP(name, prefix, code, text, immediates, feature, detail, use) \
    {text, IMMEDIATES_##immediates, FEATURE_##feature, detail, USE_##use},
#include "wasm/opcodes.def"
};

const char *const feature_text[] = {
#define FEATURE(name, text) text,
#include "wasm/features.def"
};
const u32 feature_count = countof(feature_text);

const char *const space_text[] = {
#define SPACE(name, text) text,
#include "wasm/spaces.def"
};

const u8 immediates_spaces[][2] = {
#define IMMEDIATES(name, first, second) {SPACE_##first, SPACE_##second},
#include "wasm/immediates.def"
};

// Codes of all prefixes in one row of places; how many each prefix has.
enum { PLACES_PLAIN = 256, PLACES_FB = 32, PLACES_FC = 32, PLACES_FD = 288, PLACES_FE = 80 };
enum {
    FIRST_PLAIN = 0,
    FIRST_FB = FIRST_PLAIN + PLACES_PLAIN,
    FIRST_FC = FIRST_FB + PLACES_FB,
    FIRST_FD = FIRST_FC + PLACES_FC,
    FIRST_FE = FIRST_FD + PLACES_FD,
    PLACES = FIRST_FE + PLACES_FE
};

#define OP(name, prefix, code, text, immediates, feature, detail, use) \
    _Static_assert((code) < PLACES_##prefix, "the prefix has too few places");
#include "wasm/opcodes.def"

static const u16 by_encoding[PLACES] = {
#define OP(name, prefix, code, text, immediates, feature, detail, use) [FIRST_##prefix + (code)] = OP_##name + 1,
#include "wasm/opcodes.def"
};

i32 op_find(u8 prefix, u32 code) {
    static const struct {
        u16 first, places;
    } prefixes[] = {
        {FIRST_FB, PLACES_FB},
        {FIRST_FC, PLACES_FC},
        {FIRST_FD, PLACES_FD},
        {FIRST_FE, PLACES_FE},
    };
    if (prefix == 0) return (i32)by_encoding[code & 0xff] - 1;
    u32 which = prefix - 0xfbu;
    return code < prefixes[which].places ? (i32)by_encoding[prefixes[which].first + code] - 1 : -1;
}
