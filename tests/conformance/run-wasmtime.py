"""Runs modules of the wasi adapter in wasmtime, with its usual settings. A line of standard input names a module and the
files for its output, as JSON: {wasm, stdout, stderr}; a line of standard output is how it ended: {status} or {fault}."""

import json
import sys

import wasmtime

engine = wasmtime.Engine()
linker = wasmtime.Linker(engine)
linker.define_wasi()


def run(job):
    store = wasmtime.Store(engine)
    wasi = wasmtime.WasiConfig()
    wasi.stdout_file = job["stdout"]
    wasi.stderr_file = job["stderr"]
    store.set_wasi(wasi)
    module = wasmtime.Module.from_file(engine, job["wasm"])
    try:
        linker.instantiate(store, module).exports(store)["_start"](store)
        return {"status": 0}
    except wasmtime.ExitTrap as end:
        return {"status": end.code}
    except (wasmtime.Trap, wasmtime.WasmtimeError) as end:
        return {"fault": str(end)}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
