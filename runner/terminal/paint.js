/**
 * A frame as the escape sequences that bring a terminal from the frame before to it: only cells that changed.
 */
import { ATTRIBUTE, CELL_WORDS, CLUSTER, COLOR, COLOR_KIND, COLOR_VALUE, HIDDEN, TAIL, WIDE } from './layout.js';

/** @import { Size } from './layout.js' */
/** @import { Frame } from './reader.js' */

/** Unchanged cells between two changes that are written again rather than jumped over: a jump is as long. */
const GAP = 4;
/** @type {[number, number][]} */
const ATTRIBUTES = [
  [ATTRIBUTE.BOLD, 1],
  [ATTRIBUTE.DIM, 2],
  [ATTRIBUTE.ITALIC, 3],
  [ATTRIBUTE.UNDERLINE, 4],
  [ATTRIBUTE.INVERSE, 7],
  [ATTRIBUTE.STRIKE, 9],
];

/** SGR for the words of a cell. @param {number} foreground @param {number} background */
function sgr(foreground, background) {
  const numbers = ['0'];
  for (const [bit, number] of ATTRIBUTES) if (foreground & bit) numbers.push(String(number));
  if (background & HIDDEN) numbers.push('8');
  numbers.push(...colorSgr(foreground, 30), ...colorSgr(background, 40));
  return `\x1b[${numbers.join(';')}m`;
}

/** @param {number} word @param {number} base 30 or 40 */
function colorSgr(word, base) {
  const value = word & COLOR_VALUE;
  const kind = word & COLOR_KIND;
  if (kind === COLOR.DEFAULT) return [];
  if (kind === COLOR.RGB) return [`${base + 8};2;${value >> 16};${(value >> 8) & 0xff};${value & 0xff}`];
  if (value < 8) return [String(base + value)];
  return [value < 16 ? String(base + 52 + value) : `${base + 8};5;${value}`];
}

export class Painter {
  /** Cells as they are on the terminal. @type {Uint32Array} */
  #cells = new Uint32Array(0);
  /** @type {number[]} */
  #stamps = [];
  #columns = 0;
  #rows = 0;
  #foreground = 0;
  #background = 0;

  /** Nothing of what is on the terminal is known any more. */
  forget() {
    this.#columns = 0;
  }

  /**
   * @param {Frame} frame
   * @param {Size} size of the terminal: what is beyond it is not shown
   * @param {boolean} cursor whether it may be shown
   */
  paint(frame, size, cursor = true) {
    const columns = Math.min(frame.columns, size.columns);
    const rows = Math.min(frame.rows, size.rows);
    let text = '\x1b[?25l';
    if (columns !== this.#columns || rows !== this.#rows) text += this.#startOver(columns, rows);
    for (let row = 0; row < rows; row++) {
      if (this.#stamps[row] === frame.stamp(row)) continue;
      this.#stamps[row] = frame.stamp(row);
      text += this.#paintRow(frame, row);
    }
    const { column, row, visible } = frame.cursor;
    if (!visible || !cursor || column >= columns || row >= rows) return text;
    return `${text}\x1b[${row + 1};${column + 1}H\x1b[?25h`;
  }

  /** @param {number} columns @param {number} rows */
  #startOver(columns, rows) {
    this.#columns = columns;
    this.#rows = rows;
    this.#cells = new Uint32Array(columns * rows * CELL_WORDS);
    this.#stamps = [];
    this.#foreground = this.#background = 0;
    return '\x1b[0m\x1b[2J';
  }

  /** @param {Frame} frame @param {number} row */
  #paintRow(frame, row) {
    let text = '';
    let at = -1;
    let isSure = true;
    for (let column = 0; column < this.#columns; column++) {
      const cell = frame.cell(column, row);
      if (frame.words[cell] & TAIL) continue;
      const isSame = isSure && this.#isShown(frame.words, cell, (row * this.#columns + column) * CELL_WORDS);
      if (isSame && !this.#isWorthwhile(frame, row, column, at)) continue;
      if (at !== column) text += `\x1b[${row + 1};${column + 1}H`;
      text += this.#paintCell(frame, cell, column);
      const width = frame.words[cell] & WIDE && column + 1 < this.#columns ? 2 : 1;
      at = column + width;
      if (!(frame.words[cell] & CLUSTER)) continue;
      // Terminals differ in how many columns a sequence takes: what follows it is placed and written anew.
      at = -1;
      isSure = false;
    }
    for (let column = 0; column < this.#columns; column++) {
      const cell = frame.cell(column, row);
      const shown = (row * this.#columns + column) * CELL_WORDS;
      for (let word = 0; word < CELL_WORDS; word++) this.#cells[shown + word] = frame.words[cell + word];
    }
    return text;
  }

  /** Whether an unchanged cell is written again: something behind it changed, near. @param {Frame} frame @param {number} row @param {number} column @param {number} at */
  #isWorthwhile(frame, row, column, at) {
    if (at !== column) return false;
    const end = Math.min(this.#columns, column + GAP);
    for (let next = column + 1; next < end; next++) {
      if (!this.#isShown(frame.words, frame.cell(next, row), (row * this.#columns + next) * CELL_WORDS)) return true;
    }
    return false;
  }

  /** @param {Uint32Array} words @param {number} cell @param {number} shown */
  #isShown(words, cell, shown) {
    // A cluster's number may have come to mean another.
    return (
      words[cell] === this.#cells[shown] &&
      words[cell + 1] === this.#cells[shown + 1] &&
      words[cell + 2] === this.#cells[shown + 2] &&
      !(words[cell] & CLUSTER)
    );
  }

  /** @param {Frame} frame @param {number} cell @param {number} column */
  #paintCell(frame, cell, column) {
    const { words } = frame;
    let text = '';
    if (words[cell + 1] !== this.#foreground || words[cell + 2] !== this.#background) {
      this.#foreground = words[cell + 1];
      this.#background = words[cell + 2];
      text = sgr(this.#foreground, this.#background);
    }
    // The half of a wide one that fits.
    if (words[cell] & WIDE && column + 1 === this.#columns) return `${text} `;
    return text + frame.textOf(words[cell]);
  }
}

/** A frame as lines in its colours, for a terminal that scrolls. @param {Frame} frame */
export function paintLines(frame) {
  const rows = frame.lines().length;
  let text = '';
  for (let row = 0; row < rows; row++) {
    let style = '';
    let left = frame.line(row).length;
    for (let column = 0; column < frame.columns && left > 0; column++) {
      const cell = frame.cell(column, row);
      const character = frame.textOf(frame.words[cell]);
      const wanted = sgr(frame.words[cell + 1], frame.words[cell + 2]);
      if (wanted !== style && !(style === '' && wanted === PLAIN)) text += style = wanted;
      text += character;
      left -= character.length;
    }
    text += style === '' || style === PLAIN ? '\n' : `${PLAIN}\n`;
  }
  return text;
}
const PLAIN = '\x1b[0m';
