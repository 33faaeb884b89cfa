// Interning of types and the meaning of struct and enum names (spec 2).
#include "jsrs/types.h"

static u64 pair(u32 high, u32 low) { return (u64)high << 32 | low; }

// Each string is hashed once: any number of definitions may carry the same long one.
static u64 name_key(const JsrsTypeTable *table, u32 string) {
    u64 *key = &table->name_keys[string];
    Str name = table->module->strings.items[string];
    if (*key == 0) *key = hash_bytes(name.data, name.len);
    return *key;
}

// The definition that `names` knows under the text of `string`; definition_name gives the name of a definition.
static u32 find_definition(const JsrsTypeTable *table, const Map *names, u32 string,
                           u32 (*definition_name)(const JsrsModule *, u32)) {
    const JsrsModule *module = table->module;
    u32 found = map_get(names, name_key(table, string));
    if (found == MAP_NONE) return NO_INDEX;
    Str name = module->strings.items[definition_name(module, found)];
    return str_equal(name, module->strings.items[string]) ? found : NO_INDEX;
}

static u32 struct_name(const JsrsModule *module, u32 index) { return module->structs.items[index].name; }
static u32 enum_key(const JsrsModule *module, u32 index) { return module->enums.items[index].key; }
static u32 enum_display(const JsrsModule *module, u32 index) { return module->enums.items[index].display; }

// Front ends write `Self { .. }` as a struct of that name, which no Rust program can define: it may become any that it stands for.
static bool is_self(const JsrsModule *module, u32 name) { return str_equal(module->strings.items[name], STR("Self")); }

// A Struct name that is no struct may be the display name of an enum; only v3 writes those.
static void link_struct(const JsrsTypeTable *table, JsrsType *type) {
    type->ambiguous = is_self(table->module, type->name);
    if (type->ambiguous) return;
    type->definition = find_definition(table, &table->struct_names, type->name, struct_name);
    if (type->definition != NO_INDEX || table->module->version < 3) return;
    type->definition = find_definition(table, &table->enum_displays, type->name, enum_display);
    if (type->definition == NO_INDEX) return;
    type->is_enum = true;
    type->ambiguous = map_get(&table->shared_displays, name_key(table, type->name)) != MAP_NONE;
}

static void link_type(const JsrsTypeTable *table, JsrsType *type) {
    const JsrsModule *module = table->module;
    const JsrsType *types = module->types.items;
    switch ((JsrsTag)type->tag) {
    case TAG_STRUCT:
        link_struct(table, type);
        type->open = type->definition == NO_INDEX || type->is_enum;
        break;
    case TAG_ENUM:
        type->definition = find_definition(table, &table->enum_keys, type->name, enum_key);
        type->is_enum = type->definition != NO_INDEX;
        type->open = !type->is_enum;
        if (type->is_enum) type->definition = module->enums.items[type->definition].same;
        break;
    case TAG_ARRAY: type->open = types[type->element].open; break;
    case TAG_FN:
        type->open = types[type->element].open;
        for (u32 i = 0; i < type->count; i++) type->open |= types[module->lists.items[type->list + i]].open;
        break;
    case TAG_INT:
    case TAG_FLOAT:
    case TAG_BOOL:
    case TAG_PTR:
    case TAG_UNIT: break;
    }
}

static bool add(JsrsTypeTable *table, JsrsType type, u32 *number) {
    JsrsModule *module = table->module;
    type.definition = NO_INDEX;
    *number = module->types.count;
    if (!vec_push(module->arena, &module->types, type)) return false;
    if (table->linked) link_type(table, &module->types.items[*number]);
    return true;
}

bool jsrs_types_init(JsrsTypeTable *table, JsrsModule *module, Arena *scratch) {
    *table = (JsrsTypeTable){.module = module, .scratch = scratch};
    table->structs = arena_new(scratch, u32, module->strings.count);
    table->enums = arena_new(scratch, u32, module->strings.count);
    table->name_keys = arena_new(scratch, u64, module->strings.count);
    if (!table->structs || !table->enums || !table->name_keys) return false;
    u32 number;
    for (u8 width = W_I8; width <= W_USIZE; width++) {
        if (!add(table, (JsrsType){.tag = TAG_INT, .width = width}, &number)) return false;
    }
    return add(table, (JsrsType){.tag = TAG_FLOAT, .width = 0}, &number) &&
           add(table, (JsrsType){.tag = TAG_FLOAT, .width = 1}, &number) &&
           add(table, (JsrsType){.tag = TAG_BOOL}, &number) && add(table, (JsrsType){.tag = TAG_PTR}, &number) &&
           add(table, (JsrsType){.tag = TAG_UNIT}, &number);
}

