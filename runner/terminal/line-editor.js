/**
 * Editing a line of input, where the program reads lines: what a terminal sends for keys goes in; what is to be written to
 * it comes out, and the lines that were finished. Arrows, Home, End and Ctrl-A E B F move; Backspace, Delete, Ctrl-D H K U W
 * delete; up and down walk the history; Ctrl-L clears the screen; Ctrl-D on an empty line ends the input; Ctrl-C
 * interrupts. It knows no terminal but its width, and where on the row the line began.
 */
import { isCharacter } from './keys.js';
import { KeyParser } from './sequences.js';
import { textWidth } from './width.js';

/** @import { KeyPress } from './keys.js' */

const HISTORY_MOST = 500;
const TAB = 8;
const ASCII = /^[\x20-\x7e]*$/;
const WORD = /[\p{L}\p{N}_]/u;

const encoder = new TextEncoder();
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * @typedef {object} Edited
 * @property {string} echo for the terminal
 * @property {string[]} lines that were finished, each with its `\n`
 * @property {boolean} ended the input is at its end: Ctrl-D on an empty line
 * @property {boolean} interrupted Ctrl-C
 * @property {boolean} refused characters for which the line has no room were not taken
 */

export class LineEditor {
  #parser = new KeyParser();
  /** Characters as people see them. @type {string[]} */
  #characters = [];
  #cursor = 0;
  /** Column of the row at which the line begins: after the program's prompt. */
  #origin = 0;
  /** Rows from the first one of the line to the one where the terminal's cursor is. */
  #row = 0;
  /** And its column. */
  #column = 0;
  /** @type {string[]} */
  #history = [];
  /** Where in the history we are; its length = the line that is being written. */
  #at = 0;
  /** The line that was being written when the history was entered. */
  #draft = '';
  #echo = '';
  /** @type {string[]} */
  #lines = [];
  #ended = false;
  #interrupted = false;
  #refused = false;

  #most;

  /**
   * @param {{ columns?: number, most?: number }} [options] `most`: characters of a line. It is measured anew at every change,
   *   so one that grows by pieces needs an end
   */
  constructor({ columns = 80, most = Infinity } = {}) {
    /** The terminal's width. */
    this.columns = columns;
    this.#most = most;
  }

  /** The line so far. */
  get text() {
    return this.#characters.join('');
  }

  /** Whether an ESC waits for what follows; `flush` drops it. */
  get pending() {
    return this.#parser.pending;
  }

  /** Nothing followed an ESC: it means nothing here. */
  flush() {
    this.#parser.flush();
  }

  /**
   * @param {string} data as a terminal sends it
   * @param {number} [column] of the terminal's cursor, which is where a line begins that is empty so far
   * @returns {Edited}
   */
  feed(data, column = 0) {
    if (this.#characters.length === 0) this.#begin(column);
    this.#echo = '';
    this.#lines = [];
    this.#interrupted = this.#refused = false;
    const keys = this.#parser.push(encoder.encode(data));
    for (let at = 0; at < keys.length && !this.#ended;) at = this.#key(keys, at);
    return {
      echo: this.#echo,
      lines: this.#lines,
      ended: this.#ended,
      interrupted: this.#interrupted,
      refused: this.#refused,
    };
  }

  /**
   * The terminal has another width now, and has left or cut the rows of the line as they were: it is drawn anew.
   * @param {number} columns
   * @returns {string} for the terminal
   */
  resize(columns) {
    this.#echo = '';
    this.#goTo(0);
    this.columns = columns;
    this.#begin(this.#origin);
    if (this.#characters.length > 0) this.#write(0);
    return this.#echo;
  }

  /** @param {number} column */
  #begin(column) {
    this.#origin = Math.min(Math.max(0, column), this.columns - 1);
    this.#row = 0;
    this.#column = this.#origin;
  }

  /** @param {KeyPress[]} keys @param {number} at @returns {number} the next one to handle */
  #key(keys, at) {
    const { key, ctrl, alt } = keys[at];
    const isText = (/** @type {KeyPress} */ other) =>
      !other.ctrl && !other.alt && !other.meta && textOf(other.key) !== '';
    if (isText(keys[at])) {
      let end = at;
      let text = '';
      while (end < keys.length && isText(keys[end])) text += textOf(keys[end++].key);
      this.#insert(text);
      return end;
    }
    if (ctrl && !alt) this.#control(key);
    else if (alt) this.#meta(key);
    else this.#named(key);
    return at + 1;
  }

  /** @param {string} key */
  #named(key) {
    if (key === 'Enter') this.#finish();
    else if (key === 'Backspace') this.#delete(this.#cursor - 1, this.#cursor);
    else if (key === 'Delete') this.#delete(this.#cursor, this.#cursor + 1);
    else if (key === 'ArrowLeft') this.#move(this.#cursor - 1);
    else if (key === 'ArrowRight') this.#move(this.#cursor + 1);
    else if (key === 'Home') this.#move(0);
    else if (key === 'End') this.#move(this.#characters.length);
    else if (key === 'ArrowUp') this.#recall(this.#at - 1);
    else if (key === 'ArrowDown') this.#recall(this.#at + 1);
  }

