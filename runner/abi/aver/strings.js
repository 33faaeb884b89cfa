/**
 * Strings on their way into the guest (spec aver-abi.md 4): short ones lie in its scratch area, longer ones where its
 * exported `alloc` says, and where there is none, in pages added to its memory. The guest copies at once, so the
 * scratch area serves one call after the other.
 */

/** @import { Guest } from '../../guest/types.js' */

import { GuestTrap } from '../../guest/ends.js';

const SCRATCH = 96;
const SCRATCH_BYTES = 32;
const HEADER_BYTES = 8;
const PAGE_BYTES = 65536;

const encoder = new TextEncoder();

export class StringsIntoGuest {
  /** What imports with two results return, again and again: the engine takes it apart at once. */
  #pair = [0, 0];

  /** @param {Guest} guest */
  constructor(guest) {
    this.guest = guest;
  }

  /** Releases from 0.14 on also export it by the name that it has in their runtime. */
  get #alloc() {
    const { alloc, rt_alloc: ofRuntime } = this.guest.exports;
    return alloc ?? ofRuntime;
  }

  get canAllocate() {
    return typeof this.#alloc === 'function';
  }

  /** @param {number} first @param {number} second */
  pair(first, second) {
    this.#pair[0] = first;
    this.#pair[1] = second;
    return this.#pair;
  }

  /** @param {string} text lone surrogates become replacement characters */
  text(text) {
    return this.bytes(encoder.encode(text));
  }

  /**
   * Pointer and length of a copy of the bytes.
   * @param {Uint8Array} bytes
   */
  bytes(bytes) {
    const { length } = bytes;
    if (length === 0) return this.pair(SCRATCH, 0);
    const pointer = length <= SCRATCH_BYTES ? SCRATCH : this.canAllocate ? this.#allocate(length) : this.#grow(length);
    // Only now: what makes room may have grown the memory, which detaches earlier views.
    const target = this.guest.memory.slice(pointer, length);
    if (target === null) throw new GuestTrap('the memory of the module has no room for a string from outside');
    target.set(bytes);
    return this.pair(pointer, length);
  }

  /**
   * A string object, which the guest keeps: it must come from the guest's own `alloc`.
   * @param {string} text
   */
  object(text) {
    const bytes = encoder.encode(text);
    const pointer = this.#allocate(HEADER_BYTES + bytes.length);
    const { memory } = this.guest;
    const target = memory.slice(pointer, HEADER_BYTES + bytes.length);
    if (target === null) throw new GuestTrap('`alloc` of the module gave an address outside of its memory');
    target.fill(0, 0, HEADER_BYTES);
    memory.view.setUint32(pointer, bytes.length, true);
    target.set(bytes, HEADER_BYTES);
    return pointer;
  }

  /** @param {number} length */
  #allocate(length) {
    const alloc = this.#alloc;
    if (typeof alloc !== 'function') {
      throw new GuestTrap('the module asks for a string object, but exports no `alloc` to make it with');
    }
    /** @type {unknown} */
    let pointer;
    try {
      pointer = alloc(length);
    } catch (error) {
      // What the engine says when a number is no i64; traps and ends of the run are passed on.
      if (error instanceof TypeError) throw new GuestTrap('`alloc` of the module does not take one i32');
      throw error;
    }
    if (typeof pointer !== 'number') throw new GuestTrap('`alloc` of the module does not give an i32');
    return pointer >>> 0;
  }

  /**
   * Room at the new end of a grown memory. Between the old end and it there is space for the copy that the guest will
   * make below, wherever its heap ends now.
   * @param {number} length
   */
  #grow(length) {
    const { memory } = this.guest;
    const pages = Math.ceil((2 * length + 2 * HEADER_BYTES) / PAGE_BYTES);
    const added = memory.grow(pages);
    if (added < 0) throw new GuestTrap('the memory of the module cannot grow to take a string');
    return added + pages * PAGE_BYTES - length;
  }
}
