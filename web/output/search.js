// Searching the output: a byte search, upper and lower case of ASCII letters alike, in slices, and going on while output comes.

import { BLOCK_BYTES } from './store.js';

/** @import { OutputStore } from './store.js' */

const SLICE_MS = 6;
/** Places remembered; a search that finds more says so. */
export const MOST_MATCHES = 100_000;

export class OutputSearch {
  #store;
  #onChange;
  /** The needle in lower case. */
  #needle = new Uint8Array(0);
  /** @type {number[]} places in the run, ascending */
  #matches = [];
  #searched = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {OutputStore} store
   * @param {() => void} onChange more was searched
   */
  constructor(store, onChange) {
    this.#store = store;
    this.#onChange = onChange;
  }

  get active() {
    return this.#needle.length > 0;
  }

  get count() {
    return this.#matches.length;
  }

  get full() {
    return this.#matches.length >= MOST_MATCHES;
  }

  /** Bytes of a match. */
  get length() {
    return this.#needle.length;
  }

  /** @param {number} index */
  place(index) {
    return this.#matches[index];
  }

  /** @param {string} text '' ends the search */
  start(text) {
    this.#needle = lowered(new TextEncoder().encode(text));
    this.restart();
  }

  /** Begins again from the first byte kept: the output is another one. */
  restart() {
    this.#matches = [];
    this.#searched = this.#store.droppedBytes;
    this.advance();
  }

  /** Searches what has come since; calls onChange when it is through with a slice. */
  advance() {
    clearTimeout(this.#timer);
    if (this.active) {
      const until = performance.now() + SLICE_MS;
      const before = this.#searched;
      while (this.#step() && performance.now() < until);
      if (this.#searched > before && this.#searched + this.#needle.length <= this.#store.totalBytes && !this.full) {
        this.#timer = setTimeout(() => this.advance());
      }
    }
    this.#onChange();
  }

  /**
   * Index of the first match at or after a place.
   * @param {number} place
   */
  firstFrom(place) {
    let low = 0;
    let high = this.#matches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#matches[middle] < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Searches up to one block; false when there is nothing left to search for now. */
  #step() {
    const size = this.#needle.length;
    const from = Math.max(this.#searched, this.#store.droppedBytes);
    const to = Math.min(this.#store.totalBytes, from + BLOCK_BYTES + size - 1);
    if (to - from < size || this.full) return false;
    const bytes = this.#store.slice(from, to);
    const last = bytes.length - size;
    const first = this.#needle[0];
    const upper = first >= 97 && first <= 122 ? first - 32 : first;
    let at = 0;
    for (; at <= last; at++) {
      if ((bytes[at] !== first && bytes[at] !== upper) || !this.#matchesAt(bytes, at)) continue;
      this.#matches.push(from + at);
      if (this.full) break;
      at += size - 1;
    }
    this.#searched = from + at;
    return true;
  }

  /** @param {Uint8Array} bytes @param {number} at */
  #matchesAt(bytes, at) {
    for (let i = 1; i < this.#needle.length; i++) {
      const byte = bytes[at + i];
      if ((byte >= 65 && byte <= 90 ? byte + 32 : byte) !== this.#needle[i]) return false;
    }
    return true;
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function lowered(bytes) {
  return bytes.map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));
}
