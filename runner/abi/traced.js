/**
 * Calls of imports, written down: each as one line of JSON with its arguments and result decoded by the import's row.
 * A run that is not traced does not come here.
 */

import { GuestStopped } from '../guest/ends.js';
import { jsonText } from '../visible.js';

/** @import { Describe, Guest, ImportRow } from '../guest/types.js' */
/** @import { GuestMemory } from './guest-memory.js' */

/**
 * One line. `at` and `took` are milliseconds; `result` is missing where there is none, `failed` says how the call ended
 * the run.
 * @typedef {{ n: number, at: number, took: number, call: string, args: Record<string, unknown>, result?: unknown, failed?: string }} CallLine
 */

const TEXT_BYTES = 256;
const MOST_VECTORS = 8;
/** Kinds of parameters that are a pointer and a length or count. */
const PAIRS = ['bytes', 'text', 'iovecs', 'filled'];
/** Takes copies only: in browsers it refuses memory that is shared. */
const decoder = new TextDecoder();

/**
 * @typedef {object} Recorder
 * @property {Guest} guest
 * @property {() => number} now milliseconds since the run began
 * @property {(line: string) => void} write
 * @property {(number: number) => string} errno a result of kind `errno` in words
 * @property {number} most calls that are written down
 * @property {boolean} [stopWhenFull] whether the next one ends the run, in place of being made
 */

/** Counts all calls and writes down the first of them. */
export class CallTrace {
  #recorder;
  calls = 0;

  /** @param {Recorder} recorder */
  constructor(recorder) {
    this.#recorder = recorder;
  }

  /**
   * @param {string} name `module.name`
   * @param {ImportRow} row
   * @param {Function} call
   * @param {Describe} [describe] in place of decoding by the row
   * @returns {Function} the same, written down
   */
  wrap(name, row, call, describe) {
    const parameters = kindsOf(row.parameters);
    const results = row.result.split(' ').filter(Boolean);
    return (/** @type {unknown[]} */ ...values) => {
      const { guest, now, most, stopWhenFull } = this.#recorder;
      if (stopWhenFull && this.calls >= most) throw new GuestStopped('stopped', 'The trace is full.');
      const number = ++this.calls;
      if (number > most) return call(...values);
      const at = now();
      const args = describe ? describe(...values) : decodeAll(parameters, values, guest.memory);
      const done = (/** @type {unknown} */ value) => {
        if (value === 0) showFilled(parameters, values, guest.memory, args);
        this.#write({ n: number, at, took: now() - at, call: name, args, ...this.#resultOf(results, value) });
        return value;
      };
      const failed = (/** @type {unknown} */ thrown) => {
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        this.#write({ n: number, at, took: now() - at, call: name, args, failed: reason });
        throw thrown;
      };
      try {
        const value = call(...values);
        return value instanceof Promise ? value.then(done, failed) : done(value);
      } catch (thrown) {
        return failed(thrown);
      }
    };
  }

  /** @param {CallLine} line */
  #write(line) {
    const rounded = { ...line, at: round(line.at), took: round(line.took) };
    this.#recorder.write(`${jsonText(rounded, (_, value) => (typeof value === 'bigint' ? String(value) : value))}\n`);
  }

  /** @param {string[]} kinds @param {unknown} value */
  #resultOf(kinds, value) {
    if (kinds.length === 0) return value === undefined ? {} : { result: value };
    const values = Array.isArray(value) ? value : [value];
    const { memory } = this.#recorder.guest;
    const decoded = kinds.map((kind, index) => {
      if (kind === 'errno') return this.#recorder.errno(Number(values[index]));
      if (kind === 'text?') return Number(values[0]) < 0 ? null : decode('text', values, 0, memory);
      return decode(kind, values, index, memory);
    });
    return { result: decoded.length === 1 ? decoded[0] : decoded };
  }
}

/** @param {string} parameters @returns {[string, string][]} */
function kindsOf(parameters) {
  return parameters
    .split(' ')
    .filter(Boolean)
    .map((each) => /** @type {[string, string]} */ (each.split(':')));
}

