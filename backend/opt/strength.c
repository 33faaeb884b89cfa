// Divisions by powers of two become shifts and masks: unsigned ones always, signed ones of 64 bits by the shifts that
// round towards zero (engines do that by themselves for 32 bits), and a signed remainder that is only compared is a mask
// that keeps the sign. At O2 a remainder beside its quotient is computed from it. Floats are not divided by powers of two.
// Needs: nothing; bounds_checks has dealt with what is never negative. Keeps: blocks.
#include "opt/pass.h"
#include "support/map.h"

typedef struct Reducer {
    Pass *pass;
    IrFunction *function;
    IrBuilder b;   // in front of the instruction at hand
    Map divisions; // operands of divisions by constants -> 1
} Reducer;

static IrValue number(Reducer *r, IrType type, u128 bits) {
    return ir_const128(&r->b, type, (u64)bits, (u64)(bits >> 64));
}

static void become(Reducer *r, IrOp op, IrValue a, IrValue b) {
    IrInst *inst = ir_inst(r->function, r->b.before);
    inst->op = (u8)op;
    inst->flags = 0;
    inst->args[0] = a;
    inst->args[1] = b;
}

// True with k when the value is the constant 2^k of its type, and positive.
static bool is_power(const IrFunction *function, IrValue value, u32 *k) {
    IrType type = (IrType)ir_inst(function, value)->type;
    if (!opt_is_const(function, value) || !ir_is_int(type)) return false;
    u128 bits = opt_const_bits(function, value);
    if (bits == 0 || (bits & (bits - 1)) != 0 || (ir_is_signed(type) && bits >> (ir_bits(type) - 1))) return false;
    for (*k = 0; bits >> *k != 1; ++*k) {}
    return true;
}

// Towards zero: 2^k - 1 is added to what is negative.
static void reduce_signed(Reducer *r, const IrInst *inst, u32 k) {
    IrType type = (IrType)inst->type;
    IrValue x = inst->args[0];
    IrValue sign = ir_binary(&r->b, IR_OP_SHR, type, x, number(r, type, 63));
    IrValue low = ir_binary(&r->b, IR_OP_SHR, IR_U64, ir_convert(&r->b, IR_U64, type, sign), number(r, IR_U64, 64 - k));
    IrValue sum = ir_binary(&r->b, IR_OP_ADD, type, x, ir_convert(&r->b, type, IR_U64, low));
    if (inst->op == IR_OP_DIV) become(r, IR_OP_SHR, sum, number(r, type, k));
    else become(r, IR_OP_SUB, x, ir_binary(&r->b, IR_OP_AND, type, sum, number(r, type, ~(u128)0 << k)));
}

// A float divided by a power of two: the product with its inverse, which is exact, too.
static void invert_divisor(Reducer *r) {
    IrInst inst = *ir_inst(r->function, r->b.before);
    IrType type = (IrType)inst.type;
    if (!ir_is_float(type) || !opt_is_const(r->function, inst.args[1])) return;
    u32 fraction = type == IR_F64 ? 52 : 23, width = type == IR_F64 ? 11 : 8;
    u64 bits = (u64)opt_const_bits(r->function, inst.args[1]), all = ((u64)1 << width) - 1,
        sign = bits >> (fraction + width);
    u64 exponent = bits >> fraction & all;
    // Neither the divisor nor its inverse may be 0, infinite or below the smallest normal number.
    if (bits & (((u64)1 << fraction) - 1) || exponent == 0 || exponent >= all - 1) return;
    u64 inverse = (sign << width | (all - 1 - exponent)) << fraction;
    become(r, IR_OP_MUL, inst.args[0], number(r, type, inverse));
}

