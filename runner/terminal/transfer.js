/**
 * A screen by messages, where memory cannot be shared: the rows that changed since the last message, and the clusters
 * that are on them. Both ends have a buffer of their own of the same layout.
 *
 *     columns rows cursor-column cursor-row cursor-visible | flushes raw used ended | number of rows, of clusters |
 *     each row: its number, its cells | each cluster: its number, its words
 */
import { FrameWriter } from './frames.js';
import { CELL_WORDS, CLUSTER, CLUSTERS, CLUSTER_WORDS, CODE, HEADER, LIVE, PLANE } from './layout.js';

/** @import { Layout } from './layout.js' */

const PLANE_WORDS = [PLANE.COLUMNS, PLANE.ROWS, PLANE.CURSOR_COLUMN, PLANE.CURSOR_ROW, PLANE.CURSOR_VISIBLE];
const HEADER_WORDS = [HEADER.FLUSHES, HEADER.RAW, HEADER.USED, HEADER.ENDED];
const COUNTS = PLANE_WORDS.length + HEADER_WORDS.length;
const FIXED = COUNTS + 2;

/** The guest's end. */
export class Outgoing {
  #layout;
  /** Rows with a later stamp have not been sent. */
  #sent = 0;
  /** The size that was sent last: a new one sends all rows. */
  #columns = 0;
  #rows = 0;

  /** @param {Layout} layout */
  constructor(layout) {
    this.#layout = layout;
  }

  /**
   * @param {number} plane
   * @param {number} epoch up to which all that the plane holds is complete
   * @returns {Uint8Array<ArrayBuffer>}
   */
  snapshot(plane, epoch) {
    const { signed, words } = this.#layout;
    const header = this.#layout.plane(plane);
    const columns = signed[header + PLANE.COLUMNS];
    const rows = this.#changedRows(plane);
    const clusters = this.#clustersOn(plane, rows);
    const stride = columns * CELL_WORDS;
    const message = new Uint32Array(FIXED + rows.length * (1 + stride) + clusters.length * (1 + CLUSTER_WORDS));
    PLANE_WORDS.forEach((word, at) => (message[at] = words[header + word]));
    HEADER_WORDS.forEach((word, at) => (message[PLANE_WORDS.length + at] = words[word]));
    message[COUNTS] = rows.length;
    message[COUNTS + 1] = clusters.length;
    let at = FIXED;
    const append = (/** @type {number} */ number, /** @type {number} */ from, /** @type {number} */ length) => {
      message[at] = number;
      message.set(words.subarray(from, from + length), at + 1);
      at += 1 + length;
    };
    for (const row of rows) append(row, this.#layout.cells(plane) + row * stride, stride);
    for (const number of clusters) append(number, this.#layout.clusters + number * CLUSTER_WORDS, CLUSTER_WORDS);
    this.#sent = epoch;
    this.#columns = columns;
    this.#rows = signed[header + PLANE.ROWS];
    return new Uint8Array(message.buffer);
  }

  /** @param {number} plane */
  #changedRows(plane) {
    const { signed } = this.#layout;
    const header = this.#layout.plane(plane);
    const stamps = this.#layout.stamps(plane);
    const rows = signed[header + PLANE.ROWS];
    const all = signed[header + PLANE.COLUMNS] !== this.#columns || rows !== this.#rows;
    const changed = [];
    for (let row = 0; row < rows; row++) {
      if (all || ((signed[stamps + row] - this.#sent) | 0) > 0) changed.push(row);
    }
    return changed;
  }

  /** @param {number} plane @param {number[]} rows */
  #clustersOn(plane, rows) {
    const { words, signed } = this.#layout;
    const stride = signed[this.#layout.plane(plane) + PLANE.COLUMNS] * CELL_WORDS;
    /** @type {Set<number>} */
    const found = new Set();
    for (const row of rows) {
      const start = this.#layout.cells(plane) + row * stride;
      for (let cell = start; cell < start + stride; cell += CELL_WORDS) {
        if (words[cell] & CLUSTER) found.add(words[cell] & CODE);
      }
    }
    return [...found];
  }
}

/** The end of whoever shows the screen. */
export class Incoming {
  #layout;
  #frames;
  #epoch = 0;

  /** @param {Layout} layout */
  constructor(layout) {
    this.#layout = layout;
    this.#frames = new FrameWriter(layout);
  }

  /**
   * Takes a snapshot in; it is the newest frame and the live grid from now on.
   * @param {Uint8Array} bytes
   */
  load(bytes) {
    const message = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    const { words, signed, most } = this.#layout;
    const [columns, rows] = message;
    if (columns > most.columns || rows > most.rows) throw new Error('a screen larger than its buffer');
    const header = this.#layout.plane(LIVE);
    PLANE_WORDS.forEach((word, at) => (words[header + word] = message[at]));
    HEADER_WORDS.forEach((word, at) => (words[word] = message[PLANE_WORDS.length + at]));
    this.#epoch = (this.#epoch + 1) | 0;
    const stride = columns * CELL_WORDS;
    let at = FIXED;
    for (let left = message[COUNTS]; left > 0; left--) {
      const row = Math.min(message[at], rows - 1);
      words.set(message.subarray(at + 1, at + 1 + stride), this.#layout.cells(LIVE) + row * stride);
      signed[this.#layout.stamps(LIVE) + row] = this.#epoch;
      at += 1 + stride;
    }
    for (let left = message[COUNTS + 1]; left > 0; left--) {
      const number = Math.min(message[at], CLUSTERS - 1);
      words.set(message.subarray(at + 1, at + 1 + CLUSTER_WORDS), this.#layout.clusters + number * CLUSTER_WORDS);
      at += 1 + CLUSTER_WORDS;
    }
    this.#frames.publish(this.#epoch);
  }
}
