/**
 * UTF-8 byte by byte, with the state kept between calls. A maximal part of a broken character is one U+FFFD, as the
 * decoders of browsers have it (Encoding standard, 8.1).
 */

const PENDING = -1;
const BROKEN = -2;
const INVALID = 0xfffd;

export class Utf8 {
  /** More bytes are needed. */
  static PENDING = PENDING;
  /** The bytes before were broken off: one U+FFFD; then this byte is to be taken again. */
  static BROKEN = BROKEN;
  static INVALID = INVALID;

  #needed = 0;
  #codePoint = 0;
  #low = 0x80;
  #high = 0xbf;

  get active() {
    return this.#needed > 0;
  }

  /** @returns {boolean} whether a character was broken off */
  reset() {
    const broken = this.#needed > 0;
    this.#needed = 0;
    this.#low = 0x80;
    this.#high = 0xbf;
    return broken;
  }

  /**
   * @param {number} byte from 0x80
   * @returns {number} a code point, PENDING or BROKEN
   */
  take(byte) {
    if (this.#needed === 0) return this.#lead(byte);
    if (byte < this.#low || byte > this.#high) {
      this.reset();
      return BROKEN;
    }
    this.#low = 0x80;
    this.#high = 0xbf;
    this.#codePoint = (this.#codePoint << 6) | (byte & 0x3f);
    return --this.#needed === 0 ? this.#codePoint : PENDING;
  }

  /** @param {number} byte */
  #lead(byte) {
    if (byte >= 0xc2 && byte <= 0xdf) {
      this.#needed = 1;
      this.#codePoint = byte & 0x1f;
    } else if (byte >= 0xe0 && byte <= 0xef) {
      this.#needed = 2;
      this.#codePoint = byte & 0xf;
      if (byte === 0xe0) this.#low = 0xa0;
      if (byte === 0xed) this.#high = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      this.#needed = 3;
      this.#codePoint = byte & 7;
      if (byte === 0xf0) this.#low = 0x90;
      if (byte === 0xf4) this.#high = 0x8f;
    } else {
      return INVALID;
    }
    return PENDING;
  }
}
