# The project's commands; `make` alone lists them. The backend's own rules are in backend/Makefile.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
# Sub-makes build in parallel, unless a -j of the caller already says how.
BACKEND = $(MAKE) -s -C backend $(if $(findstring -j,$(MAKEFLAGS)),,-j$(CORES))
WASM := backend/bin/jsrust-backend.wasm backend/bin/jsrust-interpreter.wasm backend/bin/jsrust-wasm-tools.wasm

.PHONY: help wasm native web serve watch test bless fuzz bench format lint compile_commands.json clean FORCE
.PHONY: setup-backend setup-web setup-test

help: ## list these targets
	@sed -n 's/^\([a-z_.-]*\):[^#]*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{printf "  %-28s%s\n", $$1, $$2}'
	@echo "  make test-PART              one part of the tests: $$(node tests/run.mjs --list 2>/dev/null || echo see tests/README.md)"

# Each is a fast no-op once the tools are there. A target that needs more than a compiler asks for all of it first, so
# that what is missing is told in one line; and one after the other, as they share apt and npm.
.NOTPARALLEL:
setup-backend setup-web setup-test:
	@sh .ci/setup $(@:setup-%=%)

wasm: $(WASM) ## build the .wasm files of backend/bin
$(WASM) &: FORCE | setup-backend
	+@$(BACKEND) wasm
native: | setup-backend ## build backend/bin/jsrust-backend-c
	+@$(BACKEND) native

# The bundle is made anew when anything that goes into it is newer.
WEB_SOURCES := $(shell find web runner fixtures -type f -not -path 'web/dist/*' 2>/dev/null) package-lock.json
web: setup-web web/dist/index.html ## build the page into web/dist
web/dist/index.html: $(WASM) $(WEB_SOURCES)
	node web/build.mjs
	@touch $@

serve: ## serve the page at http://localhost:4173/
	@python3 serve.py
watch: ## serve, rebuild on every change and reload the page
	@python3 serve.py --watch --quiet

test: setup-test ## run every test; closes with `N passed, N failed`
	@node tests/run.mjs
test-%: setup-test
	@node tests/run.mjs $*
bless: setup-backend ## rewrite expected results from what is; read the diff
	+@UPDATE=1 $(BACKEND) test
fuzz: setup-test ## hunt for crashes for MINUTES (default 30)
	+@$(BACKEND) fuzz-bins && node tests/fuzz/long.mjs
bench: setup-web wasm native ## measure ratios against rustc, Lua and native, all in one run
	@node tests/bench/bench.mjs

C_FILES = $(shell find backend tests fixtures -name '*.[ch]' -not -path 'backend/build/*')
CLANG_FORMAT := $(shell for c in clang-format-14 clang-format; do command -v $$c && break; done)
format: setup-test ## format C (clang-format 14) and JavaScript (prettier)
	@$(CLANG_FORMAT) -i $(C_FILES)
	@node_modules/.bin/prettier --log-level warn --write .
lint: setup-test ## check formatting, types and layers
	@node tests/run.mjs lint
compile_commands.json: | setup-backend ## for editors
	+@$(BACKEND) compile_commands.json && cp backend/compile_commands.json .

clean: ## remove what was built
	@$(MAKE) -C backend clean
	rm -rf web/dist tests/out compile_commands.json
