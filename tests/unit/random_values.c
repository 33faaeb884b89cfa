// Random values: constants with the edges of each type, arithmetic, conversions, comparisons, prints (random_maker.h).
#include "random_maker.h"

#include "ir/eval.h"

static const IrType value_types[] = {IR_BOOL, IR_I8,  IR_I32, IR_I64, IR_U8,   IR_U32, IR_U64,
                                     IR_F64,  IR_F32, IR_I16, IR_U16, IR_I128, IR_U128};
static const IrType wide_types[] = {IR_I128, IR_U128, IR_I64, IR_U64, IR_F64, IR_U8, IR_BOOL, IR_I128, IR_U128};
static const IrType float_types[] = {IR_F64, IR_F32, IR_F64, IR_F32, IR_I64, IR_U64, IR_I32, IR_U8, IR_I128, IR_BOOL};

// ---- chance ----

u32 random_u32(Maker *m) { // splitmix64
    u64 z = m->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (u32)(z >> 32);
}
u32 random_below(Maker *m, u32 limit) { return random_u32(m) % limit; }
bool random_one_in(Maker *m, u32 n) { return random_below(m, n) == 0; }

IrType random_type(Maker *m) {
    if (m->profile == PROFILE_WIDE) return wide_types[random_below(m, countof(wide_types))];
    if (m->profile == PROFILE_FLOAT) return float_types[random_below(m, countof(float_types))];
    return value_types[random_below(m, countof(value_types))];
}
IrType random_int(Maker *m) {
    IrType type;
    do type = random_type(m);
    while (!ir_is_int(type));
    return type;
}
// Not those that a run's limits give.
TrapKind random_trap(Maker *m) {
    static const TrapKind kinds[] = {TRAP_ASSERT, TRAP_UNREACHABLE, TRAP_ENUM_TAG,    TRAP_FIELD,
                                     TRAP_FORMAT, TRAP_NO_FUNCTION, TRAP_ENUM_NO_DATA};
    return kinds[random_below(m, countof(kinds))];
}

// ---- values ----

void random_next_site(Maker *m) {
    IrSite site = {.function = m->function, .instruction = m->instruction++, .offset = NO_OFFSET};
    m->b.site = ir_add_site(m->module, site);
}

void random_keep(Maker *m, IrType type, IrValue value) {
    Pool *pool = &m->pools.of[type];
    if (pool->count < POOL) pool->values[pool->count++] = value;
    else pool->values[random_below(m, POOL)] = value;
}

static IrValue float_const(Maker *m, IrType type) {
    static const u64 f64_edges[] = {
        0x8000000000000000, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0xfff8000000000000,
        0x7ff4000000000001, 0x0000000000000001, 0x000fffffffffffff, 0x7fefffffffffffff, 0x41dfffffffc00000,
        0x41e0000000000000, 0x41efffffffe00000, 0x43e0000000000000, 0xc3e0000000000000, 0x43f0000000000000,
        0x47e0000000000000, 0xc7e0000000000000, 0x47f0000000000000, 0x405fe00000000000, 0xc060200000000000,
        0xbfefffffffffffff, 0x47efffffe0000000, 0x36a0000000000000, 0x3690000000000000, 0x433fffffffffffff};
    static const u32 f32_edges[] = {0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000, 0x7fa00001, 0x00000001,
                                    0x007fffff, 0x7f7fffff, 0x4effffff, 0x4f000000, 0x4f7fffff, 0x5f000000, 0xdf000000,
                                    0x5f800000, 0x7f000000, 0xff000000, 0x42fe0000, 0xc3010000, 0xbf7fffff, 0x4b7fffff};
    bool edge = random_one_in(m, m->profile == PROFILE_FLOAT ? 2 : 6);
    if (edge && type == IR_F64) return ir_const128(&m->b, type, f64_edges[random_below(m, countof(f64_edges))], 0);
    if (edge) return ir_const128(&m->b, type, f32_edges[random_below(m, countof(f32_edges))], 0);
    return ir_const_f64(&m->b, type, (f64)(i32)(random_below(m, 4000) - 1000) / 4);
}

IrValue random_const(Maker *m, IrType type) {
    static const i64 numbers[] = {0,       1,         -1,       2,   3,   7,    8,          10,
                                  64,      127,       128,      255, 256, -128, 2147483647, -2147483648ll,
                                  1000003, INT64_MIN, INT64_MAX};
    if (type == IR_PTR) return ir_const(&m->b, IR_PTR, 0);
    if (ir_is_float(type)) return float_const(m, type);
    if ((type == IR_I128 || type == IR_U128) && random_one_in(m, 3)) {
        u128 bits = (u128)random_u32(m) << random_below(m, 97);
        if (random_one_in(m, 3)) bits = (u128)1 << random_below(m, 128);
        if (random_one_in(m, 3)) bits = ~bits;
        return ir_const128(&m->b, type, (u64)bits, (u64)(bits >> 64));
    }
    u32 high = random_u32(m), low = random_u32(m);
    bool any = random_one_in(m, 6);
    return ir_const(&m->b, type, any ? (i64)((u64)high << 32 | low) : numbers[high % countof(numbers)]);
}