bool jsrs_type_named(JsrsTypeTable *table, JsrsTag tag, u32 string, u32 *type) {
    u32 *known = &(tag == TAG_STRUCT ? table->structs : table->enums)[string];
    if (*known == 0) {
        if (!add(table, (JsrsType){.tag = (u8)tag, .name = string}, type)) return false;
        *known = *type + 1;
    }
    *type = *known - 1;
    return true;
}

bool jsrs_type_array(JsrsTypeTable *table, u32 element, u32 length, u32 *type) {
    u64 key = pair(element, length);
    *type = map_get(&table->arrays, key);
    if (*type != MAP_NONE) return true;
    return add(table, (JsrsType){.tag = TAG_ARRAY, .element = element, .count = length}, type) &&
           map_set(table->scratch, &table->arrays, key, *type);
}

static bool same_function(const JsrsModule *module, u32 number, const u32 *parameters, u32 count, u32 result) {
    const JsrsType *type = &module->types.items[number];
    return type->count == count && type->element == result &&
           (count == 0 || mem_equal(module->lists.items + type->list, parameters, count * sizeof(u32)));
}

bool jsrs_type_function(JsrsTypeTable *table, const u32 *parameters, u32 count, u32 result, u32 *type) {
    JsrsModule *module = table->module;
    u64 key = hash_bytes(parameters, count * sizeof(u32)) ^ pair(result, 0);
    for (;; key++) { // the next key in the unlikely case that another function type has this one
        *type = map_get(&table->functions, key);
        if (*type == MAP_NONE) break;
        if (same_function(module, *type, parameters, count, result)) return true;
    }
    u32 start = module->lists.count;
    if (!vec_reserve(module->arena, &module->lists, count)) return false;
    for (u32 i = 0; i < count; i++) module->lists.items[start + i] = parameters[i];
    module->lists.count += count;
    return add(table, (JsrsType){.tag = TAG_FN, .element = result, .count = count, .list = start}, type) &&
           map_set(table->scratch, &table->functions, key, *type);
}

// Enters a name unless an earlier definition has it.
static bool enter(JsrsTypeTable *table, Map *names, u32 string, u32 index) {
    u64 key = name_key(table, string);
    return map_get(names, key) != MAP_NONE || map_set(table->scratch, names, key, index);
}

static bool enter_display(JsrsTypeTable *table, u32 index) {
    JsrsEnum *definition = &table->module->enums.items[index];
    u32 first = find_definition(table, &table->enum_displays, definition->display, enum_display);
    definition->family = first == NO_INDEX ? index : first;
    definition->same = index;
    Map *names = first == NO_INDEX ? &table->enum_displays : &table->shared_displays;
    return map_set(table->scratch, names, name_key(table, definition->display), index);
}

// What `Self` as a part of other types is taken for: the first struct with its fields; NO_INDEX if there is none.
static u32 meant_by_self(const JsrsTypeTable *table) {
    const JsrsModule *module = table->module;
    const JsrsStruct *structs = module->structs.items, *self = NULL;
    for (u32 i = 0; i < module->structs.count; i++)
        if (is_self(module, structs[i].name)) self = &structs[i];
    for (u32 i = 0; self && i < module->structs.count; i++) {
        const u32 *fields = module->lists.items + structs[i].fields;
        if (&structs[i] != self && table->structs[structs[i].name] && structs[i].field_count == self->field_count &&
            mem_equal(fields, module->lists.items + self->fields, self->field_count * sizeof(u32)))
            return table->structs[structs[i].name] - 1;
    }
    return NO_INDEX;
}

typedef VEC(u32) Form;

