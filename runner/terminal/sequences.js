/**
 * Keys from the bytes that a terminal sends, as they come: characters in UTF-8, escape sequences of xterm, of kitty (CSI u)
 * and of VT220 keypads, Alt as a prefix, bracketed paste. What comes in pieces is put together; a lone ESC is known as the
 * key only when nothing follows, so whoever reads calls `flush` a moment after `pending` became true.
 */
import { isCharacter, KEYS, press } from './keys.js';
import { Utf8 } from './utf8.js';

/** @import { KeyPress } from './keys.js' */

const SEQUENCE_MOST = 64;
const STRING_MOST = 4096;

/** @type {Map<string, string>} */
const BY_LETTER = new Map(
  KEYS.flatMap(({ key, letter, ss3 }) => ((letter ?? ss3) ? [[letter ?? ss3 ?? '', key]] : [])),
);
/** Home and End of VT220 and rxvt beside the table's own. @type {Map<number, string>} */
const BY_NUMBER = new Map([
  ...KEYS.flatMap(({ key, number }) => (number ? [/** @type {[number, string]} */ ([number, key])] : [])),
  [1, 'Home'],
  [4, 'End'],
  [7, 'Home'],
  [8, 'End'],
  [11, 'F1'],
  [12, 'F2'],
  [13, 'F3'],
  [14, 'F4'],
]);
/** The keypad in application mode, after ESC O. */
const KEYPAD = 'jklmnopqrstuvwxy';
const KEYPAD_CHARACTERS = '*+,-./0123456789';
/** Kitty's numbers of keypad keys. @type {Map<number, string>} */
const KITTY = new Map([
  [57414, 'Enter'],
  [57417, 'ArrowLeft'],
  [57418, 'ArrowRight'],
  [57419, 'ArrowUp'],
  [57420, 'ArrowDown'],
]);
const KITTY_KEYPAD = 57399;
const KITTY_CHARACTERS = '0123456789./*-+';
const KITTY_PRIVATE = [57344, 63743];
const RELEASE = 3;

const PASTE_BEGINS = 200;
const PASTE_ENDS = 201;
const ESC = 0x1b;

const IN = Object.freeze({ TEXT: 0, ESCAPE: 1, SEQUENCE: 2, SS3: 3, STRING: 4, STRING_ESCAPE: 5, SKIP: 6 });

export class KeyParser {
  /** @type {number} */
  #state = IN.TEXT;
  #utf8 = new Utf8();
  #collected = '';
  #skip = 0;
  #alt = false;
  #afterReturn = false;
  /** Within a bracketed paste. */
  pasting = false;
  /** @type {KeyPress[]} */
  #keys = [];

  /** Whether it waits for more, and a lone key may be what there is. */
  get pending() {
    return this.#state !== IN.TEXT;
  }

  /** @param {Uint8Array} bytes @returns {KeyPress[]} */
  push(bytes) {
    for (const byte of bytes) this.#take(byte);
    return this.#taken();
  }

  /** Nothing followed: what was pending is keys of their own. @returns {KeyPress[]} */
  flush() {
    const state = this.#state;
    const collected = this.#collected;
    this.#state = IN.TEXT;
    if (state === IN.ESCAPE) this.#emit('Escape', { alt: this.#alt });
    else if (state === IN.SS3 && collected === '') this.#emit('O', { alt: true, shift: true });
    else if (state === IN.SEQUENCE && collected === '') this.#emit('[', { alt: true });
    this.#alt = false;
    return this.#taken();
  }

