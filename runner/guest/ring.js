/**
 * A queue of bytes in shared memory: one thread writes, one reads, neither ever waits here. Counters run on for ever
 * (modulo 2^32), so that full and empty differ.
 */

/** Int32 words of a ring before its bytes: how much was written, how much was read. */
const WRITTEN = 0;
const READ = 1;
const HEADER_BYTES = 8;
/** So few bytes are copied one by one: making a view of them takes longer. */
const SHORT_BYTES = 64;

/** @param {number} capacity bytes, a power of two @returns the size of a ring's buffer */
export const ringBytes = (/** @type {number} */ capacity) => HEADER_BYTES + capacity;

export class Ring {
  #counters;
  #bytes;
  #mask;

  /** @param {ArrayBufferLike} buffer of `ringBytes(capacity)` bytes, all zero at first; both threads make a Ring over it */
  constructor(buffer) {
    this.#counters = new Int32Array(buffer, 0, 2);
    this.#bytes = new Uint8Array(buffer, HEADER_BYTES);
    this.#mask = this.#bytes.length - 1;
  }

  get capacity() {
    return this.#bytes.length;
  }

  /** Bytes written since the start, modulo 2^32. */
  get written() {
    return Atomics.load(this.#counters, WRITTEN) >>> 0;
  }

  /** Bytes read since the start, modulo 2^32. */
  get taken() {
    return Atomics.load(this.#counters, READ) >>> 0;
  }

  /** Bytes that wait to be read. */
  get readable() {
    return (Atomics.load(this.#counters, WRITTEN) - Atomics.load(this.#counters, READ)) >>> 0;
  }

  /** Bytes that can be written. */
  get writable() {
    return this.#bytes.length - this.readable;
  }

  /**
   * Writes as much as there is room for.
   * @param {Uint8Array} from
   * @param {number} [start] of the part of it that is wanted
   * @param {number} [end]
   * @returns {number} bytes taken
   */
  write(from, start = 0, end = from.length) {
    const length = Math.min(end - start, this.writable);
    const written = Atomics.load(this.#counters, WRITTEN);
    this.#put(from, start, length, written);
    Atomics.store(this.#counters, WRITTEN, (written + length) | 0);
    return length;
  }

  /**
   * Reads as much as there is and fits.
   * @param {Uint8Array} into
   * @returns {number} bytes given
   */
  read(into) {
    const length = Math.min(into.length, this.readable);
    if (length === 0) return 0;
    const read = Atomics.load(this.#counters, READ);
    const at = read & this.#mask;
    const first = Math.min(length, this.#bytes.length - at);
    into.set(this.#bytes.subarray(at, at + first), 0);
    if (first < length) into.set(this.#bytes.subarray(0, length - first), first);
    Atomics.store(this.#counters, READ, (read + length) | 0);
    return length;
  }

  /** @param {Uint8Array} from @param {number} start @param {number} length @param {number} position */
  #put(from, start, length, position) {
    const at = position & this.#mask;
    if (length <= SHORT_BYTES) {
      for (let i = 0; i < length; i++) this.#bytes[(at + i) & this.#mask] = from[start + i];
      return;
    }
    const first = Math.min(length, this.#bytes.length - at);
    this.#bytes.set(from.subarray(start, start + first), at);
    if (first < length) this.#bytes.set(from.subarray(start + first, start + length), 0);
  }
}
