/**
 * Typed calls over the exports of jsrust-backend.wasm (backend/api/exports.def). Owns pointers and their release:
 * nothing outside this file sees an address. Views are made anew after each call, because memory may have grown, and
 * everything that is handed out is a copy.
 * A trap of the backend itself surfaces as the WebAssembly.RuntimeError it is: callers drop the instance.
 */
import { CODE } from '../result.js';

/** @import { Report } from '../result.js' */
/** @import { ModuleInfo, TraceRequest } from '../protocol.js' */
/** @import { Limits } from '../limits.js' */

/** The JSRust contract (spec jsrs.md 17). */
export const CONTRACT = /** @type {const} */ ([
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
]);

/** This project's own. */
export const OWN = /** @type {const} */ ([
  'jsrust_option',
  'jsrust_load',
  'jsrust_start',
  'jsrust_resume',
  'jsrust_stop',
  'jsrust_output_drain',
  'jsrust_stat',
  'jsrust_events_ptr',
  'jsrust_text',
  'jsrust_text_ptr',
  'jsrust_text_len',
]);

/** OPTION_*. */
const OPTION = Object.freeze({
  STEPS: 1,
  MEMORY: 2,
  OUTPUT: 3,
  DEPTH: 4,
  EVENTS: 5,
  TRACE_TEXT: 6,
  VALIDATE: 7,
  TRACE: 8,
  OPTIMISE: 9,
  STOP_WHEN_FULL: 10,
});

/** STAT_*. */
export const STAT = Object.freeze({
  STEPS: 0,
  CALLS: 1,
  OUTPUT: 2,
  MEMORY_PEAK: 3,
  DEPTH_PEAK: 4,
  EVENTS: 5,
  EVENTS_DROPPED: 6,
  BACKEND_BYTES: 7,
  BACKEND_PEAK: 8,
});

/** TEXT_*. */
export const TEXT = Object.freeze({
  REPORT: 0,
  MODULE: 1,
  LISTING: 2,
  LINES: 3,
  IR: 4,
  IR_OPTIMISED: 5,
  BYTECODE: 6,
});

/** What jsrust_resume answers. */
export const SLICE = Object.freeze({ DONE: 0, BUDGET: 1, INPUT: 2, TRAPPED: 3 });

/** Bits of OPTION.TRACE. */
const TRACE = Object.freeze({ TEXT: 1, EVENTS: 2 });

const EVENT_BYTES = 16;

/**
 * @typedef {Record<'jsrust_wasm_alloc' | 'jsrust_load' | 'jsrust_start' | 'jsrust_text', (...numbers: number[]) => number>
 *   & Record<'jsrust_wasm_stdout_ptr' | 'jsrust_wasm_stdout_len' | 'jsrust_wasm_trace_ptr' | 'jsrust_wasm_trace_len'
 *     | 'jsrust_events_ptr' | 'jsrust_text_ptr' | 'jsrust_text_len' | 'jsrust_wasm_result_code', () => number>
 *   & Record<'jsrust_wasm_reset' | 'jsrust_stop' | 'jsrust_output_drain', () => void>
 *   & { memory: WebAssembly.Memory, jsrust_option: (key: number, value: bigint) => number,
 *     jsrust_resume: (steps: bigint) => number, jsrust_stat: (which: number) => bigint }} Exports
 */

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class Backend {
  #exports;
  /** The entry name last given. It is kept, because what is allocated comes free only with the next load. */
  #entry = { name: '', pointer: 0, length: 0 };

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
    if (entry !== this.#entry.name) {
      const name = encoder.encode(entry);
      this.#entry = { name: entry, pointer: this.#give(name), length: name.length };
    }
    return this.#exports.jsrust_start(this.#entry.pointer, this.#entry.length);
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
    return JSON.parse(this.#json(TEXT.REPORT));
  }

  /** What the loaded file consists of. @returns {ModuleInfo} */
  module() {
    return JSON.parse(this.#json(TEXT.MODULE));
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
    const bytes = this.#make(which);
    if (bytes === null) return { text: null, fault: this.#made() };
    if (bytes.length > most) return { text: null, fault: `This text has ${bytes.length} bytes: too large to be shown.` };
    return { text: this.#made(), fault: null };
  }

  /** @param {number} which */
  #json(which) {
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
