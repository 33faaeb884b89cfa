/**
 * The bytes of a file in memory: pages of 64 KiB, made when something is first written to them, so that a file
 * grows without being copied, and reading or writing whole pages needs no view to be made. A page may be shorter than
 * that; what is past its end reads as zeros. Pages that were given from outside are copied before they change.
 */

export const PAGE_BYTES = 65536;
/** Below this a loop is faster than making a view and calling `set`, and leaves nothing for the collector. */
const SHORT = 48;
const LEAST_PAGE = 64;
const EMPTY = new Uint8Array(0);

export class Content {
  size = 0;
  /** @type {Uint8Array[]} */
  #pages = [];
  /** Which pages are not ours to change. @type {Set<number> | null} */
  #borrowed = null;
  /** What was written from last. @type {Uint8Array} */
  #window = EMPTY;

  /**
   * The content that `bytes` has now and later: they must not change.
   * @param {Uint8Array} bytes
   */
  static of(bytes) {
    const content = new Content();
    content.size = bytes.length;
    content.#borrowed = new Set();
    for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
      content.#borrowed.add(content.#pages.length);
      content.#pages.push(bytes.subarray(at, at + PAGE_BYTES));
    }
    return content;
  }

  /**
   * Reads into `into` from `at` on; gives how many bytes, 0 at the end.
   * @param {Uint8Array} into @param {number} at @param {number} length @param {number} position
   */
  read(into, at, length, position) {
    if (position >= this.size) return 0;
    const count = Math.min(length, this.size - position);
    const end = position + count;
    for (let from = position; from < end;) {
      const start = from % PAGE_BYTES;
      const part = Math.min(end - from, PAGE_BYTES - start);
      this.#readPage((from - start) / PAGE_BYTES, start, into, at + from - position, part);
      from += part;
    }
    return count;
  }

  /**
   * Writes from `from`, growing the file as needed. Throws RangeError when the host has no memory.
   * @param {Uint8Array} from @param {number} at @param {number} length @param {number} position
   */
  write(from, at, length, position) {
    const end = position + length;
    for (let to = position; to < end;) {
      const start = to % PAGE_BYTES;
      const part = Math.min(end - to, PAGE_BYTES - start);
      const page = this.#writable((to - start) / PAGE_BYTES, start + part);
      this.#copy(page, start, from, at + to - position, part);
      to += part;
      if (to > this.size) this.size = to;
    }
  }

  /**
   * Cuts off, or adds zeros.
   * @param {number} size
   */
  resize(size) {
    if (size < this.size) {
      const kept = Math.ceil(size / PAGE_BYTES);
      this.#pages.length = Math.min(this.#pages.length, kept);
      const last = this.#pages.length - 1;
      // What is cut off must read as zeros when the file grows again.
      if (last === kept - 1 && size % PAGE_BYTES !== 0) {
        const page = this.#pages[last];
        if (this.#borrowed?.has(last)) this.#pages[last] = page.subarray(0, size % PAGE_BYTES);
        else page?.fill(0, size % PAGE_BYTES);
      }
    }
    this.size = size;
  }

  /** All of it, copied. Throws RangeError when the host has no memory. */
  bytes() {
    const all = new Uint8Array(this.size);
    for (const [index, page] of this.#pages.entries()) {
      if (page === undefined) continue;
      const at = index * PAGE_BYTES;
      all.set(at + page.length > all.length ? page.subarray(0, all.length - at) : page, at);
    }
    return all;
  }

  /**
   * @param {number} index @param {number} start
   * @param {Uint8Array} into @param {number} at @param {number} length
   */
  #readPage(index, start, into, at, length) {
    const page = index < this.#pages.length ? (this.#pages[index] ?? EMPTY) : EMPTY;
    const there = Math.max(0, Math.min(length, page.length - start));
    if (there <= SHORT) {
      for (let i = 0; i < there; i++) into[at + i] = page[start + i];
    } else if (there === page.length) {
      into.set(page, at);
    } else {
      into.set(page.subarray(start, start + there), at);
    }
    if (there < length) into.fill(0, at + there, at + length);
  }

  /**
   * @param {Uint8Array} page @param {number} start
   * @param {Uint8Array} from @param {number} at @param {number} length
   */
  #copy(page, start, from, at, length) {
    if (length <= SHORT) {
      for (let i = 0; i < length; i++) page[start + i] = from[at + i];
      return;
    }
    const last = this.#window;
    if (last.byteOffset !== from.byteOffset + at || last.length !== length || last.buffer !== from.buffer) {
      this.#window = from.subarray(at, at + length);
    }
    page.set(this.#window, start);
  }

  /**
   * A page of ours that has at least `length` bytes.
   * @param {number} index @param {number} length
   */
  #writable(index, length) {
    const page = index < this.#pages.length ? this.#pages[index] : undefined;
    if (page !== undefined && page.length >= length && this.#borrowed === null) return page;
    return this.#own(index, length, page);
  }

  /** @param {number} index @param {number} length @param {Uint8Array | undefined} page */
  #own(index, length, page) {
    const borrowed = this.#borrowed?.has(index);
    if (page !== undefined && page.length >= length && !borrowed) return page;
    let room = Math.max(LEAST_PAGE, page?.length ?? 0);
    while (room < length) room *= 2;
    const grown = new Uint8Array(Math.min(room, PAGE_BYTES));
    if (page !== undefined) grown.set(page);
    while (this.#pages.length < index) this.#pages.push(EMPTY);
    this.#pages[index] = grown;
    if (borrowed) this.#borrowed?.delete(index);
    if (this.#borrowed?.size === 0) this.#borrowed = null;
    return grown;
  }
}
