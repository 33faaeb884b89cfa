/**
 * Escape sequences in what a program prints (ECMA-48): all are skipped, but for SGR, which sets colours and attributes.
 * Strings (OSC, DCS and their kin) end at their terminator, at CAN or SUB, or after so many bytes: a stray one must not
 * swallow all that follows.
 */
import { ATTRIBUTE, COLOR, HIDDEN } from './layout.js';

const ESC = 0x1b;
const PARAMETERS = 32;
const PARAMETER_MOST = 0xffff;
const STRING_MOST = 4096;
/** SGR's number of it: cells have none, but what follows it are no attributes. */
const UNDERLINE_COLOR = 58;

const IN = Object.freeze({ NOTHING: 0, ESCAPE: 1, CHARSET: 2, SEQUENCE: 3, STRING: 4, STRING_ESCAPE: 5 });

/** Colours and attributes of what is printed next. */
export class Pen {
  /** The foreground's word of a cell. */
  foreground = 0;
  /** The background's word of a cell. */
  background = 0;

  reset() {
    this.foreground = 0;
    this.background = 0;
  }

  /** @param {number} color keeps the attributes */
  setForeground(color) {
    this.foreground = (this.foreground & ~COLOR_BITS) | color;
  }

  /** @param {number} color */
  setBackground(color) {
    this.background = (this.background & ~COLOR_BITS) | color;
  }
}
const COLOR_BITS = 0x3ffffff;

/** What a single number of SGR does to the foreground's word: bits to clear, bits to set. @type {Record<number, [number, number]>} */
const ATTRIBUTES = {
  1: [0, ATTRIBUTE.BOLD],
  2: [0, ATTRIBUTE.DIM],
  3: [0, ATTRIBUTE.ITALIC],
  4: [0, ATTRIBUTE.UNDERLINE],
  7: [0, ATTRIBUTE.INVERSE],
  9: [0, ATTRIBUTE.STRIKE],
  21: [0, ATTRIBUTE.UNDERLINE],
  22: [ATTRIBUTE.BOLD | ATTRIBUTE.DIM, 0],
  23: [ATTRIBUTE.ITALIC, 0],
  24: [ATTRIBUTE.UNDERLINE, 0],
  27: [ATTRIBUTE.INVERSE, 0],
  29: [ATTRIBUTE.STRIKE, 0],
};

export class Escapes {
  /** @type {number} */
  #state = IN.NOTHING;
  #pen;
  #numbers = new Int32Array(PARAMETERS);
  /** Whether a colon stood before the number: a part of the one before. */
  #isPart = new Uint8Array(PARAMETERS);
  #count = 0;
  /** A sequence with a private mark or an intermediate is never SGR. */
  #plain = true;
  #length = 0;

  /** @param {Pen} pen */
  constructor(pen) {
    this.#pen = pen;
  }

  get active() {
    return this.#state !== IN.NOTHING;
  }

  /** After ESC. */
  begin() {
    this.#state = IN.ESCAPE;
  }

  /**
   * The next byte while active.
   * @param {number} byte
   * @returns {boolean} false: the byte is none of the sequence's, and is to be handled as any other
   */
  take(byte) {
    if (byte === 0x18 || byte === 0x1a) {
      this.#state = IN.NOTHING;
      return true;
    }
    switch (this.#state) {
      case IN.STRING:
      case IN.STRING_ESCAPE:
        return this.#inString(byte);
      case IN.SEQUENCE:
        return this.#inSequence(byte);
      default:
        return this.#afterEscape(byte);
    }
  }

