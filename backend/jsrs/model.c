// Access to the parts of a model.
#include "jsrs/model.h"

u32 jsrs_edge_count(const JsrsTerm *term) {
    static const u8 fixed[] = {[JSRS_BR] = 1, [JSRS_BR_IF] = 2, [JSRS_SWITCH] = 1, [JSRS_UNREACHABLE] = 0};
    return fixed[term->kind] + term->case_count;
}

const JsrsEdge *jsrs_edge_at(const JsrsModule *module, const JsrsTerm *term, u32 number) {
    if (number < term->case_count) return &module->cases.items[term->cases + number].edge;
    return number == 0 && term->kind != JSRS_SWITCH ? &term->then : &term->other;
}

u32 jsrs_value_id(const JsrsModule *module, const JsrsFunction *f, u32 value) {
    return module->resolved ? module->values.items[f->values + value].id : value;
}
