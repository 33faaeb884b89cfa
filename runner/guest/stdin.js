/**
 * A guest's standard input: what was prepared, then what arrives. Bytes are pulled from the source only when they are
 * asked for, so that a source that nobody reads fills up and holds its feeder up.
 */

/** @import { GuestStdin } from './types.js' */

/**
 * @typedef {object} InputSource
 * @property {() => number} readable bytes that wait
 * @property {(into: Uint8Array) => number} read
 * @property {() => boolean} ended nothing more will come after what waits
 */

const NEWLINE = 0x0a;
const LEAST_ROOM = 4096;

/** @implements {GuestStdin} */
export class Stdin {
  #source;
  /** Bytes taken from the source and not yet given: `#held` from `#from` to `#to`. */
  #held;
  #from = 0;
  #to;
  /** How much of what is held is known to hold no newline. */
  #searched = 0;

  /** @param {Uint8Array | null} prepared @param {InputSource} source */
  constructor(prepared, source) {
    this.#held = prepared ?? new Uint8Array(0);
    this.#to = this.#held.length;
    this.#source = source;
  }

  available() {
    return this.#to - this.#from + this.#source.readable();
  }

  ended() {
    // Asked in this order: what came before the end is seen.
    return this.#source.ended() && this.available() === 0;
  }

  /** @param {Uint8Array} into */
  read(into) {
    const length = Math.min(into.length, this.#to - this.#from);
    if (length === 0) return this.#source.read(into);
    into.set(this.#held.subarray(this.#from, this.#from + length));
    this.#consume(length);
    return length;
  }

  readLine() {
    const ended = this.#source.ended();
    this.#pull();
    const newline = this.#held.subarray(0, this.#to).indexOf(NEWLINE, this.#from + this.#searched);
    if (newline < 0 && !ended) {
      this.#searched = this.#to - this.#from;
      return null;
    }
    const line = this.#held.slice(this.#from, newline < 0 ? this.#to : newline + 1);
    this.#consume(line.length);
    return line;
  }

  /** @param {number} length */
  #consume(length) {
    this.#from += length;
    this.#searched = 0;
  }

  /** Takes in all that the source has. */
  #pull() {
    const coming = this.#source.readable();
    if (coming === 0) return;
    const kept = this.#to - this.#from;
    if (this.#to + coming > this.#held.length) {
      const grown = new Uint8Array(Math.max(2 * (kept + coming), LEAST_ROOM));
      grown.set(this.#held.subarray(this.#from, this.#to));
      this.#held = grown;
      this.#from = 0;
      this.#to = kept;
    }
    this.#to += this.#source.read(this.#held.subarray(this.#to, this.#to + coming));
  }
}
