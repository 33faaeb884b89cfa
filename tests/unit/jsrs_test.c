// backend/jsrs on files: every fixture comes back byte for byte and validates, every malformed one gives its code, cut
// and changed files fail cleanly, memory that runs out is an error, hostile shapes take no more time than their size.
// Reads fixtures/; runs with backend/ as the working directory.
#include "check.h"

#include <dirent.h>
#include <stdlib.h>

#include "jsrs/jsrs.h"
#include "support/platform.h"

static const char *const good_folders[] = {"../fixtures/jsrs", "../fixtures/jsrs-bench"};
static const char malformed_folder[] = "../fixtures/jsrs-malformed";

typedef struct File {
    u8 *data; // exactly `len` bytes of the heap, so that the sanitiser sees a read past the end
    u32 len;
} File;

static File read_file(const char *folder, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *in = fopen(path, "rb");
    if (!in) {
        fprintf(stderr, "%s can't be read\n", path);
        exit(1);
    }
    fseek(in, 0, SEEK_END);
    File file = {NULL, (u32)ftell(in)};
    rewind(in);
    file.data = malloc(file.len ? file.len : 1);
    file.len = (u32)fread(file.data, 1, file.len, in);
    fclose(in);
    return file;
}

static Str bytes_of(File file) { return (Str){file.data, file.len}; }

static bool has_suffix(const char *name, const char *suffix) {
    size_t len = strlen(name), wanted = strlen(suffix);
    return len >= wanted && strcmp(name + len - wanted, suffix) == 0;
}

// Calls `test` with each JSRS file of a folder; returns how many there were.
static u32 for_each_file(const char *folder, void (*test)(const char *name, File file)) {
    DIR *dir = opendir(folder);
    if (!dir) return 0;
    u32 count = 0;
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        if (!has_suffix(entry->d_name, ".jsrbin")) continue;
        File file = read_file(folder, entry->d_name);
        test(entry->d_name, file);
        free(file.data);
        count++;
    }
    closedir(dir);
    return count;
}

// ---- good files ----

static bool encodes_to(const JsrsModule *module, File file) {
    Error error;
    error_clear(&error);
    Buf out;
    buf_init(&out, 0);
    bool same = jsrs_encode(module, &out, &error) && out.len == file.len && mem_equal(out.data, file.data, file.len);
    buf_free(&out);
    return same;
}

static bool line_is(const Buf *text, u32 line, const char *start) {
    u32 at = 0;
    for (; line > 0 && at < text->len; at++) line -= text->data[at] == '\n';
    size_t len = strlen(start);
    return at + len <= text->len && memcmp(text->data + at, start, len) == 0;
}

// The line of each source number, made alone, is what stands in the listing.
static bool lines_alone_agree(const JsrsModule *module, const Buf *text, const u32 *lines) {
    Buf alone;
    buf_init(&alone, 0);
    bool good = true;
    size_t at = 0;
    u32 line = 0;
    for (u32 f = 0; f < module->functions.count; f++) {
        const JsrsFunction *function = &module->functions.items[f];
        for (u32 b = 0; b < function->block_count; b++) {
            const JsrsBlock *block = &module->blocks.items[function->blocks + b];
            for (u32 source = block->site; good && source <= block->site + block->inst_count + 1; source++) {
                while (line < lines[source]) line += text->data[at++] == '\n';
                while (text->data[at] == ' ') at++;
                buf_clear(&alone);
                jsrs_listing_line(module, f, source, &alone);
                good = alone.len > 0 && at + alone.len < text->len && text->data[at + alone.len] == '\n' &&
                       memcmp(text->data + at, alone.data, alone.len) == 0;
            }
        }
    }
    buf_free(&alone);
    return good;
}

// The listing has a line for each source number, and the lines are where it says they are.
static void check_listing(const char *name, const JsrsModule *module) {
    Buf text, lines;
    buf_init(&text, 0);
    buf_init(&lines, 0);
    jsrs_listing(module, &text, &lines);
    bool good = lines.len == module->site_count * sizeof(u32);
    for (u32 b = 0; good && b < module->blocks.count; b++) {
        const JsrsBlock *block = &module->blocks.items[b];
        const u32 *at = (const u32 *)lines.data + block->site;
        char head[32];
        snprintf(head, sizeof head, "block%u", block->id);
        good = line_is(&text, at[0], head) && at[block->inst_count + 1] == at[0] + block->inst_count + 1;
    }
    good = good && lines_alone_agree(module, &text, (const u32 *)lines.data);
    if (!CHECK(good)) fprintf(stderr, "  listing of %s\n", name);
    buf_free(&text);
    buf_free(&lines);
}

