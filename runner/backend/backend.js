/**
 * Typed calls over the exports of jsrust-backend.wasm (backend/api/exports.def). Owns pointers and their release:
 * nothing outside this file sees an address. Views are made anew after each call, because memory may have grown, and
 * everything that is handed out is a copy.
 * A trap of the backend itself surfaces as the WebAssembly.RuntimeError it is: callers drop the instance.
 */
import { TEXT_BYTES, noLimits } from '../limits.js';
import { CODE, helpFor, hostReport } from '../result.js';
import { ADAPTERS, CODEGEN, EVENT_BYTES, LEVELS, OPTION, STAT, TEXT, TRACE } from './abi.js';

/** @import { Report } from '../result.js' */
/** @import { ModuleInfo, TraceRequest } from '../protocol.js' */
/** @import { Limits } from '../limits.js' */
/** @import { Adapter, Exports, Level } from './abi.js' */

/**
 * How a program is compiled. `blockWrite`: output goes out by `env.jsrust_write`, which our own hosts serve; `map`: with
 * the places of traps; `mvp`: WebAssembly 1.0 alone. `memory` in bytes, 0 = 256 MiB; `depth`: nested calls, 0 = those of
 * the engine's stack (wasi: as many as a standalone runtime has room for, 10,500 of a small function). Default: level O1
 * with the map, else nothing.
 * @typedef {{ level?: Level, adapter?: Adapter, names?: boolean, map?: boolean, blockWrite?: boolean, mvp?: boolean,
 *   origins?: boolean, memory?: number, depth?: number }} CompileOptions
 */
/**
 * `origins`, if asked for: which bytes come from where, four numbers each: offset, function, value, block (CodegenOrigin in
 * backend/codegen/codegen.h). `givesExitValue`: whether running it does.
 * @typedef {{ code: number, bytes: Uint8Array<ArrayBuffer> | null, origins: Uint32Array<ArrayBuffer> | null,
 *   givesExitValue: boolean }} Compiled
 */

