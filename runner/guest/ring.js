/**
 * A queue of bytes in shared memory: one thread writes, one reads, neither ever waits here. Counters run on for ever
 * (modulo 2^32), so that full and empty differ.
 */

/** Int32 words of a ring before its bytes: how much was written, how much was read. */
const WRITTEN = 0;
const READ = 1;
const HEADER_BYTES = 8;

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
   * @returns {number} bytes taken
   */
  write(from) {
    const length = Math.min(from.length, this.writable);
    const written = Atomics.load(this.#counters, WRITTEN);
    this.#put(length === from.length ? from : from.subarray(0, length), written);
    Atomics.store(this.#counters, WRITTEN, (written + length) | 0);
    return length;
  }

  /**
   * Writes two pieces as one: the reader sees both or neither. There must be room.
   * @param {Uint8Array} head
   * @param {Uint8Array} body
   */
  writeBoth(head, body) {
    const written = Atomics.load(this.#counters, WRITTEN);
    this.#put(head, written);
    this.#put(body, written + head.length);
    Atomics.store(this.#counters, WRITTEN, (written + head.length + body.length) | 0);
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

  /** @param {Uint8Array} from @param {number} position */
  #put(from, position) {
    const at = position & this.#mask;
    const first = this.#bytes.length - at;
    if (from.length <= first) return this.#bytes.set(from, at);
    this.#bytes.set(from.subarray(0, first), at);
    this.#bytes.set(from.subarray(first), 0);
  }
}
