# The compiler and the linker for WebAssembly: CLANG and WASM_LD, which a caller may name instead.
# Debian names the newest compiler `clang` and keeps `clang-14` beside it; either will do.
VERSIONS := 14 15 16 17 18 19 20 21
CLANG    ?= $(shell for c in clang $(VERSIONS:%=clang-%); do command -v $$c && break; done)
WASM_LD  ?= $(shell for c in wasm-ld $(VERSIONS:%=wasm-ld-%); do command -v $$c && break; done)
ifneq ($(MAKECMDGOALS),clean)
$(if $(and $(CLANG),$(WASM_LD)),,$(error clang or lld is missing: type `sh .ci/setup backend` in the project's own folder))
endif