IrValue random_pick(Maker *m, IrType type) {
    const Pool *pool = &m->pools.of[type];
    if (!pool->count || random_one_in(m, 5)) return random_const(m, type);
    return pool->values[random_below(m, pool->count)];
}

IrValue random_condition(Maker *m) {
    if (random_one_in(m, 3)) return random_pick(m, IR_BOOL);
    IrType type = random_one_in(m, 20) ? IR_PTR : random_type(m);
    u32 op = random_below(m, type == IR_PTR ? 2 : 6);
    IrValue x = random_pick(m, type), y = random_pick(m, type);
    return ir_compare(&m->b, (IrOp)(IR_OP_EQ + op), type, x, y);
}

void random_arithmetic(Maker *m) {
    static const IrOp ints[] = {IR_OP_ADD, IR_OP_SUB, IR_OP_MUL, IR_OP_AND, IR_OP_OR, IR_OP_XOR, IR_OP_SHL, IR_OP_SHR};
    static const IrOp floats[] = {IR_OP_ADD, IR_OP_SUB, IR_OP_MUL, IR_OP_DIV};
    static const IrOp bools[] = {IR_OP_AND, IR_OP_OR, IR_OP_XOR};
    IrType type = random_type(m);
    IrOp op = type == IR_BOOL       ? bools[random_below(m, countof(bools))]
              : ir_is_float(type)   ? floats[random_below(m, countof(floats))]
              : random_one_in(m, 9) ? (random_one_in(m, 2) ? IR_OP_DIV : IR_OP_REM)
                                    : ints[random_below(m, countof(ints))];
    IrValue x = random_pick(m, type), y = random_pick(m, type);
    if ((op == IR_OP_DIV || op == IR_OP_REM) && ir_is_int(type) && !random_one_in(m, 12)) {
        // A number that is not 0, or that cannot be.
        if (random_one_in(m, 2)) y = ir_const(&m->b, type, 1 + (i64)random_below(m, 9));
        else if (random_one_in(m, 2)) y = ir_const(&m->b, type, (i64)1 << random_below(m, ir_bits(type) < 64 ? 7 : 63));
        else y = ir_binary(&m->b, IR_OP_OR, type, y, ir_const(&m->b, type, 3));
    }
    // Amounts that are known are told apart by where they move the bits.
    if ((op == IR_OP_SHL || op == IR_OP_SHR) && random_one_in(m, 2))
        y = ir_const(&m->b, type, (i64)random_below(m, ir_bits(type)));
    random_keep(m, type, ir_binary(&m->b, op, type, x, y));
}

void random_conversion(Maker *m) {
    IrType from = random_type(m), to = random_type(m);
    IrValue value = random_pick(m, from);
    if (to != from && !(to == IR_BOOL && ir_is_float(from))) random_keep(m, to, ir_convert(&m->b, to, from, value));
    if (ir_type_info[to].size == ir_type_info[from].size && to != from && to != IR_BOOL)
        random_keep(m, to, ir_emit(&m->b, IR_OP_BITCAST, to, from, value, 0, 0, 0));
}

void random_unary(Maker *m) {
    IrType type = random_type(m);
    if (random_one_in(m, 2)) {
        IrValue test = random_condition(m), yes = random_pick(m, type), no = random_pick(m, type);
        random_keep(m, type, ir_emit(&m->b, IR_OP_SELECT, type, type, test, yes, no, 0));
    } else if (type == IR_BOOL) {
        IrValue test = random_condition(m), yes = ir_const(&m->b, IR_BOOL, random_one_in(m, 2));
        if (random_one_in(m, 2)) random_keep(m, IR_BOOL, ir_compare(&m->b, IR_OP_EQ, IR_BOOL, test, yes));
        else random_keep(m, IR_BOOL, ir_binary(&m->b, IR_OP_XOR, IR_BOOL, test, yes));
    } else {
        bool ones = ir_is_int(type) && (ir_bits(type) == 32 || ir_bits(type) == 64) && random_one_in(m, 2);
        IrOp op = ones ? IR_OP_ONES : IR_OP_NEG;
        random_keep(m, type, ir_emit(&m->b, op, type, type, random_pick(m, type), 0, 0, 0));
    }
}

// ---- prints ----