// The number behind "key": in a JSON text, from `at` on.
static long json_number(const char *text, const char *key, const char **at) {
    *at = strstr(*at ? *at : text, key);
    return *at ? strtol(*at += strlen(key), NULL, 10) : -1;
}

// The description knows the line of each function's header without writing the listing.
static void check_description(const char *name, const JsrsModule *module) {
    Buf json, text;
    buf_init(&json, 0);
    buf_init(&text, 0);
    jsrs_describe(module, &json);
    buf_byte(&json, 0);
    jsrs_listing(module, &text, NULL);
    const char *at = NULL, *site_at = NULL;
    bool good = !json.failed;
    for (u32 f = 0; good && f < module->functions.count; f++) {
        u32 line = (u32)json_number((const char *)json.data, "\"line\":", &at);
        u32 site = (u32)json_number((const char *)json.data, "\"site\":", &site_at);
        good = line_is(&text, line, "fn ") && site == module->blocks.items[module->functions.items[f].blocks].site;
    }
    if (!CHECK(good)) fprintf(stderr, "  description of %s\n", name);
    buf_free(&json);
    buf_free(&text);
}

static u32 u32_at(File file, u32 offset) {
    const u8 *at = file.data + offset;
    return offset + 4 > file.len ? NO_INDEX : at[0] | (u32)at[1] << 8 | (u32)at[2] << 16 | (u32)at[3] << 24;
}

// What is said to begin at a byte does: an instruction and a terminator with their tags, a block with its id, a function with
// its name's.
static bool offsets_exact(const JsrsModule *module, File file) {
    bool exact = true;
    for (u32 i = 0; i < module->functions.count; i++)
        exact &= u32_at(file, module->functions.items[i].offset) == module->functions.items[i].name;
    for (u32 i = 0; i < module->blocks.count; i++) {
        const JsrsBlock *block = &module->blocks.items[i];
        exact &= u32_at(file, block->offset) == block->id && file.data[block->term.offset] == block->term.kind;
        for (u32 k = 0; k < block->inst_count; k++) {
            const JsrsInst *inst = &module->insts.items[block->insts + k];
            exact &= file.data[inst->offset] == inst->op;
        }
    }
    return exact;
}

static void test_good_file(const char *name, File file) {
    Arena arena;
    JsrsModule module;
    Error error;
    arena_init(&arena, 0);
    error_clear(&error);
    bool good = jsrs_decode(&module, &arena, bytes_of(file), &error) && encodes_to(&module, file) &&
                jsrs_validate(&module, true, &error) && module.resolved && encodes_to(&module, file);
    if (CHECK(good)) {
        if (!CHECK(offsets_exact(&module, file))) fprintf(stderr, "  %s\n", name);
        check_listing(name, &module);
        check_description(name, &module);
    } else {
        fprintf(stderr, "  %s: %.*s\n", name, (int)error.message_len, error.message);
    }
    arena_free(&arena);
}

// ---- any bytes ----

enum { TEXT_LIMIT = 1 << 16 };

// All that can be done with a file; the code of the first failure.
static ErrorCode process(Str bytes, bool check_types, size_t limit, Error *error) {
    Arena arena;
    JsrsModule module;
    arena_init(&arena, limit);
    error_clear(error);
    if (jsrs_decode(&module, &arena, bytes, error)) {
        if (limit == 0) CHECK(encodes_to(&module, (File){(u8 *)(size_t)bytes.data, bytes.len}));
        bool valid = jsrs_validate(&module, check_types, error);
        if (limit == 0 && !valid) CHECK(encodes_to(&module, (File){(u8 *)(size_t)bytes.data, bytes.len}));
        Buf text;
        buf_init(&text, TEXT_LIMIT);
        jsrs_listing(&module, &text, NULL);
        jsrs_describe(&module, &text);
        buf_free(&text);
    }
    arena_free(&arena);
    return error->code;
}

