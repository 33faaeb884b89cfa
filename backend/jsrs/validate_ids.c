// Value ids of one function become indices (spec 6): DuplicateDefinition, UndefinedValue, DominanceViolation,
// UndefinedFunction (15). In v1 a result may carry the id of a parameter; such a result is the parameter's twin.
#include "jsrs/opcodes.h"
#include "jsrs/type_rules.h"
#include "jsrs/validate.h"

typedef struct IdRange {
    u32 least, most, count;
} IdRange;

static void add_id(IdRange *range, u32 id) {
    if (id < range->least) range->least = id;
    if (id > range->most) range->most = id;
    range->count++;
}

static void add_params(IdRange *range, const JsrsParam *params, u32 count) {
    for (u32 i = 0; i < count; i++) add_id(range, params[i].value);
}

static IdRange id_range(const Validator *v) {
    const JsrsModule *module = v->module;
    IdRange range = {.least = NO_INDEX};
    add_params(&range, module->params.items + v->f->params, v->f->param_count);
    for (u32 b = 0; b < v->f->block_count; b++) {
        const JsrsBlock *block = &v->blocks[b];
        add_params(&range, module->params.items + block->params, block->param_count);
        const JsrsInst *insts = module->insts.items + block->insts;
        for (u32 i = 0; i < block->inst_count; i++) {
            if (jsrs_ops[insts[i].op].has_result) add_id(&range, insts[i].result);
        }
    }
    return range;
}

// In v1, the first twin of the function makes room for one per value.
static bool add_twin(Validator *v, u32 parameter, u32 result) {
    if (v->twins.count == 0) {
        u32 most = v->module->values.capacity - v->f->values;
        if (!vec_reserve(&v->scratch, &v->twins, most)) return false;
    }
    while (v->twins.count <= parameter) v->twins.items[v->twins.count++] = NO_INDEX;
    v->twins.items[parameter] = result;
    return true;
}

static u32 twin_of(const Validator *v, u32 value) { return value < v->twins.count ? v->twins.items[value] : NO_INDEX; }

// Appends a value and enters its id.
static bool define(Validator *v, JsrsValue value) {
    u32 index = v->f->value_count++;
    v->values[index] = value;
    u32 other = id_table_get(&v->value_ids, value.id);
    if (other == NO_INDEX) { return id_table_set(&v->value_ids, &v->scratch, value.id, index); }
    bool twins = v->module->version == 1 && value.inst != NO_INDEX && v->values[other].inst == NO_INDEX;
    if (twins && twin_of(v, other) == NO_INDEX) return add_twin(v, other, index);
    return validate_fail(v, "DuplicateDefinition", "value v%u is defined a second time", value.id);
}

static bool define_params(Validator *v, u32 first, u32 count, u32 block) {
    JsrsParam *params = v->module->params.items + first;
    for (u32 i = 0; i < count; i++) {
        u32 index = v->f->value_count;
        if (!define(v, (JsrsValue){params[i].value, params[i].type, block, NO_INDEX})) return false;
        params[i].value = index;
    }
    return true;
}

// A variant without a payload does not tell which enum of its name it is of: front ends write the `None` of one Option where
// another is meant.
static u32 bare_variant_type(const JsrsModule *module, const JsrsInst *inst) {
    const JsrsType *type = &module->types.items[inst->type];
    u32 any = type->is_enum && !inst->has_data ? module->enums.items[type->definition].any : NO_INDEX;
    return any == NO_INDEX ? inst->type : any;
}

// What the result of an instruction really is; logical operations on Bools are found by validate_types.
static u32 result_type(const JsrsModule *module, const JsrsInst *inst) {
    switch (inst->op) {
    case JSRS_ICONST: return jsrs_literal_type(inst->type, inst->immediate);
    case JSRS_FCONST: return inst->type == TYPE_F32 ? TYPE_F32 : TYPE_F64;
    case JSRS_BCONST:
    case JSRS_ICMP:
    case JSRS_FCMP: return TYPE_BOOL;
    case JSRS_NULL:
    case JSRS_ALLOCA:
    case JSRS_GEP:
    case JSRS_PTRADD:
    case JSRS_SCONST: return TYPE_PTR;
    case JSRS_ENUM_CREATE: return bare_variant_type(module, inst);
    }
    return inst->type;
}

static bool define_results(Validator *v, u32 b) {
    JsrsInst *insts = v->module->insts.items + v->blocks[b].insts;
    for (u32 i = 0; i < v->blocks[b].inst_count; i++) {
        JsrsInst *inst = &insts[i];
        if (!jsrs_ops[inst->op].has_result) continue;
        v->inst = i;
        u32 index = v->f->value_count;
        if (!define(v, (JsrsValue){inst->result, result_type(v->module, inst), b, v->blocks[b].insts + i}))
            return false;
        inst->result = index;
    }
    return true;
}

