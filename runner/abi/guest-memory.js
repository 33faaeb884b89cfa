/**
 * The guest's linear memory as import functions see it: bounds are checked by whoever uses it, and views are made anew
 * when the memory has grown. That detaches the old ones, but where it is shared, which is looked at each time.
 */

const NOTHING = new ArrayBuffer(0);

export class GuestMemory {
  /** @type {WebAssembly.Memory | null} */
  #memory = null;
  #bytes = new Uint8Array(NOTHING);
  #view = new DataView(NOTHING);
  #isShared = false;
  /** @type {(() => void)[]} */
  #forgetters = [];

  /** @param {WebAssembly.Memory | null} memory @returns {WebAssembly.Memory | null} the one before */
  attach(memory) {
    const before = this.#memory;
    if (memory === before) return before;
    this.#memory = memory;
    this.#refresh();
    for (const forget of this.#forgetters) forget();
    return before;
  }

  /** For those that keep views: called when another memory is attached. @param {() => void} forget */
  onAttach(forget) {
    this.#forgetters.push(forget);
  }

  /** Whether there is none, not even one without pages. */
  get isMissing() {
    return this.#memory === null;
  }

  /** Whether views of it stay as they are when it grows. */
  get isShared() {
    return this.#isShared;
  }

  /** All of the memory. Good until the guest runs again: it may grow, which detaches the views, and so empties them. */
  get bytes() {
    if (this.#bytes.length === 0 || this.#isShared) this.#refresh();
    return this.#bytes;
  }

  /** The same for numbers. */
  get view() {
    if (this.#bytes.length === 0 || this.#isShared) this.#refresh();
    return this.#view;
  }

  /**
   * The bytes from `pointer`, or null when not all of them are there. Not a copy.
   * @param {number} pointer taken as unsigned
   * @param {number} length taken as unsigned
   */
  slice(pointer, length) {
    if (!this.holds(pointer, length)) return null;
    return this.#bytes.subarray(pointer >>> 0, (pointer >>> 0) + (length >>> 0));
  }

  /** @param {number} pointer @param {number} length */
  holds(pointer, length) {
    return (pointer >>> 0) + (length >>> 0) <= this.bytes.length;
  }

  /**
   * Grows it by whole pages.
   * @param {number} pages
   * @returns {number} the address of what was added, or -1
   */
  grow(pages) {
    try {
      return this.#memory ? this.#memory.grow(pages) * 65536 : -1;
    } catch {
      return -1;
    }
  }

  #refresh() {
    const buffer = this.#memory?.buffer ?? NOTHING;
    if (buffer === this.#bytes.buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
    this.#isShared = !(buffer instanceof ArrayBuffer);
  }
}
