/**
 * The one table of keys: what the browser calls a key, what Aver programs call it (aver-abi.md 6.3), and the bytes that a
 * terminal sends for it (xterm's, which all programs know). Characters are keys of their own name.
 */
import { keyNumber } from '../guest/key-numbers.js';

/**
 * A key with its modifiers, wherever it was pressed. `key` is a character or the browser's name.
 * @typedef {{ key: string, ctrl: boolean, alt: boolean, shift: boolean, meta: boolean }} KeyPress
 */
/**
 * What of a browser's keyboard event is looked at.
 * @typedef {object} KeyEventLike
 * @property {string} key
 * @property {boolean} [ctrlKey]
 * @property {boolean} [altKey]
 * @property {boolean} [shiftKey]
 * @property {boolean} [metaKey]
 * @property {boolean} [isComposing]
 * @property {(modifier: string) => boolean} [getModifierState]
 */

/**
 * `aver`: the name that is delivered, null = none. Sent is one of: `text` as it is; `letter`, the end of `ESC [`; `ss3`, the
 * end of `ESC O` while there is no modifier; `number`, before `~`.
 * @typedef {{ key: string, aver: string | null, text?: string, letter?: string, ss3?: string, number?: number }} KeyRow
 */
/** @type {readonly KeyRow[]} */
export const KEYS = Object.freeze([
  { key: 'ArrowUp', aver: 'up', letter: 'A' },
  { key: 'ArrowDown', aver: 'down', letter: 'B' },
  { key: 'ArrowRight', aver: 'right', letter: 'C' },
  { key: 'ArrowLeft', aver: 'left', letter: 'D' },
  { key: 'Escape', aver: 'esc', text: '\x1b' },
  { key: 'Enter', aver: 'enter', text: '\r' },
  { key: 'Tab', aver: null, text: '\t' },
  { key: 'Backspace', aver: null, text: '\x7f' },
  { key: 'Home', aver: null, letter: 'H' },
  { key: 'End', aver: null, letter: 'F' },
  { key: 'Insert', aver: null, number: 2 },
  { key: 'Delete', aver: null, number: 3 },
  { key: 'PageUp', aver: null, number: 5 },
  { key: 'PageDown', aver: null, number: 6 },
  { key: 'F1', aver: null, ss3: 'P' },
  { key: 'F2', aver: null, ss3: 'Q' },
  { key: 'F3', aver: null, ss3: 'R' },
  { key: 'F4', aver: null, ss3: 'S' },
  { key: 'F5', aver: null, number: 15 },
  { key: 'F6', aver: null, number: 17 },
  { key: 'F7', aver: null, number: 18 },
  { key: 'F8', aver: null, number: 19 },
  { key: 'F9', aver: null, number: 20 },
  { key: 'F10', aver: null, number: 21 },
  { key: 'F11', aver: null, number: 23 },
  { key: 'F12', aver: null, number: 24 },
]);

/** @type {ReadonlyMap<string, KeyRow>} */
const BY_KEY = new Map(KEYS.map((row) => [row.key, row]));

const CONTROL = /^[\p{Cc}\p{Cs}]$/u;

/** Other names of characters on the command line: a comma separates, and a blank is hard to see. */
const SPELT = Object.freeze({ space: ' ', comma: ',' });

/**
 * @param {string} key
 * @param {Partial<KeyPress>} [modifiers]
 * @returns {KeyPress}
 */
export function press(key, modifiers = {}) {
  return { key, ctrl: false, alt: false, shift: false, meta: false, ...modifiers };
}

/** Whether the rest of its last character is to come: Firefox tells of those beyond U+FFFF in two halves. @param {string} text */
export const endsInHalf = (text) => /[\ud800-\udbff]$/.test(text);

/** Whether it is one character, and no control. @param {string} key */
export function isCharacter(key) {
  const codePoint = key.codePointAt(0);
  return codePoint !== undefined && key === String.fromCodePoint(codePoint) && !CONTROL.test(key);
}

/**
 * @param {KeyEventLike} event
 * @returns {KeyPress | null} null: a part of a composition, whose text comes later
 */