// What an enum consists of: display name, and of each variant its fields. An enum among these is named by what is the same.
static bool put_form(const JsrsTypeTable *table, u32 index, u32 self, Form *form) {
    const JsrsModule *module = table->module;
    const JsrsEnum *definition = &module->enums.items[index];
    form->count = 0;
    if (!vec_push(table->scratch, form, definition->family)) return false;
    for (u32 v = 0; v < definition->variant_count; v++) {
        const JsrsVariant *variant = &module->variants.items[definition->variants + v];
        if (!vec_push(table->scratch, form, variant->field_count)) return false;
        for (u32 f = 0; f < variant->field_count; f++) {
            u32 field = module->lists.items[variant->fields + f];
            const JsrsType *type = &module->types.items[field];
            if (type->tag == TAG_ENUM && type->is_enum) field = ~module->enums.items[type->definition].same;
            else if (type->ambiguous && !type->is_enum) field = self;
            if (!vec_push(table->scratch, form, field)) return false;
        }
    }
    return true;
}

// Writers give the `Option` of a struct one key before they know its fields and another behind: enums of one display name
// whose variants are equal are one.
static bool find_same(JsrsTypeTable *table) {
    JsrsEnum *enums = table->module->enums.items;
    u32 self = meant_by_self(table);
    Map forms = {0};
    Form own = {0}, other = {0};
    for (u32 i = 0; i < table->module->enums.count; i++) {
        if (!put_form(table, i, self, &own)) return false;
        size_t bytes = own.count * sizeof(u32);
        u64 key = hash_bytes(own.items, bytes);
        u32 found = map_get(&forms, key);
        if (found == MAP_NONE) {
            if (!map_set(table->scratch, &forms, key, i)) return false;
            continue;
        }
        if (!put_form(table, found, self, &other)) return false;
        if (own.count == other.count && mem_equal(own.items, other.items, bytes)) enums[i].same = found;
    }
    return true;
}

static bool same_variants_are_empty(const JsrsModule *module, const JsrsEnum *a, const JsrsEnum *b) {
    const JsrsVariant *variants = module->variants.items;
    bool same = a->variant_count == b->variant_count;
    for (u32 v = 0; same && v < a->variant_count; v++)
        same = !variants[a->variants + v].field_count == !variants[b->variants + v].field_count;
    return same;
}

// The alias of all enums that share a display name, where their variants differ in the types of their fields only: a variant
// without fields is that of all of them.
static bool name_any(JsrsTypeTable *table) {
    JsrsModule *module = table->module;
    JsrsEnum *enums = module->enums.items;
    u8 *mixed = arena_new(table->scratch, u8, module->enums.count);
    if (!mixed) return false;
    for (u32 i = 0; i < module->enums.count; i++)
        mixed[enums[i].family] |= !same_variants_are_empty(module, &enums[i], &enums[enums[i].family]);
    for (u32 i = 0; i < module->enums.count; i++) {
        u32 any = NO_INDEX, display = enums[i].display;
        if (!mixed[enums[i].family] && map_get(&table->shared_displays, name_key(table, display)) != MAP_NONE &&
            !jsrs_type_named(table, TAG_STRUCT, display, &any))
            return false;
        enums[i].any = any != NO_INDEX && module->types.items[any].is_enum ? any : NO_INDEX;
    }
    return true;
}

bool jsrs_types_link(JsrsTypeTable *table) {
    JsrsModule *module = table->module;
    for (u32 i = 0; i < module->structs.count; i++) {
        if (!enter(table, &table->struct_names, module->structs.items[i].name, i)) return false;
    }
    for (u32 i = 0; i < module->enums.count; i++) {
        const JsrsEnum *definition = &module->enums.items[i];
        if (!enter(table, &table->enum_keys, definition->key, i)) return false;
        if (!enter_display(table, i)) return false;
    }
    // Parts of a type come before it, so one pass in order is enough; enums are bound again to what they are the same as.
    for (u32 i = 0; i < module->types.count; i++) link_type(table, &module->types.items[i]);
    if (!find_same(table)) return false;
    for (u32 i = 0; i < module->types.count; i++) {
        JsrsType *type = &module->types.items[i];
        if (type->is_enum) type->definition = module->enums.items[type->definition].same;
    }
    table->linked = true;
    return name_any(table);
}
