// libFuzzer's entry for WebAssembly modules.
#include "wasm_case.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size) {
    static const u8 nothing[1];
    if (size <= UINT32_MAX) (void)wasm_case((Str){size ? data : nothing, (u32)size});
    return 0;
}
