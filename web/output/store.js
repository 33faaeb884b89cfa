// What the program printed, as bytes in blocks of one size. Memory is bounded: past KEPT_BYTES the oldest blocks go.
// Rows are found by scanning (rows.js) in slices of a few milliseconds, so that neither a flood of output nor a new width
// of the pane blocks the page. Numbers of bytes count from the start of the run, rows from the first one scanned. What did
// not come from standard output is known by the places at which the stream changed.

import { scanRows, startCursor } from './rows.js';

export const BLOCK_BYTES = 64 * 1024;
export const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT_BLOCKS = KEPT_BYTES / BLOCK_BYTES;
/** Without wrapping, a line is still cut into rows of this many columns: no browser draws a line of megabytes. */
const LONGEST_ROW = 4096;
const SLICE_MS = 6;
const CACHED_STARTS = 24;
/** Changes between streams that are kept: a program that alternates with every byte must not fill the memory. */
const MOST_CHANGES = 100_000;

/** @import { Cursor } from './rows.js' */
/** Where bytes came from: typed input that is shown, standard output, standard error. @typedef {0 | 1 | 2} Stream */
/** @typedef {{ bytes: Uint8Array, length: number, at: Cursor | null }} Block  at: the cursor before its first byte; null = not scanned */

export class OutputStore {
  /** @type {Block[]} */
  #blocks = [];
  /** Blocks that went away at the front. */
  #gone = 0;
  #columns = LONGEST_ROW;
  #cursor = startCursor();
  /** Scanned so far: index in #blocks and offset in that block. */
  #scanned = { block: 0, offset: 0 };
  /** Row starts of blocks drawn lately, by number of the block in the run. @type {Map<number, number[]>} */
  #starts = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #edition = 0;
  #newlines = 0;
  #lastByte = 10;
  /** Places where the stream changed, and to which: rows of two numbers. @type {number[]} */
  #changes = [];
  /** @type {Stream} */
  #stream = 1;
  /** @type {(() => void)[]} */
  #listeners = [];