  #taken() {
    const keys = this.#keys;
    this.#keys = [];
    return keys;
  }

  /** @param {number} byte */
  #take(byte) {
    switch (this.#state) {
      case IN.ESCAPE:
        return this.#afterEscape(byte);
      case IN.SEQUENCE:
        return this.#inSequence(byte);
      case IN.SS3:
        return this.#inSs3(byte);
      case IN.STRING:
      case IN.STRING_ESCAPE:
        return this.#inString(byte);
      case IN.SKIP:
        if (--this.#skip === 0) this.#state = IN.TEXT;
        return undefined;
      default:
        return this.#text(byte);
    }
  }

  /** @param {number} byte */
  #text(byte) {
    if (byte < 0x80) {
      this.#utf8.reset();
      if (byte === ESC) this.#state = IN.ESCAPE;
      else this.#ascii(byte);
      return;
    }
    let codePoint = this.#utf8.take(byte);
    if (codePoint === Utf8.BROKEN) codePoint = this.#utf8.take(byte);
    if (codePoint >= 0xa0) this.#emit(String.fromCodePoint(codePoint));
  }

  /** @param {number} byte */
  #ascii(byte) {
    const afterReturn = this.#afterReturn;
    this.#afterReturn = byte === 0x0d;
    if (byte >= 0x20 && byte < 0x7f) this.#emit(String.fromCharCode(byte));
    else if (byte === 0x0a && afterReturn && this.pasting) return;
    else if (byte === 0x0d || byte === 0x0a) this.#emit('Enter');
    else if (byte === 0x09) this.#emit('Tab');
    else if (byte === 0x7f || byte === 0x08) this.#emit('Backspace', { ctrl: byte === 0x08 });
    else if (byte === 0) this.#emit(' ', { ctrl: true });
    else this.#emit(String.fromCharCode(byte + (byte < 27 ? 0x60 : 0x40)), { ctrl: true });
  }

  /** @param {string} key @param {Partial<KeyPress>} [modifiers] */
  #emit(key, modifiers = {}) {
    const alt = this.#alt || modifiers.alt === true;
    this.#alt = false;
    this.#keys.push(press(key, { ...modifiers, alt }));
  }

  /** @param {number} byte */
  #afterEscape(byte) {
    this.#collected = '';
    if (byte === 0x5b) this.#state = IN.SEQUENCE;
    else if (byte === 0x4f) this.#state = IN.SS3;
    else if (byte === 0x5d || byte === 0x50 || byte === 0x5f || byte === 0x5e) this.#state = IN.STRING;
    else if (byte === ESC) {
      // Either the key before another sequence, or Alt with it: the key is what people press.
      this.#emit('Escape');
    } else {
      this.#state = IN.TEXT;
      this.#alt = !this.pasting;
      this.#text(byte);
    }
  }

  /** @param {number} byte */
  #inSequence(byte) {
    if (this.#collected === '' && byte === 0x5b) this.#skipBytes(1);
    else if (this.#collected === '' && byte === 0x4d) this.#skipBytes(3);
    else if (byte >= 0x20 && byte <= 0x3f && this.#collected.length < SEQUENCE_MOST) {
      this.#collected += String.fromCharCode(byte);
    } else {
      this.#state = byte === ESC ? IN.ESCAPE : IN.TEXT;
      if (byte >= 0x40 && byte <= 0x7e) this.#sequence(this.#collected, String.fromCharCode(byte));
    }
  }

  /** F1..F5 of the Linux console, and the place of the mouse in X10's form. @param {number} count */
  #skipBytes(count) {
    this.#state = IN.SKIP;
    this.#skip = count;
  }

  /**
   * @param {string} parameters `NUMBER[:SHIFTED];MODIFIERS[:EVENT]`
   * @param {string} end
   */
  #sequence(parameters, end) {
    if (!/^[\d;:]*$/.test(parameters)) return;
    const numbers = parameters.split(';').map((part) => part.split(':').map(Number));
    const [[number = 0, shifted = 0], [modifier = 1, event = 1] = []] = numbers;
    if (end === '~' && (number === PASTE_BEGINS || number === PASTE_ENDS)) {
      this.pasting = number === PASTE_BEGINS;
      return;
    }
    if (event === RELEASE || this.pasting) return;
    const bits = Math.max(0, modifier - 1);
    const modifiers = { shift: !!(bits & 1), alt: !!(bits & 2), ctrl: !!(bits & 4), meta: !!(bits & 0x28) };
    if (end === 'Z') return this.#emit('Tab', { shift: true });
    if (end === 'u') return this.#number(modifiers.shift && shifted > 0 ? shifted : number, modifiers);
    // modifyOtherKeys: 27 ; modifiers ; code
    if (end === '~' && number === 27) return this.#number(numbers[2]?.[0] ?? 0, modifiers);
    const key = end === '~' ? BY_NUMBER.get(number) : BY_LETTER.get(end);
    if (key !== undefined) this.#emit(key, modifiers);
  }

  /** @param {number} code a code point, or kitty's number of a key @param {Partial<KeyPress>} modifiers */
  #number(code, modifiers) {
    const named = KITTY.get(code) ?? { 9: 'Tab', 13: 'Enter', 27: 'Escape', 127: 'Backspace' }[code];
    if (named !== undefined) return this.#emit(named, modifiers);
    const keypad = KITTY_CHARACTERS[code - KITTY_KEYPAD];
    if (keypad !== undefined) return this.#emit(keypad, modifiers);
    const known = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    if (!known || (code >= KITTY_PRIVATE[0] && code <= KITTY_PRIVATE[1])) return;
    const character = String.fromCodePoint(code);
    if (isCharacter(character)) this.#emit(character, modifiers);
  }

  /** @param {number} byte */
  #inSs3(byte) {
    const character = String.fromCharCode(byte);
    if (byte >= 0x30 && byte <= 0x39 && this.#collected.length < SEQUENCE_MOST) {
      this.#collected += character;
      return;
    }
    this.#state = byte === ESC ? IN.ESCAPE : IN.TEXT;
    const keypad = KEYPAD_CHARACTERS[KEYPAD.indexOf(character)];
    if (byte === ESC) return;
    if (character === 'M') this.#emit('Enter');
    else if (keypad !== undefined) this.#emit(keypad);
    else this.#sequence(this.#collected === '' ? '' : `1;${this.#collected}`, character);
  }

  /** An answer of the terminal to a question that somebody asked. @param {number} byte */
  #inString(byte) {
    if (this.#state === IN.STRING_ESCAPE) {
      this.#state = IN.TEXT;
      if (byte !== 0x5c) this.#afterEscape(byte);
      return;
    }
    this.#collected += ' ';
    if (byte === ESC) this.#state = IN.STRING_ESCAPE;
    else if (byte === 0x07 || this.#collected.length > STRING_MOST) this.#state = IN.TEXT;
  }
}