/** @param {[string, string][]} parameters @param {unknown[]} values @param {GuestMemory} memory */
function decodeAll(parameters, values, memory) {
  /** @type {Record<string, unknown>} */
  const args = {};
  let at = 0;
  for (const [name, kind] of parameters) {
    args[name] = decode(kind, values, at, memory);
    at += numbersOf(kind);
  }
  return args;
}

/** How many of the wasm arguments a parameter takes. @param {string} kind */
function numbersOf(kind) {
  return PAIRS.includes(kind) ? 2 : 1;
}

/**
 * What a call has brought, in place of the room that it had for that. How much it is stands where its last argument points.
 * @param {[string, string][]} parameters
 * @param {unknown[]} values
 * @param {GuestMemory} memory
 * @param {Record<string, unknown>} args changed
 */
function showFilled(parameters, values, memory, args) {
  let at = 0;
  for (const [name, kind] of parameters) {
    const count = Number(values.at(-1));
    if (kind === 'filled' && memory.holds(count, 4)) {
      const filled = memory.view.getUint32(count >>> 0, true);
      args[name] = vectorsAt(memory, Number(values[at]), Number(values[at + 1]), (pointer, length, before) =>
        textAt(memory, pointer, Math.min(length, Math.max(filled - before, 0))),
      );
    }
    at += numbersOf(kind);
  }
}

/** @param {string} kind @param {unknown[]} values @param {number} at @param {GuestMemory} memory */
function decode(kind, values, at, memory) {
  const value = values[at];
  if (kind === 'text' || kind === 'bytes') return textAt(memory, Number(value), Number(values[at + 1]));
  if (kind === 'filled') return vectorsAt(memory, Number(value), Number(values[at + 1]), (_, length) => length);
  if (kind === 'iovecs')
    return vectorsAt(memory, Number(value), Number(values[at + 1]), (pointer, length) =>
      textAt(memory, pointer, length),
    );
  if (kind === 'cstring') return cstringAt(memory, Number(value));
  if (kind === 'bool') return Number(value) !== 0;
  if (kind === 'u32' || kind === 'pointer' || kind === 'fd') return Number(value) >>> 0;
  if (kind === 'u64' && typeof value === 'bigint') return BigInt.asUintN(64, value);
  if (kind === 'hex')
    return `0x${(typeof value === 'bigint' ? BigInt.asUintN(64, value) : Number(value) >>> 0).toString(16)}`;
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** @param {GuestMemory} memory @param {number} pointer @param {number} length */
function textAt(memory, pointer, length) {
  const bytes = memory.slice(pointer, Math.min(length >>> 0, TEXT_BYTES));
  if (!bytes) return `out of bounds: ${pointer >>> 0}, ${length >>> 0} bytes`;
  return decoder.decode(bytes.slice()) + (length >>> 0 > TEXT_BYTES ? `... (${length >>> 0} bytes)` : '');
}

/**
 * @template Shown
 * @param {GuestMemory} memory
 * @param {number} pointer
 * @param {number} count
 * @param {(pointer: number, length: number, before: number) => Shown} show one vector; `before`: bytes in those ahead of it
 */
function vectorsAt(memory, pointer, count, show) {
  const shown = Math.min(count >>> 0, MOST_VECTORS);
  if (!memory.holds(pointer, 8 * shown)) return `out of bounds: ${pointer >>> 0}, ${count >>> 0} vectors`;
  const { view } = memory;
  let before = 0;
  return Array.from({ length: shown }, (_, i) => {
    const at = (pointer >>> 0) + 8 * i;
    const length = view.getUint32(at + 4, true);
    before += length;
    return show(view.getUint32(at, true), length, before - length);
  });
}

/** @param {GuestMemory} memory @param {number} pointer */
function cstringAt(memory, pointer) {
  const bytes = memory.bytes.slice(pointer >>> 0, (pointer >>> 0) + TEXT_BYTES);
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** To microseconds. @param {number} milliseconds */
function round(milliseconds) {
  return Math.round(milliseconds * 1000) / 1000;
}