  /** @param {() => void} listener called after anything changed; often, so it should only schedule work */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** All bytes of the run, kept or not. */
  get totalBytes() {
    const last = this.#blocks.at(-1);
    return last ? (this.#gone + this.#blocks.length - 1) * BLOCK_BYTES + last.length : this.#gone * BLOCK_BYTES;
  }

  get droppedBytes() {
    return this.#gone * BLOCK_BYTES;
  }

  /** Lines of the run, kept or not; a last line without a newline counts. */
  get lines() {
    return this.#newlines + (this.#lastByte === 10 ? 0 : 1);
  }

  /** The first row that is still kept. */
  get firstRow() {
    return this.#blocks[0]?.at?.row ?? 0;
  }

  /** One past the last row scanned. */
  get endRow() {
    return this.#cursor.row + (this.#cursor.open ? 1 : 0);
  }

  /** Another number when rows that were there have become others: they are counted anew. */
  get edition() {
    return this.#edition;
  }

  clear() {
    this.#blocks = [];
    this.#gone = 0;
    this.#newlines = 0;
    this.#lastByte = 10;
    this.#changes = [];
    this.#stream = 1;
    this.#rescan();
    this.#changed();
  }

  /** @param {Uint8Array} bytes @param {Stream} [stream] */
  append(bytes, stream = 1) {
    if (bytes.length === 0) return;
    if (stream !== this.#stream) this.#changeTo(stream);
    let from = 0;
    while (from < bytes.length) {
      let last = this.#blocks.at(-1);
      if (!last || last.length === BLOCK_BYTES) {
        const bytes = this.#blocks.length === KEPT_BLOCKS ? this.#dropFirst() : new Uint8Array(BLOCK_BYTES);
        last = { bytes, length: 0, at: null };
        this.#blocks.push(last);
      }
      const part = bytes.subarray(from, from + BLOCK_BYTES - last.length);
      last.bytes.set(part, last.length);
      last.length += part.length;
      from += part.length;
    }
    this.#lastByte = bytes[bytes.length - 1];
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) this.#newlines += 1;
    this.#advance();
    this.#changed();
  }

  /**
   * Rows of at most so many columns from now on; 0 = no wrapping.
   * @param {number} columns
   */
  wrap(columns) {
    const wanted = columns === 0 ? LONGEST_ROW : Math.min(columns, LONGEST_ROW);
    if (wanted === this.#columns) return;
    this.#columns = wanted;
    this.#rescan();
    this.#advance();
    this.#changed();
  }

  /**
   * The bytes of a row, without its newline, and where they stand in the run.
   * @param {number} row
   * @returns {{ bytes: Uint8Array, start: number }}
   */
  row(row) {
    // Rows that were in view and are gone, until the view hears of it.
    if (row < this.firstRow || row >= this.endRow) return { bytes: new Uint8Array(0), start: this.totalBytes };
    const start = this.#startOf(row);
    const end = row + 1 < this.endRow ? this.#startOf(row + 1) : this.#scannedBytes();
    const bytes = this.slice(start, end);
    return { bytes: bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes, start };
  }

  /**
   * The row that holds the byte at this place of the run.
   * @param {number} place
   */
  rowAt(place) {
    const index = Math.floor(place / BLOCK_BYTES) - this.#gone;
    const block = this.#blocks[index];
    if (!block?.at) return this.firstRow;
    const starts = this.#startsOf(index);
    return this.#rowBefore(index) + below(starts.length, (at) => starts[at] <= place % BLOCK_BYTES);
  }

  /**
   * A copy of bytes that may lie in several blocks; what is no longer kept is left out.
   * @param {number} start
   * @param {number} end
   */
  slice(start, end) {
    const from = Math.max(start, this.droppedBytes);
    const out = new Uint8Array(Math.max(0, end - from));
    for (let at = from; at < end;) {
      const block = this.#blocks[Math.floor(at / BLOCK_BYTES) - this.#gone];
      const part = block.bytes.subarray(at % BLOCK_BYTES, Math.min(block.length, (at % BLOCK_BYTES) + end - at));
      if (part.length === 0) break;
      out.set(part, at - from);
      at += part.length;
    }
    return out;
  }

  /**
   * A part of the run cut where the stream changes.
   * @param {number} start
   * @param {number} end
   * @returns {{ stream: Stream, start: number, end: number }[]}
   */
  streams(start, end) {
    const changes = this.#changes;
    let at = 2 * below(changes.length / 2, (index) => changes[2 * index] <= start) - 2;
    /** @type {{ stream: Stream, start: number, end: number }[]} */
    const parts = [];
    for (let from = start; from < end; at += 2) {
      const stream = /** @type {Stream} */ (at < 0 ? 1 : changes[at + 1]);
      const to = Math.min(end, changes[at + 2] ?? end);
      parts.push({ stream, start: from, end: to });
      from = to;
    }
    return parts;
  }

  /** Views of everything kept, in order. @returns {Uint8Array<ArrayBuffer>[]} */
  parts() {
    return this.#blocks.map((block) => /** @type {Uint8Array<ArrayBuffer>} */ (block.bytes.subarray(0, block.length)));
  }

  /** @param {Stream} stream */
  #changeTo(stream) {
    if (this.#changes.length === 2 * MOST_CHANGES) this.#changes.splice(0, MOST_CHANGES);
    this.#changes.push(this.totalBytes, stream);
    this.#stream = stream;
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }

  /** Gives up the oldest block and returns its memory, to be written again: a flood must not make garbage. */
  #dropFirst() {
    this.#starts.delete(this.#gone);
    const { bytes } = /** @type {Block} */ (this.#blocks.shift());
    this.#gone += 1;
    if (this.#scanned.block > 0) this.#scanned.block -= 1;
    else this.#rescan();
    return bytes;
  }

  #rescan() {
    this.#edition += 1;
    for (const block of this.#blocks) block.at = null;
    this.#cursor = startCursor();
    this.#scanned = { block: 0, offset: 0 };
    this.#starts.clear();
  }

  #scannedBytes() {
    return (this.#gone + this.#scanned.block) * BLOCK_BYTES + this.#scanned.offset;
  }

  /** Scans what was not scanned yet, for SLICE_MS at most; the rest follows in a task of its own. */
  #advance() {
    const until = performance.now() + SLICE_MS;
    const place = this.#scanned;
    while (place.block < this.#blocks.length) {
      const block = this.#blocks[place.block];
      if (place.offset === 0) block.at = { ...this.#cursor };
      scanRows(this.#cursor, block.bytes, place.offset, block.length, this.#columns, null);
      if (place.offset !== block.length) this.#starts.delete(this.#gone + place.block);
      place.offset = block.length;
      if (block.length < BLOCK_BYTES) return;
      place.block += 1;
      place.offset = 0;
      if (performance.now() > until && place.block < this.#blocks.length) return this.#advanceLater();
    }
  }

  #advanceLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#advance();
      this.#changed();
    });
  }

  /** The row that the bytes before the first row start of a block belong to. @param {number} index */
  #rowBefore(index) {
    const at = /** @type {Cursor} */ (this.#blocks[index].at);
    return at.row - (this.#beginsRow(index) ? 1 : 0);
  }

  /** Whether a row starts at the very first byte of a block. @param {number} index */
  #beginsRow(index) {
    return index === 0 || this.#blocks[index].at?.open === false;
  }

  /** @param {number} index @returns {number[]} offsets of row starts in the block */
  #startsOf(index) {
    const number = this.#gone + index;
    const known = this.#starts.get(number);
    if (known) return known;
    const block = this.#blocks[index];
    /** @type {number[]} */
    const starts = this.#beginsRow(index) ? [0] : [];
    const end = index === this.#scanned.block ? this.#scanned.offset : block.length;
    scanRows({ .../** @type {Cursor} */ (block.at) }, block.bytes, 0, end, this.#columns, (at) => starts.push(at));
    if (this.#starts.size >= CACHED_STARTS)
      this.#starts.delete(/** @type {number} */ (this.#starts.keys().next().value));
    this.#starts.set(number, starts);
    return starts;
  }

  /** @param {number} row @returns {number} the place in the run where it starts */
  #startOf(row) {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const at = this.#blocks[middle].at;
      if (at !== null && this.#rowBefore(middle) < row) low = middle;
      else high = middle - 1;
    }
    const starts = this.#startsOf(low);
    const offset = starts[row - this.#rowBefore(low) - 1] ?? 0;
    return (this.#gone + low) * BLOCK_BYTES + offset;
  }
}

/**
 * How many of the first places hold what is asked: a run of them from 0 on.
 * @param {number} count
 * @param {(index: number) => boolean} holds
 */
function below(count, holds) {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
