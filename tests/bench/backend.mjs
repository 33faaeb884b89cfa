// The WebAssembly backend driven directly, so that what is timed is the backend and not a host around it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/files.mjs';

// Another build may be measured, as with the runner.
export const WASM = process.env.JSRUST_BACKEND_WASM ?? join(project, 'backend/bin/jsrust-backend.wasm');
const SPENT = 1; // states of jsrust_resume (backend/api/exports.def)
const module = new WebAssembly.Module(readFileSync(WASM));

/** A fresh instance. */
export function instantiate() {
  const exports = /** @type {any} */ (new WebAssembly.Instance(module, {}).exports);
  const bytes = (/** @type {string} */ name) =>
    new Uint8Array(exports.memory.buffer, exports[`${name}_ptr`]() >>> 0, exports[`${name}_len`]() >>> 0);

  const check = (/** @type {number} */ code, /** @type {string} */ doing) => {
    if (code === 0) return;
    throw new Error(`${doing}: code ${code}, ${new TextDecoder().decode(bytes('jsrust_wasm_result_message'))}`);
  };

  return {
    exports,
    /** Loads a file and returns the milliseconds that reading and checking it took. */
    load(/** @type {Uint8Array} */ file) {
      exports.jsrust_wasm_reset();
      const at = exports.jsrust_wasm_alloc(file.length) >>> 0;
      if (at === 0) throw new Error('no memory for the file');
      new Uint8Array(exports.memory.buffer).set(file, at);
      const began = performance.now();
      check(exports.jsrust_load(at, file.length), 'load');
      return performance.now() - began;
    },
    /** Translates the loaded file from `main` on; milliseconds. */
    start() {
      const began = performance.now();
      check(exports.jsrust_start(0, 0), 'start');
      return performance.now() - began;
    },
    /** Runs to the end in slices; milliseconds, and the output. */
    finish(slice = 2_000_000n) {
      /** @type {Uint8Array[]} */
      const output = [];
      let state;
      const began = performance.now();
      do {
        state = exports.jsrust_resume(slice);
        if (exports.jsrust_wasm_stdout_len() > 0) {
          output.push(bytes('jsrust_wasm_stdout').slice());
          exports.jsrust_output_drain();
        }
      } while (state === SPENT);
      const milliseconds = performance.now() - began;
      if (state !== 0) check(exports.jsrust_wasm_result_code(), 'run');
      return { milliseconds, output: Buffer.concat(output) };
    },
    option(/** @type {number} */ key, /** @type {bigint} */ value) {
      if (exports.jsrust_option(key, value) !== 1) throw new Error(`option ${key} is not known`);
    },
    /** What the last result says. */
    message: () => new TextDecoder().decode(bytes('jsrust_wasm_result_message')),
    memory: () => exports.memory.buffer.byteLength,
  };
}
