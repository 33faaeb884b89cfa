// The instructions of WebAssembly as one table, expanded from opcodes.def, and look-up by encoding.
#ifndef WASM_OPCODES_H
#define WASM_OPCODES_H

#include "support/base.h"

typedef enum Feature {
#define FEATURE(name, text) FEATURE_##name,
#include "wasm/features.def"
} Feature;

typedef enum Space {
#define SPACE(name, text) SPACE_##name,
#include "wasm/spaces.def"
} Space;

typedef enum Immediates {
#define IMMEDIATES(name, first, second) IMMEDIATES_##name,
#include "wasm/immediates.def"
} Immediates;

typedef enum OpUse { USE_CODE, USE_CONST, USE_EXTENDED } OpUse;

typedef enum Op {
#define OP(name, prefix, code, text, immediates, feature, detail, use) OP_##name,
#include "wasm/opcodes.def"
} Op;

typedef struct OpInfo {
    const char *text;
    u8 immediates, feature, detail, use;
} OpInfo;

extern const OpInfo op_info[];
extern const char *const feature_text[];
extern const char *const space_text[];
extern const u8 immediates_spaces[][2];
extern const u32 feature_count;

// The instruction of an encoding; -1 if there is none. `prefix` is 0 for those of one byte.
i32 op_find(u8 prefix, u32 code);

static inline bool op_is_prefix(u8 byte) { return byte >= 0xfb && byte <= 0xfe; }

#endif
