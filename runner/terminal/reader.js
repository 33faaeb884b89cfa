/**
 * The screen for whoever shows it: the page, the TTY of Node, a test, a screen reader's text. It only reads, but for the
 * size that is wanted.
 */
import { newestFrame } from './frames.js';
import {
  CELL_WORDS,
  clampSize,
  CLUSTER,
  CLUSTER_WORDS,
  CODE,
  HEADER,
  Layout,
  LIVE,
  packSize,
  PLANE,
  TAIL,
} from './layout.js';
import { Incoming } from './transfer.js';

/** @import { Size } from './layout.js' */

/** A picture of the screen: one of the planes. */
export class Frame {
  #layout;
  #stamps;
  /** All words of the screen; the cell of column and row begins at `cells + (row * columns + column) * CELL_WORDS`. */
  words;
  cells;

  /** @param {Layout} layout @param {number} plane */
  constructor(layout, plane) {
    const header = layout.plane(plane);
    this.#layout = layout;
    this.#stamps = layout.stamps(plane);
    this.words = layout.words;
    this.cells = layout.cells(plane);
    this.columns = layout.signed[header + PLANE.COLUMNS];
    this.rows = layout.signed[header + PLANE.ROWS];
    this.cursor = {
      column: layout.signed[header + PLANE.CURSOR_COLUMN],
      row: layout.signed[header + PLANE.CURSOR_ROW],
      /** As the program wants it. */
      visible: layout.signed[header + PLANE.CURSOR_VISIBLE] !== 0,
    };
  }

  /** Differs when the row has changed. @param {number} row */
  stamp(row) {
    return this.#layout.signed[this.#stamps + row];
  }

  /** @param {number} column @param {number} row @returns {number} where the cell's words are */
  cell(column, row) {
    return this.cells + (row * this.columns + column) * CELL_WORDS;
  }

  /** The character of a glyph; a blank is a space, the right half of a wide one nothing. @param {number} glyph */
  textOf(glyph) {
    if (glyph & TAIL) return '';
    if (!(glyph & CLUSTER)) return glyph & CODE ? String.fromCodePoint(glyph & CODE) : ' ';
    const at = this.#layout.clusters + (glyph & CODE) * CLUSTER_WORDS;
    let text = '';
    for (let index = 1; index <= this.words[at]; index++) text += String.fromCodePoint(this.words[at + index]);
    return text;
  }

  /** A row's text without the blanks at its end. @param {number} row */
  line(row) {
    let text = '';
    for (let column = 0; column < this.columns; column++) text += this.textOf(this.words[this.cell(column, row)]);
    return text.replace(/ +$/, '');
  }

  /** All rows but the empty ones at the end. */
  lines() {
    const lines = [];
    for (let row = 0; row < this.rows; row++) lines.push(this.line(row));
    while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop();
    return lines;
  }
}

export class ScreenReader {
  #layout;
  #signed;
  #plane = -1;
  #frameGeneration = -1;
  /** @type {Frame | null} */
  #frame = null;
  /** @type {Incoming | null} */
  #incoming = null;

  /** @param {ArrayBufferLike} buffer from createScreenBuffer; a screen has one reader at a time */
  constructor(buffer) {
    this.#layout = new Layout(buffer);
    this.#signed = this.#layout.signed;
  }

  /** What it was made of. */
  get buffer() {
    return this.#layout.buffer;
  }

  /** Differs when a frame, raw mode or the end of the run has come. */
  get generation() {
    return Atomics.load(this.#signed, HEADER.GENERATION);
  }

  /** Whether the program ever drew. */
  get used() {
    return this.#signed[HEADER.USED] !== 0;
  }

  /** How often the program flushed. */
  get flushes() {
    return this.#signed[HEADER.FLUSHES];
  }

  /** Whether the program asked for every key (a badge tells so). */
  get raw() {
    return Atomics.load(this.#signed, HEADER.RAW) !== 0;
  }

  /** Whether the run is over. */
  get ended() {
    return Atomics.load(this.#signed, HEADER.ENDED) !== 0;
  }

  /** The newest frame that was published. It stays as it is until this is called again. @returns {Frame} */
  frame() {
    const plane = newestFrame(this.#layout);
    const { generation } = this;
    if (this.#frame === null || plane !== this.#plane || generation !== this.#frameGeneration) {
      this.#frame = new Frame(this.#layout, plane);
      this.#plane = plane;
      this.#frameGeneration = generation;
    }
    return this.#frame;
  }

  /** The live grid, flushed or not: once nobody draws any more, because the run ended or its worker was terminated. */
  final() {
    // Terminated while it was laid out anew, it is a mixture of two sizes.
    return Atomics.load(this.#signed, HEADER.BUSY) ? this.frame() : new Frame(this.#layout, LIVE);
  }

  /** The size that the program will be told: what is wanted, within what the buffer holds. */
  get size() {
    const wanted = Atomics.load(this.#signed, HEADER.WANTED_SIZE);
    return { columns: wanted >>> 16, rows: wanted & 0xffff };
  }

  /** @param {Size} size @returns {Size} as the program will be told */
  setSize(size) {
    const wanted = clampSize(size, this.#layout.most);
    Atomics.store(this.#signed, HEADER.WANTED_SIZE, packSize(wanted));
    return wanted;
  }

  /** The run is over, and its worker may be gone without having said so. */
  end() {
    Atomics.store(this.#signed, HEADER.RAW, 0);
    Atomics.store(this.#signed, HEADER.ENDED, 1);
    Atomics.add(this.#signed, HEADER.GENERATION, 1);
  }

  /** Takes what `Screen.snapshot` gave, where memory is not shared. @param {Uint8Array} bytes */
  load(bytes) {
    this.#incoming ??= new Incoming(this.#layout);
    this.#incoming.load(bytes);
  }
}