static bool reported_well(const Error *error, u32 size) {
    if (error->code == ERR_OK) return true;
    return error->message_len > 0 && error->where.offset != NO_OFFSET && error->where.offset <= size &&
           (error->code == ERR_VALIDATE) == (error->rule != NULL);
}

// What follows "accept": in index.json, from the row of this file on.
static bool accepts(const char *index, const char *name, ErrorCode code) {
    char row[128];
    snprintf(row, sizeof row, "\"file\": \"%s\"", name);
    const char *at = strstr(index, row);
    at = at ? strstr(at, "\"accept\": [") : NULL;
    if (!at) return false;
    for (at += strlen("\"accept\": ["); *at != ']'; at++) {
        if (strtol(at, NULL, 10) == (long)code) return true;
        while (*at != ',' && *at != ']') at++;
        if (*at == ']') break;
    }
    return false;
}

static char *malformed_index;

static void test_malformed_file(const char *name, File file) {
    Error error;
    ErrorCode code = process(bytes_of(file), true, 0, &error);
    if (code == ERR_OK) code = ERR_EXECUTE; // well-formed, asks for an entry that is not there
    if (!CHECK(accepts(malformed_index, name, code) && reported_well(&error, file.len))) {
        fprintf(stderr, "  %s: %d %.*s\n", name, code, (int)error.message_len, error.message);
    }
}

static void test_malformed(void) {
    File index = read_file(malformed_folder, "index.json");
    malformed_index = calloc(1, index.len + 1);
    memcpy(malformed_index, index.data, index.len);
    free(index.data);
    CHECK(for_each_file(malformed_folder, test_malformed_file) >= 50);
    free(malformed_index);
}

static const char *const sample_names[] = {"wrap_i32.v1.jsrbin", "vec_pop_eq.v2.jsrbin", "option_basic.v3.jsrbin",
                                           "array_struct.v3.jsrbin"};

static void test_prefixes(void) {
    for (u32 i = 0; i < countof(sample_names); i++) {
        File file = read_file(good_folders[0], sample_names[i]);
        for (u32 len = 0; len < file.len; len++) {
            u8 *prefix = malloc(len ? len : 1);
            memcpy(prefix, file.data, len);
            Error error;
            ErrorCode code = process((Str){prefix, len}, true, 0, &error);
            free(prefix);
            if (!CHECK(code == ERR_DESERIALIZE && reported_well(&error, len))) break;
        }
        free(file.data);
    }
}

static u64 random_state = 88172645463325252u;

// xorshift64: the same changes in every run.
static u32 random_below(u32 limit) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (u32)(random_state >> 32) % limit;
}

// A byte, a word that tends to matter, a stretch from elsewhere, or a cut.
static void mutate(File *file) {
    static const u32 words[] = {0, 1, 2, 0xffffffff, 0x7fffffff, 0x80000000, 0x10000};
    u32 at = random_below(file->len);
    switch (random_below(8)) {
    case 0: file->len = at + 1; break;
    case 1:
        if (file->len < 4) break;
        memcpy(file->data + random_below(file->len - 3), &words[random_below(countof(words))], 4);
        break;
    case 2: {
        u32 from = random_below(file->len), most = file->len - (at > from ? at : from);
        memmove(file->data + at, file->data + from, random_below(most < 40 ? most : 40));
        break;
    }
    case 3: file->data[at] = (u8)random_below(256); break;
    default: file->data[at] = (u8)(file->data[at] + random_below(5) - 2); break;
    }
}

static void test_mutations(void) {
    enum { ROUNDS = 20000 };
    u32 passed = 0;
    for (u32 i = 0; i < countof(sample_names); i++) {
        File file = read_file(good_folders[0], sample_names[i]);
        for (u32 round = 0; round < ROUNDS / countof(sample_names); round++) {
            File changed = {malloc(file.len), file.len};
            memcpy(changed.data, file.data, file.len);
            for (u32 n = 1 + random_below(3); n > 0; n--) mutate(&changed);
            Error error;
            passed += process(bytes_of(changed), round & 1, 0, &error) == ERR_OK;
            bool good = reported_well(&error, changed.len);
            free(changed.data);
            if (!CHECK(good)) break;
        }
        free(file.data);
    }
    CHECK(passed > ROUNDS / 100); // mutations that spare nothing would test the header only
}

// ---- memory ----

