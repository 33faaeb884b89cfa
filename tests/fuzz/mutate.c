// mutate SEED COUNT FILE...: runs every prefix of each file and COUNT seeded mutations of it in this process, some without
// type validation; half of the mutations are of bytes, half of the decoded file. What is called *.wasm goes through the
// reader of WebAssembly modules instead, with mutations of bytes only. The same arguments give the same inputs. What was run
// before in the same way is counted again and not run again. Reports the slowest input, how many ended in each code and how
// many came again; fails if one took more than a second. An input that crashes, hangs or is slow is left as
// crash-SEED-N.jsrbin or slow-SEED-N.jsrbin. The environment's SAMPLES names a file for some of the modules that inputs were
// compiled to (case_sample).
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "jsrs_case.h"
#include "mutate_model.h"
#include "wasm_case.h"

enum { HANG_SECONDS = 20, SLOW_MS = 1000, ROUNDS_MOST = 3, MUTATIONS_MOST = 6, GROWTH_MOST = 256 };

typedef struct File {
    const char *name;
    u8 *data;
    u32 len;
    bool is_wasm;
} File;

// ---- the input at work, for the handlers ----

static Str current;
static bool current_is_wasm;
static unsigned long current_number, current_seed;

static void save_as(const char *kind) {
    char path[64];
    snprintf(path, sizeof path, "%s-%lu-%lu.%s", kind, current_seed, current_number,
             current_is_wasm ? "wasm" : "jsrbin");
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (out >= 0 && write(out, current.data, current.len) == (ssize_t)current.len) {
        fprintf(stderr, "the input was left as %s\n", path);
    }
}

static void save_current(void) { save_as("crash"); }

static void on_signal(int number) {
    fprintf(stderr, number == SIGPROF ? "an input takes longer than %d s\n" : "aborted\n", HANG_SECONDS);
    save_current();
    _exit(1);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
void __sanitizer_set_death_callback(void (*callback)(void));
#define HAS_DEATH_CALLBACK 1
#endif
#endif

static void watch(void) {
    signal(SIGPROF, on_signal);
    signal(SIGABRT, on_signal);
#ifdef HAS_DEATH_CALLBACK
    __sanitizer_set_death_callback(save_current);
#endif
}

// ---- running ----

typedef struct Tally {
    unsigned long inputs, codes[101], slow, again;
    double slowest_ms;
    char slowest[200];
} Tally;

// Processor time, which others on the machine do not disturb.
static double now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

// How the input of a number is run: one in eight of either kind of mutation is not validated, one in four of all these is
// run in all ways.
typedef struct Way {
    bool validate, all_ways;
} Way;

static Way way_of(unsigned long number) { return (Way){number % 8 > 1, number / 8 % 4 == 0}; }

static u32 run_case(Str input, Way way) {
    return current_is_wasm ? wasm_case(input) : case_input(input, way.validate, way.all_ways);
}

static u32 run_one(Tally *tally, Str input, Way way, const char *name, const char *what, unsigned long number) {
    current = input;
    current_number = tally->inputs;
    u32 code = 0;
    double took = 1e9;
    // A virtual machine that is held up may count that as ours: what is slow is slow again.
    for (int round = 0; round < ROUNDS_MOST && took > SLOW_MS; round++) {
        CASE_EXPECT(setitimer(ITIMER_PROF, &(struct itimerval){.it_value = {.tv_sec = HANG_SECONDS}}, NULL) == 0);
        double began = now_ms();
        code = run_case(input, way);
        double again = now_ms() - began;
        if (again < took) took = again;
    }
    if (took > SLOW_MS) {
        tally->slow++;
        save_as("slow");
    }
    if (took <= tally->slowest_ms) return code;
    tally->slowest_ms = took;
    snprintf(tally->slowest, sizeof tally->slowest, "%s, %s %lu%s", name, what, number,
             way.validate ? "" : ", types not validated");
    return code;
}

// ---- mutations ----

static u64 random_state;

static u32 random_below(u32 limit) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return limit ? (u32)((random_state >> 32) * limit >> 32) : 0;
}

static void put_u32(u8 *bytes, u32 len, u32 at, u32 value) {
    if (at + 4 <= len) memcpy(bytes + at, &value, 4);
}

static u32 get_u32(const u8 *bytes, u32 len, u32 at) {
    u32 value = 0;
    if (at + 4 <= len) memcpy(&value, bytes + at, 4);
    return value;
}

