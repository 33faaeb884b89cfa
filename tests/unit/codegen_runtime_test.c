// The packed runtime: unpacked it is what runtime.def says, its holes lie where calls and globals are, and each adapter
// reaches its own output only. What the functions do is tested in tests/host/runtime-*.test.js.
#include "check.h"

#include "codegen/module_writer.h"
#include "codegen/runtime_link.h"

static const struct {
    const char *name, *params, *result, *meaning;
} rows[] = {
#define RUNTIME(name, params, result, meaning) {#name, params, result, meaning},
#include "codegen/runtime.def"
};

static bool same_types(const u8 *types, u32 count, const char *want) {
    if (strlen(want) != count) return false;
    for (u32 i = 0; i < count; i++)
        if (types[i] != (want[i] == 'i' ? WASM_I32 : want[i] == 'l' ? WASM_I64 : want[i] == 'f' ? WASM_F32 : WASM_F64))
            return false;
    return true;
}

static void test_named(const Runtime *runtime) {
    CHECK(runtime->function_count >= RUNTIME_NAMED_COUNT);
    for (u32 i = 0; i < RUNTIME_NAMED_COUNT; i++) {
        const RuntimeCode *f = &runtime->functions[i];
        CHECK_TEXT(f->name, ((Str){(const u8 *)rows[i].name, (u32)strlen(rows[i].name)}));
        bool late = strncmp(rows[i].meaning, "late", 4) == 0;
        CHECK(late == (f->size == 0));
        if (late) continue;
        CHECK(same_types(f->signature.params, f->signature.param_count, rows[i].params));
        CHECK(same_types(f->signature.results, f->signature.result_count, rows[i].result));
    }
}

static void test_holes(const Runtime *runtime) {
    for (u32 i = 0; i < runtime->function_count; i++) {
        const RuntimeCode *f = &runtime->functions[i];
        if (f->size == 0) continue;
        CHECK(f->bytes[f->size - 1] == (u8)W_END);
        for (u32 r = 0; r < f->ref_count; r++) {
            u32 at = f->refs[r].at, symbol = f->refs[r].symbol;
            if (!CHECK(at > 0 && at < f->size && (r == 0 || at > f->refs[r - 1].at))) continue;
            u8 op = f->bytes[at - 1];
            if (symbol == SYMBOL_GLOBAL + GLOBAL_STACK_POINTER) {
                CHECK(op == (u8)W_GLOBAL_GET || op == (u8)W_GLOBAL_SET);
            } else {
                CHECK(op == (u8)W_CALL);
                CHECK(symbol - SYMBOL_RUNTIME < runtime->function_count || symbol - SYMBOL_IMPORT < IMPORT_COUNT);
            }
        }
        for (u32 n = 0; n < f->data_count; n++)
            CHECK(f->data[n] < runtime->data_count && (n == 0 || f->data[n] > f->data[n - 1]));
    }
}

static void test_data(const Runtime *runtime) {
    u32 end = RUNTIME_DATA_START, texts = 0;
    for (u32 i = 0; i < runtime->data_count; i++) {
        const RuntimeData *data = &runtime->data[i];
        if (i < RUNTIME_CELL_COUNT) {
            CHECK(!data->bytes && data->size == (i == RUNTIME_CELL_HIGH ? 8 : 4) && data->address % data->size == 0);
            CHECK(runtime_cell((RuntimeCell)i) == data->address);
            continue;
        }
        CHECK(data->address >= end);
        end = data->address + data->size;
        texts += data->bytes && data->size > 3 && memcmp(data->bytes, "ok\0entered unreachable", 22) == 0;
    }
    CHECK(texts == 1);
    CHECK(end <= 8192); // addresses behind it take two bytes
}

static bool reaches(const Runtime *runtime, const bool *linked, ImportFunction import) {
    for (u32 i = 0; i < runtime->function_count; i++)
        for (u32 r = 0; linked[i] && r < runtime->functions[i].ref_count; r++)
            if (runtime->functions[i].refs[r].symbol == SYMBOL_IMPORT + (u32)import) return true;
    return false;
}

enum { FUNCTIONS_MOST = 256 };

static void test_reach(const Runtime *runtime) {
    const CodegenOptions ways[] = {
        {.adapter = ADAPTER_JSRUST}, {.adapter = ADAPTER_JSRUST, .block_write = true}, {.adapter = ADAPTER_WASI}};
    const bool imports[][IMPORT_COUNT] = {{[IMPORT_WRITE_BYTE] = true, [IMPORT_FLUSH] = true},
                                          {[IMPORT_WRITE] = true},
                                          {[IMPORT_FD_WRITE] = true, [IMPORT_PROC_EXIT] = true}};
    u32 ends[countof(ways)][2];
    for (u32 way = 0; way < countof(ways); way++) {
        bool linked[FUNCTIONS_MOST] = {[RUNTIME_print_i64] = true, [RUNTIME_flush] = true};
        ends[way][0] = runtime_reach(runtime, &ways[way], linked);
        CHECK(!linked[RUNTIME_print_f64] && linked[runtime_bound(RUNTIME_flush, &ways[way])]);
        linked[RUNTIME_print_f64] = linked[RUNTIME_trap] = true;
        ends[way][1] = runtime_reach(runtime, &ways[way], linked);
        for (u32 i = 0; i < IMPORT_COUNT; i++) CHECK(reaches(runtime, linked, (ImportFunction)i) == imports[way][i]);
        bool again[FUNCTIONS_MOST];
        memcpy(again, linked, sizeof linked);
        CHECK(runtime_reach(runtime, &ways[way], linked) == ends[way][1] && memcmp(again, linked, sizeof linked) == 0);
    }
    CHECK(ends[0][0] > RUNTIME_DATA_START && ends[0][0] <= ends[0][1] && ends[0][1] < ends[1][0]);
    bool none[FUNCTIONS_MOST] = {[RUNTIME_moved_pointer] = true, [RUNTIME_f64_to_i32] = true};
    CHECK(runtime_reach(runtime, &ways[0], none) == RUNTIME_DATA_START);
    CHECK(runtime_bound(RUNTIME_trap, &ways[0]) == NO_INDEX);
}

int main(void) {
    Arena arena;
    Runtime runtime;
    size_t limit = 64;
    // Out of memory at every step until there is enough.
    for (;; limit += 64) {
        arena_init(&arena, limit);
        if (runtime_unpack(&arena, &runtime)) break;
        CHECK(arena.failed);
        arena_free(&arena);
    }
    CHECK(limit > 1024 && runtime.function_count <= FUNCTIONS_MOST);
    test_named(&runtime);
    test_holes(&runtime);
    test_data(&runtime);
    test_reach(&runtime);
    arena_free(&arena);
    return CHECK_DONE();
}