static void test_out_of_memory(void) {
    File file = read_file(good_folders[0], "array_struct.v3.jsrbin");
    for (u64 n = 1;; n++) {
        platform_fail_after(n);
        Arena arena;
        JsrsModule module;
        Error error;
        Buf out;
        arena_init(&arena, 0);
        error_clear(&error);
        buf_init(&out, 0);
        bool done = jsrs_decode(&module, &arena, bytes_of(file), &error) && jsrs_validate(&module, true, &error) &&
                    jsrs_encode(&module, &out, &error);
        platform_fail_after(0);
        arena_free(&arena);
        buf_free(&out);
        if (done) break;
        if (!CHECK(error.code == ERR_INTERNAL && n < 1000)) break;
    }
    free(file.data);
}

// An arena's limit is met at any place without harm.
static void test_memory_limit(void) {
    File file = read_file(good_folders[0], "vec_pop_eq.v2.jsrbin");
    Error error;
    size_t limit = 64;
    while (process(bytes_of(file), true, limit, &error) != ERR_OK && limit < 1 << 24) {
        if (!CHECK(error.code == ERR_INTERNAL)) break;
        limit += 97;
    }
    CHECK(limit < 1 << 24);
    free(file.data);
}

// ---- hostile shapes: large functions, written by hand ----

static void put_u32(Buf *out, u32 value) { buf_bytes(out, &value, sizeof value); }

static void put_words(Buf *out, const u32 *words, u32 count) { buf_bytes(out, words, count * sizeof(u32)); }

// Header and tables of a v2 file with one string, up to the function's list of blocks: fn main() -> unit.
static void begin_file(Buf *out) {
    static const u32 head[] = {0x52534A53, 2, 0, 32, 44, 52, 56, 60, 1, 4};
    static const u32 tables[] = {0, 0, 0, 0, 1, 0, 0};
    buf_init(out, 0);
    put_words(out, head, countof(head));
    buf_text(out, "main");
    put_words(out, tables, countof(tables));
    buf_byte(out, 4);
    put_u32(out, 0);
}

static void check_valid(Buf *file) {
    Error error;
    if (!CHECK(process((Str){file->data, (u32)file->len}, true, 0, &error) == ERR_OK)) {
        fprintf(stderr, "  %.*s\n", (int)error.message_len, error.message);
    }
    buf_free(file);
}

// Two chains of blocks that enter each other in both directions at every step, block ids far apart.
static void test_irreducible_function(void) {
    enum { BLOCKS = 40001, SPREAD = 100003 };
    Buf file;
    begin_file(&file);
    put_u32(&file, BLOCKS);
    for (u32 b = 0; b < BLOCKS; b++) {
        static const u8 bconst_0[] = {2, 0, 0, 0, 0, 2, 1};
        put_words(&file, (const u32[]){b * SPREAD, 0, b == 0}, 3);
        if (b == 0) buf_bytes(&file, bconst_0, sizeof bconst_0);
        u32 right = b % 2 ? b + 3 : b + 2, back = b < 3 ? 1 : b - 2;
        buf_byte(&file, 2); // br_if v0
        put_words(&file, (const u32[]){0, (right < BLOCKS ? right : b) * SPREAD, 0, back * SPREAD, 0}, 5);
    }
    check_valid(&file);
}

// Value ids spread over all of u32, each result used by the next instruction.
static void test_sparse_ids(void) {
    enum { VALUES = 50000, SPREAD = 85899 };
    Buf file;
    begin_file(&file);
    put_words(&file, (const u32[]){1, 0, 0, VALUES}, 4);
    for (u32 i = 0; i < VALUES; i++) {
        buf_byte(&file, i ? 13 : 0);
        put_u32(&file, i * SPREAD);
        buf_bytes(&file, (const u8[]){0, 2}, 2);
        put_u32(&file, i ? (i - 1) * SPREAD : 7);
        if (i == 0) put_u32(&file, 0);
    }
    buf_bytes(&file, (const u8[]){0, 0}, 2);
    check_valid(&file);
}

int main(void) {
    for (u32 i = 0; i < countof(good_folders); i++) CHECK(for_each_file(good_folders[i], test_good_file) > 5);
    test_malformed();
    test_prefixes();
    test_mutations();
    test_out_of_memory();
    test_memory_limit();
    test_irreducible_function();
    test_sparse_ids();
    CHECK(platform_reserved() == 0);
    return CHECK_DONE();
}