  /** @param {number} byte */
  #afterEscape(byte) {
    if (byte < 0x20) {
      if (byte === ESC) this.#state = IN.ESCAPE;
      return byte === ESC;
    }
    if (byte <= 0x2f) this.#state = IN.CHARSET;
    else if (this.#state === IN.CHARSET || byte >= 0x7f) this.#state = IN.NOTHING;
    else if (byte === 0x5b) this.#startSequence();
    else if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) this.#startString();
    else this.#state = IN.NOTHING;
    return byte < 0x80;
  }

  #startSequence() {
    this.#state = IN.SEQUENCE;
    this.#numbers[0] = 0;
    this.#isPart[0] = 0;
    this.#count = 1;
    this.#plain = true;
  }

  #startString() {
    this.#state = IN.STRING;
    this.#length = 0;
  }

  /** @param {number} byte */
  #inSequence(byte) {
    if (byte >= 0x30 && byte <= 0x39) {
      const number = this.#numbers[this.#count - 1] * 10 + byte - 0x30;
      this.#numbers[this.#count - 1] = number > PARAMETER_MOST ? PARAMETER_MOST : number;
    } else if (byte === 0x3b || byte === 0x3a) {
      if (this.#count === PARAMETERS) {
        this.#plain = false;
      } else {
        this.#numbers[this.#count] = 0;
        this.#isPart[this.#count++] = byte === 0x3a ? 1 : 0;
      }
    } else if (byte >= 0x40 && byte <= 0x7e) {
      this.#state = IN.NOTHING;
      if (byte === 0x6d && this.#plain) this.#applySgr();
    } else if (byte >= 0x20 && byte <= 0x3f) {
      this.#plain = false;
    } else if (byte === ESC) {
      this.#state = IN.ESCAPE;
    } else if (byte >= 0x80) {
      this.#state = IN.NOTHING;
      return false;
    } else {
      return byte === 0x7f;
    }
    return true;
  }

  /** @param {number} byte */
  #inString(byte) {
    if (this.#state === IN.STRING_ESCAPE) {
      this.#state = IN.NOTHING;
      if (byte === 0x5c) return true;
      this.#state = IN.ESCAPE;
      return this.#afterEscape(byte);
    }
    if (byte === ESC) this.#state = IN.STRING_ESCAPE;
    else if (byte === 0x07 || ++this.#length > STRING_MOST) this.#state = IN.NOTHING;
    return true;
  }

  #applySgr() {
    const numbers = this.#numbers;
    for (let at = 0; at < this.#count; at++) {
      const number = numbers[at];
      if (number === 38 || number === 48 || number === UNDERLINE_COLOR) at = this.#extendedColor(at, number);
      else if (this.#isPart[at]) continue;
      else if (number === 4 && this.#isPart[at + 1] && at + 1 < this.#count && numbers[at + 1] === 0) this.#apply(24);
      else this.#apply(number);
    }
  }

  /** @param {number} number */
  #apply(number) {
    const pen = this.#pen;
    const attribute = ATTRIBUTES[number];
    if (attribute) pen.foreground = (pen.foreground & ~attribute[0]) | attribute[1];
    else if (number === 0) pen.reset();
    else if (number === 8) pen.background |= HIDDEN;
    else if (number === 28) pen.background &= ~HIDDEN;
    else if (number >= 30 && number <= 37) pen.setForeground(COLOR.PALETTE | (number - 30));
    else if (number === 39) pen.setForeground(COLOR.DEFAULT);
    else if (number >= 40 && number <= 47) pen.setBackground(COLOR.PALETTE | (number - 40));
    else if (number === 49) pen.setBackground(COLOR.DEFAULT);
    else if (number >= 90 && number <= 97) pen.setForeground(COLOR.PALETTE | (number - 82));
    else if (number >= 100 && number <= 107) pen.setBackground(COLOR.PALETTE | (number - 92));
  }

  /**
   * `38;5;N`, `38;2;R;G;B`, and with colons, where the colour space may stand before R: `38:2::R:G:B`.
   * @param {number} at of the first number
   * @param {number} what that number: 38, 48, or 58, which is read and means nothing
   * @returns {number} the last number that belongs to it
   */
  #extendedColor(at, what) {
    const numbers = this.#numbers;
    const set = (/** @type {number} */ color) => {
      if (what === 38) this.#pen.setForeground(color);
      else if (what === 48) this.#pen.setBackground(color);
    };
    const withColons = at + 1 < this.#count && this.#isPart[at + 1] === 1;
    let parts = 0;
    while (withColons && at + parts + 1 < this.#count && this.#isPart[at + parts + 1]) parts++;
    const left = withColons ? parts : this.#count - at - 1;
    const kind = left > 0 ? numbers[at + 1] : 0;
    if (kind === 5 && left >= 2) {
      if (numbers[at + 2] < 256) set(COLOR.PALETTE | numbers[at + 2]);
      return withColons ? at + parts : at + 2;
    }
    if (kind === 2 && left >= 4) {
      const first = at + (withColons && parts >= 5 ? 3 : 2);
      const [red, green, blue] = [numbers[first], numbers[first + 1], numbers[first + 2]];
      if (red < 256 && green < 256 && blue < 256) set(COLOR.RGB | (red << 16) | (green << 8) | blue);
      return withColons ? at + parts : at + 4;
    }
    return withColons ? at + parts : this.#count;
  }
}