static void reduce_division(Reducer *r, u32 k) {
    IrInst inst = *ir_inst(r->function, r->b.before);
    IrType type = (IrType)inst.type;
    if (ir_is_signed(type) && !(inst.flags & INST_NOT_NEGATIVE)) {
        if (type == IR_I64 && k > 0) reduce_signed(r, &inst, k);
    } else if (inst.op == IR_OP_DIV) become(r, IR_OP_SHR, inst.args[0], number(r, type, k));
    else become(r, IR_OP_AND, inst.args[0], number(r, type, ((u128)1 << k) - 1));
}

// x % 2^k == c: the low bits are those of c, and the sign is too unless c is 0.
static void reduce_comparison(Reducer *r) {
    IrInst inst = *ir_inst(r->function, r->b.before);
    IrInst rest = *ir_inst(r->function, inst.args[0]);
    u32 k;
    if (rest.op != IR_OP_REM || !ir_is_signed((IrType)rest.type) || !opt_is_const(r->function, inst.args[1])) return;
    if (!is_power(r->function, rest.args[1], &k)) return;
    IrType type = (IrType)rest.type;
    u128 bits = opt_const_bits(r->function, inst.args[1]), sign = (u128)1 << (ir_bits(type) - 1);
    u128 mask = ((u128)1 << k) - 1, magnitude = bits & sign ? 0 - bits : bits;
    if (magnitude > mask) return; // never equal
    mask |= bits ? sign : 0;
    IrValue masked = ir_binary(&r->b, IR_OP_AND, type, rest.args[0], number(r, type, mask));
    become(r, (IrOp)inst.op, masked, number(r, type, bits & mask));
}

static u64 operands_key(const IrInst *inst) { return (u64)inst->args[0] << 32 | inst->args[1]; }

// x % c where x / c is computed, too: what is left of x. Value numbering makes the two divisions one.
static void reuse_quotient(Reducer *r) {
    IrInst inst = *ir_inst(r->function, r->b.before);
    if (inst.op != IR_OP_REM || map_get(&r->divisions, operands_key(&inst)) == MAP_NONE) return;
    IrType type = (IrType)inst.type;
    IrValue quotient = ir_binary(&r->b, IR_OP_DIV, type, inst.args[0], inst.args[1]);
    if (!quotient) return;
    ir_inst(r->function, quotient)->flags = inst.flags;
    IrValue product = ir_binary(&r->b, IR_OP_MUL, type, quotient, inst.args[1]);
    become(r, IR_OP_SUB, inst.args[0], product);
}

static bool note_divisions(Reducer *r) {
    for (u32 v = 1; v < r->function->insts.count && r->pass->level == OPT_O2; v++) {
        const IrInst *inst = ir_inst(r->function, v);
        if (inst->op != IR_OP_DIV || !ir_is_int((IrType)inst->type) || !opt_is_const(r->function, inst->args[1]))
            continue;
        u128 divisor = opt_const_bits(r->function, inst->args[1]);
        if (divisor == 0 || divisor == ~(u128)0 || ir_bits((IrType)inst->type) > 64) continue;
        if (!map_set(r->pass->scratch, &r->divisions, operands_key(inst), 1)) return false;
    }
    return true;
}

bool opt_strength(Pass *pass) {
    IrFunction *function = pass->function;
    Reducer r = {.pass = pass, .function = function};
    if (!note_divisions(&r)) return false;
    pass->outcome = UNCHANGED; // whatever changes has new operands
    for (u32 id = 1; id < function->blocks.count; id++) {
        // From the end: a comparison looks at its remainder before that changes.
        for (u32 v = ir_block(function, id)->last, before; v; v = before) {
            const IrInst *inst = ir_inst(function, v);
            u32 k;
            before = inst->prev;
            r.b = ir_in_front_of(pass->module, function, v);
            if (inst->op == IR_OP_EQ || inst->op == IR_OP_NE) reduce_comparison(&r);
            bool divides = inst->op == IR_OP_DIV || inst->op == IR_OP_REM;
            if (divides && is_power(function, inst->args[1], &k)) reduce_division(&r, k);
            else if (divides) reuse_quotient(&r), invert_divisor(&r);
        }
    }
    return pass_ok(pass);
}
