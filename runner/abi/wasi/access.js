/**
 * The guest's memory as the WASI functions use it: both views kept, so that a call costs no look-up, and 64-bit values
 * written as two halves, so that it costs no bigint. A memory that has grown shows by its old views being empty, but
 * one that is shared is asked.
 */
import { GuestTrap } from '../../guest/ends.js';

/** @import { GuestMemory } from '../guest-memory.js' */

const TWO_32 = 4294967296;
const NOTHING = new ArrayBuffer(0);

export class GuestAccess {
  #memory;
  bytes = new Uint8Array(NOTHING);
  view = new DataView(NOTHING);
  #window = new Uint8Array(NOTHING);
  #isShared = false;

  /** @param {GuestMemory} memory */
  constructor(memory) {
    this.#memory = memory;
    memory.onAttach(() => (this.bytes = new Uint8Array(NOTHING)));
  }

  /** To be called at the start of every function, and again after every wait. */
  refresh() {
    if (this.bytes.length !== 0 && !this.#isShared) return;
    this.bytes = this.#memory.bytes;
    this.view = this.#memory.view;
    this.#isShared = this.#memory.isShared;
    // No pointer of it means anything: EFAULT from everything would leave it to print nothing and end well.
    if (this.#memory.isMissing)
      throw new GuestTrap('the module calls WASI, but exports no memory for it: WASI wants it by the name `memory`');
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
   * A whole number and 64 bits that are given as two halves, together.
   * @param {number} pointer @param {number} value @param {number} low @param {number} high
   */
  setSum(pointer, value, low, high) {
    const sum = low + (value >>> 0);
    this.view.setUint32(pointer, sum >>> 0, true);
    this.view.setUint32(pointer + 4, high + Math.floor(value / TWO_32) + (sum >= TWO_32 ? 1 : 0), true);
  }
}
