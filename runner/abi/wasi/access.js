/**
 * The guest's memory as the WASI functions use it: both views kept, so that a call costs no look-up, and 64-bit values
 * written as two halves, so that it costs no bigint. A memory that has grown shows by its old views being empty.
 */

/** @import { GuestMemory } from '../guest-memory.js' */

const TWO_32 = 4294967296;
/** Nanoseconds of fewer milliseconds are below 2^52, where a float holds halves. */
const EXACT_MILLISECONDS = 4e9;
const NOTHING = new ArrayBuffer(0);

export class GuestAccess {
  #memory;
  bytes = new Uint8Array(NOTHING);
  view = new DataView(NOTHING);
  #window = new Uint8Array(NOTHING);

  /** @param {GuestMemory} memory */
  constructor(memory) {
    this.#memory = memory;
  }

  /** To be called at the start of every function, and again after every wait. */
  refresh() {
    if (this.bytes.length !== 0) return;
    this.bytes = this.#memory.bytes;
    this.view = this.#memory.view;
  }

  /**
   * Whether all of `length` bytes from `pointer` are there. Both are taken as unsigned.
   * @param {number} pointer @param {number} length
   */
  holds(pointer, length) {
    return (pointer >>> 0) + (length >>> 0) <= this.bytes.length;
  }

  /**
   * The bytes as a view of their own, for those that take nothing else. The last one is kept: programs write from the
   * same buffer again and again.
   * @param {number} pointer @param {number} length both in bounds
   */
  window(pointer, length) {
    const last = this.#window;
    if (last.byteOffset !== pointer || last.length !== length || last.buffer !== this.bytes.buffer) {
      this.#window = this.bytes.subarray(pointer, pointer + length);
    }
    return this.#window;
  }

  /**
   * A whole number from 0 to 2^53 as 64 bits.
   * @param {number} pointer @param {number} value
   */
  setWhole(pointer, value) {
    this.view.setUint32(pointer, value >>> 0, true);
    this.view.setUint32(pointer + 4, value / TWO_32, true);
  }

  /**
   * Milliseconds with fractions as 64 bits of nanoseconds, to the nanosecond even where these are past 2^53: what is
   * below 2^32 milliseconds is below 2^52 nanoseconds, and what is above it has no fraction of its own.
   * @param {number} pointer @param {number} milliseconds
   */
  setTime(pointer, milliseconds) {
    // What a monotonic clock gives is asked for most, and needs no more than this.
    if (milliseconds < EXACT_MILLISECONDS) {
      const nanoseconds = milliseconds * 1e6 + 0.5;
      this.view.setUint32(pointer, nanoseconds, true);
      this.view.setUint32(pointer + 4, nanoseconds / TWO_32, true);
      return;
    }
    const high = (milliseconds / TWO_32) >>> 0;
    const low = (milliseconds - high * TWO_32) * 1e6 + 0.5;
    this.view.setUint32(pointer, low, true);
    this.view.setUint32(pointer + 4, high * 1e6 + ((low / TWO_32) >>> 0), true);
  }

  /**
   * 64 bits as a number, rounded past 2^53.
   * @param {number} pointer
   */
  wholeAt(pointer) {
    return this.view.getUint32(pointer, true) + this.view.getUint32(pointer + 4, true) * TWO_32;
  }
}

/**
 * Milliseconds as nanoseconds.
 * @param {number} milliseconds
 */
export function toNanoseconds(milliseconds) {
  const whole = Math.floor(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1e6));
}
