// Calls of imports as they came: lines of JSON, kept as bytes in blocks and parsed when one is looked at. The first ones are
// kept and later ones counted, as the recorder in the worker does (runner/abi/traced.js).

/** @import { CallLine } from '../../runner/abi/traced.js' */

export const KEPT_LINES = 100_000;
export const KEPT_BYTES = 64 * 1024 * 1024;
const BLOCK = 256 * 1024;
const NEWLINE = 10;

/** `starts` has one more than there are lines. @typedef {{ bytes: Uint8Array, first: number, starts: number[] }} Block */

const decoder = new TextDecoder();

export class CallLog {
  /** @type {Block[]} */
  #blocks = [];
  /** A line whose end has not come yet. @type {Uint8Array} */
  #rest = new Uint8Array(0);
  #count = 0;
  #bytes = 0;
  #dropped = 0;
  #generation = 0;
  /** @type {(() => void)[]} */
  #listeners = [];

  /** Lines kept. */
  get count() {
    return this.#count;
  }

  /** Lines that came and were not kept. */
  get dropped() {
    return this.#dropped;
  }

  /** Goes up with every clearing: numbers of lines begin anew. */
  get generation() {
    return this.#generation;
  }

  /** @param {() => void} listener called after anything changed; often, so it should only schedule work */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  clear() {
    this.#blocks = [];
    this.#rest = new Uint8Array(0);
    this.#count = this.#bytes = this.#dropped = 0;
    this.#generation += 1;
    this.#changed();
  }

  /** Takes whole lines in; a piece without its end waits for the next. @param {Uint8Array} chunk */
  append(chunk) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#take(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#rest = joined(this.#rest, chunk.subarray(start));
    this.#changed();
  }

  /** A line as it came, without its end. @param {number} index */
  textAt(index) {
    const block = this.#blockOf(index);
    if (!block) return '';
    const at = index - block.first;
    return decoder.decode(block.bytes.subarray(block.starts[at], block.starts[at + 1] - 1));
  }

  /** @param {number} index @returns {CallLine | null} null: there is no such line, or it says nothing */
  at(index) {
    return readLine(this.textAt(index));
  }

  /** All lines kept, for a file. @returns {Uint8Array<ArrayBuffer>[]} */
  parts() {
    return this.#blocks.map(({ bytes, starts }) => new Uint8Array(bytes.subarray(0, starts[starts.length - 1])));
  }

  /** @param {Uint8Array} piece the end of a line, or all of it */
  #take(piece) {
    const line = this.#rest.length > 0 ? joined(this.#rest, piece) : piece;
    this.#rest = new Uint8Array(0);
    if (line.length === 0) return;
    const needed = line.length + 1;
    if (this.#count >= KEPT_LINES || this.#bytes + needed > KEPT_BYTES) return void (this.#dropped += 1);
    let block = this.#blocks[this.#blocks.length - 1];
    if (!block || block.starts[block.starts.length - 1] + needed > block.bytes.length) {
      block = { bytes: new Uint8Array(Math.max(BLOCK, needed)), first: this.#count, starts: [0] };
      this.#blocks.push(block);
    }
    const at = block.starts[block.starts.length - 1];
    block.bytes.set(line, at);
    block.bytes[at + line.length] = NEWLINE;
    block.starts.push(at + needed);
    this.#count += 1;
    this.#bytes += needed;
  }

  /** @param {number} index */
  #blockOf(index) {
    if (index < 0 || index >= this.#count) return null;
    let low = 0;
    let high = this.#blocks.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (this.#blocks[middle].first <= index) low = middle;
      else high = middle;
    }
    return this.#blocks[low];
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }
}

/** @param {string} text @returns {CallLine | null} */
function readLine(text) {
  try {
    const line = JSON.parse(text);
    return line !== null && typeof line === 'object' && typeof line.call === 'string' ? line : null;
  } catch {
    return null;
  }
}

/** @param {Uint8Array} a @param {Uint8Array} b */
function joined(a, b) {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
