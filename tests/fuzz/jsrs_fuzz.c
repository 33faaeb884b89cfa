// libFuzzer's entry. The lowest bit of the input's last byte chooses whether types are validated. Half of the mutations
// are libFuzzer's own, of bytes; the other half changes the decoded file.
#include <string.h>

#include "jsrs_case.h"
#include "mutate_model.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t size_most, unsigned seed);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t size_most);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size) {
    if (size > UINT32_MAX) return 0;
    (void)case_input((Str){data, (u32)size}, size == 0 || (data[size - 1] & 1) == 0, true);
    return 0;
}

static u64 random_state;

static u32 random_below(u32 limit) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return limit ? (u32)((random_state >> 32) * limit >> 32) : 0;
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t size_most, unsigned seed) {
    random_state = seed;
    if (size > UINT32_MAX || random_below(2)) return LLVMFuzzerMutate(data, size, size_most);
    MutableModel model;
    mutable_open(&model, (Str){data, (u32)size});
    Buf bytes = {0};
    size_t made = 0;
    if (mutate_model(&model, 1 + random_below(4), random_below, &bytes) && bytes.len <= size_most) {
        made = bytes.len;
        memcpy(data, bytes.data, made);
    }
    buf_free(&bytes);
    mutable_close(&model);
    return made ? made : LLVMFuzzerMutate(data, size, size_most);
}