static void print_char(Maker *m) {
    static const u32 points[] = {65, 0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
    static const u32 none[] = {0xd800, 0xdfff, 0x110000, 0xffffffff};
    IrValue value = random_one_in(m, 30)  ? ir_const(&m->b, IR_U32, none[random_below(m, countof(none))])
                    : random_one_in(m, 2) ? ir_const(&m->b, IR_U32, points[random_below(m, countof(points))])
                    : random_one_in(m, 12)
                        ? random_pick(m, IR_U32)
                        : ir_binary(&m->b, IR_OP_AND, IR_U32, random_pick(m, IR_U32), ir_const(&m->b, IR_U32, 0x7ff));
    ir_emit(&m->b, IR_OP_PRINT_CHAR, IR_VOID, IR_U32, value, 0, 0, 0);
}

static void print_byte(Maker *m) {
    IrValue value = random_pick(m, IR_I64);
    if (!random_one_in(m, 12)) value = ir_binary(&m->b, IR_OP_AND, IR_I64, value, ir_const(&m->b, IR_I64, 255));
    ir_emit(&m->b, IR_OP_PRINT_BYTE, IR_VOID, IR_I64, value, 0, 0, 0);
}

static void print_string(Maker *m) {
    IrValue one = ir_emit(&m->b, IR_OP_DATA_ADDR, IR_PTR, IR_VOID, random_below(m, m->data_count), 0, 0, 0);
    if (random_one_in(m, 2)) {
        IrValue test = random_condition(m);
        IrValue two = ir_emit(&m->b, IR_OP_DATA_ADDR, IR_PTR, IR_VOID, random_below(m, m->data_count), 0, 0, 0);
        one = ir_emit(&m->b, IR_OP_SELECT, IR_PTR, IR_PTR, test, one, two, 0);
    }
    ir_emit(&m->b, IR_OP_PRINT_STR, IR_VOID, IR_PTR, one, 0, 0, 0);
}

void random_print(Maker *m) {
    switch (random_below(m, 12)) {
    case 0: print_char(m); return;
    case 1: print_byte(m); return;
    case 2: print_string(m); return;
    case 3: ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, random_below(m, m->data_count), 0, 0, 0); return;
    case 4: ir_emit(&m->b, IR_OP_FLUSH, IR_VOID, IR_VOID, 0, 0, 0, 0); return;
    default: break;
    }
    IrType type = random_type(m);
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, random_pick(m, type), 0, 0, 0);
    ir_emit(&m->b, IR_OP_PRINT_DATA, IR_VOID, IR_VOID, 0, 0, 0, 0);
}

// A sum of all values of a type, in which each bit of each counts; of floats, which would soon all be NaN, the first one.
// 0: there are none.
static IrValue sum_up(Maker *m, IrType type) {
    const Pool *pool = &m->pools.of[type];
    IrValue sum = pool->count && type != IR_PTR ? pool->values[0] : 0;
    for (u32 i = 1; i < pool->count && (ir_is_int(type) || type == IR_BOOL); i++) {
        if (type != IR_BOOL) sum = ir_binary(&m->b, IR_OP_MUL, type, sum, ir_const(&m->b, type, 31));
        sum = ir_binary(&m->b, IR_OP_XOR, type, sum, pool->values[i]);
    }
    return sum;
}

// All bits of all floats of a type, as one number.
static void print_bits(Maker *m, IrType type) {
    const Pool *pool = &m->pools.of[type];
    IrType bits = type == IR_F64 ? IR_I64 : IR_I32;
    IrValue sum = ir_const(&m->b, bits, 0);
    for (u32 i = 0; i < pool->count; i++) {
        IrValue number = ir_emit(&m->b, IR_OP_BITCAST, bits, type, pool->values[i], 0, 0, 0);
        sum = ir_binary(&m->b, IR_OP_MUL, bits, sum, ir_const(&m->b, bits, 31));
        sum = ir_binary(&m->b, IR_OP_XOR, bits, sum, number);
    }
    ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, bits, sum, 0, 0, 0);
}

void random_print_all(Maker *m) {
    for (u32 type = 0; type < IR_TYPE_COUNT; type++) {
        if (ir_is_float((IrType)type) && m->later && random_one_in(m, 2)) {
            print_bits(m, (IrType)type);
            continue;
        }
        IrValue sum = sum_up(m, (IrType)type);
        if (sum) ir_emit(&m->b, IR_OP_PRINT_VALUE, IR_VOID, type, sum, 0, 0, 0);
    }
}

void random_work(Maker *m, u32 most) {
    for (u32 n = random_below(m, most + 1); n > 0; n--) {
        random_next_site(m);
        switch (random_below(m, 6)) {
        case 0: random_unary(m); break;
        case 1: random_conversion(m); break;
        case 2:
            if (random_one_in(m, 2)) random_print(m);
            break;
        case 3: ir_emit(&m->b, IR_OP_STEPS, IR_VOID, IR_VOID, 1 + random_below(m, 3), 0, 0, 0); break;
        default: random_arithmetic(m); break;
        }
    }
}
