/**
 * Characters of several code points: a base with its marks, an emoji sequence, a flag. Each is kept once, never changed
 * while a cell of any plane names it, and so frames need no copy of it. When there are too many, those that are on no
 * plane make room; when that is not enough, further marks are not shown.
 */
import { CELL_WORDS, CLUSTER, CLUSTERS, CLUSTER_LENGTH, CLUSTER_WORDS, CODE, PLANE, PLANES } from './layout.js';

/** @import { Layout } from './layout.js' */

const BUCKETS = 2 * CLUSTERS;
const BLANK = 0x20;

export class Clusters {
  #words;
  #signed;
  #layout;
  /** Number of the cluster + 1, by hash, with linear probing. */
  #table = new Uint16Array(BUCKETS);
  /** Numbers that are free, as a stack. */
  #free = new Uint16Array(CLUSTERS);
  #freeCount = CLUSTERS;
  #candidate = new Uint32Array(CLUSTER_WORDS);
  /** Marks taken since the last sweep found nothing: it is not tried again for each of millions. */
  #refused = 0;

  /** @param {Layout} layout */
  constructor(layout) {
    this.#layout = layout;
    this.#words = layout.words;
    this.#signed = layout.signed;
    for (let at = 0; at < CLUSTERS; at++) this.#free[at] = CLUSTERS - 1 - at;
  }

  /**
   * The glyph with one more code point.
   * @param {number} glyph
   * @param {number} codePoint
   * @returns {number} the glyph itself when it can take no more
   */
  join(glyph, codePoint) {
    const candidate = this.#candidate;
    let count = 1;
    if (glyph & CLUSTER) {
      const at = this.#at(glyph & CODE);
      count = this.#words[at];
      if (count >= CLUSTER_LENGTH) return glyph;
      for (let index = 1; index <= count; index++) candidate[index] = this.#words[at + index];
    } else {
      candidate[1] = glyph & CODE || BLANK;
    }
    candidate[0] = count + 1;
    candidate[count + 1] = codePoint;
    const number = this.#intern();
    return number < 0 ? glyph : (glyph & ~CODE) | CLUSTER | number;
  }

  /** @param {number} glyph @returns {number} its first code point */
  baseOf(glyph) {
    return glyph & CLUSTER ? this.#words[this.#at(glyph & CODE) + 1] : glyph & CODE;
  }

  /** @param {number} glyph @returns {number} its last code point */
  lastOf(glyph) {
    if (!(glyph & CLUSTER)) return glyph & CODE;
    const at = this.#at(glyph & CODE);
    return this.#words[at + this.#words[at]];
  }

  /** @param {number} number */
  #at(number) {
    return this.#layout.clusters + number * CLUSTER_WORDS;
  }

  /** The number of the candidate; -1 = no room. */
  #intern() {
    let bucket = this.#find();
    if (this.#table[bucket] !== 0) return this.#table[bucket] - 1;
    if (this.#freeCount === 0) {
      if (this.#refused > 0 && this.#refused++ < CLUSTERS) return -1;
      this.#sweep();
      this.#refused = this.#freeCount === 0 ? 1 : 0;
      if (this.#freeCount === 0) return -1;
      bucket = this.#find();
    }
    const number = this.#free[--this.#freeCount];
    this.#table[bucket] = number + 1;
    const at = this.#at(number);
    for (let index = 0; index <= this.#candidate[0]; index++) this.#words[at + index] = this.#candidate[index];
    return number;
  }

  /** The bucket that holds the candidate, or the free one where it belongs. */
  #find() {
    const candidate = this.#candidate;
    let hash = 0;
    for (let index = 1; index <= candidate[0]; index++) hash = Math.imul(hash ^ candidate[index], 0x9e3779b1);
    let bucket = (hash >>> 8) % BUCKETS;
    while (this.#table[bucket] !== 0 && !this.#isCandidate(this.#table[bucket] - 1)) bucket = (bucket + 1) % BUCKETS;
    return bucket;
  }

  /** @param {number} number */
  #isCandidate(number) {
    const at = this.#at(number);
    for (let index = this.#candidate[0]; index >= 0; index--) {
      if (this.#words[at + index] !== this.#candidate[index]) return false;
    }
    return true;
  }

  /** Frees what no plane shows. */
  #sweep() {
    const used = new Uint8Array(CLUSTERS);
    for (let plane = 0; plane < PLANES; plane++) {
      const header = this.#layout.plane(plane);
      const start = this.#layout.cells(plane);
      const end = start + this.#signed[header + PLANE.COLUMNS] * this.#signed[header + PLANE.ROWS] * CELL_WORDS;
      for (let at = start; at < end; at += CELL_WORDS) {
        if (this.#words[at] & CLUSTER) used[this.#words[at] & CODE] = 1;
      }
    }
    const candidate = this.#candidate.slice();
    this.#table.fill(0);
    this.#freeCount = 0;
    for (let number = CLUSTERS - 1; number >= 0; number--) {
      if (!used[number]) {
        this.#free[this.#freeCount++] = number;
        continue;
      }
      const at = this.#at(number);
      this.#candidate.set(this.#words.subarray(at, at + CLUSTER_WORDS));
      this.#table[this.#find()] = number + 1;
    }
    this.#candidate.set(candidate);
  }
}
