/**
 * What the screen was at the end, as values: for the library's result, `--screen`, saving, and screen readers.
 */
import { colorText } from './colors.js';
import { TAIL } from './layout.js';

/** @import { Frame, ScreenReader } from './reader.js' */

/**
 * Fields of `terminal` in the Aver corpus.
 * @typedef {object} ScreenResult
 * @property {number} cols
 * @property {number} rows
 * @property {string[]} lines without blanks at the end of each, and without empty ones at the end
 * @property {[row: number, from: number, to: number, color: string][]} colors runs of non-blank cells in a colour other
 *   than the default, `to` excluded, in reading order
 * @property {{ x: number, y: number, visible: boolean }} cursor as the program left it
 * @property {number} flushes
 */

/**
 * @param {ScreenReader} reader of a run that is over
 * @returns {ScreenResult | null} null: the program never drew
 */
export function screenResult(reader) {
  return reader.used ? frameResult(reader.final(), reader.flushes) : null;
}

/** @param {Frame} frame @param {number} flushes @returns {ScreenResult} */
export function frameResult(frame, flushes) {
  const { column, row, visible } = frame.cursor;
  return {
    cols: frame.columns,
    rows: frame.rows,
    lines: frame.lines(),
    colors: colorRuns(frame),
    cursor: { x: column, y: row, visible },
    flushes,
  };
}

/** @param {Frame} frame */
function colorRuns(frame) {
  /** @type {ScreenResult['colors']} */
  const runs = [];
  for (let row = 0; row < frame.rows; row++) {
    /** @type {ScreenResult['colors'][number] | null} */
    let run = null;
    for (let column = 0; column < frame.columns; column++) {
      const cell = frame.cell(column, row);
      const glyph = frame.words[cell];
      const isBlank = !(glyph & TAIL) && frame.textOf(glyph) === ' ';
      const color = isBlank ? null : colorText(frame.words[cell + 1]);
      if (run !== null && run[3] === color) {
        run[2] = column + 1;
      } else {
        run = color === null ? null : [row, column, column + 1, color];
        if (run !== null) runs.push(run);
      }
    }
  }
  return runs;
}

/** The screen as text, a line break after each row. @param {Frame} frame */
export function screenText(frame) {
  return frame
    .lines()
    .map((line) => `${line}\n`)
    .join('');
}
