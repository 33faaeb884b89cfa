/**
 * The terminal's grid (aver-abi.md 6.1): cells, cursor with deferred wrap, wide characters, marks, tabs, scrolling. It
 * keeps everything in plane LIVE of the screen's buffer (layout.js). Printing allocates nothing.
 */
import { Clusters } from './clusters.js';
import { Escapes, Pen } from './escapes.js';
import { CELL_WORDS, clamp, CLUSTER, HEADER, LIVE, PLANE, TAIL, WIDE } from './layout.js';
import { Utf8 } from './utf8.js';
import { charWidth, isPictograph, isRegionalIndicator, isSkinTone } from './width.js';

/** @import { Layout, Size } from './layout.js' */

const TAB = 8;
const ZERO_WIDTH_JOINER = 0x200d;

export class Grid {
  #words;
  #signed;
  #header;
  #stamps;
  #cells;
  #clusters;
  #pen = new Pen();
  #escapes = new Escapes(this.#pen);
  #utf8 = new Utf8();
  #columns;
  #rows;
  #column = 0;
  #row = 0;
  /** The last column is written, and the next character goes to the next row. */
  #wraps = false;
  /** What rows that change are stamped with: the number of the frame that is being drawn. */
  epoch = 1;

  /** @param {Layout} layout */
  constructor(layout) {
    this.#words = layout.words;
    this.#signed = layout.signed;
    this.#header = layout.plane(LIVE);
    this.#stamps = layout.stamps(LIVE);
    this.#cells = layout.cells(LIVE);
    this.#clusters = new Clusters(layout);
    this.#columns = this.#signed[this.#header + PLANE.COLUMNS];
    this.#rows = this.#signed[this.#header + PLANE.ROWS];
  }

  get columns() {
    return this.#columns;
  }

  get rows() {
    return this.#rows;
  }

  /** Blank everywhere, cursor home. Colour and cursor visibility stay. */
  clear() {
    this.#words.fill(0, this.#cells, this.#cells + this.#rows * this.#columns * CELL_WORDS);
    this.#stampRows(0, this.#rows);
    this.moveTo(0, 0);
  }

  /** @param {number} column @param {number} row both are clamped */
  moveTo(column, row) {
    this.#column = clamp(column, 0, this.#columns - 1);
    this.#row = clamp(row, 0, this.#rows - 1);
    this.#wraps = false;
    this.#utf8.reset();
    this.#saveCursor();
  }

  /** @param {number} color a colour's word (layout.js) */
  setColor(color) {
    this.#pen.setForeground(color);
  }

  /** Back to default colours, without attributes. */
  resetColor() {
    this.#pen.reset();
  }

  /** @param {boolean} visible */
  showCursor(visible) {
    this.#signed[this.#header + PLANE.CURSOR_VISIBLE] = visible ? 1 : 0;
  }

  /**
   * Text at the cursor. A character or escape sequence that ends within `bytes` goes on in the next call.
   * @param {Uint8Array} bytes UTF-8; what is none becomes U+FFFD
   * @param {number} [start]
   * @param {number} [end]
   */
  print(bytes, start = 0, end = bytes.length) {
    let at = start;
    while (at < end) {
      const byte = bytes[at];
      if (byte >= 0x20 && byte < 0x7f && !this.#utf8.active && !this.#escapes.active) {
        at = this.#printAscii(bytes, at, end);
      } else {
        this.#take(byte);
        at++;
      }
    }
    this.#saveCursor();
  }