/** @typedef {{ text: string, report: null } | { text: null, report: Report }} MadeText */

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class Backend {
  #exports;
  /** The entry name last given. It is kept, because what is allocated comes free only with the next load. */
  #entry = { name: '', pointer: 0, length: 0 };
  /** The entry of the last start or compile that went well: that of the texts of the IR. @type {string | null} */
  #prepared = null;

  /** @param {WebAssembly.Exports} exports of a module that load.js has checked */
  constructor(exports) {
    this.#exports = /** @type {Exports} */ (/** @type {unknown} */ (exports));
    this.#exports.jsrust_wasm_reset();
  }

  /**
   * Decodes and validates a file.
   * @param {Uint8Array} file
   * @param {{ validate: boolean }} options
   * @returns {number} the code
   */
  load(file, { validate }) {
    this.#exports.jsrust_wasm_reset();
    this.#entry = { name: '', pointer: 0, length: 0 };
    this.#prepared = null;
    this.#option(OPTION.VALIDATE, validate ? 1 : 0);
    return this.#exports.jsrust_load(this.#give(file), file.length);
  }

  /**
   * Prepares a run of the loaded file, in place of any run before.
   * @param {{ entry: string, limits: Limits, trace: TraceRequest | null }} request
   * @returns {number} the code
   */
  start({ entry, limits, trace }) {
    this.#option(OPTION.STEPS, limits.steps);
    this.#option(OPTION.MEMORY, limits.memory);
    this.#option(OPTION.OUTPUT, limits.output);
    const events = trace?.events ?? 0;
    this.#option(OPTION.EVENTS, events);
    this.#option(OPTION.STOP_WHEN_FULL, trace?.stopWhenFull ? 1 : 0);
    this.#option(OPTION.TRACE, (trace?.text ? TRACE.TEXT : 0) | (events > 0 ? TRACE.EVENTS : 0));
    this.#giveEntry(entry);
    const code = this.#exports.jsrust_start(this.#entry.pointer, this.#entry.length);
    this.#prepared = code === CODE.OK ? entry : null;
    return code;
  }

  /** Whether `compile` can be called. */
  get canCompile() {
    return typeof this.#exports.jsrust_compile === 'function';
  }

  /**
   * Compiles the loaded file, in place of any run before; `report` tells how it went.
   * @param {string} entry
   * @param {CompileOptions} options
   * @returns {Compiled} `bytes` null unless the code is 0
   */
  compile(entry, { level = 'O1', adapter = 'jsrust', map = true, memory = 0, depth = 0, ...flags }) {
    this.#option(OPTION.LEVEL, LEVELS.indexOf(level));
    this.#option(OPTION.ADAPTER, ADAPTERS.indexOf(adapter));
    this.#option(OPTION.CODEGEN, codegenBits({ map, ...flags }));
    this.#option(OPTION.MEMORY, memory);
    this.#option(OPTION.DEPTH, depth);
    this.#giveEntry(entry);
    const code = this.#exports.jsrust_compile(this.#entry.pointer, this.#entry.length);
    this.#option(OPTION.DEPTH, 0); // a run of the interpreter has no other limit than the default
    this.#prepared = code === CODE.OK ? entry : null;
    if (code !== CODE.OK) return { code, bytes: null, origins: null, givesExitValue: false };
    const bytes = this.#copy(this.#exports.jsrust_wasm_codegen_wasm_ptr(), this.#exports.jsrust_wasm_codegen_wasm_len());
    const origins = flags.origins ? this.#origins() : null;
    return { code, bytes, origins, givesExitValue: this.stat(STAT.GIVES_EXIT_VALUE) === 1 };
  }

  #origins() {
    const bytes = this.#make(TEXT.ORIGINS)?.slice() ?? new Uint8Array(0);
    return new Uint32Array(bytes.buffer, 0, bytes.length >>> 2);
  }

  /** Names of the passes of a level, in their order. @param {Level} level */
  passes(level) {
    this.#option(OPTION.LEVEL, LEVELS.indexOf(level));
    return this.#ownText(TEXT.PASSES).split('\n').slice(0, -1);
  }

  /**
   * The internal IR after the first `passes` passes of a level.
   * @param {string} entry
   * @param {Level} level
   * @param {number} passes
   * @returns {MadeText}
   */
  irAfter(entry, level, passes) {
    this.#option(OPTION.LEVEL, LEVELS.indexOf(level));
    this.#option(OPTION.PASS, passes);
    return this.#irText(entry, TEXT.IR_AFTER);
  }

  /**
   * One function of the IR as lowered, and after each pass of a level that changed it: TEXT_IR_HISTORY.
   * @param {string} entry
   * @param {Level} level
   * @param {number} number of the function; 0 = the entry
   * @returns {MadeText}
   */
  irHistory(entry, level, number) {
    this.#option(OPTION.LEVEL, LEVELS.indexOf(level));
    this.#option(OPTION.FUNCTION, number);
    return this.#irText(entry, TEXT.IR_HISTORY);
  }

  /**
   * The functions of the IR as lowered.
   * @param {string} entry
   * @returns {{ functions: { number: number, name: string }[], report: null } | { functions: null, report: Report }}
   */
  irFunctions(entry) {
    const { text, report } = this.#irText(entry, TEXT.FUNCTIONS);
    if (text === null) return { functions: null, report: /** @type {Report} */ (report) };
    const functions = text
      .split('\n')
      .slice(0, -1)
      .map((line) => ({ number: parseInt(line, 10), name: JSON.parse(line.slice(line.indexOf(' ') + 1)) }));
    return { functions, report: null };
  }

  /**
   * A text of the IR. It is that of the last start or compile; of `main`, where nothing was started since the load.
   * @param {string} entry
   * @param {number} which
   * @returns {MadeText}
   */
  #irText(entry, which) {
    const isFresh = this.#entry.name === '' && entry === 'main';
    if (!isFresh && !this.#prepare(entry)) return { text: null, report: this.report() };
    const { text, fault } = this.text(which, TEXT_BYTES);
    if (text !== null) return { text, report: null };
    // Whether it is the program's fault, a start tells.
    if (isFresh && !this.#prepare(entry)) return { text: null, report: this.report() };
    return { text: null, report: hostReport(CODE.INTERNAL, fault, '') };
  }

  /** @param {string} entry */
  #prepare(entry) {
    return this.#prepared === entry || this.start({ entry, limits: noLimits(), trace: null }) === CODE.OK;
  }

  /** Runs for about `steps` more. @param {number} steps @returns {number} one of SLICE */
  resume(steps) {
    return this.#exports.jsrust_resume(BigInt(steps));
  }

  /** The next `resume` ends the run. */
  stop() {
    this.#exports.jsrust_stop();
  }

  /** Bytes of output that wait. */
  get outputLength() {
    return this.#exports.jsrust_wasm_stdout_len() >>> 0;
  }

  /** Takes the output that waits. */
  takeOutput() {
    const bytes = this.#copy(this.#exports.jsrust_wasm_stdout_ptr(), this.outputLength);
    this.#exports.jsrust_output_drain();
    return bytes;
  }

  /** Text trace so far. */
  traceText() {
    return this.#copy(this.#exports.jsrust_wasm_trace_ptr(), this.#exports.jsrust_wasm_trace_len());
  }

  /** Trace events so far, 16 bytes each. */
  events() {
    return this.#copy(this.#exports.jsrust_events_ptr(), this.stat(STAT.EVENTS) * EVENT_BYTES);
  }

  /** A number of the run, exact up to 2^53. @param {number} which one of STAT */
  stat(which) {
    return Number(BigInt.asUintN(64, this.#exports.jsrust_stat(which)));
  }

  /** Bytes of the instance's memory, which never shrinks. */
  get memoryBytes() {
    return this.#exports.memory.buffer.byteLength;
  }

  /** The account of the last load or run. @returns {Report} */
  report() {
    const report = JSON.parse(this.#ownText(TEXT.REPORT));
    return { ...report, help: helpFor(report) };
  }

  /** What the loaded file consists of. @returns {ModuleInfo} */
  module() {
    return JSON.parse(this.#ownText(TEXT.MODULE));
  }

  /** The listing's line of each source number. */
  lines() {
    const bytes = this.#make(TEXT.LINES)?.slice() ?? new Uint8Array(0);
    return new Uint32Array(bytes.buffer, 0, bytes.length >>> 2);
  }

  /**
   * @param {number} which one of TEXT
   * @param {number} most bytes
   * @returns {{ text: string, fault: null } | { text: null, fault: string }} fault: the sentence that says why not
   */
  text(which, most) {
    const { view, fault } = this.#textWithin(which, most);
    return view === null ? { text: null, fault } : { text: decoder.decode(view), fault };
  }

  /**
   * The same as bytes, which are the caller's: of a large text, to be given away.
   * @param {number} which one of TEXT
   * @param {number} most bytes
   * @returns {{ bytes: Uint8Array<ArrayBuffer>, fault: null } | { bytes: null, fault: string }}
   */
  utf8(which, most) {
    const { view, fault } = this.#textWithin(which, most);
    return view === null ? { bytes: null, fault } : { bytes: view.slice(), fault };
  }

  /**
   * @param {number} which
   * @param {number} most
   * @returns {{ view: Uint8Array<ArrayBuffer>, fault: null } | { view: null, fault: string }} `view`: as #make gives it
   */
  #textWithin(which, most) {
    const view = this.#make(which);
    if (view === null) return { view, fault: this.#made() };
    if (view.length > most) return { view: null, fault: `This text has ${view.length} bytes: too large to be shown.` };
    return { view, fault: null };
  }

  /** A text that only a lack of memory can keep from being made. @param {number} which */
  #ownText(which) {
    if (this.#make(which) === null) throw new Error(this.#made());
    return this.#made();
  }

  /** Makes a text. A view of it, good until the next call, or null: then the reason stands in its place. @param {number} which */
  #make(which) {
    return this.#exports.jsrust_text(which) === CODE.OK ? this.#textView() : null;
  }

  #made() {
    return decoder.decode(this.#textView());
  }

  #textView() {
    return this.#view(this.#exports.jsrust_text_ptr(), this.#exports.jsrust_text_len());
  }

  /** @param {number} key @param {number} value */
  #option(key, value) {
    if (this.#exports.jsrust_option(key, BigInt(Math.trunc(value))) !== 1) {
      throw new Error(`the backend does not know option ${key}`);
    }
  }

  /** @param {string} entry */
  #giveEntry(entry) {
    if (entry === this.#entry.name) return;
    const name = encoder.encode(entry);
    this.#entry = { name: entry, pointer: this.#give(name), length: name.length };
  }

  /** Puts bytes into the backend's memory. @param {Uint8Array} bytes @returns {number} 0 for none */
  #give(bytes) {
    if (bytes.length === 0) return 0;
    const pointer = this.#exports.jsrust_wasm_alloc(bytes.length) >>> 0;
    if (pointer === 0) throw new Error(`out of memory: no room for ${bytes.length} bytes`);
    this.#view(pointer, bytes.length).set(bytes);
    return pointer;
  }

  /** @param {number} pointer @param {number} length */
  #view(pointer, length) {
    if (length >>> 0 === 0) return new Uint8Array(0);
    return new Uint8Array(this.#exports.memory.buffer, pointer >>> 0, length >>> 0);
  }

  /** @param {number} pointer @param {number} length */
  #copy(pointer, length) {
    return this.#view(pointer, length).slice();
  }
}

/** @param {CompileOptions} options */
function codegenBits({ names, map, blockWrite, mvp, origins }) {
  /** @type {[boolean | undefined, number][]} */
  const bits = [
    [names, CODEGEN.NAMES],
    [map, CODEGEN.MAP],
    [blockWrite, CODEGEN.BLOCK_WRITE],
    [mvp, CODEGEN.MVP],
    [origins, CODEGEN.ORIGINS],
  ];
  return bits.reduce((sum, [wanted, bit]) => (wanted ? sum | bit : sum), 0);
}