export function pressOfEvent(event) {
  const { key } = event;
  if (event.isComposing || key === 'Dead' || key === 'Process' || key === 'Unidentified') return null;
  // AltGr is reported as Ctrl and Alt where it types a character.
  const altGraph = isCharacter(key) && event.getModifierState?.('AltGraph') === true;
  return {
    key,
    ctrl: !altGraph && event.ctrlKey === true,
    alt: !altGraph && event.altKey === true,
    shift: event.shiftKey === true,
    meta: event.metaKey === true,
  };
}

/**
 * The key that an Aver program gets for what was pressed in the browser.
 * @param {KeyPress} pressed
 * @returns {string | null} null: nothing; the browser may have it
 */
export function averKey(pressed) {
  if (isInterrupt(pressed)) return 'esc';
  if (pressed.ctrl || pressed.alt || pressed.meta) return null;
  return averNameOf(pressed.key);
}

/**
 * The same for what came from a TTY, where no browser waits for it: modifiers of arrows and Alt do not matter, as in
 * programs that run natively.
 * @param {KeyPress} pressed
 */
export function averKeyOfTty(pressed) {
  if (isInterrupt(pressed)) return 'esc';
  if ((pressed.ctrl || pressed.meta) && isCharacter(pressed.key)) return null;
  return averNameOf(pressed.key);
}

/** Ctrl+C; with Shift it copies. @param {KeyPress} pressed */
export function isInterrupt({ key, ctrl, alt, shift, meta }) {
  return ctrl && !alt && !shift && !meta && (key === 'c' || key === 'C');
}

/** @param {string} key */
function averNameOf(key) {
  return isCharacter(key) ? key : (BY_KEY.get(key)?.aver ?? null);
}

/**
 * Text that was committed by an input method or pasted, as keys: one per code point, a line break as `enter`, other
 * controls as nothing.
 * @param {string} text
 * @returns {Generator<string>} one by one: of a long paste only the first are taken
 */
export function* averKeysOfText(text) {
  for (const character of text) {
    if (character === '\n' || character === '\r') yield 'enter';
    else if (isCharacter(character)) yield character;
  }
}

/** @param {string} text with line breaks of every kind @returns {string} with `\n` only */
export const withPlainBreaks = (text) => text.replace(/\r\n?/g, '\n');

/**
 * The bytes, as text, that a program in raw mode reads for a key.
 * @param {KeyPress} pressed
 * @param {boolean} [application] whether it asked for cursor keys as `ESC O`
 * @returns {string | null} null: none
 */
export function ansiKey(pressed, application = false) {
  const { key, alt, shift, meta } = pressed;
  if (meta) return null;
  const row = BY_KEY.get(key);
  if (row === undefined) return isCharacter(key) ? (alt ? '\x1b' : '') + withControl(pressed) : null;
  if (key === 'Tab' && shift) return '\x1b[Z';
  if (row.text !== undefined) return (alt ? '\x1b' : '') + (key === 'Backspace' && pressed.ctrl ? '\b' : row.text);
  const modifier = 1 + Number(shift) + 2 * Number(alt) + 4 * Number(pressed.ctrl);
  if (row.number !== undefined) return modifier > 1 ? `\x1b[${row.number};${modifier}~` : `\x1b[${row.number}~`;
  const end = row.letter ?? row.ss3;
  if (modifier > 1) return `\x1b[1;${modifier}${end}`;
  return application || row.ss3 !== undefined ? `\x1bO${end}` : `\x1b[${end}`;
}

/** @param {KeyPress} pressed a character */
function withControl({ key, ctrl }) {
  if (!ctrl) return key;
  if (key === ' ') return '\0';
  if (key === '?') return '\x7f';
  const code = key.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code & 0x1f) : key;
}

/**
 * Keys as they are given on a command line: `up,down,a,space`.
 * @param {string} text
 * @returns {{ keys: string[] } | { error: string }}
 */
export function parseKeys(text) {
  if (text === '') return { keys: [] };
  const keys = [];
  for (const name of text.split(',')) {
    const key = Object.hasOwn(SPELT, name) ? SPELT[/** @type {keyof typeof SPELT} */ (name)] : name;
    if (keyNumber(key) < 0 || CONTROL.test(key)) {
      const known = `up, down, left, right, esc, enter, ${Object.keys(SPELT).join(', ')} or one character`;
      return {
        error:
          name === '' ? `an empty name between commas; for the key itself write comma` : `no key "${name}": ${known}`,
      };
    }
    keys.push(key);
  }
  return { keys };
}
