/**
 * The terminal's memory, as the guest's worker writes it and the page reads it: one buffer, shared where the page is
 * isolated, so that the screen is there even after the worker was terminated.
 *
 *     header | live grid | frame | frame | frame | clusters
 *
 * Each grid and frame (a "plane") is a small header, a stamp per row that tells when the row last changed, and its cells
 * row after row without gaps. A cell is three words:
 *
 *     glyph       bits 0..20 code point, or number of a cluster    21 CLUSTER   22 WIDE   23 TAIL (right half of a wide one)
 *     foreground  bits 0..23 value    24..25 how it is given (COLOR)    26..31 attributes (ATTRIBUTE)
 *     background  bits 0..23 value    24..25 how it is given            26 hidden
 *
 * All bits zero is a blank in the default colours. A cluster is a character of several code points: its count, then those.
 */

import { MOST_COLUMNS, MOST_ROWS } from '../limits.js';

/** Words at the start of the buffer. */
export const HEADER = Object.freeze({
  MOST_COLUMNS: 0,
  MOST_ROWS: 1,
  /** Written by whoever shows the screen: columns in the high half, rows in the low one. */
  WANTED_SIZE: 2,
  /** Which frame waits for the reader, and FRESH if it has not seen it. */
  READY: 3,
  /** Which frame is the reader's. */
  FRONT: 4,
  FLUSHES: 5,
  RAW: 6,
  /** Whether the program ever drew. */
  USED: 7,
  /** The run is over: the terminal is as users want it, whatever the program left. */
  ENDED: 8,
  /** Goes up with everything that can be seen. */
  GENERATION: 9,
  /** The live grid is being laid out anew. */
  BUSY: 10,
  COUNT: 16,
});
export const FRESH = 4;

/** Words at the start of a plane. */
export const PLANE = Object.freeze({
  COLUMNS: 0,
  ROWS: 1,
  CURSOR_COLUMN: 2,
  CURSOR_ROW: 3,
  CURSOR_VISIBLE: 4,
  COUNT: 8,
});
export const LIVE = 0;
export const PLANES = 4;

export const CELL_WORDS = 3;
export const CODE = 0x1fffff;
export const CLUSTER = 1 << 21;
export const WIDE = 1 << 22;
export const TAIL = 1 << 23;

export const COLOR_VALUE = 0xffffff;
export const COLOR_KIND = 3 << 24;
/** How a colour is given. */
export const COLOR = Object.freeze({ DEFAULT: 0, PALETTE: 1 << 24, RGB: 2 << 24 });
export const ATTRIBUTE = Object.freeze({
  BOLD: 1 << 26,
  DIM: 1 << 27,
  ITALIC: 1 << 28,
  UNDERLINE: 1 << 29,
  INVERSE: 1 << 30,
  STRIKE: 1 << 31,
});
/** Of the background's word. */
export const HIDDEN = 1 << 26;

export const CLUSTER_WORDS = 16;
export const CLUSTER_LENGTH = CLUSTER_WORDS - 1;
export const CLUSTERS = 4096;

export const DEFAULT_SIZE = Object.freeze({ columns: 80, rows: 24 });
const MOST_SIZE = Object.freeze({ columns: MOST_COLUMNS, rows: MOST_ROWS });

/** @typedef {{ columns: number, rows: number }} Size */

/** @param {Size} most */
const planeWords = ({ columns, rows }) => PLANE.COUNT + rows + columns * rows * CELL_WORDS;

/**
 * @param {boolean} shared
 * @param {Size} [size] at the start
 * @param {Size} [most] that it can be resized to
 * @returns {ArrayBufferLike}
 */
export function createScreenBuffer(shared, size = DEFAULT_SIZE, most = MOST_SIZE) {
  const bytes = 4 * (HEADER.COUNT + PLANES * planeWords(most) + CLUSTERS * CLUSTER_WORDS);
  const buffer = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  const words = new Int32Array(buffer);
  words[HEADER.MOST_COLUMNS] = most.columns;
  words[HEADER.MOST_ROWS] = most.rows;
  words[HEADER.FRONT] = 1;
  words[HEADER.READY] = 2;
  const first = clampSize(size, most);
  words[HEADER.WANTED_SIZE] = packSize(first);
  const layout = new Layout(buffer);
  for (let plane = 0; plane < PLANES; plane++) {
    words[layout.plane(plane) + PLANE.COLUMNS] = first.columns;
    words[layout.plane(plane) + PLANE.ROWS] = first.rows;
    words[layout.plane(plane) + PLANE.CURSOR_VISIBLE] = 1;
  }
  return buffer;
}

/** @param {Size} size @param {Size} most @returns {Size} */
export function clampSize({ columns, rows }, most) {
  return {
    columns: clamp(Math.trunc(columns) || 1, 1, most.columns),
    rows: clamp(Math.trunc(rows) || 1, 1, most.rows),
  };
}

/** @param {Size} size */
export const packSize = ({ columns, rows }) => (columns << 16) | rows;

/** @param {number} value @param {number} low @param {number} high */
export function clamp(value, low, high) {
  return value < low ? low : value > high ? high : value;
}

/** Views of a buffer, and where things are in it. */
export class Layout {
  /** @param {ArrayBufferLike} buffer from createScreenBuffer */
  constructor(buffer) {
    this.buffer = buffer;
    /** Everything. */
    this.words = new Uint32Array(buffer);
    /** The same for Atomics and for stamps, which are compared by difference. */
    this.signed = new Int32Array(buffer);
    /** @type {Size} */
    this.most = { columns: this.signed[HEADER.MOST_COLUMNS], rows: this.signed[HEADER.MOST_ROWS] };
    this.clusters = HEADER.COUNT + PLANES * planeWords(this.most);
  }

  /** @param {number} index */
  plane(index) {
    return HEADER.COUNT + index * planeWords(this.most);
  }

  /** @param {number} index */
  stamps(index) {
    return this.plane(index) + PLANE.COUNT;
  }

  /** @param {number} index */
  cells(index) {
    return this.stamps(index) + this.most.rows;
  }
}
