/**
 * Typed calls over the exports of jsrust-wasm-tools.wasm (backend/api/tools_exports.def), which reads WebAssembly
 * modules: what they consist of, their functions as text, and what of them is run. Owns pointers and their release.
 * What it reads is checked structurally; types within code are left to the engine. The module is fetched only when the
 * first WebAssembly file is opened.
 */

/** @import { WasmFault, WasmFunction, WasmInfo } from './info.js' */

export const TOOLS = /** @type {const} */ ([
  'tools_alloc',
  'tools_reset',
  'tools_load',
  'tools_describe',
  'tools_functions',
  'tools_disassemble',
  'tools_module_text',
  'tools_rewrite',
  'tools_text_ptr',
  'tools_text_len',
  'tools_lines_ptr',
  'tools_lines_len',
]);

const OK = 0;
const OUT_OF_MEMORY = 100;

/**
 * @typedef {Record<typeof TOOLS[number], (...numbers: number[]) => number> & { memory: WebAssembly.Memory }} Exports
 */

const decoder = new TextDecoder();

export class ModuleTools {
  #exports;

  /** @param {WebAssembly.Exports} exports of a module that `checkedTools` has seen */
  constructor(exports) {
    this.#exports = /** @type {Exports} */ (/** @type {unknown} */ (exports));
    this.#exports.tools_reset();
  }

  /**
   * Decodes a module, in place of the one before. Throws when memory does not suffice.
   * @param {Uint8Array} bytes
   * @returns {{ ok: true } | { ok: false, fault: WasmFault }}
   */
  load(bytes) {
    this.#exports.tools_reset();
    const pointer = bytes.length === 0 ? 0 : this.#exports.tools_alloc(bytes.length) >>> 0;
    if (pointer === 0 && bytes.length > 0) throw new Error(`out of memory: no room for ${bytes.length} bytes`);
    this.#view(pointer, bytes.length).set(bytes);
    return this.#done(this.#exports.tools_load(pointer, bytes.length))
      ? { ok: true }
      : { ok: false, fault: this.#fault() };
  }

  /** What the loaded module consists of. @returns {WasmInfo} */
  describe() {
    return JSON.parse(this.#text(this.#exports.tools_describe()));
  }

  /** Functions with a body from the `first` of them on: as many as a description lists. @param {number} first @returns {WasmFunction[]} */
  functions(first) {
    return JSON.parse(this.#text(this.#exports.tools_functions(first))).functions;
  }

  /**
   * One function in the text format, and for each line the byte offset in the file that it stands for.
   * @param {number} index among all functions; an imported one gives its import line
   * @returns {{ text: string, offsets: Uint32Array }}
   */
  disassemble(index) {
    return this.#withOffsets(this.#exports.tools_disassemble(index));
  }

  /** The whole module in the text format, likewise. @returns {{ text: string, offsets: Uint32Array }} */
  moduleText() {
    return this.#withOffsets(this.#exports.tools_module_text());
  }

  /** @param {number} code of what made a text and its lines */
  #withOffsets(code) {
    const text = this.#text(code);
    const bytes = this.#view(this.#exports.tools_lines_ptr(), this.#exports.tools_lines_len()).slice();
    return { text, offsets: new Uint32Array(bytes.buffer, 0, bytes.length >>> 2) };
  }

  /**
   * The loaded module as it is run here (backend/wasm/rewrite.h): its own memories have maxima, by which they never have more
   * than `pages` pages together, and its start function is an export (guest/start-function.js). Imported memories stay as
   * they are, since what is given must fit them.
   * @param {number} pages of 64 KiB
   * @returns {{ bytes: Uint8Array<ArrayBuffer> } | { fault: WasmFault }} fault: it wants more from the start
   */
  rewrite(pages) {
    if (!this.#done(this.#exports.tools_rewrite(pages))) return { fault: this.#fault() };
    return { bytes: this.#view(this.#exports.tools_text_ptr(), this.#exports.tools_text_len()).slice() };
  }

  /** Gives the memory of the loaded module back. */
  close() {
    this.#exports.tools_reset();
  }

  /** Whether it went well; memory that ran out is nobody's module's fault. @param {number} code */
  #done(code) {
    if (code === OUT_OF_MEMORY) throw new Error(this.#sentence());
    return code === OK;
  }

  /** There may have been no memory for a text either. */
  #sentence() {
    return this.#exports.tools_text_len() === 0 ? 'out of memory' : this.#fault().message;
  }

  /** @returns {WasmFault} */
  #fault() {
    return JSON.parse(this.#made());
  }

  /** @param {number} code */
  #text(code) {
    if (!this.#done(code)) throw new Error(this.#sentence());
    return this.#made();
  }

  #made() {
    return decoder.decode(this.#view(this.#exports.tools_text_ptr(), this.#exports.tools_text_len()));
  }

  /** @param {number} pointer @param {number} length */
  #view(pointer, length) {
    if (length >>> 0 === 0) return new Uint8Array(0);
    return new Uint8Array(this.#exports.memory.buffer, pointer >>> 0, length >>> 0);
  }
}

/**
 * @param {WebAssembly.Module} module
 * @returns {string | null} what keeps it from being our tools, or null
 */
function faultOfTools(module) {
  const imports = WebAssembly.Module.imports(module);
  if (imports.length > 0) return `it imports ${imports[0].module}.${imports[0].name}; the tools import nothing`;
  const kinds = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  if (kinds.get('memory') !== 'memory') return 'it does not export its memory';
  const missing = TOOLS.filter((name) => kinds.get(name) !== 'function');
  return missing.length > 0 ? `it does not export ${missing.join(', ')}` : null;
}

/**
 * Takes a module that may not be ours; throws the sentence that refuses it.
 * @param {WebAssembly.Module} module
 * @param {string} from where it came from, for the sentence
 */
export function checkedTools(module, from) {
  const fault = faultOfTools(module);
  if (fault !== null) throw new Error(`${from} is not the module reader: ${fault}`);
  return module;
}

/** @param {string | URL} address */
export async function fetchTools(address) {
  const response = await fetch(address);
  if (!response.ok)
    throw new Error(`the module reader could not be fetched from ${address}: status ${response.status}`);
  return checkedTools(await WebAssembly.compile(await response.arrayBuffer()), String(address));
}

/** @param {WebAssembly.Module} module from `checkedTools` */
export function instantiateTools(module) {
  return new ModuleTools(new WebAssembly.Instance(module).exports);
}
