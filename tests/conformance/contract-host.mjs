// A host written from section 17 of the JSRS specification and nothing else: what JSRust itself does with a backend.
// It knows none of this project's own exports, so a backend that only works with our runner fails here.

const CONTRACT = [
  'jsrust_wasm_alloc',
  'jsrust_wasm_reset',
  'jsrust_wasm_run',
  'jsrust_wasm_result_code',
  'jsrust_wasm_result_has_exit_value',
  'jsrust_wasm_result_exit_value',
  'jsrust_wasm_result_message_ptr',
  'jsrust_wasm_result_message_len',
  'jsrust_wasm_stdout_ptr',
  'jsrust_wasm_stdout_len',
  'jsrust_wasm_trace_ptr',
  'jsrust_wasm_trace_len',
];

/**
 * @typedef {{ code: number, exitValue: string | null, message: string, stdout: Buffer, trace: string }} ContractResult
 */

/** Refuses a module that lacks a name, as JSRust's host does. */
export async function loadContract(/** @type {BufferSource} */ wasm) {
  const { instance } = await WebAssembly.instantiate(wasm, {});
  const exports = /** @type {any} */ (instance.exports);
  for (const name of CONTRACT) {
    if (typeof exports[name] !== 'function') throw new Error(`the backend does not export ${name}`);
  }
  if (!(exports.memory instanceof WebAssembly.Memory)) throw new Error('the backend does not export memory');

  const put = (/** @type {Uint8Array} */ bytes) => {
    if (bytes.length === 0) return 0;
    const at = exports.jsrust_wasm_alloc(bytes.length) >>> 0;
    if (at === 0) throw new Error('alloc failed');
    new Uint8Array(exports.memory.buffer).set(bytes, at); // memory may have grown: a new view each time
    return at;
  };
  const span = (/** @type {string} */ name) => {
    const at = exports[`jsrust_wasm_${name}_ptr`]() >>> 0;
    const length = exports[`jsrust_wasm_${name}_len`]() >>> 0;
    return length === 0 ? Buffer.alloc(0) : Buffer.from(new Uint8Array(exports.memory.buffer, at, length));
  };
  /** @returns {ContractResult} */
  const results = () => ({
    code: exports.jsrust_wasm_result_code(),
    exitValue: exports.jsrust_wasm_result_has_exit_value() ? String(exports.jsrust_wasm_result_exit_value()) : null,
    message: span('result_message').toString('utf8'),
    stdout: span('stdout'),
    trace: span('trace').toString('utf8'),
  });

  return {
    exports,
    results,
    reset: () => exports.jsrust_wasm_reset(),
    /** The flow of a run; `reset: false` leaves its first step out. */
    run(/** @type {Uint8Array} */ file, entry = 'main', { trace = false, reset = true } = {}) {
      if (reset) exports.jsrust_wasm_reset();
      const name = new TextEncoder().encode(entry);
      const input = put(file);
      const entryAt = put(name);
      const returned = exports.jsrust_wasm_run(input, file.length, entryAt, name.length, trace ? 1 : 0);
      const result = results();
      if (returned !== result.code) throw new Error(`run returned ${returned} but the code is ${result.code}`);
      return result;
    },
  };
}