// One change in place; the file may grow by a few bytes or shrink. Numbers that are near others of the file, or that
// the file has elsewhere, pass the reader more often than random bytes do and reach deeper.
static u32 mutate_once(u8 *bytes, u32 len, u32 capacity, const File *files, u32 file_count) {
    static const u32 edges[] = {0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
    if (len == 0) return 0;
    u32 at = random_below(len);
    switch (random_below(11)) {
    case 0: bytes[at] ^= (u8)(1u << random_below(8)); return len;
    case 1: bytes[at] = (u8)random_below(256); return len;
    case 2: bytes[at] = (u8)random_below(48); return len; // an opcode, a tag, a width
    case 3: put_u32(bytes, len, at, edges[random_below(countof(edges))]); return len;
    case 4: put_u32(bytes, len, at, get_u32(bytes, len, at) + random_below(9) - 4); return len;
    case 5: put_u32(bytes, len, at, get_u32(bytes, len, random_below(len))); return len;
    case 6: put_u32(bytes, len, at, random_below(200)); return len;
    case 7: { // a piece of the file moves over another
        u32 from = random_below(len), size = random_below(64);
        if (size > len - at) size = len - at;
        if (size > len - from) size = len - from;
        memmove(bytes + at, bytes + from, size);
        return len;
    }
    case 8: { // a piece goes
        u32 size = random_below(24);
        if (size > len - at) size = len - at;
        memmove(bytes + at, bytes + at + size, len - at - size);
        return len - size;
    }
    case 9: { // a piece comes twice
        u32 size = random_below(24);
        if (size > len - at) size = len - at;
        if (size > capacity - len) size = capacity - len;
        memmove(bytes + at + size, bytes + at, len - at);
        return len + size;
    }
    default: { // a piece of another file
        const File *other = &files[random_below(file_count)];
        u32 size = random_below(48), from = random_below(other->len);
        if (size > len - at) size = len - at;
        if (size > other->len - from) size = other->len - from;
        memcpy(bytes + at, other->data + from, size);
        return len;
    }
    }
}

// ---- a file's inputs ----

// The codes that what was run of the present file ended in. One mutation in three gives what another gave, or the file as
// it is: as these mostly are valid they would take more than half of the time and tell nothing new.
typedef struct Seen {
    Arena arena;
    Map codes;
} Seen;

// Each input gets a block of its own size, so that reading past its end is noticed.
static void run_copy(Tally *tally, Seen *seen, Str input, Way way, const char *name, const char *what,
                     unsigned long number) {
    const u64 key = hash_bytes(input.data, input.len) << 2 | (u64)way.validate << 1 | way.all_ways;
    u32 code = map_get(&seen->codes, key);
    if (code != MAP_NONE) {
        tally->again++;
    } else {
        u8 *copy = malloc(input.len ? input.len : 1);
        CASE_EXPECT(copy != NULL);
        memcpy(copy, input.data, input.len);
        code = run_one(tally, (Str){copy, input.len}, way, name, what, number);
        CASE_EXPECT(map_set(&seen->arena, &seen->codes, key, code));
        free(copy);
    }
    tally->inputs++;
    tally->codes[code]++;
}

static void run_prefixes(Tally *tally, Seen *seen, const File *file) {
    for (u32 len = 0; len <= file->len; len++) {
        const Way way = {true, way_of(len).all_ways};
        run_copy(tally, seen, (Str){file->data, len}, way, file->name, "prefix", len);
    }
}

static void run_mutations(Tally *tally, Seen *seen, const File *file, unsigned long count, const File *files,
                          u32 file_count) {
    u32 capacity = file->len + GROWTH_MOST;
    u8 *bytes = malloc(capacity);
    CASE_EXPECT(bytes != NULL);
    MutableModel model = {0};
    if (!file->is_wasm) mutable_open(&model, (Str){file->data, file->len});
    Buf written = {0};
    for (unsigned long i = 0; i < count; i++) {
        u32 len = file->len, changes = 1 + random_below(MUTATIONS_MOST);
        Str input = {bytes, 0};
        buf_clear(&written);
        if (i % 2 && mutate_model(&model, changes, random_below, &written)) {
            input = (Str){written.data, (u32)written.len};
        } else {
            memcpy(bytes, file->data, len);
            while (changes--) len = mutate_once(bytes, len, capacity, files, file_count);
            input.len = len;
        }
        run_copy(tally, seen, input, way_of(i), file->name, "mutation", i);
    }
    buf_free(&written);
    mutable_close(&model);
    free(bytes);
}

// ---- main ----

static File read_file(const char *name) {
    const char *end = strrchr(name, '.');
    File file = {.name = name, .is_wasm = end && strcmp(end, ".wasm") == 0};
    FILE *in = fopen(name, "rb");
    if (!in) {
        perror(name);
        exit(1);
    }
    fseek(in, 0, SEEK_END);
    long size = ftell(in);
    rewind(in);
    file.data = malloc((size_t)size + 1);
    CASE_EXPECT(file.data != NULL);
    file.len = (u32)fread(file.data, 1, (size_t)size, in);
    fclose(in);
    return file;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: mutate SEED COUNT FILE...\n");
        return 11;
    }
    current_seed = strtoul(argv[1], NULL, 10);
    unsigned long count = strtoul(argv[2], NULL, 10);
    u32 file_count = (u32)argc - 3;
    File *files = calloc(file_count, sizeof *files);
    CASE_EXPECT(files != NULL);
    for (u32 i = 0; i < file_count; i++) files[i] = read_file(argv[3 + i]);
    watch();
    const char *samples = getenv("SAMPLES");
    case_samples = samples ? fopen(samples, "wb") : NULL;
    CASE_EXPECT(!samples || case_samples);
    Tally tally = {0};
    for (u32 i = 0; i < file_count; i++) {
        random_state = (u64)(current_seed + 1) * 0x9e3779b97f4a7c15u ^ (u64)i << 32 ^
                       files[i].len; // apart from the other files
        current_is_wasm = files[i].is_wasm;
        Seen seen = {0};
        run_prefixes(&tally, &seen, &files[i]);
        run_mutations(&tally, &seen, &files[i], count, files, file_count);
        arena_free(&seen.arena);
    }
    for (u32 code = 0; code < countof(tally.codes); code++) {
        if (tally.codes[code]) printf("code %u: %lu\n", code, tally.codes[code]);
    }
    printf("again: %lu\n", tally.again);
    printf("slowest: %.1f ms (%s)\n", tally.slowest_ms, tally.slowest);
    printf("%lu passed, %lu failed\n", tally.inputs - tally.slow, tally.slow);
    for (u32 i = 0; i < file_count; i++) free(files[i].data);
    free(files);
    if (case_samples) CASE_EXPECT(fclose(case_samples) == 0);
    return tally.slow > 0;
}