  /**
   * Keeps what is in both sizes.
   * @param {Size} size within the most that the buffer holds
   */
  resize({ columns, rows }) {
    const old = { columns: this.#columns, rows: this.#rows };
    if (columns === old.columns && rows === old.rows) return;
    Atomics.store(this.#signed, HEADER.BUSY, 1);
    this.#layOut(old, columns, Math.min(rows, old.rows));
    const kept = this.#cells + Math.min(rows, old.rows) * columns * CELL_WORDS;
    this.#words.fill(0, kept, Math.max(kept, this.#cells + rows * columns * CELL_WORDS));
    this.#columns = columns;
    this.#rows = rows;
    this.#signed[this.#header + PLANE.COLUMNS] = columns;
    this.#signed[this.#header + PLANE.ROWS] = rows;
    this.#stampRows(0, rows);
    // A row that was full goes on in the columns that came.
    if (this.#wraps && columns > old.columns) this.#column++;
    this.#wraps &&= columns === old.columns;
    this.#column = Math.min(this.#column, columns - 1);
    if (this.#row >= rows) this.#row = rows - 1;
    this.#saveCursor();
    Atomics.store(this.#signed, HEADER.BUSY, 0);
  }

  /**
   * Moves rows to where they stand in the new width: the first one first when they get closer, else the last one first.
   * @param {Size} old
   * @param {number} columns
   * @param {number} rows
   */
  #layOut(old, columns, rows) {
    const from = old.columns * CELL_WORDS;
    const to = columns * CELL_WORDS;
    const kept = Math.min(from, to);
    const closer = to < from;
    for (let step = 0; step < rows; step++) {
      const row = closer ? step : rows - 1 - step;
      const source = this.#cells + row * from;
      const target = this.#cells + row * to;
      this.#words.copyWithin(target, source, source + kept);
      this.#words.fill(0, target + kept, target + to);
      const last = target + kept - CELL_WORDS;
      if (closer && this.#words[last] & WIDE) this.#words[last] = 0;
    }
  }

  /** A run of ASCII up to the end of the row. @param {Uint8Array} bytes @param {number} at @param {number} end */
  #printAscii(bytes, at, end) {
    if (this.#wraps) this.#wrap();
    const words = this.#words;
    const { foreground, background } = this.#pen;
    const first = this.#cells + (this.#row * this.#columns + this.#column) * CELL_WORDS;
    const rowEnd = this.#cells + (this.#row + 1) * this.#columns * CELL_WORDS;
    if (words[first] & TAIL) words[first - CELL_WORDS] = 0;
    let cell = first;
    while (cell < rowEnd && at < end) {
      const byte = bytes[at];
      if (byte < 0x20 || byte >= 0x7f) break;
      words[cell] = byte;
      words[cell + 1] = foreground;
      words[cell + 2] = background;
      cell += CELL_WORDS;
      at++;
    }
    this.#signed[this.#stamps + this.#row] = this.epoch;
    if (cell === rowEnd) {
      this.#column = this.#columns - 1;
      this.#wraps = true;
    } else {
      this.#column += (cell - first) / CELL_WORDS;
      if (words[cell] & TAIL) words[cell] = 0;
    }
    return at;
  }

  /** @param {number} byte */
  #take(byte) {
    if (this.#escapes.active && this.#escapes.take(byte)) return;
    const utf8 = this.#utf8;
    if (byte < 0x80) {
      if (utf8.reset()) this.#put(Utf8.INVALID);
      if (byte < 0x20) this.#control(byte);
      else if (byte < 0x7f) this.#put(byte);
      return;
    }
    let codePoint = utf8.take(byte);
    if (codePoint === Utf8.BROKEN) {
      this.#put(Utf8.INVALID);
      codePoint = utf8.take(byte);
    }
    if (codePoint >= 0xa0) this.#put(codePoint);
  }

  /** @param {number} byte */
  #control(byte) {
    if (byte === 0x0a) {
      this.#column = 0;
      this.#wraps = false;
      this.#lineFeed();
    } else if (byte === 0x0d) {
      this.#column = 0;
      this.#wraps = false;
    } else if (byte === 0x08) {
      if (this.#column > 0) this.#column--;
      this.#wraps = false;
    } else if (byte === 0x09) {
      this.#column = Math.min(this.#column - (this.#column % TAB) + TAB, this.#columns - 1);
    } else if (byte === 0x1b) {
      this.#escapes.begin();
    }
  }

  /** A character: a cell of its own, or a part of the one before. @param {number} codePoint */
  #put(codePoint) {
    let width = charWidth(codePoint);
    if (width < 0) return;
    if (width === 0 || this.#continues(codePoint)) return this.#join(codePoint);
    if (width > this.#columns) width = 1;
    if (this.#wraps || this.#column + width > this.#columns) this.#wrap();
    const cell = this.#cells + (this.#row * this.#columns + this.#column) * CELL_WORDS;
    this.#openCells(cell, width);
    this.#setCell(cell, width === 2 ? codePoint | WIDE : codePoint);
    if (width === 2) this.#setCell(cell + CELL_WORDS, TAIL);
    this.#signed[this.#stamps + this.#row] = this.epoch;
    this.#wraps = this.#column + width === this.#columns;
    this.#column = this.#wraps ? this.#columns - 1 : this.#column + width;
  }

  /**
   * Blanks the other halves of wide characters that are about to lose one.
   * @param {number} cell
   * @param {number} width
   */
  #openCells(cell, width) {
    const words = this.#words;
    if (words[cell] & TAIL) words[cell - CELL_WORDS] = 0;
    const after = cell + width * CELL_WORDS;
    if (this.#column + width < this.#columns && words[after] & TAIL) words[after] = 0;
  }

  /** @param {number} cell @param {number} glyph */
  #setCell(cell, glyph) {
    this.#words[cell] = glyph;
    this.#words[cell + 1] = this.#pen.foreground;
    this.#words[cell + 2] = this.#pen.background;
  }

  /** The cell before the cursor, which marks join; -1 = none. */
  #cellBefore() {
    const column = this.#wraps ? this.#column : this.#column - 1;
    if (column < 0) return -1;
    const cell = this.#cells + (this.#row * this.#columns + column) * CELL_WORDS;
    return this.#words[cell] & TAIL ? cell - CELL_WORDS : cell;
  }

  /** Whether an emoji goes on with this: after a joiner, as a skin tone, as the second letter of a flag. @param {number} codePoint */
  #continues(codePoint) {
    if (!isPictograph(codePoint)) return false;
    const cell = this.#cellBefore();
    if (cell < 0) return false;
    const glyph = this.#words[cell];
    if (isRegionalIndicator(codePoint)) return !(glyph & CLUSTER) && isRegionalIndicator(this.#clusters.baseOf(glyph));
    if (!isPictograph(this.#clusters.baseOf(glyph))) return false;
    return isSkinTone(codePoint) || this.#clusters.lastOf(glyph) === ZERO_WIDTH_JOINER;
  }

  /** @param {number} codePoint */
  #join(codePoint) {
    const cell = this.#cellBefore();
    if (cell < 0) return;
    this.#words[cell] = this.#clusters.join(this.#words[cell], codePoint);
    this.#signed[this.#stamps + this.#row] = this.epoch;
  }

  #wrap() {
    this.#column = 0;
    this.#wraps = false;
    this.#lineFeed();
  }

  #lineFeed() {
    if (this.#row < this.#rows - 1) {
      this.#row++;
      return;
    }
    const stride = this.#columns * CELL_WORDS;
    const end = this.#cells + this.#rows * stride;
    this.#words.copyWithin(this.#cells, this.#cells + stride, end);
    this.#words.fill(0, end - stride, end);
    this.#stampRows(0, this.#rows);
  }

  /** @param {number} from @param {number} to */
  #stampRows(from, to) {
    this.#signed.fill(this.epoch, this.#stamps + from, this.#stamps + to);
  }

  #saveCursor() {
    this.#signed[this.#header + PLANE.CURSOR_COLUMN] = this.#column;
    this.#signed[this.#header + PLANE.CURSOR_ROW] = this.#row;
  }
}