// All parameters come first, so that a twin always finds its parameter.
static bool define_values(Validator *v) {
    IdRange range = id_range(v);
    if (!id_table_begin(&v->value_ids, &v->scratch, range.least, range.most, range.count)) { return false; }
    v->twins.count = 0;
    v->f->values = v->module->values.count;
    v->f->value_count = 0;
    v->values = v->module->values.items + v->f->values;
    v->block = v->inst = NO_INDEX;
    if (!define_params(v, v->f->params, v->f->param_count, NO_INDEX)) return false;
    for (v->block = 0; v->block < v->f->block_count; v->block++) {
        const JsrsBlock *block = &v->blocks[v->block];
        if (!define_params(v, block->params, block->param_count, v->block)) return false;
    }
    for (v->block = 0; v->block < v->f->block_count; v->block++) {
        if (!define_results(v, v->block)) return false;
    }
    v->module->values.count += v->f->value_count;
    return true;
}

// Whether the value is defined before the current place on every path to it.
static bool defined_before(const Validator *v, const JsrsValue *value) {
    if (value->block == v->block)
        return value->inst + 1 <= v->blocks[v->block].insts + v->inst; // a parameter has NO_INDEX, and that + 1 = 0
    if (value->block == NO_INDEX) return true;
    return v->blocks[v->block].reachable && v->blocks[value->block].reachable &&
           dominators_dominates(&v->dominators, value->block, v->block);
}

// v1: which of a parameter and the result of the same id a use means. Where both dominate the use, one of them lies
// between the other and the use: the nearest one.
static u32 nearest(const Validator *v, u32 parameter, u32 result) {
    const JsrsValue *p = &v->values[parameter], *r = &v->values[result];
    if (!defined_before(v, r)) return parameter;
    if (!defined_before(v, p) || p->block == NO_INDEX || r->block == v->block) return result;
    if (p->block == v->block) return parameter;
    return dominators_dominates(&v->dominators, p->block, r->block) ? result : parameter;
}

static bool resolve_use(Validator *v, u32 *operand) {
    u32 index = id_table_get(&v->value_ids, *operand);
    if (unlikely(index == NO_INDEX)) return validate_fail(v, "UndefinedValue", "value v%u is not defined", *operand);
    if (unlikely(index < v->twins.count) && v->twins.items[index] != NO_INDEX) {
        index = nearest(v, index, v->twins.items[index]);
    }
    if (unlikely(!defined_before(v, &v->values[index])) && v->blocks[v->block].reachable) {
        return validate_fail(v, "DominanceViolation", "value v%u is used where it may not have been defined yet",
                             *operand);
    }
    *operand = index;
    return true;
}

static bool resolve_list(Validator *v, u32 first, u32 count) {
    u32 *list = v->module->lists.items + first;
    for (u32 i = 0; i < count; i++) {
        if (!resolve_use(v, &list[i])) return false;
    }
    return true;
}

static bool resolve_call(Validator *v, u32 number) {
    JsrsCallTarget target = jsrs_call_target(v->module, number);
    if (target.function != NO_INDEX || target.builtin >= 0) return true;
    return validate_fail(v, "UndefinedFunction", "no function and no builtin has the call number %u", number);
}

static bool resolve_inst(Validator *v, JsrsInst *inst) {
    u32 operands = jsrs_operand_count(inst);
    if (operands >= 1 && !resolve_use(v, &inst->a)) return false;
    if (operands >= 2 && !resolve_use(v, &inst->b)) return false;
    if (operands >= 3 && !resolve_use(v, &inst->c)) return false;
    if (inst->op == JSRS_CALL && !resolve_call(v, inst->number)) return false;
    return resolve_list(v, inst->list, inst->list_count);
}

static bool resolve_terminator(Validator *v, JsrsTerm *term) {
    if (term->has_value && !resolve_use(v, &term->value)) return false;
    for (u32 i = 0, edges = jsrs_edge_count(term); i < edges; i++) {
        const JsrsEdge *edge = jsrs_edge_at(v->module, term, i);
        if (!resolve_list(v, edge->args, edge->arg_count)) return false;
    }
    return true;
}

bool validate_ids(Validator *v) {
    if (!define_values(v)) return false;
    for (v->block = 0; v->block < v->f->block_count; v->block++) {
        JsrsBlock *block = &v->blocks[v->block];
        JsrsInst *insts = v->module->insts.items + block->insts;
        for (v->inst = 0; v->inst < block->inst_count; v->inst++) {
            if (!resolve_inst(v, &insts[v->inst])) return false;
        }
        if (!resolve_terminator(v, &block->term)) return false;
    }
    return true;
}
