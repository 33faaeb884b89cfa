// Builds Aver's heap objects (spec aver-abi.md 5.3) in a guest's memory, for tests of what is made of them.
import { GuestMemory } from '../../runner/abi/guest-memory.js';

/** @typedef {number | bigint} Field a number is an int; pointers and raw bits likewise */

export class HeapBuilder {
  #top = 128;

  constructor(pages = 1) {
    this.raw = new WebAssembly.Memory({ initial: pages });
    this.memory = new GuestMemory();
    this.memory.attach(this.raw);
  }

  /** Room for so many bytes, aligned. */
  reserve(/** @type {number} */ bytes) {
    const pointer = this.#top;
    this.#top += (bytes + 7) & ~7;
    const missing = this.#top - this.raw.buffer.byteLength;
    if (missing > 0) this.raw.grow(Math.ceil(missing / 65536) + 256);
    return pointer;
  }

  header(
    /** @type {number} */ pointer,
    /** @type {number} */ kind,
    /** @type {number} */ tag,
    /** @type {number} */ meta,
    /** @type {number} */ count,
  ) {
    this.memory.view.setUint32(pointer, count, true);
    this.memory.view.setUint32(pointer + 4, ((kind << 24) | (tag << 16) | meta) >>> 0, true);
  }

  set(/** @type {number} */ pointer, /** @type {number} */ field, /** @type {Field} */ value) {
    this.memory.view.setBigInt64(pointer + 8 + 8 * field, BigInt(value), true);
  }

  /** An object with these fields; `count` where the header tells another number. */
  object(
    /** @type {number} */ kind,
    /** @type {number} */ tag,
    /** @type {number} */ meta,
    /** @type {Field[]} */ fields,
    count = fields.length,
  ) {
    const pointer = this.reserve(8 + 8 * fields.length);
    this.header(pointer, kind, tag, meta, count);
    fields.forEach((value, field) => this.set(pointer, field, value));
    return pointer;
  }

  string(/** @type {string} */ text) {
    const bytes = new TextEncoder().encode(text);
    const pointer = this.reserve(8 + bytes.length);
    this.header(pointer, 0, 0, 0, bytes.length);
    this.memory.bytes.set(bytes, pointer + 8);
    return pointer;
  }

  /** A list; `flag` 1 = the values are pointers. */
  list(/** @type {Field[]} */ values, flag = 0) {
    return values.reduceRight((tail, value) => this.object(4, 0, flag, [value, tail]), /** @type {Field} */ (0));
  }

  /** The flat map of 0.14 and later: pairs of fields. */
  table(/** @type {[Field, Field][]} */ entries, { keyType = 0, pointers = 0, capacity = 8, removed = 0 } = {}) {
    const buckets = Array.from({ length: capacity }, () => /** @type {Field[]} */ ([0, 0, 0]));
    entries.forEach(([key, value], at) => (buckets[(at * 5 + 3) % capacity] = [1, key, value]));
    for (let at = 0, left = removed; left > 0; at++) if (buckets[at][0] === 0 && left-- > 0) buckets[at] = [2, 77, 77];
    return this.object(
      12,
      0,
      pointers,
      [BigInt(capacity) | (BigInt(keyType) << 32n), ...buckets.flat()],
      entries.length,
    );
  }
}