  /** @param {string} key with Ctrl */
  #control(key) {
    const end = this.#characters.length;
    if (key === 'a') this.#move(0);
    else if (key === 'e') this.#move(end);
    else if (key === 'b') this.#move(this.#cursor - 1);
    else if (key === 'f') this.#move(this.#cursor + 1);
    else if (key === 'ArrowLeft') this.#move(this.#wordStart());
    else if (key === 'ArrowRight') this.#move(this.#wordEnd());
    else if (key === 'k') this.#delete(this.#cursor, end);
    else if (key === 'u') this.#delete(0, this.#cursor);
    else if (key === 'w') this.#delete(this.#blankStart(), this.#cursor);
    else if (key === 'Backspace') this.#delete(this.#cursor - 1, this.#cursor);
    else if (key === 'p') this.#recall(this.#at - 1);
    else if (key === 'n') this.#recall(this.#at + 1);
    else if (key === 'c') this.#interrupt();
    else if (key === 'l') this.#clearScreen();
    else if (key === 'd' && end > 0) this.#delete(this.#cursor, this.#cursor + 1);
    else if (key === 'd') this.#ended = true;
  }

  /** @param {string} key with Alt */
  #meta(key) {
    if (key === 'b' || key === 'ArrowLeft') this.#move(this.#wordStart());
    else if (key === 'f' || key === 'ArrowRight') this.#move(this.#wordEnd());
    else if (key === 'd') this.#delete(this.#cursor, this.#wordEnd());
    else if (key === 'Backspace') this.#delete(this.#wordStart(), this.#cursor);
  }

  /** @param {string} text */
  #insert(text) {
    const from = this.#cursor;
    // A mark joins the character before it.
    const joined = from > 0 && !ASCII.test(text) ? 1 : 0;
    const start = from - joined;
    const characters = split((joined ? this.#characters[start] : '') + text);
    const room = this.#most - this.#characters.length + joined;
    if (characters.length > room) {
      this.#refused = true;
      characters.length = room;
      if (room === joined) return;
    }
    const tail = this.#characters.splice(start);
    for (const character of characters) this.#characters.push(character);
    for (const character of tail.slice(joined)) this.#characters.push(character);
    this.#goTo(start);
    this.#cursor = start + characters.length;
    this.#write(start, tail.length > 0);
  }

  /** @param {number} from @param {number} to */
  #delete(from, to) {
    const start = Math.max(0, from);
    const end = Math.min(this.#characters.length, to);
    if (end <= start) return;
    this.#goTo(start);
    this.#characters.splice(start, end - start);
    this.#cursor = start;
    this.#write(start);
  }

  /** @param {number} to */
  #move(to) {
    this.#cursor = Math.min(Math.max(0, to), this.#characters.length);
    this.#goTo(this.#cursor);
  }

  /** @param {string} text */
  #replace(text) {
    this.#goTo(0);
    this.#characters = split(text);
    this.#cursor = this.#characters.length;
    this.#write(0);
  }

  /** @param {number} index */
  #recall(index) {
    if (index < 0 || index > this.#history.length) return;
    if (this.#at === this.#history.length) this.#draft = this.text;
    this.#at = index;
    this.#replace(index === this.#history.length ? this.#draft : this.#history[index]);
  }

  #finish() {
    const line = this.text;
    this.#goTo(this.#characters.length);
    this.#echo += '\r\n';
    this.#lines.push(`${line}\n`);
    if (line !== '' && line !== this.#history[this.#history.length - 1]) this.#history.push(line);
    if (this.#history.length > HISTORY_MOST) this.#history.shift();
    this.#startOver();
  }

  #interrupt() {
    this.#goTo(this.#characters.length);
    this.#echo += '^C\r\n';
    this.#interrupted = true;
    this.#startOver();
  }

  #startOver() {
    this.#characters = [];
    this.#cursor = 0;
    this.#at = this.#history.length;
    this.#draft = '';
    this.#begin(0);
  }

  #clearScreen() {
    this.#echo += '\x1b[H\x1b[2J';
    this.#begin(0);
    this.#write(0);
  }

  #wordStart() {
    let at = this.#cursor;
    while (at > 0 && !WORD.test(this.#characters[at - 1])) at--;
    while (at > 0 && WORD.test(this.#characters[at - 1])) at--;
    return at;
  }

  #wordEnd() {
    let at = this.#cursor;
    while (at < this.#characters.length && !WORD.test(this.#characters[at])) at++;
    while (at < this.#characters.length && WORD.test(this.#characters[at])) at++;
    return at;
  }

  #blankStart() {
    let at = this.#cursor;
    while (at > 0 && this.#characters[at - 1] === ' ') at--;
    while (at > 0 && this.#characters[at - 1] !== ' ') at--;
    return at;
  }

  /** Where a character stands, in rows from the line's first one. @param {number} index */
  #placeOf(index) {
    const place = { row: 0, column: this.#origin };
    for (let at = 0; at < index; at++) this.#advance(place, this.#characters[at]);
    return settled(place, this.columns);
  }

  /**
   * Goes past a character.
   * @param {{ row: number, column: number }} place
   * @param {string} character
   * @returns {number} how many columns it takes
   */
  #advance(place, character) {
    Object.assign(place, settled(place, this.columns));
    const left = this.columns - place.column;
    const isTab = character === '\t';
    const width = isTab ? Math.min(TAB - (place.column % TAB), left) : Math.min(textWidth(character), this.columns);
    if (width > left) {
      place.row++;
      place.column = 0;
    }
    place.column += width;
    return width;
  }

  /** Brings the terminal's cursor to a character. @param {number} index */
  #goTo(index) {
    const { row, column } = this.#placeOf(index);
    if (row === this.#row && column === this.#column) return;
    if (row < this.#row) this.#echo += `\x1b[${this.#row - row}A`;
    else if (row > this.#row) this.#echo += `\x1b[${row - this.#row}B`;
    this.#echo += column > 0 ? `\r\x1b[${column}C` : '\r';
    this.#row = row;
    this.#column = column;
  }

  /**
   * Writes the line from a character on, at which the terminal's cursor is, and then brings it to where we are.
   * @param {number} from
   * @param {boolean} [erases] whether something stands behind it
   */
  #write(from, erases = true) {
    const place = this.#placeOf(from);
    let text = '';
    for (const character of this.#characters.slice(from)) {
      const left = this.columns - settled(place, this.columns).column;
      const width = this.#advance(place, character);
      // A wide one that does not fit would leave in the last column what stood there.
      if (width > left) text += ' '.repeat(left);
      text += character === '\t' ? ' '.repeat(width) : character;
    }
    // After the last column the terminal waits with its wrap: a blank makes it go on, so that we know where it is.
    this.#echo += `${text}${place.column >= this.columns ? ' \r' : ''}${erases ? '\x1b[J' : ''}`;
    const end = settled(place, this.columns);
    this.#row = end.row;
    this.#column = end.column;
    this.#goTo(this.#cursor);
  }
}

/** The place where the next character goes. @param {{ row: number, column: number }} place @param {number} columns */
function settled({ row, column }, columns) {
  return column >= columns ? { row: row + 1, column: 0 } : { row, column };
}

/** @param {string} key @returns {string} '' = no text */
function textOf(key) {
  if (key === 'Tab') return '\t';
  return isCharacter(key) ? key : '';
}

/** @param {string} text */
function split(text) {
  return ASCII.test(text) ? text.split('') : Array.from(segmenter.segment(text), ({ segment }) => segment);
}
